"""The states that renovations add to the room chart of an estate; pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.room_states import InState, RoomState
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Tone
from fuyuan_desk.renovation.rules.course import CaseStatus, Outcome

BREACH, UNDER_WAY, REGISTERED, COMPLETED, NONE = "breach", "under-way", "registered", "completed", "none"
STATES = (
    RoomState(BREACH, N_("Breach open"), Look(Tone.ERROR, Pattern.CROSSED), N_("Breach")),
    RoomState(UNDER_WAY, N_("Renovation under way"), Look(Tone.WARN, Pattern.RISING), N_("Under way")),
    RoomState(REGISTERED, N_("Renovation registered"), Look(Tone.INFO, Pattern.LEVEL), N_("Registered")),
    RoomState(COMPLETED, N_("Lately completed"), Look(Tone.OK, Pattern.DOTS), N_("Completed")),
    RoomState(NONE, N_("No renovation"), Look(Tone.NEUTRAL), N_("None")),
)
"""The states, the one that matters most first."""
_ORDER = tuple(state.code for state in STATES)


@dataclass(frozen=True, slots=True)
class RoomCase:
    """What of a renovation decides the state of its home; `failures` are items not put right."""

    unit_id: int
    number: str
    status: CaseStatus
    starts_on: date
    ends_on: date
    closed_on: date | None = None
    outcome: str = ""
    failures: int = 0


def case_state(case: RoomCase, today: date, days_shown: int) -> InState | None:
    """Return the state that a renovation gives its home, None if it is over for more than `days_shown`."""
    if case.status is CaseStatus.CLOSED:
        is_lately = case.closed_on is not None and case.closed_on >= today - timedelta(days=days_shown)
        if case.outcome != Outcome.COMPLETED or not is_lately:
            return None
        return InState(COMPLETED, f"{case.number}  {case.closed_on}")
    period = _("{first} to {last}").format(first=case.starts_on, last=case.ends_on)
    if case.failures:
        return InState(BREACH, f"{case.number}  {period}")
    return InState(
        UNDER_WAY if case.status is CaseStatus.UNDER_WAY else REGISTERED, f"{case.number}  {period}"
    )


def home_states(
    units: Iterable[int], cases: Iterable[RoomCase], today: date, days_shown: int
) -> dict[int, InState]:
    """Return the state of each unit: of several renovations that of the one that matters most."""
    found = {unit: InState(NONE) for unit in units}
    for case in cases:
        state = case_state(case, today, days_shown)
        known = found.get(case.unit_id)
        if state is not None and known is not None and _ORDER.index(state.code) < _ORDER.index(known.code):
            found[case.unit_id] = state
    return found
