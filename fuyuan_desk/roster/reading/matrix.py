"""Room charts with a name in each cell, floors by doors: read as one table for each door; pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.address import floor_number
from fuyuan_desk.roster.reading.cells import Cell, is_blank, is_vacant, text_of
from fuyuan_desk.roster.reading.guess import are_people
from fuyuan_desk.roster.reading.headers import Column, column_letter
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.reading.titles import below_titles, title_lines

Rows = Sequence[Sequence[Cell]]

_FLOOR = re.compile(
    r"(?:第|地下|负|B|-)?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|底|顶|夹)(?:楼|层|F)?", re.IGNORECASE
)
_FLOORS_TITLE = re.compile(r".*(?:楼层|层|楼|房号|室号|门牌).*")
_DOOR = re.compile(r"(?:0?\d|1\d|[A-Ha-h]|[东南西北中甲乙丙丁]|[一二三四五六七八九])(?:室|号房?|户|座)?")
_ROOM = re.compile(r"[A-Za-z]?\d{3,4}[A-Za-z]?室?")
_ROOM_AND_NAME = re.compile(
    r"([A-Za-z]?\d{3,4}[A-Za-z]?)室?[\s:：、（(-]*([\u4e00-\u9fff·].*?)[）)]?", re.DOTALL
)
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,}")
_NUMERALS = {char: str(value) for value, char in enumerate("一二三四五六七八九", 1)}
_LEAST = 2
_LOOK = 200


class _Home(NamedTuple):
    """One cell of a chart: where it is (0-based), its room, and what it says."""

    row: int
    column: int
    room: str
    text: str


def find_charts(
    sheet: str, rows: Rows, mapped: Mapping[int, str] | None = None
) -> tuple[list[Table], list[Problem]]:
    """Return the tables of a sheet that is a chart of rooms, and what the clerk must know about it.

    Both are empty for any other sheet; a chart that has no names is told and gives no table.
    """
    tables: list[Table] = []
    problems: list[Problem] = []
    start, titles = 0, ""
    while (found := _next_chart(rows, start)) is not None:
        first, homes = found
        said = [text for home in homes if not is_blank(text := home.text) and not is_vacant(text)]
        names = [name[0] for text in said if (name := _NAME.search(text))]
        if len(names) * 2 < len(said) or not are_people(names) or not names:
            message = _(
                "This is a chart of rooms without names; it was skipped. Choose a list with the names."
            )
            problems.append(Problem(sheet, first + 1, "", "", message))
        else:
            message = _(
                "This was read as a chart of rooms, floors by doors, with a name in each cell; empty cells were "
                "skipped. Check the rooms of a few names."
            )
            problems.append(Problem(sheet, first + 1, "", "", message))
            titles = below_titles(title_lines(rows, first, start), titles)
            tables += _as_tables(sheet, first, homes, titles, mapped or {})
            problems += _about_others(sheet, rows, first, homes)
        start = max(home.row for home in homes) + 1
    return tables, problems


def _about_others(sheet: str, rows: Rows, first: int, homes: Sequence[_Home]) -> list[Problem]:
    """Return a problem for each cell between the homes of a chart that is none, nor a floor or a room."""
    read = {(home.row, home.column) for home in homes}
    message = _("This cell of the chart was not read. Enter what it says by hand.")
    return [
        Problem(sheet, number + 1, column_letter(column), text, message)
        for number in range(first + 1, max(home.row for home in homes) + 1)
        for column, cell in enumerate(rows[number])
        if (number, column) not in read and (text := text_of(cell))
        if not _FLOOR.fullmatch(text) and not _ROOM.fullmatch(text)
    ]


def _next_chart(rows: Rows, start: int) -> tuple[int, list[_Home]] | None:
    for number in range(start, min(len(rows), start + _LOOK)):
        for read in (_by_doors, _by_rooms, _by_cells):
            homes = list(read(rows, number))
            if len(homes) >= _LEAST and len({home.room for home in homes}) == len(homes):
                return number, homes
    return None


def _by_doors(rows: Rows, number: int) -> Iterator[_Home]:
    """Yield the homes below a row of doors, 楼层 | 01室 | 02室, each row led by its floor."""
    texts = list(map(text_of, rows[number]))
    filled = [column for column, text in enumerate(texts) if text]
    doors = {column: texts[column] for column in filled if _DOOR.fullmatch(texts[column])}
    before = [column for column in filled if column not in doors]
    lead = before[0] if before else min(doors, default=0) - 1
    if (
        len(doors) < _LEAST
        or len(set(doors.values())) < len(doors)
        or lead < 0
        or len(before) > 2
        or any(not _FLOORS_TITLE.fullmatch(texts[column]) for column in before)
    ):
        return
    for below in range(number + 1, len(rows)):
        row = list(map(text_of, rows[below]))
        floor = row[lead] if lead < len(row) else ""
        if not any(row):
            continue
        if not _FLOOR.fullmatch(floor):
            return
        for column, door in doors.items():
            if column < len(row) and row[column]:
                room, text = _room_and_text(row[column], _room(floor, door))
                yield _Home(below, column, room, text)


def _by_rooms(rows: Rows, number: int) -> Iterator[_Home]:
    """Yield the homes of rows of rooms, 601 | 602, with the names in the row below each."""
    below = number
    while below + 1 < len(rows):
        above, names = list(map(text_of, rows[below])), list(map(text_of, rows[below + 1]))
        rooms = {column: text for column, text in enumerate(above) if _ROOM.fullmatch(text)}
        others = [text for column, text in enumerate(above) if text and column not in rooms]
        if len(rooms) < _LEAST or len(others) > 1 or any(map(_ROOM.fullmatch, filter(None, names))):
            return
        for column, room in rooms.items():
            yield _Home(below + 1, column, room, names[column] if column < len(names) else "")
        below += 2


def _by_cells(rows: Rows, number: int) -> Iterator[_Home]:
    """Yield the homes of cells that name room and holder: 601 张三."""
    for below in range(number, len(rows)):
        row = list(map(text_of, rows[below]))
        found = {column: _ROOM_AND_NAME.fullmatch(text) for column, text in enumerate(row) if text}
        matches = {column: match for column, match in found.items() if match}
        if len(matches) < _LEAST or len(found) - len(matches) > 1:
            return
        for column, match in matches.items():
            yield _Home(below, column, match[1], _one_line(match[2]))


def _room_and_text(cell: str, room: str) -> tuple[str, str]:
    found = _ROOM_AND_NAME.fullmatch(cell)
    return (found[1], _one_line(found[2])) if found else (room, _one_line(cell))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _room(floor: str, door: str) -> str:
    bare = door.rstrip("室号房户座")
    bare = _NUMERALS.get(bare, bare).lstrip("0")
    number = floor_number(floor.upper())
    if number is None or number < 0:
        return f"{floor if floor[-1] in '楼层' else floor + '层'}{door}"
    if bare.isdigit():
        return f"{number}{bare.zfill(2)}"
    return f"{number}{bare}" if bare.isascii() else f"{number}楼{bare}"


def _as_tables(
    sheet: str, first: int, homes: Sequence[_Home], title: str, mapped: Mapping[int, str]
) -> list[Table]:
    # a table for each door, so that row and column of a home are those of its cell
    tables = []
    for column in dict.fromkeys(home.column for home in homes):
        of_door = [home for home in homes if home.column == column]
        columns = [
            Column(column, _("Name"), mapped.get(column, "name")),
            Column(column + 1, _("Room"), "unit"),
        ]
        cells: list[Sequence[Cell]] = [[*[""] * column, home.text, home.room] for home in of_door]
        tables.append(Table(sheet, (first,), columns, [home.row for home in of_door], cells, title=title))
    return tables
