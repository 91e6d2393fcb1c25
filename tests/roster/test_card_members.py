"""Forms of one household each with a table of its people below: they belong to the household of their form."""

import pytest

from tests.roster.rosters import Rows, draft

TITLE: Rows = [["福元小区居民登记卡"]]
ONE, TWO = "310101196001010000", "310101199001010004"


def card(name: str, room: str, *more: list[str]) -> Rows:
    return [
        ["户主姓名", name, "联系电话", "13812345678"],
        ["房屋地址", f"1号楼{room}", "建筑面积", "88"],
        *more,
        [],
    ]


def people(rows: Rows) -> dict[str, list[tuple[str, str, str]]]:
    """Return name, relation and document of everybody in each home, the holder first."""
    return {
        row.unit: [
            (row.name, "", row.id_number),
            *((one.name, one.relation, one.id_number) for one in row.persons),
        ]
        for row in draft(TITLE + list(rows)).rows
        if not row.fault
    }


def told(rows: Rows) -> list[tuple[int, str]]:
    """Return row and text of each line that was not read."""
    return [(one.row, one.value) for one in draft(TITLE + list(rows)).problems if "by hand" in one.message]


def test_people_of_a_form_belong_to_its_household() -> None:
    rows = [
        *card("张三", "101室", ["姓名", "关系", "身份证号"], ["李梅", "妻", ONE], ["张小", "子", TWO]),
        *card("李四", "102室", ["姓名", "关系", "身份证号"], ["王芳", "配偶", ""]),
        *card("赵敏", "103室"),
    ]
    assert people(rows) == {
        "101室": [("张三", "", ""), ("李梅", "spouse", ONE), ("张小", "child", TWO)],
        "102室": [("李四", "", ""), ("王芳", "spouse", "")],
        "103室": [("赵敏", "", "")],
    }
    assert told(rows) == []
    assert [row.row for row in draft(TITLE + rows).rows] == [2, 8, 13]


@pytest.mark.parametrize(
    "table",
    [
        [["家庭成员"], ["姓名", "与户主关系", "身份证号"], ["李梅", "妻", ONE]],
        [["序号", "姓名", "性别", "与户主关系", "身份证号", "备注"], ["1", "李梅", "女", "妻", ONE, ""]],
        [["家庭成员", "姓名", "关系", "性别", "身份证号"], ["", "李梅", "妻", "女", ONE]],
        [["家庭成员情况", "成员姓名", "称谓", "", "证件号码"], ["", "李梅", "之妻", "", ONE]],
        [["姓名", "身份证号", "关系"], [], ["李梅", ONE, "妻"], []],
        [["姓名", "关系", "身份证号"], ["张三", "户主", ""], ["李梅", "妻", ONE]],
        [
            ["姓名", "关系", "身份证号"],
            ["张三", "本人", ""],
            ["李梅", "妻", ONE],
            ["姓名", "关系", "身份证号"],
        ],
    ],
)
def test_tables_of_people_however_they_are_headed(table: list[list[str]]) -> None:
    rows = [*card("张三", "101室", *table), *card("李四", "102室")]
    found = people(rows)["101室"]
    assert [one[:2] for one in found] == [("张三", ""), ("李梅", "spouse")]
    assert found[1][2] == ONE
    assert told(rows) == []


def test_what_a_table_says_of_the_holder_is_the_holders() -> None:
    table = [
        ["姓名", "关系", "身份证号", "联系电话"],
        ["张三", "户主", TWO, "13900000009"],
        ["李梅", "妻", ONE, ""],
    ]
    [row, _other] = draft([*TITLE, *card("张三", "101室", *table), *card("李四", "102室")]).rows
    assert (row.id_number, row.phones, [one.name for one in row.persons]) == (TWO, ("13812345678",), ["李梅"])
    rows = [*card("张三", "101室", *table), *card("李四", "102室")]
    assert told(rows) == [(5, "张三 户主 310101199001010004 13900000009")]


