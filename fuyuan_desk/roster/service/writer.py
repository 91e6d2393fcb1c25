"""Writing an import block by block inside one transaction."""

from array import array
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.estates.service import bulk, holders, search_entries, tags
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.roster.reading.plan import Plan, unit_key
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.service.writing_people import (
    ELSEWHERE,
    HouseholdPeople,
    are_plain,
    numbers_of_units,
    phones_of_holders,
    picked_if_any,
    words_of_numbers_elsewhere,
    words_of_people,
)
from fuyuan_desk.store.search.index import Packed

_CHUNK = 2_000
_PART = 10_000  # of a long roster, so many rows are in memory at a time
_AHEAD = 2  # parts whose words are computed before they are written
# table columns copied from a roster's rows unchanged: column → field of `RosterRow`
_UNIT = {
    "entrance": "entrance", "floor": "floor", "label": "unit", "use": "use", "tenure": "tenure", "area": "area",
    "inner_area": "inner_area", "lease_no": "lease_no", "fund_first": "fund_first", "fund_balance": "fund_balance",
    "fund_topped_up": "topped_up", "fund_topped_up_on": "topped_up_on",
}  # fmt: skip
_HOUSEHOLD = {
    "head": "name", "is_company": "is_company", "role": "role", "id_kind": "id_kind", "id_number": "id_number",
    "people": "people", "vacant": "vacant", "contact": "contact", "remarks": "remarks",
}  # fmt: skip
Columns = Mapping[str, Sequence[Any]]
_Placed = tuple[int, int, RosterRow]  # estate, building or unit, row


class PlanWriter:
    """Writes a plan inside a running transaction, in chunks with cancellation in between."""

    def __init__(
        self,
        session: Session,
        file_name: str,
        addresses: Mapping[str, str],
        plan: Plan,
        progress: Progress,
        changes: int = 0,
    ) -> None:
        self._session = session
        self._file_name = file_name
        self._addresses = addresses
        self._plan = plan
        self._progress = progress
        self._done = 0
        self._total = len(plan.units) + len(plan.households) * 2 + changes
        self._created: dict[str, list[int]] = {}
        self._is_plain = all(are_plain(row for *_ids, row in rows) for rows in (plan.units, plan.households))

    def write(self) -> dict[str, list[int]]:
        """Write all rows, index them for the search, and return their first and last id by table."""
        estates = self._insert(bulk.ESTATE, self._estates())
        holders.add_committee(self._session, estates, office_settings(self._session).name)
        # the index is written in the order of its rows, estates first
        search_entries.index_estates(self._session, estates)
        estate_ids = _Ids(estates)
        labels = self._labels()
        self.step(0)
        words = _Words(self._plan, labels, estate_ids, self._is_plain)
        self.step(0)
        # while the database writes, which leaves the interpreter to another thread
        with ThreadPoolExecutor(1, "words") as pool:
            waiting = deque(pool.submit(words.packed, part * _PART) for part in range(_AHEAD))
            units = self._insert_below(estate_ids)
            for start in range(0, len(units), _PART):
                packed = waiting.popleft().result()
                waiting.append(pool.submit(words.packed, start + _AHEAD * _PART))
                search_entries.index_new_units(self._session, units[start : start + _PART], packed)
                self.step(0)
        self.step(0)
        old = {unit for _estate, unit, _row in self._plan.households if unit > 0}
        search_entries.index_units(self._session, sorted(old))
        return self._created

    def unit_of(self, row: RosterRow) -> int:
        """Return the unit that was added for a row's place."""
        wanted = unit_key(row.estate, row.building, row.entrance, row.unit)
        for place, (_estate, _building, first) in enumerate(self._plan.units):
            if unit_key(first.estate, first.building, first.entrance, first.unit) == wanted:
                return self._created[bulk.UNIT][0] + place
        raise AssertionError("the plan adds a unit for every place that the store does not have")

    def _insert_below(self, estate_ids: "_Ids") -> range:
        """Insert what is in the estates and return the ids of the units."""
        names = self._names(estate_ids)
        buildings = _Ids(self._insert(bulk.BUILDING, self._buildings(estate_ids)))
        units = range(0)
        for part in _parts(self._plan.units):
            made = self._insert(bulk.UNIT, _units(part, estate_ids, buildings, names, self._is_plain))
            units = range(units.start if units else made.start, made.stop)
        for held in _parts(self._plan.households):
            households = self._insert(
                bulk.HOUSEHOLD, _households(held, estate_ids, _Ids(units), self._is_plain)
            )
            rows = [row for _estate, _unit, row in held]
            if self._is_plain:
                self._insert(bulk.PHONE, phones_of_holders(rows, households))
            else:
                self._insert_people(HouseholdPeople(rows, households))
        return units

    def _insert_people(self, people: HouseholdPeople) -> None:
        """Insert everybody besides the holders, and what belongs to them and to the holders."""
        persons = self._insert(bulk.PERSON, people.persons()) if people.has_persons else range(0)
        self._insert(bulk.PHONE, people.phones(persons))
        self._insert(bulk.SHARE, people.shares(persons))
        self._insert(bulk.PAPER, people.papers(persons))
        if names := people.tag_names:
            self._insert(bulk.TAG, people.tags(persons, tags.tags_named(self._session, names)))

    def _labels(self) -> dict[int, str]:
        """Return the labels of all buildings that new units are in, by reference."""
        old = {estate for estate, building, _row in self._plan.units if building > 0}
        labels = {key: label for key, _estate, label in bulk.buildings_of(self._session, old)} if old else {}
        return labels | {-1 - place: label for place, (_estate, label) in enumerate(self._plan.buildings)}

    def _insert(self, table: str, columns: Columns) -> range:
        ids = bulk.add_blocks(self._session, table, columns, _CHUNK, self.step)
        if ids:  # the parts of a table have consecutive ids
            self._created[table] = [self._created.get(table, ids)[0], ids[-1]]
        return ids

    def step(self, done: int) -> None:
        """Count records that were written; raise `Cancelled` when the clerk gave up."""
        self._done = min(self._done + done, self._total)
        self._progress.step(self._done, self._total, self._file_name)

    def _estates(self) -> Columns:
        names = self._plan.estates
        settings = office_settings(self._session)
        return {
            "name": names,
            "address": [self._addresses.get(name, "") for name in names],
            "street": [settings.street] * len(names),
            "tenures": [list(self._plan.tenures.get(-1 - place, ())) for place in range(len(names))],
        }

    def _names(self, estate_ids: "_Ids") -> dict[int, str]:
        wanted = {estate_ids[estate] for estate, _building, _row in self._plan.units}
        return describe_estates(self._session, wanted)

    def _buildings(self, estate_ids: "_Ids") -> Columns:
        labels = [label for _estate, label in self._plan.buildings]
        return {
            "estate_id": [estate_ids[estate] for estate, _label in self._plan.buildings],
            "label": labels,
            "order_key": list(map(search_entries.building_order_key, labels)),
        }


