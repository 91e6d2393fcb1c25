"""What became of the failed items of a visit, on the page of the visit."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.workorders.service import waiting
from fuyuan_desk.workorders.service.making import make_order

FINDINGS = frozenset({"work_order", "order_finding"})


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
