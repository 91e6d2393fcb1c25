"""The days of a period are counted from today."""

from datetime import date

import pytest

from fuyuan_desk.core.periods import DUE, PAST, Period, days_of, label


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.TODAY, date(2026, 3, 2), date(2026, 3, 2)),
        (Period.WEEK, date(2026, 2, 24), date(2026, 3, 2)),
        (Period.MONTH, date(2026, 3, 1), date(2026, 3, 31)),
        (Period.LAST_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (Period.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Period.OVERDUE, None, date(2026, 3, 1)),
        (Period.NEXT_WEEK, date(2026, 3, 2), date(2026, 3, 9)),
    ],
)
def test_a_period_is_counted_from_today(period: Period, first: date | None, last: date) -> None:
    assert days_of(period, date(2026, 3, 2)) == (first, last)


def test_the_month_before_january_is_december() -> None:
    assert days_of(Period.LAST_MONTH, date(2026, 1, 31)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_every_period_has_days_and_a_name() -> None:
    for period in {*PAST, *DUE}:
        assert days_of(period, date(2026, 3, 2)) != (None, None)
        assert label(period)
