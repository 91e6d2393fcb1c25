"""Give an office another key: its database, its photos and the seal on the end of its trail, at once or not at all.

1. Each photo is written again beside the present one, encrypted with the other key.
2. A copy of the database is encrypted with it. It holds the event of the change, and the mark of the staged key file.
3. The end of the trail, sealed with it, and the key file are staged beside the present ones.
4. The copy replaces the database by one rename: now the other key is valid, and the former one opens nothing here.
5. What was staged replaces photos, trail end and key file.

If the program ends before step 4, the next opening removes what was staged; if it ends later, it does step 5. Each
staged file shows by its own seal to which key it belongs. Copies made before, such as backups, stay readable with the
former key.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError, OperationalError

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Conflict, Unusable, UserError
from fuyuan_desk.core.files import as_unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.backup import copy
from fuyuan_desk.store.db import migrate, readers
from fuyuan_desk.store.db.engine import checkpoint, engine_on, refuse_full_log
from fuyuan_desk.store.db.readers import Facts
from fuyuan_desk.store.keys import key_change
from fuyuan_desk.store.keys.keyring import Keyring
from fuyuan_desk.store.layout import DATABASE, MEDIA
from fuyuan_desk.store.media import files as media_files
from fuyuan_desk.store.opening import configure_search
from fuyuan_desk.store.store import Store

ACT = "change_key"
COPY = "store-next.part"
_EVENTS = 2  # of agreement and change
_TRAIL = audit.AuditEntry.__tablename__


@dataclass(frozen=True)
class NewKey:
    """Another key and the keyring that wraps it; `operator` changes it, `detail` is logged with the event.

    `agreed` is the event of who agreed, logged before.
    """

    key: bytes
    keys: Keyring
    operator: str
    detail: Mapping[str, Any]
    agreed: audit.Event


@dataclass(frozen=True)
class Rekeyed:
    """A change of the key: photos that could not be read and stay as they are, and whether step 5 was completed."""

    unreadable_photos: int
    is_finished: bool


def change_key(store: Store, new: NewKey, progress: Progress | None = None) -> Rekeyed:
    """Give an open store another key; may run on any thread, while others use the store.

    Raises `Conflict` while the database is being copied or checked, `Unusable` when the disk refuses or the office is
    damaged, `Cancelled`; then the office has the former key, and nothing is left.
    """
    progress = progress or Progress()
    with store.copying.alone() as is_alone:
        if not is_alone:
            raise Conflict(
                _("The office is being backed up or checked. Wait until that is done, then try again.")
            )
        try:
            return _change(store, new, progress)
        except BaseException as problem:
            _discard(store)
            if isinstance(problem, OSError):
                raise as_unusable(problem, store.folder / COPY) from problem
            raise


def _change(store: Store, new: NewKey, progress: Progress) -> Rekeyed:
    _require_space(store.folder)
    written: set[str] = set()
    store.media.write_next(new.key, progress, written)
    with store.use() as session:
        session.rollback()
        unreadable = _exchange(store, new, progress, written)
        # from here on the other key is valid: nothing that fails may hide that from the caller
        with contextlib.suppress(DatabaseError):
            configure_search(store)
    return Rekeyed(unreadable, _finish(store))


def _require_space(folder: Path) -> None:
    with contextlib.suppress(OSError):
        photos = sum(path.stat().st_size for path in (folder / MEDIA).glob("??/*.bin"))
        needed = photos + os.path.getsize(folder / DATABASE)
        if shutil.disk_usage(folder).free < needed:
            raise Unusable(
                _(
                    "The disk that holds {path} has no room for a second copy of database and photos, which is needed"
                    " for a moment: {n} MB. Free some space, then try again."
                ).format(path=folder, n=-(-needed // 1_000_000))
            )


def _exchange(store: Store, new: NewKey, progress: Progress, written: set[str]) -> int:
    folder, former, part = store.folder, store.key, store.folder / COPY
    checkpoint(store.engine)
    refuse_full_log(folder)
    _remove_part(folder)
    size = os.path.getsize(folder / DATABASE)
    copy.copy(folder / DATABASE, part, copy.Tally(progress, size, _("Database, MB")))
    if copy.compared(folder / DATABASE, part) is None:
        raise _differs(part)
    with store.media.exchange(new.key):
        # those added meanwhile
        unreadable = store.media.write_next(new.key, progress, written)
        _encrypt(part, folder, former, new, unreadable)
        _verify(part, new.key, readers.facts_of(folder / DATABASE, former))
        key_change.stage(folder, new.keys)
        progress.step(0, 0, _("Database, MB"))  # the last moment to cancel
        store.exchange_database(part, new.key)
    return unreadable


@contextlib.contextmanager
def _copy_opened(part: Path, key: bytes) -> Iterator[Any]:
    """Open the copy, which needs no journal: it is thrown away when anything fails."""
    from sqlcipher3 import dbapi2

    try:
        connection = dbapi2.connect(str(part), check_same_thread=False, isolation_level=None)
        try:
            # the mode of the original would keep a log beside it, so that one is left first
            modes = (
                "journal_mode = DELETE",
                "journal_mode = OFF",
                "synchronous = OFF",
                "temp_store = MEMORY",
            )
            for pragma in ("cipher_log_level = NONE", f"key = \"x'{key.hex()}'\"", *modes):
                connection.execute(f"PRAGMA {pragma}").close()
            yield connection
        finally:
            connection.close()
    except dbapi2.Error as problem:
        if "malformed" in str(problem) or "not a database" in str(problem):
            raise _differs(part) from problem  # it was equal to the original, whose pages were checked
        raise OperationalError("rekey", None, problem) from problem


def _encrypt(part: Path, folder: Path, former: bytes, new: NewKey, unreadable: int) -> None:
    """Log the change in the copy, mark the key file in it, stage the end of its trail, and encrypt it."""
    with _copy_opened(part, former) as connection:
        if readers.broken_pages(connection):
            raise Unusable(
                _("The office's file is damaged. Leave it as it is and restore the newest backup.")
            )
        with engine_on(connection).connect() as copied:
            # the new seal must not cover up what is missing from the trail
            faults = len(anchor.faults(copied, folder, anchor.read_end(folder, former)))
            detail = {**new.detail, "unreadable_photos": unreadable, "trail_faults": faults}
            changed = audit.Event(ACT, "office", None, None, detail)
            audit.append_to(copied, new.operator, [new.agreed, changed])
            anchor.stage_end(copied, folder, new.key)
            key_change.mark(copied, new.keys)
        connection.execute(f"PRAGMA rekey = \"x'{new.key.hex()}'\"").close()


def _verify(part: Path, key: bytes, before: Facts) -> None:
    """Read the copy with the other key: every page, and what it holds."""
    with open(part, "rb+") as file:
        os.fsync(file.fileno())
    broken, found = readers.broken_pages_of(part, key), readers.facts_of(part, key)
    rows = {**before.rows, _TRAIL: before.rows[_TRAIL] + _EVENTS}
    if broken or (found.revision, found.rows, found.entry) != (before.revision, rows, before.entry + _EVENTS):
        raise _differs(part)


def _differs(part: Path) -> Unusable:
    return Unusable(
        _("What was read back from {path} is not what was written: the disk is failing.").format(path=part)
    )


def _finish(store: Store) -> bool:
    """Put in place what is left to be; return False when the disk refuses: the next opening does it."""
    try:
        media_files.settle_next(store.folder / MEDIA, store.key)
        anchor.settle_next(store.folder, store.key)
        key_change.finish(store.folder)
    except (OSError, Unusable):
        return False
    drop_migration_copies(store.folder)
    return True


def drop_migration_copies(folder: Path) -> None:
    """Remove the copies made before migrations: no key file in the folder opens them after a change of the key."""
    with contextlib.suppress(OSError):
        files.remove_tree(folder / migrate.COPIES)


def _discard(store: Store) -> None:
    """Remove what was staged; or, when the failure came after the exchange, complete it."""
    with contextlib.suppress(UserError, DatabaseError), store.use() as session:
        key_change.finish_or_discard(session.connection(), store.folder)
        session.rollback()
        settle(store.folder, store.key)
        session.close()
        store.engine.dispose()  # a connection made while the disk refuses may only read
    _remove_part(store.folder)


def _remove_part(folder: Path) -> None:
    for path in folder.glob(f"{COPY}*"):
        with contextlib.suppress(OSError):  # the next opening removes it
            files.remove(path)


def settle(folder: Path, key: bytes) -> None:
    """Put staged photos and the staged end of the trail in place if they belong to `key`, else remove them.

    What the disk refuses is left for the next opening.
    """
    with contextlib.suppress(OSError):
        media_files.settle_next(folder / MEDIA, key)
        anchor.settle_next(folder, key)
