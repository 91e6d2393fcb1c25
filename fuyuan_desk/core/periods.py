"""Periods of days by which lists are filtered, counted from today."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from fuyuan_desk.core.texts import N_, _

Days = tuple[date | None, date | None]
"""The first and the last day of a period, both included; None leaves it open."""


class Overdue(NamedTuple):
    """The days until yesterday, chosen as what is overdue: of what is due at an instant, all that has passed."""

    first: date | None
    last: date | None


class Period(StrEnum):
    """A period; those of `PAST` suit what has happened, those of `DUE` what is to be done."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    LAST_MONTH = "last-month"
    YEAR = "year"
    OVERDUE = "overdue"
    NEXT_WEEK = "next-7"
    NEXT_MONTH = "next-30"
    NEXT_QUARTER = "next-90"


PAST = (Period.TODAY, Period.WEEK, Period.MONTH, Period.LAST_MONTH, Period.YEAR)
DUE = (Period.OVERDUE, Period.NEXT_WEEK, Period.NEXT_MONTH, Period.NEXT_QUARTER, Period.YEAR)

_LABELS = {
    Period.TODAY: N_("Today"),
    Period.WEEK: N_("Last 7 days"),
    Period.MONTH: N_("This month"),
    Period.LAST_MONTH: N_("Last month"),
    Period.YEAR: N_("This year"),
    Period.OVERDUE: N_("Overdue"),
    Period.NEXT_WEEK: N_("Next 7 days"),
    Period.NEXT_MONTH: N_("Next 30 days"),
    Period.NEXT_QUARTER: N_("Next 90 days"),
}


def label(period: Period) -> str:
    """Return the name of a period."""
    return _(_LABELS[period])


def days_of(period: Period, today: date) -> Days:
    """Return the days of a period; those to come include today."""
    month = today.replace(day=1)
    year_end = today.replace(month=12, day=31)
    days: dict[Period, Days] = {
        Period.TODAY: (today, today),
        Period.WEEK: (today - timedelta(days=6), today),
        Period.MONTH: (month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
        Period.LAST_MONTH: ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        Period.YEAR: (today.replace(month=1, day=1), year_end),
        Period.OVERDUE: Overdue(None, today - timedelta(days=1)),
        Period.NEXT_WEEK: (today, today + timedelta(days=7)),
        Period.NEXT_MONTH: (today, today + timedelta(days=30)),
        Period.NEXT_QUARTER: (today, today + timedelta(days=90)),
    }
    return days[period]
