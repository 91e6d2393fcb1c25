"""Clean up after an improper shutdown when an office is opened, and report it in sentences.

Saved data is safe without this, through database transactions and files that are renamed when complete. This removes
what a shutdown in between leaves: partly written files, photos whose record was never written. It runs under the
office's lock before anybody signs in, so nothing without a record belongs to work in progress.
"""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from fuyuan_desk.core import files
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.db import attachments
from fuyuan_desk.store.db.lock import LockOwner
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.media.files import PHOTO, THUMBNAIL

# partly written files, which are renamed when complete, by their folder ('**' for all below)
_PARTIAL_FILES = (
    ".*.tmp",
    ".writable-*",
    "store*.part",
    "store*.part-*",
    "before-migration/*.part",
    "media/**/.*.tmp",
    "media/**/*.part",
)
_NAME = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Repair:
    """What was found and cleaned up at an opening; `unclosed_since` is the start of the run that was not closed."""

    was_closed: bool = True
    unclosed_since: datetime | None = None
    done: tuple[str, ...] = ()

    @property
    def has_report(self) -> bool:
        """Whether there is anything to report."""
        return not self.was_closed or bool(self.done)

    def sentence(self) -> str:
        """Return the report in a few sentences, '' when there is nothing to report."""
        sentences = []
        if not self.was_closed and self.unclosed_since is not None:
            started = self.unclosed_since.astimezone().strftime("%Y-%m-%d %H:%M")
            sentences.append(
                _(
                    "The program that was opened on {when} was not closed properly; nothing saved was lost."
                ).format(when=started)
            )
        elif not self.was_closed:
            sentences.append(_("The program was not closed properly; nothing saved was lost."))
        return " ".join((*sentences, *self.done))


def before_opening(folder: Path) -> list[str]:
    """Remove partly written files; return a sentence for each kind. The lock must be held, the database closed."""
    done: list[str] = []
    cleared = sum(_clear(path) for path in _partial_files(folder))
    if os.path.exists(folder / keyring.FILE) and os.path.exists(folder / keyring.UNFINISHED):
        cleared += _clear(folder / keyring.UNFINISHED)
    _make_writable(folder)
    if cleared:
        done.append(_("Partly written files removed: {n}.").format(n=cleared))
    return done


def after_opening(connection: Connection, folder: Path, key: bytes) -> list[str]:
    """Remove photos that neither a record nor a draft refers to; return a sentence for each thing done.

    Reads the whole folder of photos, so it is for openings after an improper shutdown. Nothing is removed while the
    trail differs from its stored end: an older database may have been put beside newer photos.
    """
    if anchor.faults(connection, folder, anchor.read_end(folder, key)):
        return []
    known = _referenced_photos(connection)
    cleared = sum(_clear(path) for path in _photo_files(folder) if path.stem not in known)
    if not cleared:
        return []
    return [_("Photo files without a record removed: {n}.").format(n=cleared)]


def summary_of(previous_owner: LockOwner | None, done: Iterable[str]) -> Repair:
    """Summarize an opening; `previous_owner` had the office open and did not close it, None when it was closed."""
    if previous_owner is None:
        return Repair(done=tuple(done))
    return Repair(False, previous_owner.opened_at, tuple(done))


def _partial_files(folder: Path) -> Iterator[Path]:
    for pattern in _PARTIAL_FILES:
        yield from (path for path in folder.glob(pattern) if path.is_file())


def _clear(path: Path) -> int:
    try:
        files.remove(path)
    except OSError:  # it only takes up space
        return 0
    return 1


def _make_writable(folder: Path) -> None:
    # created while the database was read-only, they would keep it so
    for name in ("store.db-wal", "store.db-shm"):
        if os.path.exists(folder / name) and not os.access(folder / name, os.W_OK):
            with contextlib.suppress(OSError):
                (folder / name).chmod(0o600)


def _referenced_photos(connection: Connection) -> set[str]:
    table = attachments.Attachment.__table__
    known = set(connection.scalars(table.select().with_only_columns(table.c.content).distinct()))
    # in a draft of any form: nothing else looks like the name of a photo
    for (content,) in connection.exec_driver_sql("SELECT content FROM draft"):
        known.update(_NAME.findall(str(content)))
    return known


def _photo_files(folder: Path) -> Iterator[Path]:
    for path in (folder / "media").glob("??/*"):
        if path.suffix in (PHOTO, THUMBNAIL) and _NAME.fullmatch(path.stem):
            yield path
