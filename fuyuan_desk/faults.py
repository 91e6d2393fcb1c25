"""Our own bugs: caught in one place, written to a log without personal data, told calmly."""

import logging
import logging.handlers
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from fuyuan_desk.texts import _

_log = logging.getLogger("fuyuan_desk")
_SIZE, _KEPT = 512 * 1024, 3


def log_file() -> Path:
    """Give the file that bugs are written to."""
    import platformdirs

    return Path(platformdirs.user_log_dir("fuyuan_desk", appauthor=False)) / "fuyuan_desk.log"


def where(trace: TracebackType | None) -> str:
    """Tell the way to a bug: files, lines and functions, but no values, which may be personal."""
    frames = traceback.extract_tb(trace)
    return "\n".join(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def record(kind: type[BaseException], trace: TracebackType | None) -> Path | None:
    """Write a bug to the log and give the log's path, None where nothing can be written."""
    file = log_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8"
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _log.addHandler(handler)
    try:
        _log.error("%s\n%s", kind.__name__, where(trace))
    finally:
        _log.removeHandler(handler)
        handler.close()
    return file


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
