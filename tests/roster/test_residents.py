"""Lists of residents that follow a list of owners and do not say who owns: nobody's home is taken unasked."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.rules.taking import Take, read_groups
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.imports import ImportReport
from tests.roster.yearly import EVERYTHING, ROWS, Office, counted, entry_of

ESTATE = "福元小区"
PLACES = ("1号,101室", "1号,102室", "1号,103室", "2号,201室")
OWNERS = ("丁华", "李新", "王五", "赵敏")
OTHERS = ("马超", *OWNERS[1:])
TOLD = "one of residents"


def listed(
    folder: Path, title: str, header: str = "姓名", names: tuple[str, ...] = OTHERS, sheet: str = "Sheet1"
) -> Path:
    """Write a list with a title, "" for none; a header of several columns takes what stands behind each name."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for line in title.split("\n") if title else ():
        page.append([line])
    page.append(["小区", "楼栋", "室号", *header.split(",")])
    for place, name in zip(PLACES, names, strict=True):
        page.append([ESTATE, *place.split(","), *name.split(",")])
    path = folder / "名单.xlsx"
    book.save(path)
    return path


def kept(report: ImportReport) -> list[bool]:
    """Return of each other holder whether she is kept with the sentence about residents."""
    others = [entry for entry in report.comparison.entries if entry.group is Group.OTHER_HOLDER]
    assert all(entry.is_kept == (TOLD in entry.why) for entry in others)
    return [entry.is_kept for entry in others]


def above(report: ImportReport) -> list[str]:
    """Return what is told above about residents."""
    return [one.message for one in report.problems if "list of residents" in one.message]


@pytest.mark.parametrize(
    ("title", "header", "sheet"),
    [
        (f"{ESTATE}居民信息表", "姓名", "Sheet1"),
        (f"{ESTATE}住户名册", "户主", "Sheet1"),
        (f"{ESTATE}常住人口登记表", "户主姓名", "Sheet1"),
        (f"{ESTATE}户籍人口", "姓名", "Sheet1"),
        *(
            (f"{ESTATE}{word}人员登记表", "姓名", "Sheet1")
            for word in ("在住", "现住", "实住", "居住", "户口")
        ),
        ("", "姓名", "实有人口"),
        ("", "姓名", "在住人员"),
        ("", "住户", "Sheet1"),
        ("", "现住人", "Sheet1"),
        (f"{ESTATE}名册", "居民姓名", "Sheet1"),
    ],
)
def test_a_list_of_residents_ends_no_owner_unless_it_is_ticked(
    office: Office, tmp_path: Path, title: str, header: str, sheet: str
) -> None:
    path = listed(tmp_path, title, header, sheet=sheet)
    report = office.take(path)
    assert kept(report) == [True]
    assert len(above(report)) == 1
    assert "In 1 home" in above(report)[0]
    assert office.present()["101室"] == "丁华"
    ticked = Take(
        frozenset(), frozenset({entry_of(report, Group.OTHER_HOLDER).key}), ended_on=date(2026, 3, 1)
    )
    office.take(path, ticked)
    assert office.present()["101室"] == "马超"


@pytest.mark.parametrize(
    ("title", "header", "names"),
    [
        (f"{ESTATE}名册", "姓名", OTHERS),
        (f"{ESTATE}户主名册", "户主", OTHERS),
        (f"{ESTATE}名册\n说明：请住户核对", "姓名", OTHERS),
        (f"{ESTATE}居民名册", "业主", OTHERS),
        (f"{ESTATE}住户登记表", "产权人", OTHERS),
        (f"{ESTATE}住户登记表", "房主姓名", OTHERS),
        (f"{ESTATE}住户登记表", "权利人", OTHERS),
        (f"{ESTATE}业主、住户信息表", "姓名", OTHERS),
        (f"福元居民委员会{ESTATE}名册", "姓名", OTHERS),
        (f"福元居民区{ESTATE}名册", "姓名", OTHERS),
        (f"{ESTATE}居民信息表", "姓名,身份", tuple(f"{name},业主" for name in OTHERS)),
        (f"{ESTATE}居民信息表", "姓名,与业主关系", tuple(f"{name},本人" for name in OTHERS)),
        (f"{ESTATE}居民信息表", "姓名", ("马超（业主）", *OTHERS[1:])),
        (f"{ESTATE}居民信息表", "姓名,产权份额", tuple(f"{name},1/1" for name in OTHERS)),
    ],
)
def test_who_owns_by_a_list_takes_the_place_of_another_owner(
    office: Office, tmp_path: Path, title: str, header: str, names: tuple[str, ...]
) -> None:
    report = office.take(listed(tmp_path, title, header, names))
    assert kept(report) == [False]
    assert above(report) == []
    assert office.present()["101室"] == "马超"