def _parts(placed: Sequence[_Placed]) -> Iterator[Sequence[_Placed]]:
    for start in range(0, len(placed), _PART):
        yield list(placed[start : start + _PART])


def _units(
    part: Sequence[_Placed],
    estate_ids: "_Ids",
    buildings: "_Ids",
    names: Mapping[int, str],
    is_plain: bool,
) -> Columns:
    estates = [estate_ids[estate] for estate, _building, _row in part]
    rows = [row for _estate, _building, row in part]
    return {
        "building_id": [buildings[building] for _estate, building, _row in part],
        "estate_id": estates,
        "order_key": [
            search_entries.unit_order_key(names[estate], row.building, row.entrance, row.unit)
            for estate, row in zip(estates, rows, strict=True)
        ],
        **_picked(rows, _UNIT),
        **({} if is_plain else numbers_of_units(rows)),
    }


def _households(part: Sequence[_Placed], estate_ids: "_Ids", unit_ids: "_Ids", is_plain: bool) -> Columns:
    rows = [row for _estate, _unit, row in part]
    return {
        "unit_id": [unit_ids[unit] for _estate, unit, _row in part],
        "estate_id": [estate_ids[estate] for estate, _unit, _row in part],
        **_picked(rows, _HOUSEHOLD),
        **({} if is_plain else picked_if_any(rows, ELSEWHERE)),
    }


class _Words:
    """The search words of a plan's new units, by part; needs no store."""

    def __init__(self, plan: Plan, labels: Mapping[int, str], estate_ids: "_Ids", is_plain: bool) -> None:
        self._plan = plan
        self._labels = labels
        self._estate_ids = estate_ids
        self._is_plain = is_plain
        self._held: dict[int, array[int]] = defaultdict(
            lambda: array("l")
        )  # households, by the part of their unit
        for number, (_estate, unit, _row) in enumerate(plan.households):
            if unit < 0:
                self._held[(-1 - unit) // _PART].append(number)

    def packed(self, start: int) -> Sequence[Packed]:
        """Return the words of the units from `start`, a part of them, packed."""
        units = list(self._plan.units[start : start + _PART])
        words = [
            search_entries.words_of_place(f"{self._labels[building]}{row.entrance}{row.unit}")
            for _estate, building, row in units
        ]
        held = [self._plan.households[number][1:] for number in self._held[start // _PART]]
        holders = search_entries.words_of_holders(
            [row.name for _unit, row in held],
            [row.phones for _unit, row in held],
            [row.id_number for _unit, row in held],
        )
        for (unit, _row), holder in zip(held, holders, strict=True):
            place = -1 - unit - start
            words[place] = f"{words[place]} {holder}"
        if not self._is_plain:
            for unit, row in held:
                words[-1 - unit - start] += f" {words_of_people(row)}"
            for place, (_estate, _building, row) in enumerate(units):
                words[place] += f" {words_of_numbers_elsewhere(row)}"
        estates = [self._estate_ids[estate] for estate, _building, _row in units]
        return search_entries.pack_units(words, estates) if units else ()


def _picked(rows: Sequence[RosterRow], fields: Mapping[str, str]) -> Columns:
    indexes = {column: RosterRow._fields.index(field) for column, field in fields.items()}
    return {column: [row[index] for row in rows] for column, index in indexes.items()}


class _Ids:
    """Resolves a plan's references: ids of the store stay, -1 - index becomes the new id of that index."""

    def __init__(self, given: range) -> None:
        self._given = given

    def __getitem__(self, reference: int) -> int:
        return reference if reference > 0 else self._given[-1 - reference]
