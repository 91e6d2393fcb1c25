"""Several sheets about the same people: documents on one, telephones on the other. They are one household."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.explain import about_row
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.service import imports
from tests.roster.rosters import Rows, draft
from tests.roster.yearly import EVERYTHING, Office, counted, told

ONE, TWO, CHILD = "310101195001010006", "310101196001010000", "310101199001010004"
TITLE: Rows = [["福元小区1号住户名册"]]
PEOPLE: Rows = [
    *TITLE, ["室号", "姓名", "身份证号"],
    ["101室", "丁华", ONE], ["102室", "李新", TWO], ["103室", "王五", ""],
]  # fmt: skip
PHONES: Rows = [["室号", "姓名", "电话"], ["101室", "丁华", "13900000001"], ["102", "李 新", "13900000002"]]


def households(rows: tuple[RosterRow, ...]) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    return [(row.building, row.unit, row.name, row.id_number, row.phones) for row in rows]


@pytest.mark.parametrize("title", [[], TITLE, [["福元小区1号电话"]]])
def test_telephones_of_a_second_sheet_are_those_of_the_first_ones_people(title: Rows) -> None:
    roster = draft(("人员", PEOPLE), ("电话", [*title, *PHONES]))
    assert households(tuple(roster.rows)) == [
        ("1号", "101室", "丁华", ONE, ("13900000001",)),
        ("1号", "102室", "李新", TWO, ("13900000002",)),
        ("1号", "103室", "王五", "", ()),
    ]
    assert roster.estates == ("福元小区",)
    [joined] = [one for one in roster.problems if "2 rows of this sheet" in one.message]
    assert (joined.sheet, joined.severity) == ("电话", "info")


def test_the_sheet_of_telephones_may_come_first() -> None:
    roster = draft(("电话", [*TITLE, *PHONES]), ("人员", PEOPLE))
    assert households(tuple(roster.rows))[:2] == [
        ("1号", "101室", "丁华", ONE, ("13900000001",)),
        ("1号", "102室", "李新", TWO, ("13900000002",)),
    ]
    assert len(roster.rows) == 3


@pytest.mark.parametrize("is_turned", [False, True])
def test_members_of_a_household_get_their_own_telephones(is_turned: bool) -> None:
    people: Rows = [
        *TITLE, ["室号", "姓名", "与户主关系", "身份证号"],
        ["101室", "丁华", "户主", ONE], ["101室", "李新", "配偶", TWO], ["101室", "丁小", "子", CHILD],
    ]  # fmt: skip
    phones: Rows = [
        *TITLE, ["室号", "姓名", "电话"],
        ["101室", "丁华", "13900000001"], ["101室", "李新", "13900000002"], ["101室", "丁小", ""],
    ]  # fmt: skip
    sheets = [("人员", people), ("电话", phones)]
    [row] = draft(*(reversed(sheets) if is_turned else sheets)).rows
    assert (row.name, row.id_number, row.phones) == ("丁华", ONE, ("13900000001",))
    assert [(one.name, one.relation, one.id_number, one.phones) for one in row.persons] == [
        ("李新", "spouse", TWO, ("13900000002",)), ("丁小", "child", CHILD, ()),
    ]  # fmt: skip


def test_tables_below_each_other_are_joined_as_sheets_are() -> None:
    roster = draft([*PEOPLE, [], *PHONES])
    assert [row[2:] for row in households(tuple(roster.rows))] == [
        ("丁华", ONE, ("13900000001",)), ("李新", TWO, ("13900000002",)), ("王五", "", ()),
    ]  # fmt: skip


def test_what_contradicts_is_told_with_both_places(seat: Seat, tmp_path: Path) -> None:
    people: Rows = [*TITLE, ["室号", "姓名", "身份证号", "面积"], ["101室", "丁华", ONE, "50"]]
    phones: Rows = [*TITLE, ["室号", "姓名", "电话", "面积"], ["101室", "丁华", "13900000001", "60"]]
    path = book(tmp_path, ("人员", people), ("电话", phones))
    report = imports.import_roster(seat, path)
    [otherwise] = [one for one in report.problems if "says otherwise" in one.message]
    assert (otherwise.sheet, otherwise.row) == ("电话", 3)
    assert "row 3 of sheet 人员" in otherwise.message
    assert "otherwise: Area." in otherwise.message
    office = Office(seat, tmp_path)
    assert (office.phones("丁华"), report.households) == (["13900000001"], 1)


def test_another_document_of_a_member_is_told_with_both_places() -> None:
    people: Rows = [
        *TITLE, ["室号", "姓名", "与户主关系", "电话"],
        ["101室", "丁华", "户主", ""], ["101室", "李新", "配偶", "13900000002"],
    ]  # fmt: skip
    more: Rows = [*TITLE, ["室号", "姓名", "身份证号", "电话"], ["101室", "李新", TWO, "13900000009"]]
    roster = draft(("人员", people), ("证件", more))
    [row] = roster.rows
    assert [(one.id_number, one.phones) for one in row.persons] == [(TWO, ("13900000002",))]
    [otherwise] = [one for one in roster.problems if "says otherwise" in one.message]
    assert (otherwise.sheet, otherwise.row) == ("证件", 3)
    assert "row 3 of sheet 人员" in otherwise.message
    assert "Telephone" in otherwise.message


def test_another_name_in_the_home_is_another_holder_and_told() -> None:
    roster = draft(("人员", PEOPLE), ("电话", [*TITLE, *PHONES, ["103室", "王小五", "13900000003"]]))
    assert households(tuple(roster.rows))[-1] == ("1号", "103室", "王小五", "", ("13900000003",))


def test_two_of_one_name_are_told_apart_by_their_documents_alone() -> None:
    people: Rows = [*TITLE, ["室号", "姓名", "身份证号"], ["101室", "丁华", ONE], ["101室", "丁华", TWO]]
    roster = draft(("人员", people), ("电话", [*TITLE, *PHONES[:2]]))
    assert [row.phones for row in roster.rows] == [(), (), ("13900000001",)]


@pytest.mark.parametrize("sheet", ["租客", "已搬走人员"])
def test_renters_and_people_who_left_are_not_joined_to_holders(sheet: str) -> None:
    roster = draft(("业主", PEOPLE), (sheet, [["福元小区1号"], *PHONES]))
    assert len(roster.rows) == 5


def test_a_sheet_for_each_building_is_read_as_before() -> None:
    header = ["室号", "姓名", "电话"]
    sheets: list[tuple[str, Rows]] = [
        (house, [[f"福元小区{house}"], header, ["101室", "丁华", phone]])
        for house, phone in (("1号", ""), ("2号", "13900000001"))
    ]
    roster = draft(*sheets)
    assert households(tuple(roster.rows)) == [
        ("1号", "101室", "丁华", "", ()), ("2号", "101室", "丁华", "", ("13900000001",)),
    ]  # fmt: skip


def test_rooms_of_other_people_are_put_into_no_building_of_another_sheet() -> None:
    phones: Rows = [
        ["室号", "姓名", "电话"],
        ["101室", "赵敏", ""],
        ["102室", "钱九", ""],
        ["103室", "王五", ""],
    ]
    roster = draft(("1号", PEOPLE), ("电话", phones))
    assert [row.building for row in roster.rows][3:] == ["福元小区"] * 3


def test_a_sheet_that_names_no_estate_beside_two_is_refused(seat: Seat, tmp_path: Path) -> None:
    header = ["楼栋", "室号", "姓名"]
    path = book(
        tmp_path,
        ("甲", [["福元小区名册"], header, ["1号", "101室", "丁华"]]),
        ("乙", [["长乐坊名册"], header, ["1号", "101室", "李新"]]),
        ("丙", [header, ["1号", "102室", "王五"]]),
    )
    with pytest.raises(InvalidInput, match="the estate of each sheet: 丙"):
        imports.import_roster(seat, path)


def test_it_is_told_which_row_a_row_was_joined_to() -> None:
    roster = draft(("人员", PEOPLE), ("电话", PHONES))
    [said] = about_row(roster, "电话", 3)
    assert "row 4 of sheet 人员" in said
    assert "福元小区1号102室" in said


def test_the_same_workbook_next_year_changes_nothing(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    path = book(tmp_path, ("人员", PEOPLE), ("电话", PHONES))
    office.take(path)
    assert counted(office.take(path, EVERYTHING)) == {"unchanged": 3}
    newer = book(
        tmp_path, ("人员", PEOPLE), ("电话", [PHONES[0], ["101室", "丁华", "13800000001"], PHONES[2]])
    )
    assert told(office.take(newer, EVERYTHING)) == [
        ("changed", "1号101室 phone", "13900000001", "13800000001"),
    ]


def book(folder: Path, *sheets: tuple[str, Rows]) -> Path:
    """Write a workbook."""
    made = Workbook()
    for name, rows in sheets:
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    del made["Sheet"]
    made.save(path := folder / "名册.xlsx")
    return path
