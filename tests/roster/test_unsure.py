"""Unsure readings by kind, words with another meaning, cells typed anew, and what is kept for the next file."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure
from fuyuan_desk.roster.facts import Reading
from fuyuan_desk.roster.reading.corrections import with_typed
from fuyuan_desk.roster.reading.listing import counts_of, find_rows, listed, listing_of
from fuyuan_desk.roster.reading.meanings import with_meanings
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.shapes import fields_of, readings_of, shape_of, with_readings
from fuyuan_desk.roster.reading.unsure import COLUMN, WARNED, WORD, Unsure, guesses_of, unsure_readings
from fuyuan_desk.workbook.parser import Cell
from fuyuan_desk.workbook.reader import Sheet, Workbook
from tests.roster.rosters import draft, plan

HEADER: list[Cell] = ["房号", "姓名", "房屋性质", "住户类型", "面积"]
ROWS: list[list[Cell]] = [
    HEADER,
    ["1号101", "张三", "使用权", "", "大"],
    ["1号102", "李四", "使用权", "", "小"],
    ["1号103", "王五", "私房", "", 12.0],
    ["1号104", "赵六", "", "租户", 12.0],
]


def groups(roster: RosterDraft, **more: object) -> list[Unsure]:
    return list(unsure_readings(roster, roster.problems, **more))  # type: ignore[arg-type]


def test_readings_of_one_kind_stand_together_with_their_count() -> None:
    found = groups(draft(ROWS, estate="福元小区"))
    assert [(one.kind, one.count, one.row) for one in found] == [(WORD, 2, 2), (WORD, 1, 5), (WARNED, 2, 2)]
    assert found[0].text == "Tenure: «使用权» was read as “Directly managed public housing”"
    assert found[1].text == "Owner or tenant: «租户» was read as “Renter”"
    assert found[2].text == (
        "Area: … is not an area. Write a number of square metres, such as 12.5. The value was left out."
    )
    assert ("unit-public", "Public housing of a work unit") in found[0].choices


def test_what_is_confirmed_leaves_the_list_and_changes_nothing() -> None:
    roster = draft(ROWS, estate="福元小区")
    first, *rest = groups(roster)
    assert groups(roster, confirmed={first.key}) == rest
    assert groups(roster, confirmed={one.key for one in (first, *rest)}) == []


def test_a_guessed_column_stays_unsure_when_another_one_is_corrected() -> None:
    rows: list[list[Cell]] = [
        ["1号", "101室", "张三", "13812345678"],
        ["1号", "102室", "李四", "13912345678"],
    ]
    roster = draft(rows * 3, estate="福元小区")
    guessed = guesses_of(roster)
    columns = [one for one in groups(roster) if one.kind == COLUMN]
    assert [(one.index, one.field) for one in columns] == [
        (0, "building"),
        (1, "unit"),
        (2, "name"),
        (3, "phone"),
    ]
    fields = {0: "building", 1: "unit", 2: "name", 3: "contact"}
    corrected = draft(rows * 3, estate="福元小区", mapping={"Sheet1": fields})
    still = [one for one in groups(corrected, guessed=guessed) if one.kind == COLUMN]
    assert [one.index for one in still] == [0, 1, 2]


@pytest.mark.parametrize(
    ("tenure", "role", "meant", "expected"),
    [
        ("使用权", "", {"tenure": {"使用权": "private"}}, ("private", "owner")),
        ("使用权", "", {"tenure": {"使用权": "unit-public"}}, ("unit-public", "tenant")),
        ("使用权", "承租人", {"tenure": {"使用权": "private"}}, ("private", "tenant")),
        ("使用权", "业主", {"tenure": {"使用权": "private"}}, ("private", "owner")),
        ("私房", "租户", {"role": {"租户": "tenant"}}, ("private", "tenant")),
        ("私房", "业主", {"tenure": {"使用权": "private"}}, ("private", "owner")),
        ("", "", {"role": {"租户": "tenant"}}, ("", "")),
    ],
)
def test_a_word_has_the_meaning_that_was_chosen(
    tenure: str, role: str, meant: dict[str, dict[str, str]], expected: tuple[str, str]
) -> None:
    roster = draft([HEADER, ["1号101", "张三", tenure, role, 10.0]], estate="福元小区")
    [row] = with_meanings(roster, meant).rows
    assert (row.tenure, row.role) == expected


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["使用权", "私房", "售后", "公房"]), st.sampled_from(["", "业主", "承租人"])
        )
    ),
    st.sampled_from(list(Tenure)),
)
def test_a_chosen_meaning_reads_as_a_word_that_has_it(rows: list[tuple[str, str]], meant: Tenure) -> None:
    """The oracle is the reader itself, given a word that says the same without doubt."""
    sure = {
        "commodity": "商品房",
        "sold-public": "售后公房",
        "direct-public": "直管公房",
        "unit-public": "系统公房",
    }
    word = sure.get(meant.value, "私房")
    table = [[f"1号{101 + index}", "张三", *row, 10.0] for index, row in enumerate(rows)]
    table.append(["1号100", "张三", "使用权", "", 10.0])
    plainly = [[*row[:2], word if row[2] == "使用权" else row[2], *row[3:]] for row in table]
    read = with_meanings(draft([HEADER, *table], estate="甲"), {"tenure": {"使用权": meant.value}})
    expected = draft([HEADER, *plainly], estate="甲")
    assert [(row.tenure, row.role) for row in read.rows] == [(row.tenure, row.role) for row in expected.rows]
    assert {row.role for row in read.rows} <= {role.value for role in HoldingRole}


# --- cells typed anew


def read(book: Workbook, typed: dict[tuple[str, int], dict[int, str]]) -> RosterDraft:
    return understand(with_typed(book, typed), "福元小区")


def test_a_cell_typed_anew_is_read_and_the_file_stays() -> None:
    rows: list[list[Cell]] = [["房号", "姓名"], ["", "张三"], ["1号102", "李四"]]
    book = Workbook(Path("名册.xlsx"), (Sheet("表", rows),))
    assert [bool(row.fault) for row in read(book, {}).rows] == [True, False]
    found = read(book, {("表", 2): {0: "1号101"}}).rows
    assert [(row.unit, row.fault) for row in found] == [("101室", ""), ("102室", "")]
    assert rows[1][0] == ""


def test_of_merged_cells_the_first_changes_all_and_another_one_itself() -> None:
    rows: list[list[Cell]] = [
        ["楼号", "房号", "姓名"],
        ["1号", "101", "甲某"],
        ["", "102", "乙某"],
        ["", "103", "丙某"],
    ]
    book = Workbook(Path("名册.xlsx"), (Sheet("表", rows, (((1, 0), (3, 0)),)),))
    assert [row.building for row in read(book, {}).rows] == ["1号"] * 3
    assert [row.building for row in read(book, {("表", 2): {0: "9号"}}).rows] == ["9号"] * 3
    assert [row.building for row in read(book, {("表", 3): {0: "9号"}}).rows] == ["1号", "9号", "1号"]


# --- the next file of the same shape


def test_what_was_corrected_holds_for_a_file_with_the_same_headers() -> None:
    roster = draft(ROWS, estate="福元小区")
    chosen = {"Sheet1": {**fields_of(roster.tables)["Sheet1"], 4: "inner_area"}}
    [kept] = readings_of(
        roster.tables,
        fields_of(roster.tables),
        chosen,
        {"tenure": {"使用权": "private"}},
        {"warned:area:…", "word:x"},
    )
    assert kept.columns == {4: "inner_area"}
    assert kept.confirmed == {"word:x"}, "warnings are of one file"
    following = draft(("2027", [HEADER, ["2号1", "甲某", "私房", "", 9.0]]), estate="福元小区")
    assert with_readings(following.tables, [kept])["2027"][4] == "inner_area"
    other = draft([[*HEADER, "备注"], ["2号1", "甲某", "私房", "", 9.0, ""]], estate="福元小区")
    assert with_readings(other.tables, [kept]) == {}


def test_a_shape_tells_nothing_of_its_headers_and_needs_some() -> None:
    roster = draft(ROWS, estate="福元小区")
    shape = shape_of(roster.tables[0])
    assert len(shape) == 64
    assert "姓名" not in shape
    bare = draft([["1号", "101室", "张三", "13812345678"]] * 3, estate="福元小区")
    assert shape_of(bare.tables[0]) == ""
    assert readings_of(bare.tables, {}, {"Sheet1": {0: "unit"}}, {}, ()) == ()


def test_a_field_that_is_no_more_is_not_applied() -> None:
    roster = draft(ROWS, estate="福元小区")
    kept = Reading(shape_of(roster.tables[0]), {4: "a field of a later version"})
    assert with_readings(roster.tables, [kept]) == {}


# --- the list of rows


def test_rows_are_listed_with_what_becomes_of_them() -> None:
    rows: list[list[Cell]] = [
        ["房号", "姓名", "面积"],
        ["1号101", "张三", 10.0],
        ["1号101", "张三", 10.0],
        ["1号102", "李四", "大"],
        ["", "王五", 10.0],
    ]
    roster = draft(rows, estate="福元小区")
    planned = plan(roster)
    listing = listing_of(
        roster.rows, (*planned.rejected, *planned.duplicates), (*roster.problems, *planned.problems)
    )
    assert counts_of(listing) == {"faulty": 1, "check": 1, "left-out": 1}
    assert [row.row for row in find_rows(listing, "", "faulty")] == [5]
    assert [row.row for row in find_rows(listing, "李四", None)] == [4]
    assert [row.row for row in find_rows(listing, "102 室", None)] == [4]
    shown = listed(roster.rows[3], listing)
    assert shown.holder == "王*"
    assert shown.reason
