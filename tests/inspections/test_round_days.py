"""Planning rounds ahead: near and overdue checks, plans that are extended, objects that are added."""

from dataclasses import replace
from datetime import date, timedelta

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.houses import BuildingFields
from fuyuan_desk.estates.service import buildings
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.inspections.service import round_plans as plans
from fuyuan_desk.inspections.service.round_days import plan_rounds
from fuyuan_desk.kit.book import Known
from tests.inspections.test_rounds import PLAN, TODAY, at, stored

LIFTS = replace(PLAN, objects="facility", facility_kind="lift", unit="due", times=14)


def lift(number: str, estate: int, check: date | None) -> FacilityFields:
    return FacilityFields(estate_id=estate, kind="lift", number=number, next_check_on=check)


def test_a_check_that_is_near_or_overdue_has_its_round_today_and_once(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    estate = two_estates[0]
    save_facility(seat, lift("1", estate, TODAY - timedelta(days=4)))  # overdue
    plans.save_plan(seat, LIFTS)
    later = at(seat, date(2026, 4, 1))
    save_facility(later, lift("2", estate, date(2026, 4, 10)))  # nearer than 14 days
    third = save_facility(later, lift("3", estate, date(2026, 6, 1)))
    for day in (date(2026, 4, 1), date(2026, 4, 1), date(2026, 4, 2), date(2026, 4, 20)):
        plan_rounds(at(seat, day))
    expected = [
        (TODAY, "电梯 1"), (date(2026, 4, 1), "电梯 2"), (date(2026, 5, 18), "电梯 3"),
    ]  # fmt: skip
    assert [(row[2], row[3]) for row in stored(seat)] == expected
    # brought forward to within the 14 days
    on = at(seat, date(2026, 4, 20))
    save_facility(on, lift("3", estate, date(2026, 4, 25)), Known(third.id, third.version))
    plan_rounds(on)
    assert [(row[2], row[3]) for row in stored(seat)][2:] == [(date(2026, 4, 20), "电梯 3")]


def test_a_preview_says_which_facilities_get_no_round(seat: Seat, two_estates: tuple[int, int]) -> None:
    estate = two_estates[0]
    days = [None, TODAY - timedelta(days=3), date(2026, 5, 1), date(2028, 1, 1)]
    for number, day in enumerate(days):
        save_facility(seat, lift(str(number), estate, day))
    shown = plans.preview_plan(seat, LIFTS)
    assert (shown.objects, shown.a_year, shown.undated, shown.beyond) == (4, 2, 1, 1)


def test_a_plan_that_is_extended_misses_nothing_while_it_had_ended(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    daily = replace(PLAN, unit="day", times=1, until_on=date(2026, 3, 15), holidays="keep")
    saved = plans.save_plan(seat, daily)
    plan_rounds(at(seat, date(2026, 3, 20)))
    again = date(2026, 7, 1)
    plans.save_plan(at(seat, again), replace(daily, until_on=None), Known(saved.id, saved.version))
    days = sorted({row[2] for row in stored(seat)})
    assert days == [
        *(TODAY + timedelta(days=n) for n in range(14)),
        *(again + timedelta(days=n) for n in range(63)),
    ]


def test_what_nobody_saw_before_a_plan_ended_was_missed(seat: Seat, two_estates: tuple[int, int]) -> None:
    daily = replace(PLAN, unit="day", times=1, until_on=date(2026, 5, 20), holidays="keep")
    saved = plans.save_plan(seat, daily)  # as far as 3 May
    again = date(2026, 7, 1)
    plans.save_plan(at(seat, again), replace(daily, until_on=None), Known(saved.id, saved.version))
    days = {row[2] for row in stored(seat)}
    assert date(2026, 5, 20) in days
    assert not {day for day in days if date(2026, 5, 20) < day < again}


def test_a_building_that_is_added_after_a_closed_spell_has_missed_nothing(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    estate = two_estates[0]
    buildings.save_building(seat, BuildingFields("8号", estate_id=estate))
    plans.save_plan(seat, replace(PLAN, objects="building", estates=(estate,)))
    on = at(seat, date(2026, 8, 3))
    buildings.save_building(on, BuildingFields("9号", estate_id=estate))
    plan_rounds(on)
    rows = stored(seat)
    assert min(row[2] for row in rows if row[3] == "9号") == date(2026, 8, 3)
    missed = {row[2] for row in rows if row[3] == "8号" and row[2] < date(2026, 8, 3)}
    assert max(missed) == date(2026, 7, 30)
