"""Undoing an import after anything that clerks may do, compared with a plain model of what must stay.

The model knows nothing of versions: it notes what each act changed, and follows every reference of the store's rows
until nothing more stays.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict, UserError
from fuyuan_desk.estates.facts.houses import BuildingFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.records import Building, Estate, Household, Unit
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.renovation.facts import Filing
from fuyuan_desk.renovation.rules.works import ScopeItem
from fuyuan_desk.renovation.service.cases import file_case
from fuyuan_desk.roster.records import ImportRun
from fuyuan_desk.roster.service import imports
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.search import filter as listed
from fuyuan_desk.store.search import index as search
from tests.privacy.neighbours import agreed
from tests.roster.undoing import write_roster

TABLES = ("estate", "building", "unit", "household", "household_phone")
OTHERS = ("facility", "renovation_case")
# every reference of these tables, written out
REFERENCES = (
    ("building", "estate_id", "estate"),
    ("unit", "estate_id", "estate"),
    ("unit", "building_id", "building"),
    ("household", "estate_id", "estate"),
    ("household", "unit_id", "unit"),
    ("household_phone", "household_id", "household"),
    ("facility", "estate_id", "estate"),
    ("facility", "building_id", "building"),
    ("renovation_case", "estate_id", "estate"),
    ("renovation_case", "unit_id", "unit"),
)
Rows = dict[tuple[str, int], dict[str, Any]]
Keys = set[tuple[str, int]]


@dataclass
class World:
    """An office in which each example uses estates, holders and numbers of its own."""

    seat: Seat
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    changed: Keys = field(default_factory=set)
    imported: list[int] = field(default_factory=list)
    names: tuple[str, str] = ("", "")
    earlier: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin an example."""
        number = next(self.numbers)
        self.names = (f"福元{number}弄", f"新元{number}弄")
        self.changed, self.imported = set(), []
        self.earlier = {}
        self.earlier = {
            table: max((key for name, key in self.rows() if name == table), default=0)
            for table in (*TABLES, *OTHERS)
        }

    def rows(self) -> Rows:
        """Return the rows that the example added, by table and id."""
        found: Rows = {}
        with self.seat.store.sessions() as session:
            for table in (*TABLES, *OTHERS):
                query = f"SELECT * FROM {table} WHERE id > {self.earlier.get(table, 0)}"
                read = session.connection().exec_driver_sql(query).mappings()
                found |= {(table, row["id"]): dict(row) for row in read}
        return found

    def here(self, table: str) -> list[int]:
        """Return the ids of a table's rows in the estates of this example."""
        rows = self.rows()
        mine = {key for (name, key), row in rows.items() if name == "estate" and row["name"] in self.names}
        return [
            key for (name, key), row in rows.items() if name == table and row.get("estate_id", key) in mine
        ]

    def _holders(self, homes: set[str]) -> list[str]:
        """Return a line for each holder of homes: a list that leaves one out says that she was replaced."""
        query = (
            select(Estate.name, Building.label, Unit.label, Household.head)
            .join(Building, Building.estate_id == Estate.id)
            .join(Unit, Unit.building_id == Building.id)
            .join(Household, Household.unit_id == Unit.id)
        )
        with self.seat.store.sessions() as session:
            held = [
                (f"{name},{building},{unit},", head) for name, building, unit, head in session.execute(query)
            ]
        return [f"{home}{head}," for home, head in held if home in homes]

    def phone(self) -> str:
        """Invent a telephone number that nobody has."""
        return f"139{next(self.numbers):08}"

    # --- acts; each takes a number that chooses among what is there

    def import_rows(self, choices: list[tuple[int, int, int]]) -> None:
        """Import a roster of rooms that may be there already."""
        lines = [
            f"{self.names[estate]},{building}号,{room}室,张{'甲乙丙丁'[next(self.numbers) % 4]},{self.phone()}"
            for estate, building, room in choices
        ]
        lines += self._holders({line.rpartition("张")[0] for line in lines})
        path = write_roster(self.folder / f"{next(self.numbers)}.csv", tuple(lines))
        number = imports.import_roster(self.seat, path).import_id
        if number is not None:  # everything may be there already
            self.imported.append(number)

    def _pick(self, table: str, choice: int) -> int | None:
        found = self.here(table)
        return found[choice % len(found)] if found else None

    def change_household(self, choice: int) -> None:
        """Change the remarks of a household."""
        if (key := self._pick("household", choice)) is not None:
            known = households.household_for_edit(agreed(self.seat), key)
            fields = replace(known.fields, remarks=f"改{next(self.numbers)}")
            households.save_household(self.seat, known.unit_id, fields, key)
            self.changed.add(("household", key))

    def change_phones(self, choice: int) -> None:
        """Replace or remove the telephones of a household."""
        if (key := self._pick("household", choice)) is not None:
            known = households.household_for_edit(agreed(self.seat), key)
            new = () if choice % 2 else (self.phone(),)
            households.save_household(self.seat, known.unit_id, replace(known.fields, phones=new), key)
            if new != known.fields.phones:
                self.changed.add(("household", key))

    def move_household(self, choice: int) -> None:
        """Move a household to some home."""
        key, home = self._pick("household", choice), self._pick("unit", choice // 7)
        if key is not None and home is not None:
            known = households.household_for_edit(agreed(self.seat), key)
            households.save_household(self.seat, home, known.fields, key)
            if home != known.unit_id:
                self.changed.add(("household", key))

    def add_household(self, choice: int) -> None:
        """Add a household to a home."""
        if (home := self._pick("unit", choice)) is not None:
            households.save_household(self.seat, home, HouseholdFields("李丁", phones=(self.phone(),)))

    def remove_household(self, choice: int) -> None:
        """Remove a household."""
        if (key := self._pick("household", choice)) is not None:
            households.remove_household(agreed(self.seat), key)

    def change_unit(self, choice: int) -> None:
        """Change the lease of a home."""
        if (key := self._pick("unit", choice)) is not None:
            known = units.unit_detail(self.seat, key)
            units.save_unit(self.seat, replace(known.fields, lease_no=f"{next(self.numbers)}"), key)
            self.changed.add(("unit", key))

    def move_unit(self, choice: int) -> None:
        """Move a home to some building, perhaps of the other estate."""
        key, building = self._pick("unit", choice), self._pick("building", choice // 7)
        if key is None or building is None:
            return
        before = self.rows()
        fields = replace(units.unit_detail(self.seat, key).fields, building_id=building)
        units.save_unit(self.seat, fields, key)
        after = self.rows()
        if before["unit", key]["building_id"] != building:
            self.changed.add(("unit", key))
        if before["unit", key]["estate_id"] != after["unit", key]["estate_id"]:
            self.changed |= {
                place for place, row in after.items() if place[0] == "household" and row["unit_id"] == key
            }

    def add_unit(self, choice: int) -> None:
        """Add a home to a building."""
        if (building := self._pick("building", choice)) is not None:
            units.save_unit(self.seat, UnitFields(building, label=f"{900 + next(self.numbers)}室"))

    def remove_unit(self, choice: int) -> None:
        """Remove a home, if nothing is in it."""
        if (key := self._pick("unit", choice)) is not None:
            units.remove_unit(self.seat, key)

    def change_building(self, choice: int) -> None:
        """Rename a building."""
        if (key := self._pick("building", choice)) is not None:
            read = buildings.read_building(self.seat, key)
            fields = replace(read.fields, label=f"{100 + next(self.numbers)}号")
            buildings.save_building(self.seat, fields, read.known)
            self.changed.add(("building", key))

    def add_building(self, choice: int) -> None:
        """Add a building to an estate."""
        if (estate := self._pick("estate", choice)) is not None:
            label = f"{100 + next(self.numbers)}号"
            buildings.save_building(self.seat, BuildingFields(label, estate_id=estate))

    def change_estate(self, choice: int) -> None:
        """Change an estate."""
        if (key := self._pick("estate", choice)) is not None:
            known = estates.estate_detail(self.seat, key)
            estates.save_estate(self.seat, replace(known.fields, remarks=f"{next(self.numbers)}"), key)
            self.changed.add(("estate", key))

    def add_facility(self, choice: int) -> None:
        """Add a lift to an estate or one of its buildings."""
        if (estate := self._pick("estate", choice)) is None:
            return
        within = [
            key
            for (table, key), row in self.rows().items()
            if table == "building" and row["estate_id"] == estate
        ]
        building = within[choice % len(within)] if within and choice % 3 else None
        save_facility(self.seat, FacilityFields("lift", f"{next(self.numbers)}号梯", estate, building))

    def file_case(self, choice: int) -> None:
        """File a renovation of a home."""
        if (key := self._pick("unit", choice)) is not None:
            day = self.seat.today()
            filing = Filing(
                key, "王甲", day, day, (ScopeItem("finish.paint", {}),), applicant_phone=self.phone()
            )
            file_case(self.seat, filing)

    def undo(self, choice: int) -> None:
        """Undo one of the imports."""
        if self.imported:
            imports.undo_import(self.seat, self.imported.pop(choice % len(self.imported)))


ACTS: tuple[Callable[[World, int], None], ...] = (
    World.change_household, World.change_phones, World.move_household, World.add_household, World.remove_household,
    World.change_unit, World.move_unit, World.add_unit, World.remove_unit, World.change_building, World.add_building,
    World.change_estate, World.add_facility, World.file_case, World.undo,
)  # fmt: skip


def _follows(rows: Rows, made: Keys, staying: Keys, table: str, row: dict[str, Any]) -> bool:
    """Return whether a row is part of one that stays: a telephone, or a holder of a new home with a renovation."""
    if table == "household_phone":
        return ("household", row["household_id"]) in staying
    cases = (case for (name, _key), case in rows.items() if name == "renovation_case")
    in_new_home = table == "household" and ("unit", row["unit_id"]) in made
    return in_new_home and any(case["unit_id"] == row["unit_id"] for case in cases)


def must_stay(rows: Rows, made: Keys, changed: Keys) -> Keys:
    """Return which rows of an import stay, by following references until nothing more is added."""
    staying = {key for key in rows if key not in made or key in changed}
    while True:
        more: Keys = set()
        for (table, key), row in rows.items():
            if (table, key) in staying:
                more |= {
                    (above, row[column])
                    for name, column, above in REFERENCES
                    if name == table and row[column] is not None
                }
            elif _follows(rows, made, staying, table, row):
                more.add((table, key))
        if more <= staying:
            return staying & made
        staying |= more


def refused(world: World, number: int) -> bool:
    """Undo an import; return whether that was refused."""
    try:
        imports.undo_import(world.seat, number)
    except Conflict:
        return True
    return False


def unfindable(world: World, before: Rows, after: Rows) -> list[str]:
    """Return what the search finds of rows that are gone, or does not find of those that stay."""
    wrong = []
    with world.seat.store.sessions() as session:
        for place, row in before.items():
            if place[0] != "household_phone":
                continue
            holder = after.get(("household", row["household_id"]))
            expected = [holder["unit_id"]] if holder and place in after else []
            found = [hit.record_id for hit in search.find(session, row["number"], [UNIT])]
            if found != expected:
                wrong.append(f"{row['number']}: {found}, not {expected}")
        for (table, key), row in before.items():
            if table == "estate":
                inside = {
                    unit
                    for (name, unit), each in after.items()
                    if name == "unit" and each["estate_id"] == key
                }
                if set(listed.matching_ids(session, row["name"], UNIT, 10_000)) != inside:
                    wrong.append(row["name"])
    return wrong


ROOMS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(1, 2), st.integers(101, 103)), min_size=1, max_size=5
)
STEPS = st.lists(st.tuples(st.integers(0, len(ACTS) - 1), st.integers(0, 60)), max_size=7)


