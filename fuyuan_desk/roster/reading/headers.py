"""Finding a roster's header rows and the field of each column; pure functions over rows of cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import WORDS, Cell, text_of

Rows = Sequence[Sequence[Cell]]
Range = tuple[tuple[int, int], tuple[int, int]]

IGNORED = "-"
OTHER_HOLDER = "other_"
FIELD_LABELS: dict[str, str] = {
    "seq": N_("Running number"),
    "estate": N_("Estate"),
    "address": N_("Full address"),
    "road": N_("Road"),
    "lane": N_("Lane"),
    "building": N_("Building or gate"),
    "entrance": N_("Entrance"),
    "floor": N_("Floor"),
    "unit": N_("Room or part"),
    "name": N_("Name of the holder"),
    "phone": N_("Telephone"),
    "id": N_("ID number"),
    "id_kind": N_("Kind of ID document"),
    "role": N_("Owner or tenant"),
    "relation": N_("Relation to the head"),
    "tenure": N_("Tenure"),
    "use": N_("Use"),
    "area": N_("Area"),
    "inner_area": N_("Usable area"),
    "people": N_("Number of people"),
    "vacant": N_("Vacancy"),
    "fund_first": N_("First deposit of the fund"),
    "fund_balance": N_("Balance of the fund"),
    "topped_up": N_("Fund topped up"),
    "topped_up_on": N_("Fund topped up on"),
    "lease_no": N_("Lease number"),
    "contact": N_("Other contact"),
    "since": N_("Resident since"),
    "tag": N_("Tag"),
    "remark": N_("Remarks"),
    "other_name": N_("Name of a second holder"),
    "other_phone": N_("Telephone of the second holder"),
    "other_id": N_("ID number of the second holder"),
    IGNORED: N_("Ignore"),
}
PLACE_FIELDS = frozenset(("address", "building", "unit", "lane", "estate"))
SEVERAL = frozenset(("phone", "tag", "remark", "contact", "other_phone", IGNORED))
_ONLY_HOLDER = ("name", "phone", "id")
_DEEPEST = 4
_LOOK_DOWN = 60
_LONGEST_HEADER = 16
_OTHER = "other"
_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_MEASURE = re.compile(
    r"㎡|m2|m²|平方米?|平米|元|万元|人|户|必填|选填|可选|如有|年月日|yyyy.*|单位.*|见.*|请.*|数字",
    re.IGNORECASE,
)
_FILLED_FORM = re.compile(r":\s*[^\s:]")
_VALUE = re.compile(r"\d{5}|\d[号室幢栋]|^\d+\.\d+$")
_FIGURES = re.compile(r"\d{2}|\d[号室幢栋]")
_PUNCTUATION = re.compile(r"[\s/\\、,，.。:：;；*＊_\-—\"'“”()\[\]【】<>《》#？?|]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: 0-based `index`, its header, and its field ("" if unknown)."""

    index: int
    title: str
    field: str
    holder: HoldingRole | None = None
    guessed: bool = False

    @property
    def letter(self) -> str:
        """The column's letter in Excel."""
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class Header:
    """Header rows: 0-based first and last, and the columns."""

    first: int
    last: int
    columns: tuple[Column, ...]


def field_label(field: str) -> str:
    """Return a field's display name; an unknown column is added to the remarks."""
    return _(FIELD_LABELS[field]) if field else _("Add to the remarks")


def column_letter(index: int) -> str:
    """Return the Excel letter of a 0-based column."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=4_096)
def normal_header(text: str) -> str:
    """Normalise a header by removing blanks, punctuation and units, `建筑面积\\n(㎡)` → `建筑面积`."""
    plain = half_width(text).lower()
    plain = _BRACKETED.sub(
        lambda found: "" if _MEASURE.fullmatch("".join(filter(None, found.groups())).strip()) else found[0],
        plain,
    )
    if plain.isascii():
        return " ".join(_PUNCTUATION.sub(" ", plain).split())
    return _PUNCTUATION.sub("", plain)


@cache
def _known() -> Mapping[str, str]:
    columns = paths.read_json(*WORDS)["columns"]
    return {normal_header(word): field for field, words in columns.items() for word in words} | {
        word: field for field, words in columns.items() for word in words if word == "#"
    }


@cache
def _long_words() -> tuple[str, ...]:
    # 福元小区 ends like a header but is the name of an estate
    words = (
        word for word, field in _known().items() if len(word) > 1 and (field != "estate" or "名" in word)
    )
    return tuple(sorted(words, key=len, reverse=True))


@lru_cache(maxsize=4_096)
def match_word(text: str) -> tuple[str, int]:
    """Return a header's field and the certainty: 3 exact, 2 by its ending, 1 by a word inside, 0 none."""
    plain = normal_header(text)
    known = _known()
    if plain in known:
        return known[plain], 3
    if text.strip() == "#":
        return "seq", 3
    bare = plain.rstrip("0123456789一二三")
    if len(bare) > 1 and bare in known:
        return known[bare], 3
    if not plain or len(plain) > (30 if plain.isascii() else _LONGEST_HEADER):
        return "", 0
    spaced = f" {plain} "
    for word in _long_words():
        if plain.endswith(f" {word}" if word.isascii() else word):
            return known[word], 2
    for word in _long_words():
        if (f" {word} " in spaced) if word.isascii() else (word in plain):
            return known[word], 1
    return "", 0


