"""Rosters as offices have them: four real ones in shape, and many more that look quite different."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from fuyuan_desk.errors import InvalidInput
from fuyuan_desk.estates.importplan import Known, Plan, plan_import
from fuyuan_desk.estates.places import place_in_title, same_estate
from fuyuan_desk.estates.roster import RosterDraft, refuse_unconfirmed, understand
from fuyuan_desk.workbook.reader import Cell, Range, Sheet, Workbook, read_workbook

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
Rows = Sequence[list[Cell]]


def draft(
    *sheets: tuple[str, Rows] | Rows,
    merged: Sequence[Range] = (),
    file: str = "导出.xlsx",
    estate: str = "",
    mapping: Mapping[str, Mapping[int, str]] | None = None,
) -> RosterDraft:
    """Understand sheets given as rows, or as name and rows."""
    named = [sheet if isinstance(sheet, tuple) else ("Sheet1", sheet) for sheet in sheets]
    book = Workbook(Path(file), tuple(Sheet(name, rows, tuple(merged)) for name, rows in named))
    return understand(book, estate, mapping)


def plan(told: RosterDraft) -> Plan:
    """Plan the import into an empty store."""
    return plan_import(told.rows, Known())


def told_of(told: RosterDraft) -> list[tuple[str, str, str]]:
    """Give building, unit and holder of every row."""
    return [(row.building, row.entrance + row.unit, row.name) for row in told.rows]


# ---- the four of this office ----


def test_the_lane_has_twelve_gates_and_a_household_written_twice() -> None:
    told = understand(read_workbook(ROSTERS / "南昌路168弄住户名册.xlsx"))
    made = plan(told)
    assert told.estates == ("南昌路168弄",)
    assert (len(made.buildings), len(made.units), len(made.households)) == (12, 85, 85)
    assert [(row.row, row.name) for row in made.duplicates] == [(90, "段志洋")]
    assert [(problem.row, problem.column, problem.severity) for problem in told.problems] == [
        (11, "F", "warning"),
        (57, "F", "warning"),
    ]
    first = told.rows[0]
    assert (first.building, first.unit, first.area, first.people, first.vacant) == (
        "1号",
        "灶间",
        1340,
        0,
        True,
    )
    assert (first.tenure, first.role, first.remarks) == ("private", "owner", "独居老人")
    second = told.rows[1]
    assert (second.area, second.phones, second.role) == (1240, ("021-62093705",), "tenant")
    kept = [row for row in told.rows if row.row == 11]
    assert kept[0].id_number == "310101198801060000"
    assert told.rows[4].phones == ("13677900348", "16520326631")
    assert told.rows[4].id_number == "31010119410605000X"


def test_the_tower_has_homes_and_offices_on_two_sheets() -> None:
    told = understand(read_workbook(ROSTERS / "富南大厦业主清册.xlsx"))
    made = plan(told)
    assert (told.estates, told.sheets, len(made.units), told.problems) == (("富南大厦",), 2, 171, ())
    assert [sum(row.use == use for row in told.rows) for use in ("home", "office")] == [132, 39]
    company = next(row for row in told.rows if row.name == "上海海棠文化传播有限公司")
    assert (company.is_company, company.id_kind, company.floor, company.unit) == (
        True,
        "resident",
        "1楼",
        "1B室",
    )
    assert told.rows[0].name == "古丽·阿依木"
    assert (told.rows[0].inner_area, told.rows[0].fund_balance) == (9056, 151303)
    assert told.rows[1].phones == ("14687360264",)


def test_the_fund_list_has_deposits_and_balances() -> None:
    told = understand(read_workbook(ROSTERS / "太阳都市花园后期维修资金.xlsx"))
    made = plan(told)
    assert told.estates == ("太阳都市花园（后期）",)
    assert (len(made.buildings), len(made.units), told.problems) == (5, 360, ())
    assert sum(row.topped_up is True for row in told.rows) == 260
    assert all(row.topped_up_on for row in told.rows if row.topped_up)
    first = told.rows[0]
    assert (first.fund_first, first.fund_balance, first.topped_up_on) == (566239, 26290, date(2023, 2, 13))
    assert sorted({row.contact for row in told.rows}) == ["", "+81-90-1234-5678", "+852 9123 4567", "微信"]


def test_the_tenants_in_gb18030_lie_in_their_lane() -> None:
    told = understand(read_workbook(ROSTERS / "思南路26弄承租人.csv"))
    made = plan(told)
    assert told.estates == ("思南路26弄",)
    assert (len(made.buildings), len(made.units), told.problems) == (30, 120, ())
    first = told.rows[0]
    assert (first.building, first.role, first.lease_no, first.inner_area) == (
        "1号",
        "tenant",
        "HP-76785",
        2620,
    )


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_open_formats_are_read_the_same(kind: str) -> None:
    told = understand(read_workbook(ROSTERS / f"永嘉坊.{kind}"))
    assert told.estates == ("永嘉坊",)
    assert told_of(told) == [
        ("1号", "前楼", "王一新"),
        ("1号", "后楼", "李二宝"),
        ("2号", "亭子间", "张三丰"),
    ]


# ---- others ----


def test_an_english_roster() -> None:
    told = draft(
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
    row = told.rows[0]
    assert (row.estate, row.building, row.unit, row.name) == ("Fuyuan Garden", "3号楼", "501室", "John Smith")
    assert (row.id_kind, row.area, row.remarks) == ("passport", 8850, "speaks English")


def test_a_header_in_the_sixth_row_numbers_as_cells_and_a_sum() -> None:
    told = draft(
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
    assert told.estates == ("福元小区",)
    assert told_of(told) == [
        ("1号楼", "101室", "张三"),
        ("1号楼", "102室", "李四"),
        ("2号楼", "101室", "王五"),
    ]
    assert told.rows[0].phones == ("13812345678",)


def test_a_header_of_three_levels_with_owner_and_tenant() -> None:
    told = draft(
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
    assert [(row.name, row.role, row.phones) for row in told.rows] == [
        ("张三", "owner", ("13812345678",)),
        ("李四", "owner", ("13812345677",)),
        ("赵六", "renter", ("13712345678",)),
    ]
    made = plan(told)
    assert (len(made.units), len(made.households), told.rows[0].area) == (2, 3, 5050)


def test_one_column_of_addresses() -> None:
    told = draft(
        [
            ["姓名", "地址", "联系方式"],
            ["张三", "上海市黄浦区南昌路168弄4号甲亭子间", "13812345678"],
            ["李四", "南昌路１６８弄４号乙 前楼", "62093705"],
            ["王五", "南昌路168弄5号", "无"],
        ]
    )
    assert told.estates == ("南昌路168弄",)
    assert told_of(told) == [("4号甲", "亭子间", "张三"), ("4号乙", "前楼", "李四"), ("5号", "整幢", "王五")]
    assert "whole house" in told.problems[0].message


def test_addresses_under_a_title_give_the_estate_its_address() -> None:
    told = draft(
        [
            ["福元小区业主名册"],
            ["地址", "姓名"],
            ["建国中路100弄1号101室", "张三"],
            ["建国中路100弄2号101室", "李四"],
        ]
    )
    assert (told.estates, told.addresses) == (("福元小区",), {"福元小区": "建国中路100弄"})
    assert told_of(told) == [("1号", "101室", "张三"), ("2号", "101室", "李四")]


def test_houses_of_one_road_and_rows_of_two_lanes() -> None:
    houses = draft([["地址", "姓名"], ["复兴中路1号101室", "张三"], ["复兴中路3号前楼", "王五"]])
    assert (houses.estates, told_of(houses)[1]) == (("复兴中路",), ("3号", "前楼", "王五"))
    lanes = draft([["地址", "户主"], ["南昌路168弄4号亭子间", "张三"], ["南昌路170弄1号前楼", "李四"]])
    assert lanes.estates == ("南昌路168弄", "南昌路170弄")


def test_blank_columns_between() -> None:
    told = draft(
        [
            ["", "门牌", "", "部位", "", "户主", "", "电话", ""],
            ["", "1号", "", "前楼", "", "张三", "", "13812345678", ""],
            ["", "", "", "后楼", "", "李四", "", "", ""],
        ],
        file="南昌路168弄.xlsx",
    )
    assert told_of(told) == [("1号", "前楼", "张三"), ("1号", "后楼", "李四")]


def test_two_tables_below_each_other_with_different_columns() -> None:
    told = draft(
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
    assert told_of(told) == [("1号楼", "101室", "张三"), ("2号楼", "101室", "王五")]
    assert told.rows[1].area == 5550


def test_two_tables_beside_each_other() -> None:
    told = draft(
        [
            ["福元小区1号楼业主名单"],
            ["室号", "姓名", "电话", "", "室号", "姓名", "电话"],
            ["101", "张三", "13812345678", "", "201", "王五", ""],
            ["102", "李四", "", "", "", "", ""],
        ]
    )
    assert told_of(told) == [
        ("1号楼", "101室", "张三"),
        ("1号楼", "102室", "李四"),
        ("1号楼", "201室", "王五"),
    ]


def test_buildings_as_headings_with_sums_between() -> None:
    told = draft(
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
    assert told_of(told) == [("1号楼", "101室", "张三"), ("2号楼", "101室", "王五")]


def test_a_header_repeated_on_every_page() -> None:
    page = [["福元小区业主名册"], ["楼号", "室号", "姓名"]]
    told = draft(
        [
            *page,
            ["1号楼", "101", "张三"],
            ["第1页 共2页", "", ""],
            *page,
            ["1号楼", "102", "李四"],
            ["第2页 共2页", "", ""],
        ]
    )
    assert told_of(told) == [("1号楼", "101室", "张三"), ("1号楼", "102室", "李四")]


def test_sheets_named_for_buildings_floors_or_estates() -> None:
    header: list[Cell] = ["室号", "业主"]
    buildings = draft(
        ("1号楼", [header, ["101", "张三"]]),
        ("2号楼", [header, ["101", "王五"]]),
        ("说明", [["本表由居委会填写"], ["请勿外传"]]),
        file="福元小区.xlsx",
    )
    assert told_of(buildings) == [("1号楼", "101室", "张三"), ("2号楼", "101室", "王五")]
    assert (buildings.sheets, [problem.sheet for problem in buildings.problems]) == (2, ["说明"])
    floors = draft(("二楼", [["部位", "承租人"], ["前楼", "王五"]]), file="南昌路168弄4号住户名册.xlsx")
    assert (floors.estates, told_of(floors), floors.rows[0].floor) == (
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
    told = draft([[header, "业主姓名", "联系电话"], [cell, "张三", "13812345678"]], file="福元小区.xlsx")
    row = told.rows[0]
    assert (row.building, row.entrance, row.unit, row.floor) == ("1号楼", "2单元", "301室", "3楼")


def test_road_lane_gate_and_room_in_columns() -> None:
    told = draft(
        [
            ["路", "弄", "号", "室", "姓名"],
            ["南昌路", "168", "4", "亭子间", "张三"],
            ["南昌路", "168", "4甲", "前楼", "李四"],
            ["南昌路", "168", 10.0, 101.0, "王五"],
        ]
    )
    assert told.estates == ("南昌路168弄",)
    assert told_of(told) == [("4号", "亭子间", "张三"), ("4号甲", "前楼", "李四"), ("10号", "101室", "王五")]


def test_several_estates_in_a_column_filled_down() -> None:
    told = draft(
        [
            ["小区名称", "楼栋", "房号", "业主"],
            ["福元小区", "1幢", "101", "张三"],
            ["", "", "102", "李四"],
            ["富南大厦", "", "101", "王五"],
        ]
    )
    assert told.estates == ("福元小区", "富南大厦")
    assert told_of(told) == [
        ("1幢", "101室", "张三"),
        ("1幢", "102室", "李四"),
        ("富南大厦", "101室", "王五"),
    ]


def test_columns_in_any_order_with_stars_and_line_breaks() -> None:
    told = draft(
        [
            ["备 注", "联 系\n电 话", "*户 主\n姓 名", "室", "号"],
            ["独居", "13812345678", "张 三", "前楼", "4"],
        ],
        file="南昌路168弄.xlsx",
    )
    assert told_of(told) == [("4号", "前楼", "张三")]
    assert (told.rows[0].remarks, told.rows[0].phones) == ("独居", ("13812345678",))


def test_a_list_of_persons_is_a_list_of_households() -> None:
    told = draft(
        [
            ["门牌号", "室号", "姓名", "与户主关系", "身份证号"],
            ["1号", "101", "张三", "户主", "310101195001050008"],
            ["1号", "101", "李四", "妻", ""],
            ["1号", "101", "张小三", "子", ""],
            ["1号", "102", "王五", "本人", ""],
        ],
        file="福元小区.xlsx",
    )
    assert [(row.name, row.people) for row in told.rows] == [("张三", 3), ("王五", None)]
    assert "李四（妻）、张小三（子）" in told.rows[0].remarks


def test_a_household_over_several_lines() -> None:
    rows: list[list[Cell]] = [
        ["序号", "门牌", "室号", "户主", "电话", "备注"],
        [1, "1号", "101", "张三", "13812345678", ""],
        ["", "", "", "", "13912345678", "女儿电话"],
        [2, "1号", "102", "李四", "", ""],
        ["", "", "", "王五", "13712345678", ""],
    ]
    told = draft(rows, file="福元小区.xlsx")
    assert [(row.unit, row.name, row.phones) for row in told.rows] == [
        ("101室", "张三", ("13812345678", "13912345678")),
        ("102室", "李四", ()),
        ("102室", "王五", ("13712345678",)),
    ]
    assert told.rows[0].remarks == "女儿电话"


def test_merged_cells_say_the_same_in_each_row() -> None:
    told = draft(
        [
            ["门牌", "室号", "户主", "电话"],
            ["1号", "101", "张三", "13812345678"],
            ["", "", "", "13912345678"],
            ["", "102", "李四", ""],
        ],
        merged=[((1, 0), (3, 0)), ((1, 1), (2, 1)), ((1, 2), (2, 2))],
        file="福元小区.xlsx",
    )
    assert [(row.unit, row.phones) for row in told.rows] == [
        ("101室", ("13812345678", "13912345678")),
        ("102室", ()),
    ]


def test_owner_and_renter_and_somebody_to_call() -> None:
    told = draft(
        [
            ["室号", "业主姓名", "业主电话", "租客姓名", "租客电话", "租客身份证", "紧急联系人"],
            ["101", "张三", "13812345678", "李四", "13712345678", "310101195001050008", "王五(儿子)"],
        ],
        file="福元小区1号楼.xlsx",
    )
    owner, renter = told.rows
    assert (owner.name, owner.phones, owner.id_number, owner.contact) == (
        "张三",
        ("13812345678",),
        "",
        "王五(儿子)",
    )
    assert (renter.name, renter.role, renter.phones) == ("李四", "renter", ("13712345678",))
    assert renter.id_number == "310101195001050008"


def test_vacancy_in_its_own_column_and_words_that_are_kept() -> None:
    told = draft(
        [
            ["门牌", "室号", "户主", "是否空关", "入住日期", "车牌号"],
            ["1号", "101", "张三", "是", "1985.3", "沪A00000"],
            ["1号", "102", "李四", "否", "", ""],
        ],
        file="福元小区.xlsx",
    )
    assert [row.vacant for row in told.rows] == [True, False]
    assert "车牌号：沪A00000" in told.rows[0].remarks
    assert "入住日期：1985.3" in told.rows[0].remarks


def test_units_without_holders_are_units_all_the_same() -> None:
    made = plan(draft([["楼号", "室号", "建筑面积"], ["1号楼", "101", 50.5]], file="福元小区.xlsx"))
    assert (len(made.units), len(made.households)) == (1, 0)


def test_a_column_of_names_without_a_known_header_is_guessed() -> None:
    told = draft(
        [["房间", "谁住", "手机"], ["101", "张三丰", "13812345678"], ["102", "李四光", "13812345679"]],
        file="福元小区1号楼.xlsx",
    )
    assert [row.name for row in told.rows] == ["张三丰", "李四光"]
    assert [problem.column for problem in told.problems] == ["B"]
    refuse_unconfirmed(told)


def test_faulty_rows_are_told_by_row_and_column() -> None:
    told = draft(
        [
            ["楼号", "室号", "姓名", "电话", "身份证号", "面积", "人数"],
            ["1号楼", "101", "", "13812345678", "", "", ""],
            ["1号楼", "", "李四", "1381234567", "31010119500105000", "abc", "x"],
            ["1号楼", "103", "123", "", "", "12平", "3"],
            ["1号楼", "104", "张三", "", 3.101011950010500e17, "-5", ""],
            ["1号楼", "105", "张" * 60, "", "", "", ""],
            ["1号楼", "106", "王五", "", "", "", ""],
        ],
        file="福元小区.xlsx",
    )
    made = plan(told)
    assert [row.row for row in made.rejected] == [2, 3, 4, 6]
    assert all(row.fault for row in made.rejected)
    assert [row.name for _estate, _unit, row in made.households] == ["张三", "王五"]
    found = {(problem.row, problem.column, problem.severity) for problem in told.problems}
    assert {(2, "C", "error"), (3, "D", "warning"), (3, "E", "warning"), (3, "F", "warning")} <= found
    assert {(3, "G", "warning"), (4, "C", "error"), (5, "E", "warning"), (5, "F", "warning")} <= found
    assert made.households[0][2].id_number == ""


def test_the_name_asked_for_wins() -> None:
    told = draft([["地址", "姓名"], ["建国中路100弄1号101室", "张三"]], estate="福元小区")
    assert (told.estates, told.addresses) == (("福元小区",), {"福元小区": "建国中路100弄"})


def test_without_a_header_somebody_must_say_what_the_columns_hold() -> None:
    rows: list[list[Cell]] = [
        ["1号", "前楼", "张三", "13812345678", "直管"],
        ["1号", "后楼", "李四", "13812345679", "直管"],
        ["2号", "亭子间", "王五", "13812345670", "私房"],
    ]
    guessed = draft(rows, file="南昌路168弄.xlsx")
    assert not guessed.confirmed
    assert [column.field for column in guessed.tables[0].columns] == [
        "building",
        "unit",
        "name",
        "phone",
        "tenure",
    ]
    with pytest.raises(InvalidInput, match="no row that names its columns"):
        refuse_unconfirmed(guessed)
    agreed = draft(
        rows, file="南昌路168弄.xlsx", mapping={"Sheet1": {0: "building", 1: "unit", 2: "name", 3: ""}}
    )
    refuse_unconfirmed(agreed)
    assert agreed.rows[0].phones == ()
    assert agreed.rows[0].remarks == "D：13812345678"


def test_the_clerk_may_say_what_a_column_holds() -> None:
    told = draft(
        [["楼号", "室号", "户主", "备用"], ["1号楼", "101", "张三", "13812345678"]],
        mapping={"Sheet1": {3: "phone"}},
        file="福元小区.xlsx",
    )
    assert (told.rows[0].phones, told.rows[0].remarks) == (("13812345678",), "")


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["会议纪要"],
            ["时间：2025年3月2日", "地点：居委会会议室"],
            ["参加人员：张三、李四"],
            ["一、关于电梯加装"],
        ],
        [["小区", "楼号", "室号", "姓名"]],
        [["a", "b"], [1.0, 2.0], [3.0, 4.0]],
    ],
)
def test_what_is_no_roster_is_refused_with_what_to_do(rows: Rows) -> None:
    with pytest.raises(InvalidInput, match="No roster was found"):
        draft(rows)


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("南昌路168弄小区住户名册（2025年12月）", ("南昌路168弄", "")),
        ("富南大厦业主清册", ("富南大厦", "")),
        ("福元小区3号楼业主信息", ("福元小区", "3号楼")),
        ("2025年福元小区业主名单", ("福元小区", "")),
        ("瑞金二路街道永嘉居委会步高里住户名册", ("步高里", "")),
        ("瑞金二路街道××居民委员会居民花名册", ("", "")),
        ("住户名册", ("", "")),
        ("导出数据", ("", "")),
    ],
)
def test_titles_name_estates(title: str, place: tuple[str, str]) -> None:
    assert place_in_title(title) == place


def test_names_of_one_estate_are_equal() -> None:
    assert same_estate("太阳都市花园（后期）") == same_estate("太阳都市花园后期")
    assert same_estate("南昌路168弄小区") == same_estate("南昌路１６８弄")
    assert same_estate("福元小区") != same_estate("福元新村")
