"""Titles that name owners and renters together, and lists with a column of landlords or sub-landlords."""

import pytest

from fuyuan_desk.roster.reading.header_words import match_holder
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import INFO, WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, told

ESTATE = "福元小区"
OWN, OTHER, THIRD = "13712345678", "13912345678", "15812345678"
HOME: list[Cell] = ["楼号", "室号"]
Found = list[tuple[str, str, tuple[str, ...]]]


def read(*titles: Cell, rows: list[list[Cell]]) -> RosterDraft:
    """Read a list of homes in 1号 from their rooms and what stands below the titles."""
    return draft([[*HOME, *titles], *(["1号", *row] for row in rows)], estate=ESTATE)


def holders(roster: RosterDraft) -> Found:
    """Return holder, role and telephones of each row that names one."""
    return [(row.name, row.role, row.phones) for row in roster.rows if row.name]


# ---- owners and renters below one title ----


@pytest.mark.parametrize(
    "title",
    ["户主/租客", "业主（租户）", "业主或租户姓名", "房主/租户", "产权人/使用人", "业主、租客", "户主和租客",
     "户主（租户）", "业主/住户", "承租人/产权人", "住户(业主/租客)"],
)  # fmt: skip
def test_a_title_of_owners_and_renters_says_no_role(title: str) -> None:
    roster = read(title, "电话", rows=[["101", "周德兴", OWN], ["102", "马小跳", OTHER]])

    assert holders(roster) == [("周德兴", "", (OWN,)), ("马小跳", "", (OTHER,))]


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("业主/房东", "owner"),
        ("户主/业主", "owner"),
        ("住户（业主）", "owner"),
        ("业主（住户）", "owner"),
        ("承租人/租客", "renter"),
        ("居住人（租户）", "renter"),
        ("租客/借住人", "renter"),
    ],
)
def test_a_title_that_says_one_thing_twice_says_it(title: str, role: str) -> None:
    assert match_holder(title) == role


def test_a_renter_beside_the_owner_below_a_title_of_both_is_one() -> None:
    roster = read("户主/租客", rows=[["101", "周德兴/李四(租)"], ["102", "周德财（房东）赵六（租客）"]])

    assert [(name, role) for name, role, _phones in holders(roster)] == [
        ("周德兴", ""),
        ("周德财", "owner"),
        ("李四", "renter"),
        ("赵六", "renter"),
    ]


# ---- sub-landlords ----


@pytest.mark.parametrize("title", ["二房东", "二房东姓名", "房东/二房东", "转租人"])
@pytest.mark.parametrize("number", ["电话", "联系电话"])
def test_a_sub_landlord_is_somebody_else(title: str, number: str) -> None:
    roster = read("租客", "租客电话", title, number, rows=[["101", "马小跳", OWN, "胡汉文", OTHER]])

    [row] = roster.rows
    assert (row.name, row.role, row.phones) == ("马小跳", "renter", (OWN,))
    assert OTHER in row.contact
    assert row.remarks == f"{title}：胡汉文"
    assert (1, "E") in told(roster, INFO)


def test_a_sub_landlord_beside_the_owner_is_neither() -> None:
    roster = read(
        "业主", "租客", "电话", "二房东", rows=[["101", "沈国华", "马小跳", OWN, "胡汉文 " + OTHER]]
    )

    assert holders(roster) == [("沈国华", "owner", ()), ("马小跳", "renter", (OWN,))]
    assert f"二房东：胡汉文 {OTHER}" in "".join(row.remarks for row in roster.rows)


# ---- a column of landlords beside the residents ----


def test_who_has_no_landlord_or_is_her_own_owns_her_home() -> None:
    rows: list[list[Cell]] = [
        ["101", "周德兴", "本人", "", OWN],
        ["102", "马小跳", "周德旺", OTHER, THIRD],
        ["103", "周德发", "周德发", OWN, OWN],
        ["104", "周德财", "自有", "", ""],
    ]

    roster = read("姓名", "房东", "房东电话", "本人电话", rows=rows)

    assert holders(roster) == [
        ("周德兴", "owner", (OWN,)),
        ("马小跳", "renter", (THIRD,)),
        ("周德发", "owner", (OWN,)),
        ("周德财", "owner", ()),
        ("周德旺", "owner", (OTHER,)),
    ]
    assert not told(roster)


@pytest.mark.parametrize("title", ["姓名", "户主", "住户"])
def test_an_owner_is_told_where_only_the_missing_landlord_says_it(title: str) -> None:
    roster = read(
        title, "电话", "房东", rows=[["101", "周德兴", OWN, ""], ["102", "马小跳", OTHER, "周德旺"]]
    )

    assert holders(roster) == [
        ("周德兴", "owner", (OWN,)),
        ("马小跳", "renter", (OTHER,)),
        ("周德旺", "owner", ()),
    ]
    assert told(roster) == [(2, "E")]


def test_an_unused_column_of_landlords_says_nothing() -> None:
    roster = read("户主", "电话", "房东", rows=[["101", "周德兴", OWN, ""], ["102", "马小跳", OTHER, ""]])

    assert holders(roster) == [("周德兴", "", (OWN,)), ("马小跳", "", (OTHER,))]
    assert not told(roster)


def test_a_tenure_says_who_owns_where_no_landlord_does() -> None:
    rows: list[list[Cell]] = [["101", "周德兴", "直管公房", ""], ["102", "马小跳", "私房", "周德旺"]]

    roster = read("姓名", "房屋性质", "房东", rows=rows)

    assert [(name, role) for name, role, _phones in holders(roster)] == [
        ("周德兴", "tenant"),
        ("马小跳", "renter"),
        ("周德旺", "owner"),
    ]


