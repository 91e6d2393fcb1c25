"""Titles that may head other things, too, are those of rooms and names where the cells are: 房屋, 老人, 称呼."""

import pytest

from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, summary_of, told

ESTATE = "福元小区"
ROOM_TITLES = [
    "房产编号",
    "房屋",
    "房屋信息",
    "房产信息",
    "单元室",
    "住房单元",
    "房子",
    "住房",
    "户址",
    "房屋编码",
]
NAME_TITLES = [
    "称呼",
    "现住人",
    "关爱对象",
    "老人",
    "独居老人",
    "服务对象",
    "慰问对象",
    "现住户",
    "受访人",
    "老人（必填）",
]


@pytest.mark.parametrize("title", ROOM_TITLES)
@pytest.mark.parametrize(
    ("first", "second"),
    [("1-101", "1-102"), ("1号101室", "1号102室"), ("南昌路1弄1号101室", "南昌路1弄1号102室")],
)
def test_a_title_of_rooms(title: str, first: str, second: str) -> None:
    rows: list[list[Cell]] = [[title, "姓名", "电话"], [first, "张三", "13916110101"], [second, "李四", ""]]
    roster = draft(rows, estate=ESTATE)
    assert [(row.building.rstrip("号楼"), row.unit, row.name) for row in roster.rows] == [
        ("1", "101室", "张三"), ("1", "102室", "李四"),
    ]  # fmt: skip
    assert roster.confirmed
    assert not told(roster)


@pytest.mark.parametrize("title", NAME_TITLES)
def test_a_title_of_names(title: str) -> None:
    rows: list[list[Cell]] = [
        ["楼号", "室号", title, "电话"],
        ["1", "101", "张三", ""],
        ["1", "102", "李四", ""],
    ]
    roster = draft(rows, estate=ESTATE)
    assert summary_of(roster) == [("1号楼", "101室", "张三"), ("1号楼", "102室", "李四")]
    assert roster.confirmed
    assert not told(roster)


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("房屋", ["公房", "商品房"]),
        ("房屋信息", ["两室一厅", "一室"]),
        ("房产编号", ["FY000123", "FY000124"]),
        ("住房", ["56.5", "48.2"]),
    ],
)
def test_the_same_title_above_something_else(title: str, cells: list[str]) -> None:
    rows: list[list[Cell]] = [["楼号", title, "姓名"], ["1", cells[0], "张三"], ["1", cells[1], "李四"]]
    roster = draft(rows, estate=ESTATE)
    assert not any(
        column.field in ("unit", "address") and not column.guessed for column in roster.tables[0].columns
    )


def test_bare_numbers_below_a_title_of_codes_are_asked_about() -> None:
    rows: list[list[Cell]] = [["房产编号", "姓名", "电话"], ["1001", "张三", ""], ["1007", "李四", ""]]
    assert not draft(rows, estate=ESTATE).confirmed


@pytest.mark.parametrize("title", ["老人", "相关情况"])
def test_a_list_of_some_people(title: str) -> None:
    rows: list[list[Cell]] = [["楼号", "室号", title], ["1", "101", "张三"], ["1", "102", "李四"]]
    roster = draft(rows, estate=ESTATE)
    assert roster.of_some == ("老人" if title == "老人" else "")
    assert roster.confirmed == (title == "老人")


def test_a_title_that_is_sure_comes_first() -> None:
    rows: list[list[Cell]] = [["室号", "房屋", "姓名", "老人"], ["1-101", "1-102", "张三", "李四"]]
    [row] = draft([*rows, ["1-103", "1-104", "王五", "赵大"]], estate=ESTATE).rows[:1]
    assert (row.unit, row.name) == ("101室", "张三")
