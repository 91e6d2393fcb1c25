"""What follows from an order, shown beside the fields of its form while they are filled in."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.inspections.view.entry import moment_of
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.workorders.facts import Outlook
from fuyuan_desk.workorders.service.outlook import outlook
from fuyuan_desk.workorders.service.places import place_options
from fuyuan_desk.workorders.view import forms

_PAUSE_MS = 200
"""How long typing must pause before it is read."""


class OutlookController(QObject):
    """Offers the places of the chosen estate in the form of an order, and says what follows from a new one.

    The clock of one that is changed may have stood since it began: what follows stands on its page.
    """

    def __init__(self, desk: Desk, form: Form, *, is_new: bool = True) -> None:
        super().__init__(form)
        self._desk = desk
        self._form = form
        self._is_new = is_new
        self._estate: int | None = None
        self._asked: tuple[Any, ...] = ()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._read)
        form.changed.connect(lambda: self._pause.start(_PAUSE_MS))
        self._read()

    def _read(self) -> None:
        typed = self._form.readable_values()
        estate = typed["estate_id"]
        if estate is None:
            return
        if estate != self._estate:
            self._estate = estate
            self._desk.run(place_options, estate, done=self._offer, failed=_leave, owner=self._form)
        if not self._is_new:
            return
        moment, place = _moment(typed), typed["place"] or ""
        asked = (estate, typed["severity"], moment, place)
        if moment is None or not typed["severity"] or asked == self._asked:
            return
        self._asked = asked

        def done(found: Outlook) -> None:
            if asked == self._asked:
                forms.show_outlook(self._form, found, place)

        self._desk.run(outlook, *asked, done=done, failed=_leave, owner=self._form)

    def _offer(self, places: tuple[str, ...]) -> None:
        self._form.set_choices("place", [(text, text) for text in places])


def _moment(typed: dict[str, Any]) -> datetime | None:
    try:
        return moment_of(typed)
    except (InvalidInput, TypeError, AttributeError):
        return None  # not typed in full yet; saving says so


def _leave(_refusal: object) -> None:
    # an estate that was removed meanwhile is refused when the order is saved
    pass
