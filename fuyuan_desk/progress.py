"""Progress of long work: counts reported outwards, a wish to cancel carried inwards."""

import threading
from collections.abc import Callable

Report = Callable[[int, int, str], None]


class Cancelled(Exception):
    """Raised inside long work after somebody asked for it to stop; nothing of it may remain."""


class Progress:
    """Handed to long work, which calls `step` often; safe to share between threads."""

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked the work to stop."""
        return self._cancelled.is_set()

    def step(self, done: int, total: int, what: str = "") -> None:
        """Tell that `done` of `total` are done (total 0: unknown); raise `Cancelled` when asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled
        if self._report is not None:
            self._report(done, total, what)