@lru_cache(maxsize=4_096)
def match_holder(path: str) -> HoldingRole | None:
    """Return whose column a header names: 业主姓名 the owner's, 租客电话 the renter's; None if not named."""
    plain = half_width(path).lower()
    holders: Mapping[str, list[str]] = paths.read_json(*WORDS)["holders"]
    codes = [
        code
        for code in ("renter", "tenant", "owner", "occupant")
        if any(word in plain for word in holders[code])
    ]
    if not codes or ("tenant" in codes and ("owner" in codes or "户主" in plain)):
        return None  # 户主（承租人）is ambiguous; the tenure decides
    return HoldingRole(codes[0])


def match_path(path: Sequence[str]) -> tuple[str, int]:
    """Return the field of a header of several levels, matching the lowest first: 面积 / 套内 → inner_area."""
    if not path:
        return "", 0
    lowest = match_word(path[-1])
    if lowest[1] == 3 or len(path) == 1:
        return lowest
    matches = [lowest]
    for above in reversed(path[:-1]):
        matches += [match_word(above + path[-1]), match_word(path[-1] + above)]
    for above in reversed(path[:-1]):
        field, _sureness = match_word(above)
        matches.append((field, 1 if field else 0))
    return max(matches, key=lambda match: match[1])


# ---- finding the header ----


def _texts(row: Sequence[Cell]) -> list[str]:
    return [text_of(cell) for cell in row]


def header_score(row: Sequence[Cell]) -> int:
    """Count the distinct fields a row names, 0 if it does not look like a header."""
    filled = [cell for cell in row if cell != "" and cell is not None]
    words = [cell for cell in filled if isinstance(cell, str) and len(cell) <= 40]
    if len(words) < 2 or len(words) < len(filled) - 1:
        return 0
    if any(_FILLED_FORM.search(_BRACKETED.sub("", half_width(word))) for word in words):
        return 0  # a form line above the table, such as 联系人：王老师
    matches = [match_word(word) for word in words]
    if any(
        not field and _FIGURES.search(half_width(word))
        for (field, _sure), word in zip(matches, words, strict=True)
    ):
        return 0
    sure = [field for field, sureness in matches if sureness >= 2]
    fields = set(sure) - {_OTHER}
    if len(fields) < 2 or not fields & (PLACE_FIELDS | {"name"}) or len(sure) * 5 < len(words) * 2:
        return 0
    if not any(sureness == 3 for _field, sureness in matches):
        return 0
    return len(fields)


def _spread(rows: Rows, first: int, last: int, merged: Sequence[Range], width: int) -> list[list[str]]:
    # the header's levels as full rows: merged cells are repeated, blanks beside a parent belong to it
    levels = [
        [*_texts(rows[number]), *[""] * (width - len(rows[number]))] for number in range(first, last + 1)
    ]
    for (top, left), (bottom, right) in merged:
        if top > last or bottom < first:
            continue
        text = text_of(rows[top][left]) if left < len(rows[top]) else ""
        for number in range(max(top, first), min(bottom, last) + 1):
            for column in range(left, min(right + 1, width)):
                levels[number - first][column] = text
    for upper, lower in pairwise(levels):
        for column in range(1, width):
            if not upper[column] and lower[column] and upper[column - 1] and lower[column - 1]:
                upper[column] = upper[column - 1]
    return levels


def _is_level(rows: Rows, number: int, merged: Sequence[Range], above: bool) -> bool:
    """Whether a row next to a header row is another level of it, not a title or the first household."""
    if not 0 <= number < len(rows):
        return False
    cells = [cell for cell in rows[number] if cell != ""]
    texts = [cell for cell in cells if isinstance(cell, str)]
    if (
        not cells
        or len(texts) < len(cells)
        or any(len(text) > 20 or ":" in half_width(text) for text in texts)
    ):
        return False
    wide = [span for span in merged if span[0][0] == number and span[1][1] > span[0][1]]
    if above:
        if any(_VALUE.search(half_width(text)) for text in texts):
            return False  # 1号楼 and 2号楼 above two tables beside each other
        return len(set(texts)) >= 2 and (bool(wide) or header_score(rows[number]) >= 2)
    if any(_VALUE.search(half_width(text)) for text in texts):
        return False  # in a CSV numbers are texts: this is the first household
    spans = [span for span in merged if span[0][0] < number <= span[1][0]]
    known = sum(1 for text in texts if match_word(text)[1] >= 2)
    return known * 2 >= len(texts) and (known >= 2 or bool(spans))


