"""Whose name, telephone and document a column holds: those of somebody else are never the holder's."""

import pytest

from fuyuan_desk.roster.reading.explain import explain
from fuyuan_desk.roster.reading.rows import RosterPerson
from fuyuan_desk.roster.reading.whose import is_former, is_somebody_else, whose_number
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft

ESTATE = "福元小区"
HOME: list[Cell] = ["楼号", "室号", "姓名"]
PAPER, OTHER = "310101198106280006", "310101194003090009"
PHONE = "13812345678"


@pytest.mark.parametrize(
    ("title", "whom"),
    [
        ("配偶身份证号", "配偶"),
        ("配偶证件号码", "配偶"),
        ("监护人身份证", "监护人"),
        ("代理人证件号", "代理人"),
        ("原业主身份证", "原业主"),
        ("共有人身份证号", "共有人"),
        ("紧急联系人证件号", "紧急联系人"),
        ("联系人身份证", "联系人"),
        ("经办人身份证号码", "经办人"),
        ("儿子的身份证", "儿子"),
        ("法定代表人身份证", "法定代表人"),
        ("二房东护照号", "二房东"),
        ("前业主手机", "前业主"),
        ("楼组长电话", "楼组长"),
        ("物业电话", "物业"),
        ("中介公司联系电话", "中介公司"),
        ("妻子手机（必填）", "妻子"),
        # the holder's, in whatever words
        ("业主身份证号", ""),
        ("户主或承租人身份证号", ""),
        ("业主（或使用人）身份证", ""),
        ("有效身份证件号码", ""),
        ("实际居住人身份证", ""),
        ("身份证号2", ""),
        ("现产权人证件号", ""),
        ("租客手机号", ""),
        ("业主常用联系电话", ""),
        ("联系人手机号码", ""),
        ("预留手机", ""),
        ("单位电话", ""),
        ("电话", ""),
        ("姓名", ""),
        ("owner's phone", ""),
    ],
)
def test_whose_number_a_title_means(title: str, whom: str) -> None:
    assert whose_number(title) == whom


@pytest.mark.parametrize(
    ("title", "former"),
    [("原业主", True), ("前业主姓名", True), ("上任承租人", True), ("现业主", False), ("前楼", False)],
)
def test_a_former_holder(title: str, former: bool) -> None:
    assert is_former(title) == former


@pytest.mark.parametrize(
    ("title", "is_other"),
    [
        ("配偶信息", True),
        ("物业", True),
        ("原业主", True),
        ("业主信息", False),
        ("维修资金", False),
        ("物业类型", False),
    ],
)
def test_a_title_above_columns_that_names_somebody_else(title: str, is_other: bool) -> None:
    assert is_somebody_else(title) == is_other


@pytest.mark.parametrize(
    "title",
    [
        "配偶身份证号", "配偶证件号码", "监护人身份证", "代理人证件号", "原业主身份证", "共有人身份证号",
        "紧急联系人证件号", "经办人身份证号码", "儿子身份证", "法人身份证",
    ],
)  # fmt: skip
@pytest.mark.parametrize("has_own", [False, True])
def test_the_document_of_somebody_else_is_never_the_holders(title: str, has_own: bool) -> None:
    own: list[Cell] = ["身份证号"] if has_own else []
    row: list[Cell] = ["1", "101", "张三", *([PAPER] if has_own else []), OTHER]
    roster = draft([[*HOME, *own, title], row], estate=ESTATE)
    [home] = roster.rows
    assert (home.id_number, home.papers) == (PAPER if has_own else "", ())
    assert home.remarks == f"{title}：310101********0009"  # everybody may read the remarks
    [told] = roster.problems
    assert (told.column, told.severity, "ID numbers" in told.message) == (
        "E" if has_own else "D",
        "warning",
        True,
    )


@pytest.mark.parametrize(
    ("title", "whom"),
    [("原业主电话", "原业主"), ("楼组长手机", "楼组长"), ("物业电话", "物业"), ("中介电话", "中介")],
)
@pytest.mark.parametrize("own", ["", "13912345678"])
def test_the_telephone_of_somebody_else_is_a_contact_that_says_whose(title: str, whom: str, own: str) -> None:
    [row] = draft([[*HOME, "联系电话", title], ["1", "101", "张三", own, PHONE]], estate=ESTATE).rows
    assert (row.phones, row.contact) == ((own,) if own else (), f"{whom}：{PHONE}")


