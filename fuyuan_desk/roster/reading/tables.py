"""Finding the tables of a roster in its sheets."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.packed import PackedList, Rows, long_list
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.answers import without_answers
from fuyuan_desk.roster.reading.by_cells import as_filled, without_categories
from fuyuan_desk.roster.reading.cards import find_cards
from fuyuan_desk.roster.reading.cells import Cell, listed, text_of
from fuyuan_desk.roster.reading.choosing import settle, side_by_side
from fuyuan_desk.roster.reading.guess import (
    guess_columns,
    looks_like_buildings,
)
from fuyuan_desk.roster.reading.header_words import SURE, match_word, normal_header
from fuyuan_desk.roster.reading.headers import (
    PLACE_FIELDS,
    Column,
    Header,
    Range,
    find_header,
    header_score,
)
from fuyuan_desk.roster.reading.household_rows import ROWS_PER_STEP, Table, collect_rows, marks
from fuyuan_desk.roster.reading.matrix import find_charts
from fuyuan_desk.roster.reading.money import of_fund
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.reading.strangers import with_strangers
from fuyuan_desk.roster.reading.titles import below_titles, title_lines

Mapped = Mapping[int, str]
_MOST_HEADERS = 3_000
_SHORT = 100
_HOLDS = ("name", "unit", "address")


class HeaderBudget:
    """Limits the header-like rows of a file, since each costs as much to check as a hundred others.

    Looking through the rows of a long file is told to `progress`, and cancelled by it.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self._left = _MOST_HEADERS
        self._progress = progress or Progress()

    def passed(self, number: int, size: int, sheet: str) -> None:
        """Tell that the row `number` of `size` was looked at; to be called every `ROWS_PER_STEP` rows."""
        self._progress.step(number, size, sheet)

    def spend(self) -> None:
        """Count one more; raise `InvalidInput` beyond the limit."""
        self._left -= 1
        if self._left < 0:
            raise InvalidInput(
                _(
                    "More than {n} rows name columns. Keep one such row above the households of each sheet, "
                    "save the file, and choose it again."
                ).format(n=_MOST_HEADERS)
            )


def find_tables(
    name: str,
    rows: Sequence[Sequence[Cell]],
    merged: Sequence[Range],
    mapped: Mapped | None,
    long: Set[int] = frozenset(),
    budget: HeaderBudget | None = None,
    file_name: str = "",
) -> list[Table]:
    """Return the tables of one sheet, below or beside each other; `mapped` sets fields by 0-based column.

    For a sheet without a header row, return one table with columns guessed by content, or none if it does not look
    like a roster. `long` are rows with very long cells, which are read shortened here. `budget` is that of the file, of
    which the name may say what money is for.
    """
    tables = _find_tables(name, _shortened(rows, long), merged, mapped, budget or HeaderBudget(), file_name)
    for table in tables if long else ():
        for index, number in enumerate(table.numbers):
            if number in long:
                table.rows[index] = rows[number]
                table.long.add(index)
    return tables


def find_other_layouts(
    name: str, rows: Sequence[Sequence[Cell]], merged: Sequence[Range], mapped: Mapped | None
) -> tuple[list[Table], list[Problem]]:
    """Return the tables of a sheet that is no list: forms of one household each, or a chart of rooms.

    Both results are empty for a list; the second is what the clerk must know.
    """
    tables, problems = find_cards(name, rows, mapped)
    if problems:
        return tables, problems
    filled, _joined = _fill_merged(rows, merged)
    header = find_header(filled, 0, merged)
    if header is None:
        return find_charts(name, filled, mapped)
    return [], [] if mapped else _about_parking(name, header)


def _about_parking(name: str, header: Header) -> list[Problem]:
    """Return what the clerk must know about a table of parking places, which says nobody's home; [] for others."""
    known = listed("parking")
    places = [column for column in header.columns if normal_header(column.title) in known]
    if not places or any(column.field in PLACE_FIELDS for column in header.columns):
        return []
    message = _(
        "This is a table of parking places, which names no homes; it was skipped. Choose a list with the rooms."
    )
    return [Problem(name, header.last + 1, places[0].letter, places[0].title, message)]


def has_header(rows: Sequence[Sequence[Cell]], merged: Sequence[Range]) -> bool:
    """Return whether a sheet names the columns of a roster, with or without rows below."""
    header = find_header(_fill_merged(rows, merged)[0], 0, merged)
    return header is not None and any(column.field in _HOLDS for column in header.columns)


def _shortened(rows: Sequence[Sequence[Cell]], long: Set[int]) -> Sequence[Sequence[Cell]]:
    if not long:
        return rows
    shortened = _copy(rows)
    for number in long:
        shortened[number] = [
            cell[:_SHORT] if isinstance(cell, str) and len(cell) > _SHORT else cell for cell in rows[number]
        ]
    return shortened


