"""Which column is which: by titles in two languages or scripts, by choices, by contents; tables side by side."""

import pytest

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.roster.reading.header_words import match_word
from fuyuan_desk.roster.reading.reader import RosterDraft, refuse_unconfirmed
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import Rows, draft, plan, summary_of

FILE = "福元小区.xlsx"


def fields(roster: RosterDraft, table: int = 0) -> dict[str, str]:
    """Return the field of each titled column of a table."""
    return {column.title: column.field for column in roster.tables[table].columns if column.title}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("楼栋 Building", "building"),
        ("Room\n房号", "unit"),
        ("业主姓名 Owner Name", "name"),
        ("建筑面积(㎡) Area", "area"),
        ("樓棟", "building"),
        ("房號", "unit"),
        ("業主姓名", "name"),
        ("聯繫電話", "phone"),
        ("建築面積", "area"),
        ("備註", "remark"),
        ("楼栋号（请填写阿拉伯数字，如1、2、3）", "building"),
        ("业主姓名（须与房产证上的姓名一致，多人请用顿号隔开）", "name"),
        ("联系电话：请填写手机号码", "phone"),
        ("身份(房主/租户)", "role"),
        ("身份（业主、租客、其他）", "role"),
        ("是否空置（是/否）", "vacant"),
        ("位置", "address"),
        ("坐落", "address"),
        ("楼阁", "unit"),
        ("单元名称", "entrance"),
        ("建筑物名称", "building"),
        ("路弄", "road"),
        ("现住地", "address"),
        ("现住地详址", "address"),
        ("户籍地", "registered_at"),
        ("户籍地详址", "other"),
        ("身份", "role"),
        ("业主类型", "role"),
        ("人员类型", "role"),
        ("与户主关系", "relation"),
        ("产权人/权利人", "name"),
        ("紧急联系人", "contact"),
        ("实口", "other"),
        ("负责人员", "other"),
        ("户型", "other"),
        ("房产编号", ""),
    ],
)
def test_titles_of_columns(header: str, field: str) -> None:
    assert match_word(header)[0] == field


@pytest.mark.parametrize(
    "header",
    [
        ["楼栋 Building", "房号 Room No.", "业主姓名 Owner Name", "联系电话 Tel"],
        ["Building\n楼栋", "Room\n房号", "Owner\n业主", "Mobile\n手机"],
        ["樓棟", "房號", "業主姓名", "聯繫電話"],
        [
            "楼栋号（请填写阿拉伯数字，如1、2、3，不要写“号楼”，没有楼栋的请留空）",
            "房号（例如：101、102）",
            "业主姓名（须与产证一致）",
            "电话：请填手机",
        ],
        ["1、楼栋", "2、房号", "3、业主", "4、电话"],
    ],
)
def test_one_roster_under_five_headers(header: list[Cell]) -> None:
    roster = draft([header, ["1", "101", "张三", "13812345678"]], file=FILE)
    assert summary_of(roster) == [("1号楼", "101室", "张三")]
    assert roster.rows[0].phones == ("13812345678",)
    refuse_unconfirmed(roster)


def test_a_title_that_lists_its_choices_is_no_name() -> None:
    rows: Rows = [
        ["楼栋", "房号", "姓名", "身份(房主/租户)"],
        ["1", "101", "张三", "房主"],
        ["1", "102", "李四", "租户"],
    ]
    assert [(row.name, row.role) for row in draft(rows, file=FILE).rows] == [
        ("张三", "owner"),
        ("李四", "renter"),
    ]


def test_the_surest_column_wins_not_the_first() -> None:
    roster = draft(
        [
            ["房屋状况及住户单位备注名称", "业主类型", "楼栋", "房号", "业主", "联系人手机号码"],
            ["自住", "产权人", "1", "101", "张三", "13812345678"],
        ],
        file=FILE,
    )
    [row] = roster.rows
    assert (row.name, row.role, row.phones) == ("张三", "owner", ("13812345678",))
    assert row.remarks == "房屋状况及住户单位备注名称：自住"


