"""The single-person office: who may declare it, what it allows, when it ends, and what trail and papers say."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import SecondNeeded, SecondRefused
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.service.entries import find_entries
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.office.service.operators import add_operator, set_operator
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.settings import change_settings, read_settings
from fuyuan_desk.office.service.single_person import (
    declare_single_person,
    end_single_person,
    read_single_person,
)
from tests.access.made import at, by, id_of, noted
from tests.access.test_independence import erase
from tests.conftest import CHEAP, PASSWORD, RECOVERY

DAY = timedelta(days=1)


@pytest.fixture
def alone(tmp_path: Path) -> Seat:
    """The administrator of an office with nobody else; by the clock of the trail."""
    settings = OfficeSettings("福元居民委员会", street="瑞金二路街道")
    return set_up_office(tmp_path / "alone", settings, "wang", "王芳", PASSWORD, RECOVERY, CHEAP)


@pytest.fixture(autouse=True)
def closed_after(alone: Seat) -> object:
    yield None
    alone.store.close()


def later(seat: Seat, days: float) -> Seat:
    return at(seat, datetime.now(UTC) + timedelta(days=days))


def add_reviewer(seat: Seat) -> None:
    add_operator(seat, "li", "李四", Role.REVIEWER, PASSWORD, CHEAP)


def test_who_is_alone_is_told_how_to_go_on(alone: Seat) -> None:
    with pytest.raises(SecondNeeded, match="Nobody may agree at present") as needed:
        erase(alone)
    assert "single-person office" in needed.value.nobody
    with pytest.raises(SecondNeeded):
        add_reviewer(alone)
    state = read_single_person(alone)
    assert (state.holds, state.is_alone, state.waiting) == (False, True, ())


def test_a_declared_office_goes_on_alone_and_the_trail_says_so(alone: Seat) -> None:
    declare_single_person(alone)
    declare_single_person(alone)  # once is enough
    assert noted(alone, "single_person") == [("wang", {"declared": True})]
    assert erase(alone) == ""
    assert noted(alone, "alone") == [("wang", {"act": "purge", "what": ""})]
    assert noted(alone, "confirm") == []
    use_language("zh_CN")
    [line] = find_entries(alone, TrailQuery(actions=("alone",)), 0, 5).rows
    assert line.action_name == "单人办公：无人复核"
    assert "清除个人信息" in line.summary


def test_whom_one_makes_alone_does_not_end_it_before_a_week(alone: Seat) -> None:
    declare_single_person(alone)
    add_reviewer(alone)
    with pytest.raises(SecondRefused, match="no third person agreed"):
        erase(by(alone, "li"))
    state = read_single_person(alone)
    assert state.holds
    assert [one.name for one in state.waiting] == ["李四"]
    assert erase(later(alone, 6)) == ""
    with pytest.raises(SecondNeeded) as needed:
        erase(later(alone, 8))
    assert needed.value.nobody == ""
    assert erase(by(later(alone, 8), "li")) == "li"
    assert not read_single_person(later(alone, 8)).is_alone
    with pytest.raises(Conflict, match="李四 can agree"):
        declare_single_person(later(alone, 8))


def test_it_does_not_return_by_itself_when_the_other_is_ended(alone: Seat) -> None:
    declare_single_person(alone)
    add_reviewer(alone)
    after = later(alone, 8)
    set_operator(after, id_of(alone, "li"), Role.REVIEWER, False)
    assert noted(alone, "single_person") == [("wang", {"declared": True}), ("wang", {"declared": False})]
    state = read_single_person(after)
    assert (state.holds, state.is_alone) == (False, True)
    with pytest.raises(SecondNeeded):
        erase(after)
    # who ended the one who could agree waits, or ending her would be a way around her
    with pytest.raises(Conflict, match="can be declared from"):
        declare_single_person(later(alone, 6))
    declare_single_person(after)
    assert erase(after) == ""


@pytest.mark.parametrize(
    "take",
    [
        lambda seat: set_operator(seat, id_of(seat, "reviewer"), Role.REVIEWER, False),
        lambda seat: set_operator(seat, id_of(seat, "reviewer"), Role.CLERK, True),
        lambda seat: set_operator(seat, id_of(seat, "reviewer"), Role.CLERK, False),
        # by another administrator, who then steps down
        lambda seat: set_operator(
            replace(seat, operator=replace(seat.operator, login="other")),
            id_of(seat, "reviewer"),
            Role.REVIEWER,
            False,
        ),
    ],
)
def test_taking_the_only_other_away_is_no_way_around_her(seat: Seat, take: Callable[[Seat], object]) -> None:
    with pytest.raises(Conflict, match="某reviewer can agree"):
        declare_single_person(seat)
    take(seat)
    with pytest.raises(Conflict, match="can be declared from"):
        declare_single_person(later(seat, 6))
    declare_single_person(later(seat, 8))


def test_ending_a_clerk_is_no_reason_to_wait(seat: Seat) -> None:
    set_operator(seat, id_of(seat, "reviewer"), Role.REVIEWER, False)
    set_operator(later(seat, 8), id_of(seat, "clerk"), Role.CLERK, False)
    declare_single_person(later(seat, 8))


def test_it_is_taken_back(alone: Seat) -> None:
    declare_single_person(alone)
    end_single_person(alone)
    end_single_person(alone)
    assert noted(alone, "single_person") == [("wang", {"declared": True}), ("wang", {"declared": False})]
    with pytest.raises(SecondNeeded):
        erase(alone)


def test_it_is_her_own_only(alone: Seat) -> None:
    declare_single_person(alone)
    add_operator(alone, "chen", "陈红", Role.CLERK, PASSWORD, CHEAP)
    clerk = Seat(alone.store, type(alone.operator)(id_of(alone, "chen"), "chen", "陈红", Role.CLERK))
    with pytest.raises(SecondNeeded) as needed:
        erase(clerk)
    assert needed.value.nobody == ""
    assert erase(by(clerk, "wang")) == "wang"


def test_papers_say_it_while_it_holds(alone: Seat) -> None:
    plain = read_settings(alone)
    assert plain.heading == "黄浦区瑞金二路街道福元居民委员会"
    declare_single_person(alone)
    declared = read_settings(alone)
    assert declared.heading == "黄浦区瑞金二路街道福元居民委员会（单人办公）"
    change_settings(alone, declared)  # nothing of it is stored as a setting
    add_reviewer(alone)
    assert read_settings(later(alone, 6)).is_single_person
    assert read_settings(later(alone, 8)) == plain
    end_single_person(alone)
    assert read_settings(alone) == plain
