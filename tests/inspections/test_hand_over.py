"""The list that goes out with the sheets of a person."""

from dataclasses import replace
from datetime import date

from fuyuan_desk.inspections.sheets import Duty, InspectionSheet, inspection_sheets
from tests.inspections.test_sheets import ESTATE, MADE, OFFICE
from tests.paper import pdf

MONDAY, THURSDAY = date(2026, 3, 2), date(2026, 3, 5)


def sheet(number: int, lead: str, day: date = MONDAY, serial: int = 1) -> InspectionSheet:
    duty = Duty(lead, day, date(2026, 3, 6), "小区巡查表", serial)
    return replace(ESTATE, number=f"XCB-2026-{number:06d}", subject=f"南昌路168弄　{number}号", duty=duty)


def test_the_sheets_of_each_person_follow_a_list_of_them() -> None:
    sheets = [sheet(1, "何斌"), sheet(2, "何斌", THURSDAY), sheet(3, "史国强")]
    paper = inspection_sheets(sheets, OFFICE, MADE, None, True)
    titles = ["交接单" in pdf.flat(paper, page) for page in range(1, paper.pages + 1)]
    assert titles == [True, False, False, True, False]
    first = pdf.flat(paper, 1)
    for text in (
        "领表人：何斌", "共2张", "2026-03-02至2026-03-05", "XCB-2026-000001", "XCB-2026-000002", "3-05（3-06）",
        "发表人（签名）", "收表人（签名）", OFFICE,
    ):  # fmt: skip
        assert text in first
    assert "XCB-2026-000003" not in first
    assert "计划日期：2026-03-02打印日期" in pdf.flat(paper, 4), "one day is named once"


def test_a_sheet_says_for_whom_and_when_and_stays_one_page() -> None:
    paper = inspection_sheets([sheet(1, "何斌", serial=2)], OFFICE, MADE)
    assert paper.pages == 1
    assert "何斌2026年3月2日（最迟3月6日）当日第2次" in pdf.flat(paper, 1)


def test_a_long_list_goes_on_under_its_heading_and_is_signed_once() -> None:
    paper = inspection_sheets([sheet(number, "何斌") for number in range(1, 61)], OFFICE, MADE, None, True)
    lists = [page for page in range(1, 5) if "交接单" in pdf.flat(paper, page)]
    assert lists == [1, 2, 3]
    assert all("领表签名" in pdf.flat(paper, page) for page in lists[:2])
    assert [("发表人" in pdf.flat(paper, page)) for page in lists] == [False, False, True]


def test_what_has_no_number_yet_says_so() -> None:
    paper = inspection_sheets([replace(sheet(1, ""), number="")], OFFICE, MADE, None, True)
    text = pdf.flat(paper, 1)
    assert "打印时编号" in text
    assert "领表人：＿＿" in text
