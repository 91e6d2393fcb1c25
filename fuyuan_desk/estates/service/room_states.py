"""The states of an estate's rooms that estates themselves know: who is there, tenure, vacancy, use."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import TagView
from fuyuan_desk.estates.records import Household, Unit
from fuyuan_desk.estates.rules.room_states import NO_TAG, Holding, InState, holder_state, vacancy_state
from fuyuan_desk.estates.service.rows import get_estate
from fuyuan_desk.estates.service.tags import tags_of_units


@permit(*EVERYONE)
def holders_of_rooms(seat: Seat, estate_id: int, building_id: int | None = None) -> dict[int, InState]:
    """Return who is in each unit of an estate or of one of its buildings, by the unit's id, without names."""
    with seat.reading() as session:
        return _by_households(session, estate_id, building_id, holder_state)


@permit(*EVERYONE)
def vacancies_of_rooms(seat: Seat, estate_id: int, building_id: int | None = None) -> dict[int, InState]:
    """Return whether each unit is vacant, by the unit's id."""
    with seat.reading() as session:
        return _by_households(session, estate_id, building_id, vacancy_state)


@permit(*EVERYONE)
def tenures_of_rooms(seat: Seat, estate_id: int, building_id: int | None = None) -> dict[int, InState]:
    """Return the tenure of each unit, by the unit's id."""
    with seat.reading() as session:
        return _by_column(session, estate_id, building_id, Unit.tenure)


@permit(*EVERYONE)
def uses_of_rooms(seat: Seat, estate_id: int, building_id: int | None = None) -> dict[int, InState]:
    """Return the use of each unit, by the unit's id."""
    with seat.reading() as session:
        return _by_column(session, estate_id, building_id, Unit.use)


@permit(*EVERYONE)
def tags_of_rooms(seat: Seat, estate_id: int, building_id: int | None = None) -> dict[int, InState]:
    """Return the first tag of somebody who lives in each unit, as the operator may see it, with all as detail."""
    with seat.reading() as session:
        units = unit_ids(session, estate_id, building_id)
        found = tags_of_units(session, units, seat.operator.role)
        return {unit: _tagged(found.get(unit, ())) for unit in units}


def _tagged(held: Sequence[TagView]) -> InState:
    return InState(str(held[0].id), _(", ").join(tag.name for tag in held)) if held else InState(NO_TAG)


def unit_ids(session: Session, estate_id: int, building_id: int | None = None) -> Sequence[int]:
    """Return the units of an estate or of one of its buildings, for the states that other jobs know."""
    get_estate(session, estate_id)
    return session.scalars(select(Unit.id).where(*within(estate_id, building_id))).all()


def within(estate_id: int, building_id: int | None) -> list[Any]:
    """Return the conditions for the units of an estate or of one of its buildings."""
    conditions = [Unit.estate_id == estate_id]
    return conditions if building_id is None else [*conditions, Unit.building_id == building_id]


def _by_column(session: Session, estate_id: int, building_id: int | None, column: Any) -> dict[int, InState]:
    get_estate(session, estate_id)
    rows = session.execute(select(Unit.id, column).where(*within(estate_id, building_id)))
    return {unit: InState(code) for unit, code in rows if code}


def _by_households(
    session: Session,
    estate_id: int,
    building_id: int | None,
    state_of: Callable[[str, Sequence[Holding]], str],
) -> dict[int, InState]:
    get_estate(session, estate_id)
    conditions = within(estate_id, building_id)
    held = (
        select(Household.unit_id, Household.role, Household.vacant, Household.moved_out_on)
        .join(Unit, Unit.id == Household.unit_id)
        .where(*conditions)
    )
    holdings: dict[int, list[Holding]] = {}
    for unit, role, vacant, moved_out_on in session.execute(held):
        holdings.setdefault(unit, []).append(Holding(role, vacant, moved_out_on is not None))
    units = session.execute(select(Unit.id, Unit.use).where(*conditions))
    states = ((unit, state_of(use, holdings.get(unit, ()))) for unit, use in units)
    return {unit: InState(code) for unit, code in states if code}
