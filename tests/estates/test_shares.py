"""Owners' shares of a home over time, the end of a household, and a home that passes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.estates.facts.people import (
    HOLDER,
    HouseholdFields,
    PersonFields,
)
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.service import households, on_day, people, shares, succession, units
from tests.estates.clerk import give, member, refused, shown

LATE = date(2024, 5, 1)


# --- shares


def save(seat: Seat, unit: int, typed: dict[tuple[int, int], str], **options: object) -> str:
    options.setdefault("voter", None)
    return shares.save_shares(seat, unit, typed, **options)  # type: ignore[arg-type]


def test_shares_are_saved_changed_and_kept_as_history(
    seat: Seat, unit: int, household: int, wife: int
) -> None:
    him, her = (household, HOLDER), (household, wife)
    assert "1/2" in save(seat, unit, {him: "1/2", her: ""})
    assert save(seat, unit, {him: "1/3", her: "2/3"}, voter=her) == ""
    assert [(row.share, row.is_voter) for row in shares.shares_of_unit(seat, unit).rows] == [
        ("1/3", False),
        ("2/3", True),
    ]
    save(seat, unit, {him: "1", her: ""}, since=LATE, is_change=True)
    assert [view.share for view in on_day.who_was_there(seat, unit, LATE).owners] == ["1"]
    before = on_day.who_was_there(seat, unit, LATE - timedelta(days=1)).owners
    assert [(view.share, view.is_voter) for view in before] == [("1/3", False), ("2/3", True)]


def test_shares_that_contradict_are_refused_and_nothing_changes(
    seat: Seat, unit: int, household: int, wife: int
) -> None:
    him, her = (household, HOLDER), (household, wife)
    save(seat, unit, {him: "1/2", her: "1/2"})
    stamp = shares.shares_of_unit(seat, unit).stamp
    assert refused(lambda: save(seat, unit, {him: "2/3", her: "1/2"}))
    assert list(refused(lambda: save(seat, unit, {him: "much", her: "1/2"}))) == [f"share:{household}:0"]
    assert list(refused(lambda: save(seat, unit, {him: "1", her: ""}, voter=her))) == ["voter"]
    assert list(refused(lambda: save(seat, unit, {him: "1"}, since=date(2040, 1, 1)))) == ["since"]
    assert refused(lambda: save(seat, unit, {(household, 999): "1/2"}))
    assert shares.shares_of_unit(seat, unit).stamp == stamp
    save(seat, unit, {him: "1/4", her: "3/4"})
    with pytest.raises(Conflict):
        save(seat, unit, {him: "1", her: ""}, stamp=stamp)


def test_a_day_that_was_mistyped_is_corrected(seat: Seat, unit: int, household: int) -> None:
    him = (household, HOLDER)
    save(seat, unit, {him: "1"}, since=LATE)
    assert list(refused(lambda: save(seat, unit, {him: "1/2"}, since=LATE, is_change=True))) == ["since"]
    assert list(refused(lambda: save(seat, unit, {him: "1/2"}, is_change=True))) == ["since"]
    earlier = date(2020, 1, 1)
    save(seat, unit, {him: "1"}, since=earlier)
    assert shares.shares_of_unit(seat, unit).since == earlier
    assert [view.share for view in on_day.who_was_there(seat, unit, earlier).owners] == ["1"]
    assert on_day.who_was_there(seat, unit, earlier - timedelta(1)).owners == ()


def test_who_owns_need_not_live_there(seat: Seat, unit: int, household: int, wife: int) -> None:
    him, her = (household, HOLDER), (household, wife)
    edit = households.household_for_edit(seat, household)
    households.save_household(seat, unit, replace(edit.fields, moved_in_on=date(2024, 9, 1)), household)
    save(seat, unit, {him: "1/2", her: "1/2"}, since=date(2024, 3, 1))
    found = on_day.who_was_there(seat, unit, LATE)
    assert [view.share for view in found.owners] == ["1/2", "1/2"]
    assert found.residents == ()
    # she leaves and keeps her half
    fields = people.person_for_edit(seat, household, wife).fields
    people.save_person(seat, household, replace(fields, until_on=date(2025, 1, 1)), wife)
    now = on_day.who_was_there(seat, unit, date(2025, 6, 1))
    assert [view.share for view in now.owners] == ["1/2", "1/2"]
    assert [row.share for row in shares.shares_of_unit(seat, unit).rows] == ["1/2", "1/2"]


def test_relatives_of_one_name_can_be_told_apart(seat: Seat, unit: int, household: int) -> None:
    for number, relation in (("310101198203150004", "sibling"), ("310101198403150000", "sibling")):
        people.save_person(seat, household, PersonFields("姚一", relation, id_number=number))
    names = [row.name for row in shares.shares_of_unit(seat, unit).rows]
    assert len(set(names)) == 3
    assert "1982" in names[1]
    assert "…0004" in names[1]


def test_two_owners_of_the_whole_in_the_past_are_refused_too(seat: Seat, unit: int, household: int) -> None:
    save(seat, unit, {(household, HOLDER): "1"})
    households.end_household(seat, household, LATE, "sold")
    buyer = households.save_household(seat, unit, HouseholdFields("钱二", moved_in_on=LATE)).id
    save(seat, unit, {(buyer, HOLDER): "1"}, since=LATE)
    edit = households.household_for_edit(seat, household)
    later = replace(edit.fields, moved_out_on=date(2025, 3, 1))
    told = refused(lambda: households.save_household(seat, unit, later, household, edit.version))
    assert list(told) == ["moved_out_on"]
    assert "2024-05-01" in told["moved_out_on"]


def test_two_current_owners_of_one_share_are_refused(seat: Seat, unit: int, household: int) -> None:
    save(seat, unit, {(household, HOLDER): "1"})
    buyer = HouseholdFields("钱二", moved_in_on=LATE)
    assert list(refused(lambda: households.save_household(seat, unit, buyer))) == ["role"]
    households.end_household(seat, household, LATE, "sold")
    households.save_household(seat, unit, buyer)
    assert [view.name for view in on_day.who_was_there(seat, unit, LATE).owners] == ["钱*"]
    assert [view.name for view in on_day.who_was_there(seat, unit, LATE - timedelta(1)).owners] == ["姚*"]
    # taken back, the seller would own it as well
    edit = households.household_for_edit(seat, household)
    back = replace(edit.fields, moved_out_on=None, ended_how="")
    assert list(refused(lambda: households.save_household(seat, unit, back, household, edit.version))) == [
        "role"
    ]


@pytest.mark.parametrize(
    ("on", "how", "wrong"),
    [
        (None, "sold", "moved_out_on"),
        (date(2031, 1, 1), "moved", "moved_out_on"),
        (date(2009, 12, 31), "moved", "moved_out_on"),
    ],
)
def test_an_end_before_the_beginning_is_refused(
    seat: Seat, unit: int, household: int, on: date | None, how: str, wrong: str
) -> None:
    edit = households.household_for_edit(seat, household)
    households.save_household(seat, unit, replace(edit.fields, moved_in_on=date(2010, 1, 1)), household)
    assert list(refused(lambda: households.end_household(seat, household, on, how))) == [wrong]
    assert shown(seat, unit).moved_out_on is None


def test_a_household_does_not_end_before_somebody_of_it_came(seat: Seat, unit: int, household: int) -> None:
    people.save_person(seat, household, PersonFields("姚小满", "child", from_on=date(2020, 1, 1)))
    for end in (date(2015, 1, 1), date(2019, 12, 31)):
        told = refused(lambda end=end: households.end_household(seat, household, end, "moved"))
        assert list(told) == ["moved_out_on"]
    assert shown(seat, unit).moved_out_on is None


def test_what_is_doubtful_of_a_holder_is_told(seat: Seat, unit: int, household: int) -> None:
    edit = households.household_for_edit(seat, household)
    saved = households.save_household(seat, unit, replace(edit.fields, head="钱二"), household, edit.version)
    assert len(saved.doubts) == 1
    detail = units.unit_detail(seat, unit)
    units.save_unit(seat, replace(detail.fields, tenure="direct-public"), unit, detail.version)
    saved = households.save_household(seat, unit, HouseholdFields("孙三", role="owner"))
    assert len(saved.doubts) == 1
    assert households.save_household(seat, unit, HouseholdFields("孙四", role="tenant")).doubts == ()


def test_a_renter_cannot_sell(seat: Seat, unit: int) -> None:
    renter = households.save_household(seat, unit, HouseholdFields("孙三", role="renter")).id
    assert list(refused(lambda: households.end_household(seat, renter, LATE, "sold"))) == ["ended_how"]
    households.end_household(seat, renter, LATE, "lease-ended")


def test_people_leave_with_their_household_and_come_back_with_it(
    seat: Seat, unit: int, household: int, wife: int
) -> None:
    gone = people.save_person(seat, household, PersonFields("王一", until_on=date(2020, 1, 1))).id
    households.end_household(seat, household, LATE, "moved")
    assert {view.until_on for view in shown(seat, unit).members} == {LATE, date(2020, 1, 1)}
    assert not any(view.is_current for view in shown(seat, unit).members)
    edit = households.household_for_edit(seat, household)
    back = replace(edit.fields, moved_out_on=None, ended_how="")
    households.save_household(seat, unit, back, household, edit.version)
    assert member(seat, unit, wife).until_on is None
    assert member(seat, unit, gone).until_on == date(2020, 1, 1)


def test_shares_that_a_roster_left_wrong_are_told_and_corrected_step_by_step(
    seat: Seat, unit: int, household: int
) -> None:
    save(seat, unit, {(household, HOLDER): "1"})
    with seat.store.use() as session:  # past the checks, as an import writes
        session.add(Household(unit_id=unit, estate_id=1, head="钱二", role="owner"))
        session.commit()
    assert "钱*" in units.unit_detail(seat, unit).shares_doubt
    other = max(one.id for one in units.unit_detail(seat, unit).households)
    edit = households.household_for_edit(seat, other)
    households.save_household(seat, unit, replace(edit.fields, remarks="新来的"), other, edit.version)
    save(seat, unit, {(household, HOLDER): "1/2", (other, HOLDER): "1/2"})
    assert units.unit_detail(seat, unit).shares_doubt == ""


def test_a_household_to_which_somebody_else_added_a_person_is_no_slip_any_more(
    seat: Seat, seat_as: Callable[[Role], Seat], unit: int
) -> None:
    clerk = replace(seat_as(Role.CLERK), now=lambda: datetime.now(UTC))
    new = households.save_household(clerk, unit, HouseholdFields("孙三", role="renter")).id
    people.save_person(seat, new, PersonFields("王一"))
    with pytest.raises(SecondNeeded):
        households.remove_household(clerk, new)


# --- passing on


def test_a_home_passes_on_and_the_family_stays(
    seat: Seat, unit: int, household: int, wife: int, alone: int
) -> None:
    child = people.save_person(
        seat, household, PersonFields("姚小满", "child", phones=("13700001111",), tags=(alone,))
    ).id
    people.save_person(seat, household, PersonFields("走了的", "child", until_on=date(2019, 1, 1)))
    give(seat, household, HOLDER, alone)
    succession.pass_on(seat, household, wife, LATE, "inherited", former_stays=False)
    new, old = units.unit_detail(seat, unit).households
    assert (new.head, new.role, new.moved_in_on, new.phones) == ("陆*", "owner", LATE, ("139****1111",))
    assert [(view.name, view.relation, view.from_on) for view in new.members[1:]] == [("姚*", "child", LATE)]
    assert [tag.id for tag in new.members[1].tags] == [alone]
    assert (old.moved_out_on, old.ended_how, len(old.members)) == (LATE, "inherited", 4)
    assert {view.until_on for view in old.members if view.id == child} == {LATE}
    assert [view.name for view in on_day.who_was_there(seat, unit, LATE).owners] == ["陆*"]
    assert [view.name for view in on_day.who_was_there(seat, unit, LATE - timedelta(1)).owners] == ["姚*"]


def test_the_former_holder_may_stay_and_other_relations_are_asked_anew(
    seat: Seat, unit: int, household: int, wife: int
) -> None:
    child = people.save_person(seat, household, PersonFields("姚小满", "child")).id
    succession.pass_on(seat, household, child, LATE, "inherited", former_stays=True)
    new = units.unit_detail(seat, unit).households[0]
    assert [(view.name, view.relation) for view in new.members[1:]] == [("陆*", ""), ("姚*", "")]


def test_nothing_passes_on_to_somebody_who_is_not_there(
    seat: Seat, unit: int, household: int, wife: int
) -> None:
    gone = people.save_person(seat, household, PersonFields("走了的", until_on=date(2019, 1, 1))).id
    for to, on in ((gone, LATE), (None, LATE), (999, LATE)):
        assert "to" in refused(
            lambda to=to, on=on: succession.pass_on(seat, household, to, on, "inherited", False)
        )
    assert "on" in refused(lambda: succession.pass_on(seat, household, wife, None, "inherited", False))
    assert len(units.unit_detail(seat, unit).households) == 1
