"""Matching the rows of a list with the units and households of the store; pure.

A unit is found by its number in another system, by its place, by the place of one that was merged into it, by another
spelling of its place, by a building that has another name but the same holders, or by its holder and a similar label.
All but the first three are likenesses: they are shown to be confirmed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import fuzz

from fuyuan_desk.estates.facts.listed import HouseholdNow
from fuyuan_desk.estates.rules import same
from fuyuan_desk.roster.reading.cells import canonical_unit
from fuyuan_desk.roster.reading.plan import PlaceKey, unit_key
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.rules.persons import (
    can_compare,
    holder_name,
    is_masked,
    is_renting,
    is_same_holder,
    is_same_paper,
    is_same_person,
    masks,
)
from fuyuan_desk.roster.rules.stored import LooseKey, Stored, loose_key

_LEAST_SAME_HOLDERS = 2  # of a building under another name; one of one holder may be chance
_SIMILAR_LABEL = 60.0
_SIMILAR_NAME = 50.0  # one of two characters, two of three

HouseKey = tuple[str, str]
Row = tuple[str, int, str]
"""A row of a list: its sheet, its number as in Excel, and its holder, as a row may name two."""


def row_key(row: RosterRow) -> Row:
    """Return what tells a household of a list from all others of it."""
    return row.sheet, row.row, row.name


class Found(NamedTuple):
    """The unit that a row is about, None for one that the store does not have; `by_likeness`: to be confirmed."""

    unit: int | None
    by_likeness: bool = False


@dataclass
class Places:
    """The rows of a list with the unit of each, and the rows that repeat an earlier one, with that one."""

    rows: list[RosterRow] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    repeats: list[tuple[RosterRow, RosterRow]] = field(default_factory=list)


# --- units


def find_units(rows: Sequence[RosterRow], stored: Stored, apart: Collection[Row] = ()) -> Places:
    """Find the unit of each row, and leave out the rows that repeat an earlier one.

    Rows in `apart` are about other units than those that are merely alike.
    """
    places = _keys(rows)
    result = Places()
    seen: defaultdict[tuple[PlaceKey, str], list[RosterRow]] = defaultdict(list)
    keys: list[PlaceKey] = []
    for row, place in zip(rows, places, strict=True):
        earlier = seen[place, holder_name(row.name)]
        first = _repeated(row, earlier) if earlier else None
        if first is not None:
            result.repeats.append((row, first))
            continue
        earlier.append(row)
        result.rows.append(row)
        keys.append(place)
    aliases = stored.aliases()
    result.found = [
        Found(_exact(row, place, stored, aliases)) for row, place in zip(result.rows, keys, strict=True)
    ]
    if any(one.unit is None for one in result.found):
        _by_likeness(result, keys, stored, apart)
    return result


def _keys(rows: Sequence[RosterRow]) -> list[PlaceKey]:
    houses: dict[tuple[str, str], tuple[str, str]] = {}
    keys = []
    for row in rows:
        house = houses.get(row[2:4])
        if house is None:
            house = houses[row[2:4]] = unit_key(row.estate, row.building, "", "")[:2]
        keys.append((*house, row.entrance, canonical_unit(row.unit)))
    return keys


def _repeated(row: RosterRow, earlier: Sequence[RosterRow]) -> RosterRow | None:
    """Return the earlier row of the same person in the same unit; two of one name are told apart by their documents."""
    return next((one for one in earlier if is_same_holder(row, one)), None)


def _exact(row: RosterRow, place: PlaceKey, stored: Stored, aliases: Mapping[PlaceKey, int]) -> int | None:
    for pair in row.unit_ids:
        if pair in stored.by_number:
            return stored.by_number[pair]
    unit = stored.by_place.get(place)
    return unit if unit is not None else aliases.get(place)


def _by_likeness(places: Places, keys: Sequence[PlaceKey], stored: Stored, apart: Collection[Row]) -> None:
    """Find units that are spelled or called otherwise; each stands for one place of the list only."""
    taken = {one.unit for one in places.found if one.unit is not None}
    free = [unit for unit in stored.units if unit not in taken]
    missing = [
        number
        for number, one in enumerate(places.found)
        if one.unit is None and row_key(places.rows[number]) not in apart
    ]
    renamed = _renamed_houses(places.rows, keys, missing, free, stored)
    for with_entrance in (True, False):
        for houses in ({}, renamed):
            _by_spelling(places, keys, missing, free, stored, houses, with_entrance)
            missing, free = _left(places, missing, free)
    _by_holder(places, keys, missing, free, stored)


def _by_spelling(
    places: Places,
    keys: Sequence[PlaceKey],
    missing: Sequence[int],
    free: Sequence[int],
    stored: Stored,
    houses: Mapping[HouseKey, HouseKey],
    with_entrance: bool,
) -> None:
    units = _only_ones((_spelled(stored.place_of(stored.units[unit]), with_entrance), unit) for unit in free)
    loose = {
        number: _spelled((*houses.get(keys[number][:2], keys[number][:2]), *keys[number][2:]), with_entrance)
        for number in missing
    }
    wanted: defaultdict[LooseKey, defaultdict[PlaceKey, set[str]]] = defaultdict(lambda: defaultdict(set))
    for number, key in loose.items():
        wanted[key][keys[number]].add(holder_name(places.rows[number].name))
    for number, key in loose.items():
        if key in units and keys[number] == _meant(wanted[key], units[key], stored):
            places.found[number] = Found(units[key], by_likeness=True)


def _meant(wanted: Mapping[PlaceKey, set[str]], unit: int, stored: Stored) -> PlaceKey | None:
    """Return the place of the list that a unit is, given who holds each: of several the one with its holder."""
    if len(wanted) == 1:
        return next(iter(wanted))
    holders = {holder_name(one.head) for one in stored.present[unit]}
    held = [place for place, names in wanted.items() if names & holders]
    return held[0] if len(held) == 1 else None


def _spelled(key: PlaceKey, with_entrance: bool) -> LooseKey:
    estate, building, entrance, room = loose_key(*key)
    return estate, building, entrance if with_entrance else "", room


def _only_ones(pairs: Iterable[tuple[LooseKey, int]]) -> dict[LooseKey, int]:
    """Return the units that alone have a key."""
    found: dict[LooseKey, int] = {}
    twice: set[LooseKey] = set()
    for key, unit in pairs:
        if key in found:
            twice.add(key)
        found[key] = unit
    return {key: unit for key, unit in found.items() if key not in twice}


def _left(places: Places, missing: Sequence[int], free: Sequence[int]) -> tuple[list[int], list[int]]:
    taken = {one.unit for one in places.found if one.unit is not None}
    return (
        [number for number in missing if places.found[number].unit is None],
        [unit for unit in free if unit not in taken],
    )


def _renamed_houses(
    rows: Sequence[RosterRow],
    keys: Sequence[PlaceKey],
    missing: Sequence[int],
    free: Sequence[int],
    stored: Stored,
) -> dict[HouseKey, HouseKey]:
    """Return the buildings that the store knows under another name: most of their holders are the same."""
    holders: defaultdict[HouseKey, Counter[str]] = defaultdict(Counter)
    for unit in free:
        house = stored.houses[stored.units[unit].building_id]
        holders[house.estate, house.key].update(holder_name(one.head) for one in stored.present[unit])
    listed: defaultdict[HouseKey, Counter[str]] = defaultdict(Counter)
    for number in missing:
        if rows[number].name:
            listed[keys[number][:2]][holder_name(rows[number].name)] += 1
    found = {}
    for named, names in listed.items():
        common = {
            other: (names & there).total()
            for other, there in holders.items()
            if other[0] == named[0] and other != named
        }
        best = max(common, key=lambda other: common[other], default=None)
        if best is not None and common[best] >= _LEAST_SAME_HOLDERS and common[best] * 2 > names.total():
            found[named] = best
    return found


def _by_holder(
    places: Places, keys: Sequence[PlaceKey], missing: Sequence[int], free: Sequence[int], stored: Stored
) -> None:
    """Find the units whose label is similar and whose holder is the same."""
    holders: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for unit in free:
        house = stored.houses[stored.units[unit].building_id]
        for one in stored.present[unit]:
            holders[house.estate, house.key, holder_name(one.head)].append(unit)
    taken: set[int] = set()
    for number in missing:
        row, key = places.rows[number], keys[number]
        if not row.name:
            continue
        label = f"{row.entrance}{row.unit}"
        similar = [
            unit
            for unit in holders.get((*key[:2], holder_name(row.name)), ())
            if unit not in taken and _is_similar(label, row, stored, unit)
        ]
        if len(similar) == 1:
            taken.add(similar[0])
            places.found[number] = Found(similar[0], by_likeness=True)


def _is_similar(label: str, row: RosterRow, stored: Stored, unit: int) -> bool:
    if not row.entrance and same.room_key("", row.unit)[1] == same.room_key("", stored.units[unit].label)[1]:
        return True  # a list without entrances
    there = stored.units[unit].entrance + stored.units[unit].label
    numbers = [[char for char in text if char.isdigit()] for text in (label, there)]
    # 101 and 102 are as similar as texts, and never one room
    return numbers[0] == numbers[1] and fuzz.ratio(label, there) >= _SIMILAR_LABEL


# --- households


class Pair(NamedTuple):
    """A row and the household of the store that it is about; `by_likeness`: to be confirmed."""

    row: int
    household: HouseholdNow
    by_likeness: bool = False


def match_households(
    numbers: Sequence[int], rows: Sequence[RosterRow], households: Sequence[HouseholdNow], stored: Stored
) -> list[Pair]:
    """Match the rows of one unit, given by their numbers, with its households: the surest sign first."""
    pairs: list[Pair] = []
    left_rows, left = list(numbers), list(households)
    for is_match, by_likeness in (
        (_same_number, False),
        (_same_kind, False),
        (_same_name_and_paper, False),
        (_merged, False),
        (_member, False),
        (_same_name, False),
        (_masked, False),
        (_similar, True),
    ):
        for number in list(left_rows):
            for household in left:
                if is_match(rows[number], household, stored):
                    pairs.append(Pair(number, household, by_likeness))
                    left_rows.remove(number)
                    left.remove(household)
                    break
        if not left_rows or not left:
            break
    return pairs


def _same_number(row: RosterRow, household: HouseholdNow, stored: Stored) -> bool:
    if household.other_ids and any(
        household.other_ids.get(system) == number for system, number in row.other_ids
    ):
        return True
    return can_compare(row.id_number, household.id_number) and is_same_paper(
        row.id_number, household.id_number
    )


def _same_name_and_paper(row: RosterRow, household: HouseholdNow, stored: Stored) -> bool:
    return is_same_person(row.name, row.id_number, household.head, household.id_number)


def _merged(row: RosterRow, household: HouseholdNow, stored: Stored) -> bool:
    """Return whether a household of this name was merged into the one that is there."""
    return any(
        gone.table == "household"
        and gone.kept_id == household.id
        and is_same_person(row.name, row.id_number, gone.head, gone.id_number)
        for gone in stored.merged
    )


def _member(row: RosterRow, household: HouseholdNow, stored: Stored) -> bool:
    """Return whether the holder of one is among the people of the other: a household that is named otherwise."""
    if is_renting(row.role) != is_renting(household.role):
        return False
    people = stored.people.get(household.id, ())
    return any(is_same_person(row.name, row.id_number, one.name, one.id_number) for one in people) or any(
        is_same_person(one.name, one.id_number, household.head, household.id_number) for one in row.persons
    )


def _same_kind(row: RosterRow, household: HouseholdNow, stored: Stored) -> bool:
    """Return whether name and kind of holding are one: an owner and a renter of one name may be two."""
    return is_renting(row.role) == is_renting(household.role) and _same_name_and_paper(row, household, stored)


def _same_name(row: RosterRow, household: HouseholdNow, stored: Stored) -> bool:
    return holder_name(row.name) == holder_name(household.head)


def _masked(row: RosterRow, household: HouseholdNow, stored: Stored) -> bool:
    """Return whether a name that is not whole may be that of the other one; a document that is not must be so, too."""
    names = (row.name, household.head), (household.head, row.name)
    if not any(is_masked(one) and masks(one, other) for one, other in names):
        return False
    papers = row.id_number, household.id_number
    return not all(papers) or any(map(is_masked, papers))


def _similar(row: RosterRow, household: HouseholdNow, stored: Stored) -> bool:
    """Return whether a telephone is the same and the name similar, as after a typing error."""
    if not set(row.phones) & set(stored.phones.get((household.id, None), ())):
        return False
    return row.name[:1] == household.head[:1] and fuzz.ratio(row.name, household.head) >= _SIMILAR_NAME
