"""Cells and rows that are not what they look like: dates, marks of repetition, drawn lines, other columns."""

from datetime import date

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.header_words import match_word
from fuyuan_desk.roster.reading.headers import header_score
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, plan, summary_of

ESTATE = "福元小区"
HEADER: list[Cell] = ["楼号", "室号", "业主"]


@pytest.mark.parametrize("room", [date(2025, 3, 2), "2025/3/2", "2025-03-02 00:00:00", "3月2日", "2-Mar"])
def test_a_room_that_became_a_date_is_told_and_not_imported(room: Cell) -> None:
    roster = draft([HEADER, ["1", "101", "张三"], ["1", room, "李四"]], estate=ESTATE)
    [told] = roster.problems
    assert (told.row, told.column, told.severity) == (3, "B", "error")
    assert "into a date" in told.message
    assert [row.name for row in plan(roster).rejected] == ["李四"]


@pytest.mark.parametrize("room", ["3-2", "3-201", "12-3", "B1-023", "2025"])
def test_a_room_with_a_hyphen_is_no_date(room: str) -> None:
    roster = draft([HEADER, ["1", room, "张三"]], estate=ESTATE)
    assert not plan(roster).rejected


@pytest.mark.parametrize("mark", ["〃", "同上", "″", '"'])
def test_a_mark_of_repetition_is_the_cell_above_in_any_column(mark: str) -> None:
    header: list[Cell] = [*HEADER, "房屋性质", "电话", "备注"]
    rows: list[list[Cell]] = [
        ["1", "101", "张三", "私房", "13812345678", "独居"],
        [mark, "102", "李四", *[mark] * 3],
        ["2", "102", "王五", "", "", ""],
    ]
    read = draft([header, *rows], estate=ESTATE).rows
    assert [row.building for row in read] == ["1号楼", "1号楼", "2号楼"]
    assert [row.tenure for row in read] == ["private", "private", ""]
    assert [row.phones for row in read] == [("13812345678",), ("13812345678",), ()]
    assert [row.remarks for row in read] == ["独居", "独居", ""]


def test_a_mark_below_nothing_is_nothing() -> None:
    [row] = draft([[*HEADER, "备注"], ["1", "101", "张三", "〃"]], estate=ESTATE).rows
    assert row.remarks == ""


@pytest.mark.parametrize("line", ["----", "————", "====", "－－"])
def test_a_drawn_line_is_no_household(line: str) -> None:
    roster = draft([HEADER, [line] * 3, ["1", "101", "张三"], [line] * 3, [line, "", ""]], estate=ESTATE)
    assert summary_of(roster) == [("1号楼", "101室", "张三")]
    assert not roster.problems


def test_a_home_whose_holder_is_a_stroke_stays_a_home() -> None:
    roster = draft([HEADER, ["1", "101", "--"]], estate=ESTATE)
    assert summary_of(roster) == [("1号楼", "101室", "")]


def test_numbered_headings_name_estates() -> None:
    rows: list[list[Cell]] = [
        HEADER,
        ["一、芳华小区"],
        ["1", "101", "张三"],
        ["二、丽园公寓"],
        ["1", "101", "李四"],
    ]
    assert [(row.estate, row.name) for row in draft(rows).rows] == [
        ("芳华小区", "张三"),
        ("丽园公寓", "李四"),
    ]


def test_where_somebody_lives_elsewhere_is_no_second_place_of_the_home() -> None:
    rows: list[list[Cell]] = [
        [*HEADER, "现居住地"],
        ["1", "101", "张三", ""],
        ["1", "102", "李四", "浦东新区昌里路335弄2号402室"],
        ["1", "103", "王五", ""],
    ]
    roster = draft(rows, estate=ESTATE)
    assert summary_of(roster) == [
        ("1号楼", "101室", "张三"),
        ("1号楼", "102室", "李四"),
        ("1号楼", "103室", "王五"),
    ]
    assert "昌里路335弄2号402室" in roster.rows[1].remarks


def test_the_columns_of_something_else_end_a_list_and_are_told() -> None:
    rows: list[list[Cell]] = [
        HEADER,
        ["1", "101", "张三"],
        ["车位号", "使用人", "车牌号"],
        ["B1-001", "李四", "沪A00000"],
    ]
    roster = draft(rows, estate=ESTATE)
    assert summary_of(roster) == [("1号楼", "101室", "张三")]
    assert [(told.row, "something else" in told.message) for told in roster.problems] == [(3, True)]


