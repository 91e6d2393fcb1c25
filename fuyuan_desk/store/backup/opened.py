"""Open a backup with a secret and verify it completely; nothing is written into it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from fuyuan_desk.core.errors import NotAllowed, Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.backup import copy, manifest
from fuyuan_desk.store.backup.manifest import Manifest
from fuyuan_desk.store.backup.photo_pool import path_of
from fuyuan_desk.store.db import migrate, readers
from fuyuan_desk.store.keys import attempts, keyring
from fuyuan_desk.store.keys.attempts import Attempts
from fuyuan_desk.store.keys.keyring import Keyring
from fuyuan_desk.store.layout import DATABASE, MEDIA
from fuyuan_desk.store.media.files import Media

Unlock = Callable[[Keyring], bytes]
# eight times the cost of an attempt in an office
_MAX_COST = 8 * keyring.Cost().passes * keyring.Cost().memory_kib
_OPERATORS = "SELECT login, role, active, name, id FROM operator"
_ON_OPERATORS = (
    "SELECT id, at, operator, action, record_id, changes FROM audit_entry"
    " WHERE table_name = 'operator' OR action = 'change_key' ORDER BY id"
)
_NEWEST = (
    "SELECT at, table_name FROM audit_entry"
    " WHERE action IN ('insert', 'update', 'delete') AND table_name NOT IN ('operator', 'backup_place')"
    " ORDER BY id DESC LIMIT 1"
)


@dataclass(frozen=True)
class Known:
    """An operator in the backup."""

    login: str
    role: str
    active: bool
    name: str
    id: int = 0


@dataclass(frozen=True)
class Entry:
    """An entry of the backup's trail on an operator."""

    id: int
    at: datetime
    operator: str
    action: str
    record_id: int | None
    changes: str


@dataclass(frozen=True)
class Newest:
    """The instant and table of the newest change of a record."""

    at: datetime
    table: str


class Opened:
    """A verified backup; `close` it to wipe the key."""

    def __init__(self, path: Path, listed: Manifest, keys: Keyring, key: bytes) -> None:
        self.path, self.listed, self.keyring = path, listed, keys
        self.photos = path.parent / MEDIA
        self.office = ""
        self.newest: Newest | None = None
        self.operators: tuple[Known, ...] = ()
        self.on_operators: tuple[Entry, ...] = ()
        self.missing_photos: frozenset[str] = frozenset()
        self._key = bytearray(key)

    @property
    def key(self) -> bytes:
        """The raw key; `NotAllowed` once closed."""
        if not self._key:
            raise NotAllowed(_("The backup is closed. Open it again."))
        return bytes(self._key)

    def close(self) -> None:
        """Wipe the key."""
        self._key[:] = bytes(len(self._key))
        self._key.clear()


def open_with(path: Path, unlock: Unlock, progress: Progress | None = None) -> Opened:
    """Open a backup with the key that `unlock` returns, then check seal, every hash, and the database by reading it.

    The result lists photos that are missing or damaged. Raises `NotAllowed` for a wrong secret (with a growing pause),
    `Unusable` for a backup of a newer program, for a damaged one (naming the file), or when a disk refuses.
    """
    progress = progress or Progress()
    listed = _listed(path)
    _refuse_newer(listed)
    if copy.entry(path / keyring.FILE) != listed.files[keyring.FILE]:
        raise damaged(keyring.FILE)
    keys = keyring.read(path)
    if any(slot.cost.passes * slot.cost.memory_kib > _MAX_COST for slot in keys.slots):
        raise damaged(keyring.FILE)  # it could keep the PC busy for minutes
    key = _unlock(path.parent, keys, unlock)
    if keys.store_uid != listed.store_uid or not manifest.is_sealed(listed, key):
        raise damaged(manifest.FILE)
    opened = Opened(path, listed, keys, key)
    try:
        _verify_files(opened, progress)
        _verify_database(opened)
        opened.missing_photos = _missing_photos(opened, progress)
    except BaseException:
        opened.close()
        raise
    return opened


