"""Several people in columns beside each other: 业主1, 电话1, 业主2, 电话2; 成员1, 与户主关系, 身份证号, 成员2."""

import pytest

from fuyuan_desk.roster.reading.rows import WARNING, RosterRow
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, people_of, told

ESTATE = "福元小区"
PAPER, OTHER = "310101198106280006", "310101194003090009"
PHONE, SECOND = "13812345678", "13700000001"


def read(titles: list[Cell], cells: list[Cell]) -> RosterRow:
    """Read one home with these columns behind the room."""
    [row] = draft([["楼号", "室号", *titles], ["1", "101", *cells]], estate=ESTATE).rows
    return row


MEMBERS = ["成员1", "与户主关系", "身份证号", "联系电话", "成员2", "与户主关系", "身份证号", "联系电话"]


@pytest.mark.parametrize(
    "titles",
    [
        MEMBERS,
        [title.replace("成员", "家庭成员") for title in MEMBERS],
        [f"成员{place // 4 + 1}{title}" if place % 4 else title for place, title in enumerate(MEMBERS)],
        [f"{title}姓名" if title.startswith("成员") else title for title in MEMBERS],
    ],
)
def test_numbered_members_have_their_own_columns(titles: list[Cell]) -> None:
    header: list[Cell] = ["楼号", "室号", "户主", "户主身份证", "户主电话", *titles, "备注"]
    first: list[Cell] = ["李四", "子", OTHER, "13700000001"]
    second: list[Cell] = ["王五", "妻", "", ""]
    [row] = draft([header, ["1", "101", "张三", PAPER, PHONE, *first, *second, "独居"]], estate=ESTATE).rows

    assert (row.id_number, row.phones, row.remarks) == (PAPER, (PHONE,), "独居")
    assert [(one.name, one.relation, one.id_number, one.phones) for one in row.persons] == [
        ("李四", "child", OTHER, ("13700000001",)),
        ("王五", "spouse", "", ()),
    ]


OWNERS = [("张三", "", ""), ("李四", "co-owner", "")]


@pytest.mark.parametrize(
    ("titles", "cells"),
    [
        (["业主1", "电话1", "业主2", "电话2"], ["张三", PHONE, "李四", SECOND]),
        (["业主1", "电话", "业主2", "电话"], ["张三", PHONE, "李四", SECOND]),
        (["业主一", "业主二", "联系电话一", "联系电话二"], ["张三", "李四", PHONE, SECOND]),
        (["产权人1姓名", "产权人1电话", "产权人2姓名", "产权人2电话"], ["张三", PHONE, "李四", SECOND]),
        (["业主姓名1", "业主姓名2", "手机1", "手机2"], ["张三", "李四", PHONE, SECOND]),
        (["业主", "电话", "业主2", "电话2"], ["张三", PHONE, "李四", SECOND]),
        (["业主", "电话", "共有人1", "电话"], ["张三", PHONE, "李四", SECOND]),
        (["第一产权人", "第一产权人电话", "第二产权人", "第二产权人电话"], ["张三", PHONE, "李四", SECOND]),
        (["业主", "电话", "业主", "电话"], ["张三", PHONE, "李四", SECOND]),
    ],
)
def test_numbered_owners_are_co_owners_with_their_own_telephones(
    titles: list[Cell], cells: list[Cell]
) -> None:
    row = read(titles, cells)

    assert people_of(row) == OWNERS
    assert (row.phones, row.persons[0].phones) == ((PHONE,), (SECOND,))
    assert (row.remarks, row.contact) == ("", "")


def test_numbered_owners_have_their_own_documents() -> None:
    row = read(["业主1", "身份证号", "业主2", "身份证号"], ["张三", PAPER, "李四", OTHER])

    assert (row.id_number, row.persons[0].id_number) == (PAPER, OTHER)


