"""What the store holds of a list's estates, by the keys by which a list's rows are matched with it; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fuyuan_desk.estates.facts.listed import HouseholdNow, MergedAway, PersonNow, UnitNow
from fuyuan_desk.estates.rules import same
from fuyuan_desk.roster.reading.cells import canonical_unit
from fuyuan_desk.roster.reading.plan import PlaceKey

LooseKey = tuple[str, str, str, str]


@dataclass(frozen=True)
class House:
    """A building of the store: its estate's key, its own canonical key, and its label."""

    estate: str
    key: str
    label: str


@dataclass
class Stored:
    """The store's records of a list's estates, with the indexes that matching needs.

    `people` are everybody besides holders; `phones`, `shares`, `papers` and `tags` are by household and person (None:
    the holder).
    """

    estates: Mapping[str, int] = field(default_factory=dict)
    houses: Mapping[int, House] = field(default_factory=dict)
    units: Mapping[int, UnitNow] = field(default_factory=dict)
    households: Mapping[int, HouseholdNow] = field(default_factory=dict)
    phones: Mapping[tuple[int, int | None], tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[int, list[PersonNow]] = field(default_factory=dict)
    shares: Mapping[tuple[int, int | None], str] = field(default_factory=dict)
    papers: Mapping[tuple[int, int | None], frozenset[str]] = field(default_factory=dict)
    tags: Mapping[tuple[int, int | None], frozenset[str]] = field(default_factory=dict)
    merged: tuple[MergedAway, ...] = ()
    by_place: dict[PlaceKey, int] = field(default_factory=dict)
    by_number: dict[tuple[str, str], int] = field(default_factory=dict)
    present: defaultdict[int, list[HouseholdNow]] = field(default_factory=lambda: defaultdict(list))
    former: defaultdict[int, list[HouseholdNow]] = field(default_factory=lambda: defaultdict(list))

    def place_of(self, unit: UnitNow) -> PlaceKey:
        """Return the canonical key of a unit."""
        house = self.houses[unit.building_id]
        return house.estate, house.key, unit.entrance, canonical_unit(unit.label)

    def address(self, unit_id: int) -> str:
        """Return a unit's place in its estate, as in `Home.address`."""
        unit = self.units[unit_id]
        house = self.houses[unit.building_id]
        return f"{house.label if house.key else ''}{unit.entrance}{unit.label}"

    def index(self) -> "Stored":
        """Fill the indexes; return itself."""
        self.by_place = {self.place_of(unit): unit.id for unit in self.units.values()}
        self.by_number = dict(_numbers(self.units.values()))
        for household in self.households.values():
            where = self.former if household.moved_out_on is not None else self.present
            where[household.unit_id].append(household)
        return self

    def aliases(self) -> dict[PlaceKey, int]:
        """Return the units that others were merged into, by the places of those that are gone."""
        return {
            (house.estate, house.key, gone.entrance, canonical_unit(gone.label)): gone.kept_id
            for gone in self.merged
            if gone.table == "unit"
            and gone.kept_id in self.units
            and (house := self.houses.get(gone.building_id))
        }


def _numbers(units: Iterable[UnitNow]) -> Iterable[tuple[tuple[str, str], int]]:
    for unit in units:
        if unit.other_ids:
            yield from ((pair, unit.id) for pair in unit.other_ids.items())


def loose_key(estate: str, building: str, entrance: str, unit: str) -> LooseKey:
    """Return what is equal for spellings of one room: 1号楼/1幢/01, 1单元101/101 of 1单元, 0101/101室."""
    return estate, same.building_key(building), *same.room_key(entrance, unit)
