"""Excel workbooks that look finished: a header that stays, widths, a filter, and no cell that acts."""

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Value = str | int | float | bool | None

_WIDEST, _NARROWEST = 48, 8
# rows that are looked at to find out how wide a column must be
_MEASURED = 500
_MOST_SIGNS = 32_767
_HEADER_COLOUR = "F0EDE8"
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
# signs that XML does not know, halves of signs among them
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# what a spreadsheet may take for a formula when somebody edits the cell or saves it as CSV and opens that;
# blanks and tabs before it do not help, and an old Chinese input method makes the wide signs
_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the names of the columns, and rows of values in their order."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]


def workbook_bytes(sheets: Iterable[Sheet], lead: Sequence[str]) -> bytes:
    """Write sheets as an .xlsx file; each begins with the lines of `lead`, which say what for and for whom it is.

    Texts stay texts: numbers of papers and telephones keep their noughts, and what begins like a formula is none.
    """
    from openpyxl import Workbook  # here: 0.3 s that only an export should cost

    book = Workbook(write_only=True)
    names: set[str] = set()
    for sheet in sheets:
        _write(book.create_sheet(_free_name(sheet.name, names)), sheet, lead)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _free_name(name: str, taken: set[str]) -> str:
    plain = _short(" ".join(_UNWRITABLE.sub("", name).translate(_FORBIDDEN_IN_NAMES).split()), 31) or "Sheet"
    unique, number = plain, 2
    while unique.lower() in taken or unique.lower() == "history":  # a name that Excel keeps for itself
        unique = f"{_short(plain, 27)} {number}"
        number += 1
    taken.add(unique.lower())
    return unique


def _short(name: str, most: int) -> str:
    # Excel counts units of UTF-16
    while len(name.encode("utf-16-le")) > 2 * most:
        name = name[:-1]
    return name.strip(" '")


def _write(target: "WriteOnlyWorksheet", sheet: Sheet, lead: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter

    top = len(lead) + 1
    target.freeze_panes = f"A{top + 1}"
    for place, header in enumerate(sheet.headers):
        texts = [header, *(str(row[place] or "") for row in sheet.rows[:_MEASURED])]
        width = max(map(_width, texts))
        dimension = target.column_dimensions[get_column_letter(place + 1)]  # type: ignore[attr-defined] # stub lacks it
        dimension.width = min(max(width + 2, _NARROWEST), _WIDEST)
    last = get_column_letter(max(len(sheet.headers), 1))
    target.auto_filter.ref = f"A{top}:{last}{len(sheet.rows) + top}"  # type: ignore[attr-defined] # stub lacks it
    for line in lead:
        target.append([_cell(target, line)])
    target.append([_heading(target, header) for header in sheet.headers])
    for row in sheet.rows:
        target.append([_cell(target, value) for value in row])


def _width(text: str) -> int:
    # Chinese signs take two places
    return max((sum(2 if sign > "\u2e7f" else 1 for sign in line) for line in text.splitlines()), default=0)


def _heading(target: "WriteOnlyWorksheet", text: str) -> "Cell":
    from openpyxl.styles import Font, PatternFill

    cell = _text_cell(target, " ".join(text.split()))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor=_HEADER_COLOUR)
    return cell


def _cell(target: "WriteOnlyWorksheet", value: Value) -> "Cell | Value":
    if isinstance(value, float) and not math.isfinite(value):
        value = str(value)  # Excel calls a file with such a number damaged
    if not isinstance(value, str):
        return value
    if not value:
        return None
    cell = _text_cell(target, value)
    cell.number_format = "@"
    return cell


def _text_cell(target: "WriteOnlyWorksheet", text: str) -> "Cell":
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(target, _UNWRITABLE.sub("", text)[:_MOST_SIGNS])
    # openpyxl takes =HYPERLINK(…) for a formula; Excel, without the mark, would when somebody edits the cell
    cell.data_type = "s"
    if _FORMULA.match(text):
        cell.quotePrefix = True
    return cell