def test_owners_below_a_level_of_the_header_are_numbered_by_it() -> None:
    head: list[list[Cell]] = [
        ["楼号", "室号", "业主1", "", "业主2", ""],
        ["", "", "姓名", "电话", "姓名", "电话"],
    ]
    spans = [((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((0, 4), (0, 5))]

    [row] = draft([*head, ["1", "101", "张三", PHONE, "李四", SECOND]], merged=spans, estate=ESTATE).rows

    assert people_of(row) == OWNERS
    assert (row.phones, row.persons[0].phones) == ((PHONE,), (SECOND,))


def test_the_only_telephone_behind_numbered_owners_is_the_holders_and_asked_about() -> None:
    head: list[Cell] = ["楼号", "室号", "业主1", "业主2", "联系电话"]

    roster = draft([head, ["1", "101", "张三", "李四", PHONE]], estate=ESTATE)

    assert (roster.rows[0].phones, roster.rows[0].persons[0].phones) == ((PHONE,), ())
    assert (1, "E") in told(roster, WARNING)


def test_two_telephones_of_one_owner_stay_hers() -> None:
    row = read(["业主1", "电话1", "电话2"], ["张三", PHONE, SECOND])

    assert (row.phones, row.persons) == ((PHONE, SECOND), ())


def test_a_further_owner_may_be_a_company() -> None:
    row = read(["业主1", "业主2"], ["张三", "上海福元实业有限公司"])

    assert people_of(row)[1] == ("上海福元实业有限公司", "co-owner", "")


def test_a_second_tenant_lives_with_the_first() -> None:
    assert read(["承租人1", "承租人2"], ["张三", "李四"]).persons[0].relation == "flatmate"


def test_the_tenth_member_is_not_the_first() -> None:
    titles: list[Cell] = []
    cells: list[Cell] = []
    for number in range(1, 11):
        titles += [f"成员{number}", f"成员{number}关系", f"成员{number}电话"]
        cells += [f"李{'一二三四五六七八九十'[number - 1]}", "子", f"137000000{number:02}"]

    row = read(["户主", *titles], ["张三", *cells])

    assert [one.phones for one in row.persons] == [(f"137000000{number:02}",) for number in range(1, 11)]
    assert (row.phones, row.contact, row.remarks) == ((), "", "")


def test_an_empty_place_is_nobody() -> None:
    row = read(["业主1", "电话1", "业主2", "电话2"], ["张三", PHONE, "", ""])

    assert (row.persons, row.remarks, row.contact) == ((), "", "")


# ---- beside a relative, a landlord, a renter ----


def holders(titles: list[Cell], cells: list[Cell]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return name, role, document and telephones of each household of one home."""
    rows = draft([["楼号", "室号", *titles], ["1", "101", *cells]], estate=ESTATE).rows
    return [(row.name, row.role, row.id_number, row.phones) for row in rows]


def test_the_documents_behind_holder_and_spouse_are_theirs() -> None:
    row = read(["户主", "身份证", "配偶", "身份证", "电话"], ["张三", PAPER, "李四", OTHER, PHONE])

    assert (row.id_number, row.phones, row.contact) == (PAPER, (PHONE,), "")
    assert [(one.name, one.relation, one.id_number) for one in row.persons] == [("李四", "spouse", OTHER)]


@pytest.mark.parametrize(
    ("titles", "cells"),
    [
        (
            ["姓名", "身份证号码", "户籍地址", "房东姓名", "房东电话", "联系电话"],
            ["张三", PAPER, "安徽省阜阳市张庄3号", "李四", SECOND, PHONE],
        ),
        (["租客", "身份证", "电话", "房东", "房东电话"], ["张三", PAPER, PHONE, "李四", SECOND]),
    ],
)
def test_a_register_of_those_who_moved_in_has_their_documents(titles: list[Cell], cells: list[Cell]) -> None:
    assert holders(titles, cells) == [
        ("张三", "renter", PAPER, (PHONE,)),
        ("李四", "owner", "", (SECOND,)),
    ]


@pytest.mark.parametrize(
    ("titles", "first", "second"),
    [
        (["租客", "电话", "房东", "房东电话"], ("李四", "owner", SECOND), ("张三", "renter", PHONE)),
        (["租住人", "电话", "房主", "房主电话"], ("李四", "owner", SECOND), ("张三", "renter", PHONE)),
        (["房主", "电话", "租住人", "电话"], ("张三", "owner", PHONE), ("李四", "renter", SECOND)),
        (["住户", "电话", "业主", "业主电话"], ("李四", "owner", SECOND), ("张三", "occupant", PHONE)),
        (["业主", "电话", "住户", "电话"], ("张三", "owner", PHONE), ("李四", "occupant", SECOND)),
    ],
)
def test_a_telephone_is_of_whom_it_follows(
    titles: list[Cell], first: tuple[str, str, str], second: tuple[str, str, str]
) -> None:
    found = holders(titles, ["张三", PHONE, "李四", SECOND])

    assert [(name, role, *phones) for name, role, _paper, phones in found] == [first, second]


def test_further_renters_are_households_of_their_own() -> None:
    titles: list[Cell] = ["房东", "房东电话", "租客1", "租客1电话", "租客2", "租客2电话"]

    assert holders(titles, ["张三", PHONE, "李四", SECOND, "王五", "13700000002"]) == [
        ("张三", "owner", "", (PHONE,)),
        ("李四", "renter", "", (SECOND,)),
        ("王五", "renter", "", ("13700000002",)),
    ]


def test_a_second_renter_lives_with_the_first() -> None:
    row = read(["租客1", "电话1", "租客2", "电话2"], ["张三", PHONE, "李四", SECOND])

    assert (row.role, [(one.name, one.relation) for one in row.persons]) == ("renter", [("李四", "flatmate")])


def test_ages_and_years_in_titles_are_no_figures_of_a_household() -> None:
    head: list[Cell] = ["门牌", "室号", "户主/承租人", "60岁以上", "2025年欠费", "联系方式"]

    [row] = draft([head, ["3", "201", "张三", 1, 0, PHONE]], estate=ESTATE).rows

    assert (row.name, row.phones) == ("张三", (PHONE,))


def test_years_of_a_lease_are_no_telephone() -> None:
    assert read(["租客", "租期"], ["张三", "2025-2027"]).phones == ()


def test_several_renters_beside_one_merged_landlord_are_all_there() -> None:
    head: list[Cell] = ["门牌号", "室号", "房东", "房东电话", "租客姓名", "租客身份证号", "租客手机"]
    rows: list[list[Cell]] = [
        ["6号", "502", "伊人", PHONE, "宫商", PAPER, SECOND],
        ["", "", "", "", "宁静", OTHER, "13700000002"],
        ["6号", "601", "栾树", "", "", "", ""],
    ]
    merged = [((1, column), (2, column)) for column in range(4)]

    found = draft([head, *rows], merged=merged, estate=ESTATE).rows

    assert [(row.unit, row.name, row.role, row.id_number, row.phones) for row in found] == [
        ("502室", "伊人", "owner", "", (PHONE,)),
        ("601室", "栾树", "owner", "", ()),
        ("502室", "宫商", "renter", PAPER, (SECOND,)),
        ("502室", "宁静", "renter", OTHER, ("13700000002",)),
    ]


def test_who_lives_with_a_renter_is_in_her_household() -> None:
    head: list[Cell] = ["楼号", "室号", "房东", "承租人姓名", "承租人身份证", "承租人电话", "同住人"]
    rows: list[list[Cell]] = [
        ["8", "202", "全玉芬", "班志强", PAPER, PHONE, "班小妹、班大"],
        ["8", "301", "仰天", "", "", "", "秋白"],
    ]

    landlord, alone, renter = draft([head, *rows], estate=ESTATE).rows

    assert (landlord.persons, alone.persons, alone.remarks) == ((), (), "同住人：秋白")
    assert (renter.name, renter.id_number) == ("班志强", PAPER)
    assert [(one.name, one.relation, one.id_number) for one in renter.persons] == [
        ("班小妹", "flatmate", ""),
        ("班大", "flatmate", ""),
    ]


@pytest.mark.parametrize("titles", [["姓名", "电话", "姓名", "电话"], ["姓名1", "电话1", "姓名2", "电话2"]])
def test_a_second_name_of_whom_nothing_is_said_lives_with_the_first(titles: list[Cell]) -> None:
    row = read(titles, ["张三", PHONE, "李四", SECOND])

    assert (row.name, row.phones) == ("张三", (PHONE,))
    assert [(one.name, one.relation, one.phones) for one in row.persons] == [("李四", "flatmate", (SECOND,))]


def test_landlord_and_tenant_below_a_level_of_the_header() -> None:
    head: list[list[Cell]] = [
        ["房屋地址", "出租人", "", "承租人", "", ""],
        ["", "姓名", "电话", "姓名", "电话", "同住人"],
    ]
    spans = [((0, 3), (0, 5)), ((0, 1), (0, 2)), ((0, 0), (1, 0))]
    rows: list[list[Cell]] = [["3号201室", "张三", PHONE, "李四", SECOND, "王五"]]

    landlord, renter = draft([*head, *rows], merged=spans, estate=ESTATE).rows

    assert (landlord.name, landlord.role, landlord.phones) == ("张三", "owner", (PHONE,))
    assert (renter.name, renter.role, renter.phones) == ("李四", "renter", (SECOND,))
    assert [one.name for one in renter.persons] == ["王五"]


def test_the_telephone_of_a_tenant_with_a_family_is_hers() -> None:
    titles: list[Cell] = ["房东", "承租人", "承租人电话", "承租人家属"]

    assert holders(titles, ["张三", "李四", SECOND, "王五"])[1] == ("李四", "renter", "", (SECOND,))


@pytest.mark.parametrize(
    "titles", [["家庭成员", "与户主关系", "身份证号"], ["同住人", "与户主关系", "身份证号"]]
)
def test_the_people_beside_one_merged_head_are_all_there(titles: list[Cell]) -> None:
    head: list[Cell] = ["门牌号", "室号", "户主", *titles]
    rows: list[list[Cell]] = [
        ["6号", "502", "伊人", "伊尹", "子", PAPER],
        ["", "", "", "伊水", "女", OTHER],
        ["6号", "601", "栾树", "", "", ""],
    ]
    merged = [((1, column), (2, column)) for column in range(3)]

    first, second = draft([head, *rows], merged=merged, estate=ESTATE).rows

    assert (first.name, second.name, second.persons) == ("伊人", "栾树", ())
    assert [(one.name, one.relation, one.id_number) for one in first.persons] == [
        ("伊尹", "child", PAPER),
        ("伊水", "child", OTHER),
    ]


def test_the_co_owners_beside_one_merged_owner_are_all_there() -> None:
    head: list[Cell] = ["门牌号", "室号", "产权人", "共有人", "共有人证件号"]
    rows: list[list[Cell]] = [["6号", "502", "伊人", "伊尹", PAPER], ["", "", "", "伊水", OTHER]]
    merged = [((1, column), (2, column)) for column in range(3)]

    [row] = draft([head, *rows], merged=merged, estate=ESTATE).rows

    assert [(one.name, one.id_number) for one in row.persons] == [("伊尹", PAPER), ("伊水", OTHER)]


def test_a_header_may_be_a_room_and_numbered_owners() -> None:
    [row] = draft([["房号", "业主1", "业主2"], ["1-101", "张三", "李四"]], estate=ESTATE).rows

    assert people_of(row) == OWNERS
