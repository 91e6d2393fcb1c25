"""Which households a list should have and has not; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from fuyuan_desk.estates.facts.listed import HouseholdNow
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.plan import unit_key
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.rules.matching import Places
from fuyuan_desk.roster.rules.persons import holder_name, is_renting
from fuyuan_desk.roster.rules.stored import Stored


@dataclass(frozen=True)
class Scope:
    """What a list is about: by building, how many households it should have, and how many live in those left out.

    `unnamed` are houses that it should have and of whose kind it names hardly any.
    """

    there: Mapping[int, int] = field(default_factory=dict)
    left_out: int = 0
    unnamed: Set[int] = frozenset()

    def too_few(self, gone: Iterable[int], stored: Stored) -> tuple[frozenset[int], frozenset[int]]:
        """Return the buildings of estates, and single ones, of which a list has too few to say who is gone.

        `gone`: the building of each household that is gone from it. Too few are half or less of an estate, as far as
        the list is about it, and less than half of a building: one of two in a house, or its only one, may have left.
        """
        by_building = Counter(gone)
        homes, missing = Counter[str](), Counter[str]()
        for building, number in self.there.items():
            homes[stored.houses[building].estate] += number
            missing[stored.houses[building].estate] += by_building[building]
        few = {estate for estate, number in missing.items() if number and number * 2 >= homes[estate]}
        of_estates = frozenset(one for one in self.there if stored.houses[one].estate in few)
        single = {one for one, number in by_building.items() if number * 2 > self.there[one] > 1}
        single |= self.unnamed & by_building.keys()
        return of_estates, frozenset(single - of_estates)


def leaving_of(places: Places, stored: Stored, matched: Set[int]) -> tuple[dict[int, HouseholdNow], Scope]:
    """Return the present households that a list of this kind should have and has not.

    A list of owners says nothing of renters, one of tenants nothing of owners, one without names nothing of
    anybody; a list of some buildings nothing of the others.
    """
    rows = places.rows
    kinds = {_kind(row.role) for row in rows if row.name}
    named = {stored.units[one.unit].building_id for one in places.found if one.unit is not None}
    # a building that the store knows is named even if all its homes in the list are new
    keys = {(house.estate, house.key): building for building, house in stored.houses.items()}
    others = {
        unit_key(row.estate, row.building, "", "")[:2]
        for row, one in zip(rows, places.found, strict=True)
        if one.unit is None
    }
    named |= {keys[place] for place in others & keys.keys()}
    lone, unnamed = _lone_houses(named, Counter(estate for estate, _key in others - keys.keys()), stored)
    covered = named | lone
    only_renters = _with_renters_alone(places)
    leaving: dict[int, HouseholdNow] = {}
    there: Counter[int] = Counter()
    left_out = 0
    for unit, households in stored.present.items():
        building = stored.units[unit].building_id
        for household in households:
            if not _is_listed(household, kinds) or (unit in only_renters and not is_renting(household.role)):
                continue
            there[building] += building in covered
            if household.id in matched:
                continue
            if building in covered:
                leaving[household.id] = household
            else:
                left_out += 1
    return leaving, Scope(+there, left_out, unnamed)


def _lone_houses(named: Set[int], new: Mapping[str, int], stored: Stored) -> tuple[set[int], set[int]]:
    """Return the houses of at most one household that a list is about, and those of them that need not be.

    Who leaves such a house takes its only row along, so a list that names more than half of the buildings of an estate,
    among them `new` ones, is about them, too. It need not be if it names less than half of such houses.
    """
    inhabited = Counter(
        stored.units[unit].building_id for unit, households in stored.present.items() if households
    )
    of_estate: defaultdict[str, set[int]] = defaultdict(set)
    for building, house in stored.houses.items():
        of_estate[house.estate].add(building)
    about: set[int] = set()
    unnamed: set[int] = set()
    for estate, buildings in of_estate.items():
        lone = {one for one in buildings if inhabited[one] <= 1}
        if (len(buildings & named) + new[estate]) * 2 > len(buildings) + new[estate]:
            about |= lone
            unnamed |= lone - named if len(lone & named) * 2 < len(lone) else set()
    return about, unnamed


def _with_renters_alone(places: Places) -> set[int]:
    """Return the homes for which a list names renters and nobody else: their owner lives elsewhere and has not left."""
    roles: defaultdict[int, set[bool]] = defaultdict(set)
    for row, one in zip(places.rows, places.found, strict=True):
        if row.name and one.unit is not None:
            roles[one.unit].add(is_renting(row.role))
    return {unit for unit, said in roles.items() if said == {True}}


def _kind(role: str) -> str:
    return "renting" if is_renting(role) else role if role in (HoldingRole.OWNER, HoldingRole.TENANT) else ""


def _is_listed(household: HouseholdNow, kinds: Set[str]) -> bool:
    """Return whether a list with holders of these kinds would name a household."""
    kind = _kind(household.role)
    if kind == "renting":
        return kind in kinds
    if kind == HoldingRole.OWNER:
        return not kinds.isdisjoint(("", HoldingRole.OWNER))
    return not kinds.isdisjoint(("", HoldingRole.OWNER, HoldingRole.TENANT))


def spare(leaving: dict[int, HouseholdNow], faulty: Sequence[RosterRow], stored: Stored) -> None:
    """Take those out of the leaving whom a row names that cannot be imported: by unit, document, telephone or name."""
    if not faulty or not leaving:
        return
    units = {
        stored.by_place.get(unit_key(row.estate, row.building, row.entrance, row.unit)) for row in faulty
    }
    signs = {sign for row in faulty for sign in signs_of_row(row)}
    names = {holder_name(row.name) for row in faulty if row.name}
    for household in list(leaving.values()):
        if (
            household.unit_id in units
            or not signs.isdisjoint(signs_of_household(household, stored))
            or holder_name(household.head) in names
        ):
            del leaving[household.id]


def signs_of_household(household: HouseholdNow, stored: Stored) -> Iterator[tuple[str, ...]]:
    """Yield what tells a household's holder from others: numbers in other systems, document, telephone with name."""
    yield from ((system, number) for system, number in (household.other_ids or {}).items())
    if household.id_number:
        yield ("id", household.id_number)
    for phone in stored.phones.get((household.id, None), ()):
        yield ("phone", phone, holder_name(household.head))


def signs_of_row(row: RosterRow) -> Iterator[tuple[str, ...]]:
    """Yield what tells a row's holder from others, as `signs_of_household` does."""
    yield from row.other_ids
    if row.id_number:
        yield ("id", row.id_number)
    for phone in row.phones:
        yield ("phone", phone, holder_name(row.name))
