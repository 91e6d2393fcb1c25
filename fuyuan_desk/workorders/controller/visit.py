"""What became of the failed items of a visit, on the page of the visit."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.rules.places import RecordedPlace
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import places, waiting
from fuyuan_desk.workorders.service.making import make_order

FINDINGS = frozenset({"work_order", "order_finding"})


def told_of_place(seat: Seat, estate_id: int, place: RecordedPlace) -> str:
    """Return which orders there were in the last year where a visit is made, and which are open; runs on the worker."""
    found = places.orders_here(seat, estate_id, place.text, key=place.key)
    if not found.count:
        return ""
    count = numbered(
        found.count, N_("{n} work order here in the last year"), N_("{n} work orders here in the last year")
    )
    named = (f"{one.number} {one.title} · {name_of(OrderStatus, one.status)}" for one in found.first)
    return _("{what}: {numbers}").format(what=count, numbers=_("; ").join(named))


class VisitOrders(QObject):
    """Names the order of each failed item of the visit that `page` shows, and leads there.

    `order_requested` carries the key of a failed item of which an order is to be made.
    """

    order_requested = Signal(int)

    def __init__(self, desk: Desk, page: Any, open_order: Callable[[int], object]) -> None:
        super().__init__(page)
        self._may_write = desk.may(make_order)
        self._open = open_order
        self._orders: Mapping[str, tuple[int, str]] = {}
        self._waiting: Mapping[str, int] = {}
        page.detail.handling_requested.connect(self._on_requested)

    def handled(self, seat: Seat, visit_id: int) -> Mapping[str, str]:
        """Return what became of the failed items of a visit, by item; runs on the worker."""
        found = waiting.visit_findings(seat, visit_id)
        self._orders = found.orders
        self._waiting = found.waiting if self._may_write else {}
        named = {
            item: _("Work order {number}").format(number=number)
            for item, (_id, number) in found.orders.items()
        }
        return {**named, **dict.fromkeys(self._waiting, _("Make a work order"))}

    def _on_requested(self, item: str) -> None:
        if item in self._orders:
            self._open(self._orders[item][0])
        elif item in self._waiting:
            self.order_requested.emit(self._waiting[item])
