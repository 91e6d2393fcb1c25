"""Reading rosters: four with real layouts, and faulty ones."""

from datetime import date

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.places import same_estate
from fuyuan_desk.roster.reading.reader import refuse_unconfirmed, understand
from fuyuan_desk.roster.reading.titles import read_title
from fuyuan_desk.workbook.parser import Cell
from fuyuan_desk.workbook.reader import read_workbook
from tests.roster.rosters import ROSTERS, Rows, draft, plan, summary_of

# ---- the four of this office ----


def test_the_lane_has_twelve_gates_and_a_household_written_twice() -> None:
    roster = understand(read_workbook(ROSTERS / "南昌路168弄住户名册.xlsx"))
    made = plan(roster)
    assert roster.estates == ("南昌路168弄",)
    assert (len(made.buildings), len(made.units), len(made.households)) == (12, 85, 85)
    assert [(row.row, row.name) for row in made.duplicates] == [(90, "段志洋")]
    assert [(problem.row, problem.column, problem.severity) for problem in roster.problems] == [
        (11, "F", "warning"),
        (57, "F", "warning"),
    ]
    first = roster.rows[0]
    assert (first.building, first.unit, first.area, first.people, first.vacant) == (
        "1号",
        "灶间",
        1340,
        0,
        True,
    )
    assert (first.tenure, first.role, first.remarks) == ("private", "owner", "独居老人")
    second = roster.rows[1]
    assert (second.area, second.phones, second.role) == (1240, ("021-62093705",), "tenant")
    kept = [row for row in roster.rows if row.row == 11]
    assert kept[0].id_number == "310101198801060000"
    assert roster.rows[4].phones == ("13677900348", "16520326631")
    assert roster.rows[4].id_number == "31010119410605000X"


def test_the_tower_has_homes_and_offices_on_two_sheets() -> None:
    roster = understand(read_workbook(ROSTERS / "富南大厦业主清册.xlsx"))
    made = plan(roster)
    assert (roster.estates, roster.sheets, len(made.units), roster.problems) == (("富南大厦",), 2, 171, ())
    assert [sum(row.use == use for row in roster.rows) for use in ("home", "office")] == [132, 39]
    company = next(row for row in roster.rows if row.name == "上海海棠文化传播有限公司")
    assert (company.is_company, company.id_kind, company.floor, company.unit) == (
        True,
        "resident",
        "1楼",
        "1B室",
    )
    assert roster.rows[0].name == "古丽·阿依木"
    assert (roster.rows[0].inner_area, roster.rows[0].fund_balance) == (9056, 151303)
    assert roster.rows[1].phones == ("14687360264",)


def test_the_fund_list_has_deposits_and_balances() -> None:
    roster = understand(read_workbook(ROSTERS / "太阳都市花园后期维修资金.xlsx"))
    made = plan(roster)
    assert roster.estates == ("太阳都市花园（后期）",)
    assert (len(made.buildings), len(made.units), roster.problems) == (5, 360, ())
    assert sum(row.topped_up is True for row in roster.rows) == 260
    assert all(row.topped_up_on for row in roster.rows if row.topped_up)
    first = roster.rows[0]
    assert (first.fund_first, first.fund_balance, first.topped_up_on) == (566239, 26290, date(2023, 2, 13))
    assert sorted({row.contact for row in roster.rows}) == ["", "+81-90-1234-5678", "+852 9123 4567", "微信"]


def test_the_tenants_in_gb18030_lie_in_their_lane() -> None:
    roster = understand(read_workbook(ROSTERS / "思南路26弄承租人.csv"))
    made = plan(roster)
    assert roster.estates == ("思南路26弄",)
    assert (len(made.buildings), len(made.units), roster.problems) == (30, 120, ())
    first = roster.rows[0]
    assert (first.building, first.role, first.lease_no, first.inner_area) == (
        "1号",
        "tenant",
        "HP-76785",
        2620,
    )


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_open_formats_are_read_the_same(kind: str) -> None:
    roster = understand(read_workbook(ROSTERS / f"永嘉坊.{kind}"))
    assert roster.estates == ("永嘉坊",)
    assert summary_of(roster) == [
        ("1号", "前楼", "王一新"),
        ("1号", "后楼", "李二宝"),
        ("2号", "亭子间", "张三丰"),
    ]


# ---- faulty or incomplete rosters ----


