"""Background work: one thread per worker; results and progress are delivered on the UI thread."""

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import as_disk_fault
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.widgets.garbage import collect_on_ui_thread

T = TypeVar("T")

REPORTS_PER_SECOND = 20
SWITCH_SECONDS = 0.0001
"""While the thread computes, the UI thread waits this long for the interpreter; Python's default of 5 ms adds up."""


class _Relay(QObject):
    moved = Signal(int, int, str)


class UiProgress(Progress):
    """A progress whose reports are delivered on the UI thread by the signal `moved(done, total, what)`.

    Create it on the UI thread and pass it to the work and to a `ProgressPanel`; at most
    `REPORTS_PER_SECOND` reports pass, and always the last one (done = total).
    """

    def __init__(self) -> None:
        super().__init__(self._forward)
        self._relay = _Relay()
        self._last = 0.0
        self._lock = threading.Lock()

    @property
    def moved(self) -> SignalInstance:
        """Signal (done, total, what); total 0 means unknown."""
        return self._relay.moved

    def _forward(self, done: int, total: int, what: str) -> None:
        now = time.monotonic()
        with self._lock:
            if now - self._last < 1 / REPORTS_PER_SECOND and not (total and done >= total):
                return
            self._last = now
        self._relay.moved.emit(done, total, what)


class Job:
    """Handle of a piece of background work."""

    def __init__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], object] | None,
        failed: Callable[[UserError], object] | None,
        cancelled: Callable[[], object] | None,
        progress: Progress | None,
        owner: QObject | None,
    ) -> None:
        self._work: Callable[[], Any] | None = work
        self._done = done
        self._failed = failed
        self._cancelled = cancelled
        self._progress = progress
        self._owner = owner
        self._cancel_requested = threading.Event()
        self._finished = False

    def cancel(self) -> None:
        """Request the work to stop; pending work never starts, finished work stays done."""
        self._cancel_requested.set()
        if self._progress is not None:
            self._progress.cancel()

    def forget(self) -> None:
        """Let the work complete but discard its outcome."""
        self._done = self._failed = self._cancelled = None

    @property
    def is_finished(self) -> bool:
        """Whether the outcome has been delivered."""
        return self._finished

    @property
    def progress(self) -> Progress | None:
        """The progress passed with the work."""
        return self._progress

    def _run(self) -> tuple[str, Any]:
        if self._cancel_requested.is_set() or self._work is None:
            return "cancelled", None
        try:
            return "done", self._work()
        except Cancelled:
            return "cancelled", None
        except UserError as refusal:
            return "failed", refusal
        except (
            OSError
        ) as problem:  # of a file that no service expected to fail, such as one on a drive pulled out
            fault = as_disk_fault(problem)
            return ("bug", problem) if fault is None else ("failed", fault)
        except Exception as bug:  # noqa: BLE001 - not swallowed: a bug is passed to sys.excepthook on the UI thread
            return "bug", bug


def is_gone(thing: object) -> bool:
    """Return whether a QObject, or the owner of a bound method, has been deleted."""
    owner = getattr(thing, "__self__", thing)
    return isinstance(owner, QObject) and not shiboken6.isValid(owner)


class Worker(QObject):
    """A queue and one thread that processes it in order.

    `refused` carries a `UserError` for which the caller passed no `failed`.
    Callbacks are dropped when the QObject they belong to, or `owner`, has been deleted.
    """

    refused = Signal(object)
    _outcome = Signal(object, str, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: deque[Job | None] = deque()
        self._available = threading.Semaphore(0)  # released once for each item in the queue
        self._pending: list[Job] = []
        self._closed = False
        self._outcome.connect(
            self._deliver
        )  # a queued connection, because it is emitted from the other thread
        if sys.getswitchinterval() > SWITCH_SECONDS:
            sys.setswitchinterval(SWITCH_SECONDS)
        collect_on_ui_thread()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    def run(
        self,
        fn: Callable[..., T],
        *args: Any,
        done: Callable[[T], object] | None = None,
        failed: Callable[[UserError], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        progress: Progress | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Run `fn(*args)` in the thread and call back on the UI thread.

        `progress` is cancelled by `Job.cancel`; pass it in `args` as well if `fn` takes one.
        """
        job = Job(lambda: fn(*args), done, failed, cancelled, progress, owner)
        if self._closed:
            job.cancel()
            return job
        self._pending.append(job)
        self._put(job)
        return job

    @property
    def is_idle(self) -> bool:
        """Whether no work is pending, running or being delivered."""
        return not self._pending

    def forget_all(self) -> None:
        """Let all pending and running work complete, but discard the outcomes."""
        for job in self._pending:
            job.forget()

    def wait(self, seconds: float) -> bool:
        """Block until what was requested so far is done, at most `seconds`; its outcomes are delivered later."""
        reached = threading.Event()
        if self._closed:
            return True
        self._put(Job(reached.set, None, None, None, None, None))
        return reached.wait(seconds)

    def cancel_long_work(self) -> None:
        """Cancel what reports its progress: it may take minutes, and leaves nothing incomplete."""
        for job in self._pending:
            if job.progress is not None:
                job.cancel()

    def shutdown(self, seconds: float = 30.0) -> bool:
        """Cancel what can be cancelled, wait for the rest, deliver nothing more; return whether it ended."""
        self._stop()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def retire(self) -> None:
        """Stop without waiting: cancel what can be cancelled, deliver nothing more, let the thread end."""
        self._stop()
        self.setParent(None)

    def _stop(self) -> None:
        self._closed = True
        for job in self._pending:
            job.forget()
            job.cancel()
        self._pending.clear()
        self._put(None)

    def _put(self, job: Job | None) -> None:
        self._queue.append(job)
        self._available.release()

    def _take(self) -> Job | None:
        self._available.acquire()
        return self._queue.popleft()

    def _loop(self) -> None:
        while (job := self._take()) is not None:
            kind, value = job._run()
            self._outcome.emit(job, kind, value)
            del job, value

    @Slot(object, str, object)
    def _deliver(self, job: Job, kind: str, value: Any) -> None:
        job._work = None  # frees what the work held here, on the UI thread
        job._finished = True
        if job in self._pending:
            self._pending.remove(job)
        if self._closed or (job._owner is not None and is_gone(job._owner)):
            return
        if kind == "done" and job._done is not None and not is_gone(job._done):
            job._done(value)
        elif kind == "cancelled" and job._cancelled is not None and not is_gone(job._cancelled):
            job._cancelled()
        elif kind == "failed":
            self._refuse(job, value)
        elif kind == "bug":
            sys.excepthook(type(value), value, value.__traceback__)

    def _refuse(self, job: Job, refusal: UserError) -> None:
        if job._failed is None:
            self.refused.emit(refusal)
        elif not is_gone(job._failed):
            job._failed(refusal)
