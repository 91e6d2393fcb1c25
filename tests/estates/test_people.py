"""People of households: saved, shown masked, shared out, ended, tagged, found, removed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import Conflict, NotAllowed
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.facts.people import (
    HOLDER,
    PersonFields,
    TagFields,
)
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.service import households, on_day, page_data, people, tags, units
from fuyuan_desk.kit.book import Known
from fuyuan_desk.store.search import index as search
from tests.access.made import at, by
from tests.estates.clerk import WIFE_ID, give, member, refused, shown, trail

LATE = date(2024, 5, 1)


# --- persons


def test_a_person_is_shown_masked_with_what_her_id_number_says(seat: Seat, unit: int, wife: int) -> None:
    view = member(seat, unit, wife)
    assert (view.name, view.relation, view.phones) == ("陆*", "spouse", ("139****1111",))
    assert (view.sex, view.age) == ("female", 43)
    assert view.is_current
    assert shown(seat, unit).members[0].id == HOLDER


def test_a_form_shows_what_was_saved_and_the_trail_knows(seat: Seat, household: int, wife: int) -> None:
    saved = PersonFields(
        "陆㛃", "spouse", "female", date(1982, 3, 15), ("13900001111", "+852 2345 6789"), "resident", WIFE_ID,
        ("E12345678",), "南昌路1号", True, False, True, True, True, date(2026, 1, 2), date(2010, 1, 1), None, (),
        (("社区云 居住ID", "77001"),), "夜班",
    )  # fmt: skip
    before = people.person_for_edit(seat, household, wife)
    people.save_person(seat, household, saved, wife, before.version)
    read = people.person_for_edit(seat, household, wife)
    assert read.fields == replace(saved, phones=("13900001111", "+85223456789"))
    assert [entry.table_name for entry in trail(seat, "reveal")] == ["person", "person"]
    assert people.reveal_person(seat, household, wife, "name") == "陆㛃"
    assert people.reveal_person(seat, household, wife, "phone:1") == "+85223456789"


def test_two_clerks_do_not_overwrite_each_other(seat: Seat, household: int, wife: int) -> None:
    first = second = people.person_for_edit(seat, household, wife)
    people.save_person(seat, household, replace(first.fields, phones=()), wife, first.version)
    with pytest.raises(Conflict):
        people.save_person(seat, household, replace(second.fields, remarks="x"), wife, second.version)
    holder = people.person_for_edit(seat, household, HOLDER)
    people.save_person(
        seat, household, replace(holder.fields, phones=("02154012345",)), HOLDER, holder.version
    )
    with pytest.raises(Conflict):
        people.save_person(seat, household, replace(holder.fields, has_key=True), HOLDER, holder.version)


def test_the_holder_has_all_that_others_have(seat: Seat, unit: int, household: int) -> None:
    read = people.person_for_edit(seat, household, HOLDER)
    people.save_person(
        seat,
        household,
        replace(read.fields, lives_here=False, registered_here=True, papers=("K1234567",)),
        HOLDER,
    )
    view = member(seat, unit, HOLDER)
    assert view.residence == "away"
    assert people.person_for_edit(seat, household, HOLDER).fields.papers == ("K1234567",)
    # the household's own form leaves it as it is
    edit = households.household_for_edit(seat, household)
    households.save_household(seat, unit, replace(edit.fields, people=3), household, edit.version)
    assert member(seat, unit, HOLDER).residence == "away"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (PersonFields(""), "name"),
        (PersonFields("很" * 61), "name"),
        (PersonFields("王一", phones=("123",)), "phones"),
        (PersonFields("王一", born_on=date(2030, 1, 1)), "born_on"),
        (PersonFields("王一", id_number=WIFE_ID, born_on=date(1990, 1, 1)), "born_on"),
        (PersonFields("王一", from_on=date(2020, 1, 2), until_on=date(2020, 1, 1)), "until_on"),
        (PersonFields("王一", from_on=date(2031, 1, 2)), "from_on"),
        (PersonFields("王一", consented_on=date(2026, 1, 1)), "may_publish"),
        (PersonFields("王一", may_publish=True, consented_on=date(2031, 1, 1)), "consented_on"),
        (PersonFields("王一", other_ids=(("社区云", ""),)), "other_ids"),
        (PersonFields("王一", sex="male", id_number=WIFE_ID), "sex"),
        (PersonFields("王一", born_on=date(2015, 1, 1), from_on=date(2014, 1, 1)), "from_on"),
        (PersonFields("王一", other_ids=(("社区云", "1"), ("社区云", "2"))), "other_ids"),
        (PersonFields("王一", papers=("9" * 41,)), "papers"),
        (PersonFields("王一", registered_at="长" * 201), "registered_at"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    seat: Seat, unit: int, household: int, fields: PersonFields, wrong: str
) -> None:
    assert list(refused(lambda: people.save_person(seat, household, fields))) == [wrong]
    assert len(shown(seat, unit).members) == 1


def test_a_wrong_check_digit_is_kept_and_told(seat: Seat, household: int) -> None:
    saved = people.save_person(seat, household, PersonFields("王一", id_number="310101198203150005"))
    assert len(saved.doubts) == 1


def test_everybody_is_found_and_no_longer_when_removed(
    seat: Seat, household: int, unit: int, wife: int
) -> None:
    def found(text: str) -> list[int]:
        with seat.store.sessions() as session:
            return [hit.record_id for hit in search.find(session, text, [UNIT])]

    for text in ("陆㛃", "lujie", "1111", WIFE_ID[-4:]):
        assert unit in found(text), text
    people.remove_person(seat, household, wife)
    assert unit not in found("陆㛃")
    assert len(shown(seat, unit).members) == 1


def test_an_older_person_is_removed_by_two(seat: Seat, household: int, wife: int) -> None:
    later = at(seat, datetime.now(UTC) + timedelta(days=2))
    with pytest.raises(SecondNeeded):
        people.remove_person(later, household, wife)


# --- who was there


def test_who_was_there_says_what_is_not_known(seat: Seat, unit: int, household: int, wife: int) -> None:
    found = on_day.who_was_there(seat, unit, LATE)
    assert ([view.name for view in found.owners], len(found.residents), found.unsure) == (["姚*"], 2, 2)
    for person in (HOLDER, wife):
        edit = people.person_for_edit(seat, household, person)
        came = {} if person == HOLDER else {"from_on": date(2015, 1, 1)}
        people.save_person(seat, household, replace(edit.fields, lives_here=person == wife, **came), person)
    edit_household = households.household_for_edit(seat, household)
    households.save_household(
        seat, unit, replace(edit_household.fields, moved_in_on=date(2010, 1, 1)), household
    )
    found = on_day.who_was_there(seat, unit, LATE)
    assert ([view.name for view in found.residents], found.unsure) == (["陆*"], 0)
    assert on_day.who_was_there(seat, unit, date(2014, 12, 31)).residents == ()
    assert on_day.who_was_there(seat, unit, date(2009, 12, 31)).owners == ()
    assert list(refused(lambda: on_day.who_was_there(seat, unit, None))) == ["day"]
    assert list(refused(lambda: on_day.who_was_there(seat, unit, date(2040, 1, 1)))) == ["day"]


# --- tags


def test_usual_tags_are_added_once_and_then_are_the_offices_own(seat: Seat, alone: int) -> None:
    count = tags.find_tags(seat).total
    tags.add_usual_tags(seat)
    assert tags.find_tags(seat).total == count > 5
    for line in tags.find_tags(seat).rows:
        tags.remove_tag(seat, line.id)
    tags.add_usual_tags(seat)
    assert tags.find_tags(seat).total == 0


def test_homes_are_filtered_by_a_tag_while_somebody_has_it(
    seat: Seat, two_estates: tuple[int, int], unit: int, household: int, wife: int, alone: int
) -> None:
    def tagged() -> list[int]:
        return [row.id for row in units.list_units(seat, UnitQuery(tag_id=alone)).rows]

    assert tagged() == []
    give(seat, household, HOLDER, alone)
    give(seat, household, wife, alone)
    assert tagged() == [unit]
    [row] = units.list_units(seat, UnitQuery(tag_id=alone)).rows
    assert [view.name for view in row.tags] == ["独居老人"]
    give(seat, household, HOLDER)
    assert tagged() == [unit]
    edit = people.person_for_edit(seat, household, wife)
    people.save_person(seat, household, replace(edit.fields, until_on=date(2020, 1, 1)), wife)
    assert tagged() == []


def test_a_tag_is_hidden_from_who_may_not_see_it(
    seat: Seat, seat_as: Callable[[Role], Seat], unit: int, household: int, alone: int
) -> None:
    give(seat, household, HOLDER, alone)
    viewer = seat_as(Role.VIEWER)
    assert alone not in [view.id for view in tags.tag_choices(viewer)]
    assert member(viewer, unit, HOLDER).tags == ()
    assert units.list_units(viewer, UnitQuery(tag_id=alone)).total == 0
    clerk = seat_as(Role.CLERK)
    line = tags.read_tag(seat, alone)
    tags.save_tag(seat, replace(line.fields, roles=("viewer",)), Known(line.id, line.version))
    assert [view.id for view in member(viewer, unit, HOLDER).tags] == [alone]
    # who does not see it does not take it away either
    give(clerk, household, HOLDER)
    assert [view.id for view in member(seat, unit, HOLDER).tags] == [alone]


def test_tags_leave_the_office_in_full_data_only(seat: Seat, unit: int, household: int, alone: int) -> None:
    give(seat, household, HOLDER, alone)
    order = ExportOrder("核对", "街道办事处")
    with pytest.raises(Conflict):
        page_data.units_for_export(seat, order, UnitQuery(tag_id=alone))
    rows = page_data.units_for_export(seat, order, UnitQuery()).rows
    assert {row.tags for row in rows} == {()}
    agreed = replace(order, unmasked=True)
    [row] = page_data.units_for_export(by(seat, "reviewer"), agreed, UnitQuery(tag_id=alone)).rows
    assert [tag.name for tag in row.tags] == ["独居老人"]


def test_only_the_administrator_says_who_may_see_a_tag(
    seat: Seat, seat_as: Callable[[Role], Seat], household: int, alone: int
) -> None:
    line = tags.read_tag(seat, alone)
    tags.save_tag(seat, replace(line.fields, roles=("reviewer",)), Known(line.id, line.version))
    give(seat, household, HOLDER, alone)
    clerk = seat_as(Role.CLERK)
    for use in (
        tags.find_tags,
        lambda one: tags.read_tag(one, alone),
        lambda one: tags.remove_tag(one, alone),
    ):
        with pytest.raises(NotAllowed):
            use(clerk)
    assert people.person_for_edit(clerk, household, HOLDER).fields.tags == ()


def test_a_tag_that_somebody_has_is_not_removed(seat: Seat, household: int, alone: int) -> None:
    give(seat, household, HOLDER, alone)
    assert "name" in refused(lambda: tags.remove_tag(seat, alone))
    assert "name" in refused(lambda: tags.save_tag(seat, TagFields("独居老人")))


def test_a_property_company_reads_no_remarks(
    seat: Seat, seat_as: Callable[[Role], Seat], unit: int, household: int, two_estates: tuple[int, int]
) -> None:
    people.save_person(seat, household, PersonFields("王一", remarks="夜班"))
    own = seat_as(Role.PROPERTY)
    own = replace(own, operator=replace(own.operator, estates=frozenset(two_estates)))
    assert {view.remarks for view in shown(own, unit).members} == {""}
    with pytest.raises(NotAllowed):
        on_day.who_was_there(own, unit, LATE)
