"""Reading the trail: its entries by time, person, kind, record and words, newest first.

Past the ORM and with the index named, since a trail of a million entries is looked through while somebody waits.
Whoever was at the table may have left anything in it; an instant that cannot be read is `NEVER`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from fuyuan_desk.store.audit import redaction

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# how many entries are read for words typed into the filter
READ_MOST = 20_000
# entries of which there are no more than this are looked up one by one
RARE = 5_000
_AT_ONCE = 500
_COLUMNS = "id, at, operator, action, table_name, record_id"


@dataclass(frozen=True)
class Filter:
    """Which entries are meant: from an instant on, before another; empty choices mean all.

    `record` is a table and a record's number; `words` are looked for in what the entries say.
    """

    since: datetime | None = None
    before: datetime | None = None
    operators: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    record: tuple[str, int] | None = None
    words: tuple[str, ...] = ()


class Entry(NamedTuple):
    """An entry as it stands in the trail; `changes` may be its beginning only."""

    id: int
    at: datetime
    operator: str
    action: str
    table: str
    record_id: int | None
    changes: str


@dataclass(frozen=True)
class Whole:
    """All of one entry; `erased`: personal data was erased from it."""

    entry: Entry
    hash: str
    erased: bool


# --- ends


def last_id(connection: Connection) -> int:
    """Return the number of the last entry, 0 when there is none."""
    # numbers are given one by one and no row is ever removed; whether that holds, the check tells
    return connection.exec_driver_sql("SELECT max(id) FROM audit_entry").scalar() or 0


def count(connection: Connection) -> int:
    """Count all entries."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar_one())


# --- finding


def window(connection: Connection, offset: int, limit: int) -> list[int]:
    """Return the numbers of entries of the whole trail, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM audit_entry WHERE id <= ? ORDER BY id DESC LIMIT ?",
        (last_id(connection) - offset, limit),
    )
    return list(rows.scalars())


def find(connection: Connection, asked: Filter, most: int) -> tuple[list[int], bool]:
    """Return the numbers of the entries that fit, newest first and at most `most`; and whether there may be more."""
    conditions, values = _conditions(asked)
    if asked.record is not None:
        entries = redaction.entries_of(connection, *asked.record)
        conditions.append(f"id IN ({_numbers(entries)})")
        index = ""
    else:
        index = f"INDEXED BY {_index(connection, asked)}"
    kept = f"FROM audit_entry {index} WHERE {' AND '.join(conditions)} ORDER BY at DESC, id DESC LIMIT ?"
    if not asked.words:
        ids = list(connection.exec_driver_sql(f"SELECT id {kept}", (*values, most + 1)).scalars())
        return ids[:most], len(ids) > most
    looked = " AND ".join(["instr(changes, ?)"] * len(asked.words))
    written = [json.dumps(word, ensure_ascii=False)[1:-1] for word in asked.words]
    ids = list(
        connection.exec_driver_sql(
            f"SELECT id FROM (SELECT id, changes {kept}) WHERE {looked}", (*values, READ_MOST, *written)
        ).scalars()
    )
    return ids[:most], _reaches_further(connection, conditions, values, index)


def _conditions(asked: Filter) -> tuple[list[str], list[Any]]:
    conditions, values = ["at >= ?"], ["" if asked.since is None else written(asked.since)]
    if asked.before is not None:
        conditions.append("at < ?")
        values.append(written(asked.before))
    chosen = (("operator", asked.operators), ("action", asked.actions), ("table_name", asked.tables))
    for column, choice in chosen:
        if choice:
            conditions.append(f"{column} IN ({_marks(choice)})")
            values += choice
    return conditions, values


def _index(connection: Connection, asked: Filter) -> str:
    """Name the index to look through: that of what is rare, or else that of the time, which holds all."""
    ways = (
        ("ix_audit_entry_action", "action", asked.actions),
        ("ix_audit_entry_record", "table_name", asked.tables),
    )
    for index, column, chosen in ways:
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
    """Whether there are more entries than are read for typed words."""
    beyond = connection.exec_driver_sql(
        f"SELECT 1 FROM audit_entry {index} WHERE {' AND '.join(conditions)} LIMIT 1 OFFSET ?",
        (*values, READ_MOST),
    )
    return beyond.scalar() is not None


# --- reading


def written(at: datetime) -> str:
    """Write an instant as the trail does, so that its rows can be compared with it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _instant(at: object) -> datetime:
    try:
        return datetime.fromisoformat(str(at)).replace(tzinfo=UTC)
    except ValueError:  # somebody was at the table; the check tells, the list must still be there
        return NEVER


def read(connection: Connection, ids: Sequence[int], length: int) -> dict[int, Entry]:
    """Read entries by number, each with the first `length` characters of what it says."""
    found: dict[int, Entry] = {}
    for part in _parts(ids):
        rows = connection.exec_driver_sql(
            f"SELECT {_COLUMNS}, substr(changes, 1, {length}) FROM audit_entry WHERE id IN ({part})"
        )
        for number, at, *columns in rows:
            found[number] = Entry(number, _instant(at), *columns)
    return found


def read_whole(connection: Connection, entry_id: int) -> Whole | None:
    """Read all of one entry, None when there is none of that number."""
    row = connection.exec_driver_sql(
        f"SELECT hash, {_COLUMNS}, changes FROM audit_entry WHERE id = ?", (entry_id,)
    ).one_or_none()
    if row is None:
        return None
    link, number, at, *columns = row
    erased = connection.exec_driver_sql("SELECT 1 FROM redaction WHERE entry_id = ?", (entry_id,)).first()
    return Whole(Entry(number, _instant(at), *columns), link, erased is not None)


def hashes(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the links of the chain at these entries."""
    found: dict[int, str] = {}
    for part in _parts(ids):
        rows = connection.exec_driver_sql(f"SELECT id, hash FROM audit_entry WHERE id IN ({part})")
        found |= {number: link for number, link in rows}  # noqa: C416 - rows are no pairs to dict()
    return found


def _parts(ids: Sequence[int]) -> Iterator[str]:
    for start in range(0, len(ids), _AT_ONCE):
        yield _numbers(ids[start : start + _AT_ONCE])


def _numbers(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids))
