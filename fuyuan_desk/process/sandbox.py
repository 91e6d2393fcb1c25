"""Work on files from outside in a process of its own that can be ended: bounded in time and memory.

Readers of foreign formats are native code: a thread cannot interrupt them, and a failed allocation ends the process
they run in. Therefore no such file is read in the process of the program. Starting the other process costs a few
hundredths of a second a file (`tests/bench/bench_sandbox.py`), which a page can spare by `stand_by`.
"""

import atexit
import contextlib
import pickle
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _, language
from fuyuan_desk.process import sandbox_child
from fuyuan_desk.process.own_command import sandbox_command, start_piped
from fuyuan_desk.process.sandbox_child import Kind

T = TypeVar("T")

SECONDS = 9.0
MEGABYTES = 400

_standing_by: "list[subprocess.Popen[bytes]]" = []  # at most one, which has had no task yet
_changing = threading.Lock()


class LimitExceeded(Exception):
    """The work took more time or memory than allowed, or the native reader crashed."""


def run_in_sandbox(
    work: Callable[..., T],
    *arguments: object,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
) -> T:
    """Run `work`, a function of a module, in another process and return its result.

    A refusal (`UserError`) and any other exception of `work` are raised here. Raises `LimitExceeded` after `seconds`
    or when the work needs more than `megabytes` besides Python and the arguments, `Cancelled` when `progress` is
    cancelled, and `Unusable` when the process cannot be started; in each case the process has ended by then.
    """
    with contextlib.closing(_results(work, arguments, progress, seconds, megabytes)) as results:
        [result] = results
    return result  # type: ignore[no-any-return] # it went through a pipe


@contextlib.contextmanager
def stream_from_sandbox(
    work: Callable[..., Iterator[T]],
    *arguments: object,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
) -> Iterator[Iterator[T]]:
    """Run `work`, a generator function of a module, like `run_in_sandbox`; its items arrive one by one.

    Neither process holds all items at once because of the pipe between them.
    """
    with contextlib.closing(_results(work, arguments, progress, seconds, megabytes)) as results:
        yield results


def stand_by(work: Callable[..., Any]) -> None:
    """Start the process of the next task now, in a thread, with the module of `work` loaded in it.

    For a page on which a file is about to be chosen. Only one process waits: it has no file and no secret, and ends
    with the program. One that cannot be started is no fault yet.
    """
    threading.Thread(target=_stand_by, args=(work,), name="stand-by", daemon=True).start()


def _stand_by(work: Callable[..., Any]) -> None:
    with _changing, contextlib.suppress(OSError):
        if _standing_by:
            return
        process = start_piped(sandbox_command(sandbox_child.__name__))
        _standing_by.append(process)
        assert process.stdin is not None
        pickle.dump(work, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()


@atexit.register
def end_waiting() -> None:
    """End the process that waits for a task, if there is one."""
    with _changing:
        while _standing_by:
            _end(_standing_by.pop())


def _results(
    work: Callable[..., Any],
    arguments: tuple[object, ...],
    progress: Progress | None,
    seconds: float,
    megabytes: int,
) -> Generator[Any, None, None]:
    if progress is not None:
        progress.step(0, 0)
    kind: Kind = Kind.ITEM
    content: Any = None
    task = (language(), seconds, megabytes, work, arguments)
    with contextlib.closing(_messages(task, progress, seconds)) as messages:
        for kind, content in messages:
            if kind != Kind.ITEM:
                break
            yield content
    if progress is not None and progress.is_cancelled:
        progress.step(0, 0)
    if kind == Kind.REFUSED:
        refusal, message = content
        raise refusal(message)
    if kind == Kind.FAILED:
        raise content
    if kind != Kind.DONE:
        raise LimitExceeded


def _messages(
    task: object, progress: Progress | None, seconds: float
) -> Generator[tuple[Kind, Any], None, None]:
    """Start the process, send it the task and yield its messages until it ends or is ended."""
    process = _start()
    assert process.stdin is not None
    assert process.stdout is not None
    over = threading.Event()
    end = time.monotonic() + seconds
    watch = threading.Thread(target=_watch, args=(process, over, progress, end), name="sandbox", daemon=True)
    watch.start()
    try:
        with contextlib.suppress(OSError), process.stdin:
            pickle.dump(task, process.stdin, pickle.HIGHEST_PROTOCOL)
        while True:
            yield pickle.load(process.stdout)  # noqa: S301 - from our own process
    except (EOFError, pickle.UnpicklingError):  # a message may be cut off by the end of the process
        return
    finally:
        over.set()
        watch.join()
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was not sent yet finds nobody
            assert stream is not None
            stream.close()
    process.wait()


def _start() -> "subprocess.Popen[bytes]":
    with _changing:
        while _standing_by:
            if (waiting := _standing_by.pop()).poll() is None:
                return waiting
            _end(waiting)
    try:
        return start_piped(sandbox_command(sandbox_child.__name__))
    except OSError as problem:
        raise Unusable(
            _(
                "The file cannot be read, because the system starts no further process. "
                "Close other programs or restart the PC, then try again."
            )
        ) from problem


def _watch(
    process: "subprocess.Popen[bytes]", over: threading.Event, progress: Progress | None, end: float
) -> None:
    while not over.wait(0.05):
        if time.monotonic() > end or (progress is not None and progress.is_cancelled):
            process.kill()
            return
