"""Homes, households and people that may be recorded twice, on a real store: suspected, and told apart."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.estates.records import Household
from fuyuan_desk.estates.service import households, people, suspects
from fuyuan_desk.estates.service.suspects import HOUSEHOLDS, PEOPLE, UNITS
from fuyuan_desk.formats.names import ANONYMOUS
from fuyuan_desk.kit.merging.facts import PairState
from tests.conftest import NOW
from tests.estates.lane import Lane, pairs

TODAY = NOW.astimezone().date()
NUMBER = "31010119800101000X"


@pytest.fixture
def lane(seat: Seat) -> Lane:
    return Lane(seat)


def test_rooms_of_one_number_and_one_real_estate_unit_are_suspected(lane: Lane) -> None:
    first, second = lane.home("101室", real_estate_no="310101001001GB00001F00010001"), lane.home("101")
    third = lane.home("前楼", real_estate_no="310101001001GB00001F00010001")
    lane.home("102室")
    assert pairs(lane.seat) == [
        ((UNITS, first), (UNITS, second), "Same room number"),
        ((UNITS, first), (UNITS, third), "Same real-estate unit"),
    ]


def test_a_number_of_another_system_on_two_homes_is_suspected(lane: Lane) -> None:
    first = lane.home("前楼", other_ids=(("社区云 房屋ID", "77"),))
    second = lane.home("后楼", other_ids=(("社区云 房屋ID", "77"),))
    lane.home("亭子间", other_ids=(("物业", "77"),))
    assert pairs(lane.seat) == [((UNITS, first), (UNITS, second), "Same number in another system")]


def test_two_households_of_one_holder_are_suspected_while_both_are_there(lane: Lane) -> None:
    home, other = lane.home("101室"), lane.home("102室")
    first, second = lane.household(home, "蔡兰刚"), lane.household(home, "蔡兰刚")
    lane.household(other, "蔡兰刚")  # the owner of a second home
    assert pairs(lane.seat) == [((HOUSEHOLDS, first), (HOUSEHOLDS, second), "Same name")]
    households.end_household(lane.seat, first, date(2020, 1, 1), "moved")
    fields = replace(households.household_for_edit(lane.seat, second).fields, moved_in_on=date(2024, 1, 1))
    households.save_household(lane.seat, home, fields, second)
    assert pairs(lane.seat) == [], "who comes back after years is a household of its own"


def test_people_of_one_name_or_number_in_a_household_are_suspected(lane: Lane) -> None:
    household = lane.household(lane.home("101室"), "蔡兰刚", id_number=NUMBER)
    twin = lane.person(household, "蔡兰刚")
    wife, again = lane.person(household, "姚艳志"), lane.person(household, "姚艳志")
    lane.person(household, "蔡小明")
    assert pairs(lane.seat) == [
        ((HOUSEHOLDS, household), (PEOPLE, twin), "Same name"),
        ((PEOPLE, wife), (PEOPLE, again), "Same name"),
    ]


def test_a_person_of_one_number_in_two_homes_is_suspected_unless_she_lives_in_one_only(lane: Lane) -> None:
    first = lane.person(lane.household(lane.home("101室"), "蔡兰刚"), "姚艳志", id_number=NUMBER)
    there = lane.household(lane.home("102室"), "苏强平")
    second = lane.person(there, "姚艳志", id_number=NUMBER)
    assert pairs(lane.seat) == [((PEOPLE, first), (PEOPLE, second), "Same ID number")]
    fields = people.person_for_edit(lane.seat, there, second).fields
    people.save_person(lane.seat, there, replace(fields, lives_here=False), second)
    assert pairs(lane.seat) == []


def test_anonymised_holders_are_not_alike(lane: Lane) -> None:
    home = lane.home("101室")
    for _n in range(2):
        lane.household(home, "蔡兰刚")
    with lane.seat.store.use() as session:
        for row in session.scalars(select(Household)):
            row.head, row.anonymised_on = ANONYMOUS, TODAY
        session.commit()
    assert pairs(lane.seat) == []


def test_what_is_told_apart_is_listed_as_such_and_asked_again(lane: Lane) -> None:
    first, second = (UNITS, lane.home("101室")), (UNITS, lane.home("101"))
    suspects.tell_apart(lane.seat, second, first)
    suspects.tell_apart(lane.seat, first, second)
    assert (pairs(lane.seat), pairs(lane.seat, PairState.APART)) == ([], [(first, second, "")])
    suspects.suspect_again(lane.seat, second, first)
    assert [pair[:2] for pair in pairs(lane.seat)] == [(first, second)]
    with pytest.raises(NotFound):
        suspects.tell_apart(lane.seat, first, (UNITS, 99))


def test_names_are_masked_in_the_list(lane: Lane) -> None:
    household = lane.household(lane.home("101室"), "蔡兰刚")
    lane.person(household, "蔡兰刚")
    [pair] = suspects.list_pairs(lane.seat)
    assert (pair.kind, pair.first, pair.second) == (
        "Person", "蔡*  南昌路168弄4号101室", "蔡*  南昌路168弄4号101室",
    )  # fmt: skip
