"""Lists that name less than the estate: a row, a building, a few homes. They say so, and nobody is gone unasked."""

from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.service.imports import ImportReport
from tests.roster.yearly import EVERYTHING, Office, told

HEADER = "小区,楼栋,室号,业主"
HOMES = {
    "1号": ("101", "102", "103"),
    "2号": ("201", "202"),
    "3号": ("301",),
    "4号": ("401", "402", "403", "404", "405"),
}
WHOLE = tuple(f"{house}{room}" for house, rooms in HOMES.items() for room in rooms)


def rows(*homes: str) -> list[str]:
    """Return the rows of homes, such as 1号101; each has its own holder."""
    return [f"福元小区,{home[:2]},{home[2:]}室,住户{home[2:]}" for home in homes]


@pytest.fixture
def full(seat: Seat, tmp_path: Path) -> Office:
    """Return an office that knows all homes."""
    office = Office(seat, tmp_path)
    office.take(office.file(*rows(*WHOLE), header=HEADER, days_ago=9))
    return office


def gone(report: ImportReport) -> dict[str, bool]:
    """Return the homes that are gone from a list, with whether they are kept."""
    assert all(bool(entry.why) == entry.is_kept for entry in report.comparison.entries)
    return {
        entry.place.removesuffix("室"): entry.is_kept
        for entry in report.comparison.entries
        if entry.group is Group.GONE
    }


def without(*homes: str) -> list[str]:
    return [home for home in WHOLE if home not in homes]


@pytest.mark.parametrize(
    ("homes", "expected", "sentence"),
    [
        # one row: the other homes of its building at most, and these only if they are ticked
        (["1号101"], {"1号102": True, "1号103": True}, "Half or less"),
        (["2号201"], {"2号202": True}, "Half or less"),
        (["3号301"], {}, ""),
        # one building
        (["1号101", "1号102"], {"1号103": False}, ""),
        (["4号401", "4号402"], {"4号403": True, "4号404": True, "4号405": True}, "Half or less"),
        # a few homes of many buildings
        (
            ["1号101", "2号201", "3号301", "4号401"],
            dict.fromkeys(["1号102", "1号103", "2号202", "4号402", "4号403", "4号404", "4号405"], True),
            "Half or less",
        ),
        # all of the estate but for most of a building
        (without("4号402", "4号403", "4号404"), dict.fromkeys(["4号402", "4号403", "4号404"], True), "4号"),
        # nearly all of it
        (without("1号103", "4号401"), {"1号103": False, "4号401": False}, ""),
        (without("2号202"), {"2号202": False}, ""),
        # the only household of a house, beside which no such house is named
        (without("3号301"), {"3号301": True}, "3号"),
        (WHOLE, {}, ""),
        # houses of which the list names none
        (without(*(home for home in WHOLE if home[0] in "34")), {}, ""),
    ],
)
def test_who_is_gone_from_a_list(
    full: Office, homes: list[str], expected: dict[str, bool], sentence: str
) -> None:
    report = full.take(full.file(*rows(*homes), header=HEADER), EVERYTHING)
    assert gone(report) == expected
    said = [one.message for one in report.problems if "not taken for gone" in one.message]
    assert len(said) == bool(sentence)
    assert sentence in "".join(said)
    left = {home[2:] + "室" for home, is_kept in expected.items() if not is_kept}
    assert full.present().keys() == {home[2:] + "室" for home in WHOLE} - left
    is_told = any(
        "Some buildings of the estate are not in this list" in one.message for one in report.problems
    )
    assert is_told == ({home[:2] for home in homes} < HOMES.keys() - {sentence})


def test_a_title_of_a_building_makes_a_list_of_it(full: Office, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("福元小区1号业主名册,\n室号,业主\n101室,住户101\n103室,住户103\n", encoding="utf-8")
    report = full.take(path, EVERYTHING)
    assert gone(report) == {"1号102": False}
    assert any("are left as they are" in one.message for one in report.problems)


@pytest.mark.parametrize(
    ("named", "expected"), [(4, {"5号1": False}), (3, {"4号1": False, "5号1": False}), (2, {})]
)
def test_houses_of_one_household_leave_with_their_only_row(
    seat: Seat, tmp_path: Path, named: int, expected: dict[str, bool]
) -> None:
    office = Office(seat, tmp_path)
    houses = [f"福元小区,{number}号,1室,住户{number}甲" for number in range(1, 6)]
    office.take(office.file(*houses, header=HEADER, days_ago=9))
    report = office.take(office.file(*houses[:named], header=HEADER))
    assert gone(report) == expected


def test_another_holder_is_none_of_those_gone(full: Office) -> None:
    changed = [row.replace("住户101", "马超") for row in rows("1号101", "1号102")]
    report = full.compare(*changed, header=HEADER)
    assert gone(report) == {"1号103": False}
    assert ("other-holder", "1号101室 name", "住户101", "马超") in told(report)


def test_a_few_homes_of_one_estate_beside_a_whole_one(full: Office, seat: Seat) -> None:
    other = [f"长乐坊,1号,{number}室,业主{number}" for number in range(1, 13)]
    full.take(full.file(*other, header=HEADER, days_ago=9))
    report = full.compare(*rows("1号101"), *other[1:], header=HEADER)
    assert gone(report) == {"1号102": True, "1号103": True, "1号1": False}
