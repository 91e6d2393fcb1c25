"""Whether the estate of a list is one of the store under another name, by the people at its homes; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import Levenshtein

from fuyuan_desk.estates.facts.listed import HeldHome
from fuyuan_desk.estates.rules import same
from fuyuan_desk.roster.reading.places import same_estate
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.reading.titles import part_of_estate
from fuyuan_desk.roster.rules.persons import holder_name

_LEAST = {True: 2, False: 5}
"""The least homes with the same holder: of estates whose names are nearly equal, and of others."""

_Key = tuple[str, str, str, str]


def estate_alike(
    listed: str, rows: Sequence[RosterRow], held: Iterable[HeldHome], names: Mapping[int, str]
) -> int | None:
    """Return the estate that has most of the rows' homes with the same holders, None for none.

    `rows` are those of the estate `listed`, `names` the estates of the store.
    """
    homes = {_key(row.building, row.estate, row.entrance, row.unit, row.name) for row in rows}
    there: Counter[int] = Counter()
    for estate, key in {
        (one.estate_id, _key(one.building, names[one.estate_id], one.entrance, one.unit, one.head))
        for one in held
    }:
        there[estate] += key in homes
    for estate, number in there.most_common():
        if number * 2 > len(homes) and number >= _LEAST[are_near(listed, names[estate])]:
            return estate
    return None


def are_near(name: str, other: str) -> bool:
    """Return whether two names of estates are nearly equal: one is in the other, or a character differs."""
    one, two = same_estate(name), same_estate(other)
    return one in two or two in one or Levenshtein.distance(one, two, score_cutoff=1) <= 1


def _key(building: str, estate: str, entrance: str, unit: str, holder: str) -> _Key:
    # the part may be in the name of the estate on one side alone: 锦绣家园（东区）has 东区3号楼
    house = building.removeprefix(part_of_estate(building))
    house = "" if same_estate(house) == same_estate(estate) else same.building_key(house)
    return house, *same.room_key(entrance, unit), holder_name(holder)
