"""An order is overdue from the minute of its deadline on: in the list, in its filter, and on the page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from fuyuan_desk.core import periods
from fuyuan_desk.core.periods import Period
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.workorders.book import order_book
from fuyuan_desk.workorders.controller.orders import OrdersController
from fuyuan_desk.workorders.service import acts, making, orders
from tests.workorders.conftest import NOW, Office, new_order

OVERDUE = BookQuery(facets={"due_on": periods.days_of(Period.OVERDUE, NOW.date())})


def _marks(office: Office, **after: float) -> list[tuple[str, str] | None]:
    seat = office.after(**after)
    book = order_book()
    mark = book.part("due_on").mark
    assert mark is not None
    found = (mark(line, seat.today()) for line in orders.list_orders(seat).rows)
    return [None if one is None else (one.tone, one.icon) for one in found]


def test_an_order_of_hours_is_overdue_from_its_minute_on(office: Office) -> None:
    urgent = making.make_order(office.seat, new_order(office, severity="urgent"))
    making.make_order(office.seat, new_order(office))
    assert urgent.due_at is not None
    hours = (urgent.due_at - NOW) / timedelta(hours=1)
    assert 0 < hours < 12  # within the day
    before, after = office.after(hours=hours, minutes=-1), office.after(hours=hours, minutes=1)
    assert orders.list_orders(before, OVERDUE).rows == ()
    assert [row.id for row in orders.list_orders(after, OVERDUE).rows] == [urgent.id]
    paper = orders.orders_for_print(after, OVERDUE)
    assert paper.rows
    assert [value for _name, value in paper.chosen] == ["逾期"]
    assert _marks(office, hours=hours, minutes=-1) == [None, ("warn", "calendar")]
    assert _marks(office, hours=hours, minutes=1) == [None, ("error", "calendar")]
    # days that are typed mean whole days
    typed = BookQuery(facets={"due_on": (None, NOW.date() - timedelta(days=1))})
    assert orders.list_orders(after, typed).rows == ()


def test_an_order_on_hold_is_not_overdue_in_the_list(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office, severity="urgent"))
    acts.pause(office.seat, order.id, None, "等配件")
    assert orders.list_orders(office.after(days=3), OVERDUE).rows == ()
    assert _marks(office, days=3) == [None]


@pytest.fixture
def due_soon(office: Office) -> None:
    """An order that is due today."""
    making.make_order(office.seat, new_order(office, severity="urgent"))


def test_the_list_in_sight_is_read_again(
    due_soon: None, page: OrdersController, desk: Desk, office: Office, settled: Callable[[], None]
) -> None:
    def mark() -> object:
        (row,) = [page.list.table.model.row(number) for number in range(page.list.table.model.total)]
        return row.extra["overdue"]

    assert mark() is False
    desk.attach_seat(replace(office.seat, now=lambda: NOW + timedelta(hours=9)))
    page.look_again()
    settled()
    assert mark() is True
