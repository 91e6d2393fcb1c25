"""What a clerk types at an invented office, compared with a table of what is to be found."""

import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Person, Unit
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.store.db.base import Record
from fuyuan_desk.today import service
from tests.conftest import NOW, PASSWORD, made_once
from tests.today.search_table import ESTATES, QUERIES, REASONS, UNITS

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(born: str) -> str:
    """Return an ID number of an invented person: its sequence 000 is never issued."""
    digits = f"310101{born}000"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def _gone(session: Session, units: Sequence[int]) -> Iterator[Record]:
    """Return a household that had left before, and somebody who left another one."""
    shan, ou = (list(UNITS).index(key) for key in ("shan", "ou"))
    estate_id = session.scalar(select(Unit.estate_id).where(Unit.id == units[shan]))
    former = Household(
        unit_id=units[shan], estate_id=estate_id, head="秦怀远", moved_out_on=NOW.date() - timedelta(days=9)
    )
    session.add(former)
    session.flush()
    left = session.scalar(select(Household).where(Household.unit_id == units[list(UNITS).index("empty")]))
    assert left is not None
    left.moved_out_on = NOW.date()
    yield HouseholdPhone(household_id=former.id, position=0, number="13922224321")
    household_id = session.scalar(select(Household.id).where(Household.unit_id == units[ou]))
    yield Person(household_id=household_id, position=9, name="舒远行", until_on=NOW.date())


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
        session.add_all(_gone(session, units))
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


@pytest.mark.parametrize(("typed", "unit", "told"), REASONS, ids=[typed for typed, *_rest in REASONS])
def test_a_result_says_why_it_is_shown(office: Seat, typed: str, unit: str, told: tuple[str, ...]) -> None:
    records, text = all_records(), spelt_out(typed)
    found = service.search(office, records, text)
    found += service.guess(office, records, text, found)
    wanted = WITH_X if unit == "X" else unit
    [reasons] = [each.reasons for each in found if each.kind == "unit" and keys_of((each,)) == [wanted]]
    assert reasons == tuple(map(spelt_out, told))


@pytest.mark.parametrize("typed", [typed for typed, wanted in QUERIES if wanted])
def test_whatever_is_found_as_typed_has_a_reason_and_reveals_nobody(office: Seat, typed: str) -> None:
    text = spelt_out(typed).strip()
    for each in service.search(office, all_records(), text):
        assert each.reasons, each
        shown = " ".join((each.title, each.detail, *each.reasons))
        assert not any(name in shown for *_place, name, _born, _phone, _others in UNITS.values())
        assert not re.search(r"\d{5}", re.sub(r"\d+弄", "", shown))


def test_a_holder_who_has_left_is_named_as_such_and_only_where_nobody_has_come(office: Seat) -> None:
    [shan] = [each for each in service.search(office, all_records(), "shanwenjun") if each.kind == "unit"]
    assert shan.detail == "单*"
    [empty] = [each for each in service.search(office, all_records(), "游四海") if each.kind == "unit"]
    assert (empty.detail, empty.reasons) == ("游* (moved out)", ("Holder 游* (moved out)",))