def test_how_people_live_beside_landlords_says_their_role() -> None:
    rows: list[list[Cell]] = [
        ["101", "周德兴", "自购", ""],
        ["102", "马小跳", "租赁", "周德旺"],
        ["103", "周小财", "借住", ""],
    ]

    roster = read("姓名", "居住方式", "房东姓名", rows=rows)

    assert [(name, role) for name, role, _phones in holders(roster)] == [
        ("周德兴", "owner"),
        ("马小跳", "renter"),
        ("周小财", "occupant"),
        ("周德旺", "owner"),
    ]
    assert not told(roster)


def test_how_people_live_without_landlords_says_no_role() -> None:
    roster = read("姓名", "居住方式", rows=[["101", "周德兴", "独居"], ["102", "马小跳", "与子女同住"]])

    assert [(row.role, row.remarks) for row in roster.rows] == [
        ("", "居住方式：独居"),
        ("", "居住方式：与子女同住"),
    ]


@pytest.mark.parametrize(
    "titles",
    [
        ("姓名", "与户主关系", "电话", "房东"),
        ("租客姓名", "与租客关系", "租客电话", "房东"),
        ("姓名", "与户主关系", "房东", "本人电话"),
    ],
)
def test_the_family_of_a_renter_or_owner_is_one_household(titles: tuple[str, ...]) -> None:
    texts = [
        ("101", "马小跳", "户主", OWN, "周德旺"),
        ("101", "马小妹", "妹", OTHER, "周德旺"),
        ("102", "羊小羔", "户主", THIRD, "周德发"),
        ("102", "羊小花", "女儿", "", ""),
    ]
    places = {"与": 2, "电": 3, "租": 1, "姓": 1, "房": 4, "本": 3}
    kinds = [3 if title.endswith("电话") else places[title[0]] for title in titles]
    rows: list[list[Cell]] = [[row[0], *(row[kind] for kind in kinds)] for row in texts]

    roster = read(*titles, rows=rows)

    first, second = (row for row in roster.rows if row.role == "renter")
    assert (first.name, first.phones, second.name, second.phones) == ("马小跳", (OWN,), "羊小羔", (THIRD,))
    assert [(one.name, one.relation, one.phones) for row in (first, second) for one in row.persons] == [
        ("马小妹", "sibling", (OTHER,)),
        ("羊小花", "child", ()),
    ]
    assert {row.name for row in roster.rows if row.role == "owner"} == {"周德旺", "周德发"}
    assert not any(row.persons for row in roster.rows if row.role == "owner")
    assert len(roster.rows) == 4  # the landlord stands beside each of them, but is one


def test_the_family_of_a_renter_behind_the_landlord_is_hers() -> None:
    rows: list[list[Cell]] = [
        ["101", "周德旺", OTHER, "马小跳", "户主", OWN],
        ["101", "周德旺", OTHER, "马小妹", "妹", ""],
    ]

    roster = read("房东", "房东电话", "姓名", "与户主关系", "电话", rows=rows)

    assert holders(roster)[:2] == [("马小跳", "renter", (OWN,)), ("周德旺", "owner", (OTHER,))]
    assert [(one.name, one.relation) for one in roster.rows[0].persons] == [("马小妹", "sibling")]


@pytest.mark.parametrize("title", ["本人电话", "住户电话", "居民电话", "租客电话"])
@pytest.mark.parametrize("name", ["姓名", "租客姓名", "户主"])
def test_the_residents_number_right_of_the_landlord_is_hers(name: str, title: str) -> None:
    roster = read(name, "房东姓名", title, rows=[["101", "马小跳", "周德旺", OWN]])

    assert sorted(holders(roster)) == [("周德旺", "owner", ()), ("马小跳", "renter", (OWN,))]
    assert not told(roster, WARNING)


@pytest.mark.parametrize("title", ["联系电话", "手机号", "电话"])
@pytest.mark.parametrize("name", ["姓名", "租客姓名"])
def test_the_only_number_right_of_the_landlord_is_asked_about(name: str, title: str) -> None:
    roster = read(name, "房东姓名", title, rows=[["101", "马小跳", "周德旺", OWN]])

    assert ("马小跳", "renter", (OWN,)) in holders(roster)
    assert told(roster, WARNING) == [(1, "E")]


def test_each_has_her_own_number_beside_her_name() -> None:
    roster = read("姓名", "电话", "房东", "电话", rows=[["101", "马小跳", OWN, "周德旺", OTHER]])

    assert holders(roster) == [("马小跳", "renter", (OWN,)), ("周德旺", "owner", (OTHER,))]


def test_a_landlord_before_her_renters_keeps_her_number() -> None:
    roster = read("房东", "电话", "租客", rows=[["101", "周德旺", OTHER, "马小跳"]])

    assert holders(roster) == [("周德旺", "owner", (OTHER,)), ("马小跳", "renter", ())]


def test_the_family_of_a_landlord_rents_nothing() -> None:
    rows: list[list[Cell]] = [["101", "马小跳", "租客", "周德旺"], ["102", "周小发", "儿子", "周德发"]]

    roster = read("姓名", "与房东关系", "房东", rows=rows)

    assert [(name, role) for name, role, _phones in holders(roster)][:2] == [
        ("马小跳", "renter"),
        ("周小发", ""),
    ]
    assert (3, "D") in told(roster, WARNING)
