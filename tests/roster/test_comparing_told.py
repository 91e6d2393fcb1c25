"""What strangers found the comparison to do without a word: each is kept, refused or told now."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.rules.taking import Take, read_groups
from fuyuan_desk.roster.service import imports
from tests.roster.yearly import EVERYTHING, HEADER, ROWS, Office, counted, entry_of, told

PEOPLE = "小区,楼栋,室号,姓名,电话,身份证号"
ONE, TWO = "310101195001010006", "310101196001010000"


@pytest.fixture
def empty(seat: Seat, tmp_path: Path) -> Office:
    """Return an office without estates."""
    return Office(seat, tmp_path)


@pytest.mark.parametrize("name", ["欧阳买房", "李新", "赵某某"])
def test_the_same_document_under_an_unlike_name_renames_nobody_by_itself(office: Office, name: str) -> None:
    rows = (f"福元小区,1号,101室,{name},13900000001,{ONE},50.5", *ROWS[1:])
    office.take(office.file(*rows), Take(read_groups("changed")))
    assert office.present()["101室"] == "丁华"


def test_a_name_that_was_mistyped_is_corrected(office: Office) -> None:
    rows = (f"福元小区,1号,101室,丁骅,13900000001,{ONE},50.5", *ROWS[1:])
    office.take(office.file(*rows), Take(read_groups("changed")))
    assert office.present()["101室"] == "丁骅"


def test_two_owners_in_another_order_stay_two(empty: Office) -> None:
    row = "福元小区,1号,101室,{},,{}"
    empty.take(empty.file(row.format("丁华、李新", f"{ONE}、{TWO}"), header=PEOPLE, days_ago=9))
    report = empty.take(empty.file(row.format("李新、丁华", f"{ONE}、{TWO}"), header=PEOPLE))
    assert all(one.is_kept for one in entry_of(report, Group.CHANGED).differences)
    assert empty.present() == {"101室": "丁华"}


def test_a_list_older_than_the_newest_one_writes_nothing_unticked(office: Office) -> None:
    newer = office.file(
        "福元小区,1号,101室,丁华,13900000005,,50.5", *ROWS[1:], "福元小区,1号,104室,何平,,,60", days_ago=10
    )
    office.take(newer)
    report = office.take(office.file("福元小区,1号,101室,丁华,13900000009,,50.5", *ROWS[1:], days_ago=30))
    assert office.phones("丁华") == ["13900000005"]
    assert office.present()["104室"] == "何平"
    assert all(entry.is_kept for entry in report.comparison.entries)
    assert any("is older than" in one.message for one in report.problems)
    later = office.take(office.file("福元小区,1号,101室,丁华,13900000009,,50.5", *ROWS[1:], days_ago=5))
    assert office.phones("丁华") == ["13900000009"]
    assert counted(later) == {"changed": 1, "gone": 1, "unchanged": 3}


def test_an_undone_list_does_not_count_as_the_newest(office: Office) -> None:
    newer = office.take(office.file("福元小区,1号,101室,丁华,13900000005,,50.5", *ROWS[1:], days_ago=10))
    assert newer.import_id is not None
    imports.undo_import(office.seat, newer.import_id)
    report = office.compare("福元小区,1号,101室,丁华,13900000009,,50.5", *ROWS[1:], days_ago=30)
    assert not any("is older than" in one.message for one in report.problems)


def test_people_who_are_no_longer_listed_are_told(empty: Office) -> None:
    header = "小区,楼栋,室号,姓名,与户主关系"
    rows = (
        "福元小区,1号,101室,丁华,户主", "福元小区,1号,101室,李新,配偶", "福元小区,1号,101室,丁小,子",
        "福元小区,1号,102室,王五,户主", "福元小区,1号,102室,赵敏,配偶",
    )  # fmt: skip
    empty.take(empty.file(*rows, header=header, days_ago=9))
    report = empty.compare(*rows[:2], *rows[3:], header=header)
    assert told(report) == [("changed", "1号101室 people", "3", "2")]
    [message] = [one.message for one in report.problems if "stays" in one.message]
    assert message.startswith("丁*")
    assert not {"丁华", "丁小"} & set(imports.report_json(report)["problems"][-1].values())
    assert "丁小" not in str(imports.report_json(report)["problems"])
    # a list of holders says nothing of the others
    assert not [
        one for one in empty.compare(rows[0], rows[3], header=header).problems if "stays" in one.message
    ]


def test_a_home_that_the_list_names_nobody_for_is_told(office: Office) -> None:
    rows = (*ROWS[:3], "福元小区,2号,201室,,,,80,搬去赵小敏家")
    report = office.compare(*rows, header=f"{HEADER},备注")
    assert counted(report) == {"unchanged": 3}
    assert "赵小敏" not in str(imports.report_json(report)["problems"])
    assert [one.row for one in report.problems if "names nobody here" in one.message] == [5]


@pytest.mark.parametrize("word", ["出租", "拒访", "已故", "联系不上", "外地"])
def test_a_word_in_place_of_a_name_ends_nobody(office: Office, word: str) -> None:
    report = office.take(office.file(f"福元小区,1号,101室,{word},,,50.5", *ROWS[1:]))
    assert "other-holder" not in counted(report)
    assert office.present()["101室"] == "丁华"
    assert any(word in one.message for one in report.problems)


def test_a_number_of_no_known_kind_replaces_no_document(office: Office) -> None:
    report = office.take(office.file(f"福元小区,1号,101室,丁华,{ONE},13800000001,50.5", *ROWS[1:]))
    assert office.household("丁华").id_number == ONE
    assert [one.is_kept for one in entry_of(report, Group.CHANGED).differences if one.field == "id"] == [True]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_owner_and_a_renter_of_one_name_are_two(empty: Office, order: tuple[int, int]) -> None:
    header = "小区,楼栋,室号,姓名,身份,电话"
    rows = ("福元小区,1号,101室,张伟,业主,13900000001", "福元小区,1号,101室,张伟,租客,13900000002")
    assert empty.take(empty.file(*rows, header=header, days_ago=9)).households == 2
    assert counted(empty.compare(*(rows[place] for place in order), header=header)) == {"unchanged": 2}


def test_new_homes_of_a_known_building_name_that_building(office: Office) -> None:
    file = office.file("福元小区,1号,105室,何平,,,60")
    assert counted(office.take(file, Take(read_groups("new")))) == {"new": 1, "gone": 3}
    assert counted(office.take(file, Take(read_groups("new")))) == {"gone": 3, "unchanged": 1}


def test_a_room_in_the_column_of_addresses_is_the_room_it_is(empty: Office) -> None:
    header = "小区,房屋地址,姓名"
    empty.take(
        empty.file("福元小区,3号楼1单元101,丁华", "福元小区,3号楼2单元101,李新", header=header, days_ago=9)
    )
    report = empty.compare("福元小区,3-1-101,丁华", "福元小区,3号楼2单元101,李新", header=header)
    assert counted(report) == {"unchanged": 2}


@pytest.mark.parametrize(
    "below",
    [
        ("车位号,姓名,车牌", "A-01,张建国,沪A00001"),
        ("车位号,车主,备注", "7,何平,电瓶车"),
        ("设备名称,数量,位置", "水泵,2,地下室"),
    ],
)
def test_the_columns_of_something_else_end_the_list(empty: Office, below: tuple[str, str]) -> None:
    report = empty.take(
        empty.file("101,丁华,13900000001", "102,李新,", *below, header="福元小区\n室号,姓名,电话"), EVERYTHING
    )
    assert (report.units, report.households) == (2, 2)
    assert any("names the columns of something else" in one.message for one in report.problems)


@pytest.mark.parametrize("cell", ["#N/A", "#VALUE!", "#ref!"])
def test_an_error_of_excel_is_no_value(empty: Office, cell: str) -> None:
    report = empty.compare(f"福元小区,1号,101室,{cell},,", "福元小区,1号,102室,李新,,", header=PEOPLE)
    assert (report.units, report.rejected) == (1, 1)
    assert any(cell in one.message for one in report.problems)


def test_an_error_of_excel_in_another_column_leaves_the_household(empty: Office) -> None:
    report = empty.compare("福元小区,1号,101室,丁华,#N/A,#VALUE!", header=PEOPLE)
    [row] = report.draft.rows
    assert (report.units, report.rejected, row.phones, row.id_number, row.remarks) == (1, 0, (), "", "")
    assert [one.value for one in report.problems if "could not compute" in one.message] == ["#N/A", "#VALUE!"]


@pytest.mark.parametrize(
    "title",
    [
        "二〇二六年度福元小区住户名册",
        "黄浦区瑞金二路街道福元小区居民名册",
        "二〇二六年度福元小区业主信息登记汇总表（截至2026年3月）",
    ],
)
def test_an_office_title_names_the_estate_alone(office: Office, title: str) -> None:
    rows = [row.removeprefix("福元小区,") for row in ROWS]
    report = office.compare("楼栋,室号,业主,电话,身份证号,面积", *rows, header=title)
    assert counted(report) == {"unchanged": 4}
    assert told(report) == []


def test_a_sheet_of_those_who_left_is_told(office: Office, tmp_path: Path) -> None:
    book = Workbook()
    for name, row in (("在住", ROWS[1]), ("已搬走人员", "福元小区,1号,101室,丁华,,,")):
        sheet = book.create_sheet(name)
        for line in (HEADER, row):
            sheet.append(line.split(","))
    del book["Sheet"]
    path = tmp_path / "名册.xlsx"
    book.save(path)
    report = imports.import_roster(office.seat, path, dry_run=True)
    assert [one.sheet for one in report.problems if "have left" in one.message] == ["已搬走人员"]


def test_a_name_in_traditional_characters_is_the_same_name(empty: Office) -> None:
    row = "福元小区,1号,101室,{},13900000001,,50.5"
    empty.take(empty.file(row.format("张国强"), days_ago=9))
    report = empty.take(empty.file(row.format("張國強")))
    [difference] = entry_of(report, Group.CHANGED).differences
    assert difference.is_kept
    assert "traditional" in difference.why
    assert empty.present() == {"101室": "张国强"}


def test_a_row_that_repeats_another_one_tells_what_it_says_otherwise(empty: Office) -> None:
    report = empty.take(
        empty.file(
            "福元小区,1号,101室,丁华,13900000001,,50.5",
            "福元小区,1号,101室,丁华,13900000002,,60",
            "福元小区,1号,102室,李新,13900000003,,50",
            "福元小区,1号,102室,李新,,,50",
        )
    )
    [otherwise, alike] = [one.message for one in report.problems if "is already in row" in one.message]
    assert "This row says otherwise: Telephone, Area." in otherwise
    assert "otherwise" not in alike


@pytest.mark.parametrize(
    ("stored", "listed", "after"),
    [
        ("不欠费", "欠费", "不欠费；欠费"),
        ("2020年3月1日入住", "2020-03-01入住", None),
        ("独居，有低保", "独居， 有低保", None),
        ("2020.3.1入住；独居", "独居；2020/03/01入住；低保", "2020.3.1入住；独居；低保"),
        ("2020-3-1入住", "2020-3-11入住", "2020-3-1入住；2020-3-11入住"),
    ],
)
def test_a_remark_adds_what_it_says_more(empty: Office, stored: str, listed: str, after: str | None) -> None:
    header, row = HEADER + ",备注", "福元小区,1号,101室,丁华,,,50.5,{}"
    empty.take(empty.file(row.format(stored), header=header, days_ago=9))
    report = empty.take(empty.file(row.format(listed), header=header))
    assert counted(report) == ({"changed": 1} if after else {"unchanged": 1})
    assert empty.household("丁华").remarks == (after or stored)


def test_a_list_of_tenants_beside_the_holders_is_told(empty: Office) -> None:
    empty.take(empty.file("福元小区,1号,101室,丁华", "福元小区,1号,102室,李新", header="小区,楼栋,室号,姓名"))

    report = empty.compare("福元小区,1号,101室,马超", header="小区,楼栋,室号,承租人")

    assert any("tenants (承租人)" in one.message for one in report.problems)


def test_a_home_that_gets_an_entrance_is_the_one_with_its_holder(empty: Office) -> None:
    empty.take(empty.file("福元小区,8号楼,101,刘伶", "福元小区,8号楼,102,王戎", header="小区,楼栋,室号,姓名"))

    rows = ("福元小区,8号楼,1单元,101,刘伶", "福元小区,8号楼,1单元,102,王戎", "福元小区,8号楼,2单元,101,阮咸")
    report = empty.compare(*rows, header="小区,楼栋,单元,室号,姓名")

    assert counted(report) == {"unchanged": 2, "new": 1}


def test_a_list_of_old_people_ends_nobody_unticked(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "老年人名册.csv"
    path.write_text(
        "小区,楼栋,室号,姓名\n福元小区,1号,101室,丁老\n福元小区,1号,103室,王五\n", encoding="utf-8"
    )

    report = office.take(path, EVERYTHING)

    assert {entry.is_kept for entry in report.comparison.entries if entry.group is Group.OTHER_HOLDER} == {
        True
    }
    assert office.present()["101室"] == "丁华"
    assert office.present()["102室"] == "李新"


def test_the_name_of_an_estate_makes_no_list_one_of_some_people(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "华侨新村业主名册.csv"
    path.write_text("小区,楼栋,室号,姓名\n福元小区,1号,101室,马超\n", encoding="utf-8")

    report = office.take(path, EVERYTHING)

    assert not entry_of(report, Group.OTHER_HOLDER).is_kept


def _titled(office: Office, folder: Path, title: str) -> imports.ImportReport:
    """Take a full list of two homes, then one with a title that names somebody else in one of them."""
    header = "小区,楼栋,室号,姓名,电话"
    rows = ("测试坊,1号,101室,丁华,", "测试坊,1号,102室,李新,")
    office.take(office.file(*rows, header=header, days_ago=9))
    path = folder / "名单.csv"
    path.write_text(f"{title},,,,\n{header}\n测试坊,1号,101室,马超,13900000008\n", encoding="utf-8")
    return office.take(path, EVERYTHING)


@pytest.mark.parametrize("title", ["测试坊租客名单", "测试坊居民区租户登记表", "租客"])
def test_a_list_of_renters_by_its_title_ends_no_owner(empty: Office, tmp_path: Path, title: str) -> None:
    report = _titled(empty, tmp_path, title)
    assert counted(report) == {"new": 1}  # beside the owner
    assert any("list of renters" in one.message for one in report.problems)


@pytest.mark.parametrize(
    "title",
    [
        "测试坊已迁出人员名单",
        "测试坊去世人员名单",
        "测试坊出租户名单",
        "测试坊保姆名单",
        "测试坊2026年1月变动户名单",
        "测试坊变更清单",
        "测试坊业委会候选人推荐表",
        "测试坊补充名单",
        "测试坊新增业主登记",
        "测试坊装修户登记表",
        "测试坊已签约加装电梯户",
    ],
)
def test_a_list_of_those_who_left_or_let_ends_nobody(empty: Office, tmp_path: Path, title: str) -> None:
    report = _titled(empty, tmp_path, title)
    assert all(entry.is_kept for entry in report.comparison.entries if entry.group is not Group.NEW)
    assert set(empty.present().values()) == {"丁华", "李新"}


def test_an_owner_whose_tenant_alone_is_listed_has_not_left(empty: Office) -> None:
    header = "小区,楼栋,室号,姓名,身份"
    empty.take(empty.file("福元小区,1号,101室,丁华,业主", "福元小区,1号,102室,李新,业主", header=header))

    report = empty.compare("福元小区,1号,101室,丁华,业主", "福元小区,1号,102室,马超,租客", header=header)

    assert counted(report) == {"unchanged": 1, "new": 1}


def test_the_telephone_of_a_name_that_is_not_whole_is_kept(office: Office) -> None:
    row = "福元小区,1号,101室,丁太太,13988888888,,50.5"

    report = office.take(office.file(row, *ROWS[1:]), Take(read_groups("changed")))

    assert [one.is_kept for one in entry_of(report, Group.CHANGED).differences] == [True]
    assert office.phones("丁华") == ["13900000001"]


def test_homes_that_changed_hands_make_no_list_partial(office: Office) -> None:
    rows = [
        row.replace("1号,101", "1号,x").replace("1号,102", "1号,101").replace("1号,x", "1号,102")
        for row in ROWS
    ]

    report = office.compare(*rows)

    assert not any("Less than half" in one.message for one in report.problems)


def test_what_a_list_says_more_of_a_known_member_is_a_difference(empty: Office) -> None:
    first = empty.file("福元小区,1号,101室,丁华,李新", header="小区,楼栋,室号,户主,家庭成员", days_ago=9)
    empty.take(first)
    header = "小区,楼栋,室号,姓名,与户主关系,备注,工作单位"
    rows = ("福元小区,1号,101室,丁华,户主,,", "福元小区,1号,101室,李新,之妻,党员,第六中学")
    report = empty.take(empty.file(*rows, header=header), Take(read_groups("changed")))
    found = {one.field: (one.old, one.new) for one in entry_of(report, Group.CHANGED).differences}
    assert found == {
        "people": ("", "2"),
        "relation": ("", "Spouse"),
        "remark": ("", "党员；工作单位：第六中学"),
    }
    assert counted(empty.compare(*rows, header=header)) == {"unchanged": 1}


def test_another_relation_of_a_known_member_is_written_only_if_ticked(empty: Office) -> None:
    header = "小区,楼栋,室号,姓名,与户主关系"
    row = "福元小区,1号,101室,{},{}"
    empty.take(empty.file(row.format("丁华", "户主"), row.format("李新", "配偶"), header=header, days_ago=9))
    report = empty.compare(row.format("丁华", "户主"), row.format("李新", "之子"), header=header)
    [one] = entry_of(report, Group.CHANGED).differences
    assert (one.field, one.old, one.new) == ("relation", "Spouse", "Son or daughter")
    assert one.is_kept


@pytest.mark.parametrize(("name", "is_kept"), [("李辛", False), ("赵敏", True)])
def test_another_name_with_a_members_document_is_a_difference(
    empty: Office, name: str, is_kept: bool
) -> None:
    header, row = "小区,楼栋,室号,姓名,与户主关系,身份证号", "福元小区,1号,101室,{},{},{}"
    head = row.format("丁华", "户主", ONE)
    empty.take(empty.file(head, row.format("李新", "配偶", TWO), header=header, days_ago=9))
    report = empty.compare(head, row.format(name, "配偶", TWO), header=header)
    [one] = entry_of(report, Group.CHANGED).differences
    assert (one.field, one.old, one.new, one.is_kept) == ("name", "李新", name, is_kept)


def test_a_marked_name_is_the_same(office: Office) -> None:
    rows = ("福元小区,1号,101室,丁华*,,,50.5", *ROWS[1:])
    assert counted(office.compare(*rows)) == {"unchanged": 4}


def test_a_company_in_place_of_a_person_is_written_only_if_ticked(office: Office) -> None:
    rows = (f"福元小区,1号,101室,上海七侠镖局有限公司,13900000001,{ONE},50.5", *ROWS[1:])
    [one] = entry_of(office.compare(*rows), Group.CHANGED).differences
    assert (one.field, one.is_kept) == ("name", True)


def test_the_number_of_a_child_beside_it_does_not_replace_the_holders(office: Office) -> None:
    rows = ("福元小区,1号,101室,丁华,儿子13900000009,,50.5", *ROWS[1:])
    report = office.take(office.file(*rows), Take(read_groups("changed")))
    assert told(report) == [("changed", "1号101室 contact", "", "儿子：13900000009")]
    assert office.phones("丁华") == ["13900000001"]


def test_a_child_listed_alone_takes_nobodys_place(empty: Office) -> None:
    header = "小区,楼栋,室号,姓名,与户主关系"
    both = ("测试坊,1号,101室,丁华,户主", "测试坊,1号,102室,李新,户主", "测试坊,1号,102室,王五,配偶")
    empty.take(empty.file(*both, header=header, days_ago=9))
    report = empty.take(empty.file("测试坊,1号,101室,丁小,儿子", *both[1:], header=header), EVERYTHING)
    assert empty.present() == {"101室": "丁华", "102室": "李新"}
    assert any("taken as the holder" in one.message for one in report.problems)


def test_a_table_of_renters_with_their_landlords_lists_both(empty: Office, tmp_path: Path) -> None:
    path, header = tmp_path / "名单.csv", "小区,楼栋,室号,房东,租客,租客电话"
    row = "测试坊,1号,101室,丁华,{},{}"
    for renter in ("李新,13900000001", "马超,13900000002"):
        text = f"测试坊租户表,,,,,\n{header}\n{row.format(*renter.split(','))}\n测试坊,1号,102室,王五,,\n"
        path.write_text(text, encoding="utf-8")
        report = empty.take(path, EVERYTHING)
    assert counted(report) == {"other-holder": 1, "unchanged": 2}
    assert empty.present()["101室"] == "丁华、马超"
    assert not any("list of renters" in one.message for one in report.problems)


@pytest.mark.parametrize("title", ["房屋状态", "使用情况", "备注"])
def test_who_is_named_in_a_home_that_is_let_ends_no_owner(empty: Office, title: str) -> None:
    header = f"小区,楼栋,室号,姓名,{title}"
    rows = ("测试坊,1号,101室,丁华,自住", "测试坊,1号,102室,李新,自住", "测试坊,1号,103室,王五,自住")
    empty.take(empty.file(*rows, header=header, days_ago=9))
    report = empty.take(empty.file("测试坊,1号,101室,马超,出租", *rows[1:], header=header), EVERYTHING)
    assert empty.present()["101室"].startswith("丁华")
    kept = [entry for entry in report.comparison.entries if entry.group is Group.OTHER_HOLDER]
    assert [entry.is_kept and "let" in entry.why for entry in kept] == [True]


def test_below_how_people_live_there_a_renter_is_one(empty: Office) -> None:
    header = "小区,楼栋,室号,姓名,居住状况"
    rows = ("测试坊,1号,101室,丁华,自住", "测试坊,1号,102室,李新,自住")
    empty.take(empty.file(*rows, header=header, days_ago=9))
    report = empty.compare("测试坊,1号,101室,马超,出租", rows[1], header=header)
    assert counted(report) == {"new": 1, "unchanged": 1}  # beside the owner
