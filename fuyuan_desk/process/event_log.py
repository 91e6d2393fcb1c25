"""What went wrong and what was done, kept for a helper in a log of this PC that holds no value of anybody's.

A line of the log names an event by words of this program and counts; a bug is told by its kind and its way through
the files, never by its text, which may be a name. A fall of native code is written by Python's fault handler.
"""

import contextlib
import faulthandler
import logging
import logging.handlers
import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from fuyuan_desk.core.texts import _

_log = logging.getLogger("fuyuan_desk")
_SIZE, _KEPT = 512 * 1024, 3
_LAYOUT = "%(asctime)s %(levelname)s %(message)s"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}")
CRASH, FORMER_CRASH = "crash.log", "crash-before.log"


def log_file() -> Path:
    """Give the file that events and bugs are written to."""
    import platformdirs

    return Path(platformdirs.user_log_dir("fuyuan_desk", appauthor=False)) / "fuyuan_desk.log"


class _LogFile(logging.Handler):
    """Opens the log for each line and closes it again, so that several windows may turn it over."""

    def emit(self, record: logging.LogRecord) -> None:
        _write(record)


def _write(record: logging.LogRecord) -> Path | None:
    file = log_file()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8"
        )
        try:
            handler.setFormatter(logging.Formatter(_LAYOUT))
            # `emit` would print what hinders it
            if handler.shouldRollover(record):
                handler.doRollover()
            assert handler.stream is not None
            handler.stream.write(handler.format(record) + "\n")
            return file
        finally:
            handler.close()
    return None


def keep_log() -> None:
    """Write every event from now on to the log; before, and in tests, they go nowhere."""
    if not any(isinstance(handler, _LogFile) for handler in _log.handlers):
        _log.addHandler(_LogFile())
        _log.setLevel(logging.INFO)
        _log.propagate = False


def note(event: str, *details: str | int) -> None:
    """Tell an event: words of the program and counts only; anything else is written as '?'.

    Kinds of files, sizes, names of services are fine; what somebody typed, a path or a sentence is not.
    """
    told = [event, *(str(detail) for detail in details)]
    _log.info(" ".join(word if _is_plain(word) else "?" for word in told))


def _is_plain(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) or (word.isascii() and word.isdigit() and len(word) < 10)


def where(trace: TracebackType | None) -> str:
    """Tell the way to a bug: files, lines and functions, but no values, which may be personal."""
    frames = traceback.extract_tb(trace)
    return "\n".join(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def record(kind: type[BaseException], trace: TracebackType | None) -> Path | None:
    """Write a bug to the log and give the log's path, None where nothing can be written."""
    told = f"{kind.__name__}\n{where(trace)}"
    return _write(logging.LogRecord(_log.name, logging.ERROR, __file__, 0, told, None, None))


def watch_native(folder: Path | None = None) -> IO[str] | None:
    """Have a fall of native code written to the log's folder; what the last run left there is kept beside.

    Gives the file, which stays open as long as the program runs; None where nothing can be written.
    """
    folder = folder or log_file().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.path.exists(folder / CRASH) and os.path.getsize(folder / CRASH):
            os.replace(folder / CRASH, folder / FORMER_CRASH)
            note("fell")
        file = open(folder / CRASH, "w", encoding="utf-8")  # noqa: SIM115 - written to at the moment of the fall
    except OSError:
        return None
    faulthandler.enable(file)
    return file


def last_lines(most: int, name: str = "") -> list[str]:
    """Give the newest lines of the log, or of the file `name` beside it."""
    file = log_file()
    lines: list[str] = []
    for path in (file.with_name(name),) if name else (file, file.with_name(f"{file.name}.1")):
        with contextlib.suppress(OSError):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines() + lines
        if len(lines) >= most:
            break
    return lines[-most:]


def sentence(file: Path | None) -> str:
    """Tell the person at the desk that the program made a mistake."""
    if file is None:
        return _("The program made a mistake; what was saved is safe. Please start it again.")
    return _(
        "The program made a mistake; what was saved is safe. If it happens again, send {file} to your helper."
    ).format(file=file)


def catch_all(show: Callable[[str], object]) -> None:
    """Send every bug from now on to the log and to `show`."""

    def hook(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, bug, trace)
            return
        show(sentence(record(kind, trace)))

    sys.excepthook = hook
