"""Read the audit trail: entries by time, operator, kind, record and words, newest first.

Bypasses the ORM and names the index, because a trail of a million entries is searched while somebody waits. The table
may have been tampered with; an instant that cannot be read becomes `NEVER`.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from fuyuan_desk.store.audit import redaction

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# at most this many entries are read to search for words
READ_MOST = 20_000
# up to this many entries, the index of an action or table is selective enough
RARE = 5_000
_AT_ONCE = 500
# a block of an import begins with the first and last id of its records
_BLOCK = re.compile(r'\{"ids":\[(\d+),(\d+)\]')
_BLOCK_HEAD = 64
_SIGN_IN = '{"last_sign_in_at":'
_AFTER = (
    "SELECT id, action, record_uid IS NULL AND action = 'insert',"
    " CASE WHEN record_uid IS NULL AND action = 'insert' THEN substr(changes, 1, ?) END,"
    " table_name = 'operator' AND action = 'update' AND changes LIKE ?"
    " FROM audit_entry WHERE id > ? ORDER BY id"
)
_COLUMNS = "id, at, operator, action, table_name, record_id"


@dataclass(frozen=True)
class Filter:
    """Criteria for entries: from an instant on, before another; empty choices mean all.

    `record` is a table and a record's id; `words` are searched for in the entries' changes.
    """

    since: datetime | None = None
    before: datetime | None = None
    operators: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    record: tuple[str, int] | None = None
    words: tuple[str, ...] = ()


class Entry(NamedTuple):
    """An entry of the trail; `changes` may be truncated."""

    id: int
    at: datetime
    operator: str
    action: str
    table: str
    record_id: int | None
    changes: str


@dataclass(frozen=True)
class Whole:
    """A complete entry; `erased`: personal data was erased from it."""

    entry: Entry
    hash: str
    erased: bool


# --- ends


def last_id(connection: Connection) -> int:
    """Return the number of the last entry, 0 when there is none."""
    # numbers are consecutive and no row is ever removed, which the check verifies
    return connection.exec_driver_sql("SELECT max(id) FROM audit_entry").scalar() or 0


def count(connection: Connection) -> int:
    """Count all entries."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar_one())


def changes_after(connection: Connection, number: int, quiet: Collection[str]) -> tuple[int, int]:
    """Count the changes after an entry, and return the number of the last entry too.

    Entries of the actions `quiet` and the time of a sign-in are not counted; a block of an import counts as many
    changes as it has records. Reads only the entries after `number`.
    """
    changes, last = 0, number
    sign_in = f"{_SIGN_IN}%"
    rows = connection.exec_driver_sql(_AFTER, (_BLOCK_HEAD, sign_in, number))
    for entry, action, is_block, head, is_sign_in in rows:
        last = entry
        if action not in quiet and not is_sign_in:
            changes += _records_of(head) if is_block else 1
    return changes, last


def _records_of(head: str) -> int:
    """Return the number of records of a block from the beginning of its changes; 1 if that cannot be read."""
    found = _BLOCK.match(head)
    return 1 if found is None else max(int(found[2]) - int(found[1]) + 1, 1)


# --- finding


