"""Finding a roster's header rows and the field of each column; pure functions over rows of cells."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.header_words import (
    BY_ENDING,
    OTHER,
    SURE,
    explained,
    match_holder,
    match_path,
    match_word,
    normal_header,
    payment_above,
)
from fuyuan_desk.roster.reading.whose import is_somebody_else, named_person, numbered_person

Rows = Sequence[Sequence[Cell]]
Range = tuple[tuple[int, int], tuple[int, int]]

IGNORED = "-"
OTHER_HOLDER = "other_"
FIELD_LABELS: dict[str, str] = {
    "seq": N_("Running number"),
    "estate": N_("Estate"),
    "address": N_("Full address"),
    "road": N_("Road, or part of the estate"),
    "lane": N_("Lane"),
    "zone": N_("Part of the estate"),
    "sublane": N_("Sublane"),
    "building": N_("Building or gate"),
    "entrance": N_("Entrance"),
    "floor": N_("Floor"),
    "unit": N_("Room or part"),
    "part": N_("Part of the room"),
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
    "member_name": N_("Name of somebody in the household"),
    "share": N_("Share of the home"),
    "registered_at": N_("Registered at (户籍)"),
    "lives_here": N_("Lives here"),
    "person_uuid": N_("Number of the person in 社区云 (UUID)"),
    "residence_no": N_("Number of the residence in 社区云 (居住ID)"),
    "home_no": N_("Number of the home in 社区云 (房屋ID)"),
    "contact": N_("Other contact"),
    "kin_name": N_("Name of the person in the title"),
    "kin_phone": N_("Telephone of the person in the title"),
    "kin_id": N_("ID number of the person in the title"),
    "kin_relation": N_("Relation of the person in the title"),
    "kin_remark": N_("Remarks of the person in the title"),
    "since": N_("Resident since"),
    "tag": N_("Tag"),
    "remark": N_("Remarks"),
    "other_name": N_("Name of a second holder"),
    "other_phone": N_("Telephone of the second holder"),
    "other_id": N_("ID number of the second holder"),
    "other_remark": N_("Remarks of the second holder"),
    IGNORED: N_("Ignore"),
}
PLACE_FIELDS = frozenset(("address", "building", "unit", "lane", "estate"))
# what may stand once for tables beside each other
SHARED_PLACES = frozenset(("estate", "zone", "road", "lane", "sublane", "building", "entrance", "floor"))
SEVERAL = frozenset(
    (
        "phone",
        "tag",
        "remark",
        "contact",
        "other_phone",
        "kin_name",
        "kin_phone",
        "kin_id",
        "kin_relation",
        "kin_remark",
        "other_remark",
        IGNORED,
    )
)
ONLY_HOLDER = ("name", "phone", "id")
# where the number of somebody else goes: that of a document stands nowhere whole but with its person
NUMBER_FIELDS = {"phone": "contact", "id": ""}
_DEEPEST = 4
_LONGEST_CELL, _LONGEST_EXPLAINED = 40, 300
_LOOK_DOWN = 60
_FILLED_FORM = re.compile(r":\s*[^\s:]")
_VALUE = re.compile(r"\d{5}|\d(?:[号室幢栋]|单元)|^\d+(?:\.\d+)?$")
_HOUSE = re.compile(r"\d(?:[号幢栋室](?!码)|单元)")
_PERIOD = re.compile(r"(?:\d{2,4}年)?\d{1,2}月份?|[一二三四]季度|合\s*计|小\s*计|总\s*计")
# 101 and 3号 are of a household; 60岁以上 and 2025年 are of a title
_FIGURES = re.compile(r"\d{2}(?!\d*(?:[-~]\d+)?(?:周?岁|年|月))|\d[号室幢栋]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: 0-based `index`, its header, and its field ("" if unknown).

    `whose`: who is no holder and whose numbers these may be, by what stands beside them; "" for nobody.
    """

    index: int
    title: str
    field: str
    holder: HoldingRole | None = None
    guessed: bool = False
    whose: str = ""

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


# ---- finding the header ----


def _texts(row: Sequence[Cell]) -> list[str]:
    return [text_of(cell) for cell in row]


