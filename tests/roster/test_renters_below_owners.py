"""Who is called a renter in a cell below 业主 ends no owner, and becomes none."""

from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.rules.taking import APPLICABLE
from tests.roster.yearly import EVERYTHING, Office, counted, entry_of

HEADER = "小区,楼栋,室号,业主,电话"
PLACE = "福元小区,1号,{}室,"
HOMES = [PLACE.format(101) + "丁华,13900000001", PLACE.format(102) + "李新,13900000002"]


@pytest.fixture
def office(seat: Seat, tmp_path: Path) -> Office:
    """Return an office that knows two owners."""
    office = Office(seat, tmp_path)
    office.take(office.file(*HOMES, header=HEADER, days_ago=9))
    return office


@pytest.mark.parametrize("name", ["租：王五洲", "王五洲（租客）", "（租）王五洲", "租客：王五洲"])
def test_a_renter_by_the_word_beside_the_name_stands_beside_the_owner(office: Office, name: str) -> None:
    report = office.take(office.file(HOMES[0], f"{PLACE.format(102)}{name},", header=HEADER), EVERYTHING)
    assert set(APPLICABLE) & {entry.group for entry in report.comparison.entries} <= {Group.NEW}
    assert office.present()["102室"] == "李新、王五洲"
    assert office.household("王五洲").role == HoldingRole.RENTER
    assert any("the word was followed" in one.message for one in report.problems)


def test_a_bare_word_that_may_say_either_keeps_the_owner(office: Office) -> None:
    rows = (HOMES[0], PLACE.format(102) + "王五洲（租）,")
    report = office.take(office.file(*rows, header=HEADER), EVERYTHING)
    assert entry_of(report, Group.OTHER_HOLDER).is_kept
    assert office.present()["102室"] == "李新"


def test_an_owner_is_made_no_renter_unasked(office: Office) -> None:
    rows = (HOMES[0], PLACE.format(102) + "李新（租客）,")
    report = office.take(office.file(*rows, header=HEADER), EVERYTHING)
    assert [(one.field, one.is_kept) for one in entry_of(report, Group.CHANGED).differences] == [
        ("role", True)
    ]
    assert counted(report) == {"unchanged": 1, "changed": 1}


def test_the_column_of_roles_of_a_row_is_followed(office: Office) -> None:
    rows = (HOMES[0] + ",业主", PLACE.format(102) + "租：李新,,业主")
    report = office.take(office.file(*rows, header=f"{HEADER},身份"), EVERYTHING)
    assert counted(report) == {"unchanged": 2}