@pytest.mark.parametrize(
    ("columns", "relation", "remarks"),
    [
        (["配偶", "配偶证件号", "配偶电话"], "spouse", ""),
        (["配偶姓名", "配偶身份证号", "配偶手机号码"], "spouse", ""),
        (["儿子姓名", "儿子身份证", "儿子电话"], "child", ""),
        (["子女2", "子女2身份证", "子女2电话"], "child", ""),
        (["监护人", "监护人身份证号", "监护人电话"], "other", "监护人"),
        (["法人", "法人身份证", "法人手机"], "staff", "法人"),
    ],
)
def test_somebody_with_a_name_and_a_document_is_a_person_of_the_household(
    columns: list[Cell], relation: str, remarks: str
) -> None:
    rows: list[list[Cell]] = [["1", "101", "张三", "李四", OTHER, PHONE], ["1", "102", "王五", "", "", ""]]
    first, second = draft([[*HOME, *columns], *rows], estate=ESTATE).rows
    person = RosterPerson(
        "李四", relation, id_kind="resident", id_number=OTHER, phones=(PHONE,), remarks=remarks
    )
    assert (first.name, first.id_number, first.phones, first.contact, first.remarks) == (
        "张三",
        "",
        (),
        "",
        "",
    )
    assert (first.persons, second.persons, second.remarks) == ((person,), (), "")


def test_a_contact_with_a_document_stays_a_contact() -> None:
    header: list[Cell] = [*HOME, "联系人", "联系人电话", "联系人身份证号"]
    [row] = draft([header, ["1", "101", "张三", "李四", PHONE, OTHER]], estate=ESTATE).rows
    assert (row.contact, row.persons, row.id_number) == (f"李四、{PHONE}", (), "")
    assert row.remarks == "联系人身份证号：310101********0009"


def test_the_numbers_of_a_co_owner_are_told_from_the_owners() -> None:
    header: list[Cell] = ["楼号", "室号", "业主", "共有人", "共有人身份证号", "身份证号"]
    [row] = draft([header, ["1", "101", "张三", "李四", OTHER, PAPER]], estate=ESTATE).rows
    assert (row.name, row.id_number) == ("张三", PAPER)
    assert [(one.name, one.relation, one.id_number) for one in row.persons] == [("李四", "co-owner", OTHER)]


def test_the_telephone_of_a_co_owner_who_is_no_holder_is_a_contact() -> None:
    header: list[Cell] = ["楼号", "室号", "户主", "共有人", "共有人电话", "电话"]
    [row] = draft([header, ["1", "101", "张三", "李四", PHONE, "13912345678"]], estate=ESTATE).rows
    assert (row.phones, row.contact) == (("13912345678",), f"共有人：{PHONE}")
    assert row.remarks == "共有人：李四"


def test_further_lines_of_a_household_name_further_people() -> None:
    header: list[Cell] = [*HOME, "儿子姓名", "儿子身份证"]
    rows: list[list[Cell]] = [["1", "101", "张三", "李四", OTHER], ["", "", "", "王五", PAPER]]
    merged = [((1, column), (2, column)) for column in range(3)]
    [row] = draft([header, *rows], merged=merged, estate=ESTATE).rows
    assert [(one.name, one.id_number) for one in row.persons] == [("李四", OTHER), ("王五", PAPER)]


def test_the_columns_below_a_title_of_somebody_else_are_hers() -> None:
    rows: list[list[Cell]] = [
        ["房屋", "", "业主信息", "", "配偶信息", "", ""],
        ["楼号", "室号", "姓名", "电话", "姓名", "电话", "身份证号"],
        ["1", "101", "张三", "13912345678", "李四", PHONE, OTHER],
    ]
    merged = [((0, 0), (0, 1)), ((0, 2), (0, 3)), ((0, 4), (0, 6))]
    [row] = draft(rows, merged=merged, estate=ESTATE).rows
    assert (row.name, row.phones, row.id_number) == ("张三", ("13912345678",), "")
    assert [(one.name, one.relation, one.phones, one.id_number) for one in row.persons] == [
        ("李四", "spouse", (PHONE,), OTHER)
    ]


@pytest.mark.parametrize(
    ("name", "remarks", "contact"),
    [
        ("李四、王五", "儿子姓名：李四、王五", f"儿子：{PHONE}"),
        ("", "", f"儿子：{PHONE}"),
        ("常住", "儿子姓名：常住", f"儿子：{PHONE}"),
    ],
)
def test_a_document_of_nobody_in_particular_is_left_out_and_told(
    name: str, remarks: str, contact: str
) -> None:
    header: list[Cell] = [*HOME, "儿子姓名", "儿子身份证", "儿子电话"]
    roster = draft([header, ["1", "101", "张三", name, OTHER, PHONE]], estate=ESTATE)
    [row] = roster.rows
    assert (row.persons, row.id_number, row.remarks, row.contact) == ((), "", remarks, contact)
    [told] = roster.problems
    assert (told.row, told.column, told.is_lost) == (2, "E", True)


