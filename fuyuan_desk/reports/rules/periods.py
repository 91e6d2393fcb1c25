"""The periods of a month book: a month, a quarter or a year; pure."""

from datetime import date, datetime, timedelta

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.reports.facts import BookFigures, Period

EARLIEST_YEAR = 2000
_MONTHS, _OF_QUARTER = 12, 3


def period_faults(period: Period, today: date) -> dict[str, str]:
    """Return the faults of a period by field."""
    if not EARLIEST_YEAR <= period.year <= today.year:
        return {"year": _("Enter a year from {low} to {high}.").format(low=EARLIEST_YEAR, high=today.year)}
    if _months(period)[0] > today.month and period.year == today.year:
        if period.month is None:
            return {"month": _("This quarter has not begun.")}
        return {"month": _("This month has not begun.")}
    return {}


def _months(period: Period) -> tuple[int, int]:
    """Return the first and the last month of a period."""
    if period.month is not None:
        return period.month, period.month
    if period.quarter is not None:
        return period.quarter * _OF_QUARTER - 2, period.quarter * _OF_QUARTER
    return 1, _MONTHS


def span_of(period: Period, now: datetime) -> Span:
    """Return the days of a period, as somebody sees them at a moment."""
    first, last = _months(period)
    following = date(period.year + last // _MONTHS, last % _MONTHS + 1, 1)
    return Span(date(period.year, first, 1), following - timedelta(days=1), now)


def period_name(period: Period) -> str:
    """Return the name of a period, such as 2026-11, 2026-Q4 or 2026."""
    if period.month is not None:
        return f"{period.year}-{period.month:02}"
    return f"{period.year}" if period.quarter is None else f"{period.year}-Q{period.quarter}"


def as_of(figures: BookFigures) -> str:
    """Return as of when the figures are told, or that nothing was recorded then, and whether others were printed."""
    return " ".join(filter(None, (_until(figures), _differing(figures))))


def _until(figures: BookFigures) -> str:
    if figures.first_record is None:
        return _("Nothing is recorded yet.")
    if not figures.is_recorded:
        return _("Nothing was recorded in this period. The first record is of {day}.").format(
            day=figures.first_record
        )
    if figures.span.is_over:
        text = _("As of the end of {day}. What was entered later counts on the day on which it happened.")
        told = text.format(day=figures.span.last)
    else:
        told = _("The period is not over: figures until {day}.").format(day=figures.span.until)
    if figures.first_record <= figures.span.first:
        return told
    begun = _("Records begin on {day}.").format(day=figures.first_record)
    return f"{told} {begun}"


def _differing(figures: BookFigures) -> str:
    if not figures.changed:
        return ""
    return numbered(
        len(figures.changed),
        N_("{n} figure differs from the book printed on {day}."),
        N_("{n} figures differ from the book printed on {day}."),
        day=figures.printed_on,
    )
