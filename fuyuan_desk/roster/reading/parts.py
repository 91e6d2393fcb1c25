"""Long tables in parts that are read one after the other, since the columns of a whole one would fill the memory."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from fuyuan_desk.core.packed import PackedList, Rows
from fuyuan_desk.roster.reading import places
from fuyuan_desk.roster.reading.cells import Cell, listed, text_of
from fuyuan_desk.roster.reading.ditto import behind_ditto
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.kin import read_standing
from fuyuan_desk.roster.reading.levels import FILLED_DOWN
from fuyuan_desk.roster.reading.row_reader import TableReader
from fuyuan_desk.roster.reading.several_homes import opened

_PLACE = ("address", "unit")
_OF_PERSONS = frozenset(("relation", "member_name", "person_uuid", "residence_no", "home_no"))


class Survey(NamedTuple):
    """What must be known of all tables before one of them is read.

    `rows` are the part of the table, `found` the place of each of them, `addresses` those of the estates. `reader` is
    kept of a whole table.
    """

    table: Table
    rows: range
    found: Rows[places.Place]
    addresses: dict[str, str]
    reader: TableReader | None = None

    def row_of(self, index: int) -> int:
        """Return the row, as in Excel, of a place of `found`."""
        return self.table.numbers[self.rows[index]] + 1

    def opened(self) -> TableReader:
        """Return the reader of the rows, which has found their places."""
        if self.reader is not None:
            return self.reader
        reader = TableReader(_part(self.table, self.rows))
        reader.find_places()
        return reader


def survey(table: Table, rows: range) -> Survey:
    """Return what a part of a table says of its estates; the places of a part are packed."""
    if len(rows) == len(table.numbers):
        reader = opened(table, of_persons=_is_of_persons(table))
        rows = range(len(table.numbers))  # a row for each home of one that names several
        return Survey(table, rows, reader.find_places(), reader.addresses, reader)
    reader = TableReader(_part(table, rows))
    return Survey(table, rows, PackedList(reader.find_places()), reader.addresses)


def parts_of(table: Table, longest: int) -> Iterator[range]:
    """Yield the parts of a table of more than `longest` rows, each of less than half of them.

    It is cut above rows that need nothing from the rows above, as their place is whole; without such rows, nowhere.
    Neither is a list of persons, whose households may be anywhere in it.
    """
    start, size = 0, len(table.numbers)
    if size <= longest or _is_of_persons(table):
        yield range(size)
        return
    wanted = [column.index for column in table.columns if column.field in (*FILLED_DOWN, *_PLACE, "name")]
    place = [column.index for column in table.columns if column.field in (*FILLED_DOWN, *_PLACE)]
    while start < size:
        end = start + longest * 2 // 5
        while end < size and not _stands_alone(table, end, wanted, place):
            end += 1
        yield range(start, min(end, size))
        start = end


def _is_of_persons(table: Table) -> bool:
    if any(column.field in _OF_PERSONS for column in table.columns):
        return True
    roles = {
        row[column.index] for column in table.of("role") for row in table.rows if column.index < len(row)
    }
    return any(read_standing(cell).relation for cell in roles)


def _stands_alone(table: Table, number: int, wanted: Sequence[int], place: Sequence[int]) -> bool:
    row, above = table.rows[number], table.rows[number - 1]
    if number in table.joined or any(_is_open(row, index) for index in wanted):
        return False
    return any(index >= len(above) or row[index] != above[index] for index in place)


def _is_open(row: Sequence[Cell], index: int) -> bool:
    # blank, or as above
    text = text_of(row[index]) if index < len(row) else ""
    return not text or text in listed("ditto") or behind_ditto(text) is not None


def _part(table: Table, rows: range) -> Table:
    start, end = rows.start, rows.stop
    return replace(
        table,
        numbers=table.numbers[start:end],
        rows=list(table.rows[start:end]),
        headings=table.headings[start:end],
        joined={number - start for number in table.joined if start <= number < end},
        long={number - start for number in table.long if start <= number < end},
        origin={
            (number - start, column): place
            for (number, column), place in table.origin.items()
            if start <= number < end
        },
    )
