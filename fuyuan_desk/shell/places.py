"""Where the operator is: a page, its tab, the record shown on it and the open form, and the history of such places.

Pages support this with optional members: `shown_record`, the (kind, id) shown or None; `reopen(key)`, which opens the
form whose draft is saved under `key`; `has_form(key)`, whether the page has that form in a tab of what it shows;
`shown_tab`, `show_tab(name)` and the signal `tab_changed`, for tabs that are pages of their own; and `Page.start`,
which shows the page's first screen.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fuyuan_desk.shell.frame import Frame
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.table import TablePage

MOST_PLACES = 50


class Place(NamedTuple):
    """A page, its record as (kind, id), the draft key of the open form and the name of the tab, '' for none."""

    page: str
    record: tuple[str, int] | None = None
    form: str = ""
    tab: str = ""

    @property
    def without_form(self) -> "Place":
        """The same page and record, with the form closed."""
        return self._replace(form="")


def to_json(place: Place) -> dict[str, Any]:
    """Return a place in the form in which it is saved while the desk is locked."""
    return {**place._asdict(), "record": None if place.record is None else list(place.record)}


def from_json(saved: Mapping[str, Any]) -> Place:
    """Return a saved place."""
    record = saved.get("record")
    return Place(
        str(saved.get("page", "")),
        None if record is None else (str(record[0]), int(record[1])),
        str(saved.get("form", "")),
        str(saved.get("tab", "")),
    )


def current_place(frame: Frame) -> Place:
    """Return the current place; of several open forms, the last one with unsaved input."""
    controller = frame.made.get(frame.current)
    record = getattr(controller, "shown_record", None)
    # of the page alone: Qt makes a Python object of each of the thousands that it looks at
    found = controller.page.findChildren(DraftSaver) if controller is not None else ()
    savers = [saver for saver in found if saver.is_shown]
    forms = [saver.key for saver in sorted(savers, key=lambda saver: saver.is_open)]
    return Place(
        frame.current,
        None if record is None else tuple(record),
        forms[-1] if forms else "",
        getattr(controller, "shown_tab", ""),
    )


def show_tab(controller: Any, place: Place) -> None:
    """Show the tab of a place on its page."""
    if place.tab:
        controller.show_tab(place.tab)


def list_filters(frame: Frame) -> dict[str, Any]:
    """Return what is typed, chosen and sorted in the lists of the current page, by the key of the list."""
    found = {made.key: made.current_filter() for made in _lists(frame)}
    return {key: shown for key, shown in found.items() if shown is not None}


def show_filters(frame: Frame, filters: dict[str, Any]) -> None:
    """Filter and sort the lists that the current page has by now, and take theirs out of `filters`."""
    for made in _lists(frame):
        shown = filters.pop(made.key, None)
        if isinstance(shown, Mapping):
            made.show_filter(shown)


def _lists(frame: Frame) -> list[TablePage]:
    controller = frame.made.get(frame.current)
    return [] if controller is None else controller.page.findChildren(TablePage)


class History:
    """The places seen, with the current one among them; at most `MOST_PLACES`.

    A form is a place only while it is open: once it is left, its page and record stay.
    """

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._index = -1

    @property
    def current(self) -> Place | None:
        """The current place, None before the first."""
        return self._places[self._index] if self._places else None

    def peek(self, step: int) -> Place | None:
        """Return the place `step` places on (1) or back (-1), None if there is none."""
        index = self._index + step
        return self._places[index] if 0 <= index < len(self._places) else None

    def note(self, place: Place) -> None:
        """Add a place after the current one and forget those that came after it."""
        if place == self.current:
            return
        left = self._places[: self._index + 1]
        if left and left[-1].form:
            form = left.pop()
            if form.page != place.page and (not left or left[-1] != form.without_form):
                left.append(form.without_form)
        if left and left[-1] == place:  # a form was closed where it was opened
            self._places[len(left) :] = []
        else:
            left.append(place)
            self._places = left[-MOST_PLACES:]
        self._index = len(self._places) - 1

    def move(self, step: int) -> None:
        """Make the place `step` places away the current one."""
        if self.peek(step) is not None:
            self._index += step

    def correct(self, place: Place) -> None:
        """Replace the current place by what is shown there."""
        if self._places:
            self._places[self._index] = place

    def drop(self, step: int) -> None:
        """Forget the place `step` places away, whose record no longer exists."""
        if step and self.peek(step) is not None:
            del self._places[self._index + step]
            self._index += step if step < 0 else 0
