"""Where the cells of a large grid stand at a zoom, by arithmetic: no shape is made for a cell that is not drawn."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fuyuan_desk.formats.charts.data import Grid
from fuyuan_desk.formats.charts.shapes import Box

Place = tuple[int, int]
"""The row and the column of a cell."""


@dataclass(frozen=True)
class Places:
    """The boxes of a grid's cells in whole pixels, from the top left corner of the first.

    `lefts` are the left edges of the columns, `step` is the distance of two rows.
    """

    lefts: tuple[int, ...]
    rows: int
    cell_width: int
    cell_height: int
    step: int

    @property
    def width(self) -> int:
        """The width of all columns."""
        return self.lefts[-1] + self.cell_width if self.lefts else 0

    @property
    def height(self) -> int:
        """The height of all rows."""
        return (self.rows - 1) * self.step + self.cell_height if self.rows else 0

    def box(self, row: int, column: int) -> Box:
        """Return the box of a place."""
        return Box(self.lefts[column], row * self.step, self.cell_width, self.cell_height)

    def at(self, x: float, y: float) -> Place | None:
        """Return the place at a point, None beside all of them and between two."""
        row, column = int(y // self.step), bisect_right(self.lefts, x) - 1
        if not 0 <= row < self.rows or column < 0 or not self.box(row, column).contains(x, y):
            return None
        return row, column

    def within(self, area: Box) -> tuple[range, range]:
        """Return the rows and the columns of which a part is inside an area."""
        first = max(0, int((area.y - self.cell_height) // self.step) + 1)
        last = min(self.rows - 1, int(-(-area.bottom // self.step)) - 1)
        left = bisect_right(self.lefts, area.x - self.cell_width)
        right = bisect_left(self.lefts, area.right)
        return range(first, max(first, last + 1)), range(left, max(left, right))


def places_of(grid: Grid, cell: tuple[int, int], gap: int, group_gap: int) -> Places:
    """Return the places of a grid with cells of this width and height, `group_gap` more between two groups."""
    lefts: list[int] = []
    x = 0
    for group in grid.groups:
        lefts += [x + number * (cell[0] + gap) for number in range(group.columns)]
        x = lefts[-1] + cell[0] + gap + group_gap
    return Places(tuple(lefts), len(grid.rows), *cell, cell[1] + gap)


class Filled:
    """The places of a grid that hold a cell, for walking from one to the next by keyboard."""

    def __init__(self, grid: Grid) -> None:
        self._columns = [
            [column for column, cell in enumerate(row.cells) if cell is not None] for row in grid.rows
        ]
        self._rows = [number for number, columns in enumerate(self._columns) if columns]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._rows)

    @property
    def whole(self) -> tuple[Place, Place]:
        """The first and the last place of all; there must be one."""
        return (self._rows[0], self._columns[self._rows[0]][0]), (
            self._rows[-1],
            self._columns[self._rows[-1]][-1],
        )

    def ends(self, place: Place) -> tuple[Place, Place]:
        """Return the first and the last place of a row."""
        columns = self._columns[place[0]]
        return (place[0], columns[0]), (place[0], columns[-1])

    def beside(self, place: Place, rows: int, columns: int) -> Place:
        """Return the next place in a direction, or `place` if there is none.

        `columns` of -1 or 1 stays in the row; `rows` of -1 or 1 goes to the nearest one of the next row that has any.
        """
        row, column = place
        if columns:
            filled = self._columns[row]
            number = bisect_left(filled, column) + columns
            return (row, filled[number]) if 0 <= number < len(filled) else place
        number = bisect_left(self._rows, row) + rows
        if not 0 <= number < len(self._rows):
            return place
        target = self._rows[number]
        return target, min(self._columns[target], key=lambda other: (abs(other - column), other))

    def between(self, one: Place, other: Place) -> Iterator[Place]:
        """Yield the places of the rectangle that two of them span."""
        rows = range(min(one[0], other[0]), max(one[0], other[0]) + 1)
        first, last = min(one[1], other[1]), max(one[1], other[1])
        for row in rows:
            filled = self._columns[row]
            for column in filled[bisect_left(filled, first) : bisect_right(filled, last)]:
                yield row, column

    def inside(self, rows: range, columns: range) -> Iterator[Place]:
        """Yield the places in ranges of rows and columns."""
        if rows and columns:
            yield from self.between((rows[0], columns[0]), (rows[-1], columns[-1]))


def column_of_group(grid: Grid) -> Sequence[int]:
    """Return the first column of each group, and last the number of all columns."""
    starts = [0]
    for group in grid.groups:
        starts.append(starts[-1] + group.columns)
    return starts
