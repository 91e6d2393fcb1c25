"""The trail of everything written: who, when, which record, old and new, each row chained to the one before."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, String, Text, event, insert, select
from sqlalchemy.orm import InstanceState, Mapped, ORMExecuteState, Session, mapped_column

from fuyuan_desk.store.base import Base, Record

GENESIS = "0" * 64
ACTOR = "actor"
CHANGED = "changed"
UNNAMED = "program"
_UNTRAILED = {"id", "uid", "version"}


class AuditEntry(Base):
    """One act, told once and never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's declared form

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    operator: Mapped[str] = mapped_column(String(50))
    action: Mapped[str] = mapped_column(String(20))
    table_name: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int | None]
    record_uid: Mapped[str | None] = mapped_column(String(32))
    changes: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Act:
    """What is to be told in the trail; `changes` is column → value, or column → [old, new]."""

    action: str
    table: str
    record_id: int | None
    record_uid: str | None
    changes: Mapping[str, Any]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value)} cannot stand in the trail")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def _link(previous: str, fields: Iterable[object]) -> str:
    told = "\x1f".join("" if field is None else str(field) for field in fields)
    return hashlib.sha256(f"{previous}\x1e{told}".encode()).hexdigest()


def _last_hash(connection: Connection) -> str:
    last = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    return connection.scalar(last) or GENESIS


def append(session: Session, acts: Iterable[Act]) -> None:
    """Write acts to the trail inside the running transaction, chained to the last row."""
    connection = session.connection()
    previous = _last_hash(connection)
    at = datetime.now(UTC)
    told_at = at.isoformat()
    operator = session.info.get(ACTOR, UNNAMED)
    rows = []
    for act in acts:
        changes = _encode(act.changes)
        previous = _link(
            previous, (told_at, operator, act.action, act.table, act.record_id, act.record_uid, changes)
        )
        rows.append(
            {
                "at": at,
                "operator": operator,
                "action": act.action,
                "table_name": act.table,
                "record_id": act.record_id,
                "record_uid": act.record_uid,
                "changes": changes,
                "hash": previous,
            }
        )
    if rows:
        connection.execute(insert(AuditEntry), rows)


def note(
    session: Session,
    action: str,
    table: str,
    record_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Tell an act that writes no record: a reveal, a print, an export, a sign-in."""
    append(session, [Act(action, table, record_id, None, detail or {})])


def mark_changed(session: Session, table: str) -> None:
    """Remember for after the commit that rows of `table` changed."""
    session.info.setdefault(CHANGED, set()).add(table)


def _values(state: InstanceState[Any]) -> dict[str, Any]:
    return {
        column.key: value
        for column in state.mapper.column_attrs
        if column.key not in _UNTRAILED and (value := state.dict.get(column.key)) is not None
    }


def _differences(state: InstanceState[Any]) -> dict[str, Any]:
    differences = {}
    for column in state.mapper.column_attrs:
        if column.key in _UNTRAILED:
            continue
        history = state.attrs[column.key].history
        if history.added or history.deleted:
            old = history.deleted[0] if history.deleted else None
            new = history.added[0] if history.added else None
            if old != new:
                differences[column.key] = [old, new]
    return differences


def _acts_of_flush(session: Session) -> Iterator[Act]:
    told = (
        ("insert", session.new, _values),
        ("update", session.dirty, _differences),
        ("delete", session.deleted, _values),
    )
    for action, objects, describe in told:
        for record in objects:
            if not (isinstance(record, Record) and record.trailed):
                continue
            state: InstanceState[Any] = record._sa_instance_state  # type: ignore[attr-defined]
            changes = describe(state)
            if action != "update" or changes:
                table = record.__tablename__
                mark_changed(session, table)
                yield Act(action, table, record.id, record.uid, changes)


def keep_trail(session_class: type[Session] | Any) -> None:
    """Have every flush of the given sessions told in the trail, so that no service can forget it.

    Statements that change many rows past the flush are refused for tables that stand in the trail; `bulk` is their way.
    """

    @event.listens_for(session_class, "after_flush")
    def tell(session: Session, _flush_context: object) -> None:
        append(session, list(_acts_of_flush(session)))

    @event.listens_for(session_class, "do_orm_execute")
    def refuse_untold(state: ORMExecuteState) -> None:
        mapper = state.bind_mapper
        record = None if mapper is None else mapper.class_
        writes = state.is_insert or state.is_update or state.is_delete
        if writes and record is not None and issubclass(record, Record) and record.trailed:
            raise TypeError(f"{record.__tablename__}: a statement over many rows leaves nothing in the trail")


def broken_links(connection: Connection, most: int = 20) -> list[int]:
    """Give the ids of rows whose hash does not follow from the row before; empty when the chain is whole."""
    previous, broken = GENESIS, []
    rows = connection.execution_options(stream_results=True).execute(
        select(AuditEntry.__table__).order_by(AuditEntry.id)
    )
    for row in rows:
        at = row.at.isoformat()
        fields = (at, row.operator, row.action, row.table_name, row.record_id, row.record_uid, row.changes)
        if _link(previous, fields) != row.hash:
            broken.append(row.id)
            if len(broken) >= most:
                break
        previous = row.hash
    return broken
