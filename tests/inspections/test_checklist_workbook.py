"""A checklist written to Excel is read back word for word, and what is not understood is told with its row."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.inspections.catalogue import checklists, workbook_columns
from fuyuan_desk.inspections.rules.answers import AnswerKind, ItemSeverity, PhotoNeed
from fuyuan_desk.inspections.rules.checklists import (
    MOST_ITEMS,
    TypedItem,
    item_faults,
    read_item,
    tidied,
    type_item,
)
from fuyuan_desk.inspections.workbook import (
    ReadChecklist,
    checklist_in,
    checklist_sheet,
    read_checklist,
    told,
    write_checklist,
)
from fuyuan_desk.workbook import parser
from fuyuan_desk.workbook.reader import assemble
from fuyuan_desk.workbook.writer import Sheet, Value, workbook_bytes

LEAD = ("用途：核对", "接收方：街道办事处", "导出：管理员", "个人信息：无", "用后销毁")
REFS = ("FIRE§28", "110§5(1)", "EXP§小区巡查")


def is_known(ref: str) -> bool:
    return ref in REFS


def read(raw: bytes, known: tuple[TypedItem, ...] = ()) -> ReadChecklist:
    """Read a file in this process; that the sandbox does the same is tried once below."""
    pieces = parser.parse("检查表.xlsx", raw, "", False)
    numbers = count(1)
    book = assemble(Path("检查表.xlsx"), pieces, Progress())
    return checklist_in(book, known, lambda: f"new{next(numbers)}", is_known)


WORD = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20)
CHOICE = WORD.map(lambda text: text.replace("；", "、").replace(";", "、"))


@st.composite
def good_items(draw: st.DrawFn) -> TypedItem:
    """Items without faults, with whatever characters a clerk may use."""
    kind = draw(st.sampled_from(AnswerKind))
    item = TypedItem(
        "", draw(WORD), draw(WORD), " ".join(draw(st.lists(st.sampled_from(REFS), unique=True))), kind.value,
        photo=draw(st.sampled_from(PhotoNeed)).value, severity=draw(st.sampled_from(ItemSeverity)).value,
        mandatory=draw(st.booleans()), group_en=draw(WORD), text_en=draw(WORD | st.just("")),
        needs=draw(st.sampled_from(["", *(one.value for one in Equipment)])), unsure=draw(WORD | st.just("")),
    )  # fmt: skip
    if kind is AnswerKind.NUMBER:
        low, high = sorted(draw(st.tuples(*[st.decimals(-999, 999, places=2)] * 2)))
        item = replace(item, unit=draw(CHOICE)[:12], low=f"{low}", high=f"{high}")
    if kind is AnswerKind.CHOICE:
        choices = draw(st.lists(CHOICE, unique=True, min_size=2, max_size=4))
        item = replace(item, choices="；".join(choices), passing=choices[0])
    return tidied(item)


@settings(max_examples=60, deadline=None)
@given(st.lists(good_items(), min_size=1, max_size=5))
def test_what_is_written_is_read_back(items: list[TypedItem]) -> None:
    items = [replace(item, key=f"k{n}") for n, item in enumerate(items)]
    if item_faults(items, is_known):  # two worded alike, or a choice of blanks alone
        return
    assert read(workbook_bytes([checklist_sheet(items)], LEAD)) == ReadChecklist(tuple(items))


def test_the_sandbox_reads_what_was_written(tmp_path: Path) -> None:
    shipped = tuple(type_item(item) for item in checklists()[0].items)
    path = tmp_path / "检查表.xlsx"
    write_checklist(path, shipped, LEAD)
    assert read_checklist(path, (), lambda: "", lambda _ref: True).items == shipped


def rows(*values: dict[str, Value]) -> bytes:
    """Make a file by hand, as somebody types it in Excel: the usual columns, numbers as numbers."""
    names = [column.name for column in workbook_columns().columns[:12]]
    return workbook_bytes([Sheet("表", names, [[row.get(name) for name in names] for row in values])], ())


GOOD: dict[str, Value] = {"分组": "消防", "项目": "灭火器压力", "答案类型": "数值", "下限": 1, "上限": 1.4}


def test_a_file_made_by_hand_needs_no_keys() -> None:
    known = (TypedItem("pressure", "消防", "灭火器压力"),)
    found = read(rows(GOOD, {**GOOD, "项目": "𬭼字号门牌", "需照片": "是"}), known)
    assert found.faults == ()
    assert [(item.key, item.low, item.high, item.photo) for item in found.items] == [
        ("pressure", "1", "1.4", "never"),
        ("new1", "1", "1.4", "always"),
    ]


@pytest.mark.parametrize(
    ("wrong", "column", "sentence"),
    [
        ({"答案类型": "随便"}, "答案类型", "合格/不合格/不适用"),
        ({"严重程度": "很急"}, "严重程度", "急修"),
        ({"必查": "大概"}, "必查", "是"),
        ({"项目": ""}, "项目", "what is to be checked"),
        ({"下限": "高"}, "下限", "0.35"),
        ({"下限": 2}, "上限", "Exchange"),
        ({"依据": "某法§1"}, "依据", "某法§1"),
        ({"单位": "单" * 50}, "单位", "12"),
        ({"下限": 1e-9}, "下限", "0.35"),
    ],
)
def test_a_row_that_is_not_understood_is_told_and_nothing_imported(
    wrong: dict[str, Value], column: str, sentence: str
) -> None:
    found = read(rows({**GOOD, "项目": "别的"}, {**GOOD, **wrong}))
    assert found.items == ()
    [fault] = found.faults
    assert (fault.row, fault.column) == (3, column)
    assert sentence in fault.message
    assert told(found.faults).startswith(f"Row 3 {column}: ")


def test_a_copied_row_says_what_becomes_of_its_code() -> None:
    items = [TypedItem("a", "消防", "灭火器压力"), TypedItem("a", "消防", "灭火器箱")]
    [fault] = read(workbook_bytes([checklist_sheet(items)], ())).faults
    assert (fault.row, fault.column) == (3, "项目代号")
    assert "Clear it" in fault.message


def test_a_clause_counts_once_and_a_sum_is_read_as_it_is_shown() -> None:
    [item] = read(rows({**GOOD, "依据": "FIRE§28 FIRE§28", "下限": 0.1 + 0.2, "上限": 2.0})).items
    assert (read_item(item).clauses, item.low) == (("FIRE§28",), "0.3")


def test_many_faults_are_counted_and_long_lists_refused() -> None:
    many = [{**GOOD, "项目": f"第{n}项", "答案类型": "？"} for n in range(30)]
    assert told(read(rows(*many)).faults).endswith("and 10 more")
    long = [{**GOOD, "项目": f"第{n}项"} for n in range(MOST_ITEMS + 1)]
    [fault] = read(rows(*long)).faults
    assert (fault.row, told([fault])) == (0, fault.message)
    assert [fault.row for fault in read(rows()).faults] == [0]


def test_an_excel_file_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidInput, match="is no checklist"):
        read(workbook_bytes([Sheet("名册", ["室号", "户主"], [["101", "某甲"]])], ()))
