"""The month book (月报): its summary, charts and tables, the same on screen, paper and in Excel; pure."""

from datetime import date

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.formats.charts.data import Bar, Bars, Chart
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Tone
from fuyuan_desk.inspections.rules.figures import AGES, Rate, Tally, VisitFigures, quantile
from fuyuan_desk.reports.facts import Period

EARLIEST_YEAR = 2000
MEDIAN, MOST = 50, 90
"""Percent of what was put right, for whose time the figures stand."""
_GOOD, _POOR = 0.95, 0.85  # pass rates; only the look depends on them
_MOST_BARS = 12
_LOOKS = (Look(Tone.OK), Look(Tone.WARN, Pattern.RISING), Look(Tone.ERROR, Pattern.FALLING))
_AGE_LOOKS = (
    Look(Tone.OK),
    Look(Tone.INFO, Pattern.LEVEL),
    Look(Tone.WARN, Pattern.RISING),
    Look(Tone.ERROR, Pattern.FALLING),
)


def period_faults(period: Period, today: date) -> dict[str, str]:
    """Return the faults of a period by field."""
    if not EARLIEST_YEAR <= period.year <= today.year:
        return {"year": _("Enter a year from {low} to {high}.").format(low=EARLIEST_YEAR, high=today.year)}
    if period.month is not None and (period.year, period.month) > (today.year, today.month):
        return {"month": _("This month has not begun.")}
    return {}


def period_name(period: Period) -> str:
    """Return the name of a period, such as 2026-11 or 2026."""
    return f"{period.year}" if period.month is None else f"{period.year}-{period.month:02}"


def summary(figures: VisitFigures) -> tuple[tuple[str, str], ...]:
    """Return the figures that stand at the head, each with its label; every rate has its denominator."""
    return (
        (_("Visits logged"), f"{figures.visits:,}"),
        (_("Estates with a round"), figures.visited.text),
        (_("Items passed"), figures.passed.text),
        (_("Corrected on the spot"), numbered(figures.on_the_spot, N_("{n} visit"), N_("{n} visits"))),
        (_("To be corrected later"), numbered(figures.found, N_("{n} visit"), N_("{n} visits"))),
        (_("Of these reported"), numbered(figures.reported, N_("{n} visit"), N_("{n} visits"))),
        (_("Of these passed again"), figures.put_right.text),
        (_("Days until passed again"), _time(figures)),
        (_("Still open today"), numbered(sum(figures.open_ages), N_("{n} item"), N_("{n} items"))),
    )


def _time(figures: VisitFigures) -> str:
    days = figures.days_to_right
    if not days:
        return "–"
    return _("median {median}, 90 % within {most} (of {n})").format(
        median=quantile(days, MEDIAN), most=quantile(days, MOST), n=len(days)
    )


def age_names() -> tuple[str, ...]:
    """Return the names of the groups of `by_age`."""
    first, second, third = AGES
    return (
        _("up to {n} days").format(n=first),
        _("{low} to {high} days").format(low=first + 1, high=second),
        _("{low} to {high} days").format(low=second + 1, high=third),
        _("more than {n} days").format(n=third),
    )


def charts(figures: VisitFigures) -> tuple[Chart, ...]:
    """Return the charts: visits by month, pass rates of items and estates, what is open by its age."""
    by_month = [
        Bar(month, f"{month:%Y-%m}", count, Look(Tone.INFO)) for month, count in figures.months.items()
    ]
    ages = zip(age_names(), figures.open_ages, _AGE_LOOKS, strict=True)
    made: list[Chart] = [
        _rates(_("Pass rate of items, the lowest first"), figures.items),
        _rates(_("Pass rate of estates, the lowest first"), figures.estates),
        Bars(
            _("Failed items still open, by age"),
            tuple(Bar(name, name, count, look) for name, count, look in ages),
            unit=_("items"),
        ),
    ]
    if len(by_month) > 1:
        made.insert(0, Bars(_("Visits by month"), tuple(by_month), unit=_("visits")))
    return tuple(made)


def _rates(title: str, tallies: tuple[Tally, ...]) -> Bars:
    counted = [tally for tally in tallies if tally.rate.whole][:_MOST_BARS]
    return Bars(
        title,
        tuple(
            Bar(
                tally.key,
                tally.name,
                _percent(tally.rate),
                _look(tally.rate),
                f"{tally.name}: {tally.rate.text}",
            )
            for tally in counted
        ),
        empty=_("No item was answered in this period"),
        unit="%",
        most=100,
    )


def _percent(rate: Rate) -> float | None:
    return None if rate.share is None else round(rate.share * 100, 1)


def _look(rate: Rate) -> Look:
    share = rate.share or 0.0
    return _LOOKS[(share < _GOOD) + (share < _POOR)]


def item_rows(figures: VisitFigures) -> list[tuple[str, int, int, str]]:
    """Return a row for each item: its text, how often it passed and failed, and the rate with its denominator."""
    return [(tally.name, tally.passed, tally.failed, tally.rate.text) for tally in figures.items]


def estate_rows(figures: VisitFigures) -> list[tuple[str, int, int, int, str]]:
    """Return a row for each estate: its name, visits, how often items passed and failed, and the rate."""
    return [
        (tally.name, tally.visits, tally.passed, tally.failed, tally.rate.text) for tally in figures.estates
    ]
