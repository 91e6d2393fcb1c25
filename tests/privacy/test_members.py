"""The rights of people who are in a household without being its holder, and what of her holder is hers alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.estates.facts.people import HOLDER, PersonFields, TagFields
from fuyuan_desk.estates.service import households, on_day, shares, tags, units
from fuyuan_desk.estates.service import people as members
from fuyuan_desk.formats.names import ANONYMOUS
from fuyuan_desk.privacy.facts import Key, PersonReport
from fuyuan_desk.privacy.service import people, retention
from tests.privacy.neighbours import ID, NAME, PHONE, Home, add_home, agreed, everything, move_out

WIFE, WIFE_ID, WIFE_PHONE, PASS = "陆㛃", "310101198203150004", "13900001111", "K1234567"
LONG_AGO = date(2020, 1, 2)


@pytest.fixture
def home(seat: Seat) -> Home:
    tags.add_usual_tags(seat)
    return add_home(seat)


@pytest.fixture
def wife(seat: Seat, home: Home) -> int:
    alone = next(tag.id for tag in tags.tag_choices(seat) if tag.name == "重点关爱")
    fields = PersonFields(
        WIFE, "spouse", phones=(WIFE_PHONE,), id_number=WIFE_ID, papers=(PASS,), registered_at="中山路1号",
        tags=(alone,), other_ids=(("社区云 居住ID", "7700123"),), remarks="上夜班",
    )  # fmt: skip
    person = members.save_person(seat, home.household, fields).id
    shares.save_shares(
        seat, home.unit, {(home.household, HOLDER): "1/3", (home.household, person): "2/3"}, None
    )
    return person


def report_of(seat: Seat, name: str) -> PersonReport:
    [found] = people.find_people(seat, name)
    return people.person_report(seat, found.keys, "本人，身份证")


def texts(report: PersonReport) -> str:
    return "\n".join(f"{value}" for held in report.held for _label, value in held.values)


@pytest.mark.parametrize("typed", [WIFE, WIFE_ID, WIFE_PHONE[-4:]])
def test_she_is_found_with_her_home(seat: Seat, home: Home, wife: int, typed: str) -> None:
    [found] = people.find_people(seat, typed)
    assert found.keys == (Key("person", wife),)
    assert "501室" in found.places[0].place
    assert found.phones == ("139****1111",)


def test_each_report_has_what_is_hers_and_nothing_of_the_other(seat: Seat, home: Home, wife: int) -> None:
    holder = members.person_for_edit(seat, home.household, HOLDER).fields
    disabled = next(tag.id for tag in tags.tag_choices(seat) if tag.name == "残疾")
    members.save_person(seat, home.household, replace(holder, tags=(disabled,), papers=("E7654321",)), HOLDER)
    hers, his = texts(report_of(seat, WIFE)), texts(report_of(seat, NAME))
    for own in (WIFE, WIFE_ID, WIFE_PHONE, PASS, "中山路1号", "重点关爱", "7700123", "上夜班", "2/3"):
        assert own in hers
        assert own not in his
    for own in (NAME, ID, PHONE, "E7654321", "残疾", "1/3"):
        assert own in his
        assert own not in hers


def test_a_tag_that_her_role_may_not_see_is_not_in_the_operators_report(
    seat: Seat, home: Home, wife: int, seat_as: Callable[[Role], Seat]
) -> None:
    for name, roles in (("只管理员见", ()), ("书记见", ("reviewer",)), ("物业见", ("property",))):
        tag = tags.save_tag(seat, TagFields(name, roles=roles)).id
        fields = members.person_for_edit(seat, home.household, wife).fields
        members.save_person(seat, home.household, replace(fields, tags=(*fields.tags, tag)), wife)
    by_clerk = report_of(seat_as(Role.CLERK), WIFE)
    assert "重点关爱" in texts(by_clerk)
    for hidden in ("只管理员见", "书记见", "物业见"):
        assert hidden not in texts(by_clerk)
    assert by_clerk.withheld == ("admin",)
    by_admin = report_of(seat, WIFE)
    assert all(name in texts(by_admin) for name in ("只管理员见", "书记见", "物业见"))
    assert by_admin.withheld == ()
    assert report_of(seat_as(Role.CLERK), NAME).withheld == (), "it is said of the one who has it alone"


def test_every_role_that_sees_all_of_the_hidden_tags_is_named(
    seat: Seat, home: Home, wife: int, seat_as: Callable[[Role], Seat]
) -> None:
    tag = tags.save_tag(seat, TagFields("书记见", roles=("reviewer", "viewer"))).id
    fields = members.person_for_edit(seat, home.household, wife).fields
    members.save_person(seat, home.household, replace(fields, tags=(tag,)), wife)
    assert report_of(seat_as(Role.CLERK), WIFE).withheld == ("admin", "reviewer")
    assert report_of(seat_as(Role.REVIEWER), WIFE).withheld == ()


def test_what_is_written_of_one_names_no_other_of_the_home(seat: Seat, home: Home, wife: int) -> None:
    edit = households.household_for_edit(seat, home.household)
    contact = f"女儿{WIFE} 微信 {WIFE_PHONE}，本人境外 {PHONE} +1 212 555 0100"
    remarks = f"{WIFE}（{WIFE_ID}）代{NAME}签收"
    fields = replace(edit.fields, contact=contact, remarks=remarks)
    households.save_household(seat, home.unit, fields, home.household, edit.version)
    person = members.person_for_edit(seat, home.household, wife)
    about_both = replace(person.fields, remarks=f"与{NAME}（{PHONE}）同住")
    members.save_person(seat, home.household, about_both, wife, person.version)
    hers, his = texts(report_of(seat, WIFE)), texts(report_of(seat, NAME))
    for other in (WIFE, WIFE_ID, WIFE_PHONE):
        assert other not in his
    for own in ("女儿陆*", "139****1111", f"代{NAME}签收", f"本人境外 {PHONE} +1 212 555 0100"):
        assert own in his
    for other in (NAME, PHONE, "微信", "代"):
        assert other not in hers
    assert "与蔡*（138****5678）同住" in hers


def test_a_name_within_her_own_is_not_masked_there(seat: Seat, home: Home, wife: int) -> None:
    members.save_person(seat, home.household, PersonFields("蔡兰"))
    edit = households.household_for_edit(seat, home.household)
    fields = replace(edit.fields, remarks=f"{NAME}和蔡兰")
    households.save_household(seat, home.unit, fields, home.household, edit.version)
    assert f"{NAME}和蔡*" in texts(report_of(seat, NAME))


def test_she_is_erased_once_she_has_left(seat: Seat, home: Home, wife: int) -> None:
    with pytest.raises(Conflict):
        people.erase_person(agreed(seat), [Key("person", wife)], "purpose")
    fields = members.person_for_edit(seat, home.household, wife).fields
    members.save_person(seat, home.household, replace(fields, until_on=LONG_AGO), wife)
    people.erase_person(agreed(seat), [Key("person", wife)], "purpose")
    with seat.store.sessions() as session:
        left = everything(session)
    for hers in (WIFE, WIFE_ID, WIFE_PHONE, PASS, "中山路1号", "7700123", "上夜班"):
        assert hers not in left
    for his in (NAME, ID, PHONE):
        assert his in left
    [household] = units.unit_detail(seat, home.unit).households
    assert household.members[1].name == ANONYMOUS


def test_who_left_three_years_ago_is_due(seat: Seat, home: Home, wife: int) -> None:
    fields = members.person_for_edit(seat, home.household, wife).fields
    members.save_person(seat, home.household, replace(fields, until_on=LONG_AGO), wife)
    [due] = retention.due_for_anonymising(seat).rows
    assert due.key == Key("person", wife)
    retention.anonymise(agreed(seat))
    assert retention.due_for_anonymising(seat).total == 0


def test_erasing_the_holder_leaves_the_others_who_asked_nothing(seat: Seat, home: Home, wife: int) -> None:
    move_out(seat, home, LONG_AGO)
    people.erase_person(agreed(seat), [Key("household", home.household)], "purpose")
    with seat.store.sessions() as session:
        left = everything(session)
    for his in (NAME, ID, PHONE):
        assert his not in left
    for hers in (WIFE, WIFE_ID, WIFE_PHONE, PASS, "中山路1号", "7700123", "上夜班"):
        assert hers in left
    assert len(people.find_people(seat, WIFE)) == 1


def test_three_years_after_a_household_nobody_of_it_is_left_but_who_voted_by_what_share(
    seat: Seat, home: Home, wife: int
) -> None:
    move_out(seat, home, LONG_AGO)
    assert {due.key for due in retention.due_for_anonymising(seat).rows} == {
        Key("household", home.household),
        Key("person", wife),
    }
    retention.anonymise(agreed(seat))
    with seat.store.sessions() as session:
        left = everything(session)
    for personal in (NAME, ID, PHONE, WIFE, WIFE_ID, WIFE_PHONE, PASS, "中山路1号", "7700123", "上夜班"):
        assert personal not in left
    owners = on_day.who_was_there(seat, home.unit, LONG_AGO - timedelta(days=1)).owners
    assert [owner.share for owner in owners] == ["1/3", "2/3"]
