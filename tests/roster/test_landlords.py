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
    roster = read("业主", "租客", "电话", "二房东", rows=[["101", "沈国华", "马小跳", OWN, "胡汉文 " + OTHER]])

    assert holders(roster) == [("沈国华", "owner", ()), ("马小跳", "renter", (OWN,))]
    assert f"二房东：胡汉文 {OTHER}" in "".join(row.remarks for row in roster.rows)
