"""Facilities in an office: their buildings, their checks on the page “Today”, their place in the search."""

from dataclasses import replace
from datetime import date

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.estates.service import buildings, estates
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service import dues
from fuyuan_desk.facilities.service.facilities import (
    change_facilities,
    find_facilities,
    read_facility,
    save_facility,
)
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.today import service as today
from tests.kit.books import gates, set_up

TODAY = date(2026, 3, 2)


@pytest.fixture
def office(seat: Seat) -> Seat:
    """An office with a lane (1) of two gates and a tower (2)."""
    set_up(seat)
    gates(seat)
    return seat


def lift(number: str, check: date | None = None, **more: object) -> FacilityFields:
    """Return a lift of the lane."""
    return replace(FacilityFields("lift", number, 1, next_check_on=check), **more)  # type: ignore[arg-type]


def test_a_building_belongs_to_the_estate(office: Seat) -> None:
    with pytest.raises(InvalidInput) as refusal:
        save_facility(office, replace(lift("1"), estate_id=2, building_id=1))
    assert refusal.value.fields == {
        "building_id": "This building does not belong to the estate. Choose it again."
    }
    with pytest.raises(InvalidInput):
        save_facility(office, lift("1", building_id=99))


def test_an_estate_or_building_with_facilities_is_not_removed(office: Seat) -> None:
    save_facility(office, lift("1", building_id=1))
    with pytest.raises(Conflict, match="1 facility"):
        buildings.remove_building(office, 1)
    with pytest.raises(Conflict, match="1 facility"):
        estates.remove_estate(office, 1)


def test_an_estate_that_was_removed_meanwhile_is_refused_in_words(office: Seat) -> None:
    with pytest.raises(InvalidInput, match="no longer there"):
        save_facility(office, replace(lift("1"), estate_id=99))


def test_what_is_scrapped_is_not_overdue_in_the_list_either(office: Seat) -> None:
    kept = save_facility(office, lift("1", date(2026, 2, 1)))
    save_facility(office, lift("2", date(2026, 2, 1), state="scrapped"))
    overdue = find_facilities(office, BookQuery(facets={"next_check_on": (None, date(2026, 3, 1))}))
    assert [line.id for line in overdue.rows] == [kept.id]


def test_checks_stand_among_the_tasks_thirty_days_ahead(office: Seat) -> None:
    for number, check, state in (
        ("早", date(2026, 2, 1), "in_use"),
        ("近", date(2026, 4, 1), "faulty"),
        ("远", date(2026, 4, 2), "in_use"),
        ("废", date(2026, 2, 1), "scrapped"),
        ("无", None, "in_use"),
    ):
        save_facility(office, lift(number, check, state=state, building_id=1))
    with office.store.use() as session:
        found = dues.tasks(session, TODAY)
    assert sorted((task.title, task.overdue) for task in found) == [
        ("Lift 早  南昌路168弄10号", True),
        ("Lift 近  南昌路168弄10号", False),
        ("Statutory checks of 1 facility are not recorded", False),
    ]


def test_the_search_box_finds_a_facility_by_its_estate_and_number(office: Seat) -> None:
    saved = save_facility(office, lift("12号梯"))
    hits = today.search(office, all_records(), "ncl168 12")
    [hit] = [one for one in hits if one.kind == "facility"]
    assert (hit.record_id, hit.title, hit.detail) == (saved.id, "Lift 12号梯", "南昌路168弄")


def test_a_refused_change_of_several_names_the_record(office: Seat) -> None:
    one = save_facility(office, lift("1", installed_on=date(2026, 1, 1)))
    line = read_facility(office, one.id)
    with pytest.raises(InvalidInput, match="Lift 1: The next check is before the day of installation"):
        change_facilities(office, [line.known], {"next_check_on": date(2025, 1, 1)})
    assert read_facility(office, one.id) == line
