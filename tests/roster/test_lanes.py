"""Lanes without their street: the title's goes with them, and one of several lanes is never chosen in silence."""

import pytest

from fuyuan_desk.roster.reading.titles import read_title
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import Rows, draft

TITLE = "南昌路108弄、120弄业主名册"
BOTH = "南昌路108弄、120弄"
HEADER: list[Cell] = ["门牌号", "室号", "姓名", "电话"]
HOMES: Rows = [["3号", "301", "王建国", "13800000001"], ["3号", "301", "李丽", "13800000002"]]


def _places(rows: Rows, **more: str) -> list[tuple[str, str, str]]:
    return [(row.estate, row.building, row.unit) for row in draft(rows, **more).rows]


@pytest.mark.parametrize(
    "title",
    [
        "南昌路108弄、120弄业主名册", "南昌路108弄/120弄业主名册", "南昌路108弄和120弄业主名册",
        "南昌路108弄及120弄居民信息表", "南昌路108弄，120弄业主名册", "2025年南昌路108弄、120弄住户表",
        "上海市黄浦区南昌路108弄、120弄业主名册", "南昌路108弄、南昌路120弄业主名册",
    ],
)  # fmt: skip
def test_a_title_of_several_lanes_names_them_all(title: str) -> None:
    assert read_title(title).estate == BOTH
    told = draft([[title], HEADER, *HOMES]).problems
    assert [(one.row, one.severity, one.value) for one in told] == [(3, "warning", BOTH)]


@pytest.mark.parametrize("column", ["弄号", "弄", "弄堂"])
@pytest.mark.parametrize(
    "lanes",
    [("108", "120"), ("108弄", "120弄"), (108.0, 120.0), ("108", "120弄"), ("南昌路108弄", "南昌路120弄")],
)
@pytest.mark.parametrize(
    "title", [TITLE, "南昌路108弄和120弄业主名册", "南昌路108-120弄业主名册", "南昌路业主名册"]
)
def test_the_street_of_the_title_goes_with_the_lane_of_a_row(
    title: str, lanes: tuple[Cell, Cell], column: str
) -> None:
    rows: Rows = [[column, *HEADER], *([lane, *home] for lane, home in zip(lanes, HOMES, strict=True))]
    expected = [("南昌路108弄", "3号", "301室"), ("南昌路120弄", "3号", "301室")]
    for roster in (draft([[title], *rows]), draft(rows, file=f"{title}.xlsx"), draft((title, rows))):
        assert [(row.estate, row.building, row.unit) for row in roster.rows] == expected
        assert roster.estates == ("南昌路108弄", "南昌路120弄")
        assert not roster.problems


def test_each_lane_has_its_own_street() -> None:
    rows: Rows = [
        ["南昌路108弄、复兴中路120弄业主名册"],
        ["弄号", *HEADER],
        ["108", *HOMES[0]],
        ["120弄", *HOMES[1]],
    ]
    assert [estate for estate, *_rest in _places(rows)] == ["南昌路108弄", "复兴中路120弄"]


@pytest.mark.parametrize(
    "rows",
    [
        [["地址", "姓名"], ["108弄3号301室", "王建国"], ["120弄3号301室", "李丽"]],
        [["门牌号", "室号", "姓名"], ["108弄3号", "301", "王建国"], ["120弄3号", "301", "李丽"]],
        [["门牌号", "室号", "姓名"], ["108弄"], ["3号", "301", "王建国"], ["120弄"], ["3号", "301", "李丽"]],
    ],
)
def test_the_lane_of_a_row_may_stand_in_its_address_or_above_it(rows: Rows) -> None:
    assert _places([[TITLE], *rows]) == [("南昌路108弄", "3号", "301室"), ("南昌路120弄", "3号", "301室")]


def test_the_name_of_a_sheet_says_the_lane_of_its_rows() -> None:
    roster = draft(
        *((lane, [[TITLE], HEADER, home]) for lane, home in zip(("108弄", "120弄"), HOMES, strict=True))
    )
    assert roster.estates == ("南昌路108弄", "南昌路120弄")
    assert not roster.problems


def test_a_row_without_a_lane_among_others_is_told() -> None:
    rows: Rows = [[TITLE], ["弄号", *HEADER], ["", *HOMES[0]], ["120弄", *HOMES[1]]]
    roster = draft(rows)
    assert [row.estate for row in roster.rows] == [BOTH, "南昌路120弄"]
    assert [(one.row, one.severity) for one in roster.problems] == [(3, "warning")]


@pytest.mark.parametrize("title", [TITLE, "南昌路108弄业主名册"])
def test_a_lane_that_the_title_does_not_name_is_told(title: str) -> None:
    rows: Rows = [[title], ["弄号", *HEADER], ["108", *HOMES[0]], ["130弄", *HOMES[1]], ["130弄", *HOMES[0]]]
    roster = draft(rows)
    assert [row.estate for row in roster.rows] == ["南昌路108弄", "南昌路130弄", "南昌路130弄"]
    assert [(one.row, one.value) for one in roster.problems if "130" in one.value] == [(4, "130弄")]


def test_lanes_of_an_estate_with_a_name_have_the_street_of_the_title() -> None:
    rows: Rows = [
        ["福元小区（南昌路108弄、120弄）业主名册"],
        ["弄号", *HEADER],
        ["108", *HOMES[0]],
        ["120弄", *HOMES[1]],
    ]
    roster = draft(rows, estate="福元小区")
    assert [row.building for row in roster.rows] == ["南昌路108弄3号", "南昌路120弄3号"]


def test_the_estate_of_a_column_keeps_its_name() -> None:
    rows: Rows = [
        [TITLE],
        ["小区", "弄号", *HEADER],
        ["福元小区", "108", *HOMES[0]],
        ["福元小区", "120弄", *HOMES[1]],
    ]
    roster = draft(rows)
    assert [(row.estate, row.building) for row in roster.rows] == [
        ("福元小区", "南昌路108弄3号"), ("福元小区", "南昌路120弄3号"),
    ]  # fmt: skip


def test_lanes_that_the_clerk_calls_one_estate_are_no_question() -> None:
    roster = draft([[TITLE], HEADER, *HOMES], estate="福元小区")
    assert roster.estates == ("福元小区",)
    assert not [one for one in roster.problems if one.field == "lane"]


def test_one_lane_is_no_question() -> None:
    rows: Rows = [["南昌路108弄业主名册"], ["弄号", *HEADER], ["108", *HOMES[0]], ["", *HOMES[1]]]
    roster = draft(rows)
    assert roster.estates == ("南昌路108弄",)
    assert not [one for one in roster.problems if one.field == "lane"]
