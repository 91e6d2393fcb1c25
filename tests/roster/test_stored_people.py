"""The people of an imported roster in the store: what is stored of them, how they are found, and undoing it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service.calls import save_call
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.estates.facts.people import HOLDER, PersonFields
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.records import (
    Household,
    HouseholdPhone,
    OwnerShare,
    Person,
    PersonPaper,
    PersonTag,
    Tag,
    Unit,
)
from fuyuan_desk.estates.service import people, search_entries, shares, units
from fuyuan_desk.roster.facts import Undoing
from fuyuan_desk.roster.reading.reader import RosterDraft, understand
from fuyuan_desk.roster.service import imports
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.search import index as search
from fuyuan_desk.workbook.reader import read_workbook
from tests.privacy.neighbours import agreed

HEADER = "小区,楼号,室号,产权人,份额,电话,身份证号"
# sequence 000 is never issued
ZHANG, LI = "31010119800101000X", "310101199001010004"
OWNERS = (
    f"福元小区,1号,101室,张三、李四,1/2、1/2,13900000001、13900000002,{ZHANG}、{LI}",
    "福元小区,1号,102室,王五,,13900000003,E12345678、E12345679",
)
AT = "南昌路168弄4号101室"
CLOUD = """
UUID 姓名 身份证 电话 户籍地址 居住ID 居住地址 房屋ID 在住 人员类型 社区标识 实口 紧急联系人 紧急联系电话 备注
u1 张三 {zhang} 13900000001 思南路26弄3号 j1 {at} f1 是 户籍 / 是 李四 13900000002 /
u2 李四 {li} 13900000002 / j2 {at} f1 否 来沪 / 是 / / /
"""
PARTS = (Person, HouseholdPhone, OwnerShare, PersonPaper, PersonTag)


@dataclass
class Office:
    """The office into which rosters are imported."""

    seat: Seat
    folder: Path

    def read(self, text: str, name: str = "名册.csv") -> RosterDraft:
        """Return a roster of this text, read."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return understand(read_workbook(path))

    def take(self, *rows: str) -> int:
        """Import rows of owners, and return the number of the import."""
        number = imports.import_roster(self.seat, self.read("\n".join((HEADER, *rows)))).import_id
        assert number is not None
        return number

    def take_cloud(self) -> int:
        """Import an export of 社区云, and return the number of the import."""
        text = CLOUD.strip().format(zhang=ZHANG, li=LI, at=AT).replace(" /", " ").replace(" ", "\t")
        number = imports.import_roster(self.seat, self.read(text, "社区云.tsv")).import_id
        assert number is not None
        return number

    def found(self, text: str) -> list[str]:
        """Return the rooms of the homes that the search finds."""
        with self.seat.store.sessions() as session:
            hits = search.find(session, text, [UNIT])
            return [session.get_one(Unit, hit.record_id).label for hit in hits]

    def household(self, head: str) -> int:
        """Return a household's id."""
        with self.seat.store.sessions() as session:
            return session.scalars(select(Household.id).where(Household.head == head)).one()

    def person(self, name: str) -> int:
        """Return a person's id."""
        with self.seat.store.sessions() as session:
            return session.scalars(select(Person.id).where(Person.name == name)).one()

    def left(self) -> list[str]:
        """Return the names of the holders and people that are left."""
        with self.seat.store.sessions() as session:
            heads = session.scalars(select(Household.head).order_by(Household.id))
            return [*heads, *session.scalars(select(Person.name).order_by(Person.id))]

    def parts(self) -> int:
        """Count what belongs to households."""
        with self.seat.store.sessions() as session:
            return sum(len(session.scalars(select(model.id)).all()) for model in PARTS)

    def is_sound(self) -> bool:
        """Return whether the store is without faults."""
        return not any(finding.faults for finding in check_store(self.seat.store))

    def change_person(self, **values: object) -> None:
        """Change the co-owner."""
        key, person = self.household("张三"), self.person("李四")
        edit = people.person_for_edit(self.seat, key, person)
        fields = replace(edit.fields, **values)  # type: ignore[arg-type]
        people.save_person(self.seat, key, fields, person, edit.version)


