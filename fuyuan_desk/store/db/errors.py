"""Database errors caused from outside – disk, permissions, locks – as messages."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from fuyuan_desk.core.errors import DiskFull, Unusable
from fuyuan_desk.core.texts import _

_LITTLE_SPACE = 1 << 20


def disk_full() -> DiskFull:
    """Return the refusal of a change for which the office's disk has no room."""
    return DiskFull(_("The disk is full; nothing was changed. Free some space, then save again."))


def is_full(folder: Path, error: str) -> bool:
    """Return whether a database error, by its text, means that the disk of `folder` is full."""
    if "full" in error:
        return True
    # a disk without room for the shared memory file beside the database is reported as an I/O error
    with contextlib.suppress(OSError):
        return "I/O" in error and shutil.disk_usage(folder).free < _LITTLE_SPACE
    return False


def _environment_message(folder: Path, error: str) -> str | None:
    """Return the message for a database error caused by the environment, None for a bug."""
    if "readonly" in error or "unable to open" in error:
        return _("The office's folder {folder} cannot be written to; nothing was changed.").format(
            folder=folder
        )
    if "locked" in error or "busy" in error:
        return _("Another program holds the office's file; nothing was changed. Try again in a moment.")
    if "I/O" in error:
        return _("The disk did not answer; nothing was changed. Check the disk or USB drive, then try again.")
    if "malformed" in error or "not a database" in error:
        return _("The office's file is damaged. Leave it as it is and restore the newest backup.")
    return None


@contextlib.contextmanager
def readable_database_errors(folder: Path) -> Iterator[None]:
    """Turn database errors caused by the environment into `Unusable` with a message."""
    try:
        yield
    except DatabaseError as problem:
        if is_full(folder, str(problem.orig)):
            raise disk_full() from problem
        message = _environment_message(folder, str(problem.orig))
        if message is None:
            raise
        raise Unusable(message) from problem
    except MemoryError as problem:  # so SQLCipher reports some damaged pages
        message = _environment_message(folder, "not a database")
        assert message is not None
        raise Unusable(message) from problem
