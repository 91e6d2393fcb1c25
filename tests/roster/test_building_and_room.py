"""Building and room in one cell: any dash, several homes, the own lane; rows without a building are told."""

import pytest

from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, summary_of, told

ESTATE = "福元小区"


@pytest.mark.parametrize(
    ("cell", "building", "unit"),
    [
        ("7-302", "7号楼", "302室"),
        ("7—302", "7号楼", "302室"),
        ("7–302", "7号楼", "302室"),
        ("7－302", "7号楼", "302室"),
        ("7_302", "7号楼", "302室"),
        ("7＿302", "7号楼", "302室"),
        ("7·302", "7号楼", "302室"),
        ("7~302", "7号楼", "302室"),
        ("7～302室", "7号楼", "302室"),
        ("7一302", "7号楼", "302室"),
        ("7 - 302", "7号楼", "302室"),
        ("7 302", "7号楼", "302室"),
        ("1 1201", "1号楼", "1201室"),
        ("7—1—302", "7号楼", "1单元302室"),
        ("7-302（南）", "7号楼", "302室（南）"),
        ("7-301/302", "7号楼", "301/302室"),
        ("7-301、302", "7号楼", "301、302室"),
    ],
)
def test_building_and_room_with_any_dash(cell: str, building: str, unit: str) -> None:
    rows: list[list[Cell]] = [["房号", "户主"], ["8-101", "赵大"], [cell, "钱二"]]
    roster = draft(rows, estate=ESTATE)
    assert summary_of(roster)[1] == (building, unit, "钱二")
    assert not roster.problems


@pytest.mark.parametrize(
    ("cell", "building", "unit"),
    [
        ("1#-2-301", "1号楼", "2单元301室"),
        ("1＃－2－301室", "1号楼", "2单元301室"),
        ("1#2-301", "1号楼", "2单元301室"),
        ("1#2#301", "1号楼", "2单元301室"),
        ("1#/2/301", "1号楼", "2单元301室"),
        ("1#-2单元-301", "1号楼", "2单元301室"),
        ("1#-301", "1号楼", "301室"),
        ("12#-1-1201", "12号楼", "1单元1201室"),
        ("A#-301", "A座", "301室"),
        ("1#楼-2-301", "1号楼", "2单元301室"),
        ("1号楼-2-301", "1号楼", "2单元301室"),
        ("1幢2-301", "1幢", "2单元301室"),
        ("1栋-2-301", "1栋", "2单元301室"),
        ("1#-1", "1号楼", "1室"),
        ("1#-亭子间", "1号楼", "亭子间"),
        ("1#-201-202", "1号楼", "201-202室"),
        ("1#-101/102", "1号楼", "101/102室"),
        ("#301", ESTATE, "301室"),
    ],
)
@pytest.mark.parametrize("title", ["房号", "地址"])
def test_building_entrance_and_room_behind_a_hash(cell: str, building: str, unit: str, title: str) -> None:
    roster = draft([[title, "户主"], ["8#-101", "赵大"], [cell, "钱二"]], estate=ESTATE)
    assert summary_of(roster) == [("8号楼", "101室", "赵大"), (building, unit, "钱二")]
    assert [one.row for one in roster.problems] == ([3] if building == ESTATE else [])


def test_a_room_behind_a_hash_is_in_the_building_of_its_column_or_told() -> None:
    rows: list[list[Cell]] = [
        ["楼栋", "室号", "户主"],
        ["1#", "1#-2-301", "赵大"],
        ["2#", "1#-2-301", "钱二"],
    ]
    roster = draft(rows, estate=ESTATE)
    assert summary_of(roster)[0][1:] == ("2单元301室", "赵大")
    assert told(roster, "warning") == [(3, "B")]


@pytest.mark.parametrize("cell", ["23 01", "101 102", "303", "三零三", "3-2", "7.303", "7、303", "101~105"])
def test_a_row_without_a_building_among_others_is_told(cell: str) -> None:
    rows: list[list[Cell]] = [["房号", "户主"], ["8-101", "赵大"], [cell, "钱二"], ["8-102", "孙三"]]
    roster = draft(rows, estate=ESTATE)
    if roster.rows[1].building == ESTATE:
        assert (3, "A") in told(roster, "warning")
    else:
        assert cell == "101~105"  # the house 101 of a road