def header_score(row: Sequence[Cell]) -> int:
    """Count the distinct fields a row names, 0 if it does not look like a header."""
    filled = [cell for cell in row if cell != "" and cell is not None]
    filled = [cell for cell in filled if not (isinstance(cell, str) and _is_neutral(cell))]
    words = [cell for cell in filled if isinstance(cell, str) and _is_short(cell)]
    if len(words) < 2 or len(words) < len(filled) - 1:
        return 0
    if any(_FILLED_FORM.search(half_width(explained(word))) for word in words):
        return 0  # a form line above the table, such as 联系人：王老师
    matches = [match_word(word) for word in words]
    if any(
        (not field and _FIGURES.search(half_width(word)))
        or (sureness < SURE and _HOUSE.search(half_width(word)))
        for (field, sureness), word in zip(matches, words, strict=True)
    ):
        return 0
    sure = [field for field, sureness in matches if sureness >= 2]
    fields = set(sure) - {OTHER}
    if len(fields) < 2 or not fields & (PLACE_FIELDS | {"name"}) or len(sure) * 5 < len(words) * 2:
        return 0
    if not any(sureness == 3 for _field, sureness in matches):
        return 0
    return len(fields)


def _is_neutral(cell: str) -> bool:
    """Whether a cell says nothing for or against a header though a header may have many of them: 3月, 合计, 成员7."""
    if _PERIOD.fullmatch(cell.strip()):
        return True
    return _is_short(cell) and numbered_person(cell) is not None and match_word(cell)[1] < BY_ENDING


def _is_short(cell: str) -> bool:
    return len(cell) <= _LONGEST_CELL or (
        len(cell) <= _LONGEST_EXPLAINED and len(explained(cell)) <= _LONGEST_CELL
    )


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
        is_level = bool(wide) or header_score(rows[number]) >= 2 or _heads_groups(rows, number)
        return len(set(texts)) >= 2 and is_level
    if any(_VALUE.search(half_width(text)) for text in texts):
        return False  # in a CSV numbers are texts: this is the first household
    spans = [span for span in merged if span[0][0] < number <= span[1][0]]
    distinct = set(texts)  # 空关 twice in a row is a vacant home, not two names of columns
    known = sum(1 for text in distinct if match_word(text)[1] >= 2)
    return known * 2 >= len(distinct) and (known >= 2 or bool(spans))


def _heads_groups(rows: Rows, number: int) -> bool:
    """Whether a row without merged cells tells apart what the row below repeats: 业主信息 and 租住信息 above 姓名.

    A CSV has no merged cells: each group holds until the next one.
    """
    lower = _texts(rows[number + 1]) if number + 1 < len(rows) else []
    upper = [*_texts(rows[number]), *[""] * len(lower)][: len(lower)]
    groups: list[str] = []
    for text in upper:
        groups.append(text or "".join(groups[-1:]))
    above: defaultdict[str, list[str]] = defaultdict(list)
    for title, group in zip(map(normal_header, lower), groups, strict=True):
        if title:
            above[title].append(group)
    repeated = [own for own in above.values() if len(own) > 1]
    named = {group for own in repeated for group in own}
    return (
        bool(repeated)
        and "" not in named
        and all(len(set(own)) == len(own) for own in repeated)
        and any(match_holder(group) or is_somebody_else(group) or numbered_person(group) for group in named)
    )


def _paths(levels: list[list[str]], width: int) -> list[list[str]]:
    return [
        list(dict.fromkeys(text for level in levels if (text := level[column]))) for column in range(width)
    ]


def _columns(paths_: list[list[str]]) -> list[Column]:
    found = []
    for index, path in enumerate(paths_):
        field, _sureness = match_path(path)
        field = "" if field == OTHER else field
        title = " ".join((payment_above(path) + "".join(path[-1:])).split())
        above = next((text for text in path[:-1] if is_somebody_else(text) or numbered_person(text)), "")
        if above and not is_somebody_else(title):  # 姓名 and 电话 below 配偶信息
            title = f"{named_person(above)}{title}"
            field = match_word(title)[0] if field in ONLY_HOLDER else field
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
