"""Working days, by the table of statutory holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.working_days import after_working_days, holidays


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 3, 2), 7, date(2026, 3, 11)),  # Monday to Wednesday of the next week
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # Friday to Monday
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # a Saturday counts as little as a Sunday
        (date(2026, 9, 30), 1, date(2026, 10, 5)),  # the 1st to the 3rd are statutory, then a Sunday
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2027, 12, 30), 7, None),  # 2028 has no table yet
        (date(2025, 12, 30), 7, None),
    ],
)
def test_working_days_are_counted(day: date, count: int, found: date | None) -> None:
    assert after_working_days(day, count, holidays()) == found


@given(st.dates(date(2026, 1, 1), date(2027, 6, 30)), st.integers(1, 30))
def test_a_day_found_is_a_working_day_with_as_many_before_it(day: date, count: int) -> None:
    found = after_working_days(day, count, holidays())
    assert found is not None
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    working = [one for one in between if one.weekday() < 5 and one not in holidays()]
    assert (len(working), working[-1]) == (count, found)
