"""Closed records: a change of one, or of a part of one, needs confirmation."""

from functools import lru_cache
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.guards import scope

ASK = "ask_before_changing_closed"
"""Key of `session.info`: called with the name of the closed record; raises when the change is not allowed."""
_ASKED = "asked_before_changing_closed"


def is_closed(record: Record) -> bool:
    """Return whether the record was closed in the store before the changes that are about to be written."""
    if record.closed_when is None:
        return False
    column, values = record.closed_when
    state: Any = inspect(record)
    if not state.persistent:
        return False
    history = state.attrs[column].history
    before = history.deleted[0] if history.deleted else getattr(record, column)
    return before in values


def guard_closed_records(session_class: Any) -> None:
    """Ask for confirmation before every flush that touches a closed record or a part of one; once a transaction."""

    @event.listens_for(session_class, "before_flush")
    def ask(session: Session, _context: object, _instances: object) -> None:
        if session.info.get(ASK) is None:
            return
        for record in (*session.new, *session.dirty, *session.deleted):
            if not isinstance(record, Record) or not _may_be_closed(type(record)):
                continue
            if record in session.dirty and not session.is_modified(record):
                continue
            _ask(session, record)


def ask_before_changing(session: Session, table: str, record_id: int) -> None:
    """Ask for confirmation if the record is closed, before a change of what belongs to it by no foreign key."""
    model = next((model for model in scope.models() if model.__tablename__ == table), None)
    record = None if model is None else session.get(model, record_id)
    if record is not None:
        _ask(session, record)


def _ask(session: Session, record: Record) -> None:
    """Ask about the closed record that `record` is or is a part of, once in a transaction."""
    confirm = session.info.get(ASK)
    closed = _closed_ancestor(session, record)
    if (
        confirm is not None
        and closed is not None
        and closed.uid not in session.info.setdefault(_ASKED, set())
    ):
        session.info[_ASKED].add(closed.uid)
        confirm(f"{closed.__tablename__} {getattr(closed, 'number', closed.id)}")


@lru_cache
def _may_be_closed(model: type[Record]) -> bool:
    """Return whether records of this kind, or what they are a part of, can be closed at all."""
    if model.closed_when is not None:
        return True
    table = Base.metadata.tables[model.__tablename__]
    names = {key.column.table.name for key in table.foreign_keys}
    parents = (other for other in scope.models() if other.__tablename__ in names and other is not model)
    return any(_may_be_closed(other) for other in parents)


def _closed_ancestor(session: Session, record: Record | None) -> Record | None:
    while record is not None:
        if is_closed(record):
            return record
        with session.no_autoflush:
            record = scope.parent_of(session, record)
    return None
