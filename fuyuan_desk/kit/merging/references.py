"""What refers to a record, whatever job it belongs to: counted, and moved to another record."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.kit.guards import counted
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.guards import scope


@dataclass(frozen=True)
class Reference:
    """A column of a record's class that refers to a table."""

    model: type[Record]
    column: Any


def references_to(table: str, without: Collection[type[Record]] = ()) -> Iterator[Reference]:
    """Yield the columns of all records that refer to a table, but for those of the classes `without`."""
    for model in scope.models():
        if model in without:
            continue
        for key in Base.metadata.tables[model.__tablename__].foreign_keys:
            if key.column.table.name == table:
                yield Reference(model, getattr(model, key.parent.name))


def uses_of(session: Session, table: str, record_id: int, without: Collection[type[Record]] = ()) -> str:
    """Return in words what refers to a record, '' for nothing."""
    counts: dict[str, int] = {}
    for reference in references_to(table, without):
        query = select(func.count(reference.model.id)).where(reference.column == record_id)
        if found := session.scalar(query) or 0:
            counts[reference.model.__tablename__] = counts.get(reference.model.__tablename__, 0) + found
    return counted(counts)


def move(
    session: Session, table: str, source: int, target: int, without: Collection[type[Record]] = ()
) -> dict[str, dict[str, list[int]]]:
    """Let everything that refers to one record refer to another; return the ids of what was moved.

    They are by table and by the column that refers.
    """
    moved: dict[str, dict[str, list[int]]] = {}
    for reference in references_to(table, without):
        rows = session.scalars(select(reference.model).where(reference.column == source)).all()
        for row in rows:
            setattr(row, reference.column.key, target)
        if rows:
            ids = [row.id for row in rows]
            moved.setdefault(reference.model.__tablename__, {})[reference.column.key] = ids
    return moved
