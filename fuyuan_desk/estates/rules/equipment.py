"""The equipment of an estate that duties and checklists depend on: there, not there, or unknown.

It is known from what the office recorded, from the buildings, and from the kind of houses. Unknown is never taken for
there or not there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Equipment(StrEnum):
    """A kind of equipment that not every estate has."""

    LIFT = "lift"
    TANK = "tank"
    PUMP = "pump"
    FIRE_PUMP = "fire_pump"
    GARAGE = "garage"
    GREENERY = "greenery"


class Presence(StrEnum):
    """Whether a place has some equipment."""

    HAS = "has"
    NONE = "none"
    UNKNOWN = "unknown"


Presences = Mapping[Equipment, Presence]


@dataclass(frozen=True)
class EquipmentRule:
    """What the kind of house says of one kind of equipment, and how it is named.

    A house of a kind in `absent_in` with no more than `absent_up_to` floors has none; one of a kind in `present_in` has
    it. `if_there` begins the sentence on something that may be there.
    """

    name: str
    name_en: str
    if_there: str
    if_there_en: str
    absent_in: frozenset[str]
    absent_up_to: int
    present_in: frozenset[str]


@dataclass(frozen=True)
class House:
    """A building as far as its equipment follows from it; kind '' and None are unknown."""

    building_id: int
    kind: str
    floors: int | None
    has_lift: bool | None


@dataclass(frozen=True)
class Recorded:
    """Equipment in the list of facilities; `building_id` None: somewhere in the estate."""

    equipment: Equipment
    building_id: int | None


@dataclass(frozen=True)
class Premises:
    """The houses and the recorded equipment of one estate."""

    houses: tuple[House, ...] = ()
    recorded: tuple[Recorded, ...] = ()


NOTHING_KNOWN: Presences = dict.fromkeys(Equipment, Presence.UNKNOWN)


def presences(premises: Premises, rules: Mapping[Equipment, EquipmentRule]) -> Presences:
    """Return for each kind of equipment whether the estate has it."""
    return {kind: _presence(kind, premises.houses, premises.recorded, rules[kind]) for kind in Equipment}


def presences_in(premises: Premises, building_id: int, rules: Mapping[Equipment, EquipmentRule]) -> Presences:
    """Return for each kind of equipment whether a building has it; what serves the whole estate counts as its own."""
    houses = [house for house in premises.houses if house.building_id == building_id]
    own = [entry for entry in premises.recorded if entry.building_id == building_id]
    found = {}
    for kind in Equipment:
        whole = _presence(kind, premises.houses, premises.recorded, rules[kind])
        here = _presence(kind, houses, own, rules[kind])
        if here is Presence.UNKNOWN and (kind is not Equipment.LIFT or whole is Presence.NONE):
            here = whole
        found[kind] = here
    return found


def _presence(
    kind: Equipment, houses: Collection[House], recorded: Sequence[Recorded], rule: EquipmentRule
) -> Presence:
    # an estate has many houses of few sorts
    sorts = {(house.kind, house.floors, house.has_lift): house for house in houses}
    known = {_in_house(kind, house, rule) for house in sorts.values()}
    if Presence.HAS in known or any(entry.equipment is kind for entry in recorded):
        return Presence.HAS
    return Presence.NONE if known == {Presence.NONE} else Presence.UNKNOWN


def _in_house(kind: Equipment, house: House, rule: EquipmentRule) -> Presence:
    if kind is Equipment.LIFT and house.has_lift is not None:
        return Presence.HAS if house.has_lift else Presence.NONE
    if house.kind in rule.absent_in and (house.floors is None or house.floors <= rule.absent_up_to):
        return Presence.NONE
    return Presence.HAS if house.kind in rule.present_in else Presence.UNKNOWN
