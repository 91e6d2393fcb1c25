"""Keeping units apart whose places differ in what their label does not say: floor, district, estate; pure."""

from collections.abc import Mapping, Sequence
from functools import partial
from operator import attrgetter, itemgetter

from fuyuan_desk.core.packed import Rows, renewed
from fuyuan_desk.formats.address import floor_number
from fuyuan_desk.roster.reading.cells import canonical_unit
from fuyuan_desk.roster.reading.places import Place
from fuyuan_desk.roster.reading.plan import building_key

Found = list[Rows[Place]]
Names = Sequence[Mapping[str, str]]
Key = tuple[str, str, str, str, str]
_UNIT, _HOUSE = attrgetter("unit"), itemgetter(slice(2))
_WRITTEN = itemgetter(*map(Place._fields.index, ("estate", "building", "entrance", "unit", "street")))


def keep_apart(found: Found, names: Names, buildings: Sequence[str]) -> Found:
    """Return the places of each table with labels that differ wherever any part of a place differs.

    `names` maps the estates of each table to their final names, `buildings` is each table's default.
    A label that had to be completed is `told`.
    """
    found = _by_estates(found, names, buildings)
    if _are_apart(found, names, buildings):
        return found  # hardly any file names a unit twice in two ways
    distinct = [list(dict.fromkeys(of_table)) for of_table in found]
    first: dict[Key, tuple[int, Place]] = {}
    changed: list[dict[Place, Place]] = [{} for _table in found]
    for number, (places, named, default) in enumerate(zip(distinct, names, buildings, strict=True)):
        for place, key in zip(places, _keys(places, named, default), strict=True):
            table, other = first.setdefault(key, (number, place))
            if other is not place and (whole := _completed(place, other)) != place:
                changed[number][place] = whole
            elif other.unit != place.unit and "0" in (other.unit[:1], place.unit[:1]):
                label = min(other.unit, place.unit, key=len)  # 0102 and 102 are one room
                changed[table][other] = other._replace(unit=label)
                changed[number][place] = place._replace(unit=label)
    return [
        renewed(of_table, partial(_changed, of_changed)) if of_changed else of_table
        for of_table, of_changed in zip(found, changed, strict=True)
    ]


def _changed(changed: Mapping[Place, Place], place: Place) -> Place:
    return changed.get(place, place)


def _are_apart(found: Found, names: Names, buildings: Sequence[str]) -> bool:
    """Return whether each place has a key of its own, by their hashes: those of a long list fill little memory."""
    if len(found) == 1:
        distinct = list(dict.fromkeys(found[0]))
        return len(distinct) == _count_keys(distinct, names[0], buildings[0])
    places: set[int] = set()
    keys: set[int] = set()
    for of_table, named, default in zip(found, names, buildings, strict=True):
        distinct = list(dict.fromkeys(of_table))
        # one place in two tables that name their estates or buildings differently is two
        places.update(hash((place, named[place.estate], default)) for place in distinct)
        keys.update(map(hash, _keys(distinct, named, default)))
    return len(places) == len(keys)


def _keys(places: Sequence[Place], named: Mapping[str, str], default: str) -> list[Key]:
    units, houses = _canonical(places, named, default)
    return [(*houses[place[:2]], place.entrance, units[place.unit], place.street) for place in places]


def _count_keys(places: Sequence[Place], named: Mapping[str, str], default: str) -> int:
    """Return how many keys there are; a key for each place is made only where two labels of a level are the same."""
    units, houses = _canonical(places, named, default)
    if len(set(units.values())) == len(units) and len(set(houses.values())) == len(houses):
        return len(set(map(hash, map(_WRITTEN, places))))
    return len(set(map(hash, _keys(places, named, default))))


def _canonical(
    places: Sequence[Place], named: Mapping[str, str], default: str
) -> tuple[dict[str, str], dict[tuple[str, str], tuple[str, str]]]:
    """Return the canonical labels of the units and of the estates and buildings, each looked up once."""
    units = {unit: _room(unit) for unit in set(map(_UNIT, places))}
    houses = {
        (estate, building): (named[estate], building_key(building or default, named[estate]))
        for estate, building in set(map(_HOUSE, places))
    }
    return units, houses


def _room(unit: str) -> str:
    room = canonical_unit(unit)
    return room.lstrip("0") or room if room[:1] == "0" and room.isdecimal() else room


def _completed(place: Place, other: Place) -> Place:
    if place.floor and other.floor and _floor(place.floor) != _floor(other.floor):
        unit = place.unit if place.unit.startswith(place.floor) else place.floor + place.unit
        place = place._replace(unit=unit, told=place.told or place.floor)
    if place.area and other.area and not (place.area in other.area or other.area in place.area):
        place = place._replace(unit=f"{place.unit}（{place.area}）", told=place.told or place.area)
    return place


def _floor(floor: str) -> int | str:
    number = floor_number(floor)
    return floor if number is None else number


def _by_estates(found: Found, names: Names, buildings: Sequence[str]) -> Found:
    # several estates that were put into one may each have a 1号楼
    if not any(len(named) > 1 and len(set(named.values())) < len(named) for named in _joined(names)):
        return found
    owner: dict[tuple[str, str], str] = {}
    changed: dict[tuple[int, str, str], str] = {}
    for is_other in (
        False,
        True,
    ):  # the estate that gives its name comes first; those of a street are told by it
        for number, (of_table, named) in enumerate(zip(found, names, strict=True)):
            for own, building, street in dict.fromkeys((p.estate, p.building, p.street) for p in of_table):
                if (own not in ("", named[own])) is not is_other or street:
                    continue
                key = (named[own], building_key(building or buildings[number], named[own]))
                if owner.setdefault(key, own or named[own]) != (own or named[own]):
                    changed[number, own, building] = own + (building or buildings[number])
    return [renewed(of_table, partial(_renamed, changed, number)) for number, of_table in enumerate(found)]


def _joined(names: Names) -> list[Mapping[str, str]]:
    return [{own: name for named in names for own, name in named.items() if own}]


def _renamed(changed: Mapping[tuple[int, str, str], str], number: int, place: Place) -> Place:
    building = changed.get((number, place.estate, place.building))
    return place if building is None else place._replace(building=building)