@pytest.fixture
def office(seat: Seat, tmp_path: Path) -> Office:
    return Office(seat, tmp_path)


def test_co_owners_are_stored_with_shares_telephones_and_documents(office: Office) -> None:
    office.take(*OWNERS)
    key = office.household("张三")
    holder = people.person_for_edit(office.seat, key, HOLDER).fields
    other = people.person_for_edit(office.seat, key, office.person("李四")).fields
    assert (holder.phones, holder.id_number) == (("13900000001",), ZHANG)
    assert (other.relation, other.phones, other.id_number) == ("co-owner", ("13900000002",), LI)
    second = people.person_for_edit(office.seat, office.household("王五"), HOLDER).fields
    assert (second.id_number, second.papers) == ("E12345678", ("E12345679",))
    with office.seat.store.sessions() as session:
        unit = session.scalars(select(Unit.id).where(Unit.label == "101室")).one()
    of_unit = shares.shares_of_unit(office.seat, unit)
    assert [row.share for row in of_unit.rows] == ["1/2", "1/2"]
    assert office.is_sound()


def test_an_export_of_another_system_keeps_its_numbers(office: Office) -> None:
    office.take_cloud()
    key = office.household("张三")
    holder = people.person_for_edit(office.seat, key, HOLDER).fields
    other = people.person_for_edit(office.seat, key, office.person("李四")).fields
    assert holder.other_ids == (("社区云 UUID", "u1"), ("社区云 居住ID", "j1"))
    assert (holder.registered_at, holder.lives_here) == ("思南路26弄3号", True)
    assert other.other_ids == (("社区云 UUID", "u2"), ("社区云 居住ID", "j2"))
    assert (other.relation, other.lives_here, "人员类型：来沪" in other.remarks) == ("", False, True)
    with office.seat.store.sessions() as session:
        household, unit = session.get_one(Household, key), session.scalars(select(Unit)).one()
        assert (unit.other_ids, household.contact) == ({"社区云 房屋ID": "f1"}, "李四、13900000002")
        assert (household.people, unit.label) == (1, "101室")


@pytest.mark.parametrize(
    ("typed", "rooms"),
    [
        ("李四", ["101室"]),
        ("lisi", ["101室"]),
        ("13900000002", ["101室"]),
        ("0002", ["101室"]),
        (LI, ["101室"]),
        ("E12345679", ["102室"]),
    ],
)
def test_everybody_is_found_as_one_who_was_saved(office: Office, typed: str, rooms: list[str]) -> None:
    office.take(*OWNERS)
    found = office.found(typed)
    assert found == rooms
    with office.seat.store.use() as session:
        search_entries.index_units(session, session.scalars(select(Unit.id)).all())
        session.commit()
    assert office.found(typed) == found


def test_a_home_is_found_by_its_number_in_another_system(office: Office) -> None:
    office.take_cloud()
    assert office.found("f1") == ["101室"]


def test_the_trail_has_everything_that_was_added(office: Office) -> None:
    number = office.take(*OWNERS)
    with office.seat.store.sessions() as session:
        entries = session.scalars(select(AuditEntry.table_name).where(AuditEntry.action == "insert")).all()
    assert number
    assert {"person", "owner_share", "person_paper", "household_phone"} <= set(entries)


