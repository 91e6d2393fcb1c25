"""What an independent trial of merging found: nothing is filled in that ends something, nothing is torn or lost."""

from dataclasses import replace
from datetime import date

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service import calls
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.estates.facts.houses import UnitFields
from fuyuan_desk.estates.facts.people import HOLDER, TagFields
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.service import (
    buildings,
    estates,
    households,
    merging,
    people,
    shares,
    suspects,
    tags,
    units,
)
from fuyuan_desk.estates.service.merging import ANOTHER, HOLDER_IS, THE_SAME
from fuyuan_desk.estates.service.suspects import HOUSEHOLDS, PEOPLE, UNITS
from fuyuan_desk.shell.jobs import all_records
from fuyuan_desk.today import service as today
from tests.conftest import NOW
from tests.estates.lane import Lane
from tests.estates.test_merging import contradictions, everything, merge, merge_id, parts_of

TODAY = NOW.astimezone().date()
NUMBER, OTHER_NUMBER = "31010119800101000X", "310101195001010000"


@pytest.fixture
def lane(seat: Seat) -> Lane:
    return Lane(seat)


@pytest.fixture
def home(lane: Lane) -> int:
    return lane.home("101室")


def test_an_end_is_never_filled_in_by_itself(lane: Lane, home: int) -> None:
    first = lane.household(home, "蔡兰刚")
    second = lane.household(
        home, "蔡兰刚", role="renter", moved_out_on=date(2020, 1, 1), ended_how="lease-ended"
    )
    found = merging.compare(lane.seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second))
    days = next(choice for choice in found.choices if choice.name == "moved_in_on")
    assert (days.takes_second, days.only_if) == (False, (HOLDER_IS, THE_SAME))
    assert "still there" in days.first
    assert "2020-01-01" in days.second
    merging.merge(lane.seat, found.stamp, [], {HOLDER_IS: THE_SAME})
    assert households.household_for_edit(lane.seat, first).fields.moved_out_on is None


def test_days_of_a_person_are_chosen_together(lane: Lane, home: int) -> None:
    household = lane.household(home, "蔡兰刚")
    first = lane.person(household, "姚艳志", from_on=date(2010, 1, 1), until_on=date(2015, 1, 1))
    second = lane.person(household, "姚艳志", from_on=date(2018, 1, 1))
    merge(lane.seat, (PEOPLE, first), (PEOPLE, second), "from_on")
    fields = parts_of(lane.seat, household, first)
    assert (fields.from_on, fields.until_on) == (date(2018, 1, 1), None)


def test_what_was_added_to_a_moved_person_goes_back_with_her(lane: Lane, home: int) -> None:
    seat = lane.seat
    first, second = lane.household(home, "蔡兰刚"), lane.household(home, "蔡兰刚")
    wife = lane.person(second, "姚艳志")
    merge(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=THE_SAME)
    fields = parts_of(seat, first, wife)
    people.save_person(seat, first, replace(fields, phones=("13812345678",), papers=("E12345678",)), wife)
    calls.save_call(seat, CallFields(TODAY, staff="王主任", resident=Called(home, first, wife).key))
    merging.split(seat, merge_id(seat))
    fields = parts_of(seat, second, wife)
    assert (fields.phones, fields.papers) == (("13812345678",), ("E12345678",))
    [call] = calls.find_calls(seat).rows
    assert Called.of(call.fields.resident) == Called(home, second, wife)
    assert contradictions(seat) == []


def test_a_split_keeps_homes_in_the_estate_of_their_building(lane: Lane) -> None:
    seat, other = lane.seat, Lane(lane.seat, "富南大厦")
    kept, gone = lane.home("101室"), lane.home("101")
    held = lane.household(gone, "蔡兰刚")
    merge(seat, (UNITS, kept), (UNITS, gone))
    units.save_unit(seat, UnitFields(other.building, label="101室"), kept)
    estates.save_estate(
        seat, replace(estates.estate_detail(seat, lane.estate).fields, name="新名称"), lane.estate
    )
    merging.split(seat, merge_id(seat))
    with seat.store.use() as session:
        assert session.get_one(Household, held).estate_id == lane.estate
        session.rollback()
    assert [hit.record_id for hit in today.search(seat, all_records(), "蔡兰刚") if hit.kind == "unit"] == [
        gone
    ]


