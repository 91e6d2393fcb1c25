"""Who is named beside a holder, or nobody; units that are no homes; former places: read as a clerk would, or told."""

import pytest

from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import ERROR, INFO, WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, people_of, plan, summary_of, told

HEAD: list[Cell] = ["楼号", "室号", "住户", "电话"]


def of_names(*cells: str, title: str = "住户") -> RosterDraft:
    """Read a list of homes 201, 202 … with these cells of names."""
    rows: list[list[Cell]] = [["7", str(201 + number), cell, ""] for number, cell in enumerate(cells)]
    return draft([["楼号", "室号", title, "电话"], *rows], estate="福元小区")


def holders(roster: RosterDraft) -> list[tuple[str, str, str]]:
    """Return room, holder and role of each row."""
    return [(row.unit, row.name, row.role) for row in roster.rows]


# ---- renters and relatives in the cell of names ----


@pytest.mark.parametrize(
    "cell",
    [
        "班昭、租客曹世叔",
        "班昭/曹世叔（租）",
        "班昭/承租人：曹世叔",
        "班昭（租：曹世叔）",
        "班昭 曹世叔（房客）",
    ],
)
def test_a_renter_beside_the_holder_is_a_household_of_her_own(cell: str) -> None:
    roster = of_names(cell, "班固")

    assert holders(roster) == [("201室", "班昭", ""), ("202室", "班固", ""), ("201室", "曹世叔", "renter")]
    assert not roster.rows[0].persons
    assert (2, "C") in told(roster, INFO)
    assert len(plan(roster).units) == 2


def test_roles_beside_both_names_are_theirs() -> None:
    roster = of_names("班昭（业主）/曹世叔（租客）", "张骞（租户）")

    assert holders(roster) == [
        ("201室", "班昭", "owner"),
        ("202室", "张骞", "renter"),
        ("201室", "曹世叔", "renter"),
    ]
    assert not any(row.remarks for row in roster.rows)


def test_an_owner_beside_somebody_of_whom_nothing_is_said_is_asked_about() -> None:
    roster = of_names("房东班昭、曹世叔")

    assert people_of(roster.rows[0]) == [("班昭", "", ""), ("曹世叔", "co-owner", "")]
    assert (2, "C") in told(roster, WARNING)


def test_a_word_beside_a_name_that_contradicts_the_list_is_told() -> None:
    roster = of_names("张骞（租户）", title="业主")

    # the heading is for the whole list, the word for her
    assert holders(roster) == [("201室", "张骞", "renter")]
    assert (2, "C") in told(roster, WARNING)


def test_relatives_in_a_cell_of_names_are_people_of_the_household() -> None:
    roster = of_names("班昭、其母曹桂英", "冉孺（配偶曹恤）", "颜幸（共有人：颜何）")

    assert [people_of(row)[1] for row in roster.rows] == [
        ("曹桂英", "parent", ""),
        ("曹恤", "spouse", ""),
        ("颜何", "co-owner", ""),
    ]


def test_a_name_in_brackets_below_a_title_of_co_owners_is_one() -> None:
    assert people_of(of_names("商瞿（梁鳣）", title="业主（共有人）").rows[0]) == [
        ("商瞿", "", ""),
        ("梁鳣", "co-owner", ""),
    ]


def test_somebodys_wife_is_no_name() -> None:
    assert (2, "C") in told(of_names("上官桀之妻"), WARNING)


# ---- columns about a renter ----


def test_columns_behind_a_renter_that_are_about_her_are_hers() -> None:
    head: list[Cell] = ["楼号", "室号", "房东", "房东电话", "承租人", "承租人电话", "同住人数", "租期至"]
    rows: list[list[Cell]] = [
        ["7", "201", "班昭", "13712353597", "曹世叔", "13712361516", 4, "2026-12-31"],
        ["7", "202", "班固", "", "", "", 3, "2027-1-31"],
    ]

    first, alone, renter = draft([head, *rows], estate="福元小区").rows

    assert (first.name, first.people, first.remarks) == ("班昭", None, "")
    assert (renter.name, renter.people, renter.remarks) == ("曹世叔", 4, "租期至：2026-12-31")
    assert (alone.people, alone.remarks) == (3, "租期至：2027-1-31")