def test_tags_are_given_and_missing_ones_added(office: Office) -> None:
    roster = office.read("\n".join((HEADER, *OWNERS)))
    rows = list(roster.rows)
    [other] = rows[0].persons
    rows[0] = rows[0]._replace(tags=("黄底", "独居老人"), persons=(other._replace(tags=("黄底",)),))
    number = imports.import_roster(office.seat, replace(roster, rows=tuple(rows))).import_id
    assert number is not None
    with office.seat.store.sessions() as session:
        given = session.execute(
            select(Tag.name, PersonTag.person_id).join(Tag, Tag.id == PersonTag.tag_id).order_by(PersonTag.id)
        ).all()
        assert session.query(Tag).filter(Tag.name == "黄底").count() == 1
    person = office.person("李四")
    assert [tuple(row) for row in given] == [("黄底", None), ("独居老人", None), ("黄底", person)]
    imports.undo_import(office.seat, number)
    assert (office.left(), office.parts()) == ([], 0)


# --- undoing


def test_undoing_removes_everybody(office: Office) -> None:
    for number in (office.take(*OWNERS), office.take_cloud()):
        imports.undo_import(office.seat, number)
    assert (office.left(), office.parts()) == ([], 0)
    assert office.found("李四") == []
    assert office.is_sound()


def _remove_person(office: Office) -> None:
    people.remove_person(agreed(office.seat), office.household("张三"), office.person("李四"))


def _add_person(office: Office) -> None:
    people.save_person(office.seat, office.household("张三"), PersonFields("张小三", relation="child"))


def _call(office: Office) -> None:
    with office.seat.store.sessions() as session:
        unit = session.scalars(select(Unit.id).where(Unit.label == "101室")).one()
    called = Called(unit, office.household("张三"), office.person("李四")).key
    save_call(office.seat, CallFields(date(2026, 2, 1), resident=called, staff="何斌", said="腿脚不便"))


def _change_share(office: Office) -> None:
    with office.seat.store.sessions() as session:
        unit = session.scalars(select(Unit.id).where(Unit.label == "101室")).one()
    key = office.household("张三")
    typed = {(key, HOLDER): "1/3", (key, office.person("李四")): "2/3"}
    shares.save_shares(office.seat, unit, typed, None)


BOTH = ["张三", "李四"]
CHANGES: dict[str, tuple[Callable[[Office], object], list[str], str]] = {
    "a person was changed": (
        lambda office: office.change_person(lives_here=True),
        BOTH,
        "People changed",
    ),
    "her telephone was changed": (
        lambda office: office.change_person(phones=("13900000009",)),
        BOTH,
        "Telephone numbers changed",
    ),
    "a document was added": (
        lambda office: office.change_person(papers=("E12345670",)),
        BOTH,
        "Documents changed",
    ),
    "a person was removed": (_remove_person, ["张三"], "People changed"),
    "a person was added": (_add_person, [*BOTH, "张小三"], "People changed"),
    "a share was changed": (_change_share, BOTH, "Shares changed"),
    "a person was called on": (_call, BOTH, "has 1 call"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_household_whose_people_were_changed_or_used_stays(office: Office, case: str) -> None:
    then, left, reason = CHANGES[case]
    number = office.take(*OWNERS)
    then(office)
    asked = imports.preview_undo(office.seat, number)
    done = imports.undo_import(office.seat, number)
    assert office.left() == left
    assert _places(asked) == _places(done) == _places(imports.kept_records(office.seat, number))
    [(address, reasons)] = _places(done)
    assert address == "福元小区1号101室"
    assert reason in reasons
    assert office.is_sound()


def _places(undoing: Undoing) -> list[tuple[str, str]]:
    return [(place.address, place.reason) for place in undoing.places]


def test_nothing_is_undone_if_everything_was_changed(office: Office) -> None:
    number = office.take(OWNERS[0])
    office.change_person(lives_here=True)
    with pytest.raises(Conflict):
        imports.undo_import(office.seat, number)
    assert office.left() == BOTH


def test_a_home_looked_at_shows_its_people(office: Office) -> None:
    office.take(*OWNERS)
    with office.seat.store.sessions() as session:
        unit = session.scalars(select(Unit.id).where(Unit.label == "101室")).one()
    [household] = units.unit_detail(office.seat, unit).households
    assert [(one.name, one.share) for one in household.members] == [("张*", "1/2"), ("李*", "1/2")]
