"""Rows without a room below a home: people who belong to it, or somebody whose room is missing."""

from collections.abc import Callable, Iterator, Sequence

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.kin import kin_reader, marks_heads, read_standing
from fuyuan_desk.roster.reading.levels import FIELDS, FILLED_DOWN
from fuyuan_desk.roster.reading.no_names import Said, said_by
from fuyuan_desk.roster.reading.rows import Problem

# what a list says once of each home, not of each person
_OF_HOME = frozenset(
    ("seq", "area", "inner_area", "people", "tenure", "use", "lease_no", "fund_first", "fund_balance")
)
_OF_PLACE = frozenset((*FILLED_DOWN, *FIELDS))
_LEAST, _ONE_OF = 2, 5


def about_blank_rooms(table: Table) -> list[Problem]:
    """Find out whether a table plainly has several rows for a home of which only the first has the room, and tell it.

    Where a column says what everybody is to the head, it need not be plain. One row without a room of many, or some at
    the end, may be of people of whom nobody knew where they live.
    """
    names = table.of("name")
    rooms = table.of("unit") or table.of("address")
    if not (names and rooms) or any(
        one.field == "relation" or marks_heads(one.title) for one in table.columns
    ):
        return []
    name, room = names[0].index, rooms[0].index
    blank = [number for number, row in enumerate(table.rows) if number and not _text(row, room)]
    blank = [number for number in blank if _is_somebody(_text(table.rows[number], name))]
    if len(blank) < _LEAST:
        return []
    has_own = _says_once(table, blank, room)
    if not has_own and any(
        _text(table.rows[number], index) for index in _indexes(table, _OF_PLACE) for number in blank
    ):
        return []  # 1号 again without its 部位, which is not known
    others = set(blank)
    runs = sum(number - 1 not in others for number in blank)
    if len(blank) * _ONE_OF < len(table.rows) and not (has_own and runs >= _LEAST):
        return []
    table.has_row_for_each_person = True
    message = _(
        "The room is blank here and in further rows below a home. They were read as being in the home above them. "
        "Check it."
    )
    row, letter = table.place_of(blank[0], rooms[0])
    return [Problem(table.sheet, row, letter, "", message, field=rooms[0].field)]


def _says_once(table: Table, blank: Sequence[int], room: int) -> bool:
    """Return whether a column about homes is filled in all rows with a room, and in none without."""
    placed = [row for row in table.rows if _text(row, room)]
    return any(
        all(_text(row, index) for row in placed)
        and not any(_text(table.rows[number], index) for number in blank)
        for index in _indexes(table, _OF_HOME)
    )


def _indexes(table: Table, fields: frozenset[str]) -> list[int]:
    return [column.index for column in table.columns if column.field in fields]


def _text(row: Sequence[Cell], index: int) -> str:
    return text_of(row[index]) if index < len(row) else ""


def _is_somebody(text: str) -> bool:
    return bool(text) and said_by(text) not in (Said.VACANT, Said.STATE)


def of_homes_above(
    table: Table, cells: Callable[[str], Sequence[Cell]], placed: Sequence[bool], changed: Sequence[bool]
) -> Iterator[int]:
    """Yield the rows without a room that are of the home above: by their number, relation or role, or by the table.

    `cells` returns those of a field; `placed` says of each row whether it has a room, `changed` whether its house is
    another one than that above.
    """
    blank = [number for number in range(1, len(placed)) if not placed[number] and not changed[number]]
    if blank and table.of("seq"):
        numbers = cells("seq")
        yield from (number for number in blank if not text_of(numbers[number]))
    if relation := next(iter(table.of("relation") if blank else ()), None):
        kin = list(map(kin_reader(relation.title), cells("relation")))
        yield from (number for number in blank if not (kin[number].is_head and kin[number].is_given))
    elif blank and table.of("role"):
        roles = cells("role")
        yield from (number for number in blank if read_standing(roles[number]).relation)
    if table.has_row_for_each_person:
        names = cells("name")
        yield from (number for number in blank if _is_somebody(text_of(names[number])))
