"""Upkeep of the database between the uses of a store, on a thread that exists only while there is some to do.

Steps follow each other while nobody has used the store for a moment, and a use that begins interrupts one. When many
writes follow each other without a pause, steps and uses alternate, so that the upkeep does not fall behind.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

IDLE_SECONDS = 0.25
MOST_WRITES = 64
"""After so many writes without a pause, steps no longer wait for one."""
PAGES, PAGES_BETWEEN_WRITES = 64, 16
"""How much a step may write: during a pause, and between writes that follow each other."""


class Upkeep:
    """Schedules `step(pages)`, which does part of the upkeep and returns whether more may be left.

    `interrupt()` ends the running step early; what it did is lost and done again.
    """

    def __init__(
        self,
        step: Callable[[int], bool],
        interrupt: Callable[[], object],
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._step = step
        self._interrupt = interrupt
        self._idle_seconds = idle_seconds
        self._changed = threading.Condition()
        self._writes = 0
        self._uses = 0
        self._last_use = 0.0
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    @property
    def _is_pressing(self) -> bool:
        return self._writes >= MOST_WRITES

    def use_begins(self) -> None:
        """Note that a use waits for its turn."""
        with self._changed:
            self._uses += 1
            if self._thread is not None and not self._is_pressing:
                self._interrupt()

    def use_ended(self, wrote: bool) -> None:
        """Note the end of a use; `wrote` says whether it leaves something to do."""
        with self._changed:
            self._uses -= 1
            self._last_use = time.monotonic()
            self._writes += wrote
            if self._writes and self._thread is None and not self._is_stopped:
                self._start()
            elif self._is_pressing or not self._uses:
                self._changed.notify_all()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Begin no step meanwhile: the connection and the file are worked on outside of uses."""
        self.use_begins()
        try:
            yield
        finally:
            self.use_ended(wrote=False)

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        # without a thread, which a PC short of memory may refuse, the next write tries again
        with contextlib.suppress(RuntimeError):
            thread.start()
            self._thread = thread

    def stop(self, seconds: float) -> None:
        """Interrupt the running step, start no further one, and wait at most `seconds` for the thread to end."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
            thread = self._thread
            if thread is not None:
                self._interrupt()
        if thread is not None:
            thread.join(seconds)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to do, at most `seconds`; return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, seconds)

    def _run(self) -> None:
        while pages := self._pages_of_next_step():
            seen = self._writes
            if not self._step(pages):
                with self._changed:
                    self._writes -= seen

    def _pages_of_next_step(self) -> int:
        """Wait until a step is due; return how many pages it may write, 0 when nothing is left to do."""
        with self._changed:
            while self._writes and not self._is_stopped:
                if self._is_pressing:
                    return PAGES_BETWEEN_WRITES
                left = self._last_use + self._idle_seconds - time.monotonic()
                if left <= 0 and not self._uses:
                    return PAGES
                self._changed.wait(None if self._uses else left)
            self._thread = None
            self._changed.notify_all()
            return 0
