"""Geometry of a grid of states: row labels at the left, headings above, cells in groups of columns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fuyuan_desk.formats.charts.data import Cell, Grid, Group, Row, State
from fuyuan_desk.formats.charts.fitting import elided
from fuyuan_desk.formats.charts.frame import empty, fitted, head
from fuyuan_desk.formats.charts.shapes import (
    UNKNOWN,
    UNKNOWN_SIGN,
    Box,
    Element,
    Ink,
    Layer,
    Layout,
    Look,
    Pattern,
    Rectangle,
    Ruler,
    Shape,
    Size,
    Text,
)

# in em: the height of a line of normal text
_WIDEST_LABEL, _WIDEST_NAME, _WIDEST_CELL = 9.0, 5.0, 7.0
_PAD, _GAP, _GROUP_GAP = 0.35, 0.12, 0.9
_MARGIN = 0.45  # of the pattern beside the text
_ONE_LINE, _TWO_LINES, _HIGHEST = 1.3, 2.1, 3.0
_STRETCH = 1.9  # cells grow to this multiple of their natural width


@dataclass(frozen=True)
class _Measures:
    """The sizes of a grid: its label column, a cell, and whether cells show their state as a second line."""

    left: float
    top: float
    heads: float
    cell_width: float
    cell_height: float
    two_lines: bool


def lay_out_grid(grid: Grid, width: float, height: float, ruler: Ruler) -> Layout:
    """Lay out a grid for a box; the result is larger if the cells need more room."""
    if not any(cell for row in grid.rows for cell in row.cells):
        return empty(grid.title, grid.unit, grid.empty, width, height, ruler)
    above = head(grid.title, grid.unit, _legend(grid), width, ruler)
    sizes = _measure(grid, width, height, above.bottom, ruler)
    lefts = list(_lefts(grid.groups, sizes, ruler))
    shapes: list[Shape] = [*above.shapes, *_heads(grid, lefts, sizes, ruler)]
    elements: list[Element] = []
    texts = _Texts(grid, sizes, ruler)
    for number, row in enumerate(grid.rows):
        y = sizes.top + number * (sizes.cell_height + _GAP * ruler.em)
        box = Box(0, y, sizes.left - _PAD * ruler.em, sizes.cell_height)
        shapes.append(fitted(box, row.label, ruler, align="right", ink=Ink.MUTED, layer=Layer.ROWS))
        for column, cell in enumerate(row.cells):
            if cell is not None:
                place = Box(lefts[column], y, sizes.cell_width, sizes.cell_height)
                shapes += texts.cell(cell, place)
                elements.append(Element(cell.key, place, _tip(grid, cell), number, column))
    whole = _extent(grid, sizes, width, height, ruler)
    return Layout(*whole, sizes.left, sizes.top, tuple(shapes), tuple(elements))


def grid_extent(grid: Grid, width: float, height: float, ruler: Ruler) -> tuple[float, float]:
    """Return the width and height of the layout of a grid for a box, without laying out its cells."""
    if not any(cell for row in grid.rows for cell in row.cells):
        layout = empty(grid.title, grid.unit, grid.empty, width, height, ruler)
        return layout.width, layout.height
    above = head(grid.title, grid.unit, _legend(grid), width, ruler)
    return _extent(grid, _measure(grid, width, height, above.bottom, ruler), width, height, ruler)


def _extent(grid: Grid, sizes: _Measures, width: float, height: float, ruler: Ruler) -> tuple[float, float]:
    *_, last = _lefts(grid.groups, sizes, ruler)
    bottom = sizes.top + len(grid.rows) * (sizes.cell_height + _GAP * ruler.em)
    return max(width, last + sizes.cell_width), max(height, bottom)


def _legend(grid: Grid) -> tuple[State, ...]:
    """Return the states in use, and the unknown one if there is a cell without state."""
    used = {cell.state for row in grid.rows for cell in row.cells if cell is not None}
    known = [state for index, state in enumerate(grid.states) if index in used]
    unknown = [State(f"{UNKNOWN_SIGN} {grid.unknown}".rstrip(), UNKNOWN)] if None in used else []
    return (*known, *unknown)


def _measure(grid: Grid, width: float, height: float, top: float, ruler: Ruler) -> _Measures:
    em = ruler.em
    widest = max((ruler.width(row.label, Size.TEXT) for row in grid.rows), default=0.0)
    left = min(widest, _WIDEST_LABEL * em, width / 3) + 2 * _PAD * em if widest else 0.0
    has_groups = any(group.label for group in grid.groups)
    heads = (1.4 * em if has_groups else 0.0) + (1.3 * em if any(grid.heads) else 0.0)
    gap = _GAP * em
    each = (height - top - heads) / len(grid.rows) - gap
    two_lines = any(state.short for state in grid.states) and each >= _TWO_LINES * em
    least = (_TWO_LINES if two_lines else _ONE_LINE) * em
    labels = {_label(cell, two_lines) for row in grid.rows for cell in row.cells if cell is not None}
    # one long name does not make all the others small
    natural = min(max(ruler.width(label, Size.TEXT) for label in labels), _WIDEST_NAME * em)
    if two_lines:
        natural = max(natural, *(ruler.width(state.short, Size.SMALL) for state in grid.states))
    if grid.heads:
        natural = max(natural, *(ruler.width(text, Size.SMALL) for text in grid.heads))
    natural = min(natural, _WIDEST_CELL * em) + 2 * _MARGIN * em
    room = width - left - _GROUP_GAP * em * (len(grid.groups) - 1)
    cell_width = min(max(natural, room / grid.columns - gap), natural * _STRETCH)
    return _Measures(
        left, top + heads, heads, cell_width, min(max(least, each), _HIGHEST * em), two_lines
    )  # fmt: skip


def _lefts(groups: tuple[Group, ...], sizes: _Measures, ruler: Ruler) -> Iterator[float]:
    """Yield the left edge of every column."""
    x = sizes.left
    for group in groups:
        for _ in range(group.columns):
            yield x
            x += sizes.cell_width + _GAP * ruler.em
        x += (_GROUP_GAP - _GAP) * ruler.em


def _heads(grid: Grid, lefts: list[float], sizes: _Measures, ruler: Ruler) -> Iterator[Shape]:
    """Yield the headings of groups and columns, with a line below each group."""
    em = ruler.em
    y = sizes.top - sizes.heads
    if any(group.label for group in grid.groups):
        first = 0
        for group in grid.groups:
            x, end = lefts[first], lefts[first + group.columns - 1] + sizes.cell_width
            box = Box(x, y, end - x, 1.3 * em)
            yield fitted(box, group.label, ruler, align="middle", layer=Layer.COLUMNS, ends=True)
            first += group.columns
        y += 1.4 * em
    for x, text in zip(lefts, grid.heads, strict=False):
        box = Box(x, y, sizes.cell_width, 1.2 * em)
        yield fitted(box, text, ruler, Size.SMALL, "middle", Ink.MUTED, Layer.COLUMNS)


class _Texts:
    """Makes the shapes of cells; equal texts are fitted once."""

    def __init__(self, grid: Grid, sizes: _Measures, ruler: Ruler) -> None:
        self._states = grid.states
        self._sizes = sizes
        self._ruler = ruler
        self._cut: dict[tuple[str, Size], tuple[str, float]] = {}

    def cell(self, cell: Cell, box: Box) -> Iterator[Shape]:
        """Yield the rectangle of a cell and its texts."""
        state = None if cell.state is None else self._states[cell.state]
        look = UNKNOWN if state is None else state.look
        yield Rectangle(box, look, dashed=state is None)
        label = _label(cell, self._sizes.two_lines)
        short = UNKNOWN_SIGN if state is None else state.short
        lines = [(label, Size.TEXT)]
        if self._sizes.two_lines and short:
            lines.append((short, Size.SMALL))
        heights = [min(self._ruler.line[size] * 1.1, box.h / len(lines)) for _, size in lines]
        y = box.y + (box.h - sum(heights)) / 2
        for (text, size), height in zip(lines, heights, strict=True):
            yield from self._line(text, size, Box(box.x, y, box.w, height), look)
            y += height

    def _line(self, text: str, size: Size, box: Box, look: Look) -> Iterator[Text]:
        room = box.w - 2 * _PAD * self._ruler.em
        shown, wide = self._fit(text, size, room)
        if shown:
            slack = 0.5 * _PAD * self._ruler.em  # the plate is a little wider than its text
            place = Box(box.x + (box.w - wide) / 2 - slack, box.y, wide + 2 * slack, box.h)
            plate = None if look.pattern is Pattern.PLAIN else replace(look, pattern=Pattern.PLAIN, level=0.0)
            yield Text(place, shown, text, size, "middle", Ink.TEXT, Layer.BODY, plate)

    def _fit(self, text: str, size: Size, room: float) -> tuple[str, float]:
        known = self._cut.get((text, size))
        if known is None:
            shown = elided(text, size, room, self._ruler, ends=True)
            known = self._cut[text, size] = (shown, self._ruler.width(shown, size))
        return known


def _label(cell: Cell, two_lines: bool) -> str:
    """Return the first line of a cell; an unknown state is written there if it is the only one."""
    return cell.label if two_lines or cell.state is not None else f"{cell.label} {UNKNOWN_SIGN}".lstrip()


def _tip(grid: Grid, cell: Cell) -> str:
    if cell.tip:
        return cell.tip
    state = grid.unknown or UNKNOWN_SIGN if cell.state is None else grid.states[cell.state].label
    return f"{cell.label}\n{state}" if state else cell.label


def split(grid: Grid, most_columns: int, most_rows: int = 1_000_000) -> tuple[Grid, ...]:
    """Split a grid that is too large for a page into grids of at most so many columns and rows.

    Columns are separated between groups where possible; rows that are blank in a part are left out.
    """
    parts: list[list[tuple[int, Group]]] = [[]]
    first = 0
    for group in grid.groups:
        for start in range(0, group.columns, most_columns):
            piece = Group(group.label, min(most_columns, group.columns - start))
            if sum(known.columns for _, known in parts[-1]) + piece.columns > most_columns:
                parts.append([])
            parts[-1].append((first + start, piece))
        first += group.columns
    return tuple(part for columns in parts for part in _part(grid, columns, most_rows))


def _part(grid: Grid, part: list[tuple[int, Group]], most_rows: int) -> Iterator[Grid]:
    columns = [start + offset for start, group in part for offset in range(group.columns)]
    every = (Row(row.label, tuple(row.cells[column] for column in columns)) for row in grid.rows)
    rows = tuple(row for row in every if any(row.cells))
    groups = tuple(group for _, group in part)
    heads = tuple(grid.heads[column] for column in columns) if grid.heads else ()
    for start in range(0, max(1, len(rows)), most_rows):
        yield replace(grid, rows=rows[start : start + most_rows], groups=groups, heads=heads)
