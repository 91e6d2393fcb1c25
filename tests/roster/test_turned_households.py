"""A household that a later list names from another of its people: everything of the row is compared all the same."""

from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.rules.taking import Take, read_groups
from fuyuan_desk.roster.service.imports import ImportReport
from tests.roster.yearly import Office, counted

OWNERS = "小区,楼栋,室号,业主,电话,备注"
PEOPLE = "小区,楼栋,室号,姓名,与户主关系,电话"
TENANTS = "小区,楼栋,室号,业主,租客,租客电话"
PLACE = "福元小区,1号,101室,"


def differences(report: ImportReport) -> set[tuple[str, str, str, bool]]:
    """Return field, whose, new value and whether it is kept, of all differences."""
    return {
        (one.field, one.whose, one.new, one.is_kept)
        for entry in report.comparison.entries
        for one in entry.differences
    }


def missing(report: ImportReport) -> str:
    """Return what is told of people who are not in the list."""
    return "".join(one.message for one in report.problems if "not in the list, and stays" in one.message)


@pytest.mark.parametrize(
    ("before", "after", "expected", "absent"),
    [
        (
            "丁华、李新,,",
            "李新、王五,13900000009,",
            {
                ("name", "", "李新", True),
                ("phone", "李新", "13900000009", False),
                ("person", "", "王五（Co-owner）", False),
            },
            "丁*",
        ),
        (
            "丁华、李新,,",
            "李新、丁华,13900000009,出租",
            {("phone", "李新", "13900000009", False), ("remark", "", "出租", False)},
            "",
        ),
        ("丁华,,", "李新、丁华,,", {("person", "", "李新（Co-owner）", False)}, ""),
        (
            "丁华、李新,13900000001,",
            "李新,13900000009,丁华去年去世",
            {
                ("name", "", "李新", True),
                ("phone", "李新", "13900000009", False),
                ("remark", "", "丁华去年去世", False),
            },
            "丁*",
        ),
        # the telephone of the home below another name of it says nothing new
        ("丁华、李新,13900000001,", "李新、丁华,13900000001,", set(), ""),
        ("丁华、李新,,", "丁华、王五,,", {("person", "", "王五（Co-owner）", False)}, "李*"),
    ],
)
def test_owners_are_compared_whoever_stands_first(
    seat: Seat,
    tmp_path: Path,
    before: str,
    after: str,
    expected: set[tuple[str, str, str, bool]],
    absent: str,
) -> None:
    office = Office(seat, tmp_path)
    office.take(office.file(PLACE + before, header=OWNERS))
    later = office.file(PLACE + after, header=OWNERS)
    report = office.take(later, Take(read_groups("changed")))
    assert differences(report) == expected
    assert absent in missing(report)
    assert bool(missing(report)) == bool(absent)
    # a second run has only what was kept
    assert differences(office.take(later)) == {one for one in expected if one[-1]}


def test_a_list_of_people_with_another_head_says_all_that_it_says(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    first = [PLACE + one for one in ("丁华,户主,13900000001", "丁新,弟,")]
    office.take(office.file(*first, header=PEOPLE))
    later = office.file(*(PLACE + one for one in ("丁新,户主,13900000009", "丁小妹,女,")), header=PEOPLE)
    report = office.take(later, Take(read_groups("changed")))
    assert {one[0:3:2] for one in differences(report)} >= {
        ("name", "丁新"),
        ("phone", "13900000009"),
        ("person", "丁小妹"),
    }
    assert "丁*" in missing(report)
    with office.seat.store.sessions():
        people = {one["name"]: one["remarks"] for one in office.everything()["person"]}
    assert people == {"丁新": "", "丁小妹": "丁新：Son or daughter"}
    again = office.take(later, Take(read_groups("changed")))
    assert all(one.is_kept for entry in again.comparison.entries for one in entry.differences)


def test_a_couple_that_changed_places_is_one(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    office.take(office.file(PLACE + "丁华,户主,", PLACE + "钱九,妻,", header=PEOPLE))
    report = office.compare(PLACE + "钱九,户主,13900000009", PLACE + "丁华,夫,13900000001", header=PEOPLE)
    assert differences(report) == {
        ("name", "", "钱九", True),
        ("phone", "钱九", "13900000009", False),
        ("phone", "", "13900000001", False),
    }
    assert not missing(report)


def test_of_tenants_who_is_missing_is_told_too(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    office.take(office.file(PLACE + "丁华,李新、王五,13900000002", header=TENANTS))
    report = office.compare(PLACE + "丁华,李新,13900000002", header=TENANTS)
    assert counted(report).keys() == {Group.UNCHANGED.value}
    assert "王*" in missing(report)
    assert not missing(office.compare(PLACE + "丁华,王五、李新,13900000002", header=TENANTS))
