"""Rosters that name several people of one home: in one cell, in further columns, or with a row for each person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import ERROR, INFO, WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, people_of, plan, told

FILE = "福元小区名册.xlsx"
# sequence 000 is never issued
ZHANG, LI, CHILD = "31010119800101000X", "310101199001010004", "310101201501010000"


def _roster(*rows: list[Cell], **more: object) -> RosterDraft:
    return draft(list(rows), file=FILE, **more)  # type: ignore[arg-type]


HEADER: list[Cell] = ["楼号", "室号", "产权人", "联系电话", "身份证号", "份额"]


# --- several owners in one cell


@pytest.mark.parametrize(
    ("name", "share", "people", "remarks"),
    [
        ("张三、李四", "", [("张三", "", ""), ("李四", "co-owner", "")], ""),
        ("张三 李四", "50%/50%", [("张三", "", "1/2"), ("李四", "co-owner", "1/2")], ""),
        ("张三/李四", "1/3、2/3", [("张三", "", "1/3"), ("李四", "co-owner", "2/3")], ""),
        ("张三50% 李四50%", "", [("张三", "", "1/2"), ("李四", "co-owner", "1/2")], ""),
        ("张三（1/4）、李四（3/4）", "按份共有", [("张三", "", "1/4"), ("李四", "co-owner", "3/4")], "份额：按份共有"),
        ("张三、李四", "共同共有", [("张三", "", ""), ("李四", "co-owner", "")], "份额：共同共有"),
        ("张三、李四", "各50%", [("张三", "", "1/2"), ("李四", "co-owner", "1/2")], ""),
        ("张三、李四", "各半", [("张三", "", "1/2"), ("李四", "co-owner", "1/2")], ""),
        ("张三、李四", "李四40%，张三60%", [("张三", "", "3/5"), ("李四", "co-owner", "2/5")], ""),
        ("张三 李四", "按份 张三1/2 李四1/2", [("张三", "", "1/2"), ("李四", "co-owner", "1/2")], "份额：按份"),
        ("张三、妻李四", "", [("张三", "", ""), ("李四", "spouse", "")], ""),
        ("张三", "单独所有", [("张三", "", "1")], ""),
        ("张三", 0.5, [("张三", "", "1/2")], ""),
        ("张三", "1/2", [("张三", "", "1/2")], ""),
        ("张三", "", [("张三", "", "")], ""),
    ],
)  # fmt: skip
def test_several_owners_in_a_cell_are_one_household(
    name: str, share: Cell, people: list[tuple[str, str, str]], remarks: str
) -> None:
    roster = _roster(HEADER, ["1", "101", name, "", "", share], ["1", "102", "王五", "", "", ""])
    assert people_of(roster.rows[0]) == people
    assert roster.rows[0].remarks == remarks
    assert [(row.name, row.role) for row in roster.rows] == [("张三", "owner"), ("王五", "owner")]
    assert not told(roster, WARNING)


def test_numbers_in_the_order_of_the_names_go_to_one_each() -> None:
    roster = _roster(HEADER, ["1", "101", "张三、李四", "13812345678、13912345678", f"{ZHANG}\n{LI}", ""])
    [row] = roster.rows
    assert (row.phones, row.id_number) == (("13812345678",), ZHANG)
    assert [(one.phones, one.id_number) for one in row.persons] == [(("13912345678",), LI)]
    [told] = roster.problems
    assert (told.field, told.severity) == ("phone", "info")
    assert "in their order" in told.message


def test_numbers_that_name_their_owners_go_to_them() -> None:
    roster = _roster(HEADER, ["1", "101", "张三、李四", "李四13912345678、张三13812345678", "", ""])
    [row] = roster.rows
    assert (row.phones, row.persons[0].phones) == (("13812345678",), ("13912345678",))


def test_numbers_beside_the_names_go_to_them() -> None:
    roster = _roster(HEADER, ["1", "101", "张三13812345678、李四13912345678", "", "", ""])
    [row] = roster.rows
    assert (row.phones, row.persons[0].phones) == (("13812345678",), ("13912345678",))


def test_numbers_of_another_count_stay_with_the_holder_and_aretold() -> None:
    roster = _roster(HEADER, ["1", "101", "张三、李四", "13812345678", ZHANG, ""])
    [row] = roster.rows
    assert (row.phones, row.id_number) == (("13812345678",), ZHANG)
    assert (row.persons[0].phones, row.persons[0].id_number) == ((), "")
    assert sorted(told(roster)) == [(2, "D"), (2, "E")]


@pytest.mark.parametrize(
    ("name", "share"),
    [("张三60% 李四50%", ""), ("张三、李四", "60%/50%"), ("张三、李四", "1/3、1/3、1/3"), ("张三、李四", "看附件")],
)  # fmt: skip
def test_shares_that_cannot_be_are_not_imported_andtold(name: str, share: str) -> None:
    roster = _roster(HEADER, ["1", "101", name, "", "", share])
    assert people_of(roster.rows[0]) == [("张三", "", ""), ("李四", "co-owner", "")]
    assert len(told(roster, WARNING)) == 1


@pytest.mark.parametrize(
    "name", ["上海张三李四商贸有限公司", "Smith, John", "欧阳 娜娜", "ABC Trading Co., Ltd."]
)
def test_a_company_and_a_foreign_name_stay_one(name: str) -> None:
    roster = _roster(HEADER, ["1", "101", name, "", "", ""])
    assert people_of(roster.rows[0]) == [(name.replace("欧阳 ", "欧阳"), "", "")]
    assert not roster.problems


def test_renters_in_one_cell_are_flatmates_in_a_household_of_their_own() -> None:
    roster = _roster(
        ["楼号", "室号", "业主", "租客", "租客电话"],
        ["1", "101", "张三", "李四、王五", "13812345678、13912345678"],
    )
    owner, renter = roster.rows
    assert (people_of(owner), owner.role) == ([("张三", "", "")], "owner")
    assert (people_of(renter), renter.role) == ([("李四", "", ""), ("王五", "flatmate", "")], "renter")
    assert (renter.phones, renter.persons[0].phones) == (("13812345678",), ("13912345678",))
    assert len(plan(roster).units) == 1


def test_a_column_of_co_owners_joins_the_owner() -> None:
    roster = _roster(
        ["楼号", "室号", "业主", "业主电话", "共有人", "共有人身份证"],
        ["1", "101", "张三", "13812345678", "李四", LI],
        ["1", "102", "王五", "", "", ""],
    )
    assert [people_of(row) for row in roster.rows] == [
        [("张三", "", ""), ("李四", "co-owner", "")],
        [("王五", "", "")],
    ]
    assert roster.rows[0].persons[0].id_number == LI


def test_numbers_beside_a_column_of_co_owners_are_everybodys() -> None:
    roster = _roster(
        ["楼号", "室号", "业主", "共有人", "联系电话", "身份证号"],
        ["1", "101", "张三", "李四", "13812345678", f"{ZHANG}、{LI}"],
        ["1", "102", "王五", "", "13912345678", CHILD],
        ["1", "103", "", "赵六", "", ""],
    )
    row, other, last = roster.rows
    assert people_of(row) == [("张三", "", ""), ("李四", "co-owner", "")]
    assert (row.phones, row.id_number, row.persons[0].id_number) == (("13812345678",), ZHANG, LI)
    assert (people_of(other), other.phones, other.id_number) == ([("王五", "", "")], ("13912345678",), CHILD)
    assert people_of(last) == [("赵六", "", "")]


# --- two documents, fillers, numbers nobody knows


def test_two_documents_of_one_person_are_both_kept_and_checked() -> None:
    wrong = ZHANG[:-1] + "1"
    roster = _roster(HEADER, ["1", "101", "张三", "", f"E12345678/{wrong}", ""])
    [row] = roster.rows
    assert (row.id_kind, row.id_number, row.papers) == ("passport", "E12345678", (("resident", wrong),))
    assert told(roster) == [(2, "E")]


@pytest.mark.parametrize(
    "filler", ["999999999999999999", "000000", "无", "/", "-", "////", "123456789", "没有"]
)
def test_fillers_are_nothing(filler: str) -> None:
    roster = _roster(HEADER, ["1", "101", "张三", filler, filler, ""])
    [row] = roster.rows
    assert (row.phones, row.id_number, row.remarks) == ((), "", "")
    assert not roster.problems


@pytest.mark.parametrize("number", ["C01X00T47", "沪房地（2001）第123号"])
def test_an_unknown_number_is_kept_whole_andtold(number: str) -> None:
    roster = _roster(HEADER, ["1", "101", "张三", "", number, ""])
    [row] = roster.rows
    assert number.replace("（", "").replace("）", "").startswith(row.id_number[:1])
    assert row.id_number in number.replace("（", "(").replace("）", ")")
    assert told(roster, WARNING) == [(2, "E")]


def test_a_number_too_long_for_a_document_is_kept_in_the_remarks() -> None:
    long = "编号" + "A1" * 30
    roster = _roster(HEADER, ["1", "101", "张三", "", long, ""])
    [row] = roster.rows
    assert (row.id_number, "A1" * 30 in row.remarks) == ("", True)
    assert told(roster, WARNING) == [(2, "E")]


def test_the_kind_of_a_document_is_taken_from_its_column() -> None:
    roster = _roster(
        ["楼号", "室号", "姓名", "证件类型", "证件号码"],
        ["1", "101", "Anna", "护照", "C01X00T47"],
        ["1", "102", "张三", "居民身份证", ZHANG],
        ["1", "103", "李四", "身份证", "E12345678"],
    )
    kinds = [(row.id_kind, row.id_number) for row in roster.rows]
    assert kinds == [("passport", "C01X00T47"), ("resident", ZHANG), ("resident", "E12345678")]
    assert told(roster, WARNING) == [(4, "E")]


# --- roles


@pytest.mark.parametrize(
    ("said", "role", "is_company", "remarks", "severity"),
    [
        ("业主/自住", "owner", False, "", ""),
        ("户主本人", "owner", False, "", ""),
        ("户主", "owner", False, "", ""),
        ("房主", "owner", False, "", ""),
        ("租户", "renter", False, "", ""),
        ("租客", "renter", False, "", ""),
        ("借住", "occupant", False, "", ""),
        ("承租人", "tenant", False, "", ""),
        ("公司", "", True, "", ""),
        ("", "", False, "", ""),
        ("业主（出租）", "owner", False, "身份：业主(出租)", WARNING),
        ("租客，2023年起", "renter", False, "身份：租客,2023年起", INFO),
        ("户籍", "", False, "身份：户籍", INFO),
    ],
)  # fmt: skip
def test_a_column_of_roles_says_what_a_holder_is(
    said: str, role: str, is_company: bool, remarks: str, severity: str
) -> None:
    roster = _roster(["楼号", "室号", "姓名", "身份"], ["1", "101", "张三", said], ["1", "102", "李四", ""])
    row = roster.rows[0]
    assert (row.role, row.is_company, row.remarks) == (role, is_company, remarks)
    assert [problem.severity for problem in roster.problems] == ([severity] if severity else [])


def test_a_role_that_contradicts_the_tenure_istold() -> None:
    roster = _roster(
        ["楼号", "室号", "姓名", "身份", "房屋性质"],
        ["1", "101", "张三", "业主", "直管公房"],
        ["1", "102", "李四", "户主", "直管公房"],
    )
    assert [row.role for row in roster.rows] == ["tenant", "tenant"]
    assert told(roster, WARNING) == [(2, "D")]


def test_somebody_of_the_family_in_the_column_of_roles_joins_the_owner() -> None:
    roster = _roster(
        ["楼号", "室号", "姓名", "身份", "电话"],
        ["1", "101", "张三", "业主", ""],
        ["1", "101", "李四", "家属", "13812345678"],
        ["1", "101", "王五", "租客", "13912345678"],
    )
    assert [(people_of(row), row.role) for row in roster.rows] == [
        ([("张三", "", ""), ("李四", "relative", "")], "owner"),
        ([("王五", "", "")], "renter"),
    ]
    assert roster.rows[0].persons[0].phones == ("13812345678",)


# --- a row for each person

PERSONS: list[Cell] = ["楼号", "室号", "姓名", "与户主关系", "身份证号", "电话", "户籍地址"]


def test_people_with_relations_become_one_household_with_their_own_data() -> None:
    roster = _roster(
        PERSONS,
        ["1", "101", "张三", "户主", ZHANG, "13812345678", "南昌路168弄4号"],
        ["1", "101", "李四", "妻", LI, "13912345678", ""],
        ["1", "101", "张小三", "长子", CHILD, "", "同上弄4号"],
        ["1", "102", "王五", "户主", "", "", ""],
    )
    row, other = roster.rows
    assert people_of(row) == [("张三", "", ""), ("李四", "spouse", ""), ("张小三", "child", "")]
    assert (row.people, row.id_number, row.phones, row.registered_at) == (
        3, ZHANG, ("13812345678",), "南昌路168弄4号",
    )  # fmt: skip
    assert [(one.id_number, one.phones, one.registered_at) for one in row.persons] == [
        (LI, ("13912345678",), ""),
        (CHILD, (), "同上弄4号"),
    ]
    assert (people_of(other), other.people, other.remarks) == ([("王五", "", "")], None, "")
    assert not roster.problems


def test_a_head_may_come_second_and_homes_may_be_interleaved() -> None:
    roster = _roster(
        PERSONS[:4],
        ["1", "101", "李四", "妻"],
        ["1", "102", "赵六", "户主"],
        ["1", "101", "张三", "户主"],
        ["1", "102", "赵小六", "女儿"],
        ["1", "101", "张小三", "子"],
    )
    assert [people_of(row) for row in roster.rows] == [
        [("赵六", "", ""), ("赵小六", "child", "")],
        [("张三", "", ""), ("李四", "spouse", ""), ("张小三", "child", "")],
    ]
    assert not roster.problems


def test_two_heads_of_a_home_are_two_households_andtold() -> None:
    roster = _roster(
        PERSONS[:4],
        ["1", "101", "张三", "户主"],
        ["1", "101", "李四", "妻"],
        ["1", "101", "赵六", "户主"],
        ["1", "101", "赵小六", "女"],
    )
    assert [people_of(row) for row in roster.rows] == [
        [("张三", "", ""), ("李四", "spouse", "")],
        [("赵六", "", ""), ("赵小六", "child", "")],
    ]
    assert told(roster, WARNING) == [(4, "D")]
    assert len(plan(roster).units) == 1


def test_without_a_head_the_first_person_is_the_holder_andtold() -> None:
    roster = _roster(
        PERSONS[:4],
        ["1", "101", "李四", "妻"],
        ["1", "101", "张小三", "子"],
        ["1", "102", "王五", "户主"],
    )
    row = roster.rows[0]
    assert people_of(row) == [("李四", "", ""), ("张小三", "", "")]
    assert (row.remarks, row.persons[0].remarks) == ("与户主关系：妻", "与户主关系：子")
    assert told(roster, WARNING) == [(2, "D")]


def test_an_unknown_relation_is_kept_in_the_remarks_andtold() -> None:
    roster = _roster(PERSONS[:4], ["1", "101", "张三", "户主"], ["1", "101", "李四", "网友"])
    [row] = roster.rows
    assert (people_of(row)[1], row.persons[0].remarks) == (("李四", "", ""), "与户主关系：网友")
    assert told(roster, WARNING) == [(3, "D")]


def test_a_renter_among_the_people_is_a_household_of_her_own() -> None:
    roster = _roster(
        ["楼号", "室号", "姓名", "与产权人关系"],
        ["1", "101", "张三", "产权人"],
        ["1", "101", "李四", "配偶"],
        ["1", "101", "王五", "租客"],
    )
    assert [(people_of(row), row.role) for row in roster.rows] == [
        ([("张三", "", ""), ("李四", "spouse", "")], "owner"),
        ([("王五", "", "")], "renter"),
    ]
    assert not told(roster, WARNING)


def test_a_role_that_contradicts_the_relation_is_told() -> None:
    roster = _roster(
        ["楼号", "室号", "姓名", "与户主关系", "身份"],
        ["1", "101", "张三", "户主", "业主"],
        ["1", "101", "李四", "妻", "租客"],
        ["1", "101", "王五", "其他", "租客"],
    )
    assert [(people_of(row), row.role) for row in roster.rows] == [
        ([("张三", "", ""), ("李四", "spouse", "")], "owner"),
        ([("王五", "", "")], "renter"),
    ]
    assert roster.rows[1].remarks == "与户主关系：其他"
    assert told(roster, WARNING) == [(3, "E")]


def test_numbers_of_a_second_holder_without_a_name_are_kept() -> None:
    roster = _roster(
        ["楼号", "室号", "业主", "业主电话", "租客", "租客电话"],
        ["1", "101", "张三", "13812345678", "", "13912345678"],
        ["1", "102", "李四", "", "李四", "13912345670"],
    )
    assert [(row.name, row.phones, row.remarks) for row in roster.rows] == [
        ("张三", ("13812345678",), "租客电话：13912345678"),
        ("李四", ("13912345670",), ""),
    ]


def test_people_below_a_merged_or_blank_home_belong_to_it() -> None:
    rows: list[list[Cell]] = [
        PERSONS[:4],
        ["1", "101", "张三", "户主"],
        ["", "", "李四", "妻"],
        ["", "", "张小三", "子"],
        ["2", "101", "王五", "户主"],
        ["", "", "王小五", "女"],
    ]
    expected = [
        ("1号楼", "101室", [("张三", "", ""), ("李四", "spouse", ""), ("张小三", "child", "")]),
        ("2号楼", "101室", [("王五", "", ""), ("王小五", "child", "")]),
    ]
    merged = [((1, 1), (3, 1)), ((1, 0), (3, 0))]
    for roster in (_roster(*rows), _roster(*rows, merged=merged)):
        assert [(row.building, row.unit, people_of(row)) for row in roster.rows] == expected
        assert not told(roster, ERROR)


def test_the_number_of_people_that_is_given_stays() -> None:
    roster = _roster(
        [*PERSONS[:4], "居住人数"],
        ["1", "101", "张三", "户主", 5],
        ["1", "101", "李四", "妻", ""],
    )
    assert roster.rows[0].people == 5


def test_facts_of_the_home_in_a_members_row_are_kept_and_contradictionstold() -> None:
    roster = _roster(
        [*PERSONS[:4], "建筑面积", "备注"],
        ["1", "101", "张三", "户主", "", "党员"],
        ["1", "101", "李四", "妻", 50.5, "独居时间长"],
        ["1", "101", "张小三", "子", 60.5, ""],
    )
    [row] = roster.rows
    assert (row.area, row.remarks, row.persons[0].remarks) == (5050, "党员", "独居时间长")
    assert told(roster, WARNING) == [(4, "E")]


def test_the_same_person_twice_in_a_household_istold() -> None:
    roster = _roster(
        PERSONS[:5],
        ["1", "101", "张三", "户主", ZHANG],
        ["1", "101", "李四", "妻", LI],
        ["1", "101", "李四", "妻", LI],
        ["1", "101", "李四", "母", CHILD],
    )
    assert [(one.name, one.id_number) for one in roster.rows[0].persons] == [("李四", LI), ("李四", CHILD)]
    assert told(roster, WARNING) == [(4, "D")]


def test_people_of_a_head_that_is_rejected_are_rejected_with_her() -> None:
    roster = _roster(
        PERSONS[:5],
        ["1", "101", "", "户主", ZHANG],
        ["1", "101", "李四", "妻", LI],
        ["1", "102", "王五", "户主", ""],
    )
    assert len(plan(roster).rejected) == 2
    assert told(roster, ERROR) == [(2, "C"), (3, "D")]


def test_people_of_other_homes_are_never_taken_together() -> None:
    roster = _roster(
        PERSONS[:4],
        ["1", "101", "张三", "户主"],
        ["1", "101甲", "李四", "妻"],
        ["2", "101", "王五", "子"],
    )
    assert [people_of(row)[0][0] for row in roster.rows] == ["张三", "李四", "王五"]
    assert told(roster, WARNING) == [(3, "D"), (4, "D")]


def test_a_row_without_a_relation_beside_a_head_is_a_household_andtold() -> None:
    roster = _roster(PERSONS[:4], ["1", "101", "张三", "户主"], ["1", "101", "赵六", ""])
    assert [people_of(row) for row in roster.rows] == [[("张三", "", "")], [("赵六", "", "")]]
    assert told(roster, WARNING) == [(3, "D")]


def test_a_relation_to_a_contact_is_not_one_between_rows() -> None:
    roster = _roster(
        ["楼号", "室号", "户主", "联系人", "关系"],
        ["1", "101", "张三", "张小三", "儿子"],
        ["1", "102", "李四", "李小四", "女儿"],
    )
    assert [(row.name, row.remarks) for row in roster.rows] == [
        ("张三", "关系：儿子"),
        ("李四", "关系：女儿"),
    ]
    assert [problem.severity for problem in roster.problems] == [INFO]


def test_the_people_of_a_whole_house_are_one_household() -> None:
    roster = _roster(
        ["门牌号", "姓名", "与户主关系"],
        ["4号", "张三", "户主"],
        ["4号", "李四", "妻"],
        ["5号", "王五", "户主"],
    )
    assert [people_of(row) for row in roster.rows] == [
        [("张三", "", ""), ("李四", "spouse", "")],
        [("王五", "", "")],
    ]


# --- whoever stands in a list of persons is in a household, once

ROOMS = st.sampled_from(["101", "102", "201"])
KIN = st.sampled_from(["户主", "妻", "子", "母", "租客", "网友", "", "产权人", "共有人"])


@given(st.lists(st.tuples(ROOMS, KIN), min_size=1, max_size=12), st.booleans())
def test_nobody_of_a_list_of_persons_vanishes(people: list[tuple[str, str]], is_head: bool) -> None:
    given_people = [*people, ("101", "户主")] if is_head else people
    names = [f"张{char}" for char in "甲乙丙丁戊己庚辛壬癸子丑寅卯"]
    rows: list[list[Cell]] = [
        ["1", room, name, kin] for (room, kin), name in zip(given_people, names, strict=False)
    ]
    roster = _roster(PERSONS[:4], *rows)
    found = [(row.unit, name) for row in roster.rows for name, _relation, _share in people_of(row)]
    expected = [(f"{room}室", name) for (room, _kin), name in zip(given_people, names, strict=False)]
    assert sorted(found) == sorted(expected)
    words = "".join(row.remarks + "".join(one.remarks for one in row.persons) for row in roster.rows)
    assert words.count("网友") == sum(kin == "网友" for _room, kin in given_people)
