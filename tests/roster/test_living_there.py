"""Lists of owners beside a column of who lives or rents there, which names the owner herself, too."""

from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.reading.rows import WARNING
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, told
from tests.roster.yearly import Office

OWN, OTHER = "13712345678", "13912345678"
People = list[tuple[str, str, list[tuple[str, str]]]]


def read(*titles: str, row: list[Cell]) -> RosterDraft:
    """Read a list of one home from what stands below the titles."""
    return draft([["楼号", "室号", *titles], ["1号", "101", *row]], estate="福元小区")


def people(roster: RosterDraft) -> People:
    """Return holder and role of each household, with name and relation of everybody else in it."""
    return [(row.name, row.role, [(one.name, one.relation) for one in row.persons]) for row in roster.rows]


@pytest.mark.parametrize(
    ("owner", "cell", "others"),
    [
        ("李新", "李新、王妹妹", [("王妹妹", "flatmate")]),
        ("李新", "王妹妹、李新", [("王妹妹", "flatmate")]),
        ("李新", "李新/王妹妹", [("王妹妹", "flatmate")]),
        ("李新", "李新 王妹妹", [("王妹妹", "flatmate")]),
        ("李新", "李新、李祥、王妹妹", [("李祥", "flatmate"), ("王妹妹", "flatmate")]),
        ("李新", "李新（本人）、王妹妹", [("王妹妹", "flatmate")]),
        ("李新", "本人、王妹妹", [("王妹妹", "flatmate")]),
        ("李新、李银", "李银、王妹妹", [("李银", "co-owner"), ("王妹妹", "flatmate")]),
    ],
)
def test_who_lives_with_the_owner_is_of_her_household(
    owner: str, cell: str, others: list[tuple[str, str]]
) -> None:
    roster = read("产权人", "居住人", row=[owner, cell])

    assert people(roster) == [("李新", "owner", others)]
    assert (2, "D") in told(roster, WARNING)  # what they are to her is not said


@pytest.mark.parametrize("cell", ["李新、妻王妹妹", "妻王妹妹、李新", "本人、妻子王妹妹"])
def test_a_relation_that_the_cell_says_is_hers(cell: str) -> None:
    roster = read("产权人", "居住人", row=["李新", cell])

    assert people(roster) == [("李新", "owner", [("王妹妹", "spouse")])]
    assert not told(roster, WARNING)


@pytest.mark.parametrize(
    ("title", "cell"), [("居住人", "李新，租客王妹妹"), ("租客", "李新、王妹妹"), ("租客", "自住/王妹妹")]
)
def test_who_rents_beside_the_owner_is_a_household_of_her_own(title: str, cell: str) -> None:
    roster = read("产权人", title, row=["李新", cell])

    assert people(roster) == [("李新", "owner", []), ("王妹妹", "renter", [])]
    assert (2, "D") in told(roster)


def test_the_number_of_the_renters_is_not_the_owners() -> None:
    roster = read("产权人", "电话", "租客", "租客电话", row=["李新", OWN, "李新、王妹妹", OTHER])

    assert [(row.name, row.phones) for row in roster.rows] == [("李新", (OWN,)), ("王妹妹", (OTHER,))]


def test_a_number_for_each_is_given_to_each() -> None:
    roster = read("产权人", "租客", "租客电话", row=["李新", "李新、王妹妹", f"{OWN}、{OTHER}"])

    assert [(row.name, row.phones) for row in roster.rows] == [("李新", (OWN,)), ("王妹妹", (OTHER,))]


@pytest.mark.parametrize("cell", ["李新夫妇", "李新及其母", "本人及妻子"])
def test_somebody_without_a_name_beside_the_owner_is_nobody_else(cell: str) -> None:
    roster = read("产权人", "产权人电话", "居住人", row=["李新", OWN, cell])

    assert people(roster) == [("李新", "owner", [])]
    assert roster.rows[0].remarks == f"居住人：{cell}"
    assert told(roster) == [(2, "E")]


@pytest.mark.parametrize("cell", ["本人", "同产权人", "李新"])
def test_the_owner_alone_is_told_nothing_of(cell: str) -> None:
    roster = read("产权人", "居住人", row=["李新", cell])

    assert people(roster) == [("李新", "owner", [])]
    assert not told(roster)


def test_how_many_live_there_is_kept() -> None:
    [row] = read("产权人", "居住人", row=["李新", "李新等3人"]).rows

    assert (row.name, row.remarks) == ("李新", "居住人：等3人")


@pytest.mark.parametrize("cell", [f"李新（女儿{OTHER}）", f"李新、王妹妹（女儿{OTHER}）"])
def test_a_contact_beside_the_owners_second_name_is_kept(cell: str) -> None:
    [row] = read("产权人", "产权人电话", "居住人", row=["李新", OWN, cell]).rows

    assert row.phones == (OWN,)
    assert f"女儿：{OTHER}" in row.contact


def test_who_lives_with_renters_by_a_column_is_kept_beside_the_owner() -> None:
    roster = read("产权人", "居住人", "同住人", row=["李新", "李新、王妹妹", "赵敏"])

    assert people(roster) == [("李新", "owner", [("王妹妹", "flatmate"), ("赵敏", "flatmate")])]


def test_a_number_of_the_owner_alone_with_a_word_is_kept() -> None:
    [row] = read("产权人", "居住人", "居住人电话", row=["李新", "李新", f"{OWN} 女儿{OTHER}"]).rows

    assert (row.phones, row.contact) == ((OWN,), f"女儿：{OTHER}")


@pytest.mark.parametrize("cell", ["李新、王妹妹", "本人、王妹妹", "王妹妹、李新"])
def test_a_landlord_who_lives_there_with_another_owner_rents_nothing(cell: str) -> None:
    roster = read("姓名", "房东", row=["李新", cell])

    assert people(roster) == [("李新", "owner", [("王妹妹", "co-owner")])]


def test_who_lives_with_a_known_owner_is_new_in_a_later_year(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    office.take(office.file("福元小区,1号,101室,李新,13900000001", header="小区,楼栋,室号,业主,电话"))

    header = "小区,楼栋,室号,业主,业主电话,居住人"
    row = "福元小区,1号,101室,李新,13900000001,李新、王妹妹"
    office.take(office.file(row, header=header))

    assert office.present() == {"101室": "李新"}
    assert "王妹妹" in str(office.everything())
