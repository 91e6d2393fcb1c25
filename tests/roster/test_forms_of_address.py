"""People who are called 王师傅, 李建华妈妈 or 王* in a list: nobody loses a home by that, and it is told."""

from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.roster.rules.entries import Entry, Group
from fuyuan_desk.roster.service.imports import ImportReport
from tests.roster.yearly import EVERYTHING, Office, counted

HEADER = "小区,楼栋,室号,姓名,电话,身份证号"
STORED = (
    "福元小区,1号,101室,王建国,13900000001,310101195001010006",
    "福元小区,1号,102室,李建华,13900000002,",
    "福元小区,1号,103室,欧阳明,13900000003,",
    "福元小区,1号,104室,赵敏,13900000004,",
)
PRESENT = {"101室": "王建国", "102室": "李建华", "103室": "欧阳明", "104室": "赵敏"}
FORMS = ("师傅", "妈妈", "爸爸", "阿姨", "老师", "老伯", "老伯伯", "奶奶", "先生", "女士", "老太太", "书记")


@pytest.fixture
def known(seat: Seat, tmp_path: Path) -> Office:
    office = Office(seat, tmp_path)
    office.take(office.file(*STORED, header=HEADER, days_ago=9))
    return office


def after(office: Office, *rows: str) -> ImportReport:
    """Take rows, such as 101室,王师傅,, in place of those of their homes, and everything that a comparison offers."""
    named = {row.split(",")[0]: row for row in rows}
    listed = [row for row in STORED if row.split(",")[2] not in named]
    listed += [f"福元小区,1号,{row}" for row in rows]
    return office.take(office.file(*listed, header=HEADER), EVERYTHING)


def others(report: ImportReport) -> list[Entry]:
    return [entry for entry in report.comparison.entries if entry.group is Group.OTHER_HOLDER]


def said(report: ImportReport, *words: str) -> list[int]:
    """Return the rows of which something is told that has all the words."""
    return [one.row for one in report.problems if all(word in one.message for word in words)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("phone", ["", "13900000001"])
def test_a_form_of_address_is_taken_for_the_holder_and_told(known: Office, form: str, phone: str) -> None:
    report = after(known, f"101室,王{form},{phone},")
    assert others(report) == []
    assert said(report, "form of address", form, "王*") == [5]
    assert known.present() == PRESENT
    assert known.phones("王建国") == ["13900000001"]


def test_a_form_of_address_behind_a_whole_name_is_told_too(known: Office) -> None:
    report = after(known, "101室,王建国老师,,", "103室,欧阳师傅,,")
    assert said(report, "form of address") == [4, 5]
    assert counted(report) == {"unchanged": 4}


@pytest.mark.parametrize("name", ["周师傅", "周*", "周某", "欧阳老师"])
def test_who_is_not_named_whole_takes_no_home_unless_ticked(known: Office, name: str) -> None:
    report = after(known, f"101室,{name},13900000009,")
    assert [(entry.holder, entry.is_kept, "not whole" in entry.why) for entry in others(report)] == [
        (name, True, True)
    ]
    assert known.present() == PRESENT


def test_who_is_named_whole_does(known: Office) -> None:
    after(known, "101室,周师勇,,", "102室,何太平,,", "104室,赵敏妹,,")
    assert known.present() == PRESENT | {"101室": "周师勇", "102室": "何太平", "104室": "赵敏妹"}


@pytest.mark.parametrize("word", ["妈妈", "爸爸", "的妈妈", "之妻", "老婆", "儿子", "妻", "老伴", "家属"])
@pytest.mark.parametrize("phone", ["", "13900000002", "13900000009"])
def test_a_relative_of_the_holder_is_no_other_holder(known: Office, word: str, phone: str) -> None:
    report = after(known, f"102室,李建华{word},{phone},")
    assert others(report) == []
    assert not any(entry.group is Group.CHANGED for entry in report.comparison.entries)
    assert said(report, "relative", "李*") == [5]
    assert known.present() == PRESENT
    assert known.phones("李建华") == ["13900000002"]


def test_a_relative_beside_the_holder_is_no_other_holder(known: Office) -> None:
    report = after(known, "102室,李建华,13900000002,", "102室,李建华妈妈,13900000009,")
    assert counted(report) == {"unchanged": 4}
    assert said(report, "relative", "李*") == [6]
    assert known.present() == PRESENT


def test_a_relative_of_somebody_else_of_the_household_is_none_either(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    header = "小区,楼栋,室号,姓名,与户主关系"
    both = ("测试坊,1号,101室,丁华,户主", "测试坊,1号,101室,钱小九,儿子")
    office.take(office.file(*both, header=header, days_ago=9))
    report = office.take(office.file("测试坊,1号,101室,钱小九妈妈,户主", header=header), EVERYTHING)
    assert others(report) == []
    assert said(report, "relative", "钱*") == [2]
    assert office.present() == {"101室": "丁华"}


@pytest.mark.parametrize("stored", ["王师傅", "王*", "王某"])
def test_a_whole_name_in_place_of_one_that_is_not_is_a_change_to_be_ticked(
    seat: Seat, tmp_path: Path, stored: str
) -> None:
    office = Office(seat, tmp_path)
    office.take(office.file(f"测试坊,1号,101室,{stored},13900000001,", header=HEADER, days_ago=9))
    report = office.take(office.file("测试坊,1号,101室,王建国,13900000001,", header=HEADER), EVERYTHING)
    [entry] = report.comparison.entries
    [name] = entry.differences
    assert (entry.group, name.old, name.new, name.is_kept) == (Group.CHANGED, stored, "王建国", True)
    assert "not whole" in name.why
    assert office.present() == {"101室": stored}
