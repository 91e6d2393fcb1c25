"""The rows of a roster that were not imported, with all their cells, and the same masked."""

from collections.abc import Sequence

from fuyuan_desk.roster.facts import Cell, TableColumns, Unimported
from fuyuan_desk.roster.reading.cells import text_of
from fuyuan_desk.roster.reading.explain import HIDDEN
from fuyuan_desk.roster.reading.headers import IGNORED, Column
from fuyuan_desk.roster.reading.masking import masked_cell
from fuyuan_desk.roster.reading.reader import TableView
from fuyuan_desk.roster.reading.rows import RosterRow

# headers the reader recognises, so that the corrected file can be imported by itself
_PLACE_TITLES = (("estate", "小区"), ("building", "门牌号"))


def columns_of(table: TableView) -> TableColumns:
    """Return the columns of a table, led by estate and building where the table has none of its own."""
    own = tuple((column.field, column.title or column.letter) for column in table.columns)
    return TableColumns(table.sheet, (*_added(table), *own))


def rows_of(
    index: int, table: TableView, left_out: Sequence[RosterRow]
) -> list[tuple[RosterRow, Unimported]]:
    """Return those of the rows that are in a table, each with its cells as in the roster."""
    places = {number: place for place, number in enumerate(table.numbers)}
    added = _added(table)
    found = []
    for row in left_out:
        if row.sheet != table.sheet or row.row not in places:
            continue
        cells = table.rows[places[row.row]]
        values = (
            *(_known(row, field) for field, _title in added),
            *(_value(row, column, cells) for column in table.columns),
        )
        found.append((row, Unimported(index, row.sheet, row.row, row.home.address, row.fault, values)))
    return found


def masked_cells(columns: TableColumns, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the cells as texts, with names, document numbers and telephones masked, unknown columns whole."""
    pairs = zip(columns.columns, cells, strict=True)
    return tuple(_masked(field, text_of(cell)) for (field, _title), cell in pairs)


def _masked(field: str, text: str) -> str:
    # a column that was not recognised may name anybody
    return masked_cell(field, text) if field not in ("", IGNORED) else HIDDEN * bool(text)


def _added(table: TableView) -> tuple[tuple[str, str], ...]:
    fields = {column.field for column in table.columns}
    return tuple((field, title) for field, title in _PLACE_TITLES if field not in fields)


def _known(row: RosterRow, field: str) -> str:
    value = str(getattr(row, field))
    return "" if field == "building" and value == row.estate else value


def _value(row: RosterRow, column: Column, cells: Sequence[object]) -> Cell:
    value = cells[column.index] if column.index < len(cells) else ""
    if value == "" and column.field in ("estate", "building"):
        return _known(row, column.field)
    if isinstance(value, float) and value.is_integer():
        # avoid 1.38E+10 for a telephone typed as a number
        return int(value) if abs(value) < 1e9 else f"{value:.0f}"
    return value if isinstance(value, str | int | float | bool) else str(value)
