"""The room chart: the grid of floors and rooms, each in one of a set of states; pure functions."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.floors import GROUND, LOFT, MEZZANINE, ROOF, Floor, floor_of, room_tail
from fuyuan_desk.estates.rules.room_states import InState, RoomStates
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.formats.charts.data import Cell, Grid, Group, Row, State

_FLOOR_PREFIX = re.compile(r"^(?:底|[一二三四五六七八九十]{1,3}|\d{1,3})[楼层](?=[^楼层阁].)")
_LEAST_UNKNOWN = 8  # rooms in a row of unknown floor, if no floor is wider
_NOTHING = InState("")


@dataclass(frozen=True, slots=True)
class Room:
    """A unit in a room chart."""

    id: int
    building: str
    entrance: str
    floor: str
    label: str


@dataclass(frozen=True)
class RoomWords:
    """The texts of a room chart in one language: names of the floors, of the row of the others, and of no rooms."""

    floor: Callable[[Floor], str]
    unknown_floor: str
    empty: str


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


def room_grid(
    title: str, rooms: Iterable[Room], found: Mapping[int, InState], states: RoomStates, words: RoomWords
) -> Grid:
    """Return the grid of a room chart: floors from the top, a group of columns for each building and entrance.

    `rooms` are in natural order; `found` is the state of each by its id, left out if it is unknown. Rooms whose
    numbers end alike stand above each other; parts without number, and rooms of unknown floor in the last rows, stand
    side by side.
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
    cells = _Cells(found, states)
    rows = tuple(
        Row(
            words.unknown_floor if level[0] is None else words.floor(level[0]),
            tuple(cell for block in blocks for cell in cells.row(block.row(level))),
        )
        for level in levels
    )
    shown = tuple(State(_(one.label), one.look, _(one.short or one.label)) for one in states.states)
    return Grid(title, rows, tuple(groups), shown, words.empty, unknown=_(states.unknown))


def counts_of(grid: Grid) -> Counter[int | None]:
    """Count the cells of a grid by the number of their state, None for an unknown one."""
    return Counter(cell.state for row in grid.rows for cell in row.cells if cell is not None)


def with_counts(grid: Grid) -> Grid:
    """Return a grid whose legend counts its cells."""
    counts = counts_of(grid)
    states = tuple(
        replace(state, label=_counted(state.label, counts[number]))
        for number, state in enumerate(grid.states)
    )
    return replace(grid, states=states, unknown=_counted(grid.unknown, counts[None]))


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


def _short_labels(labels: Sequence[str]) -> Sequence[str]:
    """Leave out the floor, which the row says, where labels stay distinct: 前楼 and 二楼前楼 are two rooms."""
    short = [_FLOOR_PREFIX.sub("", label).removesuffix("室") for label in labels]
    counts = Counter(short)
    chosen = [one if counts[one] == 1 else label for one, label in zip(short, labels, strict=True)]
    return chosen if len(set(chosen)) == len(chosen) else labels


class _Cells:
    """Makes the cells of rooms in a set of states."""

    def __init__(self, found: Mapping[int, InState], states: RoomStates) -> None:
        self._found = found
        self._numbers = {one.code: number for number, one in enumerate(states.states)}
        self._labels = {one.code: _(one.label) for one in states.states}
        self._unknown = _(states.unknown)

    def row(self, rooms: Sequence[Room | None]) -> Iterator[Cell | None]:
        """Yield the cells of a row."""
        labels = iter(_short_labels([room.label for room in rooms if room is not None]))
        for room in rooms:
            yield None if room is None else self._cell(room, next(labels))

    def _cell(self, room: Room, label: str) -> Cell:
        """Return the cell of a room; a state that the set does not know is an unknown one."""
        state = self._found.get(room.id, _NOTHING)
        place = room.building + room.entrance + room.label
        text = self._labels.get(state.code, self._unknown)
        tip = f"{place}\n{text}\n{state.detail}" if state.detail else f"{place}\n{text}"
        return Cell(room.id, label, self._numbers.get(state.code), tip)


def _counted(label: str, count: int) -> str:
    return f"{label} {count:,}" if count else label
