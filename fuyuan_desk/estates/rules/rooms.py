"""The room chart: the state of each unit, and the grid of floors and rooms; pure functions."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from fuyuan_desk.estates.rules.floors import GROUND, LOFT, MEZZANINE, ROOF, Floor, floor_of, room_tail
from fuyuan_desk.estates.rules.housing import HoldingRole, UnitUse
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.formats.charts.data import Cell, Grid, Group, Row, State
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Tone

_FLOOR_PREFIX = re.compile(r"^(?:底|[一二三四五六七八九十]{1,3}|\d{1,3})[楼层](?=[^楼层阁].)")
_LEAST_UNKNOWN = 8  # rooms in a row of unknown floor, if no floor is wider


class RoomState(StrEnum):
    """Who holds a unit at present, as far as recorded."""

    OWNER = "owner"
    TENANT = "tenant"
    RENTER = "renter"
    OCCUPANT = "occupant"
    VACANT = "vacant"
    OTHER_USE = "other-use"
    MOVED_OUT = "moved-out"


LOOKS: Mapping[RoomState, Look] = {
    RoomState.OWNER: Look(Tone.OK),
    RoomState.TENANT: Look(Tone.INFO, Pattern.LEVEL),
    RoomState.RENTER: Look(Tone.ACCENT, Pattern.RISING),
    RoomState.OCCUPANT: Look(Tone.INFO, Pattern.UPRIGHT),
    RoomState.VACANT: Look(Tone.WARN, Pattern.CROSSED),
    RoomState.OTHER_USE: Look(Tone.NEUTRAL, Pattern.DOTS),
    RoomState.MOVED_OUT: Look(Tone.NEUTRAL, Pattern.FALLING),
}
# of several households the one that matters to whoever rings the bell
_ROLES = (
    (HoldingRole.RENTER, RoomState.RENTER),
    (HoldingRole.OCCUPANT, RoomState.OCCUPANT),
    (HoldingRole.TENANT, RoomState.TENANT),
    (HoldingRole.OWNER, RoomState.OWNER),
)


@dataclass(frozen=True, slots=True)
class Holding:
    """What of a household decides the state of its unit."""

    role: str
    vacant: bool = False
    moved_out: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A unit in a room chart; `state` is None if nobody is recorded."""

    id: int
    building: str
    entrance: str
    floor: str
    label: str
    state: RoomState | None


@dataclass(frozen=True)
class RoomWords:
    """The texts of a room chart in one language.

    `states` are a label and a short form for cells. `floor` names the floors, `unknown_floor` the row of the others.
    """

    states: Mapping[RoomState, tuple[str, str]]
    floor: Callable[[Floor], str]
    unknown_floor: str
    unknown_state: str
    empty: str


def room_state(use: str, holdings: Sequence[Holding]) -> RoomState | None:
    """Return the state of a unit, None if no household is recorded that tells it."""
    current = [holding for holding in holdings if not holding.moved_out]
    if current and all(holding.vacant for holding in current):
        return RoomState.VACANT
    if use != UnitUse.HOME:
        return RoomState.OTHER_USE
    if holdings and not current:
        return RoomState.MOVED_OUT
    roles = {holding.role for holding in current if not holding.vacant}
    return next((state for role, state in _ROLES if role in roles), None)


def floor_name(floor: Floor, words: Mapping[str, str]) -> str:
    """Return the name of a floor from words for `ground`, `mezzanine`, `loft`, `roof`, and with {n} the others.

    Those are `storey`, `basement` and `upper_mezzanine`.
    """
    named = {GROUND: "ground", MEZZANINE: "mezzanine", LOFT: "loft", ROOF: "roof"}.get(floor.height)
    if named is not None:
        return words[named]
    if floor.height < 0:
        return words["basement"].format(n=floor.storey)
    if floor.height % GROUND:
        return words["upper_mezzanine"].format(n=floor.storey + 1)
    return words["storey"].format(n=floor.storey)


