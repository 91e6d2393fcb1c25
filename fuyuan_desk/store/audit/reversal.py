"""Reversal of a transaction by what the audit trail holds of it: rows that it removed come back under their own keys.

The trail keeps each record's values for the history anyway, and personal data is erased from it when its term ends. So
nothing has to be stored a second time for an act that can be undone, and what was erased does not come back.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from fuyuan_desk.store.audit.log import AuditEntry, encode
from fuyuan_desk.store.audit.redaction import ERASED
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.guards import scope

_WRITES = ("insert", "update", "delete")
_NEVER_LOGGED = {"id", "uid", "version"}


class Obstacle(Exception):
    """What prevents a reversal: a record that was changed or removed since, or whose personal data was erased.

    `column` is the one that holds something else now; '' for the whole record.
    """

    def __init__(self, table: str, record_id: int, column: str = "", is_erased: bool = False) -> None:
        super().__init__(f"{table} {record_id} {column}")
        self.table, self.record_id, self.column, self.is_erased = table, record_id, column, is_erased


@dataclass(frozen=True)
class Span:
    """The entries that a transaction appended to the trail: the first and the last one, both included."""

    first: int
    last: int


def last_entry(session: Session) -> int:
    """Return the number of the trail's last entry, after what is pending was written."""
    session.flush()
    return session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)) or 0


def removed_values(session: Session, span: Span, table: str, record_id: int) -> Mapping[str, Any]:
    """Return what a transaction removed as a record, by column as JSON holds it; empty if it removed none."""
    entry = session.scalar(
        select(AuditEntry.changes).where(
            AuditEntry.table_name == table,
            AuditEntry.record_id == record_id,
            AuditEntry.action == "delete",
            AuditEntry.id.between(span.first, span.last),
        )
    )
    return {} if entry is None else dict(json.loads(entry))


def reverse(session: Session, span: Span) -> dict[str, set[int]]:
    """Reverse everything that a transaction wrote, last entry first; return the ids of the records by table.

    Raises `Obstacle` at the first record that does not hold what the transaction wrote; the transaction of `session`
    must then be abandoned.
    """
    touched: dict[str, set[int]] = {}
    for entry in reversed(_entries(session, span)):
        model = _models()[entry.table_name]
        assert entry.record_id is not None
        undo = {"insert": _remove, "update": _set_back, "delete": _bring_back}[entry.action]
        undo(session, model, entry, json.loads(entry.changes))
        session.flush()
        touched.setdefault(entry.table_name, set()).add(entry.record_id)
    return touched


def _entries(session: Session, span: Span) -> list[AuditEntry]:
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.id.between(span.first, span.last),
            AuditEntry.action.in_(_WRITES),
            AuditEntry.record_uid.is_not(None),
        )
        .order_by(AuditEntry.id)
    )
    return list(session.scalars(query))


def _remove(session: Session, model: type[Record], entry: AuditEntry, values: Mapping[str, Any]) -> None:
    row = _present(session, model, entry)
    for part in inspect(model).column_attrs:  # of what is empty, the trail says nothing
        if part.key not in _NEVER_LOGGED:
            _refuse_other(row, part.key, values.get(part.key))
    _refuse_used(session, row)
    session.delete(row)


def _set_back(session: Session, model: type[Record], entry: AuditEntry, values: Mapping[str, Any]) -> None:
    row = _present(session, model, entry)
    for name, (old, new) in values.items():
        if ERASED in (old, new):
            raise Obstacle(row.__tablename__, row.id, is_erased=True)
        _refuse_other(row, name, new)
        _refuse_missing(session, model, {name: old})
        setattr(row, name, _decoded(model, name, old))


def _bring_back(session: Session, model: type[Record], entry: AuditEntry, values: Mapping[str, Any]) -> None:
    record_id = entry.record_id
    assert record_id is not None
    if ERASED in values.values():
        raise Obstacle(model.__tablename__, record_id, is_erased=True)
    if session.get(model, record_id) is not None:
        raise Obstacle(model.__tablename__, record_id)
    kept = {name: _decoded(model, name, value) for name, value in _known(model, values)}
    _refuse_missing(session, model, kept)
    row = model(id=record_id, uid=entry.record_uid, **kept)
    session.add(row)
    session.flush()
    # above every version that it ever had, so that a form that was open then does not overwrite it
    row.version = entry.id + 1


def _known(model: type[Record], values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values for columns that still exist: a newer version may have dropped one."""
    names = {part.key for part in inspect(model).column_attrs}
    return ((name, value) for name, value in values.items() if name in names)


def _present(session: Session, model: type[Record], entry: AuditEntry) -> Record:
    assert entry.record_id is not None
    row = session.get(model, entry.record_id)
    if row is None or row.uid != entry.record_uid:
        raise Obstacle(model.__tablename__, entry.record_id)
    return row


def _refuse_other(row: Record, name: str, value: Any) -> None:
    if json.loads(encode(getattr(row, name))) != value:
        raise Obstacle(row.__tablename__, row.id, name)


def _refuse_missing(session: Session, model: type[Record], values: Mapping[str, Any]) -> None:
    """Raise `Obstacle` when a record that is referred to was removed since."""
    for key in Base.metadata.tables[model.__tablename__].foreign_keys:
        value, target = values.get(key.parent.name), key.column.table.name
        if value is not None and session.get(_models()[target], value) is None:
            raise Obstacle(target, value)


def _refuse_used(session: Session, row: Record) -> None:
    """Raise `Obstacle` when something refers to a record that is to be removed."""
    session.flush()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == row.__tablename__:
                user = session.execute(select(table.c.id).where(key.parent == row.id).limit(1)).scalar()
                if user is not None:
                    raise Obstacle(table.name, user)


def _decoded(model: type[Record], name: str, value: Any) -> Any:
    """Return a value of the trail as its column takes it: a day or an instant is a text there."""
    kind = inspect(model).column_attrs[name].columns[0].type.python_type
    if isinstance(value, str) and kind in (date, datetime):
        return kind.fromisoformat(value)
    return value


@lru_cache
def _models() -> Mapping[str, type[Record]]:
    return {model.__tablename__: model for model in scope.models()}
