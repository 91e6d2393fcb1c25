"""Excel export of the rows of a roster that were not imported, each with its reason."""

from pathlib import Path
from typing import Protocol

from fuyuan_desk.access.export_order import Stamp
from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.facts import TableColumns, Unimported, UnimportedList
from fuyuan_desk.workbook.writer import Sheet, Value, workbook_bytes

# headers the reader ignores, so that the corrected file can be imported again
_ORIGIN, _REASON = "原表位置", "未导入原因"


class Released(Protocol):
    """Rows released for export, with the stamp that the file must carry."""

    @property
    def rows(self) -> tuple[UnimportedList, ...]:
        """The list, once."""

    @property
    def stamp(self) -> Stamp:
        """The first lines of the file."""


def write_unimported(export: Released, path: Path) -> Path:
    """Write the rows not imported, as they were in the roster, with the reason in the last column.

    Each row has its estate and building, so that the corrected file can be imported by itself.
    Raises `Unusable` if the file cannot be written.
    """
    [whole] = export.rows
    sheets = [
        _sheet(table, [row for row in whole.rows if row.table == index])
        for index, table in enumerate(whole.tables)
    ]
    write_atomically(path, workbook_bytes([sheet for sheet in sheets if sheet.rows], export.stamp.lines()))
    return path


def _sheet(table: TableColumns, rows: list[Unimported]) -> Sheet:
    titles = [title for _field, title in table.columns]
    lines: list[list[Value]] = []
    for row in rows:
        where = _("{sheet}, row {row}").format(sheet=row.sheet, row=row.row)
        lines.append([*row.cells, where, row.reason])
    return Sheet(table.sheet, [*titles, _ORIGIN, _REASON], lines)
