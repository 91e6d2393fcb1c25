"""What binds an organisation, whatever job it belongs to, and moving it back after a merge."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _, numbered
from fuyuan_desk.kit.merging.references import references_to
from fuyuan_desk.organisations.records import Organisation, OrganisationDifference
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.guards import scope

TABLE = Organisation.__tablename__
BETWEEN = (Organisation, OrganisationDifference)
"""The records that only tie organisations to each other: they move with none of them."""
_MOST_NAMED = 5


def duties_of(session: Session, organisation_id: int, after: date) -> str:
    """Return in words what binds an organisation beyond a day, with the estates, '' for nothing."""
    texts = []
    for reference in references_to(TABLE, BETWEEN):
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


def move_back(
    session: Session, moved: Mapping[str, Mapping[str, list[int]]], source: int, target: int
) -> int:
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
