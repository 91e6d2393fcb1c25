"""Standard output of a command: lines, and what it means when they cannot be written."""

import contextlib
import os
import sys
from collections.abc import Iterator

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.system_errors import is_closed_pipe
from fuyuan_desk.core.texts import _


class ReaderGone(Exception):
    """The program that read the output has ended, as `more` does: nothing is wrong, and nobody reads on."""


def write_line(line: str) -> None:
    """Write a line to standard output; raises `ReaderGone`, or `Unusable` when its disk refuses."""
    with _understood():
        print(line)


def flush() -> None:
    """Write what is still held back; raises as `write_line` does."""
    with _understood():
        if sys.stdout is not None:
            sys.stdout.flush()


def write_error(line: str) -> None:
    """Write a line to standard error, in vain when nobody reads that any more."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr)


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    # here alone, so that an error of any other file keeps its own meaning
    stream = sys.stdout
    try:
        yield
    except OSError as problem:
        is_read = not is_closed_pipe(problem, stream)
        _mute()
        if not is_read:
            raise ReaderGone from problem
        raise Unusable(_("The output could not be written: the disk is full or not available.")) from problem


def _mute() -> None:
    """Discard further output; otherwise Python would fail again when it flushes on exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
