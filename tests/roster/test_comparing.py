"""A yearly list compared with the store: what is new, changed, gone, held by another one, moved; and its undoing."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.estates.facts.people import PersonFields
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.records import Household, HouseholdPhone, Person, Unit
from fuyuan_desk.estates.rules.people import HouseholdEnd, Relation
from fuyuan_desk.estates.service import households, merging, people
from fuyuan_desk.roster.rules.comparison import Entry, Group
from fuyuan_desk.roster.rules.taking import APPLICABLE, Take, part_key, read_groups
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.imports import ImportReport
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.search import index as search
from tests.privacy.neighbours import agreed

HEADER = "小区,楼栋,室号,业主,电话,身份证号,面积"
ROWS = (
    "福元小区,1号,101室,丁华,13900000001,310101195001010006,50.5",
    "福元小区,1号,102室,李新,13900000002,310101196001010000,60",
    "福元小区,1号,103室,王五,13900000003,,70",
    "福元小区,2号,201室,赵敏,13900000004,,80",
)
_UNSTABLE = ("_sa_instance_state", "version", "id", "uid")
EVERYTHING = Take(frozenset(APPLICABLE), ended_on=date(2026, 3, 1))


class Office:
    """An office that imports lists, and what is in its store."""

    def __init__(self, seat: Seat, folder: Path) -> None:
        self.seat, self._folder, self._count = seat, folder, 0

    def file(self, *rows: str, header: str = HEADER, days_ago: int = 0) -> Path:
        """Write a list, last changed some days ago."""
        self._count += 1
        path = self._folder / f"名册{self._count}.csv"
        path.write_text("\n".join((header, *rows)), encoding="utf-8")
        then = (datetime.now(UTC) - timedelta(days=days_ago)).timestamp()
        os.utime(path, (then, then))
        return path

    def take(self, path: Path, take: Take = EVERYTHING) -> ImportReport:
        """Import a list."""
        return imports.import_roster(self.seat, path, take=take)

    def compare(self, *rows: str, header: str = HEADER, days_ago: int = 0) -> ImportReport:
        """Compare a list without writing anything."""
        return imports.import_roster(
            self.seat, self.file(*rows, header=header, days_ago=days_ago), dry_run=True
        )

    def present(self) -> dict[str, str]:
        """Return who holds which home now: 101室 → 丁华; several are joined."""
        with self.seat.store.sessions() as session:
            rows = session.execute(
                select(Unit.label, Household.head)
                .join(Unit, Unit.id == Household.unit_id)
                .where(Household.moved_out_on.is_(None))
                .order_by(Household.id)
            ).all()
        found: dict[str, str] = {}
        for label, head in rows:
            found[label] = "、".join(filter(None, (found.get(label, ""), head)))
        return found

    def household(self, head: str) -> Household:
        """Return the newest household of a name."""
        with self.seat.store.sessions() as session:
            query = select(Household).where(Household.head == head).order_by(Household.id.desc())
            return session.scalars(query).first() or pytest.fail(f"no household {head}")

    def unit(self, label: str) -> int:
        """Return the key of a home."""
        with self.seat.store.sessions() as session:
            return session.scalars(select(Unit.id).where(Unit.label == label)).one()

    def phones(self, head: str) -> list[str]:
        """Return the telephones of a holder."""
        with self.seat.store.sessions() as session:
            return list(
                session.scalars(
                    select(HouseholdPhone.number).where(
                        HouseholdPhone.household_id == self.household(head).id
                    )
                )
            )

    def everything(self) -> dict[str, list[Any]]:
        """Return all records of homes and households, without their versions."""
        with self.seat.store.sessions() as session:
            return {
                model.__tablename__: [
                    {key: value for key, value in vars(row).items() if key not in _UNSTABLE}
                    for row in session.scalars(select(model).order_by(model.id))
                ]
                for model in (Unit, Household, HouseholdPhone, Person)
            }  # fmt: skip


@pytest.fixture
def office(seat: Seat, tmp_path: Path) -> Office:
    """Return an office that has imported `ROWS`."""
    made = Office(seat, tmp_path)
    assert made.take(made.file(*ROWS)).households == 4
    return made


def counted(report: ImportReport) -> dict[str, int]:
    """Return the groups that are not empty."""
    return {group.value: number for group in Group if (number := report.comparison.count(group))}


def told(report: ImportReport) -> list[tuple[str, str, str, str]]:
    """Return group, home, old and new of each difference."""
    return [
        (entry.group.value, f"{entry.place} {one.field}", one.old, one.new)
        for entry in report.comparison.entries
        for one in entry.differences
    ]


def entry_of(report: ImportReport, group: Group) -> Entry:
    """Return the only entry of a group."""
    [entry] = [entry for entry in report.comparison.entries if entry.group is group]
    return entry


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
    assert [(one.field, one.is_kept) for one in entry.differences] == [("name", True)]


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


def test_another_document_and_telephone_of_one_name_are_taken_together_or_not_at_all(office: Office) -> None:
    row = "福元小区,1号,101室,丁华,13900000077,310101197502020009,50.5"
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
    assert any("Less than half" in one.message for one in office.compare(*rows[:3]).problems)


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