def test_faulty_rows_are_reported_by_row_and_column() -> None:
    roster = draft(
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
    made = plan(roster)
    assert [row.row for row in made.rejected] == [2, 3, 4, 6]
    assert all(row.fault for row in made.rejected)
    assert [row.name for _estate, _unit, row in made.households] == ["张三", "王五"]
    found = {(problem.row, problem.column, problem.severity) for problem in roster.problems}
    assert {(2, "C", "error"), (3, "D", "warning"), (3, "E", "warning"), (3, "F", "warning")} <= found
    assert {(3, "G", "warning"), (4, "C", "error"), (5, "E", "warning"), (5, "F", "warning")} <= found
    assert made.households[0][2].id_number == ""


def test_the_requested_estate_name_wins() -> None:
    roster = draft([["地址", "姓名"], ["建国中路100弄1号101室", "张三"]], estate="福元小区")
    assert (roster.estates, roster.addresses) == (("福元小区",), {"福元小区": "建国中路100弄"})


def test_without_a_header_the_columns_must_be_confirmed() -> None:
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


def test_the_clerk_may_set_a_columns_field() -> None:
    roster = draft(
        [["楼号", "室号", "户主", "备用"], ["1号楼", "101", "张三", "13812345678"]],
        mapping={"Sheet1": {3: "phone"}},
        file="福元小区.xlsx",
    )
    assert (roster.rows[0].phones, roster.rows[0].remarks) == (("13812345678",), "")


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["会议纪要"],
            ["时间：2025年3月2日", "地点：居委会会议室"],
            ["参加人员：张三、李四"],
            ["一、关于电梯加装"],
        ],
        [["a", "b"], [1.0, 2.0], [3.0, 4.0]],
    ],
)
def test_a_file_without_a_roster_is_refused_with_instructions(rows: Rows) -> None:
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
    read = read_title(title)
    assert (read.estate, read.building) == place


def test_names_of_one_estate_are_equal() -> None:
    assert same_estate("太阳都市花园（后期）") == same_estate("太阳都市花园后期")
    assert same_estate("南昌路168弄小区") == same_estate("南昌路１６８弄")
    assert same_estate("福元小区") != same_estate("福元新村")


# ---- what the clerk decides ----

ONE_LANE: Rows = [
    ["门牌号", "室号", "户主姓名", "备注", "联系电话"],
    ["1号", "前楼", "姚艳志", "独居老人", "12345"],
    ["1号", "后楼", "", "", "13812345678"],
]


@pytest.mark.parametrize("field", ["name", "unit", "building", "area", "people"])
def test_a_meaning_that_one_column_can_have_is_refused_for_two(field: str) -> None:
    mapping = {"Sheet1": {3: field, 4: field}}
    with pytest.raises(InvalidInput, match="D, E"):
        draft(ONE_LANE, file="南昌路168弄.xlsx", mapping=mapping)


@pytest.mark.parametrize("field", ["phone", "remark", "contact", "-", ""])
def test_telephones_and_remarks_may_stand_in_several_columns(field: str) -> None:
    mapping = {"Sheet1": {3: field, 4: field}}
    assert draft(ONE_LANE, file="南昌路168弄.xlsx", mapping=mapping).rows


def test_a_meaning_is_refused_for_two_columns_of_a_sheet_without_header() -> None:
    mapping = {"Sheet1": {0: "building", 1: "unit", 2: "name", 3: "name", 4: "phone"}}
    with pytest.raises(InvalidInput, match="C, D"):
        draft(ONE_LANE[1:], file="南昌路168弄.xlsx", mapping=mapping)


def test_each_of_two_tables_beside_each_other_may_have_a_name() -> None:
    rows: Rows = [
        ["室号", "姓名", "电话", "", "室号", "姓名", "电话"],
        ["101", "姚艳志", "13812345678", "", "201", "苏强平", "13812345679"],
        ["102", "郝明伟", "13812345670", "", "202", "蔡兰刚", "13812345671"],
    ]
    mapping = {"Sheet1": {0: "unit", 1: "name", 2: "phone", 4: "unit", 5: "name", 6: "phone"}}
    made = draft(rows, file="富南大厦.xlsx", estate="富南大厦", mapping=mapping)
    assert sorted(row.name for row in made.rows) == sorted(["姚艳志", "苏强平", "郝明伟", "蔡兰刚"])


@pytest.mark.parametrize("rows", [[["小区", "楼号", "室号", "姓名"]], [["福元小区住户名册"], *ONE_LANE[:1]]])
def test_a_roster_without_rows_is_told_so(rows: Rows) -> None:
    with pytest.raises(InvalidInput, match="has no rows below"):
        draft(rows)
    made = draft(("甲", ONE_LANE), ("乙", rows), ("说明", [["勿外传"]]), file="南昌路168弄.xlsx")
    told = {problem.sheet: problem.message for problem in made.problems if "skipped" in problem.message}
    assert "has no rows below" in told["乙"]
    assert "No roster was found" in told["说明"]


TWO_ESTATES: Rows = [
    ["小区", "门牌号", "室号", "姓名"],
    ["甲小区", "1号", "101", "姚艳志"],
    ["乙小区", "1号", "101", "苏强平"],
]


def test_several_estates_become_one_only_when_confirmed() -> None:
    folded = draft(TWO_ESTATES, estate="福元小区")
    assert folded.folded == ("甲小区", "乙小区")
    with pytest.raises(InvalidInput, match="甲小区, 乙小区"):
        refuse_unconfirmed(folded)
    confirmed = draft(TWO_ESTATES, estate="福元小区", one_estate=True)
    refuse_unconfirmed(confirmed)
    assert confirmed.estates == ("福元小区",)
    assert any("甲小区, 乙小区" in problem.message for problem in confirmed.problems)


