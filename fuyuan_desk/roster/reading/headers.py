"""Finding a roster's header rows and the field of each column; pure functions over rows of cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import WORDS, Cell, text_of, words_of
from fuyuan_desk.roster.reading.header_words import (
    BY_ENDING,
    BY_WORD,
    OTHER,
    SURE,
    explained,
    match_holder,
    match_path,
    match_word,
    normal_header,
    payment_above,
)
from fuyuan_desk.roster.reading.whose import (
    is_former,
    is_somebody_else,
    named_person,
    relation_of,
    whose_number,
)

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
    "since": N_("Resident since"),
    "tag": N_("Tag"),
    "remark": N_("Remarks"),
    "other_name": N_("Name of a second holder"),
    "other_phone": N_("Telephone of the second holder"),
    "other_id": N_("ID number of the second holder"),
    IGNORED: N_("Ignore"),
}
PLACE_FIELDS = frozenset(("address", "building", "unit", "lane", "estate"))
_SHARED = frozenset(("estate", "zone", "road", "lane", "sublane", "building", "entrance", "floor"))
SEVERAL = frozenset(
    ("phone", "tag", "remark", "contact", "other_phone", "kin_name", "kin_phone", "kin_id", IGNORED)
)
_ONLY_HOLDER = ("name", "phone", "id")
# where the number of somebody else goes: that of a document stands nowhere whole but with its person
_NUMBER_FIELDS = {"phone": "contact", "id": ""}
_DEEPEST = 4
_LONGEST_CELL, _LONGEST_EXPLAINED = 40, 300
_LOOK_DOWN = 60
_FILLED_FORM = re.compile(r":\s*[^\s:]")
_VALUE = re.compile(r"\d{5}|\d(?:[号室幢栋]|单元)|^\d+(?:\.\d+)?$")
_HOUSE = re.compile(r"\d(?:[号幢栋室](?!码)|单元)")
_KIN = frozenset(
    (
        "spouse",
        "child",
        "child-in-law",
        "grandchild",
        "parent",
        "parent-in-law",
        "grandparent",
        "sibling",
        "relative",
    )
)
_CONTACT_NAME = re.compile(r"紧急联[系络]人(?:姓名)?$|监护人(?:姓名)?$")
_TELEPHONE = re.compile(r"(?:联系)?(?:电话|手机|方式)(?:号码?)?$")
_FIGURES = re.compile(r"\d{2}|\d[号室幢栋]")


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


# ---- finding the header ----


def _texts(row: Sequence[Cell]) -> list[str]:
    return [text_of(cell) for cell in row]


def header_score(row: Sequence[Cell]) -> int:
    """Count the distinct fields a row names, 0 if it does not look like a header."""
    filled = [cell for cell in row if cell != "" and cell is not None]
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
        return len(set(texts)) >= 2 and (bool(wide) or header_score(rows[number]) >= 2)
    if any(_VALUE.search(half_width(text)) for text in texts):
        return False  # in a CSV numbers are texts: this is the first household
    spans = [span for span in merged if span[0][0] < number <= span[1][0]]
    distinct = set(texts)  # 空关 twice in a row is a vacant home, not two names of columns
    known = sum(1 for text in distinct if match_word(text)[1] >= 2)
    return known * 2 >= len(distinct) and (known >= 2 or bool(spans))


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
        above = next((text for text in path[:-1] if is_somebody_else(text)), "")
        if above and not is_somebody_else(title):  # 姓名 and 电话 below 配偶信息
            title = f"{named_person(above)}{title}"
            field = match_word(title)[0] if field in _ONLY_HOLDER else field
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
    """Split a header in which room and name repeat from left to right into the tables beside each other.

    Their other columns may differ. What stands before the first of them belongs to each: 楼层 | 室号 姓名 | 室号 姓名.
    """
    named = [column for column in columns if column.title]
    titles = [normal_header(column.title) for column in named]
    for start, title in enumerate(titles):
        starts = [index for index, other in enumerate(titles) if other == title]
        if len(starts) < 2 or named[start].field == "name":
            continue
        groups = [named[first:last] for first, last in pairwise([*starts, len(named)])]
        if all(_is_table(group) for group in groups):
            shared = [column for column in named[:start] if column.field in _SHARED]
            alone = [column for column in named[:start] if column.field not in _SHARED]
            return [[*shared, *(alone if group is groups[0] else ()), *group] for group in groups]
    return [list(columns)]


def _is_table(columns: Sequence[Column]) -> bool:
    fields = {column.field for column in columns}
    return "name" in fields and bool(fields & PLACE_FIELDS)


_NAME_RANK = {
    HoldingRole.OWNER: 0,
    HoldingRole.TENANT: 1,
    None: 2,
    HoldingRole.OCCUPANT: 3,
    HoldingRole.RENTER: 4,
}


def settle(columns: Sequence[Column]) -> list[Column]:
    """Assign each field to one column, and a second holder's columns to the second holder."""
    columns = _with_contacts(_without_former(_without_kin(_without_weak(columns))))
    names = sorted(
        (column for column in columns if column.field == "name"),
        key=lambda column: (_NAME_RANK[column.holder], *_preference(column)),
    )
    first = names[0] if names else None
    second = next((column for column in names[1:] if column.holder != names[0].holder), None)
    columns = _with_kin(_without_others(columns, [one for one in (first, second) if one is not None]))
    is_said = second is not None and any(
        column.field in _NUMBER_FIELDS and _is_of(column, second) for column in columns
    )
    taken: dict[str, Column] = {}
    for column in sorted(columns, key=_preference):
        field = _for_whom(column, first, second, names)
        if second is not None and is_said and column.field in _NUMBER_FIELDS and column.holder is None:
            # where 共有人身份证号 says that it is the second one's, 身份证号 is the first one's
            field = (OTHER_HOLDER if _is_of(column, second) else "") + column.field
        if field and (field in SEVERAL or field not in taken):
            taken.setdefault(field, column)
            taken[f"{field}@{column.index}"] = column
    chosen = {column.index: key.split("@")[0] for key, column in taken.items() if "@" in key}
    return [
        Column(column.index, column.title, chosen.get(column.index, ""), column.holder, column.guessed)
        for column in columns
    ]