def test_columns_that_a_clerk_chose_for_somebody_without_a_name_lose_nothing() -> None:
    fields = {"Sheet1": {3: "kin_phone", 4: "kin_id"}}
    rows: list[list[Cell]] = [[*HOME, "子女电话", "卡号"], ["1", "101", "张三", PHONE, OTHER]]
    roster = draft(rows, estate=ESTATE, mapping=fields)
    assert roster.rows[0].contact == f"子女：{PHONE}"
    assert [(told.column, told.is_lost) for told in roster.problems] == [("E", True)]
    [named] = draft(
        [[*HOME, "老友"], ["1", "101", "张三", "李四"]], estate=ESTATE, mapping={"Sheet1": {3: "kin_name"}}
    ).rows
    assert named.persons == (RosterPerson("李四", remarks="老友"),)


def test_a_doubtful_document_of_a_person_is_told() -> None:
    header: list[Cell] = [*HOME, "儿子姓名", "儿子身份证"]
    roster = draft([header, ["1", "101", "张三", "李四", OTHER[:-1] + "8"]], estate=ESTATE)
    assert [(one.row, one.column) for one in roster.problems] == [(2, "E")]


def test_the_documents_of_members_stay_theirs() -> None:
    header: list[Cell] = [*HOME, "身份证号", "家庭成员姓名", "家庭成员身份证号"]
    [row] = draft([header, ["1", "101", "张三", PAPER, "李四", OTHER]], estate=ESTATE).rows
    assert (row.id_number, [(one.name, one.id_number) for one in row.persons]) == (PAPER, [("李四", OTHER)])


@pytest.mark.parametrize("title", ["原业主", "前业主姓名", "原产权人", "上任承租人"])
def test_a_former_holder_beside_the_names_is_not_the_holder(title: str) -> None:
    roster = draft([[*HOME, "电话", title], ["1", "101", "张三", PHONE, "李四"]], estate=ESTATE)
    [row] = roster.rows
    assert (row.name, row.role, row.phones, row.remarks) == ("张三", "", (PHONE,), f"{title}：李四")
    [alone] = draft([["楼号", "室号", title], ["1", "101", "李四"]], estate=ESTATE).rows
    assert alone.name == "李四"


def test_the_row_panel_masks_and_explains_such_cells() -> None:
    header: list[Cell] = [*HOME, "儿子姓名", "儿子身份证"]
    roster = draft([header, ["1", "101", "张三", "李小四", OTHER]], estate=ESTATE)
    _house, _room, _name, son, paper = explain(roster, "Sheet1", 2)
    assert (son.text, paper.text) == ("李*", "310101********0009")
    assert son.became == ("Person of the household: 李* Son or daughter",)
    assert paper.became == ("ID number: 310101********0009 (李*)",)


@pytest.mark.parametrize(
    ("between", "title"),
    [
        (("紧急联系人", "与老人关系"), "联系人电话"),
        (("紧急联系人",), "联系电话"),
        (("紧急联系人姓名", "与其关系"), "联系方式"),
        (("监护人", "与其关系"), "联系电话"),
        (("监护人",), "手机号码"),
        (("紧急联系人", "与老人关系（必填）"), "电话"),
    ],
)
@pytest.mark.parametrize("own", [(), ("本人电话",)])
def test_a_telephone_beside_a_contact_is_the_contacts(
    own: tuple[str, ...], between: tuple[str, ...], title: str
) -> None:
    header: list[Cell] = [*HOME, *own, *between, title]
    row: list[Cell] = ["1号", "101", "王芳", *["13911112222" for _one in own]]
    row += [*["王建军", "儿子"][: len(between)], PHONE]
    [found] = draft([header, row], estate=ESTATE).rows
    assert found.phones == tuple("13911112222" for _one in own)
    assert PHONE in found.contact


def test_a_telephone_beside_the_holder_stays_hers() -> None:
    header: list[Cell] = [*HOME, "联系电话", "紧急联系人", "与老人关系"]
    [found] = draft([header, ["1号", "101", "王芳", PHONE, "王建军", "儿子"]], estate=ESTATE).rows
    assert found.phones == (PHONE,)
