"""A small roster that was imported, what a clerk does to it afterwards, and what is in the store."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import BuildingFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Unit
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.privacy.facts import Key
from fuyuan_desk.privacy.service import people
from fuyuan_desk.renovation.facts import Filing
from fuyuan_desk.renovation.rules.works import ScopeItem
from fuyuan_desk.renovation.service.cases import file_case
from fuyuan_desk.roster.service import imports
from tests.privacy.neighbours import agreed

HEADER = "小区,楼栋,室号,业主,电话"
ROWS = (
    "福元小区,1号,101室,丁华,13900000001",
    "福元小区,1号,102室,李新,13900000002",
    "福元小区,2号,201室,王五,13900000003",
)
MODELS = (Estate, Building, Unit, Household, HouseholdPhone)


def write_roster(path: Path, rows: tuple[str, ...]) -> Path:
    """Write a roster as a file."""
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return path


@dataclass
class Clerk:
    """What a clerk does after an import, by the names that a clerk knows."""

    seat: Seat
    folder: Path

    def import_rows(self, *rows: str) -> int:
        """Import rows as a roster, and return the number of the import."""
        path = write_roster(self.folder / f"{len(imports.list_imports(self.seat))}.csv", rows)
        number = imports.import_roster(self.seat, path).import_id
        assert number is not None
        return number

    # --- who is where

    def estate(self, name: str = "福元小区") -> int:
        """Return an estate's id."""
        with self.seat.store.sessions() as session:
            return session.scalars(select(Estate.id).where(Estate.name == name)).one()

    def building(self, label: str) -> int:
        """Return a building's id."""
        with self.seat.store.sessions() as session:
            return session.scalars(select(Building.id).where(Building.label == label)).one()

    def unit(self, label: str) -> int:
        """Return a home's id."""
        with self.seat.store.sessions() as session:
            return session.scalars(select(Unit.id).where(Unit.label == label)).one()

    def household(self, head: str) -> int:
        """Return a household's id."""
        with self.seat.store.sessions() as session:
            return session.scalars(select(Household.id).where(Household.head == head)).one()

    # --- what is done

    def change_household(self, head: str, label: str = "", **values: object) -> None:
        """Change a household's fields, or move it to the home `label`."""
        known = households.household_for_edit(self.seat, self.household(head))
        home = self.unit(label) if label else known.unit_id
        fields = replace(known.fields, **values)  # type: ignore[arg-type]
        households.save_household(self.seat, home, fields, known.id)

    def add_household(self, label: str, head: str) -> None:
        """Add a household to a home."""
        households.save_household(self.seat, self.unit(label), HouseholdFields(head))

    def remove_household(self, head: str) -> None:
        """Remove a household."""
        households.remove_household(agreed(self.seat), self.household(head))

    def change_unit(self, label: str, **values: object) -> None:
        """Change a home's fields."""
        known = units.unit_detail(self.seat, self.unit(label))
        units.save_unit(self.seat, replace(known.fields, **values), known.id)  # type: ignore[arg-type]

    def add_unit(self, building: str, label: str) -> None:
        """Add a home to a building."""
        units.save_unit(self.seat, UnitFields(self.building(building), label=label))

    def remove_home(self, label: str, head: str) -> None:
        """Remove a home after its household."""
        self.remove_household(head)
        units.remove_unit(self.seat, self.unit(label))

    def rename_building(self, label: str, new: str) -> None:
        """Change a building's label."""
        read = buildings.read_building(self.seat, self.building(label))
        fields = BuildingFields(new, estate_id=self.estate())
        buildings.save_building(self.seat, fields, read.known)

    def add_building(self, label: str) -> None:
        """Add a building to the estate."""
        buildings.save_building(self.seat, BuildingFields(label, estate_id=self.estate()))

    def rename_estate(self, name: str) -> None:
        """Change the estate's name."""
        known = estates.estate_detail(self.seat, self.estate())
        estates.save_estate(self.seat, replace(known.fields, name=name), known.id)

    def file_case(self, label: str) -> None:
        """File a renovation of a home."""
        start = self.seat.today() + timedelta(days=1)
        works = (ScopeItem("finish.paint", {}),)
        filing = Filing(self.unit(label), "丁华", start, start + timedelta(days=30), works)
        file_case(self.seat, replace(filing, applicant_phone="13900000009"))

    def add_facility(self, building: str = "") -> None:
        """Add a lift to the estate or to one of its buildings."""
        at = self.building(building) if building else None
        save_facility(self.seat, FacilityFields("lift", "1号梯", self.estate(), at))

    def log_visit(self) -> None:
        """Log a round in the estate."""
        [subject] = estate_subjects(self.seat, [self.estate()])
        items = catalogue.checklist_for(SubjectKind.ESTATE).items
        findings = tuple(Finding(item.key, Result.PASS) for item in items)
        log_visit(self.seat, NewVisit(subject, self.seat.now(), Party.COMMITTEE, "某人", findings))

    def erase(self, head: str) -> None:
        """Erase a person's data after she moved out, with a second person."""
        self.change_household(head, moved_out_on=date(2026, 2, 1))
        people.erase_person(agreed(self.seat), [Key("household", self.household(head))], "consent")


def names_left(seat: Seat) -> list[str]:
    """Return the names of what is in the store: estates, buildings, homes, holders and telephones."""
    columns = (Estate.name, Building.label, Unit.label, Household.head, HouseholdPhone.number)
    with seat.store.sessions() as session:
        return [name for column in columns for name in session.scalars(select(column).order_by(column))]
