"""What was closed and did not hold is reopened, later followed by another order; holidays not published yet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second, SecondNeeded
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.service.contracts import save_contract
from fuyuan_desk.core.calendar import Calendar, Year, shipped
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed
from fuyuan_desk.inspections.records import VisitResult
from fuyuan_desk.inspections.rules.visits import Result
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, Told, WorkDone
from fuyuan_desk.workorders.rules.escalation import Level
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import acts, detail, making, orders, waiting
from tests.conftest import PASSWORD
from tests.workorders.conftest import NOW, Office, log_failures, new_order


def seconded(seat: Seat) -> Seat:
    return replace(seat, second=Second("reviewer", PASSWORD))


@pytest.fixture
def closed(office: Office) -> OrderDetail:
    """An order that was completed two hours after it was reported."""
    made = making.make_order(office.seat, new_order(office)).id
    acts.dispatch(office.seat, made, None, Assignment(office.company, "何斌"))
    acts.accept(office.seat, made)
    acts.begin(office.seat, made)
    acts.finish(office.after(hours=2), made, None, WorkDone(NOW + timedelta(hours=1), "何斌", "换了灯泡"))
    return acts.verify(office.after(hours=2), made, None, "陈静怡", "亮了")


def test_a_closed_order_is_reopened_with_a_second_person_and_nothing_is_lost(
    office: Office, closed: OrderDetail
) -> None:
    later = office.after(days=20)
    with pytest.raises(SecondNeeded):
        acts.reopen(later, closed.id, closed.version, "又不亮了")
    with pytest.raises(InvalidInput):
        acts.reopen(seconded(later), closed.id, closed.version, " ")
    again = acts.reopen(seconded(later), closed.id, closed.version, "又不亮了")
    assert (again.status, again.reopened) == (OrderStatus.DISPATCHED, 1)
    assert (again.done_at, again.verified_at) == (None, None)
    told = " ".join(f"{event.detail} {event.reason}" for event in again.events)
    for kept in (
        "何斌",
        "换了灯泡",
        f"done {NOW + timedelta(hours=1):%m-%d %H:%M}",
        "陈静怡",
        "亮了",
        "又不亮了",
    ):
        assert kept in told
    # its clock starts anew: three working days from Tuesday
    assert again.due_at == datetime.fromisoformat("2026-04-03T18:00:00").astimezone()
    acts.accept(later, closed.id)


def test_the_clock_of_a_reopened_order_does_not_know_what_was_before(
    office: Office, closed: OrderDetail
) -> None:
    acts.reopen(seconded(office.after(days=20)), closed.id, None, "又不亮了")
    with pytest.raises(Conflict):  # a second window
        acts.reopen(seconded(office.after(days=20)), closed.id, closed.version, "又不亮了")
    acts.accept(office.after(days=20), closed.id)
    acts.begin(office.after(days=20), closed.id)
    with pytest.raises(InvalidInput) as refusal:
        acts.finish(office.after(days=21), closed.id, None, WorkDone(NOW + timedelta(days=2), "何斌"))
    assert set(refusal.value.fields) == {"at"}


def test_who_was_told_before_is_told_again_of_the_new_deadline(office: Office, closed: OrderDetail) -> None:
    urgent = making.make_order(office.seat, new_order(office, severity="urgent"))
    for hours, level in ((1, "street"), (3, "manager")):  # who hears of it before it is due hears of no delay
        told = Told(level, "于经理", NOW + timedelta(hours=hours), "telephone")
        acts.record_told(office.after(hours=hours), urgent.id, told)
    tell = detail.order_detail(office.after(hours=90), urgent.id).tell
    assert tell is not None
    assert tell.level is Level.COMMITTEE
    ladder = detail.order_detail(office.after(hours=90), urgent.id).ladder
    assert [(step.level, step.told is not None) for step in ladder] == [
        (level, level is Level.MANAGER) for level in Level
    ]
    acts.reopen(seconded(office.after(days=9)), closed.id, None, "又不亮了")
    assert all(step.told is None for step in detail.order_detail(office.after(days=9), closed.id).ladder)


def test_an_order_of_an_organisation_that_left_is_to_be_dispatched(
    office: Office, closed: OrderDetail
) -> None:
    day = office.seat.today()
    save_contract(
        office.seat,
        ContractFields(
            estate_id=office.lane, organisation_id=office.company, kind="property",
            starts_on=day - timedelta(days=400), ends_on=day - timedelta(days=10),
        ),
    )  # fmt: skip
    again = acts.reopen(seconded(office.seat), closed.id, None, "又不亮了")
    assert again.status is OrderStatus.TO_DISPATCH


def test_after_a_while_another_order_follows(office: Office, closed: OrderDetail) -> None:
    late = office.after(days=31)
    with pytest.raises(Conflict, match="can be reopened until"):
        acts.reopen(seconded(late), closed.id, None, "又不亮了")
    new = new_order(office, begun_at=late.now(), follows=closed.id)
    with pytest.raises(InvalidInput) as refusal:
        making.make_order(late, replace(new, estate_id=office.tower))
    assert set(refusal.value.fields) == {"estate_id"}
    made = making.make_order(late, new)
    assert made.follows == (closed.id, closed.number)
    assert detail.order_detail(late, closed.id).followed_by == ((made.id, made.number),)
    with pytest.raises(Conflict):  # that one is open
        making.make_order(late, replace(new, follows=made.id))
    # a follower is no part of the closed one: it is changed without a second person
    assert acts.pause(late, made.id, made.version, "等配件").status is OrderStatus.PAUSED


def test_a_property_company_does_not_reopen(
    office: Office, closed: OrderDetail, seat_as: Callable[[Role], Seat]
) -> None:
    with pytest.raises(NotAllowed):
        acts.reopen(seat_as(Role.PROPERTY), closed.id, None, "又不亮了")


# --- holidays not published yet


def test_a_deadline_in_a_year_without_arrangement_may_move(office: Office) -> None:
    year = next(table.year for table in shipped().years.values() if not table.is_arranged)
    now = office.at(datetime(year, 3, 10, 10).astimezone())
    made = making.make_order(now, new_order(office, begun_at=now.now()))
    assert made.unsettled_year == year
    urgent = making.make_order(now, new_order(office, begun_at=now.now(), severity="urgent"))
    assert urgent.unsettled_year is None
    listed = {line.id: line.extra.get("unsettled") for line in orders.list_orders(now).rows}
    assert listed == {made.id: year, urgent.id: None}
    assert making.make_order(office.seat, new_order(office)).unsettled_year is None


@pytest.mark.parametrize(
    ("first", "last", "found"), [(2026, 2026, None), (2026, 2027, 2027), (2025, 2029, 2027)]
)
def test_only_a_year_with_a_table_and_without_arrangement_is_unsettled(
    first: int, last: int, found: int | None
) -> None:
    calendar = Calendar({2026: Year(2026, "", {}), 2027: Year(2027, "", {}, is_arranged=False)})
    assert calendar.unsettled_year(date(first, 6, 1), date(last, 6, 1)) == found


# --- what changes under an order


def test_a_finding_that_was_corrected_stays_and_is_told(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物", 2: "灯坏"})
    ids = tuple(row.id for row in waiting.findings_without_order(office.seat))
    made = making.make_order(office.seat, new_order(office, source="finding", findings=ids))
    with office.seat.store.use() as session:
        session.get_one(VisitResult, ids[0]).result = Result.PASS
        session.commit()
    shown = detail.order_detail(office.seat, made.id)
    assert {one.item.id: one.is_withdrawn for one in shown.findings} == {ids[0]: True, ids[1]: False}


def test_a_clock_that_was_set_back_makes_no_time_run_backwards(office: Office) -> None:
    made = making.make_order(office.seat, new_order(office, severity="urgent"))
    acts.pause(office.after(hours=1), made.id, None, "等配件")
    back = acts.resume(office.after(minutes=10), made.id)
    assert back.due_at == NOW + timedelta(hours=2)
    again = acts.pause(office.after(minutes=20), made.id, None, "等配件")
    assert again.events[-1].detail == back.events[-1].detail
