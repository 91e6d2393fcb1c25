"""Removed records according to the audit trail: which ones, since when, and those that were parts of others."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, func, select
from sqlalchemy.orm import Session, aliased

from fuyuan_desk.store.audit.entries import written
from fuyuan_desk.store.audit.log import AuditEntry


class Removal(NamedTuple):
    """A removed record: the entry that logged it, when it was removed, and which record it was."""

    entry: int
    at: datetime
    table: str
    id: int
    uid: str


# by the index of actions, of which removals are few; whether it was erased since, or brought back, by that of records
_OVER = (
    " FROM audit_entry AS gone INDEXED BY ix_audit_entry_action CROSS JOIN over ON over.name = gone.table_name"
    " WHERE gone.action = 'delete' AND gone.at < over.before AND gone.record_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM audit_entry AS later INDEXED BY ix_audit_entry_record"
    " WHERE later.table_name = gone.table_name AND later.record_id = gone.record_id AND later.id > gone.id"
    " AND later.action IN ('anonymise', 'erase', 'insert'))"
)
_COUNT = f"SELECT count(*){_OVER}"
_WINDOW = (
    f"SELECT gone.id, gone.at, gone.table_name, gone.record_id, gone.record_uid{_OVER}"
    " ORDER BY gone.operator, gone.id LIMIT ? OFFSET ?"
)


def count_before(connection: Connection, limits: Mapping[str, datetime]) -> int:
    """Count the records that were removed before their table's instant and not erased since."""
    return int(_query(connection, limits, _COUNT).scalar() or 0)


def list_before(
    connection: Connection, limits: Mapping[str, datetime], offset: int = 0, limit: int = -1
) -> list[Removal]:
    """List a window of them, in index order so that a window does not read all; -1 means no limit."""
    return [
        Removal(entry, datetime.fromisoformat(at).replace(tzinfo=UTC), table, record_id, uid or "")
        for entry, at, table, record_id, uid in _query(connection, limits, _WINDOW, limit, offset)
    ]


def _query(connection: Connection, limits: Mapping[str, datetime], query: str, *values: object) -> Any:
    pairs = [part for name, before in limits.items() for part in (name, written(before))]
    marks = ", ".join(["(?, ?)"] * len(limits))
    statement = f"WITH over(name, before) AS (VALUES {marks}) {query}"
    return connection.exec_driver_sql(statement, (*pairs, *values))


def removed_parts(session: Session, table: str, above: str, ids: Collection[int]) -> dict[int, str]:
    """Find the removed records of `table` whose column `above` held one of `ids`: number → uid.

    One that was brought back, as undoing a merge does, is none.
    """
    later = aliased(AuditEntry)
    is_back = exists().where(
        later.table_name == table,
        later.record_id == AuditEntry.record_id,
        later.id > AuditEntry.id,
        later.action == "insert",
    )
    statement = select(AuditEntry.record_id, AuditEntry.record_uid).where(
        AuditEntry.table_name == table,
        AuditEntry.action == "delete",
        func.json_extract(AuditEntry.changes, f"$.{above}").in_(list(ids)),
        ~is_back,
    )
    return {row[0]: row[1] or "" for row in session.execute(statement) if row[0] is not None}


def owners_of_removed(session: Session, table: str, above: str, ids: range) -> set[int]:
    """Return which records the removed ones of `table` with these ids belonged to, by their column `above`."""
    statement = select(func.json_extract(AuditEntry.changes, f"$.{above}")).where(
        AuditEntry.table_name == table,
        AuditEntry.action == "delete",
        AuditEntry.record_id.between(ids[0], ids[-1]),
    )
    return {owner for owner in session.scalars(statement) if owner is not None}
