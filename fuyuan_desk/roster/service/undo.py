"""Undoing an import: remove exactly its rows, unless they were changed or used since."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.kinds import ESTATE, UNIT
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, ImportRun, Unit
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.store.audit import bulk_insert
from fuyuan_desk.store.db.base import Base, Record
from fuyuan_desk.store.search import index as search

# children first, because of the foreign keys
_MODELS: tuple[type[Record], ...] = (HouseholdPhone, Household, Unit, Building, Estate)
_CHANGED = {
    "estate": N_("estates"),
    "building": N_("buildings"),
    "unit": N_("units"),
    "household": N_("households"),
    "household_phone": N_("telephone numbers"),
    "tier_assignment": N_("tiers given"),
    "renovation_case": N_("renovations"),
    "visit": N_("visits"),
}


def take_back(session: Session, run: ImportRun) -> None:
    """Remove the rows of an import.

    Raises `Conflict`, and removes nothing, if rows were changed or are referred to by later ones.
    """
    made = {table: range(first, last + 1) for table, (first, last) in run.created.items()}
    found = _changed(session, made) | _hanging(session, made)
    if found:
        things = _(", ").join(f"{count} {_(_CHANGED.get(table, table))}" for table, count in found.items())
        raise Conflict(
            _(
                "The import of «{file}» can no longer be undone: {things} were changed or added since. "
                "Correct the records one by one instead."
            ).format(file=run.file_name, things=things)
        )
    touched = _units_that_stay(session, made)
    for model in _MODELS:
        ids = made.get(model.__tablename__)
        if ids:
            bulk_insert.remove_range(session, model, ids)
    search.drop(session, UNIT, made.get("unit", range(0)))
    search.drop(session, ESTATE, made.get("estate", range(0)))
    search_entries.index_units(session, touched)


def _changed(session: Session, made: Mapping[str, range]) -> dict[str, int]:
    found = {}
    for model in _MODELS:
        ids = made.get(model.__tablename__)
        if ids:
            changed = select(func.count()).where(model.id.between(ids[0], ids[-1]), model.version > 1)
            if count := session.scalar(changed):
                found[model.__tablename__] = count
    return found


def _hanging(session: Session, made: Mapping[str, range]) -> dict[str, int]:
    # rows of any table, also of higher jobs, that refer to a row of the import without being part of it
    found: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            ids = made.get(key.column.table.name)
            if not ids:
                continue
            conditions: list[ColumnElement[bool]] = [key.parent.between(ids[0], ids[-1])]
            if own := made.get(table.name):
                conditions.append(not_(table.c.id.between(own[0], own[-1])))
            count = session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
            if count:
                found[table.name] = max(found.get(table.name, 0), count)
    return found


def _units_that_stay(session: Session, made: Mapping[str, range]) -> list[int]:
    households, units = made.get("household"), made.get("unit")
    if not households:
        return []
    query = select(Household.unit_id).where(Household.id.between(households[0], households[-1])).distinct()
    return [unit for unit in session.scalars(query) if units is None or unit not in units]
