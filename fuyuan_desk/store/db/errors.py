"""Errors of the database that come from outside – disk, rights, locks – as sentences."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.texts import _

_LITTLE_SPACE = 1 << 20


def _is_full(folder: Path, told: str) -> bool:
    if "full" in told:
        return True
    # a disk without room for the shared memory beside the database is reported as one that fails
    with contextlib.suppress(OSError):
        return "I/O" in told and shutil.disk_usage(folder).free < _LITTLE_SPACE
    return False


def _surroundings(folder: Path, told: str) -> str | None:
    """Give the sentence for a database error that comes from the surroundings, None for a bug."""
    if _is_full(folder, told):
        return _("The disk is full; nothing was changed. Free some space, then save again.")
    if "readonly" in told or "unable to open" in told:
        return _("The office's folder {folder} cannot be written to; nothing was changed.").format(
            folder=folder
        )
    if "locked" in told or "busy" in told:
        return _("Another program holds the office's file; nothing was changed. Try again in a moment.")
    if "I/O" in told:
        return _("The disk did not answer; nothing was changed. Check the disk or the stick, then try again.")
    if "malformed" in told or "not a database" in told:
        return _("The office's file is damaged. Leave it as it is and restore the newest backup.")
    return None


@contextlib.contextmanager
def readable_database_errors(folder: Path) -> Iterator[None]:
    """Turn the database's refusals that come from the surroundings into sentences."""
    try:
        yield
    except DatabaseError as problem:
        sentence = _surroundings(folder, str(problem.orig))
        if sentence is None:
            raise
        raise Unusable(sentence) from problem