def test_exactly_what_was_changed_or_used_stays(seat: Seat, tmp_path: Path) -> None:
    world = World(seat, tmp_path)
    outcomes = set()

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ROOMS, min_size=1, max_size=3), STEPS, st.integers(0, 2), STEPS)
    def check(rosters: list[list[tuple[int, int, int]]], first: Any, which: int, then: Any) -> None:
        world.begin()
        for roster in rosters:
            world.import_rows(roster)
            for act, choice in first:
                with suppress(UserError):
                    ACTS[act](world, choice)
        for act, choice in then:
            with suppress(UserError):
                ACTS[act](world, choice)
        if not world.imported:
            return
        number = world.imported[which % len(world.imported)]
        with seat.store.sessions() as session:
            created = session.get_one(ImportRun, number).created
        before = world.rows()
        made = {
            (table, key)
            for table, (start, end) in created.items()
            for key in range(start, end + 1)
            if (table, key) in before
        }
        kept = must_stay(before, made, world.changed)
        nothing_goes = bool(made) and kept == made
        assert refused(world, number) == nothing_goes
        after = world.rows()
        expected = before if nothing_goes else {key: before[key] for key in before if key not in made - kept}
        assert after == expected
        assert unfindable(world, before, after) == []
        outcomes.add((nothing_goes, bool(kept), bool(made - kept)))

    check()
    assert {(False, True, True), (False, False, True)} <= outcomes
    assert [fault for finding in check_store(seat.store) for fault in finding.faults] == []