def _without_weak(columns: Sequence[Column]) -> list[Column]:
    """Return the columns without fields that only a word inside the header suggests, where another column is sure."""
    sure = {column.field for column in columns if column.field and _sureness(column) > BY_WORD}
    return [
        replace(column, field="") if column.field in sure and _sureness(column) == BY_WORD else column
        for column in columns
    ]


def _without_kin(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns without those of a holder's spouse or children as names of holders: 配偶姓名."""
    kin = tuple(word for word, code in words_of("relations").items() if code in _KIN and len(word) > 1)
    return [
        replace(column, field="") if column.field == "name" and column.title.startswith(kin) else column
        for column in columns
    ]


def _without_former(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns without those of former holders as names where another one names holders: 原业主, 姓名."""
    if all(is_former(column.title) for column in columns if column.field == "name"):
        return columns
    return [
        replace(column, field="") if column.field == "name" and is_former(column.title) else column
        for column in columns
    ]


def _is_of(column: Column, name: Column) -> bool:
    """Return whether the title of a column of numbers names who stands in a column of names: 共有人身份证, 共有人."""
    return whose_number(column.title) == named_person(name.title) != ""


def _without_others(columns: Sequence[Column], names: Sequence[Column]) -> list[Column]:
    """Return the columns in which the numbers of somebody who is in none of the columns of names are no holder's."""
    holders = {named_person(name.title) for name in names}
    members = {named_person(word) for word in paths.read_json(*WORDS)["members"]["always"]}
    members &= {named_person(column.title) for column in columns if column.field not in _NUMBER_FIELDS}
    found = []
    for column in columns:
        whom = whose_number(column.title) if column.field in _NUMBER_FIELDS else ""
        if whom and whom not in holders and match_word(column.title)[1] < SURE:
            instead = OTHER_HOLDER + column.field if whom in members else _NUMBER_FIELDS[column.field]
            column = replace(column, field=instead)
        found.append(column)
    return found


def _with_kin(columns: Sequence[Column]) -> list[Column]:
    """Return the columns with those of relatives who have a name and a document in columns: 儿子姓名, 儿子身份证."""
    named = {named_person(column.title): column for column in columns if column.field in ("", "contact")}
    found: dict[int, str] = {}
    for column in columns:
        whom = whose_number(column.title)
        name = named.get(whom)
        if column.field or match_word(column.title)[0] != "id" or name is None or not relation_of(whom):
            continue
        found |= {column.index: "kin_id", name.index: "kin_name"}
        found |= {
            other.index: "kin_phone"
            for other in columns
            if other.field in ("phone", "contact") and other is not name and whose_number(other.title) == whom
        }
    return [
        replace(column, field=found[column.index]) if column.index in found else column for column in columns
    ]


def _with_contacts(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns with 联系人电话 and 代理人电话 as other contacts where a column names that person.

    A telephone right of 紧急联系人 or 监护人, or of what these are to the holder, is theirs, too.
    """
    others = [
        normal_header(column.title) for column in columns if column.title and column.field in ("", "contact")
    ]
    return [
        replace(column, field="contact")
        if column.field == "phone"
        and (_names_one_of(column, others) or _CONTACT_NAME.search(_named_before(columns, place)))
        else column
        for place, column in enumerate(columns)
    ]


def _names_one_of(column: Column, others: Sequence[str]) -> bool:
    whose = _TELEPHONE.sub("", normal_header(column.title))
    return len(whose) > 1 and any(other.startswith(whose) or other.endswith(whose) for other in others)


def _named_before(columns: Sequence[Column], place: int) -> str:
    """Return whom the column left of a telephone that names nobody is of; one of relations between is passed over."""
    if _TELEPHONE.sub("", normal_header(columns[place].title)):
        return ""
    before = [normal_header(column.title) for column in columns[max(0, place - 2) : place]]
    if before and before[-1].endswith("关系"):
        before.pop()
    return before[-1] if before else ""


def _sureness(column: Column) -> int:
    field, sureness = match_word(column.title)
    return sureness if field == column.field else BY_ENDING  # named by the header's levels together


def chosen_twice(columns: Sequence[Column]) -> list[Column]:
    """Return the columns of the first field that several columns have though one can have it; [] if there is none."""
    for column in columns:
        same = [other for other in columns if other.field == column.field]
        if column.field and column.field not in SEVERAL and len(same) > 1:
            return same
    return []


def _preference(column: Column) -> tuple[int, bool, int]:
    return -_sureness(column), is_second_choice(column), column.index


def is_second_choice(column: Column) -> bool:
    """Whether another column of the field is rather meant: 常住人数 than 户籍人数, 室号 than 户号."""
    title = normal_header(column.title)
    return any(word in title for word in _less_preferred())


@cache
def _less_preferred() -> tuple[str, ...]:
    return tuple(paths.read_json(*WORDS)["second_choice"])


def _index(column: Column) -> int:
    return column.index


def _for_whom(column: Column, first: Column | None, second: Column | None, names: Sequence[Column]) -> str:
    if column.field not in _ONLY_HOLDER or first is None:
        return column.field
    if column.field == "name":
        return "name" if column is first else OTHER_HOLDER + "name" if column is second else ""
    if second is not None and column.holder == second.holder and column.holder is not None:
        return OTHER_HOLDER + column.field
    # columns that name no holder belong to the name they follow
    nearest = max((name for name in names if name.index < column.index), key=_index, default=first)
    if second is not None and column.holder is None and nearest not in (first, second):
        return ""  # a third one's number: it is kept in the remarks
    if (
        second is not None
        and column.holder is None
        and second.index < column.index
        and first.index < second.index
    ):
        return OTHER_HOLDER + column.field
    return column.field
