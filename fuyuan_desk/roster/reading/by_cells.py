"""Columns that are what their cells say rather than their titles: rooms below 单元名称, roles below 居住方式; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from fuyuan_desk.formats.address import parse_address
from fuyuan_desk.roster.reading.cells import (
    Cell,
    canonical_unit,
    is_blank,
    listed,
    read_people,
    text_of,
    words_of,
)
from fuyuan_desk.roster.reading.choosing import is_landlord, is_second_choice
from fuyuan_desk.roster.reading.guess import are_numbers, is_borne_out, is_of_codes, looks_like_rooms
from fuyuan_desk.roster.reading.header_words import SURE, match_word, normal_header
from fuyuan_desk.roster.reading.headers import OTHER_HOLDER, PLACE_FIELDS, Column
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.places import is_split, is_within, zone_of, zone_suffix

_SAMPLE = 200
_LIVING = re.compile("现|居住|实际")
_PART = "部位"
_NUMBERS_FAMILIES = "户号"
_CODED = frozenset(("building", "entrance", "unit"))
_LEAST_DIGITS = 6  # of a code


def without_categories(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[Column]:
    """Return the columns with those of numbers of people as unknown ones whose cells are words: 户籍, 流动, 空挂."""
    return [
        replace(column, field="") if column.field == "people" and not _are_counts(column, rows) else column
        for column in columns
    ]


def _are_counts(column: Column, rows: Sequence[Sequence[Cell]]) -> bool:
    cells = {row[column.index] for row in rows[:_SAMPLE] if column.index < len(row)}
    filled = [cell for cell in cells if not is_blank(text_of(cell))]
    return sum(not read_people(cell)[2] for cell in filled) * 2 >= len(filled)


def as_filled(column: Column, table: Table, rows: Sequence[Sequence[Cell]]) -> Column:
    """Return a column with the field of its cells rather than its title: rooms below 单元名称, codes below 编号."""
    cells = [row[column.index : column.index + 1] for row in rows[:_SAMPLE]]
    if column.field in _CODED and _is_code(column, table, rows):
        return replace(column, field="")  # 310101-0012-03 below 建筑物编号 beside an address
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
        and (_names_level(table, "address", rows, "unit") or _stand_for_places(table, rows))
    ):
        return replace(column, field="")  # 户号 beside whole addresses numbers the households
    if column.field == "unit" and _NUMBERS_FAMILIES in column.title and not _has_places_beside(column, table):
        # it may number the families or the rooms
        return replace(column, guessed=True)
    if column.field == "registered_at" and _stand_for_places(table, rows):
        return replace(column, field="address", guessed=True)
    if _numbers_rooms(column, table, cells):
        return replace(column, field="unit")  # 301 below 门牌 beside 楼栋号
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


def _numbers_rooms(column: Column, table: Table, cells: Sequence[Sequence[Cell]]) -> bool:
    """Return whether a second column of buildings by its title contains the rooms, of which there is no other."""
    return (
        not column.field
        and match_word(column.title) == ("building", SURE)
        and bool(table.of("building"))
        and not (table.of("unit") or table.of("address"))
        and looks_like_rooms(cells)
    )


def _is_code(column: Column, table: Table, rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether a column numbers buildings, entrances or rooms in some register; the addresses beside say which.

    A long code says no entrance to anybody, a building and a room only where nothing else does.
    """
    cells = [text_of(row[column.index]) for row in rows[:_SAMPLE] if column.index < len(row)]
    filled = [text for text in cells if text]
    long = sum(map(_is_long_code, filled))
    is_long = long * 2 > len(filled)
    if column.field == "entrance" and is_long:
        return True
    return (is_long or is_of_codes(column.title)) and _names_level(table, "address", rows, column.field)


def _is_long_code(text: str) -> bool:
    return text.isascii() and sum(map(str.isdigit, text)) >= _LEAST_DIGITS and not is_split(text)


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
        and _names_level(table, "registered_at", rows, "unit")
    )


def _names_level(table: Table, field: str, rows: Sequence[Sequence[Cell]], level: str) -> bool:
    """Return whether most of the addresses in the column of a field name a level: building, entrance or unit."""
    column = next(iter(table.of(field)), None)
    if column is None:
        return False
    index = column.index
    texts = [text for row in rows[:_SAMPLE] if index < len(row) and (text := text_of(row[index]))]
    return bool(texts) and sum(bool(getattr(parse_address(text), level)) for text in texts) * 2 > len(texts)
