"""Choosing among a roster's columns: tables side by side, one column for each field, whose numbers are whose."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from fuyuan_desk.core import paths
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.cells import WORDS, listed, words_of
from fuyuan_desk.roster.reading.header_words import BY_ENDING, BY_WORD, SURE, match_word, normal_header
from fuyuan_desk.roster.reading.headers import (
    NUMBER_FIELDS,
    ONLY_HOLDER,
    OTHER_HOLDER,
    PLACE_FIELDS,
    SEVERAL,
    SHARED_PLACES,
    Column,
)
from fuyuan_desk.roster.reading.side_people import numbered, of_their_blocks, repeated_titles, with_members
from fuyuan_desk.roster.reading.whose import (
    before_number,
    is_former,
    is_own_word,
    named_person,
    names_nobody,
    relation_of,
    whose_number,
)

_OF_PLACE = SHARED_PLACES | PLACE_FIELDS
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
_WAS = ("原", "旧", "老", "曾用")
_OF_HOMES = re.compile(
    "坐落|座落|房屋|房产|物业|不动产|房间|门牌|标准|位置|资源|长名称|全[名称]|小区|项目|楼盘|产权"
)
_LANDLORD = re.compile("房东|出租人|出租方")
_LIVING = (None, HoldingRole.RENTER, HoldingRole.OCCUPANT)
_OF_WHO_LIVES = frozenset(("id", "registered_at"))
_SURE_HOLDERS = (HoldingRole.OWNER, HoldingRole.TENANT, HoldingRole.RENTER)
_HEAD = "户主"
_PERSON = re.compile("[人者员长主方]$")  # 申请人; 更正后 below 更正后姓名 is the holder's
_NAME_RANK = {
    HoldingRole.OWNER: 0,
    HoldingRole.TENANT: 1,
    None: 2,
    HoldingRole.OCCUPANT: 3,
    HoldingRole.RENTER: 4,
}


def side_by_side(columns: Sequence[Column]) -> list[list[Column]]:
    """Split a header in which room and name repeat from left to right into the tables beside each other.

    Their other columns may differ, those of the place not where the names come first: 姓名 电话 室号 | 姓名 电话 室号.
    What stands before the first of them belongs to each: 楼层 | 室号 姓名 | 室号 姓名.
    """
    named = [column for column in columns if column.title]
    titles = [normal_header(column.title) for column in named]
    for start, title in enumerate(titles):
        starts = [index for index, other in enumerate(titles) if other == title]
        if len(starts) < 2:
            continue
        groups = [named[first:last] for first, last in pairwise([*starts, len(named)])]
        if named[start].field == "name" and len(set(map(_places, groups))) > 1:
            continue
        if all(_is_table(group) for group in groups):
            shared = [column for column in named[:start] if column.field in SHARED_PLACES]
            alone = [column for column in named[:start] if column.field not in SHARED_PLACES]
            return [[*shared, *(alone if group is groups[0] else ()), *group] for group in groups]
    return [list(columns)]


def _is_table(columns: Sequence[Column]) -> bool:
    fields = {column.field for column in columns}
    return "name" in fields and bool(fields & PLACE_FIELDS)


def _places(columns: Sequence[Column]) -> frozenset[str]:
    return frozenset(normal_header(column.title) for column in columns if column.field in _OF_PLACE)


def settle(columns: Sequence[Column]) -> list[Column]:
    """Assign each field to one column, and a second holder's columns to the second holder."""
    columns = _without_other_addresses(columns)
    columns = _without_kin(_without_weak(columns))
    repeated = repeated_titles(columns)
    columns = _with_contacts(_without_former(with_members(numbered(columns, repeated), repeated)))
    names = sorted(
        (column for column in columns if column.field == "name"),
        key=lambda column: (_NAME_RANK[column.holder], *_preference(column)),
    )
    names = _before_landlord(names, columns)
    first = names[0] if names else None
    second = next((column for column in names[1:] if column.holder != names[0].holder), None)
    columns = _without_others(columns, [one for one in (first, second) if one is not None])
    columns = _with_kin(_of_no_holder(columns, names, second))
    if first is not None:
        columns = of_their_blocks(columns, first, second, repeated)
    is_said = second is not None and any(
        column.field in NUMBER_FIELDS and _is_of(column, second) for column in columns
    )
    taken: dict[str, Column] = {}
    for column in sorted(columns, key=_preference):
        field = _for_whom(column, first, second, names, columns)
        if second is not None and is_said and column.field in NUMBER_FIELDS and column.holder is None:
            # where 共有人身份证号 says that it is the second one's, 身份证号 is the first one's
            field = (OTHER_HOLDER if _is_of(column, second) else "") + column.field
        if field and (field in SEVERAL or field not in taken):
            taken.setdefault(field, column)
            taken[f"{field}@{column.index}"] = column
    chosen = {column.index: key.split("@")[0] for key, column in taken.items() if "@" in key}
    return [replace(column, field=chosen.get(column.index, "")) for column in columns]


