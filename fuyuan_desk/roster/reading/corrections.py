"""Cells of a roster that are typed anew before it is read again; pure functions."""

from collections.abc import Mapping
from dataclasses import replace

from fuyuan_desk.workbook.parser import Row
from fuyuan_desk.workbook.reader import Sheet, Workbook

Typed = Mapping[tuple[str, int], Mapping[int, str]]
"""The text of cells by sheet, row as in Excel, and 0-based column."""


def with_typed(workbook: Workbook, typed: Typed) -> Workbook:
    """Return a workbook with cells as typed: the first of merged cells is changed for all, another one alone."""
    if not typed:
        return workbook
    return replace(workbook, sheets=tuple(_sheet(sheet, typed) for sheet in workbook.sheets))


def _sheet(sheet: Sheet, typed: Typed) -> Sheet:
    of_sheet = {row - 1: cells for (name, row), cells in typed.items() if name == sheet.name}
    if not of_sheet:
        return sheet
    rows = list(sheet.rows)
    kept = []
    for span in sheet.merged:
        (top, left), (bottom, _right) = span
        # the others follow the first of merged cells
        if any(top < row <= bottom and left in cells for row, cells in of_sheet.items()):
            _spread(rows, top, bottom, left)
        else:
            kept.append(span)
    for number, cells in of_sheet.items():
        row = _wide(rows[number], max(cells) + 1)
        for index, text in cells.items():
            row[index] = text
        rows[number] = row
    return replace(sheet, rows=rows, merged=tuple(kept))


def _spread(rows: list[Row], top: int, bottom: int, left: int) -> None:
    # what was merged has the value of its first cell in each row, as it is read
    if left >= len(rows[top]):
        return
    value = rows[top][left]
    for number in range(top + 1, min(bottom + 1, len(rows))):
        row = _wide(rows[number], left + 1)
        row[left] = row[left] or value
        rows[number] = row


def _wide(row: Row, width: int) -> Row:
    return [*row, *[""] * (width - len(row))]
