"""The household rows of a table, distinguished from its headings, totals, notes and repeated headers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from fuyuan_desk.core import paths
from fuyuan_desk.core.packed import Rows
from fuyuan_desk.formats.address import floor_number, is_full_address, parse_address, parse_building_unit
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import WORDS, Cell, listed, text_of, words_of
from fuyuan_desk.roster.reading.header_words import SURE, match_word, normal_header
from fuyuan_desk.roster.reading.headers import (
    IGNORED,
    Column,
    header_score,
)
from fuyuan_desk.roster.reading.places import compact
from fuyuan_desk.roster.reading.titles import (
    Titled,
    part_of_estate,
    read_title,
    resembles_estate,
    without_ordinal,
)

_TOTAL = re.compile(
    r"(?:本?(?:页|表|栋|幢|楼|号|小区|单元)?|[\d一二三四五六七八九十]+(?:号楼?|幢|栋|楼|单元)?|全部|总|以上)\s*(?:合|小|总|共|累)\s*计.*"
    r"|平均(?:值|数|面积)?|均值|共\s*\d+\s*(?:户|套|间|人).*|总\s*(?:户|人|套)数.*|.*(?:合计|小计|总计)[:：]?|.{1,8}(?:户数|人数|票数|总数)[:：]?|总面积|(?:签约|同意|反对|入住|空置|投票|参与|收缴|缴费|完成)率|sub-?total.*|total.*|sum",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:注|备注|说明|填表|制表|审核|审批|负责人|经办|联系人|填报|统计|日期|单位\(?盖章|盖章|签名|签字|制单|复核|打印|第\s*\d+\s*页|以下空白|此表|本表).*",
)
# what belongs to the paper, not to a home
_FORMAL = re.compile(
    r"(?:填表|制表|审核|审批|负责人|经办|填报|统计|日期|单位\(?盖章|盖章|签名|签字|制单|复核|打印|第\s*\d+\s*页|以下空白)"
    r"|(?:(?:注|备注|说明)[::]?\s*)?(?:此|本)表"
    r"|(?:注|备注|说明)[::]?$|(?=.*[年月日./-])[\d\s年月日./-]+$"  # 301 alone is a room
)
_TELEPHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_EXAMPLE = re.compile(
    r"[(\[【]?(?:填写|填表)?(?:例如?|示例|样例|范例|举例)[)\]】]?(?:[:\d].*)?|[(【](?:例|示例|样例|范例)[)】].*|.*[(【](?:例|示例|样例|范例)[)】]"
)
_NUMBER = re.compile(r"\(?(\d{1,2})\)?")
_FIGURE = re.compile(r"-?[\d,.]+%?")
_SUMMED = frozenset(("area", "inner_area", "people", "fund_first", "fund_balance", ""))
_SECTION_TEXT = 30
_SAYING_WHO = frozenset(("relation", "role"))
_TELEPHONES = frozenset(("phone", "contact"))
_LEAST_DIGITS = 7
_LEAST_TITLES = 3
_SHORTEST_NOTE = 2
_RULED = "-=_*~－─━—–＿＝"
_RULED_CHARACTERS = frozenset(_RULED)  # asked first, of every row
_PAIR = 2
_DIGITS, _COUNTED = frozenset("0123456789"), frozenset("户人票套%％")
_COUNT = re.compile(
    r"(?:(?!等)\D){0,4}\d+(?:\.\d+)?\s*[户人票套%]"
)  # 3户 beside 同意户数, 100% beside 签约率
_ROOM = re.compile(r"(?:(\d{1,2})(?=\d{2}室?$))?\d{1,2}室?")
# behind the building of a section: （共2户）, （6层）, （高层）, （续）, 计2户
_SECTION_NOTE = re.compile(
    r"\s*(?:[（(][^（()）]*(?:户|层|续|负责|组长|楼长)[^（()）]*[)）]|[共合]?计?\d+户)$"
)
# a section as written above its rooms: 第一单元, 【1单元】, ——1单元——, 甲单元:
_EDGE = r"[\s\-—－~*=#【】\[\]<>《》「」〔〕()（）]*"
_ENTRANCE = re.compile(rf"{_EDGE}第?(?P<entrance>[^\s第单元]{{1,3}}(?:单元|门洞|梯)){_EDGE}[:：]?{_EDGE}")
# parts without a number, in which rooms may have the same numbers: 东块, 后幢
_SECTION = re.compile(rf"{_EDGE}(?P<part>[东南西北中前后左右]{{1,2}}[块幢栋座排段侧]){_EDGE}[:：]?{_EDGE}")
_UNIT = re.compile(r"[（(][^（()）]{1,4}[)）]")
_SKIP = Titled()
ROWS_PER_STEP = 2_048


@dataclass(slots=True)
class Table:
    """One table of a sheet: its columns and its household rows (0-based number, cells).

    `headings` are what the headings above each row name together; `joined` are the indexes of rows that continue the
    household above, `long` those of rows with a cell that is too long. `origin` is, by index of row and column, the
    row (0-based) and the letter of a cell that stands elsewhere in the sheet. `cut`: the row (0-based) that names the
    columns of something else, below which nothing was read. `notes` are the rows (0-based) of text between households,
    `struck` those that are struck through. `of_residents`: the word by which it lists residents rather than holders.
    `has_row_for_each_person`: of several rows for a home only the first has the room, though no relations are said.
    """

    sheet: str
    header_rows: tuple[int, ...]
    columns: list[Column]
    numbers: list[int] = field(default_factory=list)
    rows: Rows[Sequence[Cell]] = field(default_factory=list)
    headings: list[Titled] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)
    title: str = ""
    long: set[int] = field(default_factory=set)
    origin: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)
    cut: int | None = None
    notes: list[tuple[int, str]] = field(default_factory=list)
    struck: frozenset[int] = frozenset()
    of_residents: str = ""
    has_row_for_each_person: bool = False

    def place_of(self, number: int, column: Column) -> tuple[int, str]:
        """Return the row, as in Excel, and the letter of a cell; `number` is the 0-based index of the table's row."""
        row, letter = self.origin.get((number, column.index), (self.numbers[number], column.letter))
        return row + 1, letter

    def of(self, name: str) -> list[Column]:
        """Return the columns of a field."""
        return [column for column in self.columns if column.field == name]


