"""Formatted Excel workbooks: a frozen header, column widths, a filter, and no active cells."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Value = str | int | float | bool | None

_MAX_WIDTH, _MIN_WIDTH = 48, 8
# number of rows measured for the width of a column
_MEASURED_ROWS = 500
_MAX_CELL_CHARS = 32_767
_HEADER_COLOUR, _BAR_COLOUR = "F0EDE8", "8A8A8A"  # a grey bar is the same in a grey print
_MOST_BARS = 20
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
# characters not allowed in XML, including surrogates
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# text that a spreadsheet may treat as a formula when the cell is edited or saved as CSV and reopened;
# leading blanks and tabs do not prevent that, and old Chinese input methods produce the full-width characters
_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True)
class SheetChart:
    """A chart of bars beside the rows of a sheet: the numbers of a column, counted from 0, by the names in the first.

    `most` is the end of the axis, None for the largest number.
    """

    title: str
    column: int
    unit: str = ""
    most: float | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the names of the columns, rows of values in their order, and charts of them."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]
    charts: Sequence[SheetChart] = ()


def workbook_bytes(sheets: Iterable[Sheet], lead: Sequence[str]) -> bytes:
    """Return sheets as an .xlsx file; each starts with the lines of `lead`, which state purpose and receiver.

    Texts stay texts: document and phone numbers keep their leading zeros, and no text becomes a formula. Nothing is
    written to the disk.
    """
    from openpyxl import Workbook  # here: importing it takes 0.3 s

    from fuyuan_desk.workbook.packing import MemoryPacker

    book = Workbook(write_only=True)
    names: set[str] = set()
    fills: dict[str, Callable[[], None]] = {}
    for sheet in sheets:
        target = book.create_sheet(_free_name(sheet.name, names))
        _lay_out(target, sheet, len(lead) + 1)
        fills[target.title] = partial(_fill, target, sheet, lead)
    return MemoryPacker(book, fills).packed()


def _free_name(name: str, taken: set[str]) -> str:
    plain = _short(" ".join(_UNWRITABLE.sub("", name).translate(_FORBIDDEN_IN_NAMES).split()), 31) or "Sheet"
    unique, number = plain, 2
    while unique.lower() in taken or unique.lower() == "history":  # reserved by Excel
        unique = f"{_short(plain, 27)} {number}"
        number += 1
    taken.add(unique.lower())
    return unique


def _short(name: str, most: int) -> str:
    # Excel counts UTF-16 code units
    while len(name.encode("utf-16-le")) > 2 * most:
        name = name[:-1]
    return name.strip(" '")


def _lay_out(target: "WriteOnlyWorksheet", sheet: Sheet, header_row: int) -> None:
    from openpyxl.utils import get_column_letter

    target.freeze_panes = f"A{header_row + 1}"
    for index, header in enumerate(sheet.headers):
        texts = [header, *(str(row[index] or "") for row in sheet.rows[:_MEASURED_ROWS])]
        width = max(map(_width, texts))
        dimension = target.column_dimensions[get_column_letter(index + 1)]  # type: ignore[attr-defined] # stub lacks it
        dimension.width = min(max(width + 2, _MIN_WIDTH), _MAX_WIDTH)
    last = get_column_letter(max(len(sheet.headers), 1))
    for number, chart in enumerate(sheet.charts):
        _draw(target, sheet, chart, header_row, number)
    target.auto_filter.ref = f"A{header_row}:{last}{len(sheet.rows) + header_row}"  # type: ignore[attr-defined] # stub lacks it


def _draw(
    target: "WriteOnlyWorksheet", sheet: Sheet, chart: SheetChart, header_row: int, number: int
) -> None:
    from openpyxl.chart import BarChart, Reference
    from openpyxl.utils import get_column_letter

    rows = min(len(sheet.rows), _MOST_BARS)
    first, last = header_row + 1, header_row + rows
    drawn = BarChart()
    drawn.type, drawn.style, drawn.legend = "bar", 10, None
    drawn.title = chart.title
    drawn.add_data(Reference(target, chart.column + 1, first, max_row=last))
    drawn.set_categories(Reference(target, 1, first, max_row=last))
    # the first row on top, as in the sheet
    drawn.x_axis.scaling.orientation = "maxMin"
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = 0, chart.most
    drawn.y_axis.title = chart.unit or None
    # axes that are not said to be there are left out by newer versions of Excel
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.series[0].graphicalProperties.solidFill = _BAR_COLOUR
    drawn.height = 4 + 0.7 * rows
    corner = f"{get_column_letter(len(sheet.headers) + 2)}{header_row + 30 * number}"
    target.add_chart(drawn, corner)  # type: ignore[misc] # the stub takes it for a sheet of the other mode


def _fill(target: "WriteOnlyWorksheet", sheet: Sheet, lead: Sequence[str]) -> None:
    for line in lead:
        target.append([_cell(target, line)])
    target.append([_heading(target, header) for header in sheet.headers])
    for row in sheet.rows:
        target.append([_cell(target, value) for value in row])


def _width(text: str) -> int:
    # Chinese characters are two columns wide
    return max((sum(2 if char > "\u2e7f" else 1 for char in line) for line in text.splitlines()), default=0)


def _heading(target: "WriteOnlyWorksheet", text: str) -> "Cell":
    from openpyxl.styles import Font, PatternFill

    cell = _text_cell(target, " ".join(text.split()))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor=_HEADER_COLOUR)
    return cell


def _cell(target: "WriteOnlyWorksheet", value: Value) -> "Cell | Value":
    if isinstance(value, float) and not math.isfinite(value):
        value = str(value)  # Excel reports a file with such a number as damaged
    if not isinstance(value, str):
        return value
    if not value:
        return None
    cell = _text_cell(target, value)
    cell.number_format = "@"
    return cell


def _text_cell(target: "WriteOnlyWorksheet", text: str) -> "Cell":
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(target, _UNWRITABLE.sub("", text)[:_MAX_CELL_CHARS])
    # openpyxl treats =HYPERLINK(…) as a formula; without quotePrefix Excel does too when the cell is edited
    cell.data_type = "s"
    if _FORMULA.match(text):
        cell.quotePrefix = True
    return cell
