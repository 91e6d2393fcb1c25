"""The charts of a month book, the same on screen and paper; pure."""

from collections.abc import Iterable
from datetime import date

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.charts.data import Bar, Bars, Chart
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Tone
from fuyuan_desk.inspections.rules.figures import Rate
from fuyuan_desk.reports.facts import BookFigures
from fuyuan_desk.reports.rules.summary import age_names

_GOOD, _POOR = 0.95, 0.85  # rates; only the look depends on them
_MOST_BARS = 12
_LOOKS = (Look(Tone.OK), Look(Tone.WARN, Pattern.RISING), Look(Tone.ERROR, Pattern.FALLING))
_AGE_LOOKS = (
    Look(Tone.OK),
    Look(Tone.INFO, Pattern.LEVEL),
    Look(Tone.WARN, Pattern.RISING),
    Look(Tone.ERROR, Pattern.FALLING),
)


def charts(figures: BookFigures) -> tuple[Chart, ...]:
    """Return the charts: visits by month, rounds on time, pass rates, what is open by its age, orders in time."""
    if not figures.is_recorded:
        return ()
    visits, rounds, orders = figures.visits, figures.rounds, figures.orders
    by_month = [_month(figures, month, count) for month, count in visits.months.items()]
    ages = zip(age_names(), figures.findings.whole.ages, _AGE_LOOKS, strict=True)
    made: list[Chart] = [
        _rates(
            _("Rounds on time by estate, the lowest first"),
            ((one.name, one.rate) for one in rounds.estates),
            _("No round was due in this period"),
        ),
        Bars(
            _("Findings open at the end, by age"),
            tuple(Bar(name, name, count, look) for name, count, look in ages),
            unit=_("items"),
        ),
        _rates(
            _("Pass rate of items, the lowest first"),
            ((one.name, one.rate) for one in visits.items),
            _("No item was answered in this period"),
        ),
        _rates(
            _("Pass rate of estates, the lowest first"),
            ((one.name, one.rate) for one in visits.estates),
            _("No item was answered in this period"),
        ),
        _rates(
            _("Orders done in time by organisation"),
            sorted(((one.name, one.rate) for one in orders.organisations if one.name), key=_share),
            _("No order was closed in this period"),
        ),
    ]
    if len(by_month) > 1:
        made.insert(0, Bars(_("Visits by month"), tuple(by_month), unit=_("visits")))
    return tuple(made)


def _month(figures: BookFigures, month: date, count: int) -> Bar:
    name = f"{month:%Y-%m}"
    if figures.is_before_records(month):
        return Bar(month, name, None, Look(Tone.UNKNOWN), _("{month}: nothing recorded").format(month=name))
    return Bar(month, name, count, Look(Tone.INFO))


def _share(named: tuple[str, Rate]) -> float:
    return named[1].share or 0.0


def _rates(title: str, named: Iterable[tuple[str, Rate]], empty: str) -> Bars:
    counted = [(name, rate) for name, rate in named if rate.whole][:_MOST_BARS]
    return Bars(
        title,
        tuple(_rate(name, rate) for name, rate in counted),
        empty=empty,
        unit="%",
        most=100,
    )


def _rate(name: str, rate: Rate) -> Bar:
    tip, of = f"{name}: {rate.text}", f"({rate.part}/{rate.whole})"  # a long name is cut, a denominator never
    return Bar(name, name, _percent(rate), _look(rate), tip, of)


def _percent(rate: Rate) -> float | None:
    return None if rate.share is None else round(rate.share * 100, 1)


def _look(rate: Rate) -> Look:
    share = rate.share or 0.0
    return _LOOKS[0 if share >= _GOOD else 1 if share >= _POOR else 2]