def room_grid(title: str, rooms: Iterable[Room], words: RoomWords, counted: bool = True) -> Grid:
    """Return the grid of a room chart: floors from the top, a group of columns for each building and entrance.

    `rooms` are in natural order. Rooms whose numbers end alike stand above each other; parts without number, and
    rooms of unknown floor in the last rows, stand side by side. `counted`: whether the legend counts the rooms.
    """
    rooms = tuple(rooms)
    buildings = {room.building for room in rooms}
    blocks: list[_Block] = []
    groups: list[Group] = []
    for (building, entrance), members in groupby(rooms, lambda room: (room.building, room.entrance)):
        block = _block(tuple(members))
        blocks.append(block)
        label = building + entrance if len(buildings) > 1 or not entrance else entrance
        groups.append(Group(label, block.columns))
    if len(groups) == 1:
        groups = [Group("", groups[0].columns)]  # the title says which
    levels = sorted({level for block in blocks for level in block.rows}, key=_from_top)
    order = {state: number for number, state in enumerate(RoomState)}
    rows = tuple(
        Row(
            words.unknown_floor if level[0] is None else words.floor(level[0]),
            tuple(_cell(room, order, words) for block in blocks for room in block.row(level)),
        )
        for level in levels
    )
    counts = Counter(room.state for room in rooms) if counted else Counter()
    states = tuple(
        State(_counted(words.states[state][0], counts[state]), LOOKS[state], words.states[state][1])
        for state in RoomState
    )
    unknown = _counted(words.unknown_state, counts[None])
    return Grid(title, rows, tuple(groups), states, words.empty, unknown=unknown)


_Level = tuple[Floor | None, int]
"""A row: its floor, or None and the number of the row of unknown floor."""


def _from_top(level: _Level) -> tuple[bool, int, int]:
    floor, number = level
    return floor is None, -floor.height if floor is not None else 0, number


@dataclass(frozen=True)
class _Block:
    """The rooms of one building and entrance by row and column."""

    columns: int
    rows: Mapping[_Level, Mapping[int, Room]]

    def row(self, level: _Level) -> tuple[Room | None, ...]:
        """Return a row from left to right."""
        placed = self.rows.get(level, {})
        return tuple(placed.get(column) for column in range(self.columns))


def _columns(rooms: Sequence[Room]) -> dict[str, int]:
    """Return the column of each ending of a room number; a floor of 1A, 1B and one of 201, 202 both begin at 0."""
    tails = sorted({tail for room in rooms if (tail := room_tail(room.label))}, key=natural_key)
    kinds = ([tail for tail in tails if tail[0].isdigit()], [tail for tail in tails if not tail[0].isdigit()])
    return {tail: column for kind in kinds for column, tail in enumerate(kind)}


def _block(rooms: Sequence[Room]) -> _Block:
    columns = _columns(rooms)
    rows: dict[_Level, dict[int, Room]] = {}
    waiting: list[tuple[_Level, Room]] = []
    unknown: list[Room] = []
    for room in rooms:
        floor = floor_of(room.floor, room.label)
        tail = room_tail(room.label)
        if floor is None:
            unknown.append(room)
        elif tail and columns[tail] not in rows.get((floor, 0), {}):
            rows.setdefault((floor, 0), {})[columns[tail]] = room
        else:
            waiting.append(((floor, 0), room))
    for level, room in waiting:
        row = rows.setdefault(level, {})
        row[next(column for column in range(len(row) + 1) if column not in row)] = room
    widest = max((max(row) + 1 for row in rows.values()), default=0)
    for number, room in enumerate(unknown):
        row_number, column = divmod(number, max(widest, _LEAST_UNKNOWN))
        rows.setdefault((None, row_number), {})[column] = room
    return _Block(max(max(row) + 1 for row in rows.values()), rows)


def _cell(room: Room | None, order: Mapping[RoomState, int], words: RoomWords) -> Cell | None:
    if room is None:
        return None
    state = None if room.state is None else order[room.state]
    text = words.unknown_state if room.state is None else words.states[room.state][0]
    place = room.building + room.entrance + room.label
    # the row already says the floor
    short = _FLOOR_PREFIX.sub("", room.label).removesuffix("室")
    return Cell(room.id, short, state, f"{place}\n{text}")


def _counted(label: str, count: int) -> str:
    return f"{label} {count:,}" if count else label
