"""One room written otherwise – 0102, 302（出租） – is one home; what is noted behind it goes to the remarks."""

import pytest

from fuyuan_desk.roster.reading.cells import canonical_unit, state_of_room
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, plan, told

ESTATE = "福元小区"


@pytest.mark.parametrize(
    ("text", "room", "state"),
    [
        ("302（出租）", "302", "出租"),
        ("302(空关)", "302", "空关"),
        ("302室（自住）", "302室", "自住"),
        ("302 （楼组长）", "302", "楼组长"),
        ("302出租", "302", "出租"),
        ("302室 空关", "302室", "空关"),
        ("302-出租", "302", "出租"),
        ("8号302（租）", "8号302", "租"),
        ("前楼（空关）", "前楼", "空关"),
        # a part of the room
        ("302（南）", "302（南）", ""),
        ("302（前）", "302（前）", ""),
        ("302（原301）", "302（原301）", ""),
        ("302前楼", "302前楼", ""),
        ("302室", "302室", ""),
        ("101仓库", "101仓库", ""),
        ("101（办公）", "101（办公）", ""),
        ("三层阁", "三层阁", ""),
        ("空关", "空关", ""),
        ("（出租）", "（出租）", ""),
    ],
)
def test_what_is_noted_behind_a_room(text: str, room: str, state: str) -> None:
    assert state_of_room(text) == (room, state)


@pytest.mark.parametrize(
    ("one", "other"), [("302室", "302室（出租）"), ("前楼", "前楼（空关）"), ("302", "302室(楼组长)")]
)
def test_two_spellings_of_a_room(one: str, other: str) -> None:
    assert canonical_unit(one) == canonical_unit(other)


def test_a_part_of_a_room_is_another_home() -> None:
    assert canonical_unit("302室") != canonical_unit("302室（南）")


@pytest.mark.parametrize("rooms", [["0102", "102"], ["102", "0102"], ["0102室", "102室"]])
def test_zeros_before_a_room_in_two_sheets(rooms: list[str]) -> None:
    sheets = [
        (f"表{room}", [["楼号", "室号", "户主"], ["1", room, "赵大"], ["2", "0201", "钱二"]])
        for room in rooms
    ]
    roster = draft(*sheets, estate=ESTATE)
    assert [row.unit for row in roster.rows] == ["102室", "0201室", "102室", "0201室"]
    assert len(plan(roster).units) == 2


@pytest.mark.parametrize("rooms", [["102", "1002"], ["10", "1"], ["02", "20"]])
def test_two_rooms(rooms: list[str]) -> None:
    roster = draft([["楼号", "室号", "户主"], *(["1", room, "赵大"] for room in rooms)], estate=ESTATE)
    assert len(plan(roster).units) == 2


@pytest.mark.parametrize(("head", "first", "other"), [
    (["楼号", "室号"], ["1", "302"], ["1", "302（出租）"]),
    (["楼号", "室号"], ["1", "0302"], ["1", "302"]),
    (["房号"], ["1-302"], ["1-302（出租）"]),
    (["地址"], ["1号302室"], ["1号302室（出租）"]),
])  # fmt: skip
def test_one_home_in_one_file(head: list[Cell], first: list[Cell], other: list[Cell]) -> None:
    rows: list[list[Cell]] = [
        [*head, "户主", "电话"],
        [*first, "赵大", "13916110101"],
        [*other, "赵大", "13916110101"],
    ]
    roster = draft(rows, estate=ESTATE)
    assert len(plan(roster).units) == 1
    assert roster.rows[1].remarks == ("出租" if "出租" in str(other[-1]) else "")
    assert not told(roster, "error")


def test_a_room_noted_as_empty_is_vacant() -> None:
    rows: list[list[Cell]] = [
        ["楼号", "室号", "户主", "备注"],
        ["1", "302（空关）", "赵大", "甲"],
        ["1", "303", "钱二", ""],
    ]
    first, second = draft(rows, estate=ESTATE).rows
    assert (first.unit, first.vacant, second.vacant) == ("302室", True, False)
    assert first.remarks == "甲；空关"
