"""Progress of long-running work: what is being done, how much, the time left, and a cancel button."""

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.work import UiProgress

_APPEAR_MS = 300
"""For shorter work the panel would only flicker."""


class ProgressPanel(QFrame):
    """A panel in the page (not a dialog) that follows one `UiProgress`."""

    cancel_requested = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._clock = clock
        self._title = label("", "strong")
        self._counts = label("", "hint")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = button(_("&Cancel"), self._on_cancel)
        self._on_stop: Callable[[], object] | None = None
        self._progress: UiProgress | None = None
        self._begun = 0.0
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.timeout.connect(self.show)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self._title)
        texts.addWidget(self._bar)
        texts.addWidget(self._counts)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        row.addLayout(texts, 1)
        row.addWidget(self._cancel)
        self.hide()

    def follow(
        self,
        title: str,
        progress: UiProgress,
        cancel: Callable[[], object] | None = None,
        at_once: bool = False,
    ) -> None:
        """Show this work; Cancel calls `cancel` (a `Job.cancel`), or else cancels the progress."""
        self._detach()
        self._progress = progress
        self._on_stop = cancel
        self._begun = self._clock()
        self._title.setText(title)
        self._counts.setText("")
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        self._cancel.setEnabled(True)
        progress.moved.connect(self._on_moved)
        if at_once:
            self.show()
        else:
            self._delay.start(_APPEAR_MS)

    def finish(self) -> None:
        """Hide the panel when the work has ended."""
        self._detach()
        self._delay.stop()
        self.hide()

    def counts(self) -> str:
        """Return the line below the bar."""
        return self._counts.text()

    def _on_moved(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if total:
            line = _("{done} of {total}").format(done=f"{done:,}", total=f"{total:,}")
        else:
            line = _("{done} so far").format(done=f"{done:,}") if done else ""
        left = _time_left(self._clock() - self._begun, done, total)
        self._counts.setText(" · ".join(part for part in (what, line, left) if part))

    def _on_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._counts.setText(_("Stopping …"))
        if self._on_stop is not None:
            self._on_stop()
        elif self._progress is not None:
            self._progress.cancel()
        self.cancel_requested.emit()

    def _detach(self) -> None:
        if self._progress is not None:
            self._progress.moved.disconnect(self._on_moved)
            self._progress = None


def _time_left(elapsed: float, done: int, total: int) -> str:
    if elapsed < 1 or not done or not total:
        return ""
    seconds = round(elapsed / done * (total - done))
    if seconds < 60:
        return _("about {n} s left").format(n=max(seconds, 1))
    return _("about {n} min left").format(n=round(seconds / 60))
