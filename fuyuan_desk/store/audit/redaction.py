"""Erasing personal data from the trail, which keeps that something was written, by whom and when.

What remains is told with its digest by a row of `redaction`, which itself stands in the trail; the check accepts
exactly that and nothing else.
"""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import Redaction

ERASED = "[erased]"
"""Stands in the trail where a personal value stood."""
_LONGEST_REASON = 200
# the trail's own acts hold nothing personal and must stay as they are
_KEPT = {Redaction.__tablename__, "audit_entry"}
_BLOCK = '{"ids":['


def _without(value: Any) -> Any:
    """Give what remains of a value; what says nothing of anybody stays: empty, yes and no."""
    return value if value is None or isinstance(value, bool) or value in ("", [], {}) else ERASED


def _plain(changes: Mapping[str, Any], columns: Collection[str]) -> dict[str, Any]:
    """Erase columns of one record's act: values, or pairs of old and new."""

    def erased(column: str, value: Any) -> Any:
        if column not in columns:
            return value
        return [_without(part) for part in value] if _is_pair(value) else _without(value)

    return {column: erased(column, value) for column, value in changes.items()}


def _is_pair(value: Any) -> bool:
    # of two alike parts: a list of a JSON column is erased part by part, which leaves no more of it
    return isinstance(value, list) and len(value) == 2


def _of_block(
    changes: Mapping[str, Any], columns: Collection[str], records: Collection[int]
) -> dict[str, Any]:
    """Erase columns of some records of a block."""
    first, last = changes["ids"]
    size = last - first + 1
    places = {record - first for record in records}
    rows = dict(changes["rows"])
    for column in columns & rows.keys():
        value = rows[column]
        # a column that says the same in every row says it once
        values = list(value) if isinstance(value, list) else [value] * size
        erased = [_without(part) if place in places else part for place, part in enumerate(values)]
        if erased != values:
            rows[column] = erased
    return {**changes, "rows": rows}


def redact_records(
    session: Session, table: str, records: Mapping[int, str], columns: Collection[str], reason: str
) -> int:
    """Erase the values of `columns` of records (id → uid) wherever the trail tells them; give the entries changed.

    Their own acts by id and uid, and their places in the blocks that imports told, each written anew but once. What
    others wrote about a record in words of their own (notes, filters of exports) is not found. `reason` is kept and
    must itself say nothing of a person. The transaction is the session's.
    """
    session.flush()
    connection = session.connection()
    entries: dict[int, set[int]] = {}
    for record_id, record_uid in records.items():
        for entry in entries_of(connection, table, record_id, record_uid):
            entries.setdefault(entry, set()).add(record_id)
    return _redact(session, entries, frozenset(columns), reason)


def entries_of(connection: Connection, table: str, record_id: int, record_uid: str = "") -> list[int]:
    """Give the ids of the entries that tell of one record, oldest first."""
    own = connection.exec_driver_sql(
        "SELECT id FROM audit_entry WHERE table_name = ? AND record_id = ?"
        " AND (record_uid IS NULL OR ? IN ('', record_uid))",
        (table, record_id, record_uid),
    ).scalars()
    return sorted({*own, *_blocks_of(connection, table, record_id)})


def _blocks_of(connection: Connection, table: str, record_id: int) -> list[int]:
    # blocks of one table do not overlap, so only the one that begins last before the record can hold it
    row = connection.exec_driver_sql(
        "SELECT id, substr(changes, 1, 64) FROM audit_entry INDEXED BY ix_audit_entry_block"
        " WHERE table_name = ? AND record_id <= ? AND record_uid IS NULL AND action = 'insert'"
        " ORDER BY record_id DESC LIMIT 1",
        (table, record_id),
    ).one_or_none()
    if row is None or not row[1].startswith(_BLOCK):
        return []
    first, last = json.loads(row[1][len(_BLOCK) - 1 : row[1].index("]") + 1])
    return [row[0]] if first <= record_id <= last else []


def is_block(changes: Mapping[str, Any]) -> bool:
    """Whether an act tells of a whole block of records, column by column."""
    return changes.keys() == {"ids", "rows"} and isinstance(changes["rows"], dict)


def _redact(
    session: Session,
    entries: Mapping[int, Collection[int]],
    columns: frozenset[str],
    reason: str,
) -> int:
    """Erase columns from entries; of blocks only what is said of the given records."""
    session.flush()
    connection = session.connection()
    at = datetime.now(UTC)
    changed = []
    for number, records in sorted(entries.items()):
        row = connection.exec_driver_sql(
            "SELECT table_name, changes FROM audit_entry WHERE id = ?", (number,)
        ).one()
        if row[0] in _KEPT:
            raise ValueError(f"entry {number}: acts on the trail itself stay as they are")
        told = json.loads(row[1])
        erased = _of_block(told, columns, records) if is_block(told) else _plain(told, columns)
        remaining = audit.encode(erased)
        if remaining != row[1]:
            [salt] = audit.new_salts(1)
            digest = audit.digest_of(salt, remaining)
            session.add(Redaction(entry_id=number, digest=digest, at=at, reason=reason[:_LONGEST_REASON]))
            changed.append((remaining, salt, number))
    session.flush()  # first told, then done: the database refuses any other order
    if changed:
        connection.exec_driver_sql("UPDATE audit_entry SET changes = ?, salt = ? WHERE id = ?", changed)
    return len(changed)