# ---- rows that name nobody ----


def test_what_a_row_without_a_name_says_is_kept_with_it() -> None:
    head: list[Cell] = ["楼号", "室号", "原业主", "现业主", "备注"]
    rows: list[list[Cell]] = [
        ["3", "101", "公孙弘", "主父安", ""],
        ["3", "102", "张汤", "", ""],
        ["3", "103", "", "", "钥匙在居委"],
        ["3", "104", "", "", ""],
    ]

    roster = draft([head, *rows], estate="福元小区")
    planned = plan(roster)

    assert (len(planned.units), len(planned.households)) == (4, 1)
    assert [(row.unit, row.remarks) for row in planned.rejected] == [
        ("102室", "原业主：张汤"),
        ("103室", "钥匙在居委"),
    ]
    assert {(3, "D"), (4, "D")} <= set(told(roster, WARNING))


def test_what_unknown_columns_say_of_empty_homes_is_told_once() -> None:
    head: list[Cell] = ["楼号", "室号", "户主", "户型"]
    rows: list[list[Cell]] = [
        ["3", str(101 + number), "班昭" if number == 0 else "空关", "两室一厅"] for number in range(4)
    ]

    roster = draft([head, *rows], estate="福元小区")

    assert not plan(roster).rejected
    assert [place for place in told(roster, INFO) if place[1] == "C"] == [(3, "C")]


@pytest.mark.parametrize("title", ["车主", "状态说明"])
def test_an_unknown_column_of_a_list_without_names_is_said_to_be_left_out(title: str) -> None:
    roster = draft(
        [["楼号", "室号", "建筑面积", title], ["3", "101", 80, "班昭"], ["3", "102", 80, "班固"]],
        estate="福元小区",
        mapping={"Sheet1": {0: "building", 1: "unit", 2: "area", 3: ""}},
    )

    assert "names" in next(problem.message for problem in roster.problems if problem.column == "D")
    assert len(plan(roster).units) == 2


def test_a_company_that_rents_is_the_holder() -> None:
    roster = draft(
        [["门牌", "室号", "承租单位"], ["58号", "底层", "上海东风百货有限公司"]], estate="福元小区"
    )

    assert holders(roster) == [("底层", "上海东风百货有限公司", "tenant")]
    assert roster.rows[0].is_company


# ---- places ----


@pytest.mark.parametrize(
    ("unit", "use"),
    [
        ("车位15", "other"),
        ("地下车库B1-22", "other"),
        ("储藏室3", "other"),
        ("商铺1", "shop"),
        ("201", "home"),
        ("亭子间", "home"),
    ],
)
def test_a_unit_that_is_no_home_by_its_name_is_told(unit: str, use: str) -> None:
    roster = draft([["楼号", "室号", "业主"], ["7", unit, "班昭"]], estate="福元小区")

    assert roster.rows[0].use == use
    assert ((2, "B") in told(roster, WARNING)) is (use != "home")


def test_the_use_in_a_column_counts() -> None:
    roster = draft(
        [["楼号", "室号", "业主", "用途"], ["7", "车库2", "班昭", "住宅"], ["7", "车位3", "班固", ""]],
        estate="福元小区",
    )

    assert [row.use for row in roster.rows] == ["home", "other"]
    assert told(roster, WARNING) == [(3, "B")]


def test_noughts_before_a_buildings_number_make_no_other_building() -> None:
    roster = draft([["房号", "业主"], ["3-502", "班昭"], ["03-504", "班固"]], estate="福元小区")

    assert summary_of(roster) == [("3号楼", "502室", "班昭"), ("3号楼", "504室", "班固")]


