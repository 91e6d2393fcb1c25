"""The other side of the sandbox: one task from standard input, its results to standard output, then the end.

Imported by every such process: it must stay quick to load.
"""

import contextlib
import gc
import io
import os
import pickle
import sys
from collections.abc import Iterator
from enum import IntEnum
from types import GeneratorType
from typing import BinaryIO

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import use_language


class Kind(IntEnum):
    """What a message to the program carries: a result, or how the work ended."""

    ITEM = 0
    DONE = 1
    REFUSED = 2
    FAILED = 3
    TOO_MUCH = 4


def serve() -> None:
    """Run the task from standard input, write its messages to standard output, and exit."""
    with open(0, "rb", closefd=False) as tasks, os.fdopen(os.dup(1), "wb") as messages:
        os.dup2(2, 1)  # what a native reader prints must not get between the messages
        sys.stdout = None
        # the program has stopped waiting, or ended without a task
        with contextlib.suppress(OSError, EOFError):
            for message in _messages(tasks):
                messages.write(message)
                messages.flush()
    os._exit(0)  # quicker than releasing the memory piece by piece


def _messages(tasks: BinaryIO) -> Iterator[bytes]:
    task = pickle.load(tasks)  # noqa: S301 - from our own process
    while callable(task):  # work whose module is to be loaded before there is a task
        task = pickle.load(tasks)  # noqa: S301
    code, seconds, megabytes, work, arguments = task
    try:
        gc.disable()  # the process is over before anything is worth collecting
        use_language(code)
        _limit(int(seconds) + 1, megabytes << 20)
        result = work(*arguments)
        for item in result if isinstance(result, GeneratorType) else (result,):
            yield _message(Kind.ITEM, item)
        yield _message(Kind.DONE)
    except UserError as refusal:
        yield _message(Kind.REFUSED, (type(refusal), refusal.message))
    except MemoryError:
        yield _message(Kind.TOO_MUCH)
    except Exception as fault:  # noqa: BLE001 - raised again in the program
        yield _message(Kind.FAILED, fault)


def _message(kind: Kind, content: object = None) -> bytes:
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    # results are trees of many small values: to remember each of them takes as long as to write it
    pickler.fast = True
    pickler.dump((kind, content))
    return buffer.getvalue()


def _limit(seconds: int, more: int) -> None:
    """Bound the memory by `more` bytes than are in use now, and the processor time should the program be gone."""
    if sys.platform == "win32":
        _limit_on_windows(seconds, more)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no copy of a roster may stay on the disk
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            taken = int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:  # macOS has no such file; the time is bounded there all the same
        return
    resource.setrlimit(resource.RLIMIT_AS, (taken + more, taken + more))


if sys.platform == "win32":
    import ctypes

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

    def _limit_on_windows(seconds: int, more: int) -> None:
        # a job object bounds what a process may commit; where it is refused, only the time stays bounded
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
        job = kernel.CreateJobObjectW(None, None)
        limits = _Extended()
        # PROCESS_TIME, PROCESS_MEMORY, DIE_ON_UNHANDLED_EXCEPTION (no window of a fault)
        limits.basic.flags = 0x2 | 0x100 | 0x400
        limits.basic.process_time = seconds * 10_000_000
        limits.process_memory = (64 << 20) + more
        kernel.SetInformationJobObject(
            ctypes.c_void_p(job), 9, ctypes.byref(limits), ctypes.c_uint32(ctypes.sizeof(limits))
        )
        kernel.AssignProcessToJobObject(ctypes.c_void_p(job), ctypes.c_void_p(kernel.GetCurrentProcess()))
else:

    def _limit_on_windows(seconds: int, more: int) -> None:
        raise NotImplementedError
