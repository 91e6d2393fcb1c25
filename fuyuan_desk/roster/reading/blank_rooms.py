"""Rows without a room below a home: people who belong to it, or somebody whose room is missing; pure functions."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress

from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.kin import kin_reader, read_standing
from fuyuan_desk.roster.reading.levels import FIELDS, FILLED_DOWN
from fuyuan_desk.roster.reading.no_names import Said, said_by

Cells = Callable[[str], Sequence[Cell]]
# what a list says once of each home, not of each person
_OF_HOME = ("seq", "area", "inner_area", "people", "tenure", "use", "lease_no", "fund_first", "fund_balance")
_LEAST, _ONE_OF = 2, 5


def of_homes_above(
    table: Table, cells: Cells, placed: Sequence[bool], changed: Sequence[bool]
) -> tuple[set[int], list[int]]:
    """Return the rows without a room that are of the home above: by what they say, and by the whole list alone.

    `cells` returns those of a field; `placed` says of each row whether it has a room, `changed` whether its house is
    another one than that above.
    """
    blank = [number for number in range(1, len(placed)) if not placed[number] and not changed[number]]
    said = set(_said(table, cells, blank)) if blank else set()
    others = [number for number in blank if number not in said]
    if not others or table.of("relation") or not table.of("name"):
        return said, []
    names = cells("name")
    named = [number for number in others if _is_somebody(text_of(names[number]))]
    return said, named if _has_rows_for_each_person(table, cells, named, placed) else []


def _said(table: Table, cells: Cells, blank: Sequence[int]) -> Iterator[int]:
    """Yield the rows that have no running number of their own, or say a relation, or say none below a head."""
    if table.of("seq"):
        numbers = cells("seq")
        yield from (number for number in blank if not text_of(numbers[number]))
    if relation := next(iter(table.of("relation")), None):
        kin = list(map(kin_reader(relation.title), cells("relation")))
        yield from (number for number in blank if not (kin[number].is_head and kin[number].is_given))
    elif table.of("role"):
        roles = cells("role")
        yield from (number for number in blank if read_standing(roles[number]).relation)


def _has_rows_for_each_person(
    table: Table, cells: Cells, blank: Sequence[int], placed: Sequence[bool]
) -> bool:
    """Return whether a list plainly has several rows for a home of which the first has the room.

    One row without a room of many, or some at the end, may be of people of whom nobody knew where they live.
    """
    if len(blank) < _LEAST:
        return False
    known = {column.field for column in table.columns}
    of_home = [field for field in _OF_HOME if field in known and _is_once(cells(field), blank, placed)]
    places = [cells(field) for field in (*FILLED_DOWN, *FIELDS) if field in known]
    if not of_home and any(text_of(column[number]) for column in places for number in blank):
        return False  # 1号 again without its 部位, which is not known
    runs = sum(number - 1 not in blank for number in blank)
    return len(blank) * _ONE_OF >= len(blank) + sum(placed) or (bool(of_home) and runs >= _LEAST)


def _is_once(cells: Sequence[Cell], blank: Sequence[int], placed: Sequence[bool]) -> bool:
    return all(map(text_of, compress(cells, placed))) and not any(text_of(cells[number]) for number in blank)


def _is_somebody(text: str) -> bool:
    return bool(text) and said_by(text) not in (Said.VACANT, Said.STATE)