def test_people_alone_have_their_head_among_them() -> None:
    def form(room: str, head: str, wife: str) -> Rows:
        table = [["姓名", "与户主关系", "电话"], [head, "户主", "13812345678"], [wife, "妻", "13900000002"]]
        return [["房屋地址", f"1号楼{room}", "建筑面积", "88"], ["房屋性质", "私房", "", ""], *table]

    rows = [*form("101室", "张三", "李梅"), *form("102室", "李四", "王芳")]
    assert people(rows) == {
        "101室": [("张三", "", ""), ("李梅", "spouse", "")],
        "102室": [("李四", "", ""), ("王芳", "spouse", "")],
    }
    [row, _other] = draft(TITLE + rows).rows
    assert (row.area, row.tenure, row.phones) == (8800, "private", ("13812345678",))


def test_people_below_a_heading_of_the_family_need_no_relation() -> None:
    rows = [
        *card("张三", "101室", ["家庭成员"], ["姓名", "身份证号"], ["李梅", ONE]),
        *card("李四", "102室", ["家庭成员"], ["姓名", "关系"], ["王芳", ""]),
    ]
    assert people(rows) == {
        "101室": [("张三", "", ""), ("李梅", "relative", ONE)],
        "102室": [("李四", "", ""), ("王芳", "relative", "")],
    }


def test_a_renter_in_a_form_is_a_household_of_her_own() -> None:
    rows = card("张三", "101室", ["姓名", "关系", "身份证号"], ["马超", "租客", ONE], ["李梅", "妻", ""])
    found = draft([*TITLE, *rows, *card("李四", "102室")]).rows
    assert [(row.unit, row.name, row.role) for row in found if row.unit == "101室"] == [
        ("101室", "张三", ""), ("101室", "马超", "renter"),
    ]  # fmt: skip


def test_what_is_not_read_is_told_in_one_sentence_for_each_form() -> None:
    rows = [
        *card("张三", "101室", ["姓名", "身份证号"], ["李梅", ONE], ["张小", TWO]),  # whose are they
        *card(
            "李四",
            "102室",
            ["姓名", "关系", "身份证号"],
            ["王芳", "妻", ONE],
            ["另有两人", "", ""],
            ["待核实", ""],
        ),
        *card("赵敏", "103室", ["姓名", "关系"], ["钱七", "妻", "", "外出"]),  # below no title
    ]
    assert told(rows) == [
        (5, f"李梅 {ONE}；张小 {TWO}"),
        (12, "另有两人；待核实"),
        (18, "钱七 妻 外出"),
    ]
    assert {home: len(found) for home, found in people(rows).items()} == {"101室": 1, "102室": 2, "103室": 1}


def test_a_home_with_two_forms_has_two_households() -> None:
    rows = [
        *card("张三", "101室", ["姓名", "关系"], ["李梅", "妻"]),
        *card("李四", "101室", ["姓名", "关系"], ["王芳", "妻"]),
    ]
    found = draft(TITLE + rows).rows
    assert [(row.name, [one.name for one in row.persons]) for row in found] == [
        ("张三", ["李梅"]),
        ("李四", ["王芳"]),
    ]


def test_a_document_of_a_member_is_told_at_its_own_cell() -> None:
    rows = [
        *card("张三", "101室", ["姓名", "关系", "身份证号"], ["李梅", "妻", "31010119600101"]),
        *card("李四", "102室"),
    ]
    problems = [one for one in draft(TITLE + rows).problems if one.value == "31010119600101"]
    assert [(one.row, one.column) for one in problems] == [(5, "C")]


def test_lines_above_a_list_of_people_make_no_household_of_them() -> None:
    rows: Rows = [
        ["小区", "福元小区", "楼栋", "1号楼"],
        ["联系人", "王老师", "电话", "63331234"],
        ["室号", "姓名", "电话"],
        ["101", "张三", "13812345678"],
        ["102", "李四", ""],
    ]
    assert [row.name for row in draft(rows).rows] == ["张三", "李四"]


def test_one_form_on_a_sheet_with_everybody_in_its_table() -> None:
    rows: Rows = [
        ["房屋地址", "1号楼101室", "建筑面积", "88"],
        ["房屋性质", "私房"],
        ["姓名", "与户主关系"],
        ["张三", "户主"],
        ["李梅", "妻"],
    ]
    assert people(rows) == {"101室": [("张三", "", ""), ("李梅", "spouse", "")]}
