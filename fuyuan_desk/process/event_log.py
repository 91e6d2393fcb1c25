"""Log of events and bugs on this PC, for support; it contains no personal data.

A line names an event by identifiers of this program and counts; a bug is logged by its type and traceback, never by
its message, which may contain a name. A crash of native code is logged by Python's fault handler.
"""

import contextlib
import faulthandler
import logging
import os
import re
import sys
import traceback
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import IO

from fuyuan_desk.core import files, paths
from fuyuan_desk.core.texts import _

_log = logging.getLogger("fuyuan_desk")
_SIZE, _KEPT = 512 * 1024, 3
_LAYOUT = "%(asctime)s %(levelname)s %(message)s"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}")
CRASH, PREVIOUS_CRASH = "crash.log", "crash-before.log"
_PATIENCE_SECONDS = 0.2  # the window waits meanwhile
_FATAL = "Fatal Python error"
_EXCEPTION = re.compile(r"^Windows fatal exception: (.*)$", re.MULTILINE)
_CODE = re.compile(r"code 0x([0-9a-fA-F]{1,8})")
_HANDLED = (0xE06D7363, 0xE0434352)  # thrown by C++ and .NET; one that nobody catches ends in "Aborted"
_HANDLED_RANGES = (
    range(0x0000_06A4, 0x0000_0780),  # remote procedure calls: a printer or a service that is not there
    range(0x4000_0000, 0x8000_0000),  # messages to a debugger
    range(
        0x8001_0000, 0x8002_0000
    ),  # COM between processes: an object that is gone, a call at the wrong time
)


def log_file() -> Path:
    """Return the path of the log file."""
    tested = os.environ.get(paths.SETTINGS_VARIABLE)
    if tested:
        return Path(tested) / "fuyuan_desk.log"
    import platformdirs

    return Path(platformdirs.user_log_dir("fuyuan_desk", appauthor=False)) / "fuyuan_desk.log"


class _LogFile(logging.Handler):
    """Handler that opens and closes the log for each line, so that several processes can rotate it."""

    def emit(self, record: logging.LogRecord) -> None:
        _write(record)


def _write(record: logging.LogRecord) -> Path | None:
    file = log_file()
    line = logging.Formatter(_LAYOUT).format(record) + "\n"
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        _rotate(file, len(line.encode()))
        with open(file, "a", encoding="utf-8") as log:
            log.write(line)
        return file
    return None


def _rotate(file: Path, more: int) -> None:
    """Move the log aside when `more` bytes would make it too large.

    While another process holds one of the files, as is usual on Windows, the line goes into the present log.
    """
    if not file.exists() or file.stat().st_size + more <= _SIZE:
        return
    kept = [file, *(file.with_name(f"{file.name}.{number}") for number in range(1, _KEPT + 1))]
    with contextlib.suppress(OSError):
        for newer, older in reversed(list(pairwise(kept))):
            if newer.exists():
                files.replace(newer, older, _PATIENCE_SECONDS)


def start_logging() -> None:
    """Start to write events to the log; before this call, and in tests, they are discarded."""
    if not any(isinstance(handler, _LogFile) for handler in _log.handlers):
        _log.addHandler(_LogFile())
        _log.setLevel(logging.INFO)
        _log.propagate = False


def note(event: str, *details: str | int) -> None:
    """Log an event of identifiers and counts; any other detail is replaced by '?'.

    File types, sizes and names of services are allowed; user input, paths and sentences are not.
    """
    parts = [event, *(str(detail) for detail in details)]
    _log.info(" ".join(word if _is_safe(word) else "?" for word in parts))


def _is_safe(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) or (word.isascii() and word.isdigit() and len(word) < 10)


def where(trace: TracebackType | None) -> str:
    """Format a traceback as files, lines and functions, without values, which may be personal."""
    frames = traceback.extract_tb(trace)
    return "\n".join(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def record(kind: type[BaseException], trace: TracebackType | None) -> Path | None:
    """Write a bug to the log and return the log's path, or None if it cannot be written."""
    message = f"{kind.__name__}\n{where(trace)}"
    return _write(logging.LogRecord(_log.name, logging.ERROR, __file__, 0, message, None, None))


def log_crashes(folder: Path | None = None) -> IO[str] | None:
    """Log crashes of native code to a file in the log's folder; that of a run that crashed is kept as a copy.

    Returns the file, which stays open as long as the program runs; None if it cannot be written.
    """
    folder = folder or log_file().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if _has_crash(folder / CRASH):
            _keep(folder / CRASH, folder / PREVIOUS_CRASH)
            note("fell")
        file = open(folder / CRASH, "w", encoding="utf-8")  # noqa: SIM115 - written to when the process crashes
    except OSError:
        return None
    faulthandler.enable(file)
    return file


def _has_crash(file: Path) -> bool:
    return file.exists() and is_crash(file.read_text(encoding="utf-8", errors="replace"))


def _keep(file: Path, copy: Path) -> None:
    try:
        files.replace(file, copy, _PATIENCE_SECONDS)
    except OSError:  # another process has it open, such as the locked window that this one replaces
        copy.write_bytes(file.read_bytes())


def is_crash(text: str) -> bool:
    """Return whether the fault handler's output tells of a crash, not only of exceptions that were handled.

    On Windows the fault handler writes before anybody can handle an exception, so that those which dialogs, COM and
    drivers raise and handle themselves are written, too, while the program goes on.
    """
    if _FATAL in text:
        return True
    return any(not _is_handled(found[1]) for found in _EXCEPTION.finditer(text))


def _is_handled(kind: str) -> bool:
    found = _CODE.fullmatch(kind.strip())
    if found is None:  # named by the fault handler, as an access violation or a stack overflow is
        return False
    code = int(found[1], 16)
    return code in _HANDLED or any(code in codes for codes in _HANDLED_RANGES)


def last_lines(most: int, name: str = "") -> list[str]:
    """Return the newest lines of the log, or of the file `name` in its folder."""
    file = log_file()
    lines: list[str] = []
    for path in (file.with_name(name),) if name else (file, file.with_name(f"{file.name}.1")):
        with contextlib.suppress(OSError):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines() + lines
        if len(lines) >= most:
            break
    return lines[-most:]


def last_crash_lines(most: int) -> list[str]:
    """Return the last lines that the fault handler wrote about the previous crash, and about one of this run."""
    lines: list[str] = []
    for name in (PREVIOUS_CRASH, CRASH):
        with contextlib.suppress(OSError):
            if _has_crash(log_file().with_name(name)):
                lines += last_lines(most, name)
    return lines


def sentence(file: Path | None) -> str:
    """Return the message shown to the user after an internal error."""
    if file is None:
        return _("An internal error occurred; saved data is safe. Restart the program.")
    return _(
        "An internal error occurred; saved data is safe. If it happens again, send {file} to technical support."
    ).format(file=file)


def install_excepthook(show: Callable[[str], object]) -> None:
    """Install an exception hook that logs every bug and passes a message to `show`."""

    def hook(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, bug, trace)
            return
        show(sentence(record(kind, trace)))

    sys.excepthook = hook
