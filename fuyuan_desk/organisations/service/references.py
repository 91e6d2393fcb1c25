"""What refers to organisations, whatever job it belongs to: counted, moved from one to another, held as a duty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _, numbered
from fuyuan_desk.kit.guards import counted
from fuyuan_desk.organisations.records import Organisation, OrganisationDifference
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.guards import scope

Moved = Mapping[str, Mapping[str, list[int]]]
"""The ids of rows by table and by the column that refers to an organisation."""
_MOST_NAMED = 5


@dataclass(frozen=True)
class _Reference:
    model: type[Record]
    column: Any


def _references() -> Iterator[_Reference]:
    """Yield the columns of all records that refer to an organisation, but for those between organisations."""
    for model in scope.models():
        if model in (Organisation, OrganisationDifference):
            continue
        for key in Base.metadata.tables[model.__tablename__].foreign_keys:
            if key.column.table.name == Organisation.__tablename__:
                yield _Reference(model, getattr(model, key.parent.name))


def uses_of(session: Session, organisation_id: int) -> str:
    """Return in words what refers to an organisation, '' for nothing."""
    counts: dict[str, int] = {}
    for reference in _references():
        query = select(func.count(reference.model.id)).where(reference.column == organisation_id)
        if found := session.scalar(query) or 0:
            counts[reference.model.__tablename__] = counts.get(reference.model.__tablename__, 0) + found
    return counted(counts)


def duties_of(session: Session, organisation_id: int, after: date) -> str:
    """Return in words what binds an organisation beyond a day, with the estates, '' for nothing."""
    texts = []
    for reference in _references():
        if not reference.model.duty_until:
            continue
        until = getattr(reference.model, reference.model.duty_until)
        bound: ColumnElement[bool] = or_(until.is_(None), until > after)
        ids = session.scalars(
            select(reference.model.id).where(reference.column == organisation_id, bound)
        ).all()
        if ids:
            held = numbered(len(ids), *reference.model.counted_as)
            texts.append(
                _("{held} ({places})").format(held=held, places=_places(session, reference.model, ids))
            )
    return _(", ").join(texts)


def _places(session: Session, model: type[Record], ids: Any) -> str:
    """Return the names of the estates to which records belong; the first few of many."""
    table = Base.metadata.tables[model.__tablename__]
    estate = next(iter(table.c.estate_id.foreign_keys)).column.table
    query = select(estate.c.name).join(table, table.c.estate_id == estate.c.id).where(table.c.id.in_(ids))
    names = session.scalars(query.distinct().order_by(estate.c.name)).all()
    more = [_("…")] if len(names) > _MOST_NAMED else []
    return _(", ").join([*names[:_MOST_NAMED], *more])


def move(session: Session, source: int, target: int) -> Moved:
    """Let everything that refers to one organisation refer to another, and return what was moved."""
    moved: dict[str, dict[str, list[int]]] = {}
    for reference in _references():
        rows = session.scalars(select(reference.model).where(reference.column == source)).all()
        for row in rows:
            setattr(row, reference.column.key, target)
        if rows:
            moved.setdefault(reference.model.__tablename__, {})[reference.column.key] = [
                row.id for row in rows
            ]
    return moved


def move_back(session: Session, moved: Moved, source: int, target: int) -> int:
    """Let rows that were moved refer to `target` again; return how many no longer refer to `source` and stay."""
    models = {model.__tablename__: model for model in scope.models()}
    lost = 0
    for table, columns in moved.items():
        for column, ids in columns.items():
            model: Any = models[table]
            rows = session.scalars(
                select(model).where(model.id.in_(ids), getattr(model, column) == source)
            ).all()
            lost += len(ids) - len(rows)
            for row in rows:
                setattr(row, column, target)
    return lost
