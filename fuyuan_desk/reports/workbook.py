"""The month book as an Excel file: a sheet each for the summary, the items, the estates and the months."""

from collections.abc import Sequence
from pathlib import Path

from fuyuan_desk.core.files import write_atomically
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.inspections.rules.figures import VisitFigures
from fuyuan_desk.reports.catalogue import wording
from fuyuan_desk.reports.rules import age_names, estate_rows, item_rows, summary
from fuyuan_desk.workbook.writer import Sheet, Value, workbook_bytes


def figure_sheets(figures: VisitFigures) -> list[Sheet]:
    """Return the sheets, in Chinese as the paper."""
    words = wording()
    tables = words["tables"]
    with in_chinese():
        months = [(f"{month:%Y-%m}", count) for month, count in figures.months.items()]
        ages = list(zip(age_names(), figures.open_ages, strict=True))
        rows: dict[str, Sequence[Sequence[Value]]] = {
            "summary": summary(figures),
            "items": item_rows(figures),
            "estates": estate_rows(figures),
            "months": months,
            "ages": ages,
        }
    return [
        Sheet(tables[name]["title"], tables[name]["columns"], of_sheet) for name, of_sheet in rows.items()
    ]


def write_figures(path: Path, figures: VisitFigures, lead: Sequence[str]) -> None:
    """Write the workbook, each sheet with the lines `lead` of its stamp first."""
    write_atomically(path, workbook_bytes(figure_sheets(figures), lead))
