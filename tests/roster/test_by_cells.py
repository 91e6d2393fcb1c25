"""Columns whose titles may head counts, codes or categories are what their cells say."""

import pytest

from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import Rows, draft

ROOMS: tuple[Cell, ...] = ("3-301", "3-302", "3-303")
NAMES: tuple[Cell, ...] = ("王建国", "李丽", "赵敏")


def _rows(title: str, cells: tuple[Cell, ...]) -> Rows:
    homes = [list(row) for row in zip(ROOMS, NAMES, cells, strict=True)]
    return [["福元小区业主名册"], ["室号", "姓名", title], *homes]


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("人口类别", ("户籍", "常住", "流动")),
        ("人口类别", ("户在人在", "人户分离", "空挂")),
        ("人口类型", ("常住人口", "流动人口", "境外人员")),
        ("人口性质", ("户籍人口", "流动人口", "户籍人口")),
        ("人口属性", ("户籍", "流动", "常住")),
        ("实有人口类别", ("户籍", "常住", "流动")),
        ("人口", ("户籍", "流动", "常住")),
        ("人口类别", ("A", "", "B")),
        ("常住", ("常住", "流动", "")),
        ("户籍", ("本地", "外地", "上海")),
        ("户籍", ("是", "否", "是")),
        ("常住人口", ("是", "否", "是")),
        ("人口情况", ("户籍2人，流动1人", "常住", "流动")),
    ],
)
def test_a_category_is_no_number_of_people(title: str, cells: tuple[Cell, ...]) -> None:
    roster = draft(_rows(title, cells))
    assert [row.people for row in roster.rows] == [None, None, None]
    assert [row.remarks for row in roster.rows] == [f"{title}：{cell}" if cell else "" for cell in cells]
    assert [(one.row, one.column, one.severity) for one in roster.problems] == [(2, "C", "info")]


@pytest.mark.parametrize("title", ["人口", "户籍", "常住人口", "家庭人数"])
def test_a_number_of_people_is_one_though_a_cell_is_none(title: str) -> None:
    roster = draft(_rows(title, (3, "2人", "流动")))
    assert [row.people for row in roster.rows] == [3, 2, None]
    assert [(one.row, one.column) for one in roster.problems if one.is_lost] == [(5, "C")]


def test_a_category_leaves_the_number_beside_it_alone() -> None:
    rows: Rows = [
        ["室号", "姓名", "常住", "家庭人数"],
        ["3-301", "王建国", "是", 3],
        ["3-302", "李丽", "否", 2],
    ]
    roster = draft(rows, estate="福元小区")
    assert [row.people for row in roster.rows] == [3, 2]
    assert [row.remarks for row in roster.rows] == ["常住：是", "常住：否"]


ADDRESSES = ("南昌路168弄3号301室", "南昌路168弄3号302室", "南昌路168弄4号301室")
CODES: tuple[tuple[Cell, ...], ...] = (
    ("310101-0012-03", "310101-0012-04", "310101-0013-01"),
    ("3101010012003", "3101010012004", "3101010013001"),
    (3101010012003.0, 3101010012004.0, 3101010013001.0),
    ("FY-000031", "FY-000032", "FY-000033"),
)


@pytest.mark.parametrize("codes", CODES)
@pytest.mark.parametrize(
    "title",
    [
        "建筑物编号", "住房单元编号", "楼栋编号", "单元编号", "房屋编码", "房屋编号", "住房编号", "房间编号",
        "楼号", "单元号", "门牌编码",
    ],
)  # fmt: skip
def test_the_address_decides_beside_a_code(title: str, codes: tuple[Cell, ...]) -> None:
    homes = [list(row) for row in zip(codes, ADDRESSES, NAMES, strict=True)]
    roster = draft([[title, "地址", "姓名"], *homes])
    assert [row.building + row.entrance + row.unit for row in roster.rows] == [
        "3号301室",
        "3号302室",
        "4号301室",
    ]
    assert [row.estate for row in roster.rows] == ["南昌路168弄"] * 3
    assert [row.remarks for row in roster.rows] == [
        f"{title}：{code:.0f}" if isinstance(code, float) else f"{title}：{code}" for code in codes
    ]
    assert [(one.row, one.column, one.severity) for one in roster.problems] == [(1, "A", "info")]


@pytest.mark.parametrize(
    ("heads", "row", "place", "remark"),
    [
        # a running number of the building beside its address
        (["建筑物编号", "地址"], [12, "南昌路168弄3号301室"], "3号301室", "建筑物编号：12"),
        (["建筑物编号", "地址", "室号"], [12, "南昌路168弄3号", "301"], "3号301室", "建筑物编号：12"),
        (["建筑物编号", "住房单元编号", "地址"], ["310101-0012", "310101-0012-03", "南昌路168弄3号301室"], "3号301室",
         "建筑物编号：310101-0012；住房单元编号：310101-0012-03"),
        (["住房单元编号", "楼号", "室号"], ["310101-0012-03", "3", "301"], "3号楼301室",
         "住房单元编号：310101-0012-03"),
        # the address names no building, or there is none
        (["建筑物编号", "地址", "室号"], [3, "南昌路168弄", "301"], "3号楼301室", ""),
        (["建筑物编号", "室号"], [3, "301"], "3号楼301室", ""),
        (["建筑物编号", "室号"], ["310101-0012", "301"], "310101-0012号楼301室", ""),
        (["室号", "地址"], ["12-1-1201", "南昌路168弄12号1201室"], "12号1单元1201室", ""),
        (["单元编号", "地址"], [2, "南昌路168弄3号301室"], "3号2单元301室", ""),
    ],
)  # fmt: skip
def test_a_number_of_a_building_is_one_where_no_address_names_it(
    heads: list[Cell], row: list[Cell], place: str, remark: str
) -> None:
    roster = draft([[*heads, "姓名"], [*row, "王建国"]], estate="南昌路168弄")
    [home] = roster.rows
    assert (home.building + home.entrance + home.unit, home.remarks) == (place, remark)
