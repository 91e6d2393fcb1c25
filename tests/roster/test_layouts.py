"""Rosters with layouts different from those of this office."""

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.reader import refuse_unconfirmed
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, plan, summary_of


def test_an_english_roster() -> None:
    roster = draft(
        [
            ["Community", "Building", "Room", "Owner Name", "Mobile", "ID No.", "Area (m2)", "Remarks"],
            [
                "Fuyuan Garden",
                "3号楼",
                "501",
                "John Smith",
                "13812345678",
                "E12345678",
                88.5,
                "speaks English",
            ],
        ]
    )
    row = roster.rows[0]
    assert (row.estate, row.building, row.unit, row.name) == ("Fuyuan Garden", "3号楼", "501室", "John Smith")
    assert (row.id_kind, row.area, row.remarks) == ("passport", 8850, "speaks English")


def test_a_header_in_the_sixth_row_numbers_as_cells_and_a_sum() -> None:
    roster = draft(
        [
            ["瑞金二路街道"],
            ["福元小区居民信息汇总表"],
            [],
            ["填表人：张三", "", "日期：2025.1.1"],
            [],
            ["楼号", "房号", "姓名", "手机号码", "面积"],
            [1.0, 101.0, "张三", 13812345678.0, 88.1],
            ["", 102.0, "李四", 13812345679.0, 88.2],
            [2.0, 101.0, "王五", "13812345670", 77],
            ["小计", "", "3户", "", 253.3],
        ]
    )
    assert roster.estates == ("福元小区",)
    assert summary_of(roster) == [
        ("1号楼", "101室", "张三"),
        ("1号楼", "102室", "李四"),
        ("2号楼", "101室", "王五"),
    ]
    assert roster.rows[0].phones == ("13812345678",)


def test_a_header_of_three_levels_with_owner_and_tenant() -> None:
    roster = draft(
        [
            ["基本情况", "", "", "人员情况", "", "", ""],
            ["房屋", "", "面积", "产权人", "", "承租人", ""],
            ["幢号", "室号", "建筑面积", "姓名", "电话", "姓名", "电话"],
            ["1", "101", 50.5, "张三", "13812345678", "赵六", "13712345678"],
            ["1", "102", 50.5, "李四", "13812345677", "", ""],
        ],
        merged=[((0, 0), (0, 2)), ((0, 3), (0, 6)), ((1, 0), (1, 1)), ((1, 3), (1, 4)), ((1, 5), (1, 6))],
        file="福元小区名册.xlsx",
    )
    assert [(row.name, row.role, row.phones) for row in roster.rows] == [
        ("张三", "owner", ("13812345678",)),
        ("李四", "owner", ("13812345677",)),
        ("赵六", "renter", ("13712345678",)),
    ]
    made = plan(roster)
    assert (len(made.units), len(made.households), roster.rows[0].area) == (2, 3, 5050)


def test_one_column_of_addresses() -> None:
    roster = draft(
        [
            ["姓名", "地址", "联系方式"],
            ["张三", "上海市黄浦区南昌路168弄4号甲亭子间", "13812345678"],
            ["李四", "南昌路１６８弄４号乙 前楼", "62093705"],
            ["王五", "南昌路168弄5号", "无"],
        ]
    )
    assert roster.estates == ("南昌路168弄",)
    assert summary_of(roster) == [
        ("4号甲", "亭子间", "张三"),
        ("4号乙", "前楼", "李四"),
        ("5号", "整幢", "王五"),
    ]
    assert "whole house" in roster.problems[0].message


def test_addresses_under_a_title_give_the_estate_its_address() -> None:
    roster = draft(
        [
            ["福元小区业主名册"],
            ["地址", "姓名"],
            ["建国中路100弄1号101室", "张三"],
            ["建国中路100弄2号101室", "李四"],
        ]
    )
    assert (roster.estates, roster.addresses) == (("福元小区",), {"福元小区": "建国中路100弄"})
    assert summary_of(roster) == [("1号", "101室", "张三"), ("2号", "101室", "李四")]


def test_houses_of_one_road_and_rows_of_two_lanes() -> None:
    houses = draft([["地址", "姓名"], ["复兴中路1号101室", "张三"], ["复兴中路3号前楼", "王五"]])
    assert (houses.estates, summary_of(houses)[1]) == (("复兴中路",), ("3号", "前楼", "王五"))
    lanes = draft([["地址", "户主"], ["南昌路168弄4号亭子间", "张三"], ["南昌路170弄1号前楼", "李四"]])
    assert lanes.estates == ("南昌路168弄", "南昌路170弄")


def test_blank_columns_between() -> None:
    roster = draft(
        [
            ["", "门牌", "", "部位", "", "户主", "", "电话", ""],
            ["", "1号", "", "前楼", "", "张三", "", "13812345678", ""],
            ["", "", "", "后楼", "", "李四", "", "", ""],
        ],
        file="南昌路168弄.xlsx",
    )
    assert summary_of(roster) == [("1号", "前楼", "张三"), ("1号", "后楼", "李四")]


