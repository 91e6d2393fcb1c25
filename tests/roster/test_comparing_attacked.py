"""Lists that ended the wrong people, or replaced good values, when strangers tried the comparison."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.people import PersonFields
from fuyuan_desk.estates.records import Person
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.estates.service import people
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.rules.taking import Take, read_groups
from fuyuan_desk.roster.service import imports
from tests.roster.yearly import ROWS, Office, counted, entry_of


def test_who_comes_back_after_that_day_is_written(office: Office) -> None:
    office.take(office.file(*ROWS[1:]), Take(read_groups("gone"), ended_on=date(2026, 3, 1)))
    assert "101室" not in office.present()
    assert office.take(office.file(*ROWS)).households == 1
    assert office.present()["101室"] == "丁华"
    assert counted(office.compare(*ROWS)) == {"unchanged": 4}


@pytest.mark.parametrize(
    "row",
    [
        "福元小区,1号,101室,丁华,139****0001,310101********0006,50.5",
        "福元小区,1号,101室,丁*,139****0001,,50.5",
        "福元小区,1号,101室,丁某,,,50.5",
        "福元小区,1号,101室,丁女士,13900000001,,50.5",
    ],
)
def test_a_masked_list_says_nothing_new(office: Office, row: str) -> None:
    assert counted(office.compare(row, *ROWS[1:])) == {"unchanged": 4}


def test_what_is_masked_or_wrong_replaces_nothing(office: Office) -> None:
    rows = (
        "福元小区,1号,101室,丁华,137****9999,310101********9999,50.5",
        "福元小区,1号,102室,李新,1390000000,310101196001010008,60",
    )
    report = office.take(office.file(*rows, *ROWS[2:]), Take(read_groups("changed")))
    assert [one for entry in report.comparison.entries for one in entry.differences if not one.is_kept] == []
    assert [office.phones(name) for name in ("丁华", "李新")] == [["13900000001"], ["13900000002"]]
    assert office.household("李新").id_number == "310101196001010000"


@pytest.mark.parametrize("document", ["310101197502020009", "310101199001010004"])
def test_another_document_and_telephone_of_one_name_are_taken_together_or_not_at_all(
    office: Office, document: str
) -> None:
    row = f"福元小区,1号,101室,丁华,13900000077,{document},50.5"
    report = office.take(office.file(row, *ROWS[1:]), Take(read_groups("changed")))
    assert {one.field for one in entry_of(report, Group.CHANGED).differences} == {"id", "phone"}
    assert office.phones("丁华") == ["13900000001"]


def test_a_list_of_some_buildings_says_nothing_of_the_others(office: Office) -> None:
    more = [f"福元小区,{house}号,{room}室,住户{house}{room}甲,,," for house in (3, 4) for room in (101, 102)]
    office.take(office.file(*ROWS, *more))
    report = office.compare(*ROWS, *more[:2])
    assert counted(report) == {"unchanged": 6}
    assert any("2 households there are left as they are" in one.message for one in report.problems)


def test_a_row_that_cannot_be_imported_ends_nobody(office: Office) -> None:
    for row in (
        "福元小区,1号,,丁华,13900000001,,",  # no room
        "福元小区,1号,101室,,13900000009,,",  # no name
        "福元小区,1号,101室,,,,50.5",  # nobody named
    ):
        assert "gone" not in counted(office.compare(row, *ROWS[1:])), row


def test_a_list_of_tenants_is_none_of_owners(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    office.take(office.file(*ROWS))
    report = office.compare("福元小区,1号,101室,钱九", header="小区,楼栋,室号,承租人")
    assert counted(report) == {"new": 1}


def test_a_list_without_entrances_finds_the_homes_by_their_holders(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    header = "小区,楼栋,单元,室号,业主"
    rows = [
        f"福元小区,1号,{entrance}单元,{room}室,住户{entrance}{room}甲"
        for entrance in (1, 2)
        for room in (101, 102)
    ]
    office.take(office.file(*rows, header=header))
    shorter = [row.replace("1单元,", "").replace("2单元,", "") for row in rows]
    assert counted(office.compare(*shorter, header="小区,楼栋,室号,业主")) == {"unchanged": 4}


def test_a_list_of_another_estate_or_of_a_few_is_told(office: Office) -> None:
    rows = [f"福元小区,5号,{room}室,住户{room}甲,,," for room in range(101, 111)]
    office.take(office.file(*ROWS, *rows))
    report = office.compare(*(row.replace("甲", "乙") for row in rows))
    assert any("another estate" in one.message for one in report.problems)
    assert any("Half or less" in one.message for one in office.compare(*rows[:3]).problems)


def test_co_owners_named_in_another_order_are_the_same(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    office.take(office.file("福元小区,1号,101室,丁华、李新,,,"))
    assert counted(office.compare("福元小区,1号,101室,李新、丁华,,,")) == {"unchanged": 1}


def test_people_of_a_household_are_compared_too(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    header = "小区,楼栋,室号,姓名,与户主关系,电话,份额"
    head, wife = "福元小区,1号,101室,丁华,户主,13900000001,", "福元小区,1号,101室,钱九,妻,13900000002,"
    office.take(office.file(head, wife, header=header))
    assert counted(office.compare(head, wife, header=header)) == {"unchanged": 1}
    changed, child = wife.replace("139", "138"), "福元小区,1号,101室,丁丁,子,,"
    report = office.take(office.file(head, changed, child, header=header))
    assert [(one.field, one.whose, one.new) for one in entry_of(report, Group.CHANGED).differences] == [
        ("people", "", "3"), ("phone", "钱九", "13800000002"), ("person", "", "丁丁（Son or daughter）")
    ]  # fmt: skip
    assert counted(office.compare(head, changed, child, header=header)) == {"unchanged": 1}
    assert counted(office.compare("福元小区,1号,101室,丁华,户主,,", header=header)) == {"unchanged": 1}


def test_shares_and_tags_of_a_list_are_written_to_known_homes(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    header = "小区,楼栋,室号,业主,产权份额"
    office.take(office.file("福元小区,1号,101室,丁华,", header=header))
    both = office.file("福元小区,1号,101室,丁华、李新,1/3、2/3", header=header)
    report = office.take(both)
    assert {one.field for one in entry_of(report, Group.CHANGED).differences} == {"share", "person"}
    assert counted(office.take(both)) == {"unchanged": 1}
    half = office.compare("福元小区,1号,101室,丁华、李新,1/3、1/3", header=header)
    assert all(one.is_kept for one in entry_of(half, Group.CHANGED).differences)
    assert report.import_id is not None
    imports.undo_import(office.seat, report.import_id)
    assert counted(office.compare("福元小区,1号,101室,丁华,", header=header)) == {"unchanged": 1}


def test_what_a_list_wrote_is_no_entry_of_a_clerk_that_a_later_list_would_keep(office: Office) -> None:
    # all three were made before the first of them was imported
    second = office.file("福元小区,1号,101室,丁华,13800000001,,", *ROWS[1:], days_ago=2)
    third = office.file("福元小区,1号,101室,丁华,13700000001,,", *ROWS[1:], days_ago=1)
    for file in (second, third):
        office.take(file, Take(read_groups("changed")))
    assert office.phones("丁华") == ["13700000001"]


def test_shares_never_make_more_than_the_whole(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    header = "小区,楼栋,室号,业主,产权份额"
    office.take(office.file("福元小区,1号,101室,丁华、李新,1/2、1/2", header=header))
    # the list forgets one of the two, who still has her half
    report = office.compare("福元小区,1号,101室,丁华,1", header=header)
    assert [(one.field, one.is_kept) for one in entry_of(report, Group.CHANGED).differences] == [
        ("share", True)
    ]


def test_a_doubt_about_one_person_keeps_nothing_of_the_others(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    header = "小区,楼栋,室号,姓名,与户主关系,电话,身份证号"
    head, wife = "福元小区,1号,101室,丁华,户主,13900000001,", "福元小区,1号,101室,钱九,妻,,310101195001010006"
    office.take(office.file(head, wife, header=header))
    other = wife.replace("310101195001010006", "310101197502020009")
    report = office.compare(head.replace("139", "138"), other, header=header)
    kept = {one.field: one.is_kept for one in entry_of(report, Group.CHANGED).differences}
    assert kept["phone"] is False


def test_what_was_typed_of_other_people_after_the_list_is_kept(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    header = "小区,楼栋,室号,姓名,与户主关系,电话"
    rows = ("福元小区,1号,101室,丁华,户主,", "福元小区,1号,101室,钱九,妻,13900000002")
    office.take(office.file(*rows, header=header))
    household = office.household("丁华").id
    with office.seat.store.sessions() as session:
        person = session.scalars(select(Person.id)).one()
    people.save_person(
        office.seat, household, PersonFields("钱九", Relation.SPOUSE, phones=("13700000002",)), person
    )
    entry = entry_of(office.compare(*rows, header=header, days_ago=3), Group.CHANGED)
    assert [(one.field, one.whose, one.is_kept) for one in entry.differences] == [("phone", "钱九", True)]
