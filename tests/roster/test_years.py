"""Sheets of one workbook that are the same list of several years."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.years import Dated, dated
from fuyuan_desk.workbook.reader import read_workbook

HEADER = ("小区", "楼栋", "室号", "业主", "电话")


def read(tmp_path: Path, sheets: dict[str, list[tuple[str, str]]]) -> RosterDraft:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, homes in sheets.items():
        sheet = workbook.create_sheet(name)
        sheet.append(HEADER)
        for room, holder in homes:
            sheet.append(("福元小区", "1号", room, holder, ""))
    workbook.save(tmp_path / "名册.xlsx")
    return understand(read_workbook(tmp_path / "名册.xlsx"))


OLD = [("101室", "丁华"), ("102室", "李新"), ("103室", "王五")]
NEW = [("101室", "丁华"), ("102室", "赵敏"), ("103室", "王五"), ("104室", "何平")]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2025年", "2026年"),
        ("2025", "2026"),
        ("住户名册2025年度", "住户名册2026年度"),
        ("2026年3月", "2026年11月"),
        ("2025.12", "2026.01"),
    ],
)
@pytest.mark.parametrize("is_newest_first", [True, False])
def test_the_newest_of_several_years_is_read(
    tmp_path: Path, older: str, newer: str, is_newest_first: bool
) -> None:
    sheets = {newer: NEW, older: OLD} if is_newest_first else {older: OLD, newer: NEW}
    draft = read(tmp_path, sheets)
    assert [(row.unit, row.name) for row in draft.rows] == NEW
    [told] = [problem for problem in draft.problems if problem.sheet == older]
    assert f"on sheet {newer}" in told.message


@pytest.mark.parametrize(
    ("one", "other"),
    [("2025年新增", "2026年新增"), ("2025年", "租户"), ("2025年业主", "2026年租户"), ("1号", "2号")],
)
def test_sheets_of_other_homes_stay(tmp_path: Path, one: str, other: str) -> None:
    draft = read(tmp_path, {one: OLD, other: [("201室", "何平"), ("202室", "赵敏")]})
    assert len(draft.rows) == 5


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("2026年", Dated("", 2026, 0)),
        ("2026 年度 名册", Dated("名册", 2026, 0)),
        ("名册2026.3", Dated("名册", 2026, 3)),
        ("2026-11月业主", Dated("业主", 2026, 11)),
        ("2025-2026", None),
        ("南昌路168弄", None),
        ("20261", None),
    ],
)
def test_the_year_in_the_name_of_a_sheet(sheet: str, expected: Dated | None) -> None:
    assert dated(sheet) == expected
