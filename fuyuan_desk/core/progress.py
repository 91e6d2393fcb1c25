"""Progress reporting and cancellation of long-running work."""

import threading
from collections.abc import Callable

Report = Callable[[int, int, str], None]


class Cancelled(Exception):
    """Raised inside long-running work after a cancel request; the work must leave no partial result."""


class Progress:
    """Progress of long-running work, which calls `step` often; thread-safe."""

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Request the work to stop at its next step."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether cancellation was requested."""
        return self._cancelled.is_set()

    def step(self, done: int, total: int, what: str = "") -> None:
        """Report that `done` of `total` are done (total 0: unknown); raise `Cancelled` when cancelled."""
        if self._cancelled.is_set():
            raise Cancelled
        if self._report is not None:
            self._report(done, total, what)
