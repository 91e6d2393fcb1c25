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
