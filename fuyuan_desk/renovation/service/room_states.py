"""The renovations of an estate's homes, for its room chart."""

from sqlalchemy import select

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.estates.rules.room_states import InState
from fuyuan_desk.estates.service.room_states import unit_ids
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.rechecks import failures_of
from fuyuan_desk.renovation.catalogue import due_limits
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.room_states import RoomCase, home_states


@permit(*EVERYONE)
def renovations_of_rooms(seat: Seat, estate_id: int, building_id: int | None = None) -> dict[int, InState]:
    """Return the renovation of each unit of an estate or of one of its buildings, by the unit's id, without names."""
    with seat.reading() as session:
        units = unit_ids(session, estate_id, building_id)
        query = select(
            RenovationCase.id,
            RenovationCase.unit_id,
            RenovationCase.number,
            RenovationCase.status,
            RenovationCase.starts_on,
            RenovationCase.ends_on,
            RenovationCase.closed_on,
            RenovationCase.outcome,
        ).where(RenovationCase.estate_id == estate_id)
        rows = session.execute(query).all()
        failures = failures_of(session, SubjectKind.RENOVATION, [row.id for row in rows])
        cases = [
            RoomCase(
                row.unit_id,
                row.number,
                CaseStatus(row.status),
                row.starts_on,
                row.ends_on,
                row.closed_on,
                row.outcome,
                failures.get(row.id, 0),
            )
            for row in rows
        ]
        return home_states(units, cases, seat.today(), due_limits().days_shown_as_completed)
