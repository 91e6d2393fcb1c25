"""Widgets of a course: the buttons of its acts, the obstacles of the next one, its timeline."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.course import Act, Course, Moment, Offer, Place
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import Card, label
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.theme import set_role

_PICTURES = {
    Place.DONE: ("ok", "ok"),
    Place.UNDONE: ("undo", "neutral"),
    Place.NEXT: ("clock", "info"),
    Place.LATE: ("warning", "error"),
}
_ICON = 16


class ActBar(QWidget):
    """The acts of a course as a row of buttons, the primary one filled, at the right; `requested` carries its name.

    A second bar, with `undo`, holds the acts that undo, as links below the timeline: rare ones, beside what they undo.
    """

    requested = Signal(str)

    def __init__(self, course: Course[Any, Any], undo: bool = False) -> None:
        super().__init__()
        self._role, self._ink = ("link", "accent") if undo else ("", "ink")
        self._acts = {act.name: act for act in course.acts if bool(act.undoes) == undo}
        self._buttons = {name: self._button(act) for name, act in self._acts.items()}
        self._primary = ""
        self._row = Flow(self)
        self.show_offers(())

    def _button(self, act: Act[Any, Any]) -> QPushButton:
        return button(
            _(act.text), lambda: self.requested.emit(act.name), picture=act.icon, shortcut=act.shortcut
        )

    def button(self, name: str) -> QPushButton:
        """Return the button of an act."""
        return self._buttons[name]

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show the buttons of these acts, those with an obstacle disabled, and hide all others."""
        offered = {offer.name: offer for offer in offers}
        self._primary = next((offer.name for offer in offers if offer.is_primary), "")
        order = sorted(self._buttons, key=lambda name: name == self._primary)
        for name in order:
            self._show(name, offered.get(name))
        for left, right in pairwise(order):
            self.setTabOrder(self._buttons[left], self._buttons[right])
        self.setVisible(not self._acts.keys().isdisjoint(offered))

    def _show(self, name: str, offer: Offer | None) -> None:
        made, act = self._buttons[name], self._acts[name]
        is_primary, why_not = name == self._primary, offer.why_not if offer is not None else ()
        self._row.removeWidget(made)
        self._row.addWidget(made)
        set_role(made, "primary" if is_primary else self._role)
        if act.icon:
            made.setIcon(icon(act.icon, "on_accent" if is_primary else self._ink))
        made.setEnabled(not why_not)
        made.setToolTip("\n".join(filter(None, (act.shortcut, *why_not))))
        made.setAccessibleDescription(" ".join(why_not))
        made.setVisible(offer is not None)

    def focus_primary(self) -> bool:
        """Focus the primary button; return whether there is one that can be pressed."""
        made = self._buttons.get(self._primary)
        if made is None or not made.isEnabled():
            return False
        made.setFocus()
        return True


class Obstacles(Card):
    """A card with what is against the next act; hidden while nothing is."""

    def __init__(self) -> None:
        super().__init__(" ")
        self._text = label("", "", wrap=True, selectable=True)
        self.body.addWidget(self._text)
        self.hide()

    def show_offer(self, offer: Offer | None) -> None:
        """Show what is against an act."""
        why_not = offer.why_not if offer is not None else ()
        self.set_title(offer.blocked if offer is not None else "")
        self._text.setText("\n".join(f"• {sentence}" for sentence in why_not))
        self.setVisible(bool(why_not))


class Timeline(QFrame):
    """What happened to a case and what is next, one line each; below it, why something cannot be undone.

    It takes the focus as a whole, and a screen reader reads all its lines.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "timeline")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Course of the case"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 2, 4, 2)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)

    def show_moments(self, moments: Sequence[Moment], offers: Sequence[Offer] = ()) -> None:
        """Show these lines, and the obstacles of the acts that undo."""
        while self._grid.count():
            old = self._grid.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        for line, moment in enumerate(moments):
            self._add(line, moment)
        hints = [
            _("{heading}: {reasons}").format(heading=offer.blocked, reasons=" ".join(offer.why_not))
            for offer in offers
            if offer.is_undo and offer.why_not
        ]
        for line, hint in enumerate(hints, len(moments)):
            self._grid.addWidget(label(hint, "hint", wrap=True), line, 1, 1, 2)
        self.setAccessibleDescription("\n".join((*(_read(moment) for moment in moments), *hints)))

    def _add(self, line: int, moment: Moment) -> None:
        picture = Picture()
        name, ink = _PICTURES[moment.place]
        picture.show_icon(name, _ICON, ink)
        picture.setContentsMargins(0, 3, 0, 0)  # in line with the text
        day = label(_day(moment), "muted")
        text = label(
            _words(moment), "muted" if moment.place is Place.UNDONE else "", wrap=True, selectable=True
        )
        text.setAccessibleName(_read(moment))
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(picture, line, 0, top)
        self._grid.addWidget(day, line, 1, top)
        self._grid.addWidget(text, line, 2, top)


def _day(moment: Moment) -> str:
    if moment.day is None:
        return "—"
    is_due = moment.place in (Place.NEXT, Place.LATE)
    return _("by {day}").format(day=moment.day.isoformat()) if is_due else moment.day.isoformat()


def _words(moment: Moment) -> str:
    by = _("by {name}").format(name=moment.by) if moment.by else ""
    return " · ".join(filter(None, (moment.text, moment.note, by)))


def _read(moment: Moment) -> str:
    return f"{_day(moment)} {_words(moment)}"
