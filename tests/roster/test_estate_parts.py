"""东苑 in a title or the name of a sheet: the estate's own name, or a part of an estate that something else names."""

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.records import Estate
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.rules.comparison import Group
from fuyuan_desk.roster.service import imports
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import Rows, draft

HEADER: list[Cell] = ["楼栋", "室号", "姓名"]
HOME: list[Cell] = ["3号楼", "301", "王建国"]
NAMES = ("东苑", "南苑", "甲苑", "北村", "西里", "东坊", "新邨", "中公寓", "北小区", "东苑小区")
TITLES = ("{}业主名册", "{}居民信息表", "{}住户登记表", "2025年{}业主名册", "{}")
WHOLE = "福元小区"


def _places(roster: RosterDraft) -> list[tuple[str, str, str]]:
    return [(row.estate, row.building, row.unit) for row in roster.rows]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("title", TITLES)
def test_the_name_of_a_title_is_the_estates_where_nothing_else_names_one(title: str, name: str) -> None:
    written = title.format(name)
    for roster in (
        draft([[written], HEADER, HOME]),
        draft((written, [HEADER, HOME])),
        draft([HEADER, HOME], file=f"{written}.xlsx"),
        draft([[f"小区：{name}"], HEADER, HOME]),
        draft((name, [[written], HEADER, HOME]), file=f"{written}.xlsx"),
    ):
        assert _places(roster) == [(name, "3号楼", "301室")]
        told = [(one.value, one.severity) for one in roster.problems]
        assert told in ([], [(name, "warning")])
        assert bool(told) == (name[-1] == "苑" and roster.parts == (name,))


@pytest.mark.parametrize("name", ["东苑", "甲苑"])
@pytest.mark.parametrize(
    "known",
    [
        lambda name, rows: draft((name, [[f"{WHOLE}业主名册"], *rows])),
        lambda name, rows: draft((name, rows), file=f"{WHOLE}业主名册.xlsx"),
        lambda name, rows: draft((name, rows), estate=WHOLE),
        lambda name, rows: draft([[f"{name}业主名册"], *rows], file=f"{WHOLE}.xlsx"),
        lambda name, rows: draft([[f"{name}业主名册"], ["小区", *rows[0]], [WHOLE, *rows[1]]]),
    ],
)  # fmt: skip
def test_it_is_a_part_where_the_list_or_the_clerk_names_the_estate(known: object, name: str) -> None:
    roster = known(name, [HEADER, HOME])  # type: ignore[operator]
    assert _places(roster) == [(WHOLE, f"{name}3号楼", "301室")]
    assert (roster.parts, roster.problems) == ((), ())


@pytest.mark.parametrize("estate", ["", WHOLE])
def test_a_part_before_the_building_of_a_sheet_keeps_the_buildings_apart(estate: str) -> None:
    rows: Rows = [[f"{WHOLE}业主名册"], ["室号", "姓名"], ["301", "王建国"]]
    roster = draft(("东苑1号楼", rows), ("西苑1号楼", rows), estate=estate)
    assert _places(roster) == [(WHOLE, "东苑1号楼", "301室"), (WHOLE, "西苑1号楼", "301室")]


def test_a_building_behind_the_name_is_one_of_that_estate() -> None:
    roster = draft([["东苑3号楼业主名册"], ["室号", "姓名"], ["301", "王建国"]])
    assert _places(roster) == [("东苑", "3号楼", "301室")]


def test_the_rows_need_not_repeat_the_name_of_their_estate() -> None:
    rows: Rows = [["东苑业主名册"], HEADER, ["东苑3号楼", "301", "王建国"], ["4号楼", "301", "李丽"]]
    assert _places(draft(rows)) == [("东苑", "3号楼", "301室"), ("东苑", "4号楼", "301室")]


def test_rows_of_several_parts_are_of_an_estate_that_must_be_named() -> None:
    rows: Rows = [["东苑业主名册"], HEADER, ["东苑3号楼", "301", "王建国"], ["西苑3号楼", "301", "李丽"]]
    assert _places(draft(rows)) == [("", "东苑3号楼", "301室"), ("", "西苑3号楼", "301室")]


def test_an_address_is_that_of_the_estate_with_the_name() -> None:
    rows: Rows = [["东苑业主名册"], ["地址", "姓名"], ["南昌路168弄3号301室", "王建国"]]
    roster = draft(rows)
    assert _places(roster) == [("东苑", "3号", "301室")]
    assert roster.addresses == {"东苑": "南昌路168弄"}