def _before_landlord(names: list[Column], columns: Sequence[Column]) -> list[Column]:
    """Return the columns of names with that of a list's people first if their landlord stands behind: 姓名, …, 房东.

    In a register of those who moved in, the documents and registered addresses are theirs. Whose relation to a head
    is said heads the list wherever the landlord stands; a list of renters without one is one of their landlords.
    """
    if not names or not is_landlord(names[0]):
        return names
    before = [column for column in names[1:] if column.index < names[0].index and column.holder in _LIVING]
    between = {
        column.field
        for column in columns
        if before and before[0].index < column.index < names[0].index and not whose_number(column.title)
    }
    members = paths.read_json(*WORDS)["members"]["always"]
    if between & _OF_WHO_LIVES or (before and before[0].holder is not HoldingRole.RENTER):
        first = before[0]
    elif any(column.field == "relation" for column in columns) and not any(
        normal_header(column.title) in members for column in columns
    ):
        first = next((column for column in names[1:] if column.holder is not HoldingRole.OWNER), names[0])
    else:
        return names
    return [first, *(name for name in names if name is not first)]


def is_landlord(column: Column) -> bool:
    """Return whether a column of names is that of landlords: 房东姓名, 出租人."""
    return _LANDLORD.search(column.title) is not None


def _without_weak(columns: Sequence[Column]) -> list[Column]:
    """Return the columns without fields that only a word inside the header suggests, where another column is sure."""
    sure = {column.field for column in columns if column.field and _sureness(column) > BY_WORD}
    return [
        replace(column, field="") if column.field in sure and _sureness(column) == BY_WORD else column
        for column in columns
    ]