def _find_tables(
    name: str,
    rows: Sequence[Sequence[Cell]],
    merged: Sequence[Range],
    mapped: Mapped | None,
    budget: HeaderBudget,
    file_name: str,
) -> list[Table]:
    filled, joined = _fill_merged(rows, merged)
    header = find_header(filled, 0, merged)
    if header is None:
        table = _without_header(name, filled, mapped)
        if table is not None:
            collect_rows(table, filled, table.numbers.pop(), len(filled), joined, budget.passed)
        return [table] if table and table.rows else []
    tables: list[Table] = []
    titles = title_lines(filled, header.first)
    while header is not None:
        end, following = _next_header(name, filled, header, merged, budget)
        known = of_fund(header.columns, _texts_of(filled, header), f"{titles} {name}", file_name)
        beside = side_by_side(known)
        for columns in beside:
            alone = [column for column in columns if sum(column in others for others in beside) == 1]
            own = (
                title_lines(filled, header.first, between=(alone[0].index, alone[-1].index + 1))
                if len(beside) > 1
                else ""
            )
            table = Table(
                name,
                tuple(range(header.first, header.last + 1)),
                _choose(columns, filled[header.last + 1 : end], mapped),
                rows=long_list(len(filled)),
                title="\n".join(filter(None, (own, titles))),
            )
            _judge_by_content(table, filled[header.last + 1 : end], is_chosen=bool(mapped))
            if not any(column.field in _HOLDS for column in table.columns):
                continue  # a summary of homes per building
            collect_rows(table, filled, header.last + 1, end, joined, budget.passed)
            if table.rows:
                tables.append(table)
        if following is not None:
            titles = below_titles(title_lines(filled, following.first, header.last + 1), titles)
        header = following
    return tables


def _texts_of(rows: Sequence[Sequence[Cell]], header: Header) -> str:
    return " ".join(text_of(cell) for row in rows[header.first : header.last + 1] for cell in row)


def _choose(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], mapped: Mapped | None) -> list[Column]:
    known = without_answers(without_categories(columns, rows), rows)
    settled = settle(with_strangers(known, rows))
    if not mapped:
        return settled
    return [
        replace(column, field=mapped.get(column.index, column.field), guessed=False) for column in settled
    ]


def _fill_merged(
    rows: Sequence[Sequence[Cell]], merged: Sequence[Range]
) -> tuple[Rows[Sequence[Cell]], Mapping[int, set[int]]]:
    # vertically merged cells: copy the value to each row; return the filled columns by row
    filled = _copy(rows)
    where: dict[int, set[int]] = {}
    for (top, left), (bottom, right) in merged:
        if bottom <= top or right > left + 1 or top >= len(filled) or left >= len(filled[top]):
            continue
        value = filled[top][left]
        for number in range(top + 1, min(bottom + 1, len(filled))):
            if not filled[number]:
                continue
            row = list(filled[number])
            row += [""] * (left + 1 - len(row))
            row[left] = value
            filled[number] = row
            where.setdefault(number, set()).add(left)
    return filled, where


def _copy(rows: Sequence[Sequence[Cell]]) -> Rows[Sequence[Cell]]:
    return rows.copy() if isinstance(rows, PackedList) else list(rows)


def _without_header(name: str, rows: Sequence[Sequence[Cell]], mapped: Mapped | None) -> Table | None:
    start = next((number for number, row in enumerate(rows) if sum(cell != "" for cell in row) >= 2), None)
    if start is None:
        return None
    width = max(len(row) for row in rows[start : start + 200])
    columns = [Column(index, "", "") for index in range(width)]
    columns = guess_columns(columns, rows[start:])
    if mapped:
        columns = [Column(index, "", mapped.get(index, column.field)) for index, column in enumerate(columns)]
    fields = {column.field for column in columns}
    if "name" not in fields or not fields & PLACE_FIELDS:
        return None
    return Table(
        name, (), columns, numbers=[start], rows=long_list(len(rows)), title=title_lines(rows, start)
    )


def _judge_by_content(table: Table, rows: Sequence[Sequence[Cell]], is_chosen: bool) -> None:
    # names and places are guessed by content only if no header names them, numbers unless the clerk chose the fields
    if not is_chosen:
        table.columns = _with_buildings(table, rows)
        table.columns = [as_filled(column, table, rows) for column in table.columns]
    fields = {column.field for column in table.columns}
    missing = set()
    if "name" not in fields:
        missing.add("name")
    if not fields & {"unit", "address"}:
        missing |= {"unit", "address"}
    if missing:
        width = max((len(row) for row in rows[:200]), default=0)
        known = {column.index for column in table.columns}
        more = [Column(index, "", "") for index in range(width) if index not in known]
        beside = len(side_by_side(table.columns)) == 1 and len(known) == len(range(max(known, default=0) + 1))
        table.columns = guess_columns(table.columns + (more if beside else []), rows, missing)
    if not is_chosen:  # else they would be added to the remarks, which are not masked
        table.columns = guess_columns(table.columns, rows, {"id", "phone"} - fields)


def _with_buildings(table: Table, rows: Sequence[Sequence[Cell]]) -> list[Column]:
    """Return the columns with that of 楼阁 or 部位 for the buildings if it has them and another one the rooms."""
    units = table.of("unit")
    if table.of("building") or not units:
        return table.columns
    first = units[0]
    other = next(
        (
            column
            for column in table.columns
            if not column.field and match_word(column.title) == ("unit", SURE)
        ),
        None,
    )
    if other is None or not looks_like_buildings(row[first.index : first.index + 1] for row in rows):
        return table.columns
    fields = {first.index: "building", other.index: "unit"}
    return [replace(column, field=fields.get(column.index, column.field)) for column in table.columns]


def _next_header(
    name: str, rows: Sequence[Sequence[Cell]], header: Header, merged: Sequence[Range], budget: HeaderBudget
) -> tuple[int, Header | None]:
    """Return the table's end (exclusive), and the header of the next table below, if its columns differ."""
    own = [normal_header(column.title) for column in header.columns if column.title]
    known = marks(header.columns)
    for number in range(header.last + 1, len(rows)):
        row = rows[number]
        if not number % ROWS_PER_STEP:
            budget.passed(number, len(rows), name)
        if known.isdisjoint(row) or header_score(row) < 2:
            continue
        budget.spend()
        following = find_header(rows, number, merged)
        if following is None or following.first > number + 1:
            continue
        names = [normal_header(column.title) for column in following.columns if column.title]
        if names != own:
            return number, following
    return len(rows), None