@pytest.mark.parametrize(
    ("rows", "estate"),
    [
        (TWO_ESTATES, ""),  # as in the file
        (TWO_ESTATES[:2], "福元小区"),  # one estate, by another name
        (ONE_LANE, "福元小区"),
    ],
)
def test_nothing_needs_confirming_where_nothing_is_joined(rows: Rows, estate: str) -> None:
    made = draft(rows, file="南昌路168弄.xlsx", estate=estate)
    assert made.folded == ()
    refuse_unconfirmed(made)


def test_each_problem_names_the_household_that_it_is_about() -> None:
    rows = [*ONE_LANE, ["2号", "", "郝明伟", "", ""], ["2号", "灶间", "苏强平", "", ""]]
    made = draft(rows, file="南昌路168弄.xlsx")
    named = {
        (problem.row, problem.column): (problem.home.address, problem.home.holder)
        for problem in made.problems
        if problem.home is not None
    }
    assert named == {
        (2, "E"): ("南昌路168弄1号前楼", "姚艳志"),
        (3, "C"): ("南昌路168弄1号后楼", ""),
        (4, ""): ("南昌路168弄2号", "郝明伟"),
    }


def test_a_problem_of_a_continued_line_names_the_household_above() -> None:
    rows: Rows = [
        ["门牌号", "室号", "姓名", "电话"],
        ["1号", "前楼", "姚艳志", "13812345678"],
        ["", "", "", "13900001111/12345"],
        ["1号", "后楼", "苏强平", ""],
    ]
    made = draft(rows, file="南昌路168弄.xlsx")
    [problem] = [problem for problem in made.problems if problem.row == 3]
    assert problem.home is not None
    assert (problem.home.unit, problem.home.holder) == ("前楼", "姚艳志")


IDS = ("310101198001010007", "310101197502020003", "31010119660303000X")
UNNAMED: Rows = [
    ["门牌号", "室号", "姓名", "证件", "手提", "编码"],
    *(
        ["1号", f"{number}01", name, paper, f"138{number * 7}1234567"[:11], paper]
        for number, name, paper in zip(range(1, 4), ("姚艳志", "苏强平", "蔡兰刚"), IDS, strict=True)
    ),
]


def test_numbers_below_an_unknown_header_are_recognised_and_not_added_to_the_remarks() -> None:
    made = draft(UNNAMED, file="南昌路168弄.xlsx")
    assert [column.field for column in made.tables[0].columns[3:5]] == ["id", "phone"]
    assert [row.id_number for row in made.rows] == list(IDS)
    assert [row.phones for row in made.rows] == [(f"138{number * 7}1234567"[:11],) for number in (1, 2, 3)]
    checks = [problem.column for problem in made.problems if "recognised" in problem.message]
    assert checks == ["D", "E"]


def test_id_numbers_that_would_stand_in_the_remarks_are_told() -> None:
    by_default = draft(UNNAMED, file="南昌路168弄.xlsx")
    chosen = draft(UNNAMED, file="南昌路168弄.xlsx", mapping={"Sheet1": {3: "", 4: "phone", 5: "-"}})
    for made, column in ((by_default, "F"), (chosen, "D")):
        told = [problem for problem in made.problems if "ID numbers" in problem.message]
        assert [(problem.column, problem.severity) for problem in told] == [(column, "warning")]
    assert chosen.tables[0].columns[3].field == ""


@pytest.mark.parametrize(
    ("header", "tenure", "role"),
    [
        ("姓名", None, ""),  # nothing says whether the holder owns the home
        ("户主姓名", None, ""),
        ("业主姓名", None, "owner"),
        ("承租人姓名", None, "tenant"),
        ("住户姓名", None, ""),
        ("使用人姓名", "商品房", "owner"),
        ("姓名", "商品房", "owner"),
        ("姓名", "直管公房", "tenant"),
    ],
)
def test_a_holder_is_an_owner_only_where_the_roster_says_so(
    header: str, tenure: str | None, role: str
) -> None:
    more = ["房屋性质"] if tenure else []
    rows: Rows = [["门牌号", "室号", header, *more], ["1号", "前楼", "姚艳志", *([tenure] if tenure else [])]]
    [row] = draft(rows, file="南昌路168弄.xlsx").rows
    assert row.role == role


@pytest.mark.parametrize(
    ("said", "tenure", "role"),
    [
        ("使用人", "商品房", "occupant"),
        ("租客", "直管公房", "renter"),
        ("业主", "商品房", "owner"),
        ("", "商品房", "owner"),
    ],
)
def test_the_column_of_roles_decides(said: str, tenure: str, role: str) -> None:
    rows: Rows = [["门牌号", "室号", "姓名", "住户性质", "房屋性质"], ["1号", "前楼", "姚艳志", said, tenure]]
    [row] = draft(rows, file="南昌路168弄.xlsx").rows
    assert row.role == role
