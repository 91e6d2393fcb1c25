"""When unreachable objects are collected: not while many are made and, with a window, on the UI thread only.

Python collects on whichever thread happens to create an object. A Qt object that is freed on another thread than its
own can end or block the program, so that a window collects itself, at moments of its choice.
"""

import contextlib
import gc
import threading
from collections.abc import Iterator


class _Pause:
    """Counts the active requests, on any thread, to pause the garbage collector."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = 0
        self._was_enabled = False

    def begin(self) -> None:
        with self._lock:
            if not self.requests:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self.requests += 1

    def end(self) -> None:
        with self._lock:
            self.requests -= 1
            # reference counting frees the new objects; one pass over them would cost as much as during the work
            gc.freeze()
            if not self.requests and self._was_enabled:
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


def collect_due() -> None:
    """Collect what Python would have collected by now, by its own thresholds, if it did so of its own accord."""
    if _pause.requests:
        return
    reached = [count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if any(reached):
        gc.collect(max(generation for generation, is_reached in enumerate(reached) if is_reached))
