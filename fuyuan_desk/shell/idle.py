"""Whether nobody has worked at the desk for a while, also while the PC slept.

A timer of Qt does not count the time of sleep, and neither does the monotonic clock of Linux; the wall clock does, but
can be set. So the longer of the two counts, and whoever wakes the PC is asked for the password before she is taken for
the one who left it.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

POLL_MS = 2_000
"""How long the desk of a PC that woke up stays in sight at most."""


class Instant(NamedTuple):
    """A point in time by the wall clock and by the monotonic clock, in seconds."""

    wall: float
    monotonic: float


def now() -> Instant:
    """Return the current instant."""
    return Instant(time.time(), time.monotonic())


def seconds_between(earlier: Instant, later: Instant) -> float:
    """Return the longer of what the two clocks say; a wall clock that was put back counts as nothing."""
    return max(later.wall - earlier.wall, later.monotonic - earlier.monotonic)


class IdleWatch(QObject):
    """Emits `passed` once nobody has worked for the minutes set, counted through sleep."""

    passed = Signal()

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], Instant] = now, poll_ms: int = POLL_MS
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._poll_ms = poll_ms
        self._seconds = 0.0
        self._since = clock()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def start(self, minutes: float) -> None:
        """Count from now on."""
        self._seconds = minutes * 60
        self._since = self._clock()
        self._wait()

    def stop(self) -> None:
        """Count no longer."""
        self._timer.stop()

    def on_activity(self) -> None:
        """Count anew, unless the time has passed: a key that wakes the PC is not work."""
        if self._timer.isActive() and not self._has_passed():
            self._since = self._clock()

    def _left(self) -> float:
        return self._seconds - seconds_between(self._since, self._clock())

    def _has_passed(self) -> bool:
        if self._left() > 0:
            return False
        self._timer.stop()
        self.passed.emit()
        return True

    def _look(self) -> None:
        if not self._has_passed():
            self._wait()

    def _wait(self) -> None:
        self._timer.start(min(self._poll_ms, max(round(self._left() * 1000), 0)))
