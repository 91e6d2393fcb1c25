"""Colours and comments become columns and tags; hidden parts and pictures are told."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from fuyuan_desk.core.progress import Progress
from fuyuan_desk.roster.reading.extras import fill_name
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.rows import INFO, WARNING
from fuyuan_desk.workbook.parser import parse
from fuyuan_desk.workbook.reader import assemble

HEADER = ("门牌号", "室号", "姓名", "联系电话", "备注")
ROWS = [
    (f"{number // 4 + 1}号", f"{number % 4 + 1}01", f"张三{'甲乙丙丁'[number % 4]}", "", "")
    for number in range(10)
]


def drafted(
    change: Callable[[Worksheet], None],
    mapping: dict[int, str] | None = None,
    rows: list[tuple[str, ...]] = ROWS,
    hidden: bool = False,
    header: tuple[str, ...] = HEADER,
) -> RosterDraft:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名册"
    for row in (header, *rows):
        sheet.append(row)
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    workbook = assemble(Path("名册.xlsx"), parse("名册.xlsx", out.getvalue(), hidden=hidden), Progress())
    return understand(workbook, "福元小区", {"名册": mapping} if mapping else None)


def paint(sheet: Worksheet, colour: str, *rows: int) -> None:
    for row in rows:
        sheet.cell(row, 3).fill = PatternFill("solid", fgColor=colour)


def told(draft: RosterDraft) -> list[tuple[str, int, str, str]]:
    return [(one.severity, one.row, one.column, one.message) for one in draft.problems]


def test_a_colour_is_a_column_of_its_own_added_to_the_remarks() -> None:
    def mark(sheet: Worksheet) -> None:
        paint(sheet, "FFFF00", 3, 4)
        paint(sheet, "FF0000", 6)

    draft = drafted(mark)
    assert {row.row: row.remarks for row in draft.rows if row.remarks} == {
        3: "黄底：是", 4: "黄底：是", 6: "红底：是",
    }  # fmt: skip
    assert [column.title for column in draft.tables[0].columns[5:]] == ["黄底", "红底"]
    words = "2 rows are marked by colour (黄底). Choose “Tag” for this column to make it a tag."
    assert (INFO, 1, "F", words) in told(draft)


def test_a_column_of_a_colour_becomes_a_tag_when_the_clerk_says_so() -> None:
    draft = drafted(lambda sheet: paint(sheet, "FFFF00", 3, 4), {5: "tag"})
    assert {row.row: row.tags for row in draft.rows if row.tags} == {3: ("黄底",), 4: ("黄底",)}
    assert not any(row.remarks for row in draft.rows)


def test_a_column_of_tags_is_recognised_and_its_words_are_parted() -> None:
    rows = [("1号", f"10{n}", "张三", text) for n, text in enumerate(("独居、残疾", "", "独居", "无", "是"))]
    draft = drafted(lambda _sheet: None, rows=rows, header=("门牌号", "室号", "姓名", "标签"))
    assert [row.tags for row in draft.rows] == [("独居", "残疾"), (), ("独居",), (), ("标签",)]


@pytest.mark.parametrize("rows", [range(2, 12), range(2, 12, 2), range(3, 12, 2)])
def test_a_colour_of_every_row_or_every_second_is_decoration(rows: range) -> None:
    draft = drafted(lambda sheet: paint(sheet, "DDEBF7", *rows))
    assert not any(row.remarks for row in draft.rows)
    assert any("decoration" in one.message for one in draft.problems)


def test_a_coloured_header_is_no_mark() -> None:
    draft = drafted(lambda sheet: paint(sheet, "4472C4", 1))
    assert draft.problems == drafted(lambda _sheet: None).problems


def test_marks_belong_to_the_table_whose_cell_they_are_on() -> None:
    header = (*HEADER[:3], "", *HEADER[:3])
    rows = [(f"{n}号", "101", "张三", "", f"{n + 20}号", "101", "李四") for n in range(1, 5)]

    def mark(sheet: Worksheet) -> None:
        paint(sheet, "FFFF00", 3)
        sheet["G4"].fill = PatternFill("solid", fgColor="FFFF00")
        sheet["I5"].fill = PatternFill("solid", fgColor="FF0000")
        sheet["F5"].comment = Comment("已搬走", "李")

    draft = drafted(mark, rows=rows, header=header)
    assert {(row.row, row.name): row.remarks for row in draft.rows if row.remarks} == {
        (3, "张三"): "黄底：是", (4, "李四"): "黄底：是", (5, "李四"): "批注：室号：已搬走",
    }  # fmt: skip


def test_comments_are_a_column_named_by_what_they_are_about() -> None:
    def note(sheet: Worksheet) -> None:
        sheet["C3"].comment = Comment("李:\n已搬走", "李")
        sheet["D3"].comment = Comment("停机", "李")
        sheet["C1"].comment = Comment("户主的姓名", "李")

    draft = drafted(note)
    assert {row.row: row.remarks for row in draft.rows if row.remarks} == {
        3: "批注：姓名：已搬走；联系电话：停机"
    }
    words = "A comment outside the rows of households was not imported: 户主的姓名"
    assert (INFO, 1, "C", words) in told(draft)


def test_hidden_columns_and_rows_are_read_with_a_warning() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions.group("C", "D", hidden=True)
        sheet.column_dimensions.group("Z", "AZ", hidden=True)
        for row in (5, 6, 9, 40):
            sheet.row_dimensions[row].hidden = True

    draft = drafted(hide)
    assert len(draft.rows) == 10
    assert told(draft) == [
        (WARNING, 1, "C", "These columns are hidden in the file; they were read: C, D"),
        (WARNING, 5, "", "These rows are hidden in the file; they were read: 5–6, 9"),
    ]


@pytest.mark.parametrize("hidden", [False, True])
def test_a_hidden_sheet_is_told_whether_it_is_read(hidden: bool) -> None:
    def add(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        other = sheet.parent.create_sheet("老表")
        for row in (HEADER, ("9号", "901", "李四", "", "")):
            other.append(row)
        other.sheet_state = "hidden"

    draft = drafted(add, hidden=hidden)
    assert len(draft.rows) == (11 if hidden else 10)
    [(severity, _row, _column, message)] = told(draft)
    assert (severity, "was read" in message) == (WARNING, True) if hidden else (INFO, False)


@given(st.sampled_from(range(256)), st.sampled_from(range(256)), st.sampled_from(range(256)))
def test_every_colour_has_a_name(red: int, green: int, blue: int) -> None:
    assert fill_name(f"{red:02X}{green:02X}{blue:02X}").endswith("底")


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("FFFF00", "黄底"), ("FFF000", "黄底"), ("FF0000", "红底"), ("E00010", "红底"), ("92D050", "绿底"),
        ("00B0F0", "蓝底"), ("FFC000", "橙底"), ("7030A0", "紫底"), ("C8C8C8", "灰底"), ("DCE6F1", "蓝底"),
        ("FDE9D9", "橙底"), ("EBF1DE", "绿底"), ("FFC7CE", "粉底"), ("101010", "黑底"),
    ],
)  # fmt: skip
def test_a_colour_is_called_as_clerks_call_it(colour: str, name: str) -> None:
    assert fill_name(colour) == name
