"""The cells of one table of a roster, column by column; every doubt is told with its row and cell."""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading import places
from fuyuan_desk.roster.reading.cells import Cell, is_blank, listed, text_of
from fuyuan_desk.roster.reading.headers import IGNORED, Column
from fuyuan_desk.roster.reading.rows import WARNING, Problem
from fuyuan_desk.roster.reading.tables import Table

_FILLED_DOWN = ("estate", "road", "lane", "building", "entrance", "floor")
# columns whose words are kept as they stand, and how long what stands in all others may be
_FREE = frozenset(("remark", "contact", IGNORED, ""))
LONGEST = 300
_MOST_TOLD = 50_000  # nobody reads more, and each takes half a kilobyte
# what both an area and a sum may be without a second look
_PLAIN_NUMBER = 10_000
_EXACT = 1e-4
T = TypeVar("T")


class Memo(dict[Cell, T]):
    """Reads each distinct cell once; in a roster most cells repeat others."""

    def __init__(self, read: Callable[[Cell], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> T:
        value = self[cell] = self._read(cell)
        return value


def plain(cell: Cell) -> str:
    """Give a cell's text, or "" where a clerk wrote that there is nothing."""
    text = text_of(cell)
    return "" if len(text) < 5 and is_blank(text) else text


class TableCells:
    """The columns of one table; `problems` gathers what to look at, `addresses` the estates that a column names."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.size = len(table.rows)
        self.problems: list[Problem] = []
        self.addresses: dict[str, str] = {}
        width = max((column.index for column in table.columns), default=0) + 1
        self._rows = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in table.rows]
        self.long: dict[int, Column] = {}
        for number in table.long:
            self._blank_long(number)

    def _blank_long(self, number: int) -> None:
        # the patterns of places, names and numbers would look at a very long text for hours; the row is refused
        row = self._rows[number] = list(self._rows[number])
        for column in self.table.columns:
            cell = row[column.index]
            if column.field not in _FREE and isinstance(cell, str) and len(cell) > LONGEST:
                row[column.index] = ""
                self.long[number] = column

    def cells(self, column: Column) -> list[Cell]:
        """Give the cells of a column."""
        index = column.index
        return [row[index] for row in self._rows]

    def one(self, field: str) -> Column | None:
        """Give the column that holds a field."""
        return next(iter(self.table.of(field)), None)

    def texts(self, field: str) -> list[str]:
        """Give the texts of the field's column; blanks where there is no such column."""
        column = self.one(field)
        return [""] * self.size if column is None else list(map(text_of, self.cells(column)))

    def plains(self, column: Column) -> list[str]:
        """Give the texts of a column without words for nothing."""
        memo = Memo(plain)
        return [memo[cell] for cell in self.cells(column)]

    def tell(self, column: Column, number: int, message: str, severity: str = WARNING) -> None:
        """Note something to look at in a cell; `number` counts the table's rows from 0."""
        if len(self.problems) >= _MOST_TOLD:
            return
        row = self.table.numbers[number] + 1
        if len(self.problems) == _MOST_TOLD - 1:
            message = _(
                "There are more doubts than can be listed. Correct these first, then read the file again."
            )
        value = text_of(self._rows[number][column.index])
        self.problems.append(Problem(self.table.sheet, row, column.letter, value, message, severity))

    def read_column(self, field: str, read: Callable[[Cell], tuple[T, str]], blank: T) -> list[T]:
        """Read a field's column, noting doubts; `blank` where there is no such column."""
        column = self.one(field)
        if column is None:
            return [blank] * self.size
        memo = Memo(read)
        read_cells = [memo[cell] for cell in self.cells(column)]
        if any(doubt for _value, doubt in memo.values()):
            for number, (_value, doubt) in enumerate(read_cells):
                if doubt:
                    self.tell(column, number, doubt)
        return [value for value, _doubt in read_cells]

    def numbers(self, field: str, read: Callable[[Cell], tuple[int | None, str]]) -> list[int | None]:
        """Read a column of areas or sums in hundredths; plain numbers, nearly all of them, take the short way."""
        column = self.one(field)
        if column is None:
            return [None] * self.size
        found: list[int | None] = []
        for number, cell in enumerate(self.cells(column)):
            if type(cell) is float and 0 < cell < _PLAIN_NUMBER:
                hundredths = round(cell * 100)
                if -_EXACT < cell * 100 - hundredths < _EXACT:
                    found.append(hundredths)
                    continue
            value, doubt = read(cell)
            if doubt:
                self.tell(column, number, doubt)
            found.append(value)
        return found

    # ---- places ----

    def find_places(self) -> list[places.Place]:
        """Give each row's place; blank cells of buildings and what contains them say the same as those above."""
        columns = {field: self.texts(field) for field in (*_FILLED_DOWN, "address", "unit")}
        ditto = listed("ditto")
        for values in columns.values():
            if not ditto.isdisjoint(values):  # 〃 says the same as the cell above
                values[:] = ["" if value in ditto else value for value in values]
        columns["building"] = self._with_sections(columns["building"])
        self._take_regions(columns["estate"])
        changed = self._fill_down(columns)
        if columns["address"] and self.one("unit") is not None:
            columns["address"] = _filled(columns["address"])
        self._fill_units(columns["unit"], changed)
        title = next((column.title for column in self.table.of("building")), "")
        suffix = places.building_suffix(title)
        bases = map(
            places.find_base,
            columns["road"], columns["lane"], columns["address"], columns["building"], columns["entrance"],
            [suffix] * self.size,
        )  # fmt: skip
        found = list(map(places.find_place, bases, columns["unit"], columns["floor"]))
        return self._named_estates(found, columns["estate"])

    def _named_estates(self, found: list[places.Place], estates: list[str]) -> list[places.Place]:
        if not any(estates):
            return found
        named = {text: places.compact(text) if not text.isascii() else text for text in set(estates) if text}
        for place, estate in zip(found, estates, strict=True):
            if estate:
                self.addresses[named[estate]] = self.addresses.get(named[estate]) or place.estate
        return [
            places.in_estate(place, named[estate]) if estate else place
            for place, estate in zip(found, estates, strict=True)
        ]

    def _with_sections(self, buildings: list[str]) -> list[str]:
        if not any(self.table.section):
            return buildings
        return [own or section for own, section in zip(buildings, self.table.section, strict=True)]

    def _take_regions(self, estates: list[str]) -> None:
        if any(self.table.region):
            estates[:] = [own or region for own, region in zip(estates, self.table.region, strict=True)]

    def _fill_down(self, columns: dict[str, list[str]]) -> list[bool]:
        # a level is filled from above as long as the levels around it stay the same
        changed = [False] * self.size
        for field in _FILLED_DOWN:
            values = columns[field]
            if "" not in values or not any(values):
                new = [first != second for first, second in pairwise(values)]
            else:
                last, new = values[0], []
                for number in range(1, self.size):
                    if values[number]:
                        new.append(values[number] != last)
                        last = values[number]
                    else:
                        last = values[number] = "" if changed[number] else last
                        new.append(False)
            if new:
                changed = [before or now for before, now in zip(changed, [False, *new], strict=True)]
        return changed

    def _fill_units(self, units: list[str], changed: list[bool]) -> None:
        # a row without number and room goes on with the room above: a second household in it
        if self.one("seq") is None or "" not in units:
            return
        numbers = self.texts("seq")
        for number in range(1, self.size):
            if not units[number] and not numbers[number] and not changed[number]:
                units[number] = units[number - 1]


def _filled(values: list[str]) -> list[str]:
    last, filled = "", []
    for value in values:
        last = value or last
        filled.append(last)
    return filled