def test_a_former_house_number_is_a_remark() -> None:
    head: list[Cell] = ["原门牌", "现门牌", "室号", "户主"]

    roster = draft([head, ["旧12号", "18号", "1", "桑弘羊"]], estate="福元小区")

    assert summary_of(roster) == [("18号", "1室", "桑弘羊")]
    assert roster.rows[0].remarks == "原门牌：旧12号"


def test_a_room_that_another_row_has_with_others_is_told() -> None:
    rows: list[list[Cell]] = [["6", "301、302", "杨再兴"], ["6", "301", "牛皋"], ["7", "301", "岳云"]]

    roster = draft([["楼号", "室号", "业主"], *rows], estate="福元小区")

    assert told(roster, WARNING) == [(3, "")]


def test_villages_are_estates() -> None:
    rows: list[list[Cell]] = [["红旗村", "3组", "12", "蔺相如"], ["东风村", "3组", "12", "廉颇"]]

    roster = draft([["村名", "组别", "门牌", "户主"], *rows])

    assert roster.estates == ("红旗村", "东风村")


def test_roman_numerals_of_entrances_are_numbers() -> None:
    rows: list[list[Cell]] = [["1号楼", "Ⅰ单元", "101", "班昭"], ["1号楼", "2单元", "101", "班固"]]

    roster = draft([["楼号", "单元", "室号", "户主"], *rows], estate="福元小区")

    assert [row.entrance for row in roster.rows] == ["1单元", "2单元"]


@pytest.mark.parametrize("title", ["小区固定车位登记台账", "村组人口登记", "村民登记表"])
def test_words_of_a_title_are_no_estate(title: str) -> None:
    roster = draft([[title], ["门牌号", "室号", "户主"], ["3号", "201", "班昭"]])

    assert not any(roster.estates)


def test_a_vast_home_is_told() -> None:
    roster = draft(
        [["楼号", "室号", "业主", "面积"], ["7", "201", "班昭", 8950], ["7", "202", "班固", 89.5]],
        estate="福元小区",
    )

    assert told(roster, WARNING) == [(2, "D")]
    assert roster.rows[0].area == 895_000


def test_the_telephone_of_a_group_leader_says_whose_it_is() -> None:
    head: list[Cell] = ["楼号", "楼组长", "楼组长电话", "室号", "户主"]

    roster = draft([head, ["1号", "顾阿婆", "13714491727", "101", "闻人杰"]], estate="福元小区")

    assert roster.rows[0].contact == "楼组长：13714491727"


@pytest.mark.parametrize("number", ["联系电话", "身份证号"])
def test_a_number_right_of_a_relative_is_asked_about(number: str) -> None:
    head: list[Cell] = ["楼号", "室号", "业主", "配偶", number]
    rows: list[list[Cell]] = [["7", "201", "班昭", "曹世叔", "13714491727"]]

    assert (1, "E") in told(draft([head, *rows], estate="福元小区"), WARNING)


def test_no_error_is_made_of_rows_that_name_nobody() -> None:
    roster = of_names("班昭", "")

    assert not told(roster, ERROR)
    assert len(plan(roster).units) == 2


# ---- words of everyday lists ----


def test_how_homes_are_lived_in_is_no_tenure() -> None:
    rows: list[list[Cell]] = [
        ["3", "201", "自住", "班昭"],
        ["3", "202", "出租", "班固"],
        ["3", "203", "空关", ""],
    ]

    roster = draft([["门牌", "室号", "房屋类型(自住/出租/空关)", "户主"], *rows], estate="福元小区")

    assert [row.vacant for row in roster.rows] == [False, False, True]
    assert not told(roster, WARNING)


def test_uses_below_a_title_of_tenures_are_uses() -> None:
    rows: list[list[Cell]] = [["3", "101", "商铺", "班昭"], ["3", "201", "住宅", "班固"]]

    roster = draft([["门牌", "室号", "房屋性质", "户主"], *rows], estate="福元小区")

    assert [row.use for row in roster.rows] == ["shop", "home"]


