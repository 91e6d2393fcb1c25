"""Progress reporting and cancellation of long-running work."""

import contextlib
import gc
import threading
from collections.abc import Callable, Iterator

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


class _Pause:
    """Counts the active requests, on any thread, to pause the garbage collector."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests = 0
        self._was_enabled = False

    def begin(self) -> None:
        with self._lock:
            if not self._requests:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._requests += 1

    def end(self) -> None:
        with self._lock:
            self._requests -= 1
            # reference counting frees the new objects; one pass over them would cost as much as during the work
            gc.freeze()
            if not self._requests and self._was_enabled:
                gc.enable()


_pause = _Pause()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Pause the garbage collector during work that creates hundreds of thousands of objects without cycles.

    Each of its passes over them would block the window for more than 100 ms.
    """
    _pause.begin()
    try:
        yield
    finally:
        _pause.end()
