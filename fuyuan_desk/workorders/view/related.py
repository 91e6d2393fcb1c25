"""What an order has to do with others: of what it was made, what it follows, and what was ordered at its place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import Card
from fuyuan_desk.workorders.facts import OrderDetail
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.rules.places import repeated_text

_MOST = 6


class RelatedOrders(Card):
    """Lists what leads elsewhere; hidden if there is nothing. `requested` carries kind and key of a record."""

    requested = Signal(str, int)

    def __init__(self) -> None:
        super().__init__(_("Belongs together"))
        self.body.setSpacing(2)

    def show_order(self, order: OrderDetail) -> None:
        """Show what belongs to an order."""
        clear(self.body)
        if order.origin is not None and order.origin.id is not None:
            self._add(order.origin.text, order.origin.kind, order.origin.id)
        if order.follows is not None:
            key, number = order.follows
            self._add(_("Follows {number}").format(number=number), "order", key)
        for key, number in order.followed_by:
            self._add(_("Followed by {number}").format(number=number), "order", key)
        if order.at_place:
            self.body.addWidget(labels.label(repeated_text(order.at_place), "strong"))
        for one in order.at_place[:_MOST]:
            state = name_of(OrderStatus, one.status)
            self._add(f"{one.number} {one.title} · {state}", "order", one.id)
        self.setVisible(self.body.count() > 0)

    def _add(self, text: str, kind: str, key: int) -> None:
        link = button(text, lambda: self.requested.emit(kind, key), role="link")
        self.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)


def clear(layout: QLayout) -> None:
    """Remove all widgets of a layout."""
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
