"""Erase personal data from the audit trail, which keeps that something was written, by whom and when.

The digest of what remains is stored in a row of `redaction`, which is logged in the trail itself; the check accepts
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
"""The placeholder for an erased personal value in the trail."""
_LONGEST_REASON = 200
# events about the trail itself hold nothing personal and must not be changed
_PROTECTED = {Redaction.__tablename__, "audit_entry"}
_BLOCK = '{"ids":['


def _erased(value: Any) -> Any:
    """Return what remains of a value; what is not personal stays: empty values, true and false."""
    return value if value is None or isinstance(value, bool) or value in ("", [], {}) else ERASED


def _plain(changes: Mapping[str, Any], columns: Collection[str]) -> dict[str, Any]:
    """Erase columns of one record's event: values, or pairs of old and new."""

    def remaining(column: str, value: Any) -> Any:
        if column not in columns:
            return value
        return [_erased(part) for part in value] if _is_pair(value) else _erased(value)

    return {column: remaining(column, value) for column, value in changes.items()}


def _is_pair(value: Any) -> bool:
    # a JSON list of two items is treated alike: erased item by item, which leaves no more of it
    return isinstance(value, list) and len(value) == 2


def _of_block(
    changes: Mapping[str, Any], columns: Collection[str], records: Collection[int]
) -> dict[str, Any]:
    """Erase columns of some records of a block."""
    first, last = changes["ids"]
    size = last - first + 1
    indexes = {record - first for record in records}
    rows = dict(changes["rows"])
    for column in columns & rows.keys():
        value = rows[column]
        # a value that is the same in every row is stored once
        values = list(value) if isinstance(value, list) else [value] * size
        erased = [_erased(part) if index in indexes else part for index, part in enumerate(values)]
        if erased != values:
            rows[column] = erased
    return {**changes, "rows": rows}


def redact_records(
    session: Session, table: str, records: Mapping[int, str], columns: Collection[str], reason: str
) -> int:
    """Erase the values of `columns` of records (id → uid) throughout the trail; return the number of entries changed.

    Finds their own events by id and uid, and their rows in imported blocks, each of which is rewritten only once. Free
    text about a record elsewhere (notes, filters of exports) is not found. `reason` is stored and must not name a
    person. The transaction is the session's.
    """
    session.flush()
    connection = session.connection()
    entries: dict[int, set[int]] = {}
    for record_id, record_uid in records.items():
        for entry in entries_of(connection, table, record_id, record_uid):
            entries.setdefault(entry, set()).add(record_id)
    return _redact(session, entries, frozenset(columns), reason)


def entries_of(connection: Connection, table: str, record_id: int, record_uid: str = "") -> list[int]:
    """Return the ids of the entries about one record, oldest first."""
    own = connection.exec_driver_sql(
        "SELECT id FROM audit_entry WHERE table_name = ? AND record_id = ?"
        " AND (record_uid IS NULL OR ? IN ('', record_uid))",
        (table, record_id, record_uid),
    ).scalars()
    return sorted({*own, *_blocks_of(connection, table, record_id)})


def _blocks_of(connection: Connection, table: str, record_id: int) -> list[int]:
    # blocks of one table do not overlap, so only the last one that starts before the record can contain it
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
    """Return whether an event logs a whole block of records, column by column."""
    return changes.keys() == {"ids", "rows"} and isinstance(changes["rows"], dict)


def _redact(
    session: Session,
    entries: Mapping[int, Collection[int]],
    columns: frozenset[str],
    reason: str,
) -> int:
    """Erase columns from entries; from a block only the values of these records."""
    session.flush()
    connection = session.connection()
    at = datetime.now(UTC)
    changed = []
    for number, records in sorted(entries.items()):
        row = connection.exec_driver_sql(
            "SELECT table_name, changes FROM audit_entry WHERE id = ?", (number,)
        ).one()
        if row[0] in _PROTECTED:
            raise ValueError(f"entry {number}: events about the trail itself cannot be redacted")
        changes = json.loads(row[1])
        erased = _of_block(changes, columns, records) if is_block(changes) else _plain(changes, columns)
        remaining = audit.encode(erased)
        if remaining != row[1]:
            [salt] = audit.new_salts(1)
            digest = audit.digest_of(salt, remaining)
            session.add(Redaction(entry_id=number, digest=digest, at=at, reason=reason[:_LONGEST_REASON]))
            changed.append((remaining, salt, number))
    session.flush()  # logged first: the database refuses any other order
    if changed:
        connection.exec_driver_sql("UPDATE audit_entry SET changes = ?, salt = ? WHERE id = ?", changed)
    return len(changed)