def damaged(name: str) -> Unusable:
    """Return the error for a file that differs from what was backed up."""
    return Unusable(
        _("{file} of this backup is damaged or was changed. Choose another backup.").format(file=name)
    )


def _listed(path: Path) -> Manifest:
    try:
        return manifest.read(path)
    except manifest.Newer as newer:
        raise _newer() from newer
    except manifest.NotOurs as problem:
        raise damaged(manifest.FILE) from problem


def _newer() -> Unusable:
    return Unusable(
        _("This backup was written by a newer version of the program. Please install the newest version.")
    )


def _refuse_newer(listed: Manifest) -> None:
    if listed.facts.revision > migrate.NEWEST:
        raise _newer()


# --- attempts ------------------------------------------------------------------------------------------

# on a read-only drive, wrong passwords are counted here while the program runs
_counted: dict[Path, Attempts] = {}


def _unlock(root: Path, keys: Keyring, unlock: Unlock) -> bytes:
    now = datetime.now(UTC)
    with contextlib.suppress(Unusable):
        attempts.refuse_during_pause(root, now)
    _refuse_during_pause(root, now)
    try:
        key = unlock(keys)
    except NotAllowed:
        try:
            attempts.count_failure(root, now)
        except Unusable:
            _counted[root] = Attempts(_counted.get(root, Attempts()).failures + 1, now)
        raise
    _counted.pop(root, None)
    with contextlib.suppress(Unusable):
        attempts.clear(root)
    return key


def _refuse_during_pause(root: Path, now: datetime) -> None:
    left = attempts.remaining(_counted.get(root, Attempts()), now)
    if left:
        raise NotAllowed(attempts.pause_sentence(left))


# --- verification --------------------------------------------------------------------------------------


def _verify_files(opened: Opened, progress: Progress) -> None:
    total = sum(entry.size for entry in opened.listed.files.values())
    step = copy.Tally(progress, total, _("Database, MB"))
    for name, expected in opened.listed.files.items():
        if not copy.is_plain(opened.path / name, expected.size):
            raise damaged(name)
        if copy.entry(opened.path / name, step) != expected:
            raise damaged(name)


@contextlib.contextmanager
def _reading(opened: Opened) -> Iterator[Any]:
    from sqlcipher3 import dbapi2

    try:
        connection = readers.open_copy(opened.path / DATABASE, opened.key)
        try:
            yield connection
        finally:
            connection.close()
    except (OperationalError, dbapi2.Error) as problem:
        raise damaged(DATABASE) from problem


def _verify_database(opened: Opened) -> None:
    with _reading(opened) as connection:
        if readers.facts(connection) != opened.listed.facts:
            raise damaged(DATABASE)
        name = connection.execute("SELECT name FROM office").fetchone()
        newest = connection.execute(_NEWEST).fetchone()
        operators = connection.execute(_OPERATORS).fetchall()
        entries = connection.execute(_ON_OPERATORS).fetchall()
    opened.office = str(name[0]) if name else ""
    if newest:
        opened.newest = Newest(_instant(newest[0]), str(newest[1]))
    opened.operators = tuple(
        Known(str(login), str(role), bool(active), str(person), int(identity))
        for login, role, active, person, identity in operators
    )
    opened.on_operators = tuple(Entry(entry[0], _instant(entry[1]), *entry[2:]) for entry in entries)


def _instant(stored: object) -> datetime:
    at = datetime.fromisoformat(str(stored))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _missing_photos(opened: Opened, progress: Progress) -> frozenset[str]:
    media, listed = Media(opened.photos, opened.key), opened.listed.photos
    missing = set()
    for done, (name, expected) in enumerate(listed.items()):
        progress.step(done, len(listed), _("Photos"))
        path = path_of(opened.photos, name)
        try:
            if copy.is_plain(path, expected.size) and copy.entry(path) == expected:
                continue
            media.read(name)  # the same photo may have been encrypted again
        except Unusable:
            missing.add(name)
    progress.step(len(listed), len(listed), _("Photos"))
    return frozenset(missing)
