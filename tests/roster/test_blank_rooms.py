"""Rows without a room below a home: people of that home, or homes of which the room is missing and is told."""

import pytest

from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import Rows, draft, people_of

ESTATE = "福元小区"


def _homes(rows: Rows) -> list[tuple[str, str]]:
    """Return building and room of each row, and who is in it; a row that is not imported has no room."""
    read = draft(rows, estate=ESTATE).rows
    return [
        (
            "" if row.fault else (row.building if row.building != ESTATE else "") + row.unit,
            "、".join(name for name, *_rest in people_of(row)),
        )
        for row in read
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["1号楼", "101", "王建国", "户主"], ["", "", "李丽", "配偶"], ["", "", "王小明", "长子"]],
        [["1号楼", "101", "王建国", "户主"], ["1号楼", "", "李丽", "配偶"], ["1号楼", "", "王小明", "长子"]],
        [["1号楼", "101", "王建国", "户主"], ["", "", "李丽", "妻"], ["", "", "王小明", "之子"]],
    ],
)
def test_members_below_a_blank_room_are_of_the_home_above(rows: Rows) -> None:
    header: list[Cell] = ["楼栋", "室号", "姓名", "与户主关系"]
    assert _homes([header, *rows, ["1号楼", "102", "张三", "户主"]]) == [
        ("1号楼101室", "王建国、李丽、王小明"),
        ("1号楼102室", "张三"),
    ]


def test_a_blank_relation_below_a_blank_room_is_of_the_home_above_and_told() -> None:
    rows: Rows = [
        ["楼栋", "室号", "姓名", "与户主关系"],
        ["1号楼", "101", "王建国", "户主"],
        ["", "", "李丽", ""],
        ["", "", "王小明", "子"],
    ]
    assert [place for place, _names in _homes(rows)] == ["1号楼101室"] * 2
    assert 3 in {problem.row for problem in draft(rows, estate=ESTATE).problems}


def test_relatives_by_the_column_of_roles_are_of_the_home_above() -> None:
    rows: Rows = [
        ["楼栋", "室号", "姓名", "人员类型"],
        ["1号楼", "101", "王建国", "业主"],
        ["", "", "李丽", "家属"],
        ["1号楼", "102", "张三", "业主"],
        ["1号楼", "", "张小四", "家属"],
    ]
    assert _homes(rows) == [("1号楼101室", "王建国、李丽"), ("1号楼102室", "张三、张小四")]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (["楼栋", "室号", "姓名"],
         [["1号楼", "101", "王建国"], ["", "", "李丽"], ["", "", "王小明"], ["1号楼", "102", "张三"]]),
        (["室号", "姓名"], [["1-101", "王建国"], ["", "李丽"], ["", "王小明"], ["1-102", "张三"]]),
        (["室号", "姓名", "家庭人数"],
         [["1-101", "王建国", 3], ["", "李丽", ""], ["", "王小明", ""], ["1-102", "张三", 1]]),
        (["地址", "姓名"], [["1号楼101室", "王建国"], ["", "李丽"], ["", "王小明"], ["1号楼102室", "张三"]]),
        (
            ["楼栋", "室号", "建筑面积", "姓名"],
            [["1号楼", "101", 50.5, "王建国"], ["1号楼", "", "", "李丽"], ["1号楼", "", "", "王小明"],
             ["1号楼", "102", 40.5, "张三"]],
        ),
        (["序号", "楼栋", "室号", "姓名"],
         [[1, "1号楼", "101", "王建国"], ["", "", "", "李丽"], ["", "", "", "王小明"], [2, "1号楼", "102", "张三"]]),
        (["序号", "楼栋", "室号", "姓名"],
         [[1, "1号楼", "101", "王建国"], [2, "", "", "李丽"], [3, "", "", "王小明"], [4, "1号楼", "102", "张三"]]),
    ],
)  # fmt: skip
def test_a_list_of_several_rows_for_each_home_needs_no_relations(header: list[Cell], rows: Rows) -> None:
    assert _homes([header, *rows]) == [
        ("1号楼101室", "王建国"), ("1号楼101室", "李丽"), ("1号楼101室", "王小明"), ("1号楼102室", "张三"),
    ]  # fmt: skip
    assert (
        3 in {problem.row for problem in draft([header, *rows], estate=ESTATE).problems} or "序号" in header
    )


def _many(*rest: list[Cell]) -> Rows:
    return [["楼栋", "室号", "姓名"], *(["1号楼", str(room), "张三"] for room in range(101, 116)), *rest]


@pytest.mark.parametrize(
    "rows",
    [
        # one row of many, or some at the end: where these people live is not said
        _many(["", "", "李丽"], ["1号楼", "201", "赵敏"]),
        _many(["", "", "李丽"], ["", "", "赵敏"]),
        _many(["1号楼", "", "李丽"], ["1号楼", "", "赵敏"], ["1号楼", "201", "孙强"]),
        # the part of a house is not known, the house is
        [["门牌号", "部位", "姓名"], ["1号", "前楼", "王建国"], ["1号", "", "李丽"], ["1号", "", "赵敏"]],
        # another head, also in another building
        [["楼栋", "室号", "姓名", "关系"], ["1号楼", "101", "王建国", "户主"], ["", "", "李丽", "户主"]],
        [["楼栋", "室号", "姓名", "关系"], ["1号楼", "101", "王建国", "户主"], ["2号楼", "", "李丽", "户主"]],
        [["楼栋", "室号", "姓名", "关系"], ["1号楼", "101", "王建国", "户主"], ["2号楼", "", "李丽", "配偶"]],
        [
            ["楼栋", "室号", "姓名"],
            ["1号楼", "101", "王建国"],
            ["2号楼", "", "李丽"],
            ["3号楼", "101", "赵敏"],
        ],
        [["室号", "姓名"], ["", "李丽"], ["", "赵敏"], ["1-101", "王建国"]],
    ],
)
def test_a_room_that_is_missing_is_told(rows: Rows) -> None:
    roster = draft(rows, estate=ESTATE)
    told = {problem.row for problem in roster.problems if problem.severity in ("warning", "error")}
    room = next(index for index, title in enumerate(rows[0]) if title in ("室号", "部位"))
    missing = {number for number, row in enumerate(rows, 1) if row[room] == ""}
    assert missing <= told
    assert all(row.fault or row.unit == "整幢" for row in roster.rows if row.row in missing)
