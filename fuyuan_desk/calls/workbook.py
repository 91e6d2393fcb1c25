"""The month sheet of calls as an Excel file: one worksheet for each month, in the columns of 社区云."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from fuyuan_desk.calls.catalogue import month_sheet
from fuyuan_desk.calls.facts import MonthOrder, SheetRow
from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.workbook.writer import Sheet, workbook_bytes


def month_sheets(rows: Sequence[SheetRow], months: MonthOrder) -> list[Sheet]:
    """Return a sheet for each month that has calls, or one without rows if none has; rows are in order of days."""
    wording = month_sheet()
    by_month = {
        month: [row.texts for row in of_month]
        for month, of_month in groupby(rows, key=lambda row: row.called_on.month)
    }
    return [
        Sheet(wording["month"].format(n=month), wording["columns"], texts)
        for month, texts in (by_month or {months.month or 1: []}).items()
    ]


def write_months(path: Path, rows: Sequence[SheetRow], lead: Sequence[str], months: MonthOrder) -> None:
    """Write the month sheets of an export, each with the lines `lead` of its stamp first."""
    write_atomically(path, workbook_bytes(month_sheets(rows, months), lead))
