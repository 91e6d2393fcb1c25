"""Rows that head a part of the list: entrances, parts of a house without a number, and what is only told."""

import pytest

from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, summary_of, told

HEADER: list[Cell] = ["室号", "姓名", "电话"]


def read(first: str, second: str) -> list[tuple[str, str, str]]:
    """Return building, entrance with room, and holder below two such rows in 2号楼."""
    rows: list[list[Cell]] = [["2号楼住户表", "", ""], HEADER]
    for section, name in ((first, "王芳"), (second, "李新")):
        rows += [[section, "", ""], ["101", name, ""]]
    return summary_of(draft(rows, estate="福元小区"))


@pytest.mark.parametrize(
    "written",
    [
        "{}单元",
        "第{}单元",
        "【{}单元】",
        "——{}单元——",
        "{}单元：",
        "（{}单元）",
        "第{}单元：",
        "[第{}单元]",
        "--- {}单元 ---",
    ],
)
@pytest.mark.parametrize(("first", "second"), [("1", "2"), ("一", "二"), ("甲", "乙"), ("东", "西")])
def test_an_entrance_in_any_dress_is_one(written: str, first: str, second: str) -> None:
    entrances = [f"{one}单元".replace("一", "1").replace("二", "2") for one in (first, second)]

    assert read(written.format(first), written.format(second)) == [
        ("2号楼", f"{entrances[0]}101室", "王芳"),
        ("2号楼", f"{entrances[1]}101室", "李新"),
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("东块", "西块"), ("前幢", "后幢"), ("【东侧】", "【西侧】"), ("南排：", "北排：")]
)
def test_parts_without_a_number_keep_their_rooms_apart(first: str, second: str) -> None:
    assert read(first, second) == [
        ("2号楼", f"{first.strip('【】：')}101室", "王芳"),
        ("2号楼", f"{second.strip('【】：')}101室", "李新"),
    ]


@pytest.mark.parametrize("text", ["东首", "其余", "出租户："])
def test_a_short_row_of_unknown_kind_is_told(text: str) -> None:
    roster = draft(
        [["2号楼住户表", "", ""], HEADER, ["101", "王芳", ""], [text, "", ""], ["102", "李新", ""]]
    )

    assert (4, "A") in told(roster)


@pytest.mark.parametrize("room", ["前楼", "后间", "东厢房", "亭子间"])
def test_a_room_without_a_holder_is_no_section(room: str) -> None:
    roster = draft([["南昌路168弄2号住户表", "", ""], HEADER, [room, "", ""], ["三层阁", "李新", ""]])

    assert [(row.unit, row.name) for row in roster.rows] == [(room, ""), ("三层阁", "李新")]
