"""Rows of which one cell names several homes, such as 1-101、1-102: each home becomes a row; pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from fuyuan_desk.core.packed import PackedList
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import Cell
from fuyuan_desk.roster.reading.headers import Column
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.row_reader import TableReader

_SEPARATORS = "、，,;；/&及和 \n"
_HOME = (
    r"\d{1,3}[A-Za-z]?(?:号楼|[号幢栋座#]|\s*[-_\u2010-\u2015]\s*)-?(?:\d{1,2}(?:-|单元))?\d{3,4}[A-Za-z]?室?"
)
_BETWEEN = r"\s*[、,;/&及和\s]\s*"
_HOMES = re.compile(rf"{_HOME}(?:{_BETWEEN}{_HOME})+")
_ONE = re.compile(_HOME)
# of all homes together: they stay with the first
_OF_ALL = ("area", "inner_area", "people", "fund_first", "fund_balance")


def opened(table: Table, *, of_persons: bool) -> TableReader:
    """Return the reader of a table in which a row of several homes was replaced by one of each, and told.

    A list of persons is left as it is: its rows may belong to the household above.
    """
    reader = TableReader(table)
    column = reader.one("unit") or reader.one("address")
    if column is None or of_persons or isinstance(table.rows, PackedList):
        return reader
    cells = reader.cells(column)
    if not _may_name_several(cells):
        return reader
    found = {number: homes for number, cell in enumerate(cells) if len(homes := _homes(cell)) > 1}
    if not found:
        return reader
    told = _replace(table, column, found)
    reader = TableReader(table)
    message = _(
        "This cell names several homes: the household was read for each of them, areas, sums and numbers of people "
        "only for the first. Check it, or give each home a row of its own."
    )
    for number in told:
        reader.report(column, number, message)
    return reader


def _may_name_several(cells: Sequence[Cell]) -> bool:
    # one look at the whole column, as hardly any list has such a cell
    joined = "\t".join([cell for cell in cells if type(cell) is str])
    return any(char in joined for char in _SEPARATORS)


@lru_cache(maxsize=4_096)
def _homes(cell: Cell) -> tuple[str, ...]:
    if not isinstance(cell, str) or len(cell) < 2 * len("1-101"):
        return ()
    plain = half_width(cell).strip()
    return tuple(_ONE.findall(plain)) if _HOMES.fullmatch(plain) else ()


def _replace(table: Table, column: Column, found: dict[int, tuple[str, ...]]) -> list[int]:
    """Put a row for each home into the table; return the first row of each household."""
    blanked = [other.index for field in _OF_ALL for other in table.of(field)]
    rows: list[Sequence[Cell]] = []
    origin: list[int] = []
    told: list[int] = []
    for number, row in enumerate(table.rows):
        homes = found.get(number, ())
        if homes:
            told.append(len(rows))
        for place, home in enumerate(homes):
            own = list(row)
            own[column.index] = home
            for index in blanked if place else ():
                own[index : index + 1] = [""] if index < len(own) else []
            rows.append(own)
            origin.append(number)
        if not homes:
            rows.append(row)
            origin.append(number)
    first: dict[int, int] = {}
    for new, old in enumerate(origin):
        first.setdefault(old, new)
    table.rows = rows
    table.numbers = [table.numbers[old] for old in origin]
    table.headings = [table.headings[old] for old in origin]
    table.joined = {first[old] for old in table.joined}
    table.long = {first[old] for old in table.long}
    table.origin = {(first[number], index): place for (number, index), place in table.origin.items()}
    return told
