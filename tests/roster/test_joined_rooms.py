"""Rooms that are one home in the list and several in the store, or the other way round, are not doubled."""

import pytest

from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.rules.taking import Take, read_groups
from tests.roster.yearly import ROWS, Office

JOINED = "福元小区,1号,{},丁华,13900000001,310101195001010006,50.5"


@pytest.mark.parametrize("rooms", ["101/102", "101、102", "101/102室", "0101、0102"])
def test_rooms_of_the_store_in_one_cell_are_no_new_home(office: Office, rooms: str) -> None:
    report = office.take(
        office.file(JOINED.format(rooms), ROWS[2], ROWS[3]), Take(read_groups("new,changed"))
    )
    assert "丁华" in office.present().get("101室", "")
    assert not any("、" in home or "/" in home for home in office.present())
    assert all(entry.is_kept and entry.why for entry in report.comparison.entries if entry.group is Group.NEW)


def test_a_room_that_the_store_has_with_another(office: Office) -> None:
    office.take(office.file("福元小区,1号,201、202室,何平,13900000009,,90"), Take(read_groups("new")))
    listed = ("福元小区,1号,201室,何平,13900000009,,45", "福元小区,1号,202室,何平,13900000009,,45")
    report = office.take(office.file(*listed, *ROWS), Take(read_groups("new,changed")))
    new = [entry for entry in report.comparison.entries if entry.group is Group.NEW]
    assert all(entry.is_kept and "201、202室" in entry.why for entry in new)
    assert [entry.place for entry in new] == ["1号202室"]  # by his name he moved to 201
    assert "202室" not in office.present()


def test_other_new_homes_are_new(office: Office) -> None:
    report = office.take(
        office.file(*ROWS, "福元小区,1号,105、106室,何平,13900000009,,90"), Take(read_groups("new"))
    )
    assert "105、106室" in office.present()
    assert not any(entry.is_kept for entry in report.comparison.entries)


TWO = [f"福元小区,1号,{room}室,何平,13900000009,,45" for room in (201, 202)]
ONE = "福元小区,1号,{},何平,13900000009,,90"


@pytest.mark.parametrize("rooms", ["201/202", "201、202室", "201+202"])
@pytest.mark.parametrize("is_joined_later", [True, False])
def test_who_holds_joined_rooms_is_gone_with_the_new_home_only(
    office: Office, rooms: str, is_joined_later: bool
) -> None:
    before, after = TWO, [ONE.format(rooms)]
    if not is_joined_later:
        before, after = after, before
    office.take(office.file(*ROWS, *before), Take(read_groups("new")))
    report = office.take(office.file(*ROWS, *after))
    assert {entry.is_kept for entry in report.comparison.entries} == {True}
    assert len({entry.why for entry in report.comparison.entries if entry.group is not Group.CHANGED}) == 1
    assert "何平" in "".join(office.present().values())
