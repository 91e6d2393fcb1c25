"""The calendar of work, and the terms that are counted by it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.calendar import (
    Calendar,
    Pause,
    Term,
    Unit,
    due_at,
    holidays,
    joined,
    read_calendar,
    running_time,
    shipped,
)

YEARS = st.dates(date(2025, 1, 1), date(2027, 6, 30))
START = datetime(2026, 3, 2, 9, 30).astimezone()


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 3, 2), 7, date(2026, 3, 11)),  # Monday to Wednesday of the next week
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # Friday to Monday
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # a Saturday counts as little as a Sunday
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # the 5th to the 7th are moved
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday that is worked
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2027, 12, 30), 7, None),  # 2028 has no table yet
        (date(2025, 12, 30), 7, date(2026, 1, 9)),
        (date(2025, 1, 24), 3, date(2025, 2, 5)),  # the 26th is worked, the Spring Festival is eight days
        (date(2024, 12, 30), 7, None),
    ],
)
def test_working_days_are_counted(day: date, count: int, found: date | None) -> None:
    assert shipped().after_working_days(day, count) == found


def test_a_year_without_a_table_is_unknown() -> None:
    calendar = shipped()
    assert calendar.is_working(date(2028, 3, 1)) is None
    assert calendar.working_day_from(date(2028, 3, 1)) is None
    assert calendar.holiday(date(2028, 10, 1)) == ""
    assert not calendar.knows(date(2028, 3, 1))
    assert not shipped().years[2027].is_arranged


def test_the_days_of_a_table_agree_with_each_other() -> None:
    for year in shipped().years.values():
        assert len(year.holidays) == 13  # since 2025
        assert {day.year for day in (*year.holidays, *year.off, *year.worked)} == {year.year}
        assert all(day.weekday() >= 5 and day not in year.holidays for day in year.worked)
        assert all(day.weekday() < 5 and day not in year.holidays for day in year.off)
    assert holidays()[date(2026, 10, 1)] == "国庆节"


@given(YEARS, st.integers(1, 30))
def test_a_day_found_is_a_working_day_with_as_many_before_it(day: date, count: int) -> None:
    found = shipped().after_working_days(day, count)
    assert found is not None
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    working = [one for one in between if _works(one)]
    assert (len(working), working[-1]) == (count, found)


def _works(day: date) -> bool:
    """Say it independently of the program: from the table as it is written."""
    table: Mapping[str, Any] = {
        "2025": {"off": "0203 0204 0505 0602 1007 1008", "worked": "0126 0208 0427 0928 1011"},
        "2026": {
            "off": "0102 0220 0223 0406 0504 0505 1005 1006 1007",
            "worked": "0104 0214 0228 0509 0920 1010",
        },
    }.get(str(day.year), {"off": "", "worked": ""})
    if f"{day:%m%d}" in table["worked"].split():
        return True
    return day.weekday() < 5 and day not in holidays() and f"{day:%m%d}" not in table["off"].split()


# ---- terms


@pytest.mark.parametrize(
    ("begun", "term", "found"),
    [
        ("2026-03-02 09:30", Term(120, Unit.MINUTES), "2026-03-02 11:30"),
        ("2026-10-01 23:50", Term(30, Unit.MINUTES), "2026-10-02 00:20"),
        ("2026-03-02 09:30", Term(3, Unit.DAYS), "2026-03-05 18:00"),
        ("2026-03-02 09:30", Term(5, Unit.DAYS), "2026-03-09 18:00"),  # a Saturday
        ("2026-09-29 08:00", Term(3, Unit.DAYS), "2026-10-08 18:00"),  # a holiday
        ("2026-03-02 09:30", Term(5, Unit.WORKING_DAYS, time(17, 30)), "2026-03-09 17:30"),
        ("2026-03-02 22:00", Term(1, Unit.WORKING_DAYS), "2026-03-03 18:00"),
    ],
)
def test_a_term_ends_at_its_hour(begun: str, term: Term, found: str) -> None:
    end = due_at(datetime.fromisoformat(begun).astimezone(), term, shipped())
    assert end is not None
    assert f"{end:%Y-%m-%d %H:%M}" == found


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.WORKING_DAYS])
def test_a_term_into_an_unknown_year_has_no_end(unit: Unit) -> None:
    assert due_at(datetime(2027, 12, 30, 9).astimezone(), Term(9, unit), shipped()) is None


def test_while_the_clock_stands_no_term_has_an_end() -> None:
    pauses = [Pause(START + timedelta(hours=1))]
    assert due_at(START, Term(120, Unit.MINUTES), shipped(), pauses) is None
    assert running_time(START, START + timedelta(hours=5), pauses) == timedelta(hours=1)


def test_the_days_of_a_pause_do_not_count() -> None:
    pauses = [
        Pause(datetime(2026, 3, 3, 9).astimezone(), datetime(2026, 3, 5, 9).astimezone()),
        Pause(datetime(2026, 3, 4, 9).astimezone(), datetime(2026, 3, 5, 17).astimezone()),
    ]
    assert (
        due_at(START, Term(2, Unit.WORKING_DAYS), shipped(), pauses) == datetime(2026, 3, 6, 18).astimezone()
    )
    assert joined(pauses) == [(pauses[0].begun, pauses[1].ended)]


def test_a_pause_on_the_day_to_which_the_last_one_moves_moves_it_on() -> None:
    begun = datetime(2026, 3, 4, 9).astimezone()  # three days end on a Saturday, so on Monday the 9th
    pauses = [Pause(datetime(2026, 3, 8, 10).astimezone(), datetime(2026, 3, 13, 9).astimezone())]
    found = due_at(begun, Term(3, Unit.DAYS), shipped(), pauses)
    assert found == datetime(2026, 3, 13, 18).astimezone()


_MINUTES = st.integers(0, 60 * 24 * 10)


@st.composite
def _pauses(draw: st.DrawFn) -> list[Pause]:
    return [
        Pause(START + timedelta(minutes=first), START + timedelta(minutes=first + length))
        for first, length in draw(st.lists(st.tuples(_MINUTES, st.integers(0, 3_000)), max_size=4))
    ]


@given(st.integers(0, 3_000), _pauses())
def test_minutes_are_those_in_which_no_pause_is(count: int, pauses: list[Pause]) -> None:
    found = due_at(START, Term(count, Unit.MINUTES), shipped(), pauses)
    assert found is not None
    minute, left = START, count
    while left:  # a minute at a time
        left -= not any(pause.begun <= minute < (pause.ended or minute) for pause in pauses)
        minute += timedelta(minutes=1)
    assert found == minute
    assert running_time(START, found, pauses) == timedelta(minutes=count)


@given(YEARS, st.integers(1, 20), st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]), st.data())
def test_days_are_those_at_whose_hour_no_pause_is(
    day: date, count: int, unit: Unit, data: st.DataObject
) -> None:
    begun = datetime.combine(day, time(10)).astimezone()
    pauses = [
        Pause(begun + timedelta(hours=first), begun + timedelta(hours=first + length))
        for first, length in data.draw(
            st.lists(st.tuples(st.integers(0, 300), st.integers(0, 90)), max_size=3)
        )
    ]
    found = due_at(begun, Term(count, unit), shipped(), pauses)
    assert found is not None
    counted = 0
    last = day
    while counted < count:
        last += timedelta(days=1)
        moment = datetime.combine(last, time(18)).astimezone(UTC)
        if any(pause.begun <= moment < (pause.ended or moment) for pause in pauses):
            continue
        counted += unit is Unit.DAYS or _works(last)
    while not _works(last) or any(
        pause.begun <= datetime.combine(last, time(18)).astimezone(UTC) < (pause.ended or begun)
        for pause in pauses
    ):
        last += timedelta(days=1)
    assert found.astimezone() == datetime.combine(last, time(18)).astimezone()


def test_a_table_is_read_from_data() -> None:
    calendar = read_calendar(
        {
            "years": {
                "2030": {
                    "source": "s",
                    "is_arranged": True,
                    "holidays": [["2030-01-01", "元旦"]],
                    "off": ["2030-01-02"],
                    "worked": ["2030-01-05"],
                }
            }
        }
    )
    assert [calendar.is_working(date(2030, 1, day)) for day in range(1, 7)] == [
        False,
        False,
        True,
        True,
        True,
        False,
    ]
    assert Calendar().years == {}