def test_parking_places_are_no_homes() -> None:
    rows: list[list[Cell]] = [
        ["车位号", "使用人", "车牌号", "联系电话"],
        ["B1-001", "李四", "沪A00000", "13812345678"],
    ]
    with pytest.raises(InvalidInput, match="parking places"):
        draft(rows, estate=ESTATE)
    beside = draft([["车位号", *HEADER], ["B1-001", "1", "101", "李四"]], estate=ESTATE)
    assert summary_of(beside) == [("1号楼", "101室", "李四")]


def test_a_household_of_words_that_head_columns_is_no_header() -> None:
    row: list[Cell] = ["黄秀英", "", "", "", "长期在外地", "长乐新村", 101.0, "1单元", "户主"]
    assert header_score(row) == 0


def test_vacant_homes_below_the_header_are_no_level_of_it() -> None:
    header: list[Cell] = [*HEADER, "是否空关"]
    roster = draft([header, ["1", "101", "空关", "空关"], ["1", "102", "空关", "空关"]], estate=ESTATE)
    assert len(plan(roster).units) == 2


@pytest.mark.parametrize(
    ("text", "field"),
    [("13812345678", ""), ("手机13812345678", ""), ("电话1", "phone")],
)
def test_a_number_is_no_title(text: str, field: str) -> None:
    assert match_word(text)[0] == field


@pytest.mark.parametrize("title", ["监护人电话", "家属电话", "子女联系电话"])
def test_the_telephone_of_somebody_else_is_another_contact(title: str) -> None:
    [row] = draft(
        [[*HEADER, title, "本人电话"], ["1", "101", "张三", "13912345678", "13812345678"]], estate=ESTATE
    ).rows
    assert (row.phones, row.contact) == (("13812345678",), "13912345678")


@pytest.mark.parametrize(
    ("title", "zones", "labels"),
    [
        ("期数", ["一期", "二期"], ["一期1号楼", "二期1号楼"]),
        ("期数", [1.0, 2.0], ["1期1号楼", "2期1号楼"]),
        ("区域", ["东区", "西区"], ["东区1号楼", "西区1号楼"]),
        ("组团", ["A组团", "B组团"], ["A组团1号楼", "B组团1号楼"]),
    ],
)
def test_a_column_of_parts_of_the_estate_keeps_their_buildings_apart(
    title: str, zones: list[Cell], labels: list[str]
) -> None:
    rows: list[list[Cell]] = [
        [zone, "1", "101", name] for zone, name in zip(zones, ("张三", "李四"), strict=True)
    ]
    roster = draft([[title, *HEADER], *rows], estate=ESTATE)
    assert [row.building for row in roster.rows] == labels
    assert [told.column for told in roster.problems] == ["A"]


@pytest.mark.parametrize(("title", "value"), [("租期", "1"), ("区域", "第3网格"), ("楼组", "1组")])
def test_a_column_that_only_sounds_like_parts_of_the_estate_is_kept_in_the_remarks(
    title: str, value: str
) -> None:
    [row] = draft([[title, *HEADER], [value, "1", "101", "张三"]], estate=ESTATE).rows
    assert (row.building, row.remarks) == ("1号楼", f"{title}：{value}")


def test_rooms_without_any_building_are_told_unless_the_estate_is_a_house() -> None:
    rows: list[list[Cell]] = [["室号", "业主"], ["101", "张三"]]
    assert ["No building is named" in told.message for told in draft(rows, estate=ESTATE).problems] == [True]
    assert not draft(rows, estate="富南大厦").problems


def test_numbers_that_may_be_either_holders_are_told() -> None:
    roster = draft([[*HEADER, "租客", "电话"], ["1", "101", "张三", "李四", "13812345678"]], estate=ESTATE)
    [told] = roster.problems
    assert (told.column, "whose numbers" in told.message) == ("E", True)
    own = draft(
        [[*HEADER, "电话", "租客", "电话"], ["1", "101", "张三", "", "李四", "13812345678"]], estate=ESTATE
    )
    assert not own.problems


def test_a_number_of_the_household_beside_addresses_is_no_room() -> None:
    [row] = draft([["户号", "业主", "地址"], ["7", "张三", "1号101室"]], estate=ESTATE).rows
    assert (row.building, row.unit, row.remarks) == ("1号", "101室", "户号：7")


