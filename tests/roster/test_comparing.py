"""A yearly list compared with the store: what is new, changed, gone, held by another one, moved; and its undoing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.estates.facts.people import PersonFields
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.records import Household, Unit
from fuyuan_desk.estates.rules.people import HouseholdEnd, Relation
from fuyuan_desk.estates.service import households, merging, people
from fuyuan_desk.roster.rules.entries import Group
from fuyuan_desk.roster.rules.taking import Take, part_key, read_groups
from fuyuan_desk.roster.service import imports
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.search import index as search
from tests.privacy.neighbours import agreed
from tests.roster.yearly import ROWS, Office, counted, entry_of, told


def test_a_second_run_of_the_same_file_changes_nothing(office: Office) -> None:
    before = office.everything()
    report = office.take(office.file(*ROWS))
    assert counted(report) == {"unchanged": 4}
    assert (report.import_id, report.units, report.households, report.duplicates) == (None, 0, 0, 4)
    assert office.everything() == before


def test_each_group_is_told_with_old_and_new(office: Office) -> None:
    report = office.compare(
        "福元小区,1号,101室,丁华,13800000001,310101195001010006,52",
        "福元小区,1号,102室,李新,,,",
        "福元小区,1号,103室,孙七,13900000009,,70",
        "福元小区,3号,301室,赵敏,13900000004,,80",
        "福元小区,3号,302室,周八,,,",
    )
    assert counted(report) == {"new": 1, "changed": 1, "other-holder": 1, "moved": 1, "unchanged": 1}
    assert told(report) == [
        ("new", "3号302室 name", "", "周八"),
        ("changed", "1号101室 area", "50.5", "52"),
        ("changed", "1号101室 phone", "13900000001", "13800000001"),
        ("other-holder", "1号103室 name", "王五", "孙七"),
        ("moved", "3号301室 unit", "2号201室", "3号301室"),
    ]


def test_of_known_estates_only_what_is_named_is_written(office: Office) -> None:
    before = office.everything()
    rows = ("福元小区,1号,101室,丁华,13800000001,,52", "福元小区,1号,109室,周八,,,")
    nothing = office.take(office.file(*rows), Take(frozenset()))
    assert (nothing.import_id, counted(nothing)["changed"], counted(nothing)["new"]) == (None, 1, 1)
    assert office.everything() == before
    office.take(office.file(*rows), Take(read_groups("changed")))
    assert office.phones("丁华") == ["13800000001"]
    assert "109室" not in office.present()


def test_everything_is_written_and_undone_as_a_whole(office: Office) -> None:
    before = office.everything()
    report = office.take(
        office.file(
            "福元小区,1号,101室,丁华,13800000001,310101195001010006,52",
            "福元小区,1号,103室,孙七,13900000009,,70",
            "福元小区,3号,301室,赵敏,13900000004,,80",
            "福元小区,3号,302室,周八,,,",
        )
    )
    assert office.present() == {"101室": "丁华", "103室": "孙七", "301室": "赵敏", "302室": "周八"}
    former = office.household("王五")
    assert (former.moved_out_on, former.ended_how) == (date(2026, 3, 1), "")
    assert office.household("孙七").moved_in_on == date(2026, 3, 1)
    assert office.phones("赵敏") == ["13900000004"]
    assert {group.value: number for group, number in report.applied.items()} == {
        "new": 1, "changed": 1, "other-holder": 1, "moved": 1, "gone": 1
    }  # fmt: skip
    with office.seat.store.sessions() as session:
        assert search.find(session, "孙七", [UNIT])
        assert search.find(session, "13800000001", [UNIT])
    assert not any(finding.faults for finding in check_store(office.seat.store))
    assert report.import_id is not None
    imports.undo_import(office.seat, report.import_id)
    assert office.everything() == before
    with office.seat.store.sessions() as session:
        assert not search.find(session, "孙七", [UNIT])
        assert search.find(session, "13900000001", [UNIT])
    assert not any(finding.faults for finding in check_store(office.seat.store))


def test_an_update_that_was_built_upon_is_not_undone(office: Office) -> None:
    report = office.take(office.file("福元小区,1号,101室,丁华,13800000001,,", *ROWS[1:]))
    key = office.household("丁华").id
    known = households.household_for_edit(agreed(office.seat), key)
    households.save_household(
        office.seat,
        known.unit_id,
        replace(known.fields, phones=("13700000001",)),
        key,
    )
    assert report.import_id is not None
    with pytest.raises(Conflict, match="can no longer be undone"):
        imports.undo_import(office.seat, report.import_id)


def test_empty_cells_never_erase(office: Office) -> None:
    assert counted(office.compare(*(f"{row.rsplit(',', 3)[0]},,," for row in ROWS))) == {"unchanged": 4}


def test_a_list_without_names_fills_the_sums_of_known_homes(office: Office) -> None:
    path = office.file("福元小区,1号,101室,5662.39,1000", header="小区,楼栋,室号,首期维修资金,账面余额")
    report = office.take(path, Take(read_groups("changed")))
    assert counted(report) == {"changed": 1}
    assert office.household("丁华").moved_out_on is None
    with office.seat.store.sessions() as session:
        unit = session.scalars(select(Unit).where(Unit.label == "101室")).one()
        assert (unit.fund_first, unit.fund_balance) == (566239, 100000)


@pytest.mark.parametrize(
    ("row", "group"),
    [
        ("福元小区,01幢,101,丁华,13900000001,,", "unchanged"),
        ("福元小区,1号,０１０１,丁华,13900000001,,", "unchanged"),
    ],
)
def test_a_home_is_found_however_it_is_spelled(office: Office, row: str, group: str) -> None:
    report = office.compare(row, *ROWS[1:])
    assert counted(report).get(group) == (4 if group == "unchanged" else 1)


def test_a_building_of_another_name_is_found_by_its_holders_and_told(office: Office) -> None:
    renamed = [row.replace("1号", "1单元") for row in ROWS]
    report = office.compare(*(row.replace("楼栋", "单元") for row in renamed))
    assert counted(report) == {"unchanged": 4}
    alike = [problem for problem in report.problems if "was taken for" in problem.message]
    assert len(alike) == 1
    assert "1号101室" in alike[0].message
    apart = frozenset((row.sheet, row.row, row.name) for row in report.draft.rows)
    again = imports.preview_roster(office.seat, report.draft, Take(apart=apart))
    assert again.comparison.count(Group.UNCHANGED) == 1


def test_namesakes_in_one_room_are_told_apart_by_their_documents(office: Office) -> None:
    report = office.take(
        office.file(
            *ROWS[1:],
            "福元小区,1号,101室,丁华,13900000001,310101195001010006,",
            "福元小区,1号,101室,丁华,13900000007,310101198001010007,",
        )
    )
    assert counted(report) == {"new": 1, "unchanged": 4}
    assert office.present()["101室"] == "丁华、丁华"
    assert counted(office.compare(*ROWS[1:], ROWS[0])).get("gone") == 1


def test_a_renter_is_nobody_who_replaces_the_owner(office: Office) -> None:
    header = "小区,楼栋,室号,业主,租客"
    report = office.take(office.file("福元小区,1号,101室,丁华,钱九", header=header), Take(read_groups("new")))
    assert counted(report)["new"] == 1
    assert office.present()["101室"] == "丁华、钱九"
    # a list of owners says nothing of renters
    assert counted(office.compare(*ROWS)) == {"unchanged": 4}
    relet = office.compare("福元小区,1号,101室,丁华,吴十", header=header)
    assert told(relet)[0] == ("other-holder", "1号101室 name", "钱九", "吴十")


def test_what_was_entered_after_the_list_is_kept_unless_it_is_ticked(office: Office) -> None:
    key = office.household("丁华").id
    known = households.household_for_edit(agreed(office.seat), key)
    fields = replace(known.fields, phones=("13700000001",), people=3)
    households.save_household(office.seat, known.unit_id, fields, key)
    older = office.file("福元小区,1号,101室,丁华,13900000001,,52", *ROWS[1:], days_ago=30)
    report = office.take(older, Take(read_groups("changed")))
    assert office.phones("丁华") == ["13700000001"]
    entry = entry_of(report, Group.CHANGED)
    [phone] = [one for one in entry.differences if one.field == "phone"]
    assert phone.is_kept
    assert "after the list was made" in phone.why
    office.take(older, Take(frozenset(), also=frozenset({part_key(entry, phone)})))
    assert office.phones("丁华") == ["13900000001"]


def test_a_change_after_which_the_list_was_made_is_overwritten(office: Office) -> None:
    key = office.household("丁华").id
    known = households.household_for_edit(agreed(office.seat), key)
    fields = replace(known.fields, phones=("13700000001",))
    households.save_household(office.seat, known.unit_id, fields, key)
    path = office.file("福元小区,1号,101室,丁华,13900000001,,", *ROWS[1:], days_ago=-1)
    office.take(path, Take(read_groups("changed")))
    assert office.phones("丁华") == ["13900000001"]


def test_a_former_holder_on_an_old_list_does_not_come_back(office: Office) -> None:
    office.take(office.file("福元小区,1号,101室,孙七,,,", *ROWS[1:]))
    report = office.take(office.file(*ROWS, days_ago=400))
    assert told(report) == [("other-holder", "1号101室 name", "孙七", "丁华")]
    assert entry_of(report, Group.OTHER_HOLDER).is_kept
    assert office.present()["101室"] == "孙七"


def test_remarks_and_contacts_are_added_to_what_is_there(office: Office) -> None:
    header = "小区,楼栋,室号,业主,备注"
    office.take(office.file("福元小区,1号,101室,丁华,独居老人", header=header), Take(read_groups("changed")))
    office.take(office.file("福元小区,1号,101室,丁华,党员", header=header), Take(read_groups("changed")))
    assert office.household("丁华").remarks == "独居老人；党员"
    assert counted(office.compare("福元小区,1号,101室,丁华,党员", *ROWS[1:], header=header))["unchanged"] >= 1


def test_somebody_of_the_household_does_not_replace_its_holder(office: Office) -> None:
    key = office.household("丁华").id
    people.save_person(office.seat, key, PersonFields(name="钱九", relation=Relation.SPOUSE))
    report = office.compare("福元小区,1号,101室,钱九,13600000001,,", *ROWS[1:])
    entry = entry_of(report, Group.CHANGED)
    # who holds the home stays; what the row says of her besides is hers
    said = [(one.field, one.whose, one.is_kept) for one in entry.differences]
    assert said == [("name", "", True), ("phone", "钱九", False)]


def test_a_household_that_was_merged_away_is_not_added_again(office: Office) -> None:
    office.take(office.file(*ROWS, "福元小区,1号,0101室甲,丁华,13900000001,,"), Take(read_groups("new")))
    found = merging.compare(office.seat, ("unit", office.unit("101室")), ("unit", office.unit("0101室甲")))
    merging.merge(office.seat, found.stamp)
    both = (*ROWS, "福元小区,1号,0101室甲,丁华,13900000001,,")
    assert counted(office.compare(*both)) == {"unchanged": 5}
    with office.seat.store.sessions() as session:
        one, two = session.scalars(select(Household.id).where(Household.head == "丁华"))
    found = merging.compare(office.seat, ("household", one), ("household", two))
    merging.merge(office.seat, found.stamp, [], {"holder_is": "same"})
    assert counted(office.compare(*both)) == {"unchanged": 4}


def test_those_who_leave_do_so_on_a_day(office: Office) -> None:
    with pytest.raises(InvalidInput) as refused:
        office.take(office.file(*ROWS[1:]), Take(read_groups("gone")))
    assert "ended_on" in refused.value.fields
    ahead = Take(read_groups("gone"), ended_on=office.seat.today() + timedelta(days=1))
    with pytest.raises(InvalidInput, match="future"):
        office.take(office.file(*ROWS[1:]), ahead)
    known = Take(read_groups("gone"), ended_on=date(2026, 2, 1), ends={Group.GONE: HouseholdEnd.DIED})
    office.take(office.file(*ROWS[1:]), known)
    former = office.household("丁华")
    assert (former.moved_out_on, former.ended_how) == (date(2026, 2, 1), "died")


def test_an_unknown_group_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"«all» .* new, changed, other-holder, moved, gone"):
        read_groups("new, all")


def test_people_of_the_store_are_masked_in_the_report(office: Office) -> None:
    data = imports.report_json(office.compare("福元小区,1号,101室,孙七,13800000001,,", *ROWS[1:]))
    assert data["differences"] == [
        {
            "row": 2,
            "unit": "1号101室",
            "household": "孙*",
            "field": "name",
            "old": "丁*",
            "new": "孙*",
            "group": "other-holder",
            "kept": False,
            "why": "",
        }
    ]
    assert (data["other_holder"], data["unchanged"], data["new"]) == (1, 3, 0)
