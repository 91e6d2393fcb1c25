"""Excel export of the rows of a roster that were not imported, each with its reason."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from fuyuan_desk.access.export_order import returned_roster_lines
from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.headers import Column
from fuyuan_desk.roster.reading.reader import RosterDraft, TableView
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.workbook.writer import Sheet, Value, workbook_bytes

# headers the reader recognises, so that the corrected file can be imported again
_PLACE_TITLES = (("estate", "小区"), ("building", "门牌号"))
_ORIGIN, _REASON = "原表位置", "未导入原因"


class Outcome(Protocol):
    """The part of an import's report about the rows not imported."""

    @property
    def draft(self) -> RosterDraft:
        """The roster as it was understood."""

    @property
    def left_out(self) -> tuple[RosterRow, ...]:
        """The duplicate and rejected rows."""


def write_left_out(outcome: Outcome, path: Path) -> Path:
    """Write the rows not imported, as they were in the roster, with the reason in the last column.

    Each row has its estate and building, so that the corrected file can be imported by itself.
    Raises `Unusable` if the file cannot be written.
    """
    sheets = [sheet for table in outcome.draft.tables if (sheet := _sheet(table, outcome.left_out)).rows]
    write_atomically(path, workbook_bytes(sheets, returned_roster_lines()))
    return path


def _sheet(table: TableView, left_out: Iterable[RosterRow]) -> Sheet:
    fields = {column.field for column in table.columns}
    added = [(field, title) for field, title in _PLACE_TITLES if field not in fields]
    indexes = {number: index for index, number in enumerate(table.numbers)}
    rows: list[list[Value]] = []
    for row in left_out:
        if row.sheet != table.sheet or row.row not in indexes:
            continue
        cells = table.rows[indexes[row.row]]
        where = _("{sheet}, row {row}").format(sheet=row.sheet, row=row.row)
        known = [_known(row, field) for field, _title in added]
        rows.append([*known, *(_value(row, column, cells) for column in table.columns), where, row.fault])
    titles = [title for _field, title in added]
    titles += [column.title or column.letter for column in table.columns]
    return Sheet(table.sheet, [*titles, _ORIGIN, _REASON], rows)


def _known(row: RosterRow, field: str) -> str:
    value = str(getattr(row, field))
    return "" if field == "building" and value == row.estate else value


def _value(row: RosterRow, column: Column, cells: Sequence[object]) -> Value:
    value = cells[column.index] if column.index < len(cells) else ""
    if value == "" and column.field in ("estate", "building"):
        return _known(row, column.field)
    if isinstance(value, float) and value.is_integer():
        # avoid 1.38E+10 for a telephone typed as a number
        return int(value) if abs(value) < 1e9 else f"{value:.0f}"
    return value if isinstance(value, str | int | float | bool) else str(value)
