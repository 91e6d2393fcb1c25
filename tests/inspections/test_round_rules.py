"""Rounds generated are the rounds that an independent count, day by day, expects."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.calendar import Calendar, Year
from fuyuan_desk.inspections.rules.round_plans import read_day, read_days
from fuyuan_desk.inspections.rules.rounds import (
    MOST,
    Every,
    OnHoliday,
    OpenRound,
    RoundState,
    Schedule,
    Season,
    Standing,
    Unit,
    fitting,
    is_day_off,
    round_day_before,
    round_days,
    standing,
)

DAY = timedelta(days=1)
SPRING = {date(2026, 2, day): "春节" for day in (16, 17, 18, 19)}
CALENDAR = Calendar(
    {
        2026: Year(
            2026,
            "测试",
            {**SPRING, date(2026, 4, 5): "清明节", date(2026, 5, 1): "劳动节"},
            off=frozenset({date(2026, 2, 20), date(2026, 2, 23), date(2026, 4, 6), date(2026, 5, 4)}),
            worked=frozenset({date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9)}),
        )
    }
)


# --- the independent count


def _last_of_month(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY).day


def _is_asked(every: Every, day: date, anchor: date) -> bool:
    """Whether a frequency asks for rounds on a day, by looking at this day alone."""
    if every.unit is Unit.DAY:
        return (day - anchor).days % every.step == 0
    if every.unit is Unit.WEEK:
        weeks = (
            (day - timedelta(days=day.weekday())) - (anchor - timedelta(days=anchor.weekday()))
        ).days // 7
        return weeks % every.step == 0 and day.weekday() in every.days
    if every.unit is Unit.MONTH:
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        return months % every.step == 0 and day.day in {min(one, _last_of_month(day)) for one in every.days}
    wanted = {one % 100 for one in every.days if one // 100 == day.month}
    return (day.year - anchor.year) % every.step == 0 and day.day in {
        min(one, _last_of_month(day)) for one in wanted
    }


def _working(day: date) -> bool | None:
    table = CALENDAR.years.get(day.year)
    if table is None:
        return None
    return day in table.worked or not (day.weekday() >= 5 or day in table.holidays or day in table.off)


def _expected(schedule: Schedule, first: date, last: date) -> dict[date, tuple[int, bool]]:
    """Count day by day: in force, asked for, on a holiday, moved to where."""
    found: dict[date, tuple[int, bool]] = {}
    day = schedule.from_on
    while day <= last + timedelta(days=40):
        every = schedule.every
        for season in reversed(schedule.seasons):
            of_year = (day.month * 100) + day.day
            inside = season.first <= of_year <= season.last
            if season.first > season.last:
                inside = not season.last < of_year < season.first
            every = season.every if inside else every
        is_in_term = schedule.until_on is None or day <= schedule.until_on
        if is_in_term and _is_asked(every, day, schedule.from_on):
            target, checked = _target(schedule, day)
            times = every.count if every.unit is Unit.DAY else 1
            if target is not None and first <= target <= last and found.get(target, (0, True))[0] < times:
                found[target] = times, checked
        day += DAY
    return found


def _run(day: date) -> Iterator[date]:
    for step in (1, -1):
        other = day
        while _working(other) is False:
            yield other
            other += step * DAY


def _target(schedule: Schedule, day: date) -> tuple[date | None, bool]:
    if schedule.holidays is OnHoliday.KEEP:
        return day, True
    if _working(day) is None:
        return day, False
    table = CALENDAR.years[day.year]
    if not any(other in table.holidays or other in table.off for other in _run(day)):
        return day, True
    if schedule.holidays is OnHoliday.SKIP:
        return None, True
    step = DAY if schedule.holidays is OnHoliday.AFTER else -DAY
    moved = day
    while _working(moved) is False:
        moved += step
    if _working(moved) is None:
        return day, False
    inside = schedule.from_on <= moved and (schedule.until_on is None or moved <= schedule.until_on)
    return (moved if inside else day), True


@st.composite
def everies(draw: st.DrawFn) -> Every:
    unit = draw(st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR]))
    on: tuple[int, ...] = ()
    if unit is Unit.WEEK:
        on = tuple(sorted(draw(st.sets(st.integers(0, 6), max_size=4))))
    elif unit is Unit.MONTH:
        on = tuple(sorted(draw(st.sets(st.integers(1, 31), max_size=4))))
    elif unit is Unit.YEAR:
        days = st.dates(date(2028, 1, 1), date(2028, 12, 31))
        on = tuple(sorted(draw(st.sets(days.map(lambda day: day.month * 100 + day.day), max_size=4))))
    return Every(unit, draw(st.integers(1, MOST[unit])), draw(st.integers(1, 3)), on)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    from_on = draw(st.dates(date(2024, 11, 1), date(2026, 6, 30)))
    until_on = draw(st.none() | st.integers(0, 700).map(lambda days: from_on + timedelta(days=days)))
    of_year = st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: day.month * 100 + day.day)
    seasons = draw(st.lists(st.builds(Season, of_year, of_year, everies()), max_size=2))
    return Schedule(draw(everies()), from_on, until_on, tuple(seasons), draw(st.sampled_from(OnHoliday)))


@given(schedules(), st.dates(date(2025, 12, 1), date(2026, 12, 1)), st.integers(0, 150))
def test_rounds_are_those_that_a_count_day_by_day_expects(
    schedule: Schedule, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    found = round_days(schedule, first, last, CALENDAR)
    assert [one.day for one in found] == sorted({one.day for one in found})
    assert {one.day: (one.times, one.is_checked) for one in found} == _expected(schedule, first, last)


@given(schedules(), st.dates(date(2025, 12, 1), date(2026, 10, 1)), st.integers(1, 100), st.integers(1, 100))
def test_rounds_of_two_spans_are_those_of_the_whole(
    schedule: Schedule, first: date, one: int, two: int
) -> None:
    middle, last = first + timedelta(days=one), first + timedelta(days=one + two)
    parts = round_days(schedule, first, middle, CALENDAR) + round_days(schedule, middle + DAY, last, CALENDAR)
    assert parts == round_days(schedule, first, last, CALENDAR)


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 20), st.integers(0, 20), st.integers(-60, 60),
    st.booleans(),
)  # fmt: skip
def test_a_round_stands_by_how_far_it_is_from_its_term(
    day: date, early: int, late: int, offset: int, is_visited: bool
) -> None:
    other = day + timedelta(days=offset)
    found = standing(
        day - timedelta(days=early), day + timedelta(days=late), other if is_visited else None, False, other
    )
    inside = -early <= offset <= late
    by = -early - offset if offset < -early else offset - late
    if is_visited:
        state = RoundState.ON_TIME if inside else RoundState.EARLY if offset < 0 else RoundState.LATE
        assert found == Standing(state, 0 if inside else by)
    elif inside:
        assert found == Standing(RoundState.DUE, late - offset)
    else:
        assert found == Standing(RoundState.PLANNED if offset < 0 else RoundState.MISSED, by)


def test_a_round_that_is_left_out_is_neither_due_nor_missed() -> None:
    day = date(2026, 3, 2)
    assert standing(day, day, None, True, day + DAY) == Standing(RoundState.SKIPPED)


# --- what the oracle has in common with the rules


def _days(schedule: Schedule, first: date, last: date) -> list[str]:
    return [f"{one.day:%m-%d}" for one in round_days(schedule, first, last, CALENDAR)]


def test_twice_a_week_is_monday_and_thursday() -> None:
    schedule = Schedule(Every(Unit.WEEK, 2), date(2026, 3, 2))
    assert _days(schedule, date(2026, 3, 1), date(2026, 3, 13)) == ["03-02", "03-05", "03-09", "03-12"]


@pytest.mark.parametrize(
    ("year", "day"), [(2026, date(2026, 2, 28)), (2028, date(2028, 2, 29)), (2030, date(2030, 2, 28))]
)
def test_29_february_is_the_last_of_the_month_in_other_years(year: int, day: date) -> None:
    schedule = Schedule(Every(Unit.YEAR, on=(229,)), date(2025, 5, 1))
    assert [one.day for one in round_days(schedule, date(year, 1, 1), date(year, 12, 31), Calendar())] == [
        day
    ]


def test_every_other_day_goes_on_across_the_end_of_a_year() -> None:
    schedule = Schedule(Every(Unit.DAY, step=2), date(2025, 12, 28))
    assert _days(schedule, date(2025, 12, 28), date(2026, 1, 3)) == ["12-28", "12-30", "01-01", "01-03"]


def test_a_year_without_a_table_keeps_its_days_and_says_that_they_are_not_checked() -> None:
    schedule = Schedule(Every(Unit.YEAR, on=(1001,)), date(2027, 1, 1), holidays=OnHoliday.SKIP)
    (found,) = round_days(schedule, date(2027, 1, 1), date(2027, 12, 31), CALENDAR)
    assert found.day == date(2027, 10, 1)
    assert not found.is_checked


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2026, 2, 21), True),  # the Saturday within the Spring Festival
        (date(2026, 2, 14), False),  # a Saturday that is worked
        (date(2026, 4, 4), True),  # the Saturday before 清明节
        (date(2026, 3, 7), False),  # a weekend beside no holiday
        (date(2027, 1, 1), None),
    ],
)
def test_the_days_off_are_the_holiday_with_the_weekend_beside_it(day: date, is_off: bool | None) -> None:
    assert is_day_off(day, CALENDAR) is is_off


def test_a_round_before_a_due_day() -> None:
    schedule = Schedule(Every(Unit.DUE, 7), date(2026, 1, 1), holidays=OnHoliday.BEFORE)
    found = round_day_before(schedule, date(2026, 2, 25), CALENDAR)
    assert found is not None
    assert found.day == date(2026, 2, 14)  # the 18th is a holiday, the 14th a Saturday that is worked
    soon = round_day_before(schedule, date(2026, 1, 9), CALENDAR)
    assert soon is not None
    assert soon.day == date(2026, 1, 2)
    begins = round_day_before(replace(schedule, from_on=date(2026, 3, 4)), date(2026, 3, 6), CALENDAR)
    assert begins is not None
    assert begins.day == date(2026, 3, 4)
    ended = replace(schedule, until_on=date(2026, 2, 1))
    assert round_day_before(ended, date(2026, 2, 25), CALENDAR) is None


@pytest.mark.parametrize(
    ("due", "since", "day"),
    [
        (date(2026, 3, 6), None, date(2026, 3, 2)),  # nearer than seven days when the plan begins
        (date(2025, 12, 31), None, date(2026, 3, 2)),  # overdue
        (date(2026, 4, 10), date(2026, 4, 5), date(2026, 4, 5)),
        (date(2026, 4, 20), date(2026, 4, 5), date(2026, 4, 13)),
    ],
)
def test_what_is_due_sooner_or_overdue_has_its_round_on_the_first_day(
    due: date, since: date | None, day: date
) -> None:
    schedule = Schedule(Every(Unit.DUE, 7), date(2026, 3, 2))
    found = round_day_before(schedule, due, CALENDAR, since)
    assert found is not None
    assert found.day == day


def test_a_round_of_today_is_not_moved_into_the_past() -> None:
    schedule = Schedule(Every(Unit.DUE, 7), date(2026, 1, 1), holidays=OnHoliday.BEFORE)
    found = round_day_before(schedule, date(2026, 2, 20), CALENDAR, date(2026, 2, 18))
    assert found is not None
    assert found.day == date(2026, 2, 18)


def test_a_visit_fills_the_nearest_round_of_its_place_that_is_on_time() -> None:
    def one(number: int, day: int, place: str = "", serial: int = 1) -> OpenRound:
        own = date(2026, 3, day)
        return OpenRound(number, own, own - DAY, own + 2 * DAY, serial, place)

    rounds = [one(1, 2), one(2, 5, serial=2), one(3, 5), one(4, 5, "1号")]
    assert fitting(rounds, date(2026, 3, 4), "") == rounds[2]
    assert fitting(rounds, date(2026, 3, 1), "") == rounds[0]
    assert fitting(rounds, date(2026, 3, 6), "1号") == rounds[3]
    assert fitting(rounds, date(2026, 3, 20), "") is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("6-1", 601), ("6.1", 601), ("6/1", 601), ("6月1日", 601), ("6月1号", 601), ("0601", 601), ("06-01", 601),
        ("２－２８", 228), ("０２２９", 229), ("6–1", 601), ("12 — 31", 1231), ("６月１日", 601),
        ("0631", None), ("1301", None), ("601", None), ("06011", None), ("6", None), ("", None), ("六月", None),
    ],
)  # fmt: skip
def test_a_day_of_the_year_is_read_as_it_is_typed(typed: str, day: int | None) -> None:
    if day is None:
        with pytest.raises(ValueError, match=r".*"):
            read_day(typed)
    else:
        assert read_day(typed) == day


@pytest.mark.parametrize(
    ("unit", "typed", "days"),
    [
        (Unit.MONTH, "１，１５", (1, 15)),
        (Unit.MONTH, "15号、1日", (1, 15)),
        (Unit.YEAR, "３－１；0901", (301, 901)),
        (Unit.YEAR, "3 – 1, 9 – 1", (301, 901)),
    ],
)
def test_chosen_days_are_read_as_they_are_typed(unit: Unit, typed: str, days: tuple[int, ...]) -> None:
    assert read_days(unit, typed) == days
