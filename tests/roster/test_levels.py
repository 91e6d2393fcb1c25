"""Homes told apart by a column of their own: parts of the estate, sublanes, sides and parts of rooms; unknown ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.roster.reading.explain import explain
from fuyuan_desk.roster.reading.levels import part_before, with_levels, zone_label
from fuyuan_desk.roster.reading.places import Place
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import Rows, draft, plan, summary_of

ESTATE = "福元小区"


def homes_of(header: list[Cell], *rows: list[Cell]) -> list[str]:
    """Return building, entrance and room of each row."""
    roster = draft([header, *rows], estate=ESTATE)
    return [f"{row.building}{row.entrance}{row.unit}" for row in roster.rows]


@pytest.mark.parametrize(
    ("header", "rows", "homes"),
    [
        (
            ["弄", "支弄", "门牌", "部位", "户名"],
            [["168弄", "1支弄", "2号", "前楼", "王芳"], ["168弄", "2", "2号", "前楼", "王芳"]],
            ["1支弄2号前楼", "2支弄2号前楼"],
        ),
        (
            ["弄", "支弄", "门牌", "部位", "户名"],
            [["168弄", "1支弄", "2号", "前楼", "王芳"], ["168弄", "", "2号", "前楼", "王芳"]],
            ["1支弄2号前楼", "2号前楼"],
        ),
        (
            ["支弄", "门牌", "部位", "户名"],
            [["1支弄", "2号", "前楼", "王芳"], ["", "", "后楼", "王芳"]],
            ["1支弄2号前楼", "1支弄2号后楼"],
        ),
        (
            ["组团", "幢号", "室号", "业主"],
            [["玫瑰苑", "1", "101", "李明"], ["牡丹苑", "1", "101", "李明"], ["", "2", "101", "李明"]],
            ["玫瑰苑1幢101室", "牡丹苑1幢101室", "牡丹苑2幢101室"],
        ),
        (
            ["片", "组", "号", "室", "户主"],
            [["东片", "1", "3", "101", "李明"], ["东片", "2", "3", "101", "李明"], ["2", "2", "3", "101", "李明"]],
            ["东片1组3号101室", "东片2组3号101室", "2片2组3号101室"],
        ),
        (
            ["楼号", "梯位", "房号", "业主"],
            [["1", "A梯", "101", "李明"], ["1", "B梯", "101", "李明"]],
            ["1号楼A梯101室", "1号楼B梯101室"],
        ),
        (
            ["门牌号", "前后", "层", "部位", "承租人"],
            [["5号", "前", "二层", "楼", "李明"], ["5号", "后", "二层", "楼", "李明"]],
            ["5号二楼前楼", "5号二楼后楼"],
        ),
        (
            ["楼号", "室号", "分室", "承租人"],
            [["1", "301", "A", "李明"], ["1", "301", "b", "李明"], ["1", "301", "1", "李明"], ["1", "302", "", "李明"]],
            ["1号楼301A室", "1号楼301B室", "1号楼301室（1）", "1号楼302室"],
        ),
        (
            ["楼号", "室号", "部位", "承租人"],
            [["1", "301", "前间", "李明"], ["1", "301", "301后间", "李明"], ["1", "302", "302室", "李明"]],
            ["1号楼301室（前间）", "1号楼301后间", "1号楼302室"],
        ),
    ],
)  # fmt: skip
def test_a_level_of_the_second_rank_tells_homes_apart(
    header: list[Cell], rows: list[list[Cell]], homes: list[str]
) -> None:
    assert homes_of(header, *rows) == homes
    made = plan(draft([header, *rows], estate=ESTATE))
    assert (len(made.units), len(made.households), made.duplicates) == (len(rows), len(rows), [])


@pytest.mark.parametrize("title", ["组团", "支弄", "分室"])
def test_what_stands_for_nothing_is_no_level(title: str) -> None:
    assert homes_of(
        ["楼号", "室号", title, "业主"], ["1", "101", "无", "李明"], ["1", "102", "-", "李明"]
    ) == [
        "1号楼101室",
        "1号楼102室",
    ]


def test_a_sublane_in_a_column_is_read_as_in_an_address() -> None:
    header: list[Cell] = ["路", "弄", "支弄", "号", "室", "承租人"]
    columns = draft([header, ["思南路", "26", "2", "3", "前楼", "李明"]], estate=ESTATE)
    cell = draft([["地址", "承租人"], ["思南路26弄2支弄3号前楼", "李明"]], estate=ESTATE)
    assert summary_of(columns) == summary_of(cell) == [("2支弄3号", "前楼", "李明")]


def test_the_row_panel_says_what_such_a_cell_became() -> None:
    roster = draft([["支弄", "门牌", "部位", "户名"], ["1支弄", "2号", "前楼", "王芳"]], estate=ESTATE)
    lane, *_more = explain(roster, "Sheet1", 2)
    assert lane.became == ("Building or gate: 1支弄2号",)


@given(
    st.sampled_from(["", "2号", "12号", "1支弄2号", "3幢"]),
    st.sampled_from(["101室", "前楼", "301A室", "楼"]),
    st.lists(
        st.tuples(
            st.sampled_from(["", "东片", "A组团", "玫瑰苑"]),
            st.sampled_from(["", "1", "11", "1支弄", "东"]),
            st.sampled_from(["", "A", "1", "2", "前", "一间"]),
        ),
        min_size=2,
        max_size=2,
        unique=True,
    ),
)
def test_places_that_differ_in_such_a_column_differ(
    building: str, unit: str, levels: list[tuple[str, str, str]]
) -> None:
    one, other = (with_levels(Place("", building, "", "", unit), *of_row) for of_row in levels)
    # what the label says already is said once: 1支弄2号 and a cell 1, 301A室 and a cell A, 前楼 and a cell 前
    said = "支弄" in building or unit == "301A室" or {levels[0][1], levels[1][1]} == {"1", "1支弄"}
    said |= unit == "前楼" and {levels[0][2], levels[1][2]} == {"", "前"}
    assert said or one != other


@pytest.mark.parametrize(
    ("text", "title", "label"),
    [
        ("玫瑰苑", "组团", "玫瑰苑"),
        ("A", "组团", "A组团"),
        (" 1.0", "片", "1片"),
        ("东", "片", "东片"),
        ("", "片", ""),
    ],
)
def test_the_label_of_a_part_of_the_estate(text: str, title: str, label: str) -> None:
    assert zone_label(text, title) == label


@pytest.mark.parametrize(
    ("part", "unit", "cell"),
    [("前", "楼", "前楼"), ("前", "前楼", "前楼"), ("前", "101", "101"), ("A", "楼", "楼"), ("前", "", "")],
)  # fmt: skip
def test_a_side_stands_before_a_part_of_the_house(part: str, unit: str, cell: str) -> None:
    assert part_before(part, unit) == cell


def test_a_word_within_another_title_is_no_level() -> None:
    [row] = draft([["楼号", "室号", "业主", "所属片区"], ["1", "101", "张三", "东片"]], estate=ESTATE).rows
    assert (row.building, row.remarks) == ("1号楼", "所属片区：东片")


# ---- columns that nobody knows ----

UNKNOWN: Rows = [
    ["楼号", "支座", "室号", "业主"],
    ["1", "甲", "101", "李明"],
    ["1", "乙", "101", "李明"],
    ["1", "甲", "101", "王芳"],
    ["1", "", "101", "张三"],
    ["1", "乙", "102", "张三"],
]


def test_rows_that_meet_in_a_home_and_differ_in_an_unknown_column_are_asked_about() -> None:
    roster = draft(UNKNOWN, estate=ESTATE)
    asked = [one for one in roster.problems if "The same home" in one.message]
    assert [(one.row, one.column, one.severity) for one in asked] == [
        (3, "B", "warning"),
        (5, "B", "warning"),
    ]
    assert all("in row 2 of sheet Sheet1" in one.message and "«支座»" in one.message for one in asked)
    assert not {"甲", "乙"} & set("".join(one.message for one in asked))  # it may name somebody
    chosen = draft(UNKNOWN, estate=ESTATE, mapping={"Sheet1": {1: "part"}})
    assert [row.unit for row in chosen.rows] == [
        "101室（甲）",
        "101室（乙）",
        "101室（甲）",
        "101室",
        "102室（乙）",
    ]
    assert not chosen.problems


def test_a_second_column_of_rooms_or_houses_is_asked_about() -> None:
    header: list[Cell] = ["楼号", "房号", "户号", "承租人"]
    roster = draft([header, ["1", "301", "1", "李明"], ["1", "301", "2", "李明"]], estate=ESTATE)
    assert [one.row for one in roster.problems if "The same home" in one.message] == [3]


def test_rows_of_two_sheets_may_meet_in_a_home() -> None:
    header: list[Cell] = ["楼号", "支座", "室号", "业主"]
    sheets = [(name, [header, ["1", name, "101", "李明"]]) for name in ("甲", "乙")]
    asked = [one for one in draft(*sheets, estate=ESTATE).problems if "The same home" in one.message]
    assert [(one.sheet, one.row) for one in asked] == [("乙", 2)]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        # the cells of one household, of a known column, of one row, and the same cell twice
        (["楼号", "室号", "姓名", "关系", "学历"], [["1", "1", "李明", "户主", "甲"], ["1", "1", "李新", "子", "乙"]]),
        (["楼号", "室号", "业主", "性别"], [["1", "101", "李明", "男"], ["1", "101", "王芳", "女"]]),
        (["楼号", "室号", "业主", "租客", "支座"], [["1", "101", "李明", "王芳", "甲"]]),
        (["楼号", "支座", "室号", "业主"], [["1", "甲", "101", "李明"], ["1", "甲", "101", "王芳"]]),
    ],
)  # fmt: skip
def test_nothing_is_asked_where_nothing_differs(header: list[Cell], rows: list[list[Cell]]) -> None:
    roster = draft([header, *rows], estate=ESTATE)
    assert not [one for one in roster.problems if "The same home" in one.message]
