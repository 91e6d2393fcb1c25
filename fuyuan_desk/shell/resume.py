"""Resume after a lock: restore the page, the record and the open form; the form's `DraftSaver` restores the input."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer

from fuyuan_desk.kit.job import Job
from fuyuan_desk.shell.frame import Frame
from fuyuan_desk.shell.places import Place, show_filters, show_tab

POLL_MS = 20
_MAX_POLLS = 500


class _Open(Protocol):
    @property
    def frame(self) -> Frame: ...

    @property
    def jobs(self) -> Sequence[Job]: ...

    def open_record(self, kind: str, record_id: int) -> None: ...


def page_of_draft(jobs: Sequence[Job], key: str) -> str:
    """Return the name of the page that opens the form of a draft."""
    form = key.partition(":")[0]
    return next(job.drafts[form] for job in jobs if form in job.drafts)


class Resume(QObject):
    """Restores a place and the `filters` of its lists step by step, each once the desk is idle.

    It stops if the operator changes the page.
    """

    def __init__(
        self, desk: _Open, is_idle: Callable[[], bool], place: Place, filters: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(desk.frame)
        self._desk = desk
        self._is_idle = is_idle
        self._polls = 0
        self._page = ""
        self._steps: list[Callable[[], object]] = [lambda: self._go(place)]
        if place.form:
            self._steps.append(lambda: self._reopen(place.form))
        # last: a list may be created with the record or the form, and an open form does not follow its list
        self._steps.append(partial(show_filters, desk.frame, dict(filters or {})))
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    def start(self) -> None:
        """Run the first step now and the others later."""
        self._steps.pop(0)()
        self._page = self._desk.frame.current
        self._timer.start()

    def _poll(self) -> None:
        self._polls += 1
        went_elsewhere = self._desk.frame.current != self._page
        if went_elsewhere or not self._steps or self._polls > _MAX_POLLS:
            self._timer.stop()
            self.deleteLater()
        elif self._is_idle():
            self._steps.pop(0)()

    def _go(self, place: Place) -> None:
        if place.record is not None:
            self._desk.open_record(*place.record)
        if self._desk.frame.current != place.page:
            self._desk.frame.enter(place.page)
        show_tab(self._desk.frame.controller(place.page), place)

    def _reopen(self, key: str) -> None:
        frame = self._desk.frame
        has_form = getattr(frame.controller(frame.current), "has_form", None)
        is_here = has_form is not None and has_form(key)
        page: Any = frame.controller(frame.current if is_here else page_of_draft(self._desk.jobs, key))
        page.reopen(key)
