"""Sets of states of which a room chart shows one, and those that estates themselves know; pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure, UnitUse, marked_label
from fuyuan_desk.estates.rules.people import TagLook
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Tone


@dataclass(frozen=True, slots=True)
class RoomState:
    """A state that a room can be in; `label` and `short`, which is written into cells, are marked with `N_`."""

    code: str
    label: str
    look: Look
    short: str = ""


class InState(NamedTuple):
    """The state of a room by its code; `detail` is told under the mouse, without any names."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class RoomStates:
    """A set of states of which each room is in one, or in none that is known.

    `key` remembers the choice, `title` (marked with `N_`) follows “Coloured by”; `states` are in the order of the
    legend, each with a pattern of its own. `read(seat, estate_id, building_id)` is a permitted service that returns
    the state of each room by the unit's id, leaving out those of which it is unknown; building_id is None for all.
    The chart is read again when one of `tables` changes. `unknown` names what is left out. `is_private`: the states
    say something sensitive of people (PIPL §28); the paper then says that it is not to be posted.
    """

    key: str
    title: str
    states: tuple[RoomState, ...]
    read: Callable[[Any, int, int | None], Mapping[int, InState]]
    tables: frozenset[str] = frozenset()
    unknown: str = N_("Not recorded")
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """What of a household decides the state of its unit."""

    role: str
    vacant: bool = False
    moved_out: bool = False


OWNER, TENANT, RENTER, OCCUPANT = (
    HoldingRole.OWNER.value,
    HoldingRole.TENANT.value,
    HoldingRole.RENTER.value,
    HoldingRole.OCCUPANT.value,
)
SUBTENANT = HoldingRole.SUBTENANT.value
VACANT, OTHER_USE, MOVED_OUT, LIVED_IN, PARTLY = "vacant", "other-use", "moved-out", "lived-in", "partly"
# of several households the one that matters to whoever rings the bell
_ROLES = (RENTER, SUBTENANT, OCCUPANT, TENANT, OWNER)
_VACANT = RoomState(VACANT, N_("Vacant"), Look(Tone.WARN, Pattern.CROSSED))
_MOVED_OUT = RoomState(MOVED_OUT, N_("Moved out"), Look(Tone.NEUTRAL, Pattern.FALLING))

HOLDER_STATES = (
    RoomState(OWNER, marked_label(HoldingRole.OWNER), Look(Tone.OK)),
    RoomState(TENANT, marked_label(HoldingRole.TENANT), Look(Tone.INFO, Pattern.LEVEL), N_("Public tenant")),
    RoomState(RENTER, marked_label(HoldingRole.RENTER), Look(Tone.ACCENT, Pattern.RISING)),
    RoomState(SUBTENANT, marked_label(HoldingRole.SUBTENANT), Look(Tone.ACCENT, Pattern.GRID)),
    RoomState(OCCUPANT, marked_label(HoldingRole.OCCUPANT), Look(Tone.INFO, Pattern.UPRIGHT)),
    _VACANT,
    RoomState(OTHER_USE, N_("Other use"), Look(Tone.NEUTRAL, Pattern.DOTS)),
    _MOVED_OUT,
)
VACANCY_STATES = (
    RoomState(LIVED_IN, N_("In use"), Look(Tone.OK)),
    RoomState(PARTLY, N_("Partly vacant"), Look(Tone.WARN, Pattern.DOTS)),
    _VACANT,
    _MOVED_OUT,
)
TENURE_STATES = (
    RoomState(Tenure.COMMODITY, marked_label(Tenure.COMMODITY), Look(Tone.OK), N_("Commodity")),
    RoomState(
        Tenure.SOLD_PUBLIC, marked_label(Tenure.SOLD_PUBLIC), Look(Tone.OK, Pattern.RISING), N_("Sold public")
    ),
    RoomState(
        Tenure.DIRECT_PUBLIC,
        marked_label(Tenure.DIRECT_PUBLIC),
        Look(Tone.INFO, Pattern.LEVEL),
        N_("Direct public"),
    ),
    RoomState(
        Tenure.UNIT_PUBLIC,
        marked_label(Tenure.UNIT_PUBLIC),
        Look(Tone.INFO, Pattern.UPRIGHT),
        N_("Work unit"),
    ),
    RoomState(Tenure.PRIVATE, marked_label(Tenure.PRIVATE), Look(Tone.ACCENT, Pattern.DOTS), N_("Private")),
)
USE_STATES = (
    RoomState(UnitUse.HOME, marked_label(UnitUse.HOME), Look(Tone.OK)),
    RoomState(UnitUse.OFFICE, marked_label(UnitUse.OFFICE), Look(Tone.INFO, Pattern.LEVEL), N_("Office use")),
    RoomState(UnitUse.SHOP, marked_label(UnitUse.SHOP), Look(Tone.ACCENT, Pattern.RISING)),
    RoomState(UnitUse.OTHER, marked_label(UnitUse.OTHER), Look(Tone.NEUTRAL, Pattern.DOTS)),
)


def holder_state(use: str, holdings: Sequence[Holding]) -> str:
    """Return who is in a unit, '' if no household is recorded that tells it."""
    current = [holding for holding in holdings if not holding.moved_out]
    if current and all(holding.vacant for holding in current):
        return VACANT
    if use != UnitUse.HOME:
        return OTHER_USE
    if holdings and not current:
        return MOVED_OUT
    roles = {holding.role for holding in current if not holding.vacant}
    return next((role for role in _ROLES if role in roles), "")


def vacancy_state(_use: str, holdings: Sequence[Holding]) -> str:
    """Return whether a unit is vacant, in whole or in part, '' if no household is recorded."""
    current = [holding.vacant for holding in holdings if not holding.moved_out]
    if not current:
        return MOVED_OUT if holdings else ""
    return VACANT if all(current) else PARTLY if any(current) else LIVED_IN


TAGS, NO_TAG = "tag", "none"
_TAG_TONES: dict[str, Tone] = {
    TagLook.GREY: Tone.NEUTRAL,
    TagLook.GREEN: Tone.OK,
    TagLook.AMBER: Tone.WARN,
    TagLook.RED: Tone.ERROR,
}
_TAG_PATTERNS = tuple(pattern for pattern in Pattern if pattern is not Pattern.PLAIN)


def tag_states(tags: Sequence[tuple[int, str, str]]) -> tuple[RoomState, ...]:
    """Return the states of tags given by id, name and look: the tag's colour, and patterns one after another."""
    return (
        *(
            RoomState(
                str(key),
                name,
                Look(_TAG_TONES.get(look, Tone.NEUTRAL), _TAG_PATTERNS[place % len(_TAG_PATTERNS)]),
            )
            for place, (key, name, look) in enumerate(tags)
        ),
        RoomState(NO_TAG, N_("No tag"), Look(Tone.NEUTRAL), " "),
    )
