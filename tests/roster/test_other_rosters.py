"""Rosters of other offices, each with a peculiarity that is easily misread."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from fuyuan_desk.formats.phones import read_phones
from fuyuan_desk.roster.reading.plan import Known, Plan, plan_import
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.reading.titles import read_title
from fuyuan_desk.workbook.parser import Cell, Range
from fuyuan_desk.workbook.reader import Sheet, Workbook

Rows = list[list[Cell]]


def draft(
    sheets: dict[str, Rows], merged: Sequence[Range] = (), file: str = "导出.xlsx", estate: str = ""
) -> RosterDraft:
    """Interpret sheets given by name."""
    book = Workbook(Path(file), tuple(Sheet(name, rows, tuple(merged)) for name, rows in sheets.items()))
    return understand(book, estate)


def plan(roster: RosterDraft) -> Plan:
    """Plan the import into an empty store."""
    return plan_import(roster.rows, Known())


def sizes(roster: RosterDraft) -> tuple[int, int, int, int, int]:
    """Count buildings, units, households, duplicates and rejected rows."""
    made = plan(roster)
    return (
        len(made.buildings), len(made.units), len(made.households), len(made.duplicates), len(made.rejected)
    )  # fmt: skip


def test_a_line_of_signatures_is_not_a_household() -> None:
    roster = draft(
        {
            "表": [
                ["建国西路135弄住户登记表"],
                ["序号", "门牌", "室号", "户主", "联系方式", "建面"],
                [1.0, "1号", "101", "王建国", "13812345678", 50.0],
                ["填表人：王某某", "", "", "审核人：", "", "（盖章）"],
            ]
        }
    )
    assert sizes(roster) == (1, 1, 1, 0, 0)
    assert roster.problems == ()


def test_a_sheet_for_each_entrance_of_one_building() -> None:
    def sheet(entrance: str) -> Rows:
        return [[f"海棠苑3号楼{entrance}住户表"], ["房间号", "业主姓名"], ["101", "王建国"], ["102", "李丽"]]

    roster = draft({"一单元": sheet("一单元"), "二单元": sheet("二单元")})
    assert roster.estates == ("海棠苑",)
    assert sizes(roster) == (1, 4, 4, 0, 0)
    assert {(row.building, row.entrance) for row in roster.rows} == {("3号楼", "1单元"), ("3号楼", "2单元")}


@pytest.mark.parametrize(
    ("text", "numbers", "words", "doubts"),
    [
        ("17617524480.0", ("17617524480",), "", 0),
        ("1.3812345678E+10", ("13812345678",), "", 0),
        ("1.38E+10", (), "1.38E+10", 1),
        ("'13812345678\n'13912345678", ("13812345678", "13912345678"), "", 0),
        ('="13812345678"', ("13812345678",), "", 0),
    ],
)
def test_numbers_that_went_through_a_spreadsheet(
    text: str, numbers: tuple[str, ...], words: str, doubts: int
) -> None:
    read = read_phones(text)
    assert (read.numbers, read.words, len(read.doubts)) == (numbers, words, doubts)


@pytest.mark.parametrize("cell", ["3.10103E+17", "3.10103195001010E+17", 310103195001010000.0])
def test_an_id_number_rounded_by_a_spreadsheet_is_reported_and_dropped(cell: Cell) -> None:
    roster = draft(
        {"表": [["楼号", "室号", "姓名", "身份证"], ["3", "401", "王建国", cell]]}, estate="福元小区"
    )
    assert roster.rows[0].id_number == ""
    assert [(problem.column, problem.severity) for problem in roster.problems] == [("D", "warning")]


def test_words_for_an_empty_home_are_no_names() -> None:
    names = ("空关", "空置", "待租", "无人居住", "王建国")
    homes: Rows = [["1", str(101 + place), name] for place, name in enumerate(names)]
    roster = draft({"表": [["楼号", "室号", "户主"], *homes]}, estate="福元小区")
    assert sizes(roster) == (1, 5, 1, 0, 0)
    assert [row.vacant for row in roster.rows] == [True, True, True, True, False]
    assert roster.rows[0].remarks == "空关"


def test_one_house_written_in_several_ways_is_one_building() -> None:
    rooms = ("3-501", "3#502", "3幢504", "3号楼505室", "3栋508", "3号501")
    homes: Rows = [[room, "王建国"] for room in rooms]
    roster = draft({"表": [["房号", "业主"], *homes]}, estate="福元小区")
    assert sizes(roster) == (1, 5, 5, 1, 0)


def test_landlord_and_renter_are_two_households() -> None:
    roster = draft(
        {
            "表": [
                ["楼号", "室号", "房东", "房东电话", "租客", "租客电话"],
                ["2", "101", "王建国", "13812345678", "李丽", "13912345678"],
                ["2", "201", "赵敏", "13712345678", "", ""],
            ]
        },
        estate="福元小区",
    )
    assert [(row.unit, row.name, row.role, row.phones) for row in roster.rows] == [
        ("101室", "王建国", "owner", ("13812345678",)),
        ("201室", "赵敏", "owner", ("13712345678",)),
        ("101室", "李丽", "renter", ("13912345678",)),
    ]


def test_residents_are_preferred_to_registered_persons() -> None:
    roster = draft(
        {"表": [["楼号", "室号", "姓名", "户籍人数", "常住人数"], ["1", "101", "王建国", 5.0, 2.0]]},
        estate="福元小区",
    )
    assert (roster.rows[0].people, roster.rows[0].remarks) == (2, "户籍人数：5")


@pytest.mark.parametrize(
    ("title", "estate"),
    [
        ("坐落：思南路26弄", "思南路26弄"),
        ("小区名称：福元小区", "福元小区"),
        ("附件1：福元小区业主名册", "福元小区"),
        ("总户数：6户", ""),
    ],
)
def test_labels_before_an_estate_are_not_part_of_its_name(title: str, estate: str) -> None:
    assert read_title(title).estate == estate


def test_lines_of_a_form_above_the_table_are_no_header() -> None:
    roster = draft(
        {
            "表": [
                ["填报单位：", "福元居委会", "联系人：王老师", "电话：63331234"],
                ["小区名称：福元小区", "建成年份：2003年", "总户数：1户"],
                ["楼号", "室号", "业主姓名", "手机"],
                ["1号楼", "101", "王建国", "13812345678"],
            ]
        }
    )
    assert roster.estates == ("福元小区",)
    assert sizes(roster) == (1, 1, 1, 0, 0)


def test_headings_may_name_lanes_as_well_as_buildings() -> None:
    lane: Rows = [["1号", "前楼", "王建国"], ["", "后楼", "李丽"]]
    roster = draft({"表": [["门牌", "部位", "户主"], ["南昌路110弄"], *lane, ["南昌路136弄"], *lane]})
    assert roster.estates == ("南昌路110弄", "南昌路136弄")
    assert sizes(roster) == (2, 4, 4, 0, 0)


def test_tables_under_and_beside_each_other_take_their_own_titles() -> None:
    home: Rows = [["101", "王建国"], ["102", "李丽"]]
    under = draft(
        {
            "表": [
                ["福元花园1号楼住户表"],
                ["室号", "姓名"],
                *home,
                ["福元花园2号楼住户表"],
                ["室号", "姓名"],
                *home,
            ]
        }
    )
    beside = draft(
        {
            "表": [
                ["福元花园1号楼", "", "福元花园2号楼", ""],
                ["室号", "姓名", "室号", "姓名"],
                *([*row, *row] for row in home),
            ]
        },
        merged=[((0, 0), (0, 1)), ((0, 2), (0, 3))],
    )
    for roster in (under, beside):
        assert roster.estates == ("福元花园",)
        assert {row.building for row in roster.rows} == {"1号楼", "2号楼"}
        assert sizes(roster) == (2, 4, 4, 0, 0)


def test_statistics_sums_examples_and_numbers_of_columns_are_no_households() -> None:
    roster = draft(
        {
            "汇总": [["小区", "楼号", "户数", "总面积"], ["海悦花园", "1号楼", 2.0, 100.0]],
            "明细": [
                ["小区", "楼号", "室号", "业主", "面积"],
                ["例：福元小区", "1号楼", "101", "张三", "50"],
                ["海悦花园", "1号楼", "101", "王建国", 50.0],
                ["", "", "102", "李丽", 50.0],
                ["", "", "", "", 100.0],
            ],
            "二期": [
                ["小区", "楼号", "室号", "业主"],
                [1.0, 2.0, 3.0, 4.0],
                ["海悦花园", "2号楼", "101", "赵敏"],
            ],
        }
    )
    assert roster.estates == ("海悦花园",)
    assert sizes(roster) == (2, 3, 3, 0, 0)


def test_rows_below_the_last_household_are_ignored() -> None:
    roster = draft(
        {
            "表": [
                ["永嘉坊业主表"],
                ["室号", "业主", "电话"],
                ["3-101", "王建国", "13812345678"],
                ["3-102"],
                ["永嘉坊业主委员会"],
                ["2025年3月"],
                ["联系电话：64331234"],
                ["经办：", "王五", ""],
                ["平均", "", "50"],
            ]
        }
    )
    assert roster.estates == ("永嘉坊",)
    assert [(row.building, row.unit, row.name) for row in roster.rows] == [
        ("3号楼", "101室", "王建国"),
        ("3号楼", "102室", ""),
    ]


def test_floor_and_door_make_the_room() -> None:
    homes: Rows = [[2.0, floor, door, "王建国"] for floor in (1.0, 2.0) for door in (1.0, 2.0)]
    roster = draft({"表": [["大华公寓"], ["楼号", "层", "室", "业主"], *homes]})
    assert [row.unit for row in roster.rows] == ["101室", "102室", "201室", "202室"]


def test_sheets_named_by_numbers_are_buildings() -> None:
    sheet: Rows = [["福元新村"], ["室号", "户主"], ["101", "王建国"]]
    roster = draft({"1": sheet, "2": sheet})
    assert sizes(roster) == (2, 2, 2, 0, 0)


def test_the_room_is_not_the_number_of_the_account() -> None:
    roster = draft(
        {
            "福元小区": [
                ["户号", "楼号", "房号", "业主", "电话"],
                ["10001", "1号楼", "101", "王建国", 2162093705.0],
            ]
        }
    )
    row = roster.rows[0]
    assert (row.unit, row.remarks, row.phones) == ("101室", "户号：10001", ("021-62093705",))


def test_a_telephone_beside_the_name_is_found() -> None:
    cells = ("王建国 13812345678", "李丽13912345678", "赵敏（13712345678）", "陈伟（已故）")
    homes: Rows = [["1", str(101 + place), cell] for place, cell in enumerate(cells)]
    roster = draft({"表": [["楼号", "室号", "业主及电话"], *homes]}, estate="福元小区")
    assert [(row.name, row.phones, row.remarks) for row in roster.rows] == [
        ("王建国", ("13812345678",), ""),
        ("李丽", ("13912345678",), ""),
        ("赵敏", ("13712345678",), ""),
        ("陈伟", (), "已故"),
    ]


def test_ditto_marks_repeat_the_cell_above() -> None:
    roster = draft(
        {
            "福元小区": [
                ["楼号", "室号", "业主"],
                ["2号楼", "101", "王建国"],
                ["同上", "102", "李丽"],
                ["〃", "103", "赵敏"],
            ]
        }
    )
    assert [row.building for row in roster.rows] == ["2号楼"] * 3
