"""The calendar of work, and the terms that are counted by it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuyuan_desk.core.calendar import (
    Calendar,
    Pause,
    Term,
    Unit,
    Year,
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


@pytest.mark.parametrize(
    ("pauses", "found"),
    [
        (
            [("03 09:00", "05 09:00"), ("04 09:00", "05 17:00")],
            "09 18:00",
        ),  # of 2 days 16 hours ran until the 5th
        (
            [("03 17:59", "03 18:01")],
            "05 18:00",
        ),  # what is given back ends after the hour, so on the next day
        ([("03 17:59", "03 18:01"), ("04 17:59", "04 18:01")], "05 18:00"),  # and no further by more of them
        ([("03 17:59", "03 18:01"), ("05 17:59", "05 18:01")], "05 18:00"),  # its time had run before
        ([("03 18:30", "04 17:30")], "05 18:00"),
        ([("04 18:00", "05 18:00")], "04 18:00"),  # it had run out
        ([("04 17:00", "04 18:00")], "05 18:00"),
        ([("06 20:00", "08 20:00")], "04 18:00"),
    ],
)
def test_what_a_pause_took_of_the_days_is_given_back(pauses: list[tuple[str, str]], found: str) -> None:
    stood = [
        Pause(*(datetime.fromisoformat(f"2026-03-{one}").astimezone() for one in pause)) for pause in pauses
    ]
    due = datetime.fromisoformat(f"2026-03-{found}").astimezone()
    assert due_at(START, Term(2, Unit.WORKING_DAYS), shipped(), stood) == due


def test_a_pause_that_moves_the_end_to_a_day_off_moves_it_to_a_working_day() -> None:
    begun = datetime(2026, 3, 3, 9).astimezone()  # three days end on Friday the 6th
    pauses = [Pause(datetime(2026, 3, 5, 10).astimezone(), datetime(2026, 3, 6, 9).astimezone())]
    found = due_at(begun, Term(3, Unit.DAYS), shipped(), pauses)
    assert found == datetime(2026, 3, 9, 18).astimezone()


def test_overlapping_pauses_are_one() -> None:
    first, second = Pause(START, START + timedelta(hours=2)), Pause(START, START + timedelta(hours=3))
    assert joined([first, second]) == [(START, second.ended)]


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


# New Year as a holiday between two weekends, a Saturday that is worked; of 2027 nothing is known
_SMALL = Calendar(
    {
        2026: Year(
            2026,
            "s",
            {date(2026, 1, 1): "元旦"},
            frozenset({date(2026, 1, 2)}),
            frozenset({date(2026, 1, 10)}),
        ),
        2028: Year(2028, "s", {date(2028, 1, 1): "元旦"}),
    }
)
_FIRSTS = st.sampled_from(  # before the New Year, a weekend, a Saturday that is worked, the unknown year
    [date(2026, 1, 1), date(2026, 1, 8), date(2026, 12, 22), date(2026, 12, 30), date(2027, 12, 29)]
)
_EDGES = st.builds(  # on the hour, a minute beside it, at midnight, anywhere
    lambda day, minute: day * 1_440 + minute,
    st.integers(0, 14),
    st.sampled_from([0, 1, 540, 1_019, 1_020, 1_021, 1_079, 1_080, 1_081, 1_439]) | st.integers(0, 1_439),
)


def _minute_by_minute(
    begun: datetime, term: Term, calendar: Calendar, stands: list[tuple[datetime, datetime]]
) -> datetime | None:
    """Count it independently of the program: the minutes that ran, on the days that count.

    The term ends with the last of them, days at the first hour of a working day from there.
    """
    minute = begun.replace(tzinfo=None)
    left = term.count if term.unit is Unit.MINUTES else (term.count - 1) * 1_440 + term.by.hour * 60
    while left:
        ran = not any(first <= minute < last for first, last in stands)
        if ran and term.unit is not Unit.MINUTES:
            is_working = calendar.is_working(minute.date())
            ran = minute.date() > begun.date() and (term.unit is Unit.DAYS or is_working is not False)
            if ran and term.unit is Unit.WORKING_DAYS and is_working is None:
                return None
        left -= ran
        minute += timedelta(minutes=1)
    if term.unit is not Unit.MINUTES:
        while minute.time() != term.by or not calendar.is_working(minute.date()):
            minute += timedelta(minutes=1)
            if calendar.is_working(minute.date()) is None:
                return None
    return minute.astimezone()


@settings(max_examples=60, deadline=None)
@given(
    _FIRSTS,
    _EDGES,
    st.builds(
        Term,
        st.integers(1, 6),
        st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]),
        st.sampled_from([time(18), time(17)]),
    )
    | st.builds(Term, st.integers(1, 5_000), st.just(Unit.MINUTES)),
    st.lists(st.tuples(_EDGES, _EDGES), max_size=3),
)
def test_the_time_that_counts_is_that_of_a_count_minute_by_minute(
    first: date, begun_after: int, term: Term, edges: list[tuple[int, int]]
) -> None:
    midnight = datetime.combine(first, time())
    begun = midnight + timedelta(minutes=begun_after % 1_440)
    stands = [
        (midnight + timedelta(minutes=min(pair)), midnight + timedelta(minutes=max(pair))) for pair in edges
    ]
    pauses = [Pause(start.astimezone(), stop.astimezone()) for start, stop in stands]
    found = due_at(begun.astimezone(), term, _SMALL, pauses)
    assert found == _minute_by_minute(begun, term, _SMALL, stands)


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
