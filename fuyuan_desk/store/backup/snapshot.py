"""A consistent snapshot of a store while the desk goes on writing.

The write-ahead log is emptied into the main file, and a second connection starts a read transaction at that moment.
As long as it lasts, writes go into the log only and the main file does not change, so it can be copied as it is,
encrypted. Where the database must not be opened twice (on a network disk), the store is locked during the copy.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.core.files import as_unusable
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.backup.photo_pool import path_of
from fuyuan_desk.store.db import attachments, readers
from fuyuan_desk.store.db.engine import checkpoint, driver_connection, refuse_full_log
from fuyuan_desk.store.db.errors import readable_database_errors
from fuyuan_desk.store.db.readers import Facts
from fuyuan_desk.store.keys import key_change, keyring
from fuyuan_desk.store.layout import DATABASE, MEDIA
from fuyuan_desk.store.store import Store

_NAME = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Snapshot:
    """A snapshot of a store: its main file, its small files by name, the photos that records refer to."""

    file: Path
    store_uid: str
    small: dict[str, bytes]
    photos: tuple[str, ...]
    _connection: Any

    def facts(self) -> Facts:
        """Read the facts that the copy is compared by; may run during the copying."""
        return readers.facts(self._connection)


@contextlib.contextmanager
def open_snapshot(store: Store) -> Iterator[Snapshot]:
    """Open a snapshot of `store`; its main file does not change until the end.

    Raises `Unusable` when the disk refuses or another program has the file open.
    """
    store.save_trail_end()
    folder, key = store.folder, store.key
    with (
        contextlib.ExitStack() as resources,
        contextlib.ExitStack() as turn,
        readable_database_errors(folder),
    ):
        turn.enter_context(store.snapshot_lock)
        session = turn.enter_context(store.use())
        photos = _photos(session, folder)
        keys = key_change.effective(session.connection(), folder)
        session.rollback()
        checkpoint(store.engine)
        refuse_full_log(folder)
        small = {keyring.FILE: keyring.to_bytes(keys), **_trail_end(folder)}
        if is_alone(store):
            connection = resources.enter_context(driver_connection(store.engine))
        else:
            connection = readers.open_reader(folder / DATABASE, key)
            resources.callback(connection.close)
            readers.begin(connection)
            turn.close()
        yield Snapshot(folder / DATABASE, keys.store_uid, small, photos, connection)


def is_alone(store: Store) -> bool:
    """Return whether the database must not be opened twice; must be called within a use."""
    with driver_connection(store.engine) as connection:
        return bool(connection.execute("PRAGMA locking_mode").fetchone()[0] == "exclusive")


def _trail_end(folder: Path) -> dict[str, bytes]:
    try:
        return {anchor.FILE: (folder / anchor.FILE).read_bytes()}
    except FileNotFoundError:  # reported by the check; no reason to refuse a backup
        return {}
    except OSError as problem:
        raise as_unusable(problem, folder / anchor.FILE) from problem


def _photos(session: Session, folder: Path) -> tuple[str, ...]:
    """List the photos that records refer to, and those present that drafts refer to."""
    names = set(attachments.contents(session))
    for (content,) in session.connection().exec_driver_sql("SELECT content FROM draft"):
        drafted = (name for name in _NAME.findall(str(content)) if name not in names)
        names.update(name for name in drafted if path_of(folder / MEDIA, name).is_file())
    return tuple(sorted(names))
