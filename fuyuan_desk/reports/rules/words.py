"""Figures in words: times, spreads, rates; pure."""

import math

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.rules.figures import Rate, quantile
from fuyuan_desk.reports.facts import Cell, Spread

MEDIAN, MOST = 50, 90
"""Percent of the values for which figures stand."""
FEW = 5
"""Of fewer values each one is told: 90 % of them would be one value that looks like many."""
_HOUR, _DAY = 60, 24 * 60


def duration(minutes: int) -> str:
    """Return a time in its two largest units."""
    if minutes < _HOUR:
        return _("{minutes} min").format(minutes=minutes)
    if minutes < _DAY:
        return _("{hours} h {minutes} min").format(hours=minutes // _HOUR, minutes=minutes % _HOUR)
    return _("{days} d {hours} h").format(days=minutes // _DAY, hours=minutes % _DAY // _HOUR)


def spread_text(spread: Spread) -> str:
    """Return how values are spread, with their number; each of them if they are few."""
    values = spread.values
    if not values:
        return "–"
    if len(values) < FEW:
        shown = _(", ").join(_value(spread, value) for value in values)
        return _("{values} (of {n})").format(values=shown, n=len(values))
    text = (
        _("median {median}, at most {most} (of {n})")
        if spread.worst
        else _("median {median}, 90 % within {most} (of {n})")
    )
    return text.format(
        median=_value(spread, quantile(values, MEDIAN) or 0),
        most=_value(spread, values[-1] if spread.worst else quantile(values, MOST) or 0),
        n=len(values),
    )


def _value(spread: Spread, value: float) -> str:
    if spread.in_minutes:
        return duration(math.floor(value + 0.5))
    if value != int(value):
        return _("{n} days").format(n=f"{value:,.1f}")
    return numbered(int(value), N_("{n} day"), N_("{n} days"))


def cell_text(cell: Cell) -> str:
    """Return a cell of a table as it is read."""
    if isinstance(cell, Rate):
        return cell.text
    if isinstance(cell, Spread):
        return spread_text(cell)
    return f"{cell:,}" if isinstance(cell, int) else cell
