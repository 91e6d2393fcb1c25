"""Row-level access: sessions restricted to some estates read and write nothing of any other.

How a table belongs to an estate follows from its columns: `estate_id`, or a foreign key to a table that belongs to
one. A table of the office as a whole declares `estate_scope = OFFICE`; one that does neither fails a test.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, event, false, inspect, or_, select, true
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, with_loader_criteria

from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.base import OFFICE, Base, Record

ESTATES = "estates"
"""Key of `session.info`: the ids of the estates that the session is restricted to; absent for all."""
EVERYWHERE = "everywhere"
"""Execution option of a statement that must see all rows, such as whether a photo is still in use."""
_ROOT, _COLUMN = "estate", "estate_id"


def within(table: Table, estates: Collection[int]) -> ColumnElement[bool] | None:
    """Return the condition that rows of `table` belong to `estates`; None when the table belongs to no estate."""
    if table.name == _ROOT:
        return table.c.id.in_(estates)
    if _COLUMN in table.c:
        return table.c[_COLUMN].in_(estates)
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        parent = key.column.table
        above = within(parent, estates) if _model(parent.name) is not None else None
        if above is not None:
            return key.parent.in_(select(key.column).where(above))
    return None


def limit(session: Session, table: Table) -> ColumnElement[bool]:
    """Return the condition that restricts a statement on the bare table to the session's estates."""
    estates = session.info.get(ESTATES)
    if estates is None:
        return true()
    found = within(table, estates)
    return false() if found is None else found


def models() -> list[type[Record]]:
    """List the classes of all records by the names of their tables."""
    return sorted((mapper.class_ for mapper in _mappers()), key=lambda model: model.__tablename__)


def _mappers() -> list[Mapper[Any]]:
    return [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)]


@lru_cache
def _model(table: str) -> type[Record] | None:
    found = (mapper.class_ for mapper in _mappers() if mapper.class_.__tablename__ == table)
    model = next(found, None)
    return None if model is None or model.estate_scope == OFFICE else model


def _photos_within(estates: Collection[int]) -> ColumnElement[bool]:
    # a photo names its owner by table and uid; drafts are guarded by their operator
    conditions: list[ColumnElement[bool]] = [Attachment.owner_table == "draft"]
    for model in models():
        if model is Attachment or model.estate_scope == OFFICE:
            continue
        table = Base.metadata.tables[model.__tablename__]
        owned = within(table, estates)
        if owned is not None:
            conditions.append(
                and_(
                    Attachment.owner_table == table.name,
                    Attachment.owner_uid.in_(select(table.c.uid).where(owned)),
                )
            )
    return or_(false(), *conditions)


def _condition(model: type[Record], estates: Collection[int]) -> ColumnElement[bool] | None:
    if model is Attachment:
        return _photos_within(estates)
    if model.estate_scope == OFFICE:
        return None
    table = Base.metadata.tables[model.__tablename__]
    found = within(table, estates)
    if found is None:
        raise TypeError(f"{model.__tablename__} belongs to no estate and does not declare estate_scope")
    return found


@lru_cache(maxsize=32)
def _criteria(estates: frozenset[int], _of_models: int) -> tuple[Any, ...]:
    """Build the criteria for every statement of a session restricted to `estates`, once."""
    conditions = ((model, _condition(model, estates)) for model in models())
    return tuple(
        with_loader_criteria(model, condition, include_aliases=True)
        for model, condition in conditions
        if condition is not None
    )


def restrict_to_estates(session_class: Any) -> None:
    """Restrict the sessions whose `info` names estates to these, in every statement and every flush."""

    @event.listens_for(session_class, "do_orm_execute")
    def limit(state: ORMExecuteState) -> None:
        estates = state.session.info.get(ESTATES)
        if estates is None or state.execution_options.get(EVERYWHERE):
            return
        state.statement = state.statement.options(*_criteria(frozenset(estates), len(models())))

    @event.listens_for(session_class, "before_flush")
    def refuse_foreign(session: Session, _context: object, _instances: object) -> None:
        estates = session.info.get(ESTATES)
        if estates is None:
            return
        for record in (*session.new, *session.dirty, *session.deleted):
            if isinstance(record, Record) and not _belongs(session, record, estates):
                raise NotAllowed(
                    _("This belongs to an estate that is not yours. Ask the residents' committee.")
                )


def _belongs(session: Session, record: Record, estates: Collection[int]) -> bool:
    if record.estate_scope == OFFICE:
        return True
    if isinstance(record, Attachment):
        return record.owner_table == "draft" or _owner_belongs(session, record, estates)
    if record.__tablename__ == _ROOT:
        return record.id in estates
    if hasattr(record, _COLUMN):
        estate = getattr(record, _COLUMN)
        if estate is not None:
            return estate in estates
    parent = parent_of(session, record)
    return parent is not None and _belongs(session, parent, estates)


def parent_of(session: Session, record: Record) -> Record | None:
    """Return the record that `record` is a part of by its foreign key, None when there is none."""
    mapper: Mapper[Any] = inspect(type(record))
    for relation in mapper.relationships:
        if relation.direction.name == "MANYTOONE" and (parent := getattr(record, relation.key)) is not None:
            assert isinstance(parent, Record)
            return parent
    for key in sorted(
        Base.metadata.tables[record.__tablename__].foreign_keys, key=lambda key: key.parent.name
    ):
        model = _model(key.column.table.name)
        value = getattr(record, key.parent.key or key.parent.name)
        if model is not None and value is not None:
            return session.get(model, value)
    return None


def _owner_belongs(session: Session, photo: Attachment, estates: Collection[int]) -> bool:
    table = Base.metadata.tables.get(photo.owner_table)
    owned = None if table is None else within(table, estates)
    if table is None or owned is None:
        return False
    if session.connection().scalar(select(table.c.id).where(table.c.uid == photo.owner_uid, owned)):
        return True
    # the owner may be written by the same flush
    return any(
        isinstance(record, Record)
        and record.__tablename__ == photo.owner_table
        and record.uid == photo.owner_uid
        and _belongs(session, record, estates)
        for record in session.new
    )
