"""Orders of a call on a resident, on the page of calls: one button makes one, a link leads to the last one made."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.rules.places import PlaceOrder
from fuyuan_desk.workorders.service.making import make_order
from fuyuan_desk.workorders.service.of_calls import orders_of_call

TABLES = frozenset({"work_order"})


class CallOrders(QObject):
    """Two buttons beside the form of a call: `page` is the book of calls; `order_requested` carries the call's key."""

    order_requested = Signal(int)

    def __init__(self, desk: Desk, page: Any, open_order: Callable[[int], object]) -> None:
        super().__init__(page.view)
        self._desk = desk
        self._page = page
        self._open = open_order
        self._call: int | None = None
        self._orders: tuple[PlaceOrder, ...] = ()
        self.make_button = button(_("Make a work &order …"), self._make, picture="add")
        self.order_button = button("", self._show, role="link")
        page.view.add_act(self.order_button)
        if desk.may(make_order):
            page.view.add_act(self.make_button)
        page.record_shown.connect(self._show_for)
        desk.changes.connect(self._on_changes)

    def _show_for(self, call_id: int) -> None:
        self._call = call_id
        self._say(())
        self._read()

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & TABLES and self._call is not None:
            self._read()

    def _read(self) -> None:
        asked = self._call

        def done(orders: tuple[PlaceOrder, ...]) -> None:
            if asked == self._call:
                self._say(orders)

        self._desk.run(
            orders_of_call, asked, done=done, failed=lambda _gone: self._say(()), owner=self._page.view
        )

    def _say(self, orders: tuple[PlaceOrder, ...]) -> None:
        self._orders = orders
        self.order_button.setVisible(bool(orders))
        if orders:
            last = orders[-1]
            text = _("Work order {number}: {state}")
            self.order_button.setText(
                text.format(number=last.number, state=name_of(OrderStatus, last.status))
            )
            self.order_button.setToolTip("\n".join(f"{one.number} {one.title}" for one in orders))

    def _make(self) -> None:
        shown = self._page.shown_record
        if shown is not None:
            self._page.leave(lambda: self.order_requested.emit(shown[1]))

    def _show(self) -> None:
        if self._orders:
            key = self._orders[-1].id
            self._page.leave(lambda: self._open(key))
