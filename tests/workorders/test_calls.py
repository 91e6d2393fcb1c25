"""Orders of calls on residents: filled in from the call, linked both ways, never twice unless that is said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.calls.controller import calls_page
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service.calls import remove_call, save_call
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed
from fuyuan_desk.estates.facts.houses import BuildingFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import buildings, households, units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.workorders.controller.call import CallOrders
from fuyuan_desk.workorders.controller.orders import OrdersController
from fuyuan_desk.workorders.service import acts, detail, making, of_calls
from tests.screen import button, texts
from tests.workorders.conftest import NOW, Office
from tests.workorders.test_page import Settled, dialog, submit


@pytest.fixture
def call(office: Office) -> int:
    """A call yesterday afternoon on the holder of a home, whose lamp is to be mended."""
    house = buildings.save_building(office.seat, BuildingFields("3号楼", estate_id=office.lane)).id
    home = units.save_unit(office.seat, UnitFields(house, label="501室")).id
    held = households.save_household(office.seat, home, HouseholdFields("蔡兰刚", phones=("13812340011",))).id
    return save_call(
        office.seat,
        CallFields(
            NOW.date() - timedelta(days=1), "01:30", resident=Called(home, held).key, staff="陈静怡",
            said="老伴住院", follow_up="楼道灯不亮\n晚上看不见路",
        ),
    ).id  # fmt: skip


def test_an_order_is_filled_with_what_the_call_says(office: Office, call: int) -> None:
    known, is_timed = of_calls.order_of_call(office.seat, call)
    assert is_timed
    assert (known.title, known.place, known.source) == ("楼道灯不亮", "3号楼501室", "call")
    assert (known.reporter, known.reporter_phone) == ("蔡兰刚", "13812340011")
    assert known.description == "楼道灯不亮\n晚上看不见路"
    assert "住院" not in repr(known)  # an order is handed to others
    made = making.make_order(office.seat, known)
    assert made.origin is not None
    assert (made.origin.kind, made.origin.id) == ("call", call)
    assert [one.number for one in of_calls.orders_of_call(office.seat, call)] == [made.number]


def test_a_property_company_sees_nothing_of_the_call(
    office: Office, call: int, seat_as: Callable[[Role], Seat]
) -> None:
    made = making.make_order(office.seat, of_calls.order_of_call(office.seat, call)[0])
    company = seat_as(Role.PROPERTY)
    own = replace(company, operator=replace(company.operator, estates=frozenset({office.lane})))
    assert detail.order_detail(own, made.id).origin is None
    with pytest.raises(NotAllowed):
        of_calls.orders_of_call(own, call)


def test_a_call_yields_a_second_order_only_if_that_is_said(office: Office, call: int) -> None:
    known, _is_timed = of_calls.order_of_call(office.seat, call)
    first = making.make_order(office.seat, known)
    with pytest.raises(InvalidInput, match=first.number) as refusal:
        making.make_order(office.seat, known)
    assert set(refusal.value.fields) == {"another"}
    second = making.make_order(office.seat, type(known)(**{**vars(known), "another": True}))
    assert [one.id for one in of_calls.orders_of_call(office.seat, call)] == [first.id, second.id]
    for one in (first, second):
        acts.cancel(office.seat, one.id, None, "开错了")
    assert of_calls.orders_of_call(office.seat, call) == ()
    making.make_order(office.seat, known)


def test_a_call_without_a_home_and_a_time_leaves_them_open(office: Office) -> None:
    told = CallFields(NOW.date() - timedelta(days=1), staff="陈静怡", estate_id=office.lane)
    known, is_timed = of_calls.order_of_call(office.seat, save_call(office.seat, told).id)
    assert (known.title, known.place, known.reporter, is_timed) == ("", "", "", False)


def test_an_order_whose_call_was_removed_says_so(office: Office, call: int) -> None:
    made = making.make_order(office.seat, of_calls.order_of_call(office.seat, call)[0])
    remove_call(office.seat, call)
    origin = detail.order_detail(office.seat, made.id).origin
    assert origin is not None
    assert origin.id is None


def test_no_order_is_made_of_a_call_that_was_removed_meanwhile(office: Office, call: int) -> None:
    known, _is_timed = of_calls.order_of_call(office.seat, call)
    remove_call(office.seat, call)
    with pytest.raises(Conflict, match="removed meanwhile"):
        making.make_order(office.seat, known)


def test_a_button_on_the_page_of_calls_makes_the_order_and_leads_to_it(
    desk: Desk, page: OrdersController, call: int, front: Callable[[QWidget], None], settled: Settled
) -> None:
    book = calls_page(desk, None)
    opened: list[int] = []
    orders = CallOrders(desk, book, opened.append)
    orders.order_requested.connect(page.make_order_of_call)
    front(book.view)
    book.open_record(call)
    settled()
    button(book.view, "Make a work order …").click()
    settled()
    assert any("stays with the call" in text for text in texts(dialog()))
    submit(settled)
    assert page.shown_record == ("order", 1)
    assert button(page.order.related, "2026-03-10 Called on").isVisible()
    button(book.view, "Work order PD2026-0001: To be dispatched").click()
    assert opened == [1]
    orders.make_button.click()
    settled()
    submit(settled)
    assert any("made of this already" in text for text in texts(dialog()))
    submit(settled, another=True)
    assert page.shown_record == ("order", 2)
