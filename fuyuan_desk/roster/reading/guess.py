"""Guessing the field of a column without a known header from its content; pure functions."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice, pairwise

from fuyuan_desk.core import paths
from fuyuan_desk.formats.address import is_full_address, parse_address, parse_building_unit
from fuyuan_desk.formats.names import half_width, is_company
from fuyuan_desk.formats.phones import dialled, read_phones
from fuyuan_desk.roster.reading.cells import WORDS, Cell, is_blank, read_date, read_tenure, text_of
from fuyuan_desk.roster.reading.header_words import (
    BY_ENDING,
    explained,
    is_of_dates,
    match_word,
    normal_header,
)
from fuyuan_desk.roster.reading.headers import Column

_SAMPLE = 200
_ENOUGH = 0.6
_ID = re.compile(r"\d{17}[\dXx]|\d{15}")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u4e00-\u9fff]+[·•・．][\u4e00-\u9fff]+")
_NOT_NAMES = re.compile(
    r".*(?:公房|私房|商品房|[号楼幢室弄路间堂阁厢]|空关|老人|残疾|出租|住宅|办公|商业|自住|备注|户主|配偶|子女|[房厅居]|户型|业主|租[户客]|是|否)$"
)
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?")
_NUMBERS = frozenset(("id", "phone"))
_CODES = re.compile("编号|编码|代码|标识")
_ROOMS_OF_HOME = re.compile("[一二两三四五][室房]")
_DECIMAL = re.compile(r"\d{1,4}\.\d{1,2}")


def _is_id(value: Cell) -> bool:
    return _ID.fullmatch(half_width(text_of(value))) is not None


def _is_phone(value: Cell) -> bool:
    phones = read_phones(text_of(value))
    return bool(phones.numbers) and not phones.doubts and bool(dialled(phones.numbers[0]))


def _is_address(value: Cell) -> bool:
    text = text_of(value)
    if not is_full_address(text):
        return False
    address = parse_address(text)
    return bool(address.lane or address.gate or address.block or address.room) and not address.rest


def _is_day(value: Cell) -> bool:
    text = text_of(value)
    return _DAY.fullmatch(text) is not None and read_date(text)[0] is not None


def _is_unit(value: Cell) -> bool:
    text = text_of(value)
    address = parse_building_unit(text)
    if address.rest or not address.unit or _is_tenure(value) or is_company(text):
        return False
    return (
        bool(address.part)
        or re.fullmatch(r"\d{3,4}[A-Za-z]?", text) is not None
        or text.endswith("室")
        or (re.fullmatch(r"\d{1,3}-(?:\d{1,2}-)?\d{3,4}", text) is not None)
    )


def _is_building(value: Cell) -> bool:
    address = parse_building_unit(text_of(value))
    return bool(address.building) and not address.rest and not address.unit


def _is_tenure(value: Cell) -> bool:
    return read_tenure(value)[0] is not None


def _is_area(value: Cell) -> bool:
    text = half_width(text_of(value)).rstrip("㎡平方米m2")
    return _DECIMAL.fullmatch(text) is not None and 3 <= float(text) <= 3000


def _is_name(value: Cell) -> bool:
    text = text_of(value)
    return (_NAME.fullmatch(text) is not None and not _NOT_NAMES.match(text)) or is_company(text)


@cache
def _surnames() -> frozenset[str]:
    return frozenset(paths.read_json(*WORDS)["surnames"])


def are_people(values: Sequence[Cell]) -> bool:
    """Whether most of the short Chinese texts begin with a usual surname: 南, 北 and 三房 are no names."""
    texts = [text for value in values if len(text := text_of(value)) in (2, 3)]
    return sum(text[0] in _surnames() for text in texts) >= _ENOUGH * len(texts)


_KINDS: tuple[tuple[str, Callable[[Cell], bool]], ...] = (
    ("id", _is_id),
    ("phone", _is_phone),
    ("address", _is_address),
    ("tenure", _is_tenure),
    ("unit", _is_unit),
    ("building", _is_building),
    ("area", _is_area),
    ("name", _is_name),
)


def looks_like_rooms(cells: Iterable[Sequence[Cell]]) -> bool:
    """Return whether most of the filled cells, each in a row of its own, are rooms: 101 and 202 below 单元名称."""
    values = [cell for row in islice(cells, _SAMPLE) for cell in row if not is_blank(text_of(cell))]
    return bool(values) and sum(map(_is_unit, values)) >= _ENOUGH * len(values)


def looks_like_buildings(cells: Iterable[Sequence[Cell]]) -> bool:
    """Return whether most of the filled cells, each in a row of its own, are buildings: 2号楼, 3幢."""
    values = [cell for row in islice(cells, _SAMPLE) for cell in row if not is_blank(text_of(cell))]
    return bool(values) and sum(map(_is_building, values)) >= _ENOUGH * len(values)


def are_numbers(cells: Iterable[Sequence[Cell]]) -> bool:
    """Return whether most of the filled cells are plain numbers, as those of a running number."""
    values = [text_of(cell) for row in islice(cells, _SAMPLE) for cell in row if not is_blank(text_of(cell))]
    return sum(value.isdigit() for value in values) * 2 >= len(values)


def is_of_codes(title: str) -> bool:
    """Return whether a title heads numbers of some register: 房产编号, 房屋编码."""
    return _CODES.search(title) is not None


def _may_be_else(title: str, values: Sequence[Cell]) -> bool:
    """Whether what looks like rooms may be something else: running codes below 房产编号, 两室一厅 below 房屋信息."""
    texts = list(map(text_of, values))
    if is_of_codes(title) and all(map(str.isdigit, texts)):
        return True
    return any(map(_ROOMS_OF_HOME.match, texts)) or any("厅" in text for text in texts)


def is_borne_out(title: str, field: str) -> bool:
    """Return whether a title that may head other things, too, is that of a field if the cells are: 房屋, 老人, 称呼."""
    words: Mapping[str, list[str]] = paths.read_json(*WORDS)["borne_out"]
    return normal_header(explained(title)) in words.get("unit" if field == "address" else field, ())


def holds_ids(title: str, cells: Iterable[Cell]) -> bool:
    """Return whether a column contains ID numbers, the holder's or another one's, by its title or most of its cells."""
    values = [cell for cell in islice(cells, _SAMPLE) if not is_blank(text_of(cell))]
    is_titled = match_word(title)[0] == "id"
    return bool(values) and (is_titled or sum(map(_is_id, values)) >= _ENOUGH * len(values))


def _is_count(values: Sequence[Cell]) -> bool:
    numbers = [text_of(value) for value in values]
    return (
        len(numbers) > 2
        and all(text.isdigit() for text in numbers)
        and all(int(second) == int(first) + 1 for first, second in pairwise(numbers))
    )


def guess_columns(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], candidates: set[str] | None = None
) -> list[Column]:
    """Assign unknown columns the field that most of their cells look like, each field once.

    Only the fields in `candidates`, by default all recognisable ones, are used; the columns are marked as guessed
    unless their titles say the same as their cells.
    """
    taken = {column.field for column in columns}
    found: dict[int, str] = {}
    unsure: set[int] = set()
    for column in columns:
        if column.field or match_word(column.title)[1] >= BY_ENDING:
            continue  # a title that is known decides: another one's ID number, 负责人员
        values = [
            row[column.index]
            for row in rows[:_SAMPLE]
            if column.index < len(row) and not is_blank(text_of(row[column.index]))
        ]
        if not values or _is_count(values):
            continue
        has_dates = is_of_dates(column.title) or sum(map(_is_day, values)) >= _ENOUGH * len(values)
        for field, matches in _KINDS:
            if field in taken or (candidates is not None and field not in candidates):
                continue
            if has_dates and field in _NUMBERS:
                continue  # 20200501 is the day of a move rather than a telephone of eight digits
            if sum(map(matches, values)) >= _ENOUGH * len(values) and (field != "name" or are_people(values)):
                found[column.index] = field
                taken.add(field)
                if _may_be_else(column.title, values):
                    unsure.add(column.index)
                break
    return [
        replace(
            column,
            field=found[column.index],
            guessed=column.index in unsure or not is_borne_out(column.title, found[column.index]),
        )
        if column.index in found
        else column
        for column in columns
    ]
