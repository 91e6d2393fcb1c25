"""What a property company and the paper are told of an order: no resident."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.reports.facts import NotDoneOf
from fuyuan_desk.reports.service.not_done import not_done_for_print
from fuyuan_desk.workorders.facts import OrderDetail
from fuyuan_desk.workorders.rules.residents import without_residents
from fuyuan_desk.workorders.service import acts, detail, making, orders, places, sheet_data, waiting
from fuyuan_desk.workorders.service.dues import tasks
from tests.workorders.conftest import Office, log_failures, new_order

TITLE = "蔡兰刚 １３９１１１１２２２２ 家漏水，座机 62093705"
MASKED = "蔡* 139****2222 家漏水，座机 620****3705"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王小明 13911112222 说三楼灯坏", "王* 139****2222 说三楼灯坏"),
        ("身份证 310101199001011234", "身份证 310101********1234"),
        ("身份证３１０１０１１９９００１０１１２３Ｘ", "身份证310101********123X"),
        ("１３９１１１１２２２２", "139****2222"),
        ("139 1111 2222、139-1111-2222", "139****2222、139****2222"),
        ("+8613911112222，86-13911112222", "139****2222，139****2222"),
        ("021-62093705 021－62093705 (021)62093705 （021）6209 3705", " ".join(["021-****3705"] * 4)),
        ("02162093705", "021-****3705"),
        ("0571-88123456", "057****3456"),
        ("座机62093705转801", "座机620****3705转801"),
        ("座机 6209 3705", "座机 620****3705"),
        ("021-12345678 回电", "021-****5678 回电"),
        ("表号 20260311", "表号 20260311"),
        ("接 PD2026-000123，设备 DT-62093705，3号2201室", "接 PD2026-000123，设备 DT-62093705，3号2201室"),
        ("（三楼）限 2026-03-11 18:00", "（三楼）限 2026-03-11 18:00"),
        ("维保 4008123123", "维保 4008123123"),
    ],
)
def test_a_text_names_no_resident(text: str, shown: str) -> None:
    assert without_residents(text, "王小明", "021-12345678") == shown


@given(
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    wide=st.booleans(),
    around=st.text("说家，。 王", max_size=9),
)
def test_no_mobile_is_left_however_it_is_typed(number: str, wide: bool, around: str) -> None:
    typed = number.translate({ord(str(n)): ord("０") + n for n in range(10)}) if wide else number
    assert number not in without_residents(f"{around}{typed}{around}", "", "")


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


def test_the_paper_names_no_resident(office: Office, order: OrderDetail) -> None:
    sheet = sheet_data.order_papers(office.seat, [order.id]).sheets[0]
    assert (sheet.title, sheet.description) == (MASKED, MASKED)
    (listed,) = not_done_for_print(office.seat, NotDoneOf(office.seat.today(), office.lane)).orders
    assert listed.title == MASKED


def test_remarks_and_reasons_name_no_resident(office: Office, seat_as: Callable[[Role], Seat]) -> None:
    log_failures(office.seat, office.lane, {0: TITLE})
    [found] = waiting.findings_without_order(office.seat)
    asked = new_order(office, reporter="蔡兰刚", source="finding", findings=(found.id,))
    made = making.make_order(office.seat, asked)
    acts.pause(office.seat, made.id, None, TITLE)
    role = seat_as(Role.PROPERTY)
    company = replace(role, operator=replace(role.operator, estates=frozenset({office.lane})))
    for seat, shown in ((office.seat, TITLE), (company, MASKED)):
        read = detail.order_detail(seat, made.id)
        assert (read.findings[0].item.remark, read.events[-1].reason) == (shown, shown)
        [paper] = sheet_data.order_papers(seat, [made.id]).sheets
        assert paper.findings[0].remark == MASKED


def test_a_property_company_reads_of_no_resident(
    office: Office, order: OrderDetail, seat_as: Callable[[Role], Seat]
) -> None:
    role = seat_as(Role.PROPERTY)
    operator = replace(role.operator, estates=frozenset({office.lane}))
    company = replace(role, operator=operator, now=office.seat.now)
    other = making.make_order(office.seat, new_order(office, title="门坏"))

    def read(seat: Seat) -> list[str]:
        told, hit = told_and_found(seat, order.id)
        listed = next(row for row in orders.list_orders(seat).rows if row.id == order.id)
        paper = orders.orders_for_print(seat, BookQuery())
        return [
            listed.fields.title,
            str(paper),
            hit,
            *(text for text in told if order.number in text),
            next(one.text for one in orders.orders_to_merge_into(seat, other.id) if one.id == order.id),
            next(
                one.title
                for one in places.orders_here(seat, office.lane, "3号楼").first
                if one.id == order.id
            ),
            next(one.title for one in detail.order_detail(seat, other.id).at_place if one.id == order.id),
            detail.order_detail(seat, order.id).title,
            detail.order_detail(seat, order.id).description,
        ]

    own, company_reads = read(office.seat), read(company)
    assert len(own) == len(company_reads) == 9
    assert all(TITLE in text for text in own)
    assert all(MASKED in text and "蔡兰刚" not in text for text in company_reads)
