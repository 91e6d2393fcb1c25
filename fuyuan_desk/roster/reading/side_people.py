"""Columns of several people beside each other: 业主1, 电话, 业主2, 电话; 姓名, 电话, 备注, 姓名, 电话, 备注; pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from fuyuan_desk.core import paths
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.cells import WORDS
from fuyuan_desk.roster.reading.header_words import normal_header
from fuyuan_desk.roster.reading.headers import (
    NUMBER_FIELDS,
    OTHER_HOLDER,
    PLACE_FIELDS,
    SHARED_PLACES,
    Column,
)
from fuyuan_desk.roster.reading.whose import (
    is_about,
    named_person,
    number_after,
    number_behind,
    numbered_person,
    relation_of,
    whose_number,
)

KIN_REMARK, OTHER_REMARK = "kin_remark", OTHER_HOLDER + "remark"
_REMARK = re.compile("的?(?:备注|说明)$")
_CO_OWNER = "共有人"
_OF_MEMBER = {"phone": "kin_phone", "id": "kin_id", "relation": "kin_relation"}
_OF_HOME = PLACE_FIELDS | SHARED_PLACES | {"seq", "name"}


def repeated_titles(columns: Sequence[Column]) -> frozenset[str]:
    """Return the titles that occur behind several people: each of these columns is about the one whom it follows."""
    where: defaultdict[str, set[int]] = defaultdict(set)
    people = 0
    for column in columns:
        if _heads_block(column):
            people += 1
        elif people and column.title and column.field not in _OF_HOME:
            where[normal_header(column.title)].add(people)
    return frozenset(title for title, behind in where.items() if len(behind) > 1)


def _heads_block(column: Column) -> bool:
    is_relative = not column.field and bool(relation_of(named_person(column.title)))
    return column.field == "name" or is_relative or numbered_person(column.title) is not None


def numbered(columns: Sequence[Column], repeated: Collection[str]) -> Sequence[Column]:
    """Return the columns with a number behind a title of names that occurs again: 姓名, 电话, 姓名, 电话.

    So has 姓名 behind 户主 if what follows them is `repeated`.
    """
    seen: Counter[tuple[str, HoldingRole | None]] = Counter()
    anybody = frozenset(map(normal_header, paths.read_json(*WORDS)["members"]["beside"]))
    found = []
    for column in columns:
        if column.field == "name":
            title = normal_header(column.title)
            if (
                repeated
                and title in anybody
                and column.holder is None
                and (None in {who for _t, who in seen})
            ):
                seen[title, None] += not seen[title, None]
            seen[title, column.holder] += 1
            if (count := seen[title, column.holder]) > 1:
                column = replace(column, title=f"{column.title}{count}")
        found.append(column)
    return found


def with_members(columns: Sequence[Column], repeated: Collection[str]) -> Sequence[Column]:
    """Return the columns of numbered people as theirs: 业主1, 电话, 业主2, 电话; 成员1, 与户主关系, 身份证号, 成员2 …

    So are those behind a relative, as 户主, 身份证, 配偶, 身份证. A number behind a title says whose it is, wherever it
    stands: 业主1, 业主2, 电话1, 电话2. The first owner is the holder, and has what occurs only once; what is `repeated`
    is of the person whom it follows, though a column of the home stands between.
    """
    people: dict[str, str] = {}  # by number
    counts = Counter(column.field for column in columns)
    whom, before, found = "", "", []
    for column in columns:
        title = number_after(normal_header(column.title))
        number = number_behind(title)
        is_repeated = normal_header(column.title) in repeated
        if found_person := numbered_person(title):
            is_member = found_person["member"] is not None
            is_holder = not is_member and number == "1" and found_person["word"] != _CO_OWNER
            whom = before = "" if is_holder else found_person["word"] + found_person["number"]
            if whom:
                people[number] = whom
                column = replace(column, title=f"{whom}姓名", field="kin_name")
        elif not column.field and relation_of(named_person(column.title)):
            whom = before = named_person(column.title)
        elif column.field in _OF_MEMBER:
            named = next((one for one in people.values() if is_about(title, one)), "")
            own = named or (people.get(number, "") if number else whom or (before if is_repeated else ""))
            is_shared = not named and not _is_member(own) and counts[column.field] == 1
            if own and not is_shared and (said := whose_number(title)) in ("", own):
                title = number_after(column.title) if named or said else f"{own}{column.title}"
                # of a relative without a number her name and what follows say whether she is one of the household
                field = _OF_MEMBER[column.field] if own in people.values() else column.field
                column = replace(column, title=title, field=field)
        elif column.field == "remark" and (own := _whose_remark(title)):
            column = replace(column, field=KIN_REMARK if own in people.values() else "", holder=None)
        elif is_repeated and before:
            field = KIN_REMARK if before in people.values() else ""
            column = replace(column, title=f"{before}{column.title}", field=field, holder=None)
        elif column.field:
            whom = ""
            before = "" if column.field == "name" else before
        found.append(column)
    return found


def _whose_remark(title: str) -> str:
    """Return whom a title of remarks names, "" for the holder or the home: 配偶备注, 成员1备注."""
    whom = _REMARK.sub("", title)
    return whom if whom != title and (relation_of(whom) or numbered_person(whom)) else ""


def _is_member(whom: str) -> bool:
    found = numbered_person(whom)
    return found is not None and found["member"] is not None


def of_their_blocks(
    columns: Sequence[Column], first: Column, second: Column | None, repeated: Collection[str]
) -> list[Column]:
    """Return the columns of which the titles are `repeated` behind another name than the first one's as hers.

    What is not the second holder's goes to contacts and remarks, with her title: 业主, 电话, 产权人, 电话.
    """
    found = []
    before: Column | None = None
    for column in columns:
        if column.field == "name":
            before = column
        elif column.field.startswith("kin_") or (
            not column.field and relation_of(named_person(column.title))
        ):
            before = None
        elif before not in (None, first) and normal_header(column.title) in repeated:
            column = _as_hers(column, before, before is second)
        found.append(column)
    return found


def _as_hers(column: Column, name: Column, is_second: bool) -> Column:
    if is_second and column.field in NUMBER_FIELDS:
        return column
    whom = named_person(name.title)
    field = OTHER_REMARK if is_second else NUMBER_FIELDS.get(column.field, "")
    title = f"{whom}{column.title}"
    return replace(column, title=title, field=field, holder=None, whose="" if is_second else whom)
