"""The service tier of an estate's rooms, for its room chart: all of an estate have the same."""

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.texts import N_, language, numbered
from fuyuan_desk.estates.rules.room_states import InState
from fuyuan_desk.estates.service.room_states import unit_ids
from fuyuan_desk.standards.facts import EstateDuties
from fuyuan_desk.standards.service.tiers import estate_duties

_LISTED = 6  # duties that are told under the mouse


@permit(*EVERYONE)
def tiers_of_rooms(seat: Seat, estate_id: int, building_id: int | None = None) -> dict[int, InState]:
    """Return the tier of each unit of an estate with what is owed, by the unit's id; nothing without a tier."""
    with seat.reading() as session:
        duties = estate_duties(session, estate_id, seat.today())
        if duties.assigned is None:
            return {}
        state = InState(duties.assigned.tier, _owed(duties))
        return dict.fromkeys(unit_ids(session, estate_id, building_id), state)


def _owed(duties: EstateDuties) -> str:
    """Return the first duties that are owed for certain, and how many there are."""
    certain = [duty for duty in duties.duties if not duty.if_there]
    is_chinese = language().startswith("zh")
    lines = [
        f"{duty.name}：{duty.text}" if is_chinese else f"{duty.name_en}: {duty.text_en}"
        for duty in certain[:_LISTED]
    ]
    if more := len(certain) - len(lines):
        lines.append(numbered(more, N_("and {n} more duty"), N_("and {n} more duties")))
    return "\n".join(lines)
