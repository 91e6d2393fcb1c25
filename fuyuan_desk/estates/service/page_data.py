"""Queries of the estates' page: an estate with its buildings, parents of records, lists for export."""

from dataclasses import replace

from sqlalchemy import select

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Seat, permit
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import (
    BuildingFields,
    EstateDetail,
    EstateRow,
    UnitDetail,
    UnitQuery,
    UnitRow,
)
from fuyuan_desk.estates.records import Building, Estate, Household, Person
from fuyuan_desk.estates.service.buildings import list_buildings
from fuyuan_desk.estates.service.estates import estate_detail, in_short, list_estates
from fuyuan_desk.estates.service.rows import get_building, get_estate
from fuyuan_desk.estates.service.units import list_units, unit_detail, unmasked_rows
from fuyuan_desk.kit.book import Line, Option
from fuyuan_desk.kit.guards import gone

# the rows of an Excel sheet below its header
MAX_ROWS = 1_048_575


@permit(*EVERYONE)
def estate_with_buildings(
    seat: Seat, estate_id: int
) -> tuple[EstateDetail, tuple[Line[BuildingFields], ...]]:
    """Return an estate and its buildings."""
    return estate_detail(seat, estate_id), list_buildings(seat, estate_id)


@permit(*EVERYONE)
def unit_in_estate(
    seat: Seat, unit_id: int, known_id: int | None = None
) -> tuple[UnitDetail, EstateDetail | None]:
    """Return a unit with its estate in short; without it when that is the one known already."""
    unit = unit_detail(seat, unit_id)
    if unit.estate_id == known_id:
        return unit, None
    with seat.reading() as session:
        return unit, in_short(session, get_estate(session, unit.estate_id), seat.today())


@permit(*EVERYONE)
def estate_of_building(seat: Seat, building_id: int) -> int:
    """Return the id of a building's estate."""
    with seat.reading() as session:
        return get_building(session, building_id).estate_id


@permit(*EVERYONE)
def unit_of_household(seat: Seat, household_id: int) -> int:
    """Return the id of a household's unit."""
    with seat.reading() as session:
        row = session.get(Household, household_id)
        if row is None:
            raise gone()
        return row.unit_id


@permit(*EVERYONE)
def unit_of_person(seat: Seat, person_id: int) -> int:
    """Return the id of the unit that a person's household has."""
    with seat.reading() as session:
        found = session.scalar(
            select(Household.unit_id)
            .join(Person, Person.household_id == Household.id)
            .where(Person.id == person_id)
        )
        if found is None:
            raise gone()
        return found


@permit(*REVEALERS)
def estates_for_export(
    seat: Seat, order: ExportOrder, text: str = "", sort: str = "name", descending: bool = False
) -> Export[EstateRow]:
    """Return the whole list of estates as shown for an export, and audit this."""
    rows = list_estates(seat, text, sort, descending).rows
    with seat.transaction() as session:
        return export_rows(seat, session, order, "estate", rows, Holds.NOBODY, bool(text))


@permit(*REVEALERS)
def units_for_export(seat: Seat, order: ExportOrder, query: UnitQuery) -> Export[UnitRow]:
    """Return the whole list of units as shown for an export, and audit this.

    Holders and telephones are masked, and tags left out, unless the order is for unmasked data and a second person
    agrees. Raises `Conflict` for masked data of a list that is filtered by a tag: being in it says who has the tag.
    """
    if query.tag_id is not None and not order.unmasked:
        raise Conflict(
            _(
                "A list filtered by a tag says who has it. Export it with full data and a second person, or choose all"
                " tags first."
            )
        )
    with undisturbed():
        rows = list_units(seat, query, 0, MAX_ROWS).rows
    with seat.transaction() as session:
        is_filtered = bool(query.text or query.building_id or query.tag_id)
        export = export_rows(seat, session, order, "unit", rows, filtered=is_filtered)
        if order.unmasked:
            return replace(export, rows=unmasked_rows(session, rows))
        return replace(export, rows=tuple(replace(row, tags=()) for row in rows))


@permit(*EVERYONE)
def estate_by_name(seat: Seat, name: str) -> int:
    """Return the id of the estate with this name."""
    with seat.reading() as session:
        found = session.scalar(select(Estate.id).where(Estate.name == name))
        if found is None:
            raise gone()
        return found


@permit(*EVERYONE)
def estate_choices(seat: Seat) -> tuple[tuple[int, str], ...]:
    """Return all estates as id and name, in natural order."""
    return tuple((row.id, row.name) for row in list_estates(seat).rows)


@permit(*EVERYONE)
def estate_options(seat: Seat) -> tuple[Option, ...]:
    """Return all estates to choose from, in natural order."""
    return tuple(Option(key, name) for key, name in estate_choices(seat))


@permit(*EVERYONE)
def building_options(seat: Seat) -> tuple[Option, ...]:
    """Return the buildings of all estates to choose from, in natural order within an estate."""
    with seat.reading() as session:
        query = select(Building.id, Building.label, Building.estate_id)
        rows = session.execute(query.order_by(Building.estate_id, Building.order_key, Building.id))
        return tuple(Option(row.id, row.label, row.estate_id) for row in rows)