def test_two_tables_below_each_other_with_different_columns() -> None:
    roster = draft(
        [
            ["一号楼"],
            ["室号", "业主", "电话"],
            ["101", "张三", "13812345678"],
            [],
            ["二号楼"],
            ["室号", "业主", "面积"],
            ["101", "王五", 55.5],
        ],
        file="福元小区.xlsx",
    )
    assert summary_of(roster) == [("1号楼", "101室", "张三"), ("2号楼", "101室", "王五")]
    assert roster.rows[1].area == 5550


def test_two_tables_beside_each_other() -> None:
    roster = draft(
        [
            ["福元小区1号楼业主名单"],
            ["室号", "姓名", "电话", "", "室号", "姓名", "电话"],
            ["101", "张三", "13812345678", "", "201", "王五", ""],
            ["102", "李四", "", "", "", "", ""],
        ]
    )
    assert summary_of(roster) == [
        ("1号楼", "101室", "张三"),
        ("1号楼", "102室", "李四"),
        ("1号楼", "201室", "王五"),
    ]


def test_buildings_as_headings_with_sums_between() -> None:
    roster = draft(
        [
            ["太阳都市花园业主清册"],
            ["房号", "业主", "建筑面积"],
            ["1号楼", "", ""],
            ["101", "张三", 50.5],
            ["1号楼小计", "", 50.5],
            ["2号楼", "", ""],
            ["101", "王五", 60.5],
            ["合计", "", 111],
            ["制表：", "", "审核："],
        ],
        merged=[((2, 0), (2, 2)), ((5, 0), (5, 2))],
    )
    assert summary_of(roster) == [("1号楼", "101室", "张三"), ("2号楼", "101室", "王五")]


def test_a_header_repeated_on_every_page() -> None:
    page = [["福元小区业主名册"], ["楼号", "室号", "姓名"]]
    roster = draft(
        [
            *page,
            ["1号楼", "101", "张三"],
            ["第1页 共2页", "", ""],
            *page,
            ["1号楼", "102", "李四"],
            ["第2页 共2页", "", ""],
        ]
    )
    assert summary_of(roster) == [("1号楼", "101室", "张三"), ("1号楼", "102室", "李四")]


def test_sheets_named_for_buildings_floors_or_estates() -> None:
    header: list[Cell] = ["室号", "业主"]
    buildings = draft(
        ("1号楼", [header, ["101", "张三"]]),
        ("2号楼", [header, ["101", "王五"]]),
        ("说明", [["本表由居委会填写"], ["请勿外传"]]),
        file="福元小区.xlsx",
    )
    assert summary_of(buildings) == [("1号楼", "101室", "张三"), ("2号楼", "101室", "王五")]
    assert (buildings.sheets, [problem.sheet for problem in buildings.problems]) == (2, ["说明"])
    floors = draft(("二楼", [["部位", "承租人"], ["前楼", "王五"]]), file="南昌路168弄4号住户名册.xlsx")
    assert (floors.estates, summary_of(floors), floors.rows[0].floor) == (
        ("南昌路168弄",), [("4号", "前楼", "王五")], "二楼",
    )  # fmt: skip
    lanes = draft(
        ("南昌路168弄", [["门牌", "部位", "户主"], ["1号", "前楼", "张三"]]),
        ("思南路26弄", [["门牌", "部位", "户主"], ["1号", "前楼", "李四"]]),
        file="名册.xlsx",
    )
    assert lanes.estates == ("南昌路168弄", "思南路26弄")


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("房屋编号", "1-2-301"),
        ("栋-单元-房号", "1-2-301"),
        ("幢号/单元/室号", "1号楼/2单元/301室"),
        ("楼/室", "1号楼2单元301"),
        ("房屋坐落", "1号楼2单元301室"),
    ],
)
def test_building_entrance_and_room_in_one_cell(header: str, cell: str) -> None:
    roster = draft([[header, "业主姓名", "联系电话"], [cell, "张三", "13812345678"]], file="福元小区.xlsx")
    row = roster.rows[0]
    assert (row.building, row.entrance, row.unit, row.floor) == ("1号楼", "2单元", "301室", "3楼")


def test_road_lane_gate_and_room_in_columns() -> None:
    roster = draft(
        [
            ["路", "弄", "号", "室", "姓名"],
            ["南昌路", "168", "4", "亭子间", "张三"],
            ["南昌路", "168", "4甲", "前楼", "李四"],
            ["南昌路", "168", 10.0, 101.0, "王五"],
        ]
    )
    assert roster.estates == ("南昌路168弄",)
    assert summary_of(roster) == [
        ("4号", "亭子间", "张三"),
        ("4号甲", "前楼", "李四"),
        ("10号", "101室", "王五"),
    ]


def test_several_estates_in_a_column_filled_down() -> None:
    roster = draft(
        [
            ["小区名称", "楼栋", "房号", "业主"],
            ["福元小区", "1幢", "101", "张三"],
            ["", "", "102", "李四"],
            ["富南大厦", "", "101", "王五"],
        ]
    )
    assert roster.estates == ("福元小区", "富南大厦")
    assert summary_of(roster) == [
        ("1幢", "101室", "张三"),
        ("1幢", "102室", "李四"),
        ("富南大厦", "101室", "王五"),
    ]