def test_a_use_among_tenures_is_told() -> None:
    rows: list[list[Cell]] = [["3", "101", "商铺", "班昭"], ["3", "201", "商品房", "班固"]]

    roster = draft([["门牌", "室号", "房屋性质", "户主"], *rows], estate="福元小区")

    assert (2, "C") in told(roster, WARNING)


def test_a_number_in_brackets_with_a_word_is_that_persons() -> None:
    roster = of_names("班昭(户主)、曹成(租客13712345679)")

    assert holders(roster) == [("201室", "班昭", ""), ("201室", "曹成", "renter")]
    assert roster.rows[1].phones == ("13712345679",)


def test_a_sub_landlord_is_no_owner() -> None:
    head: list[Cell] = ["楼号", "室号", "业主", "业主电话", "二房东", "二房东电话"]

    [row] = draft([head, ["3", "201", "班昭", "13712345678", "李二", "13712345679"]], estate="福元小区").rows

    assert (row.phones, row.contact) == (("13712345678",), "二房东：13712345679")


def test_who_signed_for_the_owner_names_the_holder() -> None:
    roster = draft([["室号", "业主签名", "日期"], ["3-201", "班昭", "2026-1-2"]], estate="福元小区")

    assert holders(roster) == [("201室", "班昭", "owner")]


def test_floors_above_their_rooms_are_no_homes() -> None:
    rows: list[list[Cell]] = [["一楼", ""], ["101", "班昭"], ["2楼", ""], ["201", "班固"], ["三楼", "班超"]]

    roster = draft([["室号", "户主"], *rows], estate="富南大厦")

    assert [(row.unit, row.name) for row in roster.rows] == [
        ("101室", "班昭"),
        ("201室", "班固"),
        ("三楼", "班超"),
    ]


def test_months_do_not_hide_a_header() -> None:
    months: list[Cell] = [f"{month}月" for month in range(1, 13)]

    roster = draft([["室号", "姓名", *months, "合计"], ["3-201", "班昭", *[50] * 12, 600]], estate="福元小区")

    assert summary_of(roster) == [("3号楼", "201室", "班昭")]
    assert "12月：50" in roster.rows[0].remarks


@pytest.mark.parametrize(
    "total",
    [
        ["", "同意户数", "2户"],
        ["", "签约率", "100%"],
        ["1", "自住", "2户"],
        ["已签约", "3户", ""],
        ["", "其中:出租", "1户"],
        ["", "3户", "实签3户"],
        ["", "总面积", ""],
    ],
)
def test_a_total_below_the_households_is_none(total: list[Cell]) -> None:
    rows: list[list[Cell]] = [["3", "201", "班昭"], ["3", "202", "班固"], total]

    assert len(draft([["门牌", "室号", "权利人"], *rows], estate="福元小区").rows) == 2


def test_the_number_of_people_in_a_home_without_a_name_is_no_total() -> None:
    rows: list[list[Cell]] = [["3", "201", "班昭", "3人"], ["3", "202", "", "2人"]]

    assert len(draft([["门牌", "室号", "户主", "人数"], *rows], estate="福元小区").rows) == 2


def test_who_is_registered_as_owner_is_the_holder() -> None:
    head: list[Cell] = ["楼号", "室号", "产权证登记人", "实际居住人", "居住人电话"]

    found = draft([head, ["1号", "501", "胡适", "胡思", "13678604317"]], estate="福元小区").rows

    assert [(row.name, row.role, row.phones) for row in found] == [
        ("胡适", "owner", ()),
        ("胡思", "occupant", ("13678604317",)),
    ]


@pytest.mark.parametrize("title", ["车主姓名", "车主"])
def test_the_owner_of_a_car_is_no_holder(title: str) -> None:
    head: list[Cell] = ["车位号", title, "房号", "车主电话"]

    roster = draft([head, ["A-015", "裴建军", "3-501", "15842643874"]], estate="福元小区")

    assert [(row.unit, row.name, row.phones) for row in roster.rows] == [("501室", "", ())]
    assert (1, "A") in told(roster, WARNING)


