"""What a clerk types at an invented office, compared with a table of what is to be found."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Person, Unit
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.today import service
from tests.conftest import NOW, PASSWORD, made_once
from tests.today.search_table import ESTATES, QUERIES, UNITS

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(born: str) -> str:
    """Return an ID number of an invented person: its sequence 000 is never issued."""
    digits = f"310101{born}000"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


@permit(*EVERYONE)
def fill(seat: Seat) -> None:
    """Save the office of the table."""
    with seat.transaction() as session:
        estates = {name: Estate(name=name, address=address) for name, address in ESTATES.items()}
        session.add_all(estates.values())
        session.flush()
        buildings: dict[tuple[str, str], Building] = {}
        units = []
        for estate, house, room, head, born, phone, others in UNITS.values():
            if (estate, house) not in buildings:
                buildings[estate, house] = Building(
                    estate_id=estates[estate].id, label=house, order_key=house
                )
                session.add(buildings[estate, house])
                session.flush()
            building = buildings[estate, house]
            unit = Unit(building_id=building.id, estate_id=building.estate_id, label=room, order_key=room)
            session.add(unit)
            session.flush()
            paper = id_number(born) if born else ""
            household = Household(unit_id=unit.id, estate_id=building.estate_id, head=head, id_number=paper)
            session.add(household)
            session.flush()
            if phone:
                session.add(
                    HouseholdPhone(household_id=household.id, position=0, number=phone.replace("-", ""))
                )
            session.add_all(
                Person(household_id=household.id, position=place, name=name)
                for place, name in enumerate(others)
            )
            units.append(unit.id)
        search_entries.index_estates(session, [row.id for row in estates.values()])
        search_entries.index_units(session, units)


@pytest.fixture(scope="module")
def office(prepared_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """The office of the table, which the tests only read."""

    def make(folder: Path) -> None:
        shutil.copytree(prepared_office, folder)
        signed_in = sign_in(folder, "admin", PASSWORD)
        fill(Seat(signed_in.store, signed_in.operator, now=lambda: NOW))
        signed_in.store.close()

    made = made_once(tmp_path_factory, "search-table", make)
    folder = tmp_path_factory.mktemp("search") / "office"
    shutil.copytree(made, folder)
    signed_in = sign_in(folder, "admin", PASSWORD)
    yield Seat(signed_in.store, signed_in.operator, now=lambda: NOW)
    signed_in.store.close()


def keys_of(found: tuple[service.Found, ...]) -> list[str]:
    units, estates = list(UNITS), list(ESTATES)
    return [
        units[each.record_id - 1] if each.kind == "unit" else estates[each.record_id - 1]
        for each in found
        if each.kind in ("unit", "estate")
    ]


WITH_X = next(key for key, unit in UNITS.items() if unit[4] and id_number(unit[4])[-1] == "X")


def spelt_out(text: str) -> str:
    def tail(place: re.Match[str]) -> str:
        key = WITH_X if place[2] in "xX" else place[2]
        number = id_number(UNITS[key][4])[-int(place[3]) :]
        return number.lower() if place[2] == "x" else number

    return re.sub(r"\{(ID|id):(\w+):(\d+)\}", tail, text)


@pytest.mark.parametrize(("typed", "wanted"), QUERIES, ids=[typed for typed, _wanted in QUERIES])
def test_what_a_clerk_types_finds_what_she_means(office: Seat, typed: str, wanted: str) -> None:
    records, text = all_records(), spelt_out(typed).strip()
    found = service.search(office, records, text)
    guessed = service.guess(office, records, text, found)
    keys = keys_of(found) + keys_of(guessed)
    expected = {WITH_X if key == "X" else key for key in wanted.split()}
    assert expected <= set(keys)
    assert expected or not keys
