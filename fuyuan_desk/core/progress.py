"""Progress of long work: counts reported outwards, a wish to cancel carried inwards."""

import contextlib
import gc
import threading
from collections.abc import Callable, Iterator

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


class _Rest:
    """Counts who wants the collector to rest, on whatever thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wishes = 0
        self._was_enabled = False

    def begin(self) -> None:
        with self._lock:
            if not self._wishes:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._wishes += 1

    def end(self) -> None:
        with self._lock:
            self._wishes -= 1
            # what was made is given free by counting; looking through it once would cost as much as during the work
            gc.freeze()
            if not self._wishes and self._was_enabled:
                gc.enable()


_rest = _Rest()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let the garbage collector rest during work that makes hundreds of thousands of objects without cycles.

    It would go through all of them again and again and hold up the window for more than 100 ms each time.
    """
    _rest.begin()
    try:
        yield
    finally:
        _rest.end()
