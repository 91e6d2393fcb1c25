"""The content of an office as far as an action may change it, compared before and after to detect partial actions."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.db import lock as store_lock
from fuyuan_desk.store.db import migrate
from fuyuan_desk.store.db.base import Base
from fuyuan_desk.store.keys import attempts, key_change, keyring

# a sign-in changes these; it is logged in the trail and belongs to no other action
_OF_SIGN_IN = {"operator": {"version", "last_sign_in_at"}}
# the trail is compared separately; a failed backup is logged in any case
_RUNS = "backup_run"
_OWN_TALE = {AuditEntry.__tablename__, _RUNS}
# what the opening of an office may log in the trail
OPENING = frozenset({"sign_in", "sign_out", "repair", "lock", "migrate"})
# logged in any case, so that an attempt is seen
_FAILED = frozenset({"change_key_failed"})
# files that belong in an office's folder; anything else is left over
_FILES = {
    "store.db", "store.db-wal", "store.db-shm", keyring.FILE, keyring.COPY, anchor.FILE, attempts.FILE,
    store_lock.LOCK, store_lock.OWNER_FILE, store_lock.SIGN_IN_LOCK,
}  # fmt: skip


@dataclass(frozen=True)
class LogEntry:
    """One row of the trail without its time: what an action logged."""

    action: str
    table: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """An office at one moment: a digest of each row by table and key, the trail, keys by slot, photos.

    `trail` is the key of the trail's newest row, `logged` the entries since an earlier picture.
    """

    rows: dict[str, dict[str, str]]
    trail: int
    logged: tuple[LogEntry, ...]
    keys: dict[str, str]
    media: frozenset[str]

    def same_as(self, other: "Picture") -> bool:
        """Return whether nothing differs but what signing in logs."""
        return (self.rows, self.keys, self.media) == (
            other.rows,
            other.keys,
            other.media,
        ) and not other.logged


def _digest(row: tuple[object, ...]) -> str:
    return hashlib.blake2b(repr(row).encode(), digest_size=8).hexdigest()


def _row_digests(seat: Seat) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    with seat.store.use() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in _OWN_TALE:
                continue
            left_out = _OF_SIGN_IN.get(table.name, set())
            columns = [column for column in table.columns if column.name not in left_out]
            found = session.connection().execute(select(*columns))
            keys = list(table.primary_key.columns)
            indexes = [columns.index(key) for key in keys]
            rows[table.name] = {
                ":".join(str(row[number]) for number in indexes): _digest(tuple(row)) for row in found
            }
    return rows


def _trail(seat: Seat, since: int) -> tuple[int, tuple[LogEntry, ...]]:
    with seat.store.use() as session:
        query = select(AuditEntry).where(AuditEntry.id > since).order_by(AuditEntry.id)
        entries = list(session.scalars(query))
        logged = tuple(
            LogEntry(entry.action, entry.table_name, tuple(sorted(json.loads(entry.changes))))
            for entry in entries
            if entry.action not in OPENING | _FAILED and entry.table_name != _RUNS and not _is_sign_in(entry)
        )
        last = session.scalar(select(func.max(AuditEntry.id)))
        return last or 0, logged


def _is_sign_in(entry: AuditEntry) -> bool:
    return (
        entry.table_name == "operator"
        and set(json.loads(entry.changes)) <= {"last_sign_in_at"}
        and (entry.action == "update")
    )


def take(seat: Seat, since: int = 1 << 62) -> Picture:
    """Read the open office; `logged` holds what the trail logs after the row `since`."""
    trail, logged = _trail(seat, since)
    with seat.store.use() as session:
        slots = key_change.effective(session.connection(), seat.store.folder).slots
    keys = {slot.who: slot.wrapped for slot in slots}
    media = seat.store.folder / "media"
    photos = frozenset(path.name for path in media.rglob("*.bin")) if media.is_dir() else frozenset()
    return Picture(_row_digests(seat), trail, logged, keys, photos)


@dataclass(frozen=True)
class Shape:
    """What a completed action changes: rows added, changed and removed by table, entries logged, keys, photos."""

    rows: tuple[tuple[str, int, int, int], ...]
    logged: tuple[tuple[LogEntry, int], ...]
    keys: int
    photos: int

    @property
    def nothing(self) -> bool:
        """Whether nothing was done at all."""
        return not (self.rows or self.logged or self.keys or self.photos)


def change(before: Picture, after: Picture) -> Shape:
    """Return in numbers how `after`, taken since the trail of `before`, differs."""
    rows = []
    for table, now in after.rows.items():
        was = before.rows.get(table, {})
        added, gone = len(now.keys() - was.keys()), len(was.keys() - now.keys())
        changed = sum(was[key] != now[key] for key in was.keys() & now.keys())
        if added or changed or gone:
            rows.append((table, added, changed, gone))
    keys = sum(before.keys.get(who) != after.keys.get(who) for who in before.keys.keys() | after.keys.keys())
    logged = Counter(after.logged)
    ordered = sorted(logged.items(), key=lambda item: (item[0].action, item[0].table, item[0].keys))
    return Shape(tuple(rows), tuple(ordered), keys, len(after.media) - len(before.media))


def left_over(folder: Path) -> list[str]:
    """List the files below an office's folder that no part of the program owns."""
    found = []
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if path.is_dir() or (len(relative.parts) == 1 and relative.name in _FILES):
            continue
        top = relative.parts[0]
        if top == "media" and path.suffix in (".bin", ".thumb") and len(relative.parts) == 3:
            continue
        if top == migrate.COPIES and path.suffix == ".db" and len(relative.parts) == 2:
            continue
        found.append(relative.as_posix())
    return found
