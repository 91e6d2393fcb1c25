"""The self-test in a process of its own, which disturbs nothing here, with progress and cancelling.

The process writes the number of its checks, then the lines of its result. It ends by itself, with the processes that
it started, as soon as its input ends: on cancelling, and when this program is gone.
"""

import contextlib
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from typing import IO, NamedTuple

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.process.own_command import own_command, start_piped

COMMAND = ("--self-test", "--lines")
_SECONDS = 300.0
_END_SECONDS = 3.0


class Result(NamedTuple):
    """The outcome of the self-test and its lines, the last of which is the verdict."""

    passed: bool
    lines: tuple[str, ...]


def command() -> list[str]:
    """Return the command line of the self-test that writes its number of checks first."""
    return own_command(*COMMAND)


def run_self_test(
    progress: Progress, make_command: Callable[[], list[str]] = command, seconds: float = _SECONDS
) -> Result:
    """Run the self-test and return its result; `progress` hears of each line.

    Raises `Cancelled`, and `Unusable` when the process cannot be started; in each case it has ended by then.
    """
    process = _start(make_command())
    assert process.stdout is not None
    arrived: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, arrived), name="self-test", daemon=True)
    reader.start()
    try:
        lines, is_whole = _collect(arrived, progress, time.monotonic() + seconds)
    finally:
        _end(process)
        reader.join()
        process.stdout.close()
    if not is_whole or not lines or process.returncode not in (0, 1):
        return Result(
            False, (*lines, _("The self-test did not come to its end. Restart the PC and try again."))
        )
    return Result(process.returncode == 0, tuple(lines))


def _collect(arrived: "queue.Queue[str | None]", progress: Progress, end: float) -> tuple[list[str], bool]:
    """Return the lines until their end or the time `end`, and whether they ended."""
    lines: list[str] = []
    total = 0
    while time.monotonic() < end:
        progress.step(max(len(lines) - 1, 0), total, lines[-1] if lines else "")
        try:
            line = arrived.get(timeout=0.1)
        except queue.Empty:
            continue
        if line is None:
            return lines, True
        if not total and line.isdecimal():
            total = int(line)
        else:
            lines.append(line)
    return lines, False


def _start(arguments: list[str]) -> "subprocess.Popen[bytes]":
    try:
        return start_piped(arguments)
    except OSError as problem:
        raise Unusable(
            _(
                "The self-test does not start, because the system starts no further process. "
                "Close other programs or restart the PC, then try again."
            )
        ) from problem


def _read(source: IO[bytes], arrived: "queue.Queue[str | None]") -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in source:
            arrived.put(line.decode("utf-8", errors="replace").rstrip())
    arrived.put(None)


def _end(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def watch_input(progress: Progress) -> None:
    """Cancel `progress` when the standard input of this process ends; returns at once."""

    def watch() -> None:
        try:
            while os.read(0, 4096):  # by its number: a buffered reader could not be closed meanwhile
                pass
        except OSError:  # it has none, and so no end
            return
        progress.cancel()

    threading.Thread(target=watch, name="input", daemon=True).start()