@pytest.mark.parametrize("name", ["A苑", "一苑", "东区", "二期", "3组"])
def test_what_is_no_name_of_an_estate_stays_a_part_of_one_that_must_be_named(name: str) -> None:
    roster = draft([[f"{name}业主名册"], HEADER, HOME])
    assert _places(roster) == [("", f"{name}3号楼", "301室")]


def test_an_estate_called_with_its_part_does_not_repeat_it() -> None:
    roster = draft(("东苑", [[f"{WHOLE}东苑业主名册"], HEADER, HOME]))
    assert _places(roster) == [(f"{WHOLE}东苑", "3号楼", "301室")]


# --- what the store knows


@pytest.fixture
def stored(seat: Seat) -> Seat:
    """Return the seat of an office that has 福元小区 with 东苑3号楼 and 西苑3号楼."""
    rows: Rows = [
        ["小区", *HEADER],
        [WHOLE, "东苑3号楼", "301", "王建国"],
        [WHOLE, "西苑3号楼", "301", "李丽"],
    ]
    imports.import_roster(seat, draft(rows))
    return seat


def _estates(seat: Seat) -> list[str]:
    with seat.store.sessions() as session:
        return sorted(session.scalars(select(Estate.name)))


def test_it_is_a_part_of_the_estate_of_the_store_that_has_it(stored: Seat) -> None:
    roster = draft([["东苑业主名册"], HEADER, HOME, ["3号楼", "302", "赵敏"]])
    for report in (imports.preview_roster(stored, roster), imports.import_roster(stored, roster)):
        assert report.estates == (WHOLE,)
        assert (report.comparison.count(Group.NEW), report.comparison.unchanged) == (1, 1)
        assert {row.building for row in report.draft.rows} == {"东苑3号楼"}
        assert [(one.value, one.severity) for one in report.problems if one.field == "estate"] == [
            ("东苑", "info")
        ]
    assert _estates(stored) == [WHOLE]


def test_it_is_an_estate_where_the_clerk_says_so_or_the_store_has_it(stored: Seat) -> None:
    imports.import_roster(stored, draft([["楼栋", "室号", "姓名"], HOME], estate="东苑"))
    report = imports.import_roster(stored, draft([["东苑业主名册"], HEADER, ["3号楼", "302", "赵敏"]]))
    assert report.estates == ("东苑",)
    assert _estates(stored) == ["东苑", WHOLE]


def test_it_is_an_estate_where_the_store_knows_no_such_part_or_two(stored: Seat) -> None:
    other: Rows = [["小区", *HEADER], ["桂香小区", "东苑1号楼", "101", "孙强"]]
    imports.import_roster(stored, draft(other))
    for title in ("南苑", "东苑"):
        report = imports.preview_roster(stored, draft([[f"{title}业主名册"], HEADER, HOME]))
        assert report.estates == (title,)
        assert [one.severity for one in report.problems if one.field == "estate"] == ["warning"]


def test_rooms_of_a_part_without_buildings_are_in_it(stored: Seat) -> None:
    report = imports.preview_roster(stored, draft([["东苑业主名册"], ["室号", "姓名"], ["301", "王建国"]]))
    assert [(row.estate, row.building) for row in report.draft.rows] == [(WHOLE, "东苑")]


# --- titles of several estates


@pytest.mark.parametrize(
    "title", ["福元小区、桂香小区业主名册", "福元小区和桂香里业主名册", "东苑、西苑业主名册"]
)
def test_one_of_several_estates_is_not_chosen_in_silence(title: str) -> None:
    roster = draft([[title], HEADER, HOME, ["4号楼", "301", "李丽"]])
    assert len(roster.estates) == 1
    assert [(one.row, one.severity) for one in roster.problems] == [(3, "warning")]


@pytest.mark.parametrize(
    ("title", "rows", "places"),
    [
        (
            "福元小区、桂香小区业主名册",
            [["小区", *HEADER], [WHOLE, *HOME], ["桂香小区", *HOME]],
            [(WHOLE, "3号楼", "301室"), ("桂香小区", "3号楼", "301室")],
        ),
        (
            "东苑、西苑业主名册",
            [HEADER, ["东苑3号楼", "301", "王建国"], ["西苑3号楼", "301", "李丽"]],
            [("东苑、西苑", "东苑3号楼", "301室"), ("东苑、西苑", "西苑3号楼", "301室")],
        ),
    ],
)
def test_rows_that_say_which_one_are_no_question(
    title: str, rows: Rows, places: list[tuple[str, str, str]]
) -> None:
    roster = draft([[title], *rows])
    assert _places(roster) == places
    assert not roster.problems
