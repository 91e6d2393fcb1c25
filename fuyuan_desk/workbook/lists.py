"""A list as it stood on the screen, as an Excel workbook."""

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_WIDEST = 48
_NARROWEST = 8
# rows that are looked at to find out how wide a column must be
_MEASURED = 500


def list_workbook(
    title: str, headers: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[int] = ()
) -> bytes:
    """Write a list: one sheet named `title`, a heading that stays in sight, a filter; `right` columns hold figures.

    Every other cell is text, so that a name that begins with = or a long number stays what it is.
    """
    from openpyxl import Workbook  # here: 0.3 s that only an export should cost

    figures = frozenset(right)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, header in enumerate(headers):
        texts = [header, *(row[place] for row in rows[:_MEASURED])]
        width = max(map(_width, texts))
        sheet.column_dimensions[_letter(place)].width = min(max(width + 2, _NARROWEST), _WIDEST)
    sheet.auto_filter.ref = f"A1:{_letter(len(headers) - 1)}{len(rows) + 1}"
    sheet.append([_heading(sheet, header) for header in headers])
    for row in rows:
        sheet.append([_cell(sheet, text, place in figures) for place, text in enumerate(row)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place + 1)


def _heading(sheet: "WriteOnlyWorksheet", text: str) -> "Cell":
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="F0EDE8")
    return cell


def _cell(sheet: "WriteOnlyWorksheet", text: str, figure: bool) -> "Cell | float | None":
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    if figure:
        try:
            return float(text.replace(",", ""))
        except ValueError:
            pass
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
