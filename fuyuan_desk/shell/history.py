"""Back and forward through pages and records, as in a browser."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.job import Page
from fuyuan_desk.kit.queries import Record
from fuyuan_desk.shell.frame import Frame
from fuyuan_desk.shell.places import History, Place, current_place, show_tab
from fuyuan_desk.today.service import record_exists
from fuyuan_desk.widgets.draft import DraftSaver

POLL_MS = 20
_STEPS = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}


class _Open(Protocol):
    @property
    def desk(self) -> Desk: ...

    @property
    def frame(self) -> Frame: ...

    def open_record(self, kind: str, record_id: int) -> None: ...


class Walker(QObject):
    """Notes the places that the operator sees and returns to them on request.

    A place is noted before the page changes and once the desk is idle after that: until then, a record is loading.
    `record_shown` carries kind and id of a record that is noted.
    """

    record_shown = Signal(str, int)

    def __init__(self, shell: _Open, pages: Sequence[Page], records: Sequence[Record]) -> None:
        super().__init__(shell.frame)
        self._shell = shell
        self._frame = shell.frame
        self._pages = {page.name: page for page in pages}
        self._records = {record.kind.name: record for record in records}
        self._history = History()
        self._has_moved = False  # and what is shown there was not noted yet
        self._is_checking = False
        self._is_showing = False
        self._watched: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._frame.page_left.connect(self._on_left)
        self._frame.page_shown.connect(self._on_page)
        self._frame.page_chosen_again.connect(self._start)
        self._frame.back_requested.connect(self.back)
        self._frame.forward_requested.connect(self.forward)

    @property
    def places(self) -> tuple[Place | None, Place | None, Place | None]:
        """The previous, the current and the next place, None where there is none."""
        return self._history.peek(-1), self._history.current, self._history.peek(1)

    def back(self) -> None:
        """Return to the previous place."""
        self._move(-1)

    def forward(self) -> None:
        """Return to the place that `back` left."""
        self._move(1)

    def back_or(self, otherwise: Callable[[], object]) -> None:
        """Return to the page from which the shown record was opened; call `otherwise` if it was its own."""
        self._note()
        before, here = self._history.peek(-1), self._history.current
        if before is not None and here is not None and before.page != here.page:
            self.back()
        else:
            otherwise()

    def on_mouse(self, pressed: Qt.MouseButton) -> bool:
        """Move if this is the back or the forward button of the mouse; return whether it is."""
        if pressed not in _STEPS:
            return False
        self._move(_STEPS[pressed])
        return True

    # --- noting

    def _on_left(self) -> None:
        if not self._is_showing:
            self._note()

    def _on_page(self, name: str) -> None:
        controller = self._frame.made[name]
        if name not in self._watched:
            self._watched.add(name)
            if isinstance(controller.page, QStackedWidget):
                controller.page.currentChanged.connect(lambda _index: self._timer.start())
            if hasattr(controller, "tab_changed"):
                controller.tab_changed.connect(self._timer.start)
        self._timer.start()

    def _poll(self) -> None:
        if self._is_checking or not self._shell.desk.is_idle:
            self._timer.start()
        else:
            self._note()

    def _note(self) -> None:
        place = current_place(self._frame)
        if self._has_moved:
            self._history.correct(place)
        elif place.page:
            self._history.note(place)
        self._has_moved = False
        if place.record is not None:
            self.record_shown.emit(*place.record)
        self._show_ways()

    def _show_ways(self) -> None:
        self._frame.show_ways(self._history.peek(-1) is not None, self._history.peek(1) is not None)

    # --- moving

    def _move(self, step: int) -> None:
        if self._is_checking:
            return
        self._note()
        if self._history.peek(step) is None:
            return
        unsaved = [saver.form for saver in self._frame.findChildren(DraftSaver) if saver.is_open]
        if unsaved:
            unsaved[0].leave(lambda: self._move(step))
        else:
            self._check(step)

    def _check(self, step: int) -> None:
        """Show the place if its record still exists, else forget it and try the next."""
        place = self._history.peek(step)
        if place is None:
            self._show_ways()
        elif place.record is None:
            self._show(step, place)
        else:
            self._is_checking = True
            self._shell.desk.run(
                record_exists, self._records[place.record[0]], place.record[1],
                done=partial(self._on_checked, step, place), failed=self._on_failure, owner=self,
            )  # fmt: skip

    def _on_failure(self, refusal: UserError) -> None:
        self._is_checking = False
        self._frame.refuse(refusal)

    def _on_checked(self, step: int, place: Place, exists: bool) -> None:
        self._is_checking = False
        if self._history.peek(step) != place:  # the operator went elsewhere meanwhile
            return
        if exists:
            self._show(step, place)
            return
        self._history.drop(step)
        self._shell.desk.notify(_("A record in between is no longer there and was skipped."))
        self._check(step)

    def _show(self, step: int, place: Place) -> None:
        self._history.move(step)
        self._is_showing = True
        try:
            self._open(place, current_place(self._frame))
        finally:
            self._is_showing = False
        self._has_moved = True
        self._show_ways()
        self._timer.start()

    def _open(self, place: Place, left: Place) -> None:
        is_elsewhere = left.page != place.page
        if is_elsewhere and left.form:
            self._start(left.page)  # closes the form, about which the operator was asked
        if is_elsewhere:
            self._frame.enter(place.page)
        here = current_place(self._frame)
        is_open = here.without_form == place.without_form and (is_elsewhere or not here.form)
        if not is_open and place.record is not None:
            self._shell.open_record(*place.record)
        elif not is_open:
            self._start(place.page)
        show_tab(self._frame.controller(place.page), place)

    def _start(self, page: str) -> None:
        start = self._pages[page].start
        if start is not None:
            start(self._frame.controller(page))
