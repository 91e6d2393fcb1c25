"""What tiers add to the room chart of an estate."""

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.service.estates import list_estates
from fuyuan_desk.estates.service.rooms import list_rooms
from fuyuan_desk.standards.rules import ROOM_STATES, Tier
from fuyuan_desk.standards.service.room_states import tiers_of_rooms
from fuyuan_desk.standards.service.tiers import duties_of_estate, tiers_of_estates


def test_every_tier_has_a_state_with_its_own_pattern() -> None:
    assert [state.code for state in ROOM_STATES] == list(Tier)
    assert len({state.look.pattern for state in ROOM_STATES}) == len(Tier)


def test_all_rooms_of_an_estate_have_its_tier_and_tell_what_is_owed(sample_seat: Seat) -> None:
    tiers = tiers_of_estates(sample_seat)
    for estate in list_estates(sample_seat).rows:
        states = tiers_of_rooms(sample_seat, estate.id)
        if estate.id not in tiers:
            assert states == {}
            continue
        assert set(states) == {room.id for room in list_rooms(sample_seat, estate.id).rooms}
        [state] = set(states.values())
        assert state.code == tiers[estate.id].tier
        first = next(duty for duty in duties_of_estate(sample_seat, estate.id).duties if not duty.if_there)
        assert state.detail.startswith(f"{first.name_en}: {first.text_en}")
