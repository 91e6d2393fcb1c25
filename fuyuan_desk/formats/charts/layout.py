"""Layout of any chart, and moving between its elements by keyboard."""

from collections.abc import Callable, Sequence
from typing import Any

from fuyuan_desk.formats.charts.bars import lay_out_bars
from fuyuan_desk.formats.charts.curve import lay_out_curve
from fuyuan_desk.formats.charts.data import Bars, Chart, Curve, Grid, HeatMap, Timeline
from fuyuan_desk.formats.charts.grid import grid_extent, lay_out_grid
from fuyuan_desk.formats.charts.heat_map import lay_out_heat_map
from fuyuan_desk.formats.charts.shapes import Element, Layout, Ruler
from fuyuan_desk.formats.charts.timeline import lay_out_timeline

_GEOMETRIES: dict[type, Callable[[Any, float, float, Ruler], Layout]] = {
    Grid: lay_out_grid,
    Bars: lay_out_bars,
    Curve: lay_out_curve,
    HeatMap: lay_out_heat_map,
    Timeline: lay_out_timeline,
}


def lay_out(chart: Chart, width: float, height: float, ruler: Ruler) -> Layout:
    """Lay out a chart for a box of `width` × `height` in the unit of the ruler.

    The layout is larger than the box if texts would otherwise be unreadable.
    """
    return _GEOMETRIES[type(chart)](chart, width, height, ruler)


def extent(chart: Chart, width: float, height: float, ruler: Ruler) -> tuple[float, float]:
    """Return the width and height of the layout of a chart for a box; fast also for a large grid."""
    if isinstance(chart, Grid):
        return grid_extent(chart, width, height, ruler)
    layout = lay_out(chart, width, height, ruler)
    return layout.width, layout.height


def beside(elements: Sequence[Element], index: int, rows: int, columns: int) -> int:
    """Return the index of the next element in a direction, or `index` if there is none.

    `columns` of -1 or 1 stays in the row; `rows` of -1 or 1 goes to the nearest element of the next row that has
    any. Equal rows are those of `Element.row`.
    """
    here = elements[index]
    if columns:
        candidates = [
            (abs(one.column - here.column), number)
            for number, one in enumerate(elements)
            if one.row == here.row and (one.column - here.column) * columns > 0
        ]
        return min(candidates, default=(0, index))[1]
    middle = here.box.x + here.box.w / 2
    others = [
        (abs(one.row - here.row), abs(one.box.x + one.box.w / 2 - middle), number)
        for number, one in enumerate(elements)
        if (one.row - here.row) * rows > 0
    ]
    return min(others, default=(0, 0.0, index))[2]


def ends_of_row(elements: Sequence[Element], index: int) -> tuple[int, int]:
    """Return the indices of the first and the last element of an element's row."""
    row = [number for number, one in enumerate(elements) if one.row == elements[index].row]
    return row[0], row[-1]