def test_an_old_lane_in_columns_of_its_own_words() -> None:
    roster = draft([["路弄", "门牌", "楼阁", "户主"], ["南昌路168弄", "4号", "二层阁", "张三"]])
    assert (roster.estates, summary_of(roster)) == (("南昌路168弄",), [("4号", "二层阁", "张三")])


def test_rooms_below_the_name_of_a_unit() -> None:
    header: list[Cell] = ["建筑物名称", "单元名称", "权利人"]
    rooms = draft([header, ["1号楼", "101", "张三"], ["1号楼", "102", "李四"]], file=FILE)
    assert summary_of(rooms) == [("1号楼", "101室", "张三"), ("1号楼", "102室", "李四")]
    with pytest.raises(InvalidInput, match="B = Room or part"):
        refuse_unconfirmed(rooms)
    stairs = draft([[*header, "房号"], ["1号楼", "1单元", "张三", "101"]], file=FILE)
    assert summary_of(stairs) == [("1号楼", "1单元101室", "张三")]


def test_a_code_in_place_of_a_running_number_is_kept() -> None:
    roster = draft([["编号", "楼号", "室号", "业主"], ["FY-007", "1", "101", "张三"]], file=FILE)
    assert roster.rows[0].remarks == "编号：FY-007"


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["楼号", "室号", "", "电话"],
            ["1", "101", "张三", "13812345678"],
            ["1", "102", "李四", "13812345679"],
        ],
        [["姓名", "", "电话"], ["张三", "1-101", "13812345678"], ["李四", "1-102", "13812345679"]],
    ],
)
def test_what_only_the_content_says_is_shown_and_must_be_confirmed(rows: Rows) -> None:
    roster = draft(rows, file=FILE)
    assert summary_of(roster) == [("1号楼", "101室", "张三"), ("1号楼", "102室", "李四")]
    [guessed] = [column for column in roster.tables[0].columns if column.guessed]
    assert [problem.column for problem in roster.problems] == [guessed.letter]
    with pytest.raises(InvalidInput, match="does not say in its titles"):
        refuse_unconfirmed(roster)
    mapping = {column.index: column.field for column in roster.tables[0].columns}
    refuse_unconfirmed(draft(rows, file=FILE, mapping={"Sheet1": mapping}))


@pytest.mark.parametrize("title", ["负责人员", "户型", "销售", "楼组长"])
def test_a_table_of_empty_rooms_is_no_list_of_owners(title: str) -> None:
    rows: Rows = [
        ["楼栋", "房号", title, "建筑面积"],
        ["1", "101", "李建国", 88.5],
        ["1", "102", "王建国", 88.5],
    ]
    roster = draft([["福元小区空置房源表"], *rows])
    assert (len(plan(roster).units), len(plan(roster).households)) == (2, 0)
    assert roster.rows[0].remarks == f"{title}：李建国"


def test_the_number_of_a_third_person_is_nobody_elses() -> None:
    roster = draft(
        [
            ["标准地址", "房主姓名", "承租人姓名", "实有人口姓名", "公民身份号码"],
            ["黄浦区南昌路168弄4号前楼", "张三", "", "李四", "310101195001050008"],
        ]
    )
    [row] = roster.rows
    assert (row.name, row.id_number) == ("张三", "")
    assert row.remarks == "实有人口姓名：李四；公民身份号码：310101********0008"


# ---- tables side by side ----


@pytest.mark.parametrize(
    ("above", "header", "row"),
    [
        (
            ["福元小区1号楼", "", "", "", "福元小区2号楼", "", ""],
            ["室号", "姓名", "电话", "", "室号", "姓名", "面积"],
            ["101", "张三", "13812345678", "", "101", "王五", 88.5],
        ),
        (
            ["福元小区1号楼", "", "", "福元小区2号楼", "", "", ""],
            ["序号", "室号", "姓名", "序号", "室号", "姓名", "备注"],
            [1, "101", "张三", 2, "101", "王五", "独居"],
        ),
    ],
)
def test_two_tables_with_other_columns_beside_each_other(
    above: list[Cell], header: list[Cell], row: list[Cell]
) -> None:
    roster = draft([above, header, row])
    assert summary_of(roster) == [("1号楼", "101室", "张三"), ("2号楼", "101室", "王五")]


