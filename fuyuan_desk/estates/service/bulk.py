"""Many records at once, for a roster and inside its transaction: what estates hold, blocks added, blocks removed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.estates import kinds
from fuyuan_desk.estates.records import (
    Building,
    Estate,
    Household,
    HouseholdPhone,
    OwnerShare,
    Person,
    PersonPaper,
    PersonTag,
    Unit,
)
from fuyuan_desk.estates.service import holders, search_entries
from fuyuan_desk.store.audit import bulk_insert
from fuyuan_desk.store.audit.bulk_insert import TableInsert
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.store.search import index as search

# from the root to the leaves: each refers to one before it
MODELS: dict[str, type[Record]] = {
    model.__tablename__: model
    for model in (
        Estate,
        Building,
        Unit,
        Household,
        Person,
        HouseholdPhone,
        OwnerShare,
        PersonPaper,
        PersonTag,
    )
}
"""The records that blocks consist of, by table."""
ESTATE, BUILDING, UNIT, HOUSEHOLD, PERSON, PHONE, SHARE, PAPER, TAG = MODELS
"""The tables that blocks are added to."""
PARTS = (PERSON, PHONE, SHARE, PAPER, TAG)
"""The tables of what belongs to a household: its people, and what belongs to them or to its holder."""
_DERIVED = ("order_key",)


# --- what is there


def buildings_of(session: Session, estate_ids: Collection[int]) -> Iterable[tuple[int, int, str]]:
    """Return the buildings of estates: key, estate, label."""
    query = select(Building.id, Building.estate_id, Building.label).where(Building.estate_id.in_(estate_ids))
    return session.execute(query)


# --- adding


def open_insert(session: Session, table: str) -> TableInsert:
    """Return what inserts records of a table block by block; they are not indexed."""
    return TableInsert(session, MODELS[table], _DERIVED)


def add_blocks(
    session: Session,
    table: str,
    columns: Mapping[str, Sequence[Any]],
    size: int,
    after_each: Callable[[int], object],
) -> range:
    """Insert records given column by column, `size` at a time, and return their keys; they are not indexed."""
    model = MODELS[table]
    return bulk_insert.insert_blocks(session, model, columns, size, _DERIVED, after_each)


# --- removing


def remove_blocks(session: Session, blocks: Mapping[str, range], kept: Mapping[str, Collection[int]]) -> None:
    """Remove blocks of records except those in `kept`, by table, which must not refer to a removed one.

    Renews the search entries of units that stay but lose a household.
    """
    touched = _units_that_stay(session, blocks, kept)
    holders.remove_committees(session, set(blocks.get(ESTATE, ())).difference(kept.get(ESTATE, ())))
    for table, model in reversed(MODELS.items()):
        if ids := blocks.get(table):
            bulk_insert.remove_range(session, model, ids, kept.get(table, ()))
    for kind, table in ((kinds.UNIT, UNIT), (kinds.ESTATE, ESTATE)):
        search.drop(session, kind, set(blocks.get(table, ())).difference(kept.get(table, ())))
    search_entries.index_units(session, touched)


def _units_that_stay(
    session: Session, blocks: Mapping[str, range], kept: Mapping[str, Collection[int]]
) -> list[int]:
    """Return the units that stay and hold a household that goes."""
    households, units = blocks.get(HOUSEHOLD), blocks.get(UNIT, range(0))
    if not households:
        return []
    query = select(Household.id, Household.unit_id).where(Household.id.between(households[0], households[-1]))
    staying, units_staying = kept.get(HOUSEHOLD, ()), kept.get(UNIT, ())
    return sorted(
        {
            unit
            for household, unit in session.execute(query)
            if household not in staying and (unit not in units or unit in units_staying)
        }
    )