def marks(columns: Sequence[Column]) -> frozenset[str]:
    """Return the texts of which a row must have one to be checked for a header, a total or a heading.

    Below 与户主关系 and 身份 the words 户主 and 业主 are cells of every household.
    """
    has_people = any(column.field in _SAYING_WHO for column in columns)
    return _marks() - _heads() if has_people else _marks()


@cache
def _heads() -> frozenset[str]:
    return frozenset(words_of("relations")) | frozenset(words_of("roles"))


@cache
def _marks() -> frozenset[str]:
    columns = paths.read_json(*WORDS)["columns"]
    words = {word for listed in columns.values() for word in listed if len(word) > 1}
    return frozenset(
        words
        | {
            "合计",
            "小计",
            "总计",
            "共计",
            "合 计",
            "小 计",
            "总 计",
            "Total",
            "TOTAL",
            "合计：",
            "小计：",
            "总计：",
        }
    )


def collect_rows(
    table: Table,
    rows: Sequence[Sequence[Cell]],
    start: int,
    end: int,
    filled: Mapping[int, set[int]],
    passed: Callable[[int, int, str], object],
) -> None:
    """Put the household rows from `start` to `end` into the table; `filled` are the cells merged with those above.

    `passed(number, end, sheet)` is called every `ROWS_PER_STEP` rows.
    """
    known = marks(table.columns) | {column.title for column in table.columns if column.title}
    name = next((column.index for column in table.of("name")), None)
    unit = next((column.index for column in table.of("unit") or table.of("address")), None)
    table.numbers, table.notes = [], []
    above = _SKIP
    for number in range(start, end):
        row = rows[number]
        if not number % ROWS_PER_STEP:
            passed(number, end, table.sheet)
        if not row or (not table.rows and _shows_how(number, row, table)):
            continue
        holder = row[name] if name is not None and name < len(row) else ""
        named = holder != ""
        place = None if unit is None else row[unit] if unit < len(row) else ""
        placed = place != "" and not (type(place) is str and ("：" in place or ":" in place))
        if (
            not named
            or not placed
            or not known.isdisjoint(row)
            or _is_ruled(holder)
            or (type(holder) is str and (holder[0] in _DIGITS or holder[-1] in _COUNTED))
        ):
            heading = _heading_of(row, table, name) or _floor_above(rows[number : number + 2], table, unit)
            if heading is not None:
                if not any(heading) and (text := _note_in(row, table)):
                    table.notes.append((number, text))
                above = _under(above, heading)
                continue
            if type(holder) is str and _is_title(holder) and type(place) is str and not _names_place(place):
                if "：" in place or ":" in place:
                    table.notes.append((number, " ".join(_texts(row, table))))
                    continue  # a note: 楼组长：何平, 电话, 139…
                table.cut = number
                break
            if _names_other_columns(row):
                table.cut = number
                break
        if table.rows and (
            (number in filled and _is_below(filled[number], name, unit, row))
            or (not named and _is_continuation(row, table, unit))
        ):
            table.joined.add(len(table.rows))
        table.numbers.append(number)
        table.rows.append(row)
        table.headings.append(above)


