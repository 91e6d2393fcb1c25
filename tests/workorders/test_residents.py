"""What those who may not reveal, and the paper, are told of an order: no resident."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit
from fuyuan_desk.estates.facts.houses import BuildingFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import buildings, households, units
from fuyuan_desk.inspections.service import photos as visit_photos
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.reports.facts import NotDoneOf
from fuyuan_desk.reports.service.not_done import not_done_for_print
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, WorkDone
from fuyuan_desk.workorders.service import acts, detail, making, orders, photos, places, sheet_data, waiting
from fuyuan_desk.workorders.service.dues import tasks
from tests.workorders.conftest import NOW, Office, log_failures, new_order
from tests.workorders.test_photos import photo

TITLE = "蔡兰刚 １３９１１１１２２２２ 家漏水，座机 62093705"
MASKED = "蔡* 139****2222 家漏水，座机 620****3705"


@permit(*EVERYONE)
def told_and_found(seat: Seat, order_id: int) -> tuple[list[str], str]:
    """Return the tasks of today, and how the search shows an order."""
    with seat.reading() as session:
        told = [task.title + task.detail for task in tasks(session, seat.today())]
        return told, " ".join(orders.outlines(session, [order_id])[order_id])


@pytest.fixture
def order(office: Office) -> OrderDetail:
    """An order whose title was filled from the first line of a call."""
    return making.make_order(
        office.seat, new_order(office, title=TITLE, description=TITLE, reporter="蔡兰刚")
    )


MASKED_ROLES = (Role.VIEWER, Role.PROPERTY)
REVEALING_ROLES = (Role.ADMIN, Role.CLERK, Role.REVIEWER)


@pytest.fixture
def reader(office: Office, seat_as: Callable[[Role], Seat]) -> Callable[[Role], Seat]:
    """Return the seat of a role at `NOW`; the property company is that of the first estate."""

    def seat_of(role: Role) -> Seat:
        seat = seat_as(role)
        estates = frozenset({office.lane}) if role is Role.PROPERTY else None
        return replace(seat, operator=replace(seat.operator, estates=estates), now=office.seat.now)

    return seat_of


@pytest.fixture
def told(office: Office) -> OrderDetail:
    """An order of a finding that names, in all its texts, who reported it."""
    visit = log_failures(office.seat, office.lane, {0: TITLE})
    visit_photos.add_photos(office.seat, visit.id, (photo("red"),))
    visit_photos.caption_photo(office.seat, visit_detail(office.seat, visit.id).photos[0].id, TITLE)
    [found] = waiting.findings_without_order(office.seat)
    asked = new_order(
        office,
        title=TITLE,
        description=TITLE,
        place=TITLE,
        reporter="蔡兰刚",
        source="finding",
        findings=(found.id,),
    )
    made = making.make_order(office.seat, asked)
    [after] = photos.add_after(office.seat, made.id, (photo("green"),))
    photos.caption_order_photo(office.seat, after, TITLE)
    acts.pause(office.seat, made.id, None, TITLE)
    acts.resume(office.seat, made.id)
    acts.dispatch(office.seat, made.id, None, Assignment(office.company, "何斌", "", TITLE))
    acts.accept(office.seat, made.id)
    acts.begin(office.seat, made.id)
    acts.finish(office.seat, made.id, None, WorkDone(NOW, "何斌", TITLE))
    return acts.verify(office.seat, made.id, None, "陈静怡", TITLE)


def texts_of(read: OrderDetail) -> list[str]:
    return [
        read.title, read.description, read.place, read.done_note, read.verified_note,
        read.findings[0].item.remark, *(text for _key, text in (*read.before, *read.after)),
        *(event.reason for event in read.events if event.reason),
    ]  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_an_order_names_its_resident_to_those_who_may_reveal(
    told: OrderDetail, reader: Callable[[Role], Seat], role: Role
) -> None:
    read = texts_of(detail.order_detail(reader(role), told.id))
    assert len(read) == 12
    assert set(read) == {TITLE if role in REVEALING_ROLES else MASKED}


@pytest.mark.parametrize("role", Role)
def test_no_paper_names_a_resident(told: OrderDetail, reader: Callable[[Role], Seat], role: Role) -> None:
    seat = reader(role)
    [paper] = sheet_data.order_papers(seat, [told.id]).sheets
    assert {paper.title, paper.description, paper.place, paper.findings[0].remark} == {MASKED}
    assert {one.caption for one in (*paper.before, *paper.after)} == {MASKED}
    listed = orders.orders_for_print(seat, BookQuery())
    assert listed.masked
    assert (str(listed).count(MASKED), str(listed).count("蔡兰刚")) == (2, 0)  # title and place


@pytest.mark.parametrize("role", REVEALING_ROLES)
def test_an_export_names_no_resident(told: OrderDetail, reader: Callable[[Role], Seat], role: Role) -> None:
    export = orders.orders_for_export(reader(role), ExportOrder("督办", "街道办"), BookQuery())
    assert [(line.fields.title, line.fields.place) for line in export.rows] == [(MASKED, MASKED)]


def test_what_is_not_done_names_no_resident(office: Office, order: OrderDetail) -> None:
    changed = new_order(office, title=TITLE, place=TITLE, reporter="蔡兰刚")
    making.edit_order(office.seat, order.id, None, changed)
    (listed,) = not_done_for_print(office.seat, NotDoneOf(office.seat.today(), office.lane)).orders
    assert (listed.title, listed.place) == (MASKED, MASKED)


def test_a_finding_names_no_resident_of_the_register(office: Office, reader: Callable[[Role], Seat]) -> None:
    house = buildings.save_building(office.seat, BuildingFields("3号楼", estate_id=office.lane)).id
    home = units.save_unit(office.seat, UnitFields(house, label="501室")).id
    households.save_household(office.seat, home, HouseholdFields("蔡兰刚"))
    log_failures(office.seat, office.lane, {0: TITLE})
    for role in Role:
        [found] = waiting.findings_without_order(reader(role))
        assert found.finding.item.remark == (TITLE if role in REVEALING_ROLES else MASKED)
    made = making.make_order(office.seat, new_order(office, title=TITLE, findings=(found.id,)))
    assert made.title == TITLE
    [paper] = sheet_data.order_papers(office.seat, [made.id]).sheets
    assert (paper.title, paper.findings[0].remark) == (MASKED, MASKED)
    assert orders.list_orders(reader(Role.VIEWER)).rows[0].fields.title == MASKED


@pytest.mark.parametrize("role", MASKED_ROLES)
def test_whoever_may_not_reveal_reads_of_no_resident_anywhere(
    office: Office, order: OrderDetail, reader: Callable[[Role], Seat], role: Role
) -> None:
    other = making.make_order(office.seat, new_order(office, title="门坏"))

    def read(seat: Seat) -> list[str]:
        told, hit = told_and_found(seat, order.id)
        listed = next(row for row in orders.list_orders(seat).rows if row.id == order.id)
        return [
            listed.fields.title,
            hit,
            *(text for text in told if order.number in text),
            next(one.text for one in orders.orders_to_merge_into(seat, other.id) if one.id == order.id),
            next(
                one.title
                for one in places.orders_here(seat, office.lane, "3号楼").first
                if one.id == order.id
            ),
            next(one.title for one in detail.order_detail(seat, other.id).at_place if one.id == order.id),
        ]

    own, others = read(office.seat), read(reader(role))
    assert len(own) == len(others) == 6
    assert all(TITLE in text for text in own)
    assert all(MASKED in text and "蔡兰刚" not in text for text in others)


def test_the_form_of_an_order_that_nobody_reported_reveals_nothing(
    office: Office, order: OrderDetail
) -> None:
    def revealed() -> int:
        with office.seat.store.sessions() as session:
            query = select(func.count(AuditEntry.id)).where(AuditEntry.action == "reveal")
            return session.scalar(query) or 0

    making.order_for_edit(office.seat, making.make_order(office.seat, new_order(office)).id)
    assert revealed() == 0
    making.order_for_edit(office.seat, order.id)
    assert revealed() == 1