def test_a_column_before_tables_beside_each_other_belongs_to_each() -> None:
    roster = draft(
        [
            ["福元小区1号楼"],
            ["楼层", "室号", "姓名", "室号", "姓名", "室号", "姓名"],
            ["2", "1", "张三", "2", "李四", "3", "王五"],
            ["1", "1", "赵六", "2", "", "3", "钱七"],
        ]
    )
    homes = {unit: name for _building, unit, name in summary_of(roster)}
    assert homes == {
        "201室": "张三",
        "202室": "李四",
        "203室": "王五",
        "101室": "赵六",
        "102室": "",
        "103室": "钱七",
    }


def test_owner_and_renter_are_no_tables_beside_each_other() -> None:
    rows: Rows = [
        ["室号", "姓名", "电话", "租客", "电话"],
        ["101", "张三", "13812345678", "李四", "13912345678"],
    ]
    assert [row.role for row in draft(rows, file="福元小区1号楼.xlsx").rows] == ["", "renter"]


@pytest.mark.parametrize(
    "title", ["联系地址", "家庭住址", "居住地址", "现居住地", "单位地址", "送达地址", "子女住址"]
)
def test_another_address_beside_building_and_room_names_no_home(title: str) -> None:
    rows: list[list[Cell]] = [
        ["楼号", "室号", "业主", "电话", title],
        ["1号", "101", "王芳", "", "闵行区莘庄镇1号"],
    ]
    found = draft([*rows, ["1号", "102", "李新", "", ""]], estate="兰馨小区")
    assert [(row.estate, row.building, row.unit) for row in found.rows] == [
        ("兰馨小区", "1号", "101室"), ("兰馨小区", "1号", "102室"),
    ]  # fmt: skip
    assert [row.remarks for row in found.rows] == [f"{title}：闵行区莘庄镇1号", ""]
    assert any(title in one.value for one in found.problems)


@pytest.mark.parametrize("title", ["门牌", "门牌号", "門牌"])
def test_a_second_column_of_buildings_with_rooms_is_that_of_the_rooms(title: str) -> None:
    rows = [["楼栋号", title, "住户"], ["12-1", "301", "王芳"], ["12-1", "302", "李新"]]
    roster = draft(rows, estate="福元小区")

    assert [(row.building, row.unit) for row in roster.rows] == [("12-1号楼", "301室"), ("12-1号楼", "302室")]
    assert roster.confirmed


def test_a_second_column_of_buildings_with_house_numbers_is_none_of_rooms() -> None:
    rows = [["楼栋号", "门牌", "住户"], ["1", "5号", "王芳"], ["2", "6号", "李新"]]

    assert "301室" not in {row.unit for row in draft(rows, estate="福元小区").rows}
    assert {row.unit for row in draft(rows, estate="福元小区").rows} == {"整幢"}


def test_a_column_of_shares_is_rather_meant_than_one_of_how_they_share() -> None:
    rows = [["幢", "室", "权利人", "共有情况", "份额"], ["1", "501", "王芳", "按份共有", "1/2"]]
    [row] = draft(rows, estate="福元小区").rows

    assert (row.share, row.remarks) == ("1/2", "共有情况：按份共有")


@pytest.mark.parametrize("title", ["是否常住", "是否常住(是/否)", "是否户籍人口"])
@pytest.mark.parametrize("cell", ["是", "1"])
def test_whether_somebody_lives_there_is_no_number_of_people(title: str, cell: str) -> None:
    rows = [["幢", "室", "姓名", title], ["1", "501", "王芳", cell]]
    [row] = draft(rows, estate="福元小区").rows

    assert (row.people, row.remarks) == (None, f"{title}：{cell}")


@pytest.mark.parametrize("title", ["單位 Unit", "单位 Unit", "單位Unit"])
def test_a_unit_in_two_languages_is_the_room(title: str) -> None:
    [row] = draft([["樓棟 Building", title, "業主"], ["1", "12A", "王芳"]], estate="福元小区").rows

    assert row.unit == "12A室"
