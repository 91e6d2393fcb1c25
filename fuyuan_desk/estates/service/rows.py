"""Row look-ups shared by the services of this job."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from fuyuan_desk.estates.records import Building, Estate, Household, Unit
from fuyuan_desk.estates.rules.housing import HeritageClass
from fuyuan_desk.formats.address import full_address
from fuyuan_desk.kit.guards import gone


def get_estate(session: Session, estate_id: int) -> Estate:
    """Return an estate's row, or raise `NotFound`."""
    row = session.get(Estate, estate_id)
    if row is None:
        raise gone()
    return row


def get_building(session: Session, building_id: int) -> Building:
    """Return a building's row, or raise `NotFound`."""
    row = session.get(Building, building_id)
    if row is None:
        raise gone()
    return row


def get_unit(session: Session, unit_id: int) -> Unit:
    """Return a unit's row, or raise `NotFound`."""
    row = session.get(Unit, unit_id)
    if row is None:
        raise gone()
    return row


def get_household(session: Session, household_id: int) -> Household:
    """Return a household's row, or raise `NotFound`."""
    row = session.get(Household, household_id)
    if row is None:
        raise gone()
    return row


def address_of(session: Session, unit_id: int) -> str:
    """Return a unit's address in one line."""
    unit = get_unit(session, unit_id)
    building, estate = get_building(session, unit.building_id), get_estate(session, unit.estate_id)
    return full_address(estate.name, building.label, unit.entrance + unit.label)


def heritage(stored: int | None) -> HeritageClass | None:
    """Return a stored protection class; None is unknown."""
    return None if stored is None else HeritageClass(stored)


def kind_and_class(building: Building, estate: Estate) -> tuple[str, HeritageClass | None]:
    """Return the house kind and protection class in force: the building's own before the estate's (LS §29)."""
    own = building.heritage_class
    return building.house_kind or estate.house_kind, heritage(estate.heritage_class if own is None else own)


class Surroundings(NamedTuple):
    """What else protects a building, its own before the estate's; an area of '' is unknown."""

    historic_area: str
    preserved_block: bool
    retained_building: bool
    cultural_relic: bool


def surroundings_in_force(building: Building, estate: Estate) -> Surroundings:
    """Return historic area and flags of a building, or those of its estate where it has none of its own."""

    def flag(own: bool | None, of_estate: bool) -> bool:
        return of_estate if own is None else own

    return Surroundings(
        building.historic_area or estate.historic_area,
        flag(building.preserved_block, estate.preserved_block),
        flag(building.retained_building, estate.retained_building),
        flag(building.cultural_relic, estate.cultural_relic),
    )
