"""The rooms of an estate or a building with their states, for the room chart."""

from sqlalchemy import func, select

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.estates.facts import Rooms
from fuyuan_desk.estates.records import Building, Household, Unit
from fuyuan_desk.estates.rules.rooms import Holding, Room, room_state
from fuyuan_desk.estates.service.rows import get_estate

MOST_ROOMS = 5_000  # in one chart; more could not be surveyed


@permit(*EVERYONE)
def list_rooms(seat: Seat, estate_id: int, building_id: int | None = None, most: int = MOST_ROOMS) -> Rooms:
    """Return the rooms of an estate or of one of its buildings, with their states and without any names.

    If there are more than `most`, none are returned and all are counted.
    """
    with seat.reading() as session:
        estate = get_estate(session, estate_id)
        within = [Unit.estate_id == estate_id]
        if building_id is not None:
            within.append(Unit.building_id == building_id)
        total = session.scalar(select(func.count()).select_from(Unit).where(*within)) or 0
        if total > most:
            return Rooms(estate.name, estate.uid, (), total)
        holdings: dict[int, list[Holding]] = {}
        held = (
            select(Household.unit_id, Household.role, Household.vacant, Household.moved_out_on)
            .join(Unit, Unit.id == Household.unit_id)
            .where(*within)
        )
        for unit_id, role, vacant, moved_out_on in session.execute(held):
            holdings.setdefault(unit_id, []).append(Holding(role, vacant, moved_out_on is not None))
        units = (
            select(Unit.id, Building.label, Unit.entrance, Unit.floor, Unit.label, Unit.use)
            .join(Building, Building.id == Unit.building_id)
            .where(*within)
            .order_by(Unit.order_key)
        )
        rooms = tuple(
            Room(unit_id, building, entrance, floor, label, room_state(use, holdings.get(unit_id, ())))
            for unit_id, building, entrance, floor, label, use in session.execute(units)
        )
        return Rooms(estate.name, estate.uid, rooms, total)
