"""The head of a case: number, address, states, and its acts, of which one is filled and always in sight."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.course import Offer
from fuyuan_desk.kit.course_view import ActBar
from fuyuan_desk.renovation.rules.course import COURSE
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import label

_SPACING = 8


class _Room(Enum):
    """How the acts stand: all beside the number; the filled one and a menu there; these two below it."""

    ALL = "all"
    MENU = "menu"
    BELOW = "below"


class CaseHead(QWidget):
    """Shows what a case is and the acts that are offered; where there is no room, all but the filled one in a menu.

    `back_requested`, `print_menu_requested`: the buttons at the left and of printing.
    """

    back_requested = Signal()
    print_menu_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._offers: Sequence[Offer] = ()
        self._room: _Room | None = None
        self.back = icon_button("back", _("Back to all renovations"), self.back_requested.emit)
        self.title = label("", "title", selectable=True)
        self.address = label("", "muted", wrap=True, selectable=True)
        self.status = ChipLabel()
        self.verdict = ChipLabel()
        self.print_button = button(_("&Print"), self.print_menu_requested.emit, picture="print")
        self.acts = ActBar(COURSE)
        self.more = button(_("Mo&re"), self._open_more)
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(_SPACING)
        bar.addStretch(1)
        for part in (self.print_button, self.more, self.acts):
            bar.addWidget(part)
        states = QHBoxLayout()
        states.setSpacing(_SPACING)
        for chip in (self.status, self.verdict):
            states.addWidget(chip)
        states.addWidget(self.address, 1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_SPACING)
        self._grid.setVerticalSpacing(4)
        self._grid.addWidget(self.back, 0, 0)
        self._grid.addWidget(self.title, 0, 1)
        self._grid.addLayout(states, 1, 0, 1, 3)
        self._grid.setColumnStretch(2, 1)
        self._arrange()

    def show_case(self, number: str, address: str, status: Chip, verdict: Chip) -> None:
        """Show what the case is."""
        self.title.setText(number)
        self.address.setText(address)
        self.status.set_chip(status)
        self.verdict.set_chip(verdict)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show the acts that are offered."""
        self._offers = offers
        self._room = None
        self._arrange()

    def menu(self) -> QMenu:
        """Return the menu of the acts that have no room as buttons."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for offer in self._folded():
            act = COURSE.act(offer.name)
            entry: Any = menu.addAction(icon(act.icon), offer.text)
            entry.setEnabled(not offer.why_not)
            entry.setToolTip("\n".join(offer.why_not))
            entry.triggered.connect(lambda _checked, name=offer.name: self.acts.requested.emit(name))
        printing: Any = menu.addAction(icon("print"), _("&Print"))
        printing.triggered.connect(lambda _checked: self.print_menu_requested.emit())
        return menu

    def _open_more(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _folded(self) -> list[Offer]:
        return [offer for offer in self._offers if not offer.is_primary and not offer.is_undo]

    # --- room

    def minimumSizeHint(self) -> QSize:
        """Return the width of the number, or of the filled button and the menu, whichever is more."""
        width = max(self._left(), self._width(_Room.BELOW))
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _left(self) -> int:
        return self.back.sizeHint().width() + _SPACING + self.title.sizeHint().width()

    def _width(self, room: _Room) -> int:
        """Return the width that the acts need in this room."""
        names = [offer.name for offer in self._offers if not offer.is_undo]
        if room is not _Room.ALL:
            names = [offer.name for offer in self._offers if offer.is_primary]
        shown = [self.acts.button(name) for name in names]
        shown_beside = [self.print_button] if room is _Room.ALL else [self.more]
        return sum(part.sizeHint().width() + _SPACING for part in (*shown_beside, *shown))

    def _arrange(self) -> None:
        room = next(
            (one for one in (_Room.ALL, _Room.MENU) if self._left() + self._width(one) <= self.width()),
            _Room.BELOW,
        )
        if room is self._room:
            return
        self._room = room
        self.acts.show_offers(self._offers)
        if room is not _Room.ALL:
            for offer in self._folded():
                self.acts.button(offer.name).hide()
        self.print_button.setVisible(room is _Room.ALL)
        self.more.setVisible(room is not _Room.ALL)
        self._grid.removeWidget(self._bar)
        if room is _Room.BELOW:
            self._grid.addWidget(self._bar, 2, 0, 1, 3)
        else:
            self._grid.addWidget(self._bar, 0, 2)