def _without_other_addresses(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns without 联系地址, 家庭住址 and the like beside building and room: they name no home."""
    sure = {column.field for column in columns if _sureness(column) >= SURE}
    if not {"building", "unit"} <= sure:
        return columns
    return [
        replace(column, field="") if column.field == "address" and _is_elsewhere(column.title) else column
        for column in columns
    ]


def _is_elsewhere(title: str) -> bool:
    plain = normal_header(title)
    return plain not in listed("addresses_of_homes") and _OF_HOMES.search(plain) is None


def _without_kin(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns without those of a holder's spouse or children as names of holders: 配偶姓名."""
    kin = tuple(word for word, code in words_of("relations").items() if code in _KIN and len(word) > 1)
    return [
        replace(column, field="") if column.field == "name" and column.title.startswith(kin) else column
        for column in columns
    ]


def _without_former(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns without those of former holders and places beside the present ones: 原门牌 beside 现门牌."""
    present = {column.field for column in columns if not _is_former(column)}
    return [
        replace(column, field="") if column.field in present and _is_former(column) else column
        for column in columns
    ]


def _is_former(column: Column) -> bool:
    was = column.field in PLACE_FIELDS and column.title.startswith(_WAS)
    return was or (column.field == "name" and is_former(column.title))


def _is_of(column: Column, name: Column) -> bool:
    """Return whether the title of a column of numbers names who stands in a column of names: 共有人身份证, 共有人."""
    return whose_number(column.title) == named_person(name.title) != ""


def _without_others(columns: Sequence[Column], names: Sequence[Column]) -> list[Column]:
    """Return the columns in which the numbers of somebody who is in none of the columns of names are no holder's."""
    holders = {named_person(name.title) for name in names}
    members = {named_person(word) for word in paths.read_json(*WORDS)["members"]["always"]}
    members &= {named_person(column.title) for column in columns if column.field not in NUMBER_FIELDS}
    found = []
    for column in columns:
        whom = whose_number(column.title) if column.field in NUMBER_FIELDS else ""
        if whom and whom not in holders and match_word(column.title)[1] < SURE:
            instead = OTHER_HOLDER + column.field if whom in members else NUMBER_FIELDS[column.field]
            column = replace(column, field=instead)
        found.append(column)
    return found


def _of_no_holder(
    columns: Sequence[Column], names: Sequence[Column], second: Column | None
) -> Sequence[Column]:
    """Return the columns with 租客手机 beside 户主, or 申请人电话 beside 户主 and 申请人, as no holder's.

    Beside 姓名, who may be the renter, that is sure only where there is another telephone.
    """
    if not names:
        return columns
    first, roles = names[0], {name.holder for name in names}
    if any(map(is_landlord, names[1:])) or (is_landlord(first) and len(names) > 1):
        roles.add(HoldingRole.RENTER)  # 租客电话 beside 姓名 and 房东 is hers who lives there
    dropped = {named_person(name.title) for name in names[1:] if name is not second}
    found = []
    for column in columns:
        whom = before_number(column.title) if column.field in NUMBER_FIELDS else ""
        if whom in dropped and _PERSON.search(whom) and not is_own_word(whom):
            is_sure = True
        elif whom and column.holder is not None and column.holder not in roles and _is_others(column, first):
            is_sure = first.holder in _SURE_HOLDERS or _HEAD in first.title
            is_sure = is_sure or any(
                other.field == column.field and other is not column and not whose_number(other.title)
                for other in columns
            )
        else:
            found.append(column)
            continue
        field = NUMBER_FIELDS[column.field] if is_sure else column.field
        found.append(replace(column, field=field, holder=None, whose=whom))
    return found


def _is_others(column: Column, first: Column) -> bool:
    """Return whether a column's title names a renter or landlord, and the names are not hers: 租客手机 beside 户主."""
    if column.holder is HoldingRole.RENTER:
        return first.holder is not HoldingRole.RENTER
    is_renting = first.holder in (HoldingRole.RENTER, HoldingRole.TENANT)
    return column.holder is HoldingRole.OWNER and (
        is_renting or (first.holder is not HoldingRole.OWNER and _LANDLORD.search(column.title) is not None)
    )


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
    holders = {named_person(column.title) for column in columns if column.field == "name"}
    others = [
        normal_header(column.title) for column in columns if column.title and column.field in ("", "contact")
    ]
    return [
        replace(column, field="contact")
        if column.field == "phone"
        and (_names_one_of(column, others, holders) or _CONTACT_NAME.search(_named_before(columns, place)))
        else column
        for place, column in enumerate(columns)
    ]


def _names_one_of(column: Column, others: Sequence[str], holders: Collection[str]) -> bool:
    whose = _TELEPHONE.sub("", normal_header(column.title))
    if whose in holders:
        return False  # 承租人电话 beside 承租人 and 承租人家属
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


def _is_seconds(
    column: Column, nearest: Column, first: Column, second: Column, columns: Sequence[Column]
) -> bool:
    """Return whether a column that names nobody is the second holder's: 电话 behind 业主 and 租客.

    It is of the one whom it follows, unless she alone has a column of her own for it: 姓名, 房东, 房东电话, 电话.
    """
    other = first if nearest is second else second
    alike = [one for one in columns if one.field == column.field and one is not column]
    has_own = nearest.holder is not None and any(one.holder == nearest.holder for one in alike)
    if has_own and other.index < column.index and all(one.holder == nearest.holder for one in alike):
        return other is second
    return nearest is second


def _is_residents(column: Column, resident: Column, landlord: Column, columns: Sequence[Column]) -> bool:
    """Return whether 本人电话, or the only telephone, right of 姓名 and 房东 is hers who lives there."""
    if names_nobody(column.title):
        others = (one for one in columns if one.field == column.field and one is not column)
        is_right = resident.index < landlord.index < column.index
        return is_right and all(one.holder is HoldingRole.OWNER for one in others)
    return before_number(column.title) in listed("who_lives_there") or column.holder is not None


def _for_whom(
    column: Column,
    first: Column | None,
    second: Column | None,
    names: Sequence[Column],
    columns: Sequence[Column],
) -> str:
    if column.field not in ONLY_HOLDER or first is None:
        return column.field
    if column.field == "name":
        return "name" if column is first else OTHER_HOLDER + "name" if column is second else ""
    if second is not None and column.holder == second.holder and column.holder is not None:
        return OTHER_HOLDER + column.field
    if second is not None and (landlord := next(filter(is_landlord, (second, first)), None)) is not None:
        resident = first if landlord is second else second
        if column.holder is not HoldingRole.OWNER and _is_residents(column, resident, landlord, columns):
            return column.field if resident is first else OTHER_HOLDER + column.field
    # columns that name no holder belong to the name they follow
    nearest = max((name for name in names if name.index < column.index), key=_index, default=first)
    if second is not None and column.holder is None and nearest not in (first, second):
        return ""  # a third one's number: it is kept in the remarks
    if second is not None and column.holder is None and _is_seconds(column, nearest, first, second, columns):
        return OTHER_HOLDER + column.field
    return column.field
