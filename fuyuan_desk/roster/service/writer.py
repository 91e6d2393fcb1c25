"""Writing an import block by block inside one transaction."""

from collections.abc import Mapping, Sequence
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
        self._is_plain = all(
            are_plain([row for *_ids, row in rows]) for rows in (plan.units, plan.households)
        )

    def write(self) -> dict[str, list[int]]:
        """Write all rows, index them for the search, and return their first and last id by table."""
        estates = self._insert(bulk.ESTATE, self._estates())
        holders.add_committee(self._session, estates, office_settings(self._session).name)
        # the index is written in the order of its rows, estates first
        search_entries.index_estates(self._session, estates)
        estate_ids = _Ids(estates)
        labels = self._labels()
        in_estates = [estate_ids[estate] for estate, _building, _row in self._plan.units]
        # while the database writes, which leaves the interpreter to another thread
        with ThreadPoolExecutor(1, "words") as pool:
            words = pool.submit(_words_of_units, self._plan, labels, in_estates, self._is_plain)
            units = self._insert_below(estate_ids)
            search_entries.index_new_units(self._session, units, words.result())
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
        units = self._insert(bulk.UNIT, self._units(estate_ids, buildings, names))
        households = self._insert(bulk.HOUSEHOLD, self._households(estate_ids, _Ids(units)))
        rows = [row for _estate, _unit, row in self._plan.households]
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
        if ids:
            self._created[table] = [ids[0], ids[-1]]
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

    def _units(self, estate_ids: "_Ids", buildings: "_Ids", names: Mapping[int, str]) -> Columns:
        estates = [estate_ids[estate] for estate, _building, _row in self._plan.units]
        rows = [row for _estate, _building, row in self._plan.units]
        return {
            "building_id": [buildings[building] for _estate, building, _row in self._plan.units],
            "estate_id": estates,
            "order_key": [
                search_entries.unit_order_key(names[estate], row.building, row.entrance, row.unit)
                for estate, row in zip(estates, rows, strict=True)
            ],
            **_picked(rows, _UNIT),
            **({} if self._is_plain else numbers_of_units(rows)),
        }

    def _households(self, estate_ids: "_Ids", unit_ids: "_Ids") -> Columns:
        rows = [row for _estate, _unit, row in self._plan.households]
        return {
            "unit_id": [unit_ids[unit] for _estate, unit, _row in self._plan.households],
            "estate_id": [estate_ids[estate] for estate, _unit, _row in self._plan.households],
            **_picked(rows, _HOUSEHOLD),
            **({} if self._is_plain else picked_if_any(rows, ELSEWHERE)),
        }


def _words_of_units(
    plan: Plan, labels: Mapping[int, str], estate_ids: Sequence[int], is_plain: bool
) -> Sequence[Packed]:
    """Return the search words of a plan's new units, packed; needs no store."""
    words = [
        search_entries.words_of_place(f"{labels[building]}{row.entrance}{row.unit}")
        for _estate, building, row in plan.units
    ]
    held = [(unit, row) for _estate, unit, row in plan.households if unit < 0]
    holders = search_entries.words_of_holders(
        [row.name for _unit, row in held],
        [row.phones for _unit, row in held],
        [row.id_number for _unit, row in held],
    )
    for (unit, _row), holder in zip(held, holders, strict=True):
        words[-1 - unit] = f"{words[-1 - unit]} {holder}"
    if not is_plain:
        for unit, row in held:
            words[-1 - unit] = f"{words[-1 - unit]} {words_of_people(row)}"
        for place, (_estate, _building, row) in enumerate(plan.units):
            words[place] = f"{words[place]} {words_of_numbers_elsewhere(row)}"
    return search_entries.pack_units(words, estate_ids)


def _picked(rows: Sequence[RosterRow], fields: Mapping[str, str]) -> Columns:
    indexes = {column: RosterRow._fields.index(field) for column, field in fields.items()}
    return {column: [row[index] for row in rows] for column, index in indexes.items()}


class _Ids:
    """Resolves a plan's references: ids of the store stay, -1 - index becomes the new id of that index."""

    def __init__(self, given: range) -> None:
        self._given = given

    def __getitem__(self, reference: int) -> int:
        return reference if reference > 0 else self._given[-1 - reference]