@pytest.mark.parametrize("blank", ["?", "-", "不详", "无"])
def test_an_unknown_building_is_not_the_name_of_one(blank: str) -> None:
    rows: list[list[Cell]] = [
        ["楼号", "室号", "户主"],
        ["7", "301", "赵大"],
        [blank, "302", "钱二"],
        ["", "303", "孙三"],
    ]
    roster = draft(rows, estate=ESTATE)
    assert roster.rows[1].building == ESTATE
    assert (3, "A") in told(roster, "warning")


def test_parking_places_without_a_building_are_not_told() -> None:
    rows: list[list[Cell]] = [["楼号", "室号", "户主"], ["", "地下车位12", "赵大"], ["7", "301", "钱二"]]
    assert (2, "A") not in [
        (one.row, one.column) for one in draft(rows, estate=ESTATE).problems if one.field == "building"
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "1-101、1-102", "1-101，1-102", "1-101/1-102", "1-101;1-102", "1-101 1-102", "1-101\n1-102", "1—101、1—102",
        "1号101室、1号102室", "1号楼101和1号楼102",
    ],
)  # fmt: skip
def test_several_homes_in_a_cell(cell: str) -> None:
    rows: list[list[Cell]] = [
        ["序号", "房号", "户主", "电话", "建筑面积", "居住人数"],
        ["1", "2-101", "赵大", "13916110101", "50", "2"],
        ["2", cell, "钱二", "13916110102", "90", "3"],
    ]
    roster = draft(rows, estate=ESTATE)
    first, second = roster.rows[1:]
    assert (first.building, second.building) in [("1号楼", "1号楼"), ("1号", "1号")]
    assert (first.unit, second.unit, first.name, second.name) == ("101室", "102室", "钱二", "钱二")
    assert (first.phones, second.phones) == (("13916110102",), ("13916110102",))
    assert (first.area, second.area, first.people, second.people) == (9000, None, 3, None)
    assert told(roster, "warning") == [(3, "B")]


def test_lines_of_a_household_below_several_homes() -> None:
    rows: list[list[Cell]] = [
        ["序号", "房号", "户主", "备注"],
        ["1", "1-101、1-102", "钱二", "甲"],
        ["2", "1-103、1-104", "孙三", "乙"],
        ["3", "1-201", "李四", "丙"],
    ]
    roster = draft(rows, estate=ESTATE)
    assert [(row.unit, row.name, row.remarks) for row in roster.rows] == [
        ("101室", "钱二", "甲"), ("102室", "钱二", "甲"), ("103室", "孙三", "乙"), ("104室", "孙三", "乙"),
        ("201室", "李四", "丙"),
    ]  # fmt: skip
    assert told(roster, "warning") == [(2, "B"), (3, "B")]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        (["房号"], [["7-303"], ["181弄7-601"], ["181弄8号101"]]),
        (["楼号", "室号"], [["7", "303"], ["181弄7号", "601"], ["181弄8", "101"]]),
        (["地址"], [["7号303室"], ["181弄7号601室"], ["181弄8-101"]]),
    ],
)
@pytest.mark.parametrize("title", ["", "太仓路181弄业主名册"])
def test_the_own_lane_before_the_house(head: list[Cell], cells: list[list[Cell]], title: str) -> None:
    rows: list[list[Cell]] = [*([[title]] if title else []), [*head, "户主"]]
    rows += [[*cell, name] for cell, name in zip(cells, ("赵大", "钱二", "孙三"), strict=True)]
    roster = draft(rows, estate="" if title else "太仓路181弄")
    assert {row.estate for row in roster.rows} == {"太仓路181弄"}
    assert [(row.building.rstrip("号楼"), row.unit) for row in roster.rows] == [
        ("7", "303室"), ("7", "601室"), ("8", "101室"),
    ]  # fmt: skip
    assert not told(roster, "warning")


def test_another_lane_before_the_house_is_told() -> None:
    rows: list[list[Cell]] = [["房号", "户主"], ["7-303", "赵大"], ["182弄7-601", "钱二"]]
    roster = draft(rows, estate="太仓路181弄")
    assert summary_of(roster) == [("7号楼", "303室", "赵大"), ("182弄7号", "601室", "钱二")]
    assert told(roster, "warning") == [(3, "A")]
