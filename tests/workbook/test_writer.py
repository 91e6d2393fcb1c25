"""Written workbooks: their format, and that no cell is active."""

import ast
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from fuyuan_desk.workbook.writer import Sheet, workbook_bytes
from tests.sources import PACKAGE, trees


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


# ---- no cell acts ----

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", " =1", "\t=1", "\r=1", "\n=1", "\u3000=1", "\ufeff=1",
    "=cmd|' /C calc'!A0", "@SUM(1+9)*cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "\tx", "-", "=",
]  # fmt: skip


def sheet_parts(content: bytes) -> str:
    """Return the XML of all sheets."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")
        )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_begins_like_a_formula_is_none_anywhere(text: str) -> None:
    content = workbook_bytes([Sheet(text, [text, "b"], [[text, 1], ["x", text]])], (text,))
    assert "<f" not in sheet_parts(content)
    sheet = opened(content).worksheets[0]
    for cell in (sheet["A1"], sheet["A2"], sheet["A3"], sheet["B4"]):
        assert (cell.data_type, cell.quotePrefix) == ("s", True) or cell.coordinate == "A2"
    assert sheet["A2"].data_type == "s"
    assert sheet["A3"].value == text.replace("\r", "\n") or sheet["A3"].value == text


@given(
    st.lists(
        st.one_of(st.text(st.characters(), max_size=40), st.floats(), st.none(), st.booleans()), min_size=1
    )
)
def test_whatever_is_written_is_read_back_without_a_formula(row: list[str | float | bool | None]) -> None:
    text = next((value for value in row if isinstance(value, str)), "x")
    content = workbook_bytes([Sheet(text, [text] * len(row), [row])], (text,))
    xml = sheet_parts(content)
    assert not re.search(r"<f[ >/]", xml)
    cells = [cell for line in opened(content).worksheets[0].iter_rows() for cell in line]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "'", "History", "=1", "𠮷" * 40, "a'" * 20, " "])
def test_any_name_of_a_sheet_is_made_fit(name: str) -> None:
    titles = opened(workbook_bytes([Sheet(name, ["a"], []), Sheet(name, ["a"], [])], ())).sheetnames
    assert len({title.lower() for title in titles}) == 2
    for title in titles:
        assert 0 < len(title.encode("utf-16-le")) <= 62
        assert not title.startswith("'")
        assert not title.endswith("'")


WRITERS = {"openpyxl", "xlsxwriter", "xlwt", "odf", "pandas"}
CSV_WRITERS = {"writer", "DictWriter"}


def writes_past(node: ast.AST) -> bool:
    """Return whether source code uses a module that writes workbooks or CSV."""
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] in WRITERS for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        module = (node.module or "").partition(".")[0]
        return module in WRITERS or (
            module == "csv" and any(alias.name in CSV_WRITERS for alias in node.names)
        )
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id == "csv" and node.attr in CSV_WRITERS)
    )


def test_nobody_writes_workbooks_or_csv_past_this_writer() -> None:
    past = {
        path.relative_to(PACKAGE).as_posix()
        for path, tree in trees().items()
        if any(map(writes_past, ast.walk(tree)))
    }
    assert past == {"workbook/writer.py", "workbook/packing.py"}