def _floor_above(rows: Sequence[Sequence[Cell]], table: Table, unit: int | None) -> Titled | None:
    """Return the heading of a floor alone in the column of rooms if the room below is on it: 二楼 above 201."""
    if unit is None or len(rows) < _PAIR or unit >= len(rows[1]) or len(set(_texts(rows[0], table))) != 1:
        return None
    place = parse_building_unit(compact(text_of(rows[0][unit]) if unit < len(rows[0]) else ""))
    if place.left or not place.floor or place.unit != place.floor:
        return None
    floor = floor_number(place.floor)
    room = _ROOM.fullmatch(compact(text_of(rows[1][unit])))
    # 201 is on the second floor; 01 says nothing of its own
    is_on_it = room is not None and floor is not None and (not room[1] or int(room[1]) == floor)
    return Titled("", "", "", place.floor) if is_on_it else None


def _under(above: Titled, heading: Titled) -> Titled:
    """Return what two headings name together: a level of the lower one ends those below it."""
    if heading.estate and heading.estate != above.estate:
        return heading
    top = next((index for index, text in enumerate(heading) if index and text), None)
    if top is None:
        return above
    zone = part_of_estate(above.building)
    if heading.building and zone and not part_of_estate(heading.building):
        heading = heading._replace(building=zone + heading.building)
    return Titled(*above[:top], *heading[top:])


def _is_below(filled: set[int], name: int | None, unit: int | None, row: Sequence[Cell]) -> bool:
    # name and unit are merged with the row above: one household over several lines
    return name in filled and (unit is None or unit in filled or unit >= len(row) or row[unit] == "")


def _is_continuation(row: Sequence[Cell], table: Table, unit: int | None) -> bool:
    # a continuation line has only a further telephone or remark
    filled_fields = {
        column.field
        for column in table.columns
        if column.index < len(row) and row[column.index] != "" and column.field != IGNORED
    }
    return (
        bool(filled_fields)
        and filled_fields <= {*_TELEPHONES, "remark", ""}
        and (unit is None or unit >= len(row) or not row[unit])
    )


def _shows_how(number: int, row: Sequence[Cell], table: Table) -> bool:
    """Return whether a row above the households is none: it numbers the columns, or is an example, which is noted."""
    if _is_numbering(row):
        return True
    is_example = _is_example(row)
    if is_example:
        table.notes.append((number, " ".join(_texts(row, table))))
    return is_example


def _is_example(row: Sequence[Cell]) -> bool:
    """Whether a row above the households shows how to fill in the table: 例：1号楼, 张三（示例）."""
    return any(type(cell) is str and _EXAMPLE.fullmatch(half_width(cell).strip()) for cell in row)


def _is_numbering(row: Sequence[Cell]) -> bool:
    """Whether a row numbers the columns: 1, 2, 3 … or （1）, （2）, （3） …."""
    texts = [text for cell in row if (text := half_width(text_of(cell)))]
    numbers = [found[1] for text in texts if (found := _NUMBER.fullmatch(text))]
    return len(texts) > _PAIR and numbers == [str(number) for number in range(1, len(texts) + 1)]


def _heading_of(row: Sequence[Cell], table: Table, name: int | None) -> Titled | None:
    """Return None for a household, else the heading; it is empty for totals, notes and repeated headers."""
    texts = _texts(row, table)
    if not texts:
        return _SKIP
    if table.header_rows and _repeats_header(row, table):
        return _SKIP
    if all(map(_is_ruled, texts)) or all(map(_is_measure, texts)):
        return _SKIP  # ———— or (㎡), (元)
    plain = [half_width(text) for text in texts]
    if any(_TOTAL.fullmatch(text) for text in plain[:4]) or _only_figures(row, table):
        return _SKIP
    if _is_count(row, table, name):
        return _SKIP
    distinct = set(texts)
    if len(distinct) == 1:
        return _heading(texts[0], row, table, name)
    if _NOTE.match(plain[0]) and (len(distinct) <= 3 or any(":" in text for text in plain)):
        return _SKIP
    if sum(1 for text in plain if _NOTE.match(text) and (":" in text or len(text) <= 6)) >= 2:
        return _SKIP
    return None


def _is_measure(text: str) -> bool:
    """Whether a text is a unit of measure in brackets: (㎡), but not （1单元）."""
    return _UNIT.fullmatch(text) is not None and not _ENTRANCE.fullmatch(compact(half_width(text)))


def _is_count(row: Sequence[Cell], table: Table, name: int | None) -> bool:
    """Whether a row counts homes or votes where a household has its name or room."""
    places = [name, *(column.index for column in table.of("unit"))]
    cells = (row[index] for index in places if index is not None and index < len(row))
    return any(type(cell) is str and _COUNT.fullmatch(half_width(cell).strip()) for cell in cells)


