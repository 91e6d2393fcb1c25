"""Many records at once, for a roster and inside its transaction: what estates hold, blocks added, blocks removed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from fuyuan_desk.estates import kinds
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Unit
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.store.audit import bulk_insert
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.search import index as search

# from the root to the leaves: each refers to one before it
_MODELS: dict[str, type[Record]] = {
    model.__tablename__: model for model in (Estate, Building, Unit, Household, HouseholdPhone)
}
ESTATE, BUILDING, UNIT, HOUSEHOLD, PHONE = _MODELS
"""The tables that blocks are added to."""


# --- what is there


def buildings_of(session: Session, estate_ids: Collection[int]) -> Iterable[tuple[int, int, str]]:
    """Return the buildings of estates: key, estate, label."""
    query = select(Building.id, Building.estate_id, Building.label).where(Building.estate_id.in_(estate_ids))
    return session.execute(query)


def units_of(session: Session, estate_ids: Collection[int]) -> Iterable[tuple[int, int, str, str]]:
    """Return the units of estates: key, building, entrance, label."""
    query = select(Unit.id, Unit.building_id, Unit.entrance, Unit.label).where(Unit.estate_id.in_(estate_ids))
    return session.execute(query)


def heads_of(session: Session, estate_ids: Collection[int]) -> Iterable[tuple[int, str]]:
    """Return who holds the units of estates, unmasked: unit, head of the household."""
    query = select(Household.unit_id, Household.head).where(Household.estate_id.in_(estate_ids))
    return session.execute(query)


# --- adding


def add_blocks(
    session: Session,
    table: str,
    columns: Mapping[str, Sequence[Any]],
    size: int,
    after_each: Callable[[int], object],
) -> range:
    """Insert records given column by column, `size` at a time, and return their keys; they are not indexed."""
    model = _MODELS[table]
    return bulk_insert.insert_blocks(session, model, columns, size, ("order_key",), after_each)


# --- removing


def built_upon(session: Session, blocks: Mapping[str, range]) -> dict[str, int]:
    """Count, by table, what was changed in blocks since they were added, and what refers to them from outside."""
    return _changed(session, blocks) | _referring(session, blocks)


def remove_blocks(session: Session, blocks: Mapping[str, range]) -> None:
    """Remove blocks of records, and renew the search entries of units that stay but lose a household."""
    touched = _units_that_stay(session, blocks)
    for table, model in reversed(_MODELS.items()):
        if ids := blocks.get(table):
            bulk_insert.remove_range(session, model, ids)
    search.drop(session, kinds.UNIT, blocks.get(UNIT, range(0)))
    search.drop(session, kinds.ESTATE, blocks.get(ESTATE, range(0)))
    search_entries.index_units(session, touched)


def _changed(session: Session, blocks: Mapping[str, range]) -> dict[str, int]:
    found = {}
    for table, model in reversed(_MODELS.items()):
        if ids := blocks.get(table):
            changed = select(func.count()).where(model.id.between(ids[0], ids[-1]), model.version > 1)
            if count := session.scalar(changed):
                found[table] = count
    return found


def _referring(session: Session, blocks: Mapping[str, range]) -> dict[str, int]:
    # rows of any table, of this job or a higher one, that refer to a row of a block and are not part of one
    found: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            ids = blocks.get(key.column.table.name)
            if not ids:
                continue
            conditions: list[ColumnElement[bool]] = [key.parent.between(ids[0], ids[-1])]
            if own := blocks.get(table.name):
                conditions.append(not_(table.c.id.between(own[0], own[-1])))
            count = session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
            if count:
                found[table.name] = max(found.get(table.name, 0), count)
    return found


def _units_that_stay(session: Session, blocks: Mapping[str, range]) -> list[int]:
    households, units = blocks.get(HOUSEHOLD), blocks.get(UNIT)
    if not households:
        return []
    query = select(Household.unit_id).where(Household.id.between(households[0], households[-1])).distinct()
    return [unit for unit in session.scalars(query) if units is None or unit not in units]
