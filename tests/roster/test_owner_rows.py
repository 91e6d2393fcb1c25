"""Lists with a row for each owner, and homes of which rows contradict each other."""

import pytest

from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, people_of, plan
from tests.roster.yearly import HEADER, ROWS, Office, counted

OWNERS: list[Cell] = ["楼号", "室号", "产权人", "证件号码", "建筑面积"]
TWO: list[list[Cell]] = [
    ["1", "101", "顾建国", "310101193902060001", 80],
    ["1", "101", "沈丽萍", "310101194003090009", 80],
    ["1", "102", "陆晓明", "31010119410410000X", 81],
]


def test_a_row_for_each_owner_makes_one_household_and_is_told() -> None:
    roster = draft([OWNERS, *TWO], estate="福元小区")
    assert [people_of(row) for row in roster.rows] == [
        [("顾建国", "", ""), ("沈丽萍", "co-owner", "")],
        [("陆晓明", "", "")],
    ]
    [told] = roster.problems
    assert (told.row, told.severity) == (2, "info")
    assert "a row for each owner" in told.message


def test_shares_say_that_holders_own_together() -> None:
    header: list[Cell] = ["楼号", "室号", "姓名", "电话", "共有份额"]
    rows: list[list[Cell]] = [
        ["1", "101", "顾建国", "13900000001", "1/3"],
        ["1", "101", "沈丽萍", "13900000002", "2/3"],
    ]
    [row] = draft([header, *rows], estate="福元小区").rows
    assert people_of(row) == [("顾建国", "", "1/3"), ("沈丽萍", "co-owner", "2/3")]


@pytest.mark.parametrize(
    ("header", "second"),
    [
        (OWNERS, ["1", "101", "沈丽萍", "310101194003090009", 60]),
        (["楼号", "室号", "业主", "证件号码", "建筑面积"], TWO[1]),
        (["楼号", "室号", "产权人", "电话", "建筑面积"], ["1", "101", "沈丽萍", "13900000002", 80]),
    ],
)
def test_holders_who_may_be_several_households_stay_apart_and_are_told(
    header: list[Cell], second: list[Cell]
) -> None:
    first: list[Cell] = [
        "1",
        "101",
        "顾建国",
        "13900000001" if "电话" in header else "310101193902060001",
        80,
    ]
    roster = draft([header, first, second], estate="福元小区")
    assert [row.name for row in roster.rows] == ["顾建国", "沈丽萍"]
    told = plan(roster).problems
    assert any(
        one.row == 3 and "Another holder of this home is in sheet Sheet1, row 2" in one.message
        for one in told
    )


@pytest.mark.parametrize("title", ["是否户主", "户主标识"])
def test_who_is_the_head_is_read_from_its_column(title: str) -> None:
    header: list[Cell] = ["楼号", "室号", "姓名", title]
    rows: list[list[Cell]] = [
        ["1", "101", "沈丽萍", "否"],
        ["1", "101", "顾建国", "是"],
        ["1", "102", "陆晓明", "是"],
    ]
    roster = draft([header, *rows], estate="福元小区")
    assert [[name for name, *_more in people_of(row)] for row in roster.rows] == [
        ["顾建国", "沈丽萍"],
        ["陆晓明"],
    ]
    assert {one.field for one in roster.problems} <= {"relation"}  # who is not the head is told to be checked


def test_rows_that_contradict_each_other_are_told_and_the_first_one_counts() -> None:
    header: list[Cell] = ["楼号", "室号", "业主", "建筑面积"]
    rows: list[list[Cell]] = [["1", "101", "顾建国", 60], ["1", "101", "沈丽萍", 30]]
    planned = plan(draft([header, *rows], estate="福元小区"))
    assert [unit.area for _estate, _building, unit in planned.units] == [60_00]
    assert [
        one.row for one in planned.problems if "said otherwise in sheet Sheet1, row 2: Area" in one.message
    ] == [3]


def test_a_second_run_of_contradicting_rows_changes_nothing(office: Office) -> None:
    rows = (*ROWS, "福元小区,1号,101室,奚大伟,13900000009,,30")
    office.take(office.file(*rows))
    before = office.everything()
    report = office.take(office.file(*rows))
    assert counted(report) == {"unchanged": 5}
    assert office.everything() == before
    assert any("said otherwise" in one.message and ": Area." in one.message for one in report.problems)


def test_of_contradicting_rows_none_of_which_is_stored_the_first_one_counts(office: Office) -> None:
    rows = ("福元小区,1号,101室,丁华,,,51", *ROWS[1:], "福元小区,1号,101室,奚大伟,,,30")
    office.take(office.file(*rows))
    again = office.take(office.file(*rows))
    assert counted(again) == {"unchanged": 5}


COUPLE = "福元小区,1号,101室,丁华、奚大伟,,310101195001010006、31010119601102000X,50.5"


def test_a_known_co_owner_in_a_row_of_her_own_is_not_new(office: Office) -> None:
    office.take(office.file(COUPLE, *ROWS[1:]))
    report = office.compare(*ROWS, "福元小区,1号,101室,奚大伟,,31010119601102000X,50.5")
    assert counted(report) == {"unchanged": 4}


def test_a_co_owner_who_is_missing_is_told_though_no_row_names_two(office: Office) -> None:
    office.take(office.file(COUPLE, *ROWS[1:]))
    report = office.compare(*ROWS, header=HEADER)
    assert [one.row for one in report.problems if "奚* of this home is not in the list" in one.message] == [2]


def test_notes_between_rows_are_told_with_their_text() -> None:
    header: list[Cell] = ["楼号", "室号", "业主", "面积"]
    rows: list[list[Cell]] = [
        ["1号楼", "101", "顾建国", 50],
        ["注：102室业主长期在境外，联系其子", "", "", ""],
        ["1号楼", "102", "沈丽萍", "约51"],
        ["★102室有纠纷，暂勿联系", "", "", ""],
        ["本页小计", "2户", "", 101],
        ["备注：13765344352为楼组长电话", "", "", ""],
        ["经办人：瞿根娣", "", "", "2025年11月30日"],
    ]
    roster = draft([header, *rows], estate="福元小区")
    assert [row.area for row in roster.rows] == [50_00, 51_00]
    told = {one.row: one.value for one in roster.problems}
    assert told == {3: rows[1][0], 4: "约51", 5: rows[3][0], 7: rows[5][0]}
