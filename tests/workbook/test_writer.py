"""Workbooks that are written: finished to look at, and harmless."""

import io

import openpyxl
from openpyxl import Workbook

from fuyuan_desk.workbook.writer import Sheet, workbook_bytes


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_texts_stay_texts_and_formulas_are_none() -> None:
    rows = [["=HYPERLINK(1)", "013800138000", 12.5], ["@x", "+8613812345678", None], ["a\x07b", "-1", ""]]
    sheet = opened(workbook_bytes([Sheet("名册", ["姓名", "电话", "面积"], rows)], ())).worksheets[0]
    cells = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert cells[0] == [("=HYPERLINK(1)", "s"), ("013800138000", "s"), (12.5, "n")]
    assert [cell[1] for cell in (cells[1][0], cells[1][1], cells[2][1])] == ["s", "s", "s"]
    assert (cells[2][0][0], cells[2][2][0]) == ("ab", None)
    assert sheet["A2"].quotePrefix
    assert not sheet["B2"].quotePrefix


def test_the_header_stays_and_filters() -> None:
    sheet = opened(
        workbook_bytes([Sheet("名册", ["姓\n名", "=地址"], [["张三", "南昌路168弄4号甲亭子间"]])], ())
    ).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B2")
    assert (sheet["A1"].value, sheet["A1"].font.bold, sheet["B1"].data_type) == ("姓 名", True, "s")
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width


def test_names_of_sheets_are_made_to_fit() -> None:
    long = "名" * 40
    book = opened(workbook_bytes([Sheet(name, ["a"], []) for name in ("1/2", "1?2", long, long, "")], ()))
    assert book.sheetnames == ["1 2", "1 2 2", "名" * 31, "名" * 27 + " 2", "Sheet"]


def test_the_first_lines_say_what_the_list_is_for() -> None:
    lead = ("用途：核对", "=1+1")
    sheet = opened(workbook_bytes([Sheet("名册", ["姓名", "电话"], [["张三", "1"]])], lead)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows()] == ["用途：核对", "=1+1", "姓名", "张三"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A3"].font.bold
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:B4")