def test_a_form_that_was_open_before_does_not_overwrite_what_came_back(lane: Lane) -> None:
    seat = lane.seat
    kept, gone = lane.home("101室"), lane.home("101")
    old = units.unit_detail(seat, gone).version
    units.save_unit(seat, UnitFields(lane.building, label="101", area=5_000), gone, old)
    merge(seat, (UNITS, kept), (UNITS, gone), "area")
    merging.split(seat, merge_id(seat))
    with pytest.raises(Conflict):
        units.save_unit(seat, UnitFields(lane.building, label="101", area=1), gone, old)


def test_two_numbers_in_one_system_are_asked(lane: Lane) -> None:
    kept = lane.home("101室", other_ids=(("社区云 房屋ID", "111"),))
    gone = lane.home("101", other_ids=(("社区云 房屋ID", "222"), ("物业", "5")))
    found = merging.compare(lane.seat, (UNITS, kept), (UNITS, gone))
    assert ("社区云 房屋ID", "111", "222") in found.rows
    [choice] = [choice for choice in found.choices if choice.label == "社区云 房屋ID"]
    merging.merge(lane.seat, found.stamp, [choice.name])
    assert dict(units.unit_detail(lane.seat, kept).fields.other_ids) == {"社区云 房屋ID": "222", "物业": "5"}


def test_what_is_another_persons_does_not_become_the_first_holders(lane: Lane, home: int) -> None:
    seat = lane.seat
    first = lane.household(home, "蔡兰刚")
    second = lane.household(
        home, "姚艳志", role="renter", people=2, contact="姐姐 13900001111", lease_from=date(2025, 1, 1)
    )
    merge(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=ANOTHER)
    edit = households.household_for_edit(seat, first).fields
    assert (edit.contact, edit.people, edit.lease_from, edit.role) == ("", None, None, "owner")
    [person] = units.unit_detail(seat, home).households[0].members[1:]
    remarks = parts_of(seat, first, person.id).remarks
    for told in ("姐姐 13900001111", "2025-01-01", "2"):
        assert told in remarks, told


def test_father_and_son_of_one_name_are_two(lane: Lane, home: int) -> None:
    first = lane.household(home, "蔡兰刚", id_number=OTHER_NUMBER)
    second = lane.household(home, "蔡兰刚", id_number=NUMBER)
    lane.person(first, "蔡兰刚", id_number=NUMBER)
    found = merging.compare(lane.seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second))
    assert found.questions[0].usual == ANOTHER
    assert suspects.list_pairs(lane.seat) == ()


def test_a_company_is_not_a_person(lane: Lane, home: int) -> None:
    first = lane.household(home, "福元物业有限公司", is_company=True)
    second = lane.household(home, "王五")
    with pytest.raises(Conflict, match="company"):
        merging.compare(lane.seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second))


def test_kind_and_number_of_a_document_are_one_choice(lane: Lane, home: int) -> None:
    household = lane.household(home, "蔡兰刚")
    first = lane.person(household, "姚艳志", id_number=NUMBER)
    second = lane.person(household, "姚艳志", id_number="E12345678")
    merge(lane.seat, (PEOPLE, first), (PEOPLE, second), "id_kind")
    fields = parts_of(lane.seat, household, first)
    assert (fields.id_kind, fields.id_number, fields.papers) == ("passport", "E12345678", (NUMBER,))


def test_two_who_vote_for_one_home_are_refused(lane: Lane, home: int) -> None:
    seat = lane.seat
    other = lane.home("101")
    first, second = lane.household(home, "蔡兰刚"), lane.household(other, "姚艳志")
    shares.save_shares(seat, home, {(first, HOLDER): "1/2"}, (first, HOLDER))
    shares.save_shares(seat, other, {(second, HOLDER): "1/2"}, (second, HOLDER))
    found = merging.compare(seat, (UNITS, home), (UNITS, other))
    assert "vote" in merging.merge(seat, found.stamp).doubts[0]


def test_homes_whose_owner_is_recorded_in_both_become_one_step_by_step(lane: Lane, home: int) -> None:
    seat = lane.seat
    other = lane.home("0101")
    first, second = lane.household(home, "蔡兰刚"), lane.household(other, "蔡兰刚")
    shares.save_shares(seat, home, {(first, HOLDER): "1"}, None)
    before = everything(seat)
    found = merging.compare(seat, (UNITS, home), (UNITS, other))
    assert merging.merge(seat, found.stamp).doubts, "he holds it twice for a moment, and this is told"
    of_homes = merge_id(seat)
    merge(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=THE_SAME)
    assert units.unit_detail(seat, home).shares_doubt == ""
    merging.split(seat, merge_id(seat))
    merging.split(seat, of_homes)
    assert everything(seat) == before


