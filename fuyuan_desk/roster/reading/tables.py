"""Finding the tables of a roster in its sheets."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.packed import PackedList, Rows, long_list
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.address import parse_address
from fuyuan_desk.roster.reading.answers import without_answers
from fuyuan_desk.roster.reading.cards import find_cards
from fuyuan_desk.roster.reading.cells import Cell, canonical_unit, listed, text_of, words_of
from fuyuan_desk.roster.reading.choosing import is_landlord, is_second_choice, settle, side_by_side
from fuyuan_desk.roster.reading.guess import (
    are_numbers,
    guess_columns,
    is_borne_out,
    looks_like_buildings,
    looks_like_rooms,
)
from fuyuan_desk.roster.reading.header_words import SURE, match_word, normal_header
from fuyuan_desk.roster.reading.headers import (
    OTHER_HOLDER,
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
from fuyuan_desk.roster.reading.places import is_within, zone_of, zone_suffix
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.reading.strangers import with_strangers
from fuyuan_desk.roster.reading.titles import below_titles, title_lines

Mapped = Mapping[int, str]
_MOST_HEADERS = 3_000
_SHORT = 100
_SAMPLE = 200
_LIVING = re.compile("现|居住|实际")
_PART = "部位"
_HOLDS = ("name", "unit", "address")
_NUMBERS_FAMILIES = "户号"


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
    settled = settle(with_strangers(without_answers(columns, rows), rows))
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
        table.columns = [_as_filled(column, table, rows) for column in table.columns]
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


def _as_filled(column: Column, table: Table, rows: Sequence[Sequence[Cell]]) -> Column:
    """Return a column with the field of its cells rather than its title: rooms below 单元名称, codes below 编号."""
    cells = [row[column.index : column.index + 1] for row in rows[:_SAMPLE]]
    if (
        column.field == "entrance"
        and not table.of("unit")
        and not table.of("address")
        and looks_like_rooms(cells)
    ):
        return replace(column, field="unit", guessed=not is_borne_out(column.title, "unit"))
    if (
        column.field == "address"
        and table.of("building")
        and table.of("unit")
        and _is_elsewhere(column, table, rows)
    ):
        return replace(column, field="")  # 现居住地 of those who moved away
    if (
        column.field == "unit"
        and is_second_choice(column)
        and (_name_rooms(table, "address", rows) or _stand_for_places(table, rows))
    ):
        return replace(column, field="")  # 户号 beside whole addresses numbers the households
    if column.field == "unit" and _NUMBERS_FAMILIES in column.title and not _has_places_beside(column, table):
        # it may number the families or the rooms
        return replace(column, guessed=True)
    if column.field == "registered_at" and _stand_for_places(table, rows):
        return replace(column, field="address", guessed=True)
    if column.field in ("", "zone") and not table.of("road") and _are_zones(column, rows):
        return replace(column, field="road", guessed=True)  # 1号楼 of the first 期 is not that of the second
    if not column.field and table.of("unit") and _is_part_of_rooms(column):
        return replace(column, field="part")  # 301 and 前间 below 室号 and 部位
    if column.field == "name" and any(word in column.title for word in listed("not_residents")):
        return replace(column, guessed=True)  # 儿童姓名, 志愿者姓名: a list of something else, perhaps
    if column.field in ("tenure", "use") and not table.of("vacant") and _say_who_lives_there(cells):
        return replace(column, field="vacant")  # 房屋类型: 自住, 出租, 空关
    if column.field == "tenure" and not table.of("use") and _are_uses(cells):
        return replace(column, field="use")  # 房屋性质: 住宅, 商铺
    if _says_how_they_live(column, table) and _are_roles(cells):
        return replace(column, field="role")  # 居住方式 beside 房东: 自有, 租赁
    if column.field == "seq" and not are_numbers(cells):
        return replace(column, field="")  # kept in the remarks
    return column


def _say_who_lives_there(cells: Iterable[Sequence[Cell]]) -> bool:
    """Return whether cells say how homes are used rather than whose they are, and some of them that nobody is there."""
    texts = _distinct(cells)
    return not texts.isdisjoint(listed("vacant")) and texts <= listed("vacant") | listed("living_states")


def _are_uses(cells: Iterable[Sequence[Cell]]) -> bool:
    texts = _distinct(cells)
    return bool(texts) and texts <= words_of("uses").keys() - words_of("tenures").keys()


def _says_how_they_live(column: Column, table: Table) -> bool:
    return (
        not column.field
        and normal_header(column.title) in listed("ways_to_live")
        and not table.of("role")
        and any(map(is_landlord, table.of(OTHER_HOLDER + "name")))
    )


def _are_roles(cells: Iterable[Sequence[Cell]]) -> bool:
    texts = _distinct(cells)
    return len(texts & words_of("roles").keys()) * 2 >= len(texts) > 0


def _distinct(cells: Iterable[Sequence[Cell]]) -> set[str]:
    return {text_of(cell[0]) for cell in cells if cell and cell[0] != ""}


def _is_part_of_rooms(column: Column) -> bool:
    """Return whether a second column of units says which part of a room is meant, as one below 部位 does."""
    return _PART in column.title and match_word(column.title) == ("unit", SURE)


def _is_elsewhere(column: Column, table: Table, rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether a column such as 现居住地 names other houses and rooms than the columns of both beside it."""
    if not _LIVING.search(column.title):
        return False
    building, unit = table.of("building")[0].index, table.of("unit")[0].index
    found = [
        (parse_address(text), text_of(row[building]), canonical_unit(text_of(row[unit])))
        for row in rows[:_SAMPLE]
        if max(building, unit, column.index) < len(row) and (text := text_of(row[column.index]))
    ]
    named = [one for one in found if one[0].building and one[0].unit and one[1] and one[2]]
    elsewhere = sum(
        room != canonical_unit(address.unit) and not is_within(house, address.building)
        for address, house, room in named
    )
    return elsewhere * 2 > len(named)


def _are_zones(column: Column, rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether a column such as 期数, 区域 or 组团 names parts of an estate: 一期, 东区, A."""
    if normal_header(column.title) not in listed("zones"):
        return False
    suffix, index = zone_suffix(column.title), column.index
    texts = {text for row in rows[:_SAMPLE] if index < len(row) and (text := text_of(row[index]))}
    return bool(texts) and all(zone_of(text, suffix) for text in texts)


def _has_places_beside(column: Column, table: Table) -> bool:
    return any(other.field in PLACE_FIELDS for other in table.columns if other is not column)


def _stand_for_places(table: Table, rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether 户籍地址 alone says where the homes of a table are, as in a register of families."""
    units = table.of("unit")
    return (
        not (table.of("address") or table.of("building"))
        and (not units or is_second_choice(units[0]))
        and _name_rooms(table, "registered_at", rows)
    )


def _name_rooms(table: Table, field: str, rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether most of the addresses in the column of a field name a room."""
    column = next(iter(table.of(field)), None)
    if column is None:
        return False
    index = column.index
    texts = [text for row in rows[:_SAMPLE] if index < len(row) and (text := text_of(row[index]))]
    return bool(texts) and sum(bool(parse_address(text).unit) for text in texts) * 2 > len(texts)


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
