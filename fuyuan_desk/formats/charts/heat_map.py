"""Geometry of a heat map: a grid whose states are classes of values, darker and denser for larger ones."""

from fuyuan_desk.formats.charts.data import Cell, Grid, Group, HeatMap, Row, State
from fuyuan_desk.formats.charts.fitting import are_whole, number_text, ticks
from fuyuan_desk.formats.charts.grid import lay_out_grid
from fuyuan_desk.formats.charts.shapes import Layout, Look, Pattern, Ruler, Tone

_PATTERNS = (Pattern.PLAIN, Pattern.DOTS, Pattern.RISING, Pattern.GRID, Pattern.CROSSED)


def lay_out_heat_map(chart: HeatMap, width: float, height: float, ruler: Ruler) -> Layout:
    """Lay out a heat map for a box; values are written into the cells."""
    return lay_out_grid(_grid(chart), width, height, ruler)


def _grid(chart: HeatMap) -> Grid:
    known = [value for row in chart.values for value in row if value is not None]
    whole = are_whole(known)
    limits = ticks(max(known, default=0), len(_PATTERNS), whole=whole)[1 : len(_PATTERNS) + 1]
    rows = tuple(
        Row(label, tuple(_cell(chart, row, column, value, limits) for column, value in enumerate(values)))
        for row, (label, values) in enumerate(zip(chart.rows, chart.values, strict=True))
    )
    states = tuple(
        State(
            _range(below, limit, whole=whole),
            Look(Tone.INFO, _PATTERNS[number], number / (len(_PATTERNS) - 1)),
        )
        for number, (below, limit) in enumerate(zip((0.0, *limits), limits, strict=False))
    )
    groups = (Group("", len(chart.columns)),)
    return Grid(
        chart.title, rows, groups, states, chart.empty, chart.unit, chart.columns, chart.unknown
    )  # fmt: skip


def _range(below: float, limit: float, *, whole: bool) -> str:
    # a value on a limit belongs to the lower class
    first = below + 1 if whole and below else below
    return number_text(limit) if first == limit else f"{number_text(first)}–{number_text(limit)}"


def _cell(chart: HeatMap, row: int, column: int, value: float | None, limits: tuple[float, ...]) -> Cell:
    place = f"{chart.rows[row]}, {chart.columns[column]}"
    if value is None:
        return Cell((row, column), "", None, f"{place}\n{chart.unknown or '?'}")
    # a value on a limit belongs to the lower class
    state = next((number for number, limit in enumerate(limits) if value <= limit), len(limits) - 1)
    tip = f"{place}\n{number_text(value, chart.unit)}"
    return Cell((row, column), number_text(value), state, tip)