@pytest.mark.parametrize(("cell", "name", "is_vacant"), [("（空关）", "", True), ("(张三)", "张三", False)])
def test_brackets_around_a_whole_name_are_no_part_of_it(cell: str, name: str, is_vacant: bool) -> None:
    [row] = draft([HEADER, ["1", "101", cell]], estate=ESTATE).rows
    assert (row.name, row.vacant) == (name, is_vacant)


def test_a_household_of_numbers_and_parts_is_no_level_of_the_header() -> None:
    rows: list[list[Cell]] = [
        ["楼号", "单元", "室号", "业主"],
        ["1", "2单元", "前楼室", "张三"],
        ["1号", "", "101", "李四"],
    ]
    assert [row.name for row in draft(rows, estate=ESTATE).rows] == ["张三", "李四"]


@pytest.mark.parametrize(
    ("columns", "contact"),
    [
        (["联系人", "联系人电话"], "李四、13912345678"),
        (["代理人", "代理人电话"], "13912345678"),
        (["配偶姓名", "配偶手机号码"], "配偶：13912345678"),
    ],
)
def test_the_telephone_of_somebody_named_beside_is_not_the_holders(columns: list[Cell], contact: str) -> None:
    [row] = draft([[*HEADER, *columns], ["1", "101", "张三", "李四", "13912345678"]], estate=ESTATE).rows
    assert (row.name, row.phones, row.contact) == ("张三", (), contact)
    assert "李四" in row.contact + row.remarks


def test_the_present_owner_is_the_holder_not_the_former() -> None:
    header: list[Cell] = ["楼号", "室号", "原业主", "现业主", "现业主电话"]
    [row] = draft([header, ["1", "101", "张三", "李四", "13912345678"]], estate=ESTATE).rows
    assert (row.name, row.phones) == ("李四", ("13912345678",))
    assert "张三" in row.remarks


@pytest.mark.parametrize(
    "example",
    [
        ("例", "1号", "101", "张三", "13800000000"),
        ("（示例）", "1号楼", "101", "张三", "13800000000"),
        ("填写样例", "1号", "101", "李某某", "13900000000"),
        ("", "1号", "101", "例：张三", "13800000000"),
        ("0", "1号", "101", "张三（样例）", "13800000000"),
    ],
)
def test_an_example_of_how_to_fill_in_is_no_household(example: tuple[Cell, ...]) -> None:
    rows = [["序号", "门牌", "室号", "姓名", "电话"], ["（1）", "（2）", "（3）", "（4）", "（5）"]]
    found = draft([*rows, list(example), [1, "2号", "101", "徐志墨", "13817120101"]])
    assert [row.name for row in found.rows] == ["徐志墨"]
    assert [(one.row, "no household" in one.message) for one in found.problems if one.row == 3] == [(3, True)]


def test_several_owners_by_their_number_are_a_household_and_no_count() -> None:
    found = draft([["楼号", "室号", "户主"], ["1", "101", "白展堂等3人"], ["1", "同意户数", "3户"]])
    assert [(row.name, row.remarks) for row in found.rows] == [("白展堂", "等3人")]


@pytest.mark.parametrize("note", ["（共2户）", "（6层）", "（高层）", "（续）", "计2户"])
def test_what_is_noted_behind_a_building_is_no_part_of_its_name(note: str) -> None:
    rows: list[list[Cell]] = [
        ["室号", "业主"],
        [f"梅园小区1号楼{note}", ""],
        ["101", "王芳"],
        ["102", "李新"],
    ]
    found = draft([*rows, [f"梅园小区2号楼{note}", ""], ["101", "赵敏"]], estate="梅园小区")
    assert {row.estate for row in found.rows} == {"梅园小区"}
    assert [row.building for row in found.rows] == ["1号楼", "1号楼", "2号楼"]


@pytest.mark.parametrize("mark", ["〃", "同上", "同上 "])
def test_a_room_behind_a_ditto_mark_is_in_the_building_above(mark: str) -> None:
    rows: list[list[Cell]] = [
        ["楼号", "室号", "业主"],
        ["1号", "101室", "王芳"],
        ["", f"{mark}102室", "李新"],
    ]
    found = draft(rows, estate="梅园小区")
    assert [(row.estate, row.building, row.unit) for row in found.rows] == [
        ("梅园小区", "1号", "101室"), ("梅园小区", "1号", "102室"),
    ]  # fmt: skip