def test_columns_in_any_order_with_stars_and_line_breaks() -> None:
    roster = draft(
        [
            ["备 注", "联 系\n电 话", "*户 主\n姓 名", "室", "号"],
            ["独居", "13812345678", "张 三", "前楼", "4"],
        ],
        file="南昌路168弄.xlsx",
    )
    assert summary_of(roster) == [("4号", "前楼", "张三")]
    assert (roster.rows[0].remarks, roster.rows[0].phones) == ("独居", ("13812345678",))


def test_a_list_of_persons_is_a_list_of_households() -> None:
    roster = draft(
        [
            ["门牌号", "室号", "姓名", "与户主关系", "身份证号"],
            ["1号", "101", "张三", "户主", "310101195001050008"],
            ["1号", "101", "李四", "妻", ""],
            ["1号", "101", "张小三", "子", ""],
            ["1号", "102", "王五", "本人", ""],
        ],
        file="福元小区.xlsx",
    )
    assert [(row.name, row.people) for row in roster.rows] == [("张三", 3), ("王五", None)]
    assert [(one.name, one.relation) for one in roster.rows[0].persons] == [
        ("李四", "spouse"),
        ("张小三", "child"),
    ]


def test_a_household_over_several_lines() -> None:
    rows: list[list[Cell]] = [
        ["序号", "门牌", "室号", "户主", "电话", "备注"],
        [1, "1号", "101", "张三", "13812345678", ""],
        ["", "", "", "", "13912345678", "女儿电话"],
        [2, "1号", "102", "李四", "", ""],
        ["", "", "", "王五", "13712345678", ""],
    ]
    roster = draft(rows, file="福元小区.xlsx")
    assert [(row.unit, row.name, row.phones) for row in roster.rows] == [
        ("101室", "张三", ("13812345678", "13912345678")),
        ("102室", "李四", ()),
        ("102室", "王五", ("13712345678",)),
    ]
    assert roster.rows[0].remarks == "女儿电话"


def test_merged_cells_apply_to_each_row() -> None:
    roster = draft(
        [
            ["门牌", "室号", "户主", "电话"],
            ["1号", "101", "张三", "13812345678"],
            ["", "", "", "13912345678"],
            ["", "102", "李四", ""],
        ],
        merged=[((1, 0), (3, 0)), ((1, 1), (2, 1)), ((1, 2), (2, 2))],
        file="福元小区.xlsx",
    )
    assert [(row.unit, row.phones) for row in roster.rows] == [
        ("101室", ("13812345678", "13912345678")),
        ("102室", ()),
    ]


def test_owner_and_renter_and_somebody_to_call() -> None:
    roster = draft(
        [
            ["室号", "业主姓名", "业主电话", "租客姓名", "租客电话", "租客身份证", "紧急联系人"],
            ["101", "张三", "13812345678", "李四", "13712345678", "310101195001050008", "王五(儿子)"],
        ],
        file="福元小区1号楼.xlsx",
    )
    owner, renter = roster.rows
    assert (owner.name, owner.phones, owner.id_number, owner.contact) == (
        "张三",
        ("13812345678",),
        "",
        "王五(儿子)",
    )
    assert (renter.name, renter.role, renter.phones) == ("李四", "renter", ("13712345678",))
    assert renter.id_number == "310101195001050008"


def test_vacancy_in_its_own_column_and_unknown_columns_in_the_remarks() -> None:
    roster = draft(
        [
            ["门牌", "室号", "户主", "是否空关", "入住日期", "车牌号"],
            ["1号", "101", "张三", "是", "1985.3", "沪A00000"],
            ["1号", "102", "李四", "否", "", ""],
        ],
        file="福元小区.xlsx",
    )
    assert [row.vacant for row in roster.rows] == [True, False]
    assert "车牌号：沪A00000" in roster.rows[0].remarks
    assert "入住日期：1985.3" in roster.rows[0].remarks


def test_units_without_holders_are_imported() -> None:
    made = plan(draft([["楼号", "室号", "建筑面积"], ["1号楼", "101", 50.5]], file="福元小区.xlsx"))
    assert (len(made.units), len(made.households)) == (1, 0)


def test_a_column_of_names_without_a_known_header_is_guessed_and_must_be_confirmed() -> None:
    rows: list[list[Cell]] = [
        ["房间", "谁住", "手机"],
        ["101", "张三丰", "13812345678"],
        ["102", "李四光", "13812345679"],
    ]
    roster = draft(rows, file="福元小区1号楼.xlsx")
    assert [row.name for row in roster.rows] == ["张三丰", "李四光"]
    assert [problem.column for problem in roster.problems] == ["B"]
    with pytest.raises(InvalidInput, match="B = Name of the holder"):
        refuse_unconfirmed(roster)
    refuse_unconfirmed(draft(rows, file="福元小区1号楼.xlsx", mapping={"Sheet1": {1: "name"}}))
