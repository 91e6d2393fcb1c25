"""Removing a household takes two persons, unless it is a slip of the same operator of the last day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import ProtectedAction, SecondNeeded
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import households, units
from fuyuan_desk.roster.service import imports
from tests.access.made import at, by, noted
from tests.privacy.neighbours import Home, add_home
from tests.roster.undoing import ROWS, write_roster


@pytest.fixture
def clerk(seat_as: Callable[[Role], Seat]) -> Seat:
    return replace(seat_as(Role.CLERK), now=lambda: datetime.now(UTC))


@pytest.fixture
def home(clerk: Seat) -> Home:
    return add_home(clerk)


def is_there(seat: Seat, home: Home) -> bool:
    return bool(units.unit_detail(seat, home.unit).households)


def change(seat: Seat, home: Home, **values: object) -> None:
    known = households.household_for_edit(seat, home.household)
    fields = replace(known.fields, **values)  # type: ignore[arg-type]
    households.save_household(seat, home.unit, fields, home.household, known.version)


def refused(seat: Seat, home: Home) -> None:
    with pytest.raises(SecondNeeded) as needed:
        households.remove_household(seat, home.household)
    assert needed.value.action is ProtectedAction.REMOVE_HOUSEHOLD
    assert is_there(seat, home)
    households.remove_household(by(seat, "reviewer"), home.household)
    assert not is_there(seat, home)


def test_a_slip_is_taken_back_alone(clerk: Seat, home: Home) -> None:
    change(clerk, home, people=3, phones=("13900000009",))
    households.remove_household(clerk, home.household)
    assert not is_there(clerk, home)
    assert noted(clerk, "confirm") == []


def test_a_day_later_it_takes_two(clerk: Seat, home: Home) -> None:
    refused(at(clerk, datetime.now(UTC) + timedelta(days=1, minutes=1)), home)
    [(_who, detail)] = noted(clerk, "confirm")
    # the trail keeps this for ever, so it names the place and nobody
    assert detail == {
        "act": "remove_household",
        "what": units.unit_detail(clerk, home.unit).address,
        "by": "reviewer",
    }


def test_another_s_household_takes_two(seat: Seat, clerk: Seat, home: Home) -> None:
    refused(seat, home)


@pytest.mark.parametrize("values", [{"people": 4}, {"phones": ("13900000008",)}])
def test_what_another_wrote_to_takes_two(
    seat: Seat, clerk: Seat, home: Home, values: dict[str, object]
) -> None:
    change(seat, home, **values)
    refused(clerk, home)


def test_a_clock_set_back_makes_nothing_new(clerk: Seat, home: Home) -> None:
    """The newest entry of the trail is later than the clock says."""
    with clerk.store.use() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO audit_entry (at, operator, action, table_name, changes, digest, salt, hash)"
            " VALUES ('2090-01-01 00:00:00.000000', 'x', 'sign_in', 'operator', '{}', '', '', '')"
        )
        session.commit()
    refused(clerk, home)


def test_an_imported_household_takes_two_and_its_import_is_undone_by_one(
    clerk: Seat, tmp_path: object
) -> None:
    path = write_roster(clerk.store.folder.parent / "roster.csv", ROWS)
    imported = imports.import_roster(clerk, path, path.stem)
    assert imported.import_id is not None
    with clerk.store.use() as session:
        number = session.connection().exec_driver_sql("SELECT min(id) FROM household").scalar()
    assert isinstance(number, int)
    with pytest.raises(SecondNeeded):
        households.remove_household(clerk, number)
    imports.undo_import(clerk, imported.import_id)
    with clerk.store.use() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM household").scalar() == 0


def test_a_new_household_beside_others_is_a_slip_too(clerk: Seat, home: Home) -> None:
    saved = households.save_household(clerk, home.unit, HouseholdFields("李丁"))
    households.remove_household(clerk, saved.id)
    assert is_there(clerk, home)
