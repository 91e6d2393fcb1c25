"""Work on files that nobody here has made, in a process of its own that can be ended: bounded in time and memory.

Readers of foreign formats are native code: they cannot be interrupted by a thread, and memory that they ask for in
vain ends the process they run in. What looks as if it could do that is read apart; what looks ordinary is not, for
a process takes a tenth of a second to start, and more on an old PC.
"""

import contextlib
import ctypes
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import language, use_language

T = TypeVar("T")

SECONDS = 9.0
MEGABYTES = 400
FLAG = "--apart"  # the word by which a program that was made into one file calls itself
_START = "import sys; sys.path[:] = sys.argv[1:]; from fuyuan_desk.process.sandbox import serve; serve()"
_NO_WINDOW = 0x08000000  # Windows would show an empty black one
_DONE, _REFUSED, _FAILED, _TOO_MUCH = range(4)


class LimitExceeded(Exception):
    """The work took more time or memory than it may, or the native reader fell over the file."""


def run_in_sandbox(
    work: Callable[..., T],
    *arguments: object,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
) -> T:
    """Give what `work`, a function of a module, makes of `arguments` in another process.

    A refusal (`UserError`) and a fault of `work` are raised here as there. Raises `LimitExceeded` after `seconds`, or
    when it would take more than `megabytes` besides what Python takes, and `Cancelled` when `progress` is stopped; the
    process is gone by then.
    """
    task = pickle.dumps((language(), megabytes, work, arguments), pickle.HIGHEST_PROTOCOL)
    told = _told(task, progress, seconds)
    if progress is not None:
        progress.step(0, 0)
    if not told:  # it ended without a word
        raise LimitExceeded
    kind, outcome = pickle.loads(told)  # noqa: S301 - from our own process
    if kind == _REFUSED:
        refusal, message = outcome
        raise refusal(message)
    if kind == _FAILED:
        raise outcome
    if kind == _TOO_MUCH:
        raise LimitExceeded
    return outcome  # type: ignore[no-any-return] # what `work` gave went through a pipe


def _told(task: bytes, progress: Progress | None, seconds: float) -> bytes:
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, FLAG] if frozen else [sys.executable, "-I", "-c", _START, *sys.path]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # a native reader tells of its fall there, with the content of the file
        stderr=subprocess.DEVNULL,
        creationflags=_NO_WINDOW if os.name == "nt" else 0,
    )
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(process, over, progress, time.monotonic() + seconds))
    watch.start()
    try:
        answer = process.communicate(task)[0]
        return answer if process.returncode == 0 else b""  # one that was ended may have told half of it
    finally:
        over.set()
        watch.join()


def _watch(
    process: "subprocess.Popen[bytes]", over: threading.Event, progress: Progress | None, end: float
) -> None:
    while not over.wait(0.05):
        if time.monotonic() > end or (progress is not None and progress.is_cancelled):
            process.kill()
            return


# ---- over there ----


def serve() -> None:
    """Do the one work that is told on standard input and tell its outcome on standard output; then end."""
    with open(0, "rb", closefd=False) as given, open(1, "wb", closefd=False) as answer:
        sys.stdout = None  # nobody else may speak there
        with contextlib.suppress(OSError):  # nobody waits any more
            answer.write(_answer(given))
            answer.flush()
    os._exit(0)  # what lies in memory needs no tidying


def _answer(given: BinaryIO) -> bytes:
    speech, megabytes, work, arguments = pickle.load(given)  # noqa: S301 - from our own process
    try:
        use_language(speech)
        _limit_memory(megabytes << 20)
        return pickle.dumps((_DONE, work(*arguments)), pickle.HIGHEST_PROTOCOL)
    except UserError as refusal:
        return pickle.dumps((_REFUSED, (type(refusal), refusal.message)))
    except MemoryError:
        return pickle.dumps((_TOO_MUCH, None))
    except Exception as fault:  # noqa: BLE001 - raised again where it is waited for
        return pickle.dumps((_FAILED, fault))


def _limit_memory(more: int) -> None:
    if sys.platform == "win32":
        _limit_on_windows(more)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no copy of a roster is to lie about
    try:
        with open("/proc/self/statm", encoding="ascii") as told:
            taken = int(told.read().split()[0]) * resource.getpagesize()
    except OSError:  # macOS knows no such file; time is bounded there all the same
        return
    resource.setrlimit(resource.RLIMIT_AS, (taken + more, taken + more))


if sys.platform == "win32":

    class _Basic(ctypes.Structure):
        _fields_ = (
            ("process_time", ctypes.c_int64), ("job_time", ctypes.c_int64), ("flags", ctypes.c_uint32),
            ("least", ctypes.c_size_t), ("most", ctypes.c_size_t), ("processes", ctypes.c_uint32),
            ("affinity", ctypes.c_size_t), ("priority", ctypes.c_uint32), ("scheduling", ctypes.c_uint32),
        )  # fmt: skip

    class _Extended(ctypes.Structure):
        _fields_ = (
            ("basic", _Basic), ("io", ctypes.c_uint64 * 6), ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t), ("most_process", ctypes.c_size_t), ("most_job", ctypes.c_size_t),
        )  # fmt: skip

    def _limit_on_windows(more: int) -> None:
        # a job object bounds what a process may commit; one that is refused leaves the bound in time
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
        job = kernel.CreateJobObjectW(None, None)
        limits = _Extended()
        limits.basic.flags = (
            0x100 | 0x400
        )  # PROCESS_MEMORY, DIE_ON_UNHANDLED_EXCEPTION (no window of a fault)
        limits.process_memory = (64 << 20) + more
        kernel.SetInformationJobObject(
            ctypes.c_void_p(job), 9, ctypes.byref(limits), ctypes.c_uint32(ctypes.sizeof(limits))
        )
        kernel.AssignProcessToJobObject(ctypes.c_void_p(job), ctypes.c_void_p(kernel.GetCurrentProcess()))
else:

    def _limit_on_windows(more: int) -> None:
        raise NotImplementedError
