"""Rosters given as rows in a test, interpreted and planned as by an import."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from fuyuan_desk.roster.reading.plan import Known, Plan, plan_import
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.workbook.parser import Cell, Range
from fuyuan_desk.workbook.reader import Sheet, Workbook

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
Rows = Sequence[list[Cell]]


def draft(
    *sheets: tuple[str, Rows] | Rows,
    merged: Sequence[Range] = (),
    file: str = "导出.xlsx",
    estate: str = "",
    mapping: Mapping[str, Mapping[int, str]] | None = None,
    one_estate: bool = False,
) -> RosterDraft:
    """Interpret sheets given as rows, or as name and rows."""
    named = [sheet if isinstance(sheet, tuple) else ("Sheet1", sheet) for sheet in sheets]
    book = Workbook(Path(file), tuple(Sheet(name, rows, tuple(merged)) for name, rows in named))
    return understand(book, estate, mapping, one_estate=one_estate)


def plan(roster: RosterDraft) -> Plan:
    """Plan the import into an empty store."""
    return plan_import(roster.rows, Known())


def summary_of(roster: RosterDraft) -> list[tuple[str, str, str]]:
    """Return building, unit and holder of every row."""
    return [(row.building, row.entrance + row.unit, row.name) for row in roster.rows]
