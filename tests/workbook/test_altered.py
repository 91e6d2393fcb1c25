"""Cells that do not hold as they stand: errors of Excel, and text that is struck through."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from fuyuan_desk.core.progress import Progress
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.workbook.parser import parse
from fuyuan_desk.workbook.reader import Workbook, assemble
from tests.fire import bombs

STRUCK = Font(strike=True)
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
ROWS = (
    ("楼号", "室号", "户主", "电话", "备注"),
    ("1号", "101", "周德兴", "13816100101", "独居"),
    ("1号", "102", "周德旺", "13816100102", ""),
    ("1号", "103", "周德发", "13816100103", "与女儿同住"),
)


def written(change: Callable[[Worksheet], None]) -> bytes:
    book = Book()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(raw: bytes) -> Workbook:
    return assemble(Path("名册.xlsx"), parse("名册.xlsx", raw), Progress())


def draft(raw: bytes) -> RosterDraft:
    return understand(read(raw), "福元小区")


def strike_row(sheet: Worksheet) -> None:
    for cell in sheet[3]:
        cell.font = STRUCK


def test_a_row_that_is_struck_through_is_not_imported_but_kept_to_be_looked_at() -> None:
    found = draft(written(strike_row))
    assert [(row.name, bool(row.fault)) for row in found.rows] == [
        ("周德兴", False), ("周德旺", True), ("周德发", False),
    ]  # fmt: skip
    [told] = [one for one in found.problems if "struck through" in one.message]
    assert (told.row, told.severity) == (3, "error")


def test_a_struck_cell_is_left_out_and_told() -> None:
    def strike(sheet: Worksheet) -> None:
        sheet["D2"].font = STRUCK

    found = draft(written(strike))
    assert found.rows[0].phones == ()
    [told] = [one for one in found.problems if "struck through" in one.message]
    assert (told.row, told.column, told.is_lost) == (2, "D", True)


def in_runs(raw: bytes, text: str, runs: str) -> bytes:
    """Return a workbook with a cell's text as shared rich text, as Excel writes it."""

    def change(name: str, content: bytes) -> bytes:
        if name == SHEET:
            inline = f'<c r="E2" t="inlineStr"><is><t>{text}</t></is></c>'.encode()
            assert inline in content
            return content.replace(inline, b'<c r="E2" t="s"><v>0</v></c>')
        return content

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{main}" count="1" uniqueCount="1"><si>{runs}</si></sst>'
    return bombs.rezipped(change, {STRINGS: strings.encode()}, raw)


def test_the_struck_part_of_a_text_is_left_out_and_told() -> None:
    runs = "<r><rPr><strike/></rPr><t>独居</t></r><r><t>与女儿同住</t></r>"
    found = draft(in_runs(written(lambda sheet: None), "独居", runs))
    assert found.rows[0].remarks == "与女儿同住"
    [told] = [one for one in found.problems if "struck through" in one.message]
    assert (told.row, told.column) == (2, "E")


def test_a_text_of_which_every_part_is_struck_is_struck_as_a_whole() -> None:
    raw = in_runs(written(lambda sheet: None), "独居", "<r><rPr><strike/></rPr><t>独居</t></r>")
    [sheet] = read(raw).sheets
    assert (sheet.rows[1][4], sheet.marks.struck) == ("", {(1, 4): "独居"})


@pytest.mark.parametrize("value", ["0", "false"])
def test_a_strike_that_is_switched_off_is_none(value: str) -> None:
    runs = f'<r><rPr><strike val="{value}"/></rPr><t>独居</t></r>'
    book = read(in_runs(written(lambda sheet: None), "独居", runs))
    assert book.sheets[0].rows[1][4] == "独居"
    assert not any(book.sheets[0].marks)


def test_an_error_of_excel_is_what_excel_shows() -> None:
    def err(sheet: Worksheet) -> None:
        for place, text in (("C2", "#N/A"), ("D3", "#REF!")):
            sheet[place].value, sheet[place].data_type = text, "e"

    found = draft(written(err))
    assert [bool(row.fault) for row in found.rows] == [True, False, False]
    assert {one.value for one in found.problems} >= {"#N/A", "#REF!"}
