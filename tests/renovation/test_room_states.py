"""What renovations add to the room chart of an estate."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.service.estates import list_estates
from fuyuan_desk.estates.service.rooms import list_rooms
from fuyuan_desk.renovation.rules.course import CaseStatus, Outcome
from fuyuan_desk.renovation.rules.room_states import STATES, RoomCase, case_state, home_states
from fuyuan_desk.renovation.service.queries import list_cases
from fuyuan_desk.renovation.service.room_states import renovations_of_rooms

TODAY = date(2026, 3, 2)
STATUSES = st.sampled_from(CaseStatus)


def case(
    status: CaseStatus, unit: int = 1, closed_days_ago: int = 0, outcome: str = "", failures: int = 0
) -> RoomCase:
    closed = TODAY - timedelta(days=closed_days_ago) if status is CaseStatus.CLOSED else None
    return RoomCase(unit, "ZX-1", status, TODAY, TODAY, closed, outcome, failures)


@pytest.mark.parametrize(
    ("given_case", "state"),
    [
        (case(CaseStatus.REGISTERED), "registered"),
        (case(CaseStatus.UNDER_WAY), "under-way"),
        (case(CaseStatus.UNDER_WAY, failures=1), "breach"),
        (case(CaseStatus.REGISTERED, failures=2), "breach"),
        (case(CaseStatus.CLOSED, closed_days_ago=90, outcome=Outcome.COMPLETED), "completed"),
        (case(CaseStatus.CLOSED, closed_days_ago=91, outcome=Outcome.COMPLETED), None),
        (case(CaseStatus.CLOSED, closed_days_ago=1, outcome=Outcome.WITHDRAWN), None),
        (case(CaseStatus.CLOSED, closed_days_ago=1, outcome=Outcome.COMPLETED, failures=3), "completed"),
    ],
)
def test_the_state_of_a_renovation(given_case: RoomCase, state: str | None) -> None:
    found = case_state(given_case, TODAY, 90)
    assert (None if found is None else found.code) == state


def test_every_state_has_its_own_pattern() -> None:
    assert len({state.look.pattern for state in STATES}) == len(STATES)


@given(st.lists(st.tuples(st.integers(1, 4), STATUSES, st.integers(0, 2)), max_size=12))
def test_every_home_has_the_state_that_matters_most(drawn: list[tuple[int, CaseStatus, int]]) -> None:
    cases = [case(status, unit, 1, Outcome.COMPLETED, failures) for unit, status, failures in drawn]
    found = home_states([1, 2, 3], cases, TODAY, 90)
    assert set(found) == {1, 2, 3}
    for unit, state in found.items():
        codes = {made.code for one in cases if one.unit_id == unit if (made := case_state(one, TODAY, 90))}
        assert state.code == next((one.code for one in STATES if one.code in codes), "none")


def test_the_sample_shows_its_renovations_and_no_names(sample_seat: Seat) -> None:
    cases = list_cases(sample_seat).rows
    found = {}
    for estate in list_estates(sample_seat).rows:
        states = renovations_of_rooms(sample_seat, estate.id)
        assert set(states) == {room.id for room in list_rooms(sample_seat, estate.id).rooms}
        found |= {unit: state for unit, state in states.items() if state.code != "none"}
    assert found
    numbers = {state.detail.split("  ")[0] for state in found.values()}
    assert numbers <= {line.fields.number for line in cases}