def window(connection: Connection, offset: int, limit: int) -> list[int]:
    """Return the numbers of entries of the whole trail, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM audit_entry WHERE id <= ? ORDER BY id DESC LIMIT ?",
        (last_id(connection) - offset, limit),
    )
    return list(rows.scalars())


def find(connection: Connection, criteria: Filter, most: int) -> tuple[list[int], bool]:
    """Return the numbers of the matching entries, newest first, at most `most`; and whether there may be more."""
    conditions, values = _conditions(criteria)
    if criteria.record is not None:
        entries = redaction.entries_of(connection, *criteria.record)
        conditions.append(f"id IN ({_numbers(entries)})")
        index = ""
    else:
        index = f"INDEXED BY {_index(connection, criteria)}"
    matching = f"FROM audit_entry {index} WHERE {' AND '.join(conditions)} ORDER BY at DESC, id DESC LIMIT ?"
    if not criteria.words:
        ids = list(connection.exec_driver_sql(f"SELECT id {matching}", (*values, most + 1)).scalars())
        return ids[:most], len(ids) > most
    contains = " AND ".join(["instr(changes, ?)"] * len(criteria.words))
    written = [json.dumps(word, ensure_ascii=False)[1:-1] for word in criteria.words]
    ids = list(
        connection.exec_driver_sql(
            f"SELECT id FROM (SELECT id, changes {matching}) WHERE {contains}", (*values, READ_MOST, *written)
        ).scalars()
    )
    return ids[:most], _reaches_further(connection, conditions, values, index)


def _conditions(criteria: Filter) -> tuple[list[str], list[Any]]:
    conditions, values = ["at >= ?"], ["" if criteria.since is None else written(criteria.since)]
    if criteria.before is not None:
        conditions.append("at < ?")
        values.append(written(criteria.before))
    chosen = (("operator", criteria.operators), ("action", criteria.actions), ("table_name", criteria.tables))
    for column, choice in chosen:
        if choice:
            conditions.append(f"{column} IN ({_marks(choice)})")
            values += choice
    return conditions, values


def _index(connection: Connection, criteria: Filter) -> str:
    """Return the index to search: that of a rare action or table, otherwise that of the time."""
    candidates = (
        ("ix_audit_entry_action", "action", criteria.actions),
        ("ix_audit_entry_record", "table_name", criteria.tables),
    )
    for index, column, chosen in candidates:
        if chosen:
            counted = (
                f"SELECT 1 FROM audit_entry INDEXED BY {index} WHERE {column} IN ({_marks(chosen)}) LIMIT ?"
            )
            found = connection.exec_driver_sql(
                f"SELECT count(*) FROM ({counted})", (*chosen, RARE + 1)
            ).scalar()
            if (found or 0) <= RARE:
                return index
    return "ix_audit_entry_at"


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _reaches_further(connection: Connection, conditions: list[str], values: list[Any], index: str) -> bool:
    """Return whether there are more entries than are read to search for words."""
    beyond = connection.exec_driver_sql(
        f"SELECT 1 FROM audit_entry {index} WHERE {' AND '.join(conditions)} LIMIT 1 OFFSET ?",
        (*values, READ_MOST),
    )
    return beyond.scalar() is not None


# --- reading


def written(at: datetime) -> str:
    """Format an instant as in the trail, for comparison with its rows."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _instant(at: object) -> datetime:
    try:
        return datetime.fromisoformat(str(at)).replace(tzinfo=UTC)
    except ValueError:  # tampered with: reported by the check, and the list must still be shown
        return NEVER


def read(connection: Connection, ids: Sequence[int], length: int) -> dict[int, Entry]:
    """Read entries by number, each with the first `length` characters of its changes."""
    found: dict[int, Entry] = {}
    for part in _parts(ids):
        rows = connection.exec_driver_sql(
            f"SELECT {_COLUMNS}, substr(changes, 1, {length}) FROM audit_entry WHERE id IN ({part})"
        )
        for number, at, *columns in rows:
            found[number] = Entry(number, _instant(at), *columns)
    return found


def read_whole(connection: Connection, entry_id: int) -> Whole | None:
    """Read a complete entry, None when there is none with that number."""
    row = connection.exec_driver_sql(
        f"SELECT hash, {_COLUMNS}, changes FROM audit_entry WHERE id = ?", (entry_id,)
    ).one_or_none()
    if row is None:
        return None
    link, number, at, *columns = row
    erased = connection.exec_driver_sql("SELECT 1 FROM redaction WHERE entry_id = ?", (entry_id,)).first()
    return Whole(Entry(number, _instant(at), *columns), link, erased is not None)


def hashes(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the chain hashes of these entries."""
    found: dict[int, str] = {}
    for part in _parts(ids):
        rows = connection.exec_driver_sql(f"SELECT id, hash FROM audit_entry WHERE id IN ({part})")
        found |= {number: link for number, link in rows}  # noqa: C416 - to dict() rows are not pairs
    return found


def _parts(ids: Sequence[int]) -> Iterator[str]:
    for start in range(0, len(ids), _AT_ONCE):
        yield _numbers(ids[start : start + _AT_ONCE])


def _numbers(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids))
