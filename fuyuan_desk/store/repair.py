"""What an end without a close left behind is cleared when an office is opened, and told in sentences.

Nothing here makes what was saved safe – that the database's transactions do, and files that take their name when
they are whole. Here goes what such an end leaves: halves of files, photos whose record was never written. It runs
under the office's lock, before anybody sits down, so that whatever belongs to no record is nobody's work of now.
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
from fuyuan_desk.store.media import files as media

# halves of what takes its name when it is whole, by the folder they lie in ('**' for all below)
_HALVES = (
    ".*.tmp",
    ".writable-*",
    "store*.part",
    "before-migration/*.part",
    "media/**/.*.tmp",
    "media/**/*.part",
)
_NAME = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Repair:
    """What was found and cleared at an opening; `badly_since` is when the run that was not closed had begun."""

    was_closed: bool = True
    badly_since: datetime | None = None
    done: tuple[str, ...] = ()

    @property
    def has_news(self) -> bool:
        """Whether there is anything to say."""
        return not self.was_closed or bool(self.done)

    def sentence(self) -> str:
        """Say it all in a few sentences, '' when there is nothing to say."""
        told = []
        if not self.was_closed and self.badly_since is not None:
            begun = self.badly_since.astimezone().strftime("%Y-%m-%d %H:%M")
            told.append(
                _(
                    "The program that was opened on {when} was not closed properly; nothing saved was lost."
                ).format(when=begun)
            )
        elif not self.was_closed:
            told.append(_("The program was not closed properly; nothing saved was lost."))
        return " ".join((*told, *self.done))


def before_opening(folder: Path) -> list[str]:
    """Clear halves of files; gives a sentence for each kind. The lock must be held and the database closed."""
    done: list[str] = []
    cleared = sum(_clear(half) for half in _halves(folder))
    if os.path.exists(folder / keyring.FILE) and os.path.exists(folder / keyring.UNFINISHED):
        cleared += _clear(folder / keyring.UNFINISHED)
    _make_writable(folder)
    if cleared:
        done.append(_("Files written only in part, cleared away: {n}.").format(n=cleared))
    return done


def after_opening(connection: Connection, folder: Path, key: bytes) -> list[str]:
    """Clear photos that neither a record nor a draft refers to; gives a sentence for each thing done.

    Reads the folder of photos as a whole, so it is for openings after an end without a close. While the trail's end is
    not what was kept of it, nothing is removed: an older database may have been put under newer photos.
    """
    if anchor.faults(connection, folder, anchor.kept(folder, key)):
        return []
    known = _wanted(connection)
    cleared = sum(_clear(path) for path in _photo_files(folder) if path.stem not in known)
    if not cleared:
        return []
    return [_("Photo files that belong to no record, cleared away: {n}.").format(n=cleared)]


def summary_of(previous_owner: LockOwner | None, done: Iterable[str]) -> Repair:
    """Sum an opening up; `previous_owner` is who had the office open and did not close it, None when it was closed."""
    if previous_owner is None:
        return Repair(done=tuple(done))
    return Repair(False, previous_owner.opened_at, tuple(done))


def _halves(folder: Path) -> Iterator[Path]:
    for pattern in _HALVES:
        yield from (path for path in folder.glob(pattern) if path.is_file())


def _clear(path: Path) -> int:
    try:
        files.remove(path)
    except OSError:  # it only takes up room
        return 0
    return 1


def _make_writable(folder: Path) -> None:
    # made while the database could only be read, they would keep it so
    for name in ("store.db-wal", "store.db-shm"):
        if os.path.exists(folder / name) and not os.access(folder / name, os.W_OK):
            with contextlib.suppress(OSError):
                (folder / name).chmod(0o600)


def _wanted(connection: Connection) -> set[str]:
    table = attachments.Attachment.__table__
    known = set(connection.scalars(table.select().with_only_columns(table.c.content).distinct()))
    # whatever a draft says, of whichever form: a name of a photo has a shape nothing else has
    for (content,) in connection.exec_driver_sql("SELECT content FROM draft"):
        known.update(_NAME.findall(str(content)))
    return known


def _photo_files(folder: Path) -> Iterator[Path]:
    for path in (folder / "media").glob("??/*"):
        if path.suffix in (media.PHOTO, media.THUMBNAIL) and _NAME.fullmatch(path.stem):
            yield path
