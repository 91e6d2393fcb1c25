"""Rosters given as rows in a test, interpreted and planned as by an import."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook as Book

from fuyuan_desk.roster.reading.plan import Known, Plan, plan_import
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.rows import RosterRow
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


def people_of(row: RosterRow) -> list[tuple[str, str, str]]:
    """Return name, relation and share of everybody in a household, the holder first."""
    return [(row.name, "", row.share), *((one.name, one.relation, one.share) for one in row.persons)]


def told(roster: RosterDraft, severity: str = "") -> list[tuple[int, str]]:
    """Return row and column of each problem, or of those of one severity."""
    return [
        (problem.row, problem.column)
        for problem in roster.problems
        if not severity or problem.severity == severity
    ]


HEADER = ("序号", "门牌号", "室号/部位", "户主姓名", "联系电话", "建筑面积", "备注")
ROWS = (
    (1, "1号", "亭子间", "蔡兰刚", "13812345678", 12.4, "独居老人"),
    (2, "1号", "前楼", "姚艳志", "021-62093705/13900001111", 9.8, ""),
    (3, "2号", "灶间", "苏强平", "12345", 34.8, ""),
    (4, "2号", "灶间", "苏强平", "", 34.8, ""),
    (5, "2号", "", "郝明伟", "", 10, ""),
)


def write_roster(
    path: Path, header: tuple[str, ...] | None = HEADER, title: str = "南昌路168弄住户名册"
) -> Path:
    book = Book()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
    if header:
        sheet.append(list(header))
    for row in ROWS:
        sheet.append(list(row))
    book.save(path)
    return path
