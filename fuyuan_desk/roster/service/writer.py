"""Writing an import block by block inside one transaction."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.core.ahead import ahead
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
from fuyuan_desk.store.audit.bulk_insert import Block, TableInsert
from fuyuan_desk.store.search.index import Packed

_CHUNK = 2_000
_PART = 10_000  # units that are indexed at once: each statement of the index costs a segment of it
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
_ROW = itemgetter(2)
_Act = Callable[[], int]  # writes what is prepared; returns how many records


class PlanWriter:
    """Writes a plan inside a running transaction, block by block with cancellation in between."""

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
        self._is_plain = are_plain(map(_ROW, plan.households), map(_ROW, plan.units))

    def write(self) -> dict[str, list[int]]:
        """Write all rows, index them for the search, and return their first and last id by table."""
        estates = self._insert(bulk.ESTATE, self._estates())
        holders.add_committee(self._session, estates, office_settings(self._session).name)
        # the index is written in the order of its rows, estates first
        search_entries.index_estates(self._session, estates)
        above = self._above(_Ids(estates))
        inserts = {
            table: bulk.open_insert(self._session, table)
            for table in (bulk.UNIT, bulk.HOUSEHOLD, *bulk.PARTS)
        }
        # the thread that prepares takes the interpreter, which the database does not need
        for act in ahead(_Preparation(self._plan, above, inserts, self._is_plain, self._session).acts()):
            self.step(act())
        for table, rows in inserts.items():
            rows.finish()
            self._note(table, rows.ids)
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

    def _above(self, estate_ids: "_Ids") -> "_Above":
        buildings = _Ids(self._insert(bulk.BUILDING, self._buildings(estate_ids)))
        old = {estate for estate, building, _row in self._plan.units if building > 0}
        labels = {key: label for key, _estate, label in bulk.buildings_of(self._session, old)} if old else {}
        labels |= {-1 - place: label for place, (_estate, label) in enumerate(self._plan.buildings)}
        wanted = set(estate_ids.of([estate for estate, _building, _row in self._plan.units]))
        return _Above(estate_ids, describe_estates(self._session, wanted), buildings, labels)

    def _insert(self, table: str, columns: Columns) -> range:
        ids = bulk.add_blocks(self._session, table, columns, _CHUNK, self.step)
        self._note(table, ids)
        return ids

    def _note(self, table: str, ids: range) -> None:
        if ids:
            self._created[table] = [ids[0], ids[-1]]

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

    def _buildings(self, estate_ids: "_Ids") -> Columns:
        labels = [label for _estate, label in self._plan.buildings]
        return {
            "estate_id": estate_ids.of([estate for estate, _label in self._plan.buildings]),
            "label": labels,
            "order_key": list(map(search_entries.building_order_key, labels)),
        }


class _Above(NamedTuple):
    """What the units of a plan are in: the estates and their full names by id, the buildings and their labels."""

    estates: "_Ids"
    names: Mapping[int, str]
    buildings: "_Ids"
    labels: Mapping[int, str]


class _Preparation:
    """Prepares what is to be written of a plan below its buildings; needs no store, so that a thread can run ahead."""

    def __init__(
        self, plan: Plan, above: _Above, inserts: Mapping[str, TableInsert], is_plain: bool, session: Session
    ) -> None:
        self._plan = plan
        self._above = above
        self._inserts = inserts
        self._is_plain = is_plain
        self._session = session  # for what the acts do
        first = inserts[bulk.UNIT].ids.start
        self._units_made = range(first, first + len(plan.units))
        self._unit_ids = _Ids(self._units_made)

    def acts(self) -> Iterator[_Act]:
        """Yield what writes the units and the words they are found by, then the households and who belongs to them."""
        yield from self._units()
        for _start, placed in _cut(self._plan.households, _CHUNK):
            households, act = self._prepared(bulk.HOUSEHOLD, self._households(placed))
            yield act
            rows = [row for _estate, _unit, row in placed]
            if self._is_plain:
                yield self._prepared(bulk.PHONE, phones_of_holders(rows, households))[1]
            else:
                yield from self._people(HouseholdPeople(rows, households))

    def _units(self) -> Iterator[_Act]:
        words = _Words(self._plan, self._above, self._is_plain)
        for start, part in _cut(self._plan.units, _PART):
            estates = self._above.estates.of([estate for estate, _building, _row in part])
            packed = search_entries.pack_units(words.of_units(start, part), estates)
            # first: a part takes long to be indexed, which only what is prepared meanwhile makes up for
            yield partial(self._index, self._units_made[start : start + _PART], packed)
            for _start, placed in _cut(part, _CHUNK):
                yield self._prepared(bulk.UNIT, self._unit_columns(placed))[1]

    def _index(self, units: range, packed: Sequence[Packed]) -> int:
        search_entries.index_new_units(self._session, units, packed)
        return 0

    def _people(self, people: HouseholdPeople) -> Iterator[_Act]:
        """Yield what writes everybody besides the holders, and what belongs to them and to the holders."""
        persons = range(0)
        if people.has_persons:
            persons, act = self._prepared(bulk.PERSON, people.persons())
            yield act
        for table, columns in (
            (bulk.PHONE, people.phones(persons)),
            (bulk.SHARE, people.shares(persons)),
            (bulk.PAPER, people.papers(persons)),
        ):
            yield self._prepared(table, columns)[1]
        if people.tag_names:
            yield partial(self._write_tags, people, persons)

    def _write_tags(self, people: HouseholdPeople, persons: range) -> int:
        ids = tags.tags_named(self._session, people.tag_names)
        return self._prepared(bulk.TAG, people.tags(persons, ids))[1]()

    def _prepared(self, table: str, columns: Columns) -> tuple[range, _Act]:
        insert = self._inserts[table]
        block = insert.prepared(columns)
        return block.ids, partial(_write, insert, block)

    def _unit_columns(self, placed: Sequence[_Placed]) -> Columns:
        above = self._above
        estates = above.estates.of([estate for estate, _building, _row in placed])
        rows = [row for _estate, _building, row in placed]
        return {
            "building_id": above.buildings.of([building for _estate, building, _row in placed]),
            "estate_id": estates,
            "order_key": [
                search_entries.unit_order_key(above.names[estate], row.building, row.entrance, row.unit)
                for estate, row in zip(estates, rows, strict=True)
            ],
            **_picked(rows, _UNIT),
            **({} if self._is_plain else numbers_of_units(rows)),
        }

    def _households(self, placed: Sequence[_Placed]) -> Columns:
        rows = [row for _estate, _unit, row in placed]
        return {
            "unit_id": self._unit_ids.of([unit for _estate, unit, _row in placed]),
            "estate_id": self._above.estates.of([estate for estate, _unit, _row in placed]),
            **_picked(rows, _HOUSEHOLD),
            **({} if self._is_plain else picked_if_any(rows, ELSEWHERE)),
        }


def _write(insert: TableInsert, block: Block) -> int:
    insert.write(block)
    return len(block.ids)


def _cut(placed: Sequence[_Placed], size: int) -> Iterator[tuple[int, list[_Placed]]]:
    """Yield pieces of `size`, each with its start."""
    for start in range(0, len(placed), size):
        yield start, list(placed[start : start + size])


class _Words:
    """The search words of a plan's new units."""

    def __init__(self, plan: Plan, above: _Above, is_plain: bool) -> None:
        self._plan = plan
        self._labels = above.labels
        self._is_plain = is_plain
        # the households by the part of their unit
        self._held: dict[int, array[int]] = defaultdict(lambda: array("l"))
        for number, (_estate, unit, _row) in enumerate(plan.households):
            if unit < 0:
                self._held[(-1 - unit) // _PART].append(number)

    def of_units(self, start: int, units: Sequence[_Placed]) -> list[str]:
        """Return the words of the units from `start`, a part of them."""
        words = search_entries.words_of_places(
            [self._labels[building] for _estate, building, _row in units],
            [row.entrance + row.unit for _estate, _building, row in units],
        )
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
        return words


def _picked(rows: Sequence[RosterRow], fields: Mapping[str, str]) -> Columns:
    indexes = {column: RosterRow._fields.index(field) for column, field in fields.items()}
    return {column: [row[index] for row in rows] for column, index in indexes.items()}


class _Ids:
    """Resolves a plan's references: ids of the store stay, -1 - index becomes the new id of that index."""

    def __init__(self, given: range) -> None:
        self._given = given

    def of(self, references: Sequence[int]) -> list[int]:
        """Return the ids of references; all of a block at once, as a call for each would take longer than the rest."""
        given = self._given
        return [reference if reference > 0 else given[-1 - reference] for reference in references]
