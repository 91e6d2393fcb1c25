"""When unreachable objects are collected: not while many are made and, with a window, on the UI thread only.

Python collects on whichever thread happens to create an object. A Qt object that is freed on another thread than its
own can end or block the program, so that a window collects itself, at moments of its choice.
"""

import contextlib
import gc
import importlib
import threading
from collections.abc import Iterable, Iterator


class _Pause:
    """Counts the active requests, on any thread, to pause the garbage collector."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.requests = 0
        self._was_enabled = False

    def begin(self) -> None:
        with self.lock:
            if not self.requests:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self.requests += 1

    def end(self) -> None:
        with self.lock:
            self.requests -= 1
            if not self.requests and self._was_enabled:
                gc.enable()


_pause = _Pause()


@contextlib.contextmanager
def _paused() -> Iterator[None]:
    _pause.begin()
    try:
        yield
    finally:
        _pause.end()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Pause the garbage collector during work that creates hundreds of thousands of objects without cycles.

    Each of its passes over them would block the window for more than 100 ms.
    """
    with _paused():
        try:
            yield
        finally:
            # reference counting frees the new objects; one pass over them would cost as much as during the work
            gc.freeze()


def load_modules(names: Iterable[str]) -> None:
    """Import modules on a thread of its own.

    Nothing is collected meanwhile: Qt's types are created when a module first names them, and a collection on the UI
    thread that meets one half made ends the program.
    """
    with _paused():
        for name in names:
            importlib.import_module(name)


def collect_due() -> None:
    """Collect what Python would have collected by now, by its own thresholds, if it did so of its own accord."""
    with _pause.lock:  # what is not to be disturbed begins after this pass
        if _pause.requests:
            return
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        reached = [generation for generation, (count, threshold) in enumerate(counts) if count > threshold]
        if reached:
            gc.collect(reached[-1])