def _paths(levels: list[list[str]], width: int) -> list[list[str]]:
    return [
        list(dict.fromkeys(text for level in levels if (text := level[column]))) for column in range(width)
    ]


def _columns(paths_: list[list[str]]) -> list[Column]:
    found = []
    for index, path in enumerate(paths_):
        field, _sureness = match_path(path)
        field = "" if field == _OTHER else field
        title = " ".join("".join(path[-1:]).split()) if path else ""
        found.append(Column(index, title, field, match_holder("".join(path)) if path else None))
    return found


def find_header(rows: Rows, start: int, merged: Sequence[Range] = ()) -> Header | None:
    """Return the next header at or below row `start` (0-based), skipping titles and joining levels."""
    best = None
    for number in range(start, min(len(rows), start + _LOOK_DOWN)):
        if rows[number] and header_score(rows[number]):
            best = number
            break
    if best is None:
        return None
    first = last = best
    while last - first < _DEEPEST and _is_level(rows, last + 1, merged, above=False):
        last += 1
    while first > start and last - first < _DEEPEST and _is_level(rows, first - 1, merged, above=True):
        first -= 1
    # a cell merged downwards from the header's first row includes the rows below
    for (top, _left), (bottom, _right) in merged:
        if first <= top <= last < bottom <= top + 2 and len(rows[top]) > 2 and header_score(rows[top]):
            last = bottom
    width = max(len(rows[number]) for number in range(first, last + 1))
    columns = _columns(_paths(_spread(rows, first, last, merged, width), width))
    return Header(first, last, tuple(columns))


# ---- choosing among columns ----


def side_by_side(columns: Sequence[Column]) -> list[list[Column]]:
    """Split a header whose titles repeat from left to right into the tables beside each other."""
    named = [column for column in columns if column.title]
    titles = [normal_header(column.title) for column in named]
    for period in range(2, len(titles) // 2 + 1):
        if len(titles) % period == 0 and titles == titles[:period] * (len(titles) // period):
            fields = {column.field for column in named[:period]}
            if "name" in fields and fields & PLACE_FIELDS:
                return [named[start : start + period] for start in range(0, len(named), period)]
    return [list(columns)]


_NAME_RANK = {
    HoldingRole.OWNER: 0,
    HoldingRole.TENANT: 1,
    None: 2,
    HoldingRole.OCCUPANT: 3,
    HoldingRole.RENTER: 4,
}


def settle(columns: Sequence[Column]) -> list[Column]:
    """Assign each field to one column, and a second holder's columns to the second holder."""
    names = sorted(
        (column for column in columns if column.field == "name"),
        key=lambda column: (_NAME_RANK[column.holder], column.index),
    )
    first = names[0] if names else None
    second = next((column for column in names[1:] if column.holder != names[0].holder), None)
    taken: dict[str, Column] = {}
    for column in sorted(columns, key=_preference):
        field = _for_whom(column, first, second)
        if field and (field in SEVERAL or field not in taken):
            taken.setdefault(field, column)
            taken[f"{field}@{column.index}"] = column
    chosen = {column.index: key.split("@")[0] for key, column in taken.items() if "@" in key}
    return [
        Column(column.index, column.title, chosen.get(column.index, ""), column.holder, column.guessed)
        for column in columns
    ]


def chosen_twice(columns: Sequence[Column]) -> list[Column]:
    """Return the columns of the first field that several columns have though one can have it; [] if there is none."""
    for column in columns:
        same = [other for other in columns if other.field == column.field]
        if column.field and column.field not in SEVERAL and len(same) > 1:
            return same
    return []


def _preference(column: Column) -> tuple[int, bool, int]:
    # prefer 常住人数 to 户籍人数
    title = normal_header(column.title)
    registered = any(word in title for word in _less_preferred())
    return -match_word(column.title)[1], registered, column.index


@cache
def _less_preferred() -> tuple[str, ...]:
    return tuple(paths.read_json(*WORDS)["second_choice"])


def _for_whom(column: Column, first: Column | None, second: Column | None) -> str:
    if column.field not in _ONLY_HOLDER or first is None:
        return column.field
    if column.field == "name":
        return "name" if column is first else OTHER_HOLDER + "name" if column is second else ""
    if second is not None and column.holder == second.holder and column.holder is not None:
        return OTHER_HOLDER + column.field
    # columns that name no holder belong to the name they follow
    if (
        second is not None
        and column.holder is None
        and second.index < column.index
        and first.index < second.index
    ):
        return OTHER_HOLDER + column.field
    return column.field
