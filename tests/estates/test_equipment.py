"""What follows from houses and facilities, and that the rest stays unknown."""

import pytest

from fuyuan_desk.estates.catalogue import equipment_rules
from fuyuan_desk.estates.rules.equipment import (
    Equipment,
    House,
    Premises,
    Presence,
    Recorded,
    presences,
    presences_in,
)

LIFT, GARAGE, TANK, FIRE_PUMP = Equipment.LIFT, Equipment.GARAGE, Equipment.TANK, Equipment.FIRE_PUMP
HAS, NONE, UNKNOWN = Presence.HAS, Presence.NONE, Presence.UNKNOWN


@pytest.mark.parametrize(
    ("house", "lift", "fire_pump", "garage"),
    [
        (House(1, "old-lane", 2, None), NONE, NONE, NONE),
        (House(1, "new-lane", None, None), NONE, NONE, NONE),
        (House(1, "new-lane", 3, True), HAS, NONE, NONE),  # a lift was added
        (House(1, "new-lane", 7, None), UNKNOWN, UNKNOWN, UNKNOWN),  # the kind contradicts the floors
        (House(1, "", 2, None), UNKNOWN, UNKNOWN, UNKNOWN),  # two floors alone say nothing
        (House(1, "workers", 6, None), UNKNOWN, UNKNOWN, UNKNOWN),
        (House(1, "workers", 6, False), NONE, UNKNOWN, UNKNOWN),
        (House(1, "high-rise", 24, None), HAS, HAS, UNKNOWN),
        (House(1, "garden", 3, None), UNKNOWN, UNKNOWN, UNKNOWN),
        (House(1, "", None, None), UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_what_one_house_says(house: House, lift: Presence, fire_pump: Presence, garage: Presence) -> None:
    found = presences(Premises((house,)), equipment_rules())
    assert (found[LIFT], found[FIRE_PUMP], found[GARAGE]) == (lift, fire_pump, garage)
    assert found[TANK] is UNKNOWN, "no kind of house says anything of a water tank"


def test_one_unknown_house_keeps_the_estate_unknown() -> None:
    lane, other = House(1, "old-lane", 2, None), House(2, "", None, None)
    assert presences(Premises((lane, other)), equipment_rules())[LIFT] is UNKNOWN
    assert presences(Premises((lane, House(2, "workers", 6, True))), equipment_rules())[LIFT] is HAS
    assert presences(Premises(), equipment_rules())[LIFT] is UNKNOWN


def test_what_is_recorded_is_there() -> None:
    premises = Premises((House(1, "old-lane", 2, None),), (Recorded(LIFT, None), Recorded(GARAGE, None)))
    found = presences(premises, equipment_rules())
    assert (found[LIFT], found[GARAGE], found[TANK]) == (HAS, HAS, UNKNOWN)


def test_a_building_has_its_own_lifts_and_shares_what_serves_the_estate() -> None:
    houses = (
        House(1, "workers", 12, True), House(2, "workers", 6, False), House(3, "workers", 6, None),
        House(4, "workers", 6, None),
    )  # fmt: skip
    premises = Premises(houses, (Recorded(TANK, None), Recorded(LIFT, 4)))
    lifts = [presences_in(premises, key, equipment_rules())[LIFT] for key in (1, 2, 3, 4)]
    assert lifts == [HAS, NONE, UNKNOWN, HAS]
    assert presences_in(premises, 2, equipment_rules())[TANK] is HAS
    lane = Premises((House(1, "old-lane", 2, None), House(2, "", None, None)), (Recorded(FIRE_PUMP, 2),))
    assert presences_in(lane, 1, equipment_rules())[FIRE_PUMP] is NONE