def test_shares_that_are_wrong_already_prevent_no_merge_of_others(lane: Lane, home: int) -> None:
    seat = lane.seat
    other = lane.home("0101")
    first, second = lane.household(home, "蔡兰刚"), lane.household(other, "姚艳志")
    shares.save_shares(seat, home, {(first, HOLDER): "1"}, None)
    merge(seat, (UNITS, home), (UNITS, other))
    assert units.unit_detail(seat, home).shares_doubt
    one, again = lane.person(second, "苏强平"), lane.person(second, "苏强平")
    merge(seat, (PEOPLE, one), (PEOPLE, again))
    assert len(units.unit_detail(seat, home).households[1].members) == 2


def test_an_own_slip_does_not_carry_away_what_was_merged_into_it(lane: Lane, home: int) -> None:
    seat = lane.seat
    household = lane.household(home, "蔡兰刚")
    old = lane.person(household, "姚艳志", phones=("13812345678",))
    new = lane.person(household, "姚艳志")
    merge(seat, (PEOPLE, new), (PEOPLE, old))
    with pytest.raises(SecondNeeded):
        people.remove_person(seat, household, new)
    twin = lane.household(home, "蔡兰刚")
    merge(seat, (HOUSEHOLDS, twin), (HOUSEHOLDS, household), holder_is=THE_SAME)
    with pytest.raises(SecondNeeded):
        households.remove_household(seat, twin)


def test_a_split_whose_places_are_gone_is_refused_in_words(lane: Lane) -> None:
    seat = lane.seat
    building = buildings.save_building(
        seat, replace(buildings.read_building(seat, lane.building).fields, label="4幢")
    ).id
    kept, gone = lane.home("101室"), units.save_unit(seat, UnitFields(building, label="101室")).id
    household = lane.household(gone, "蔡兰刚")
    tag = tags.save_tag(seat, TagFields("独居老人"))
    people.save_person(seat, household, replace(parts_of(seat, household), tags=(tag.id,)), HOLDER)
    merge(seat, (UNITS, kept), (UNITS, gone))
    buildings.remove_building(seat, building)
    with pytest.raises(Conflict, match="1 building"):
        merging.split(seat, merge_id(seat))


def test_a_person_made_by_a_merge_who_was_called_on_stays(lane: Lane, home: int) -> None:
    seat = lane.seat
    first, second = lane.household(home, "蔡兰刚"), lane.household(home, "姚艳志")
    merge(seat, (HOUSEHOLDS, first), (HOUSEHOLDS, second), holder_is=ANOTHER)
    [person] = units.unit_detail(seat, home).households[0].members[1:]
    calls.save_call(seat, CallFields(TODAY, staff="王主任", resident=Called(home, first, person.id).key))
    with pytest.raises(Conflict, match="1 call"):
        merging.split(seat, merge_id(seat))


def test_two_merges_into_one_are_split_from_the_last(lane: Lane, home: int) -> None:
    seat = lane.seat
    household = lane.household(home, "蔡兰刚")
    first = lane.person(household, "姚艳志")
    second = lane.person(household, "姚艳志", remarks="甲")
    third = lane.person(household, "姚艳志", remarks="乙")
    merge(seat, (PEOPLE, first), (PEOPLE, second))
    early = merge_id(seat)
    merge(seat, (PEOPLE, first), (PEOPLE, third))
    with pytest.raises(Conflict, match="later"):
        merging.split(seat, early)


def test_a_roster_home_that_was_changed_and_came_back_is_not_untouched(lane: Lane) -> None:
    kept, gone = lane.home("101室"), lane.home("101")
    merge(lane.seat, (UNITS, kept), (UNITS, gone))
    merging.split(lane.seat, merge_id(lane.seat))
    assert units.unit_detail(lane.seat, gone).version > 1


@pytest.mark.parametrize("spelt", ["1单元101", "101"])
def test_a_home_of_a_building_spelt_otherwise_is_suspected(lane: Lane, spelt: str) -> None:
    seat = lane.seat
    fields = buildings.read_building(seat, lane.building).fields
    other = buildings.save_building(seat, replace(fields, label="4号楼")).id
    entrance = "1单元" if "单元" in spelt else ""
    units.save_unit(seat, UnitFields(lane.building, entrance, label="101室"))
    units.save_unit(seat, UnitFields(other, label=spelt))
    assert [pair.why for pair in suspects.list_pairs(seat)] == ["Same room number"]
