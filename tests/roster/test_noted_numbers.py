"""Telephone numbers in cells of names with a word that says whose they are, and titles of owners and renters."""

import pytest

from fuyuan_desk.roster.reading.both_titles import both_in
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, told

OWN, OTHER = "13712345678", "13912345678"


def read(*titles: str, row: list[Cell]) -> RosterDraft:
    """Read a list of one home from what stands below the titles."""
    return draft([["楼号", "室号", *titles], ["1号", "101", *row]], estate="福元小区")


# ---- whose number stands beside a name ----


@pytest.mark.parametrize(
    ("cell", "contact", "is_told"),
    [
        (f"李新（女儿李小妹{OTHER}）", f"女儿李小妹：{OTHER}", False),
        (f"李新（女儿{OTHER}）", f"女儿：{OTHER}", False),
        (f"李新（{OTHER}儿子）", f"儿子：{OTHER}", False),
        (f"李新/女儿{OTHER}", f"女儿：{OTHER}", False),
        (f"李新 女儿{OTHER}", f"女儿：{OTHER}", False),
        (f"李新（租客{OTHER}）", f"租客：{OTHER}", False),
        (f"李新（中介小马{OTHER}）", f"中介小马：{OTHER}", False),
        (f"李新（子 李明 {OTHER}）", f"子 李明：{OTHER}", False),
        (f"李新(租:{OTHER})", f"租：{OTHER}", True),
        (f"李新（租给王七郎 {OTHER}）", f"租给王七郎：{OTHER}", True),
        (f"李新（联系人：周海 {OTHER}）", f"联系人:周海：{OTHER}", False),
    ],
)
@pytest.mark.parametrize("phone", [OWN, ""])
def test_a_number_with_a_word_is_no_number_of_the_holder(
    cell: str, contact: str, is_told: bool, phone: str
) -> None:
    roster = read("业主", "电话", row=[cell, phone])

    [row] = roster.rows
    assert (row.name, row.role, row.contact, row.remarks) == ("李新", "owner", contact, "")
    assert row.phones == ((phone,) if phone else ())
    assert told(roster) == ([(2, "C")] if is_told else [])


@pytest.mark.parametrize(
    "cell", [f"李新 {OTHER}", f"李新（{OTHER}）", f"李新（手机{OTHER}）", f"李新（本人{OTHER}）"]
)
def test_a_number_with_the_name_alone_is_the_holders(cell: str) -> None:
    [row] = read("业主", "电话", row=[cell, OWN]).rows

    assert (row.name, row.phones, row.contact) == ("李新", (OWN, OTHER), "")


def test_a_second_holders_daughter_is_a_contact_of_hers() -> None:
    rows = read("业主", "租客", row=["李新", f"王芳（女儿{OTHER}）"]).rows

    assert [(row.name, row.phones) for row in rows] == [("李新", ()), ("王芳", ())]
    assert OTHER in f"{rows[1].contact}{rows[1].remarks}"


def test_a_co_owners_daughter_is_a_contact_with_her_name() -> None:
    [row] = read("业主", row=[f"李新、王芳（女儿{OTHER}）"]).rows

    assert [one.phones for one in (row, *row.persons)] == [(), ()]
    assert row.contact == f"王芳的女儿：{OTHER}"


# ---- titles of two ----


@pytest.mark.parametrize(
    ("title", "roles"),
    [
        ("业主/租户", ("owner", "renter")),
        ("业主（租户）姓名", ("owner", "renter")),
        ("户主/租客", ("", "renter")),
        ("产权人/使用人", ("owner", "occupant")),
        ("承租人/产权人", ("tenant", "owner")),
        ("业主/房东", None),
        ("业主、租客", None),
        ("姓名/名称", None),
        ("业主", None),
        ("租客/业主", None),
    ],
)
def test_titles_of_two_say_their_order(title: str, roles: tuple[str, str] | None) -> None:
    both = both_in(title)

    assert (both and both[:2]) == roles


@pytest.mark.parametrize(
    ("title", "cell", "people"),
    [
        ("业主/租户", "李新/王芳", [("李新", "owner"), ("王芳", "renter")]),
        ("业主/租户", "/王芳", [("王芳", "renter")]),
        ("业主/租户", "李新", [("李新", "")]),
        ("业主/租户", "李新、王芳", [("李新", "")]),
        ("业主（租户）姓名", "李新（王芳）", [("李新", "owner"), ("王芳", "renter")]),
        ("业主（租户）姓名", "（王芳）", [("王芳", "renter")]),
        ("业主（租户）姓名", "李新（党员）", [("李新", "")]),
        ("业主（租户）姓名", "（空关）", [("", "")]),
        ("户主/租客", "李新/王芳", [("李新", ""), ("王芳", "renter")]),
    ],
)
def test_the_place_in_a_cell_of_two_says_the_role(
    title: str, cell: str, people: list[tuple[str, str]]
) -> None:
    assert [(row.name, row.role) for row in read(title, row=[cell]).rows] == people


@pytest.mark.parametrize(
    ("phone", "own", "hers"),
    [(f"{OWN}/{OTHER}", (OWN,), (OTHER,)), (f"{OWN}（{OTHER}）", (OWN,), (OTHER,)), (f"/{OTHER}", (), (OTHER,)),
     (OWN, (OWN,), ())],
)  # fmt: skip
def test_the_numbers_of_two_are_in_the_order_of_the_names(
    phone: str, own: tuple[str, ...], hers: tuple[str, ...]
) -> None:
    roster = read("业主/租户", "电话", row=["李新/王芳", phone])

    assert [row.phones for row in roster.rows] == [own, hers]
    assert not told(roster, WARNING)


def test_one_number_in_brackets_beside_two_owners_stays_with_the_first_and_is_told() -> None:
    roster = read("业主", "电话", row=["李新、王芳", f"（{OTHER}）"])

    assert [one.phones for one in (roster.rows[0], *roster.rows[0].persons)] == [(OTHER,), ()]
    assert told(roster) == [(2, "D")]