def _note_in(row: Sequence[Cell], table: Table) -> str:
    """Return the text of a row that is no household, "" for totals, repeated headers, signatures and page numbers."""
    texts = list(dict.fromkeys(_texts(row, table)))
    plain = list(map(half_width, texts))
    if (
        all(map(_is_ruled, texts))
        or any(_TOTAL.fullmatch(text) for text in plain)
        or (any(map(_FORMAL.match, plain)) and not any(map(_TELEPHONE.search, plain)))
        or (table.header_rows and _repeats_header(row, table))
        or _only_figures(row, table)
    ):
        return ""
    text = " ".join(texts)
    return text if len(text) >= _SHORTEST_NOTE else ""


def _names_other_columns(row: Sequence[Cell]) -> bool:
    """Whether a row consists of names of columns only, though not of a roster's: 车位号, 使用人, 车牌号."""
    filled = {cell for cell in row if cell != ""}
    return len(filled) >= _LEAST_TITLES and all(
        isinstance(cell, str) and match_word(cell)[1] == SURE for cell in filled
    )


def _is_title(holder: str) -> bool:
    """Whether a cell of the names is a title of a column, of this table or another one: 姓名, 车主, 数量."""
    return holder in listed("other_titles") or match_word(holder)[1] == SURE


def _names_place(place: str) -> bool:
    """Whether a cell of the places may name one; 车位号 and 设备名称 are titles."""
    return any(map(str.isdigit, place)) or not (
        "：" in place
        or ":" in place
        or place.endswith(tuple(listed("title_ends")))
        or match_word(place)[1] == SURE
    )


def _is_ruled(cell: Cell) -> bool:
    """Whether a cell is part of a line drawn with characters: -----, ————, ====."""
    return type(cell) is str and cell[:1] in _RULED_CHARACTERS and not cell.strip(_RULED)


def _only_figures(row: Sequence[Cell], table: Table) -> bool:
    # sums below the columns without a label
    filled = {
        column.field: text_of(row[column.index])
        for column in table.columns
        if column.index < len(row) and row[column.index] != ""
    }
    return bool(filled) and filled.keys() <= _SUMMED and all(map(_FIGURE.fullmatch, filled.values()))


def _repeats_header(row: Sequence[Cell], table: Table) -> bool:
    titled = [column for column in table.columns if column.title]
    same = sum(
        1
        for column in titled
        if column.index < len(row)
        and normal_header(text_of(row[column.index])) == normal_header(column.title)
    )
    return (same >= 2 and same * 2 >= len(titled)) or (same >= 1 and header_score(row) >= 2)


def _heading(text: str, row: Sequence[Cell], table: Table, name: int | None) -> Titled | None:
    named = _SECTION_NOTE.sub("", text) or text
    if found := _ENTRANCE.fullmatch(compact(half_width(named))):
        named = found["entrance"]
    elif section := _SECTION.fullmatch(compact(half_width(named))):
        return Titled("", "", section["part"])
    place = parse_building_unit(compact(named))
    is_label = not place.left and place.unit == place.floor
    if is_label and place.building and _is_alone(row, table, text):
        return Titled("", place.building, place.entrance, place.floor)
    is_room = place.floor and _is_in(row, table, "unit", text)
    if is_label and (place.entrance or place.floor) and not is_room:
        return Titled("", "", place.entrance, place.floor)
    estate, building, entrance, floor = read_title(named)
    if building or (estate and (entrance or floor)):
        return Titled(estate, building, entrance, floor)
    if name is not None and name < len(row) and row[name] != "":
        return None
    if estate == without_ordinal(compact(text)) and len(text) <= _SECTION_TEXT and not table.of("estate"):
        return Titled(estate)
    if len(text) > _SECTION_TEXT or _NOTE.match(half_width(text)) or resembles_estate(compact(text)):
        return _SKIP
    only = next(
        (column for column in table.columns if column.index < len(row) and row[column.index] != ""), None
    )
    if only is not None and only.field in _TELEPHONES and sum(map(str.isdigit, text)) >= _LEAST_DIGITS:
        return None  # a further telephone of the household above
    return None if only is not None and only.field in ("unit", "address") and _may_be_unit(text) else _SKIP


def _may_be_unit(text: str) -> bool:
    # below the last household, the room column may contain a date, a committee's name or 以下空白
    place = parse_address(text) if is_full_address(text) else parse_building_unit(text)
    return bool(place.unit or place.building) and not place.rest and ":" not in half_width(text)


def _is_in(row: Sequence[Cell], table: Table, field: str, text: str) -> bool:
    return any(column.index < len(row) and text_of(row[column.index]) == text for column in table.of(field))


def _is_alone(row: Sequence[Cell], table: Table, text: str) -> bool:
    # a building alone in its row is a heading, unless it is in the room column
    return not _is_in(row, table, "unit", text) or len(table.columns) > 2


def _texts(row: Sequence[Cell], table: Table) -> list[str]:
    return [
        text for column in table.columns if column.index < len(row) and (text := text_of(row[column.index]))
    ]
