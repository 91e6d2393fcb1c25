"""Which households a list should have and has not; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from fuyuan_desk.estates.facts.listed import HouseholdNow
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.plan import unit_key
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.rules.matching import Places
from fuyuan_desk.roster.rules.persons import holder_name, is_renting
from fuyuan_desk.roster.rules.stored import Stored


@dataclass(frozen=True)
class Scope:
    """How many households live in the buildings that a list leaves out, and how many it should have in the others."""

    households: int = 0
    there: int = 0

    def is_partial(self, gone: int) -> bool:
        """Return whether a list from which so many are gone has less than half of those it should have."""
        return self.there > 0 and gone * 2 > self.there


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
    named |= {
        keys[place]
        for row, one in zip(rows, places.found, strict=True)
        if one.unit is None and (place := unit_key(row.estate, row.building, "", "")[:2]) in keys
    }
    of_estate: defaultdict[str, set[int]] = defaultdict(set)
    for building, house in stored.houses.items():
        of_estate[house.estate].add(building)
    inhabited = Counter(
        stored.units[unit].building_id for unit, households in stored.present.items() if households
    )
    covered = set(named)
    for buildings in of_estate.values():
        if len(buildings & named) * 2 >= len(buildings):
            # who leaves a house of one household takes its only row along
            covered |= {building for building in buildings if inhabited[building] <= 1}
    only_renters = _with_renters_alone(places)
    leaving: dict[int, HouseholdNow] = {}
    left_out = there = 0
    for unit, households in stored.present.items():
        is_covered = stored.units[unit].building_id in covered
        for household in households:
            if not _is_listed(household, kinds) or (unit in only_renters and not is_renting(household.role)):
                continue
            there += is_covered
            if household.id in matched:
                continue
            if is_covered:
                leaving[household.id] = household
            else:
                left_out += 1
    return leaving, Scope(left_out, there)


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