@pytest.mark.parametrize("title", ["统一社会信用代码/身份证", "身份证号或护照号", "身份证、信用代码"])
def test_a_title_of_two_words_for_one_thing(title: str) -> None:
    head: list[Cell] = ["门牌", "室号", "产权单位/产权人", title]

    [row] = draft([head, ["3", "201", "班昭", "310101198106280006"]], estate="福元小区").rows

    assert (row.name, row.role, row.id_number) == ("班昭", "owner", "310101198106280006")


def test_traditional_titles_say_owner_and_house() -> None:
    rows: list[list[Cell]] = [["A棟", "301", "潘美辰"], ["B棟", "301", "奚秀蘭"]]

    roster = draft([["棟別", "戶號", "業主姓名"], *rows], estate="福元小区")

    assert [(row.building, row.name, row.role) for row in roster.rows] == [
        ("A棟", "潘美辰", "owner"),
        ("B棟", "奚秀蘭", "owner"),
    ]


@pytest.mark.parametrize("unit", ["-101", -101.0, "-101室", "负101", "地下101"])
def test_a_basement_is_not_the_room_above(unit: Cell) -> None:
    roster = draft([["座", "室号", "业主"], ["B座", unit, "晏殊"], ["B座", "101", "晏几"]], estate="福元小区")

    assert len(plan(roster).units) == 2


@pytest.mark.parametrize(
    ("unit", "use"), [("地下储藏室3", "other"), ("底商1", "shop"), ("地下车位12", "other")]
)
def test_what_is_no_home_stays_in_its_building(unit: str, use: str) -> None:
    roster = draft([["楼号", "室号", "产权人"], ["1号", unit, "汤显"]], estate="福元小区")

    assert [(row.building, row.unit, row.use) for row in roster.rows] == [("1号", unit, use)]


@pytest.mark.parametrize("title", ["儿童姓名", "志愿者姓名", "保姆姓名"])
def test_names_of_those_who_may_not_live_there_are_asked_about(title: str) -> None:
    roster = draft(
        [["楼号", "室号", title, "家长电话"], ["1号", "101", "陶小", "15844416331"]], estate="福元小区"
    )

    assert (1, "C") in told(roster, WARNING)
    assert not roster.confirmed
    assert roster.rows[0].contact == "家长：15844416331"


def test_who_uses_a_parking_place_is_asked_about() -> None:
    roster = draft([["车位号", "使用人", "房号"], ["B1-12", "陶谦", "1-101"]], estate="福元小区")

    assert (1, "A") in told(roster, WARNING)


def test_what_a_row_says_of_a_renter_without_a_landlord_is_hers() -> None:
    head: list[Cell] = ["门牌号", "室号", "房东", "租客", "籍贯"]
    rows: list[list[Cell]] = [["6号", "502", "伊人", "宫商", "河南"], ["6号", "502", "", "宁静", "四川"]]

    roster = draft([head, *rows], estate="福元小区")

    assert [(row.name, row.remarks) for row in roster.rows if row.name != "伊人" and row.name] == [
        ("宫商", ""),
        ("宁静", "籍贯：四川"),
    ]
    assert not plan(roster).rejected


def test_floors_above_doors_tell_their_rooms_apart() -> None:
    rows: list[list[Cell]] = [["一层", ""], ["01", "阮咸"], ["02", "刘伶"], ["二层", ""], ["01", "王戎"]]

    roster = draft([["房间", "户主"], *rows], estate="富南大厦")

    assert [(row.unit, row.name) for row in roster.rows] == [
        ("01室", "阮咸"),
        ("02室", "刘伶"),
        ("二楼01室", "王戎"),
    ]


def test_a_row_of_units_below_the_titles_is_no_household() -> None:
    rows: list[list[Cell]] = [["", "", "", "(㎡)", "（元）"], ["1号", "101", "谭嗣", 69.25, 1234.5]]

    roster = draft([["门牌", "室号", "业主", "面积", "维修资金余额"], *rows], estate="福元小区")

    assert [(row.unit, row.area) for row in roster.rows] == [("101室", 6925)]
    assert not told(roster, WARNING)
