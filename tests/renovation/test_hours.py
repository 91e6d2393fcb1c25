from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.renovation.catalogue import site
from fuyuan_desk.renovation.rules import hours
from fuyuan_desk.renovation.rules.hours import Hours

CITY = site().hours
HOLIDAYS = site().holidays


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "permitted"),
    [
        ("2026-03-02T07:59", False),
        ("2026-03-02T08:00", True),
        ("2026-03-02T17:59", True),
        ("2026-03-02T18:00", False),
        ("2026-03-07T10:00", True),  # an ordinary Saturday
        ("2026-10-01T10:00", False),
        ("2026-10-04T10:00", True),  # a day off, but not a statutory holiday
        ("2027-02-06T10:00", False),
    ],
)
def test_noisy_work_is_limited_by_city_hours_and_holidays(moment: str, permitted: bool) -> None:
    assert hours.noisy_work_permitted(at(moment), CITY, HOLIDAYS) is permitted


@pytest.mark.parametrize("year", [2026, 2027])
def test_a_year_has_thirteen_statutory_holidays(year: int) -> None:
    assert len([day for day in HOLIDAYS if day.year == year]) == 13
    assert date(year, 10, 3) in HOLIDAYS
    assert date(year, 10, 4) not in HOLIDAYS


@pytest.mark.parametrize(
    ("text", "formatted"),
    [
        ("", "08:00–18:00"),
        ("12:00-14:00", "08:00–12:00、14:00–18:00"),
        ("午休12：00至13：30,傍晚17:00—24:00", "08:00–12:00、13:30–17:00"),
        ("20:00-9:00", "09:00–18:00"),
        ("00:00-24:00", ""),
        ("晚上安静", "08:00–18:00"),
        ("99:00-12:00", "08:00–18:00"),
    ],
)
def test_an_estate_may_be_stricter(text: str, formatted: str) -> None:
    assert hours.format_hours(CITY.without(hours.read_quiet_hours(text))) == formatted


spans = st.tuples(st.times(), st.times())


@given(st.lists(spans, max_size=4), st.times())
def test_quiet_hours_never_permit_more(quiet: list[tuple[time, time]], moment: time) -> None:
    when = datetime.combine(date(2026, 3, 2), moment)
    stricter = CITY.without(quiet)
    if hours.noisy_work_permitted(when, stricter, ()):
        assert hours.noisy_work_permitted(when, CITY, ())
        assert not any(start <= moment < end for start, end in quiet)


def test_hours_without_spans_permit_nothing() -> None:
    assert not hours.noisy_work_permitted(at("2026-03-02T10:00"), Hours(()), ())