def test_an_export_of_the_cloud_lists_residents(office: Office, tmp_path: Path) -> None:
    people = (("马超", "101", ""), ("李新", "102", ""), ("何平", "103", "业主"))
    rows = [f"u{room},{name},r{room},{ESTATE}1号{room}室,h{room},{kind}" for name, room, kind in people]
    path = tmp_path / "导出.csv"
    path.write_text("\n".join(("UUID,姓名,居住ID,居住地址,房屋ID,人员类型", *rows)), encoding="utf-8")
    assert kept(office.take(path)) == [True, False]
    assert (office.present()["101室"], office.present()["103室"]) == ("丁华", "何平")


def test_a_kind_of_home_says_nothing_of_who_owns_it(office: Office, tmp_path: Path) -> None:
    names = tuple(f"{name},商品房" for name in OTHERS)
    report = office.take(listed(tmp_path, f"{ESTATE}居民信息表", "姓名,房屋性质", names))
    assert kept(report) == [True]
    assert office.present()["101室"] == "丁华"


def test_of_a_home_that_is_let_that_is_told_as_before(office: Office, tmp_path: Path) -> None:
    names = ("马超,出租", "何平,自住", *(f"{name},自住" for name in OTHERS[2:]))
    report = office.take(listed(tmp_path, f"{ESTATE}住户信息表", "姓名,房屋状态", names))
    whys = [entry.why for entry in report.comparison.entries if entry.group is Group.OTHER_HOLDER]
    assert "is let" in whys[0]
    assert TOLD in whys[1]
    assert "In 1 home" in above(report)[0]


def test_whose_home_is_not_in_a_list_of_residents_may_live_elsewhere(office: Office, tmp_path: Path) -> None:
    rows = "室号,姓名,身份证号\n101室,丁华,\n102室,李新,\n104室,赵敏,"
    path = tmp_path / "1号.csv"
    path.write_text(f"{ESTATE}1号居民信息表,,\n{rows}\n", encoding="utf-8")
    report = office.take(path, EVERYTHING)
    gone = entry_of(report, Group.GONE)
    assert (gone.holder, gone.is_kept) == ("王五", True)
    assert TOLD in gone.why
    assert office.present()["103室"] == "王五"


def test_who_lives_in_another_home_now_may_hold_the_old_one(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    rows = ("1号,104室,丁华,310101195001010006", "1号,102室,李新,", "1号,103室,王五,", "2号,201室,赵敏,")
    path.write_text("\n".join((f"{ESTATE}居民信息表,,,", "楼栋,室号,姓名,身份证号", *rows)), encoding="utf-8")
    report = office.take(path, EVERYTHING)
    moved = entry_of(report, Group.MOVED)
    assert moved.is_kept
    assert TOLD in moved.why
    assert office.present()["101室"] == "丁华"


def test_a_former_owner_who_lives_there_again_is_not_the_owner_again(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    for names in (OTHERS, OWNERS):
        office.take(listed(tmp_path, f"{ESTATE}名册", "业主", names))
    assert office.present()["101室"] == "丁华"
    report = office.take(listed(tmp_path, f"{ESTATE}居民信息表"))
    assert kept(report) == [True]
    assert office.present()["101室"] == "丁华"


def test_residents_follow_residents_as_in_any_list(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    office.take(listed(tmp_path, f"{ESTATE}居民信息表", names=OWNERS))
    report = imports.import_roster(
        seat,
        listed(tmp_path, f"{ESTATE}居民信息表"),
        take=Take(read_groups("other-holder"), ended_on=date(2026, 3, 1)),
    )
    assert kept(report) == [False]
    assert office.present()["101室"] == "马超"


def test_a_public_tenant_stays_as_an_owner_does(seat: Seat, tmp_path: Path) -> None:
    office = Office(seat, tmp_path)
    office.take(listed(tmp_path, f"{ESTATE}公房名册", "承租人", OWNERS))
    report = office.take(listed(tmp_path, f"{ESTATE}居民信息表"))
    assert kept(report) == [True]
    assert office.present()["101室"] == "丁华"


def test_a_sheet_of_owners_beside_one_of_residents_counts(office: Office, tmp_path: Path) -> None:
    book = Workbook()
    for name, header, rows in (("业主", "业主", ROWS[:3]), ("居民", "姓名", ROWS[:2])):
        sheet = book.create_sheet(name)
        sheet.append(["小区", "楼栋", "室号", header])
        for row in rows:
            sheet.append(row.split(",")[:4])
    del book["Sheet"]
    book.save(path := tmp_path / "名单.xlsx")
    report = imports.import_roster(office.seat, path, dry_run=True)
    assert not any(TOLD in entry.why for entry in report.comparison.entries)
    assert counted(report)["unchanged"] == 3
