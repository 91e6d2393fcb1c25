"""Titles of two kinds of holders in an order, and the cells below: 业主/租户 above 张三/李四; pure functions."""

import re
from functools import lru_cache
from typing import NamedTuple

from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import Cell, text_of
from fuyuan_desk.roster.reading.header_words import match_holder
from fuyuan_desk.roster.reading.name_cells import read_names
from fuyuan_desk.roster.reading.people import NameCell, Named, may_be_name

_SLASHED = re.compile(r"(?P<first>[^/|()]*)[/|](?P<second>[^/|()]+)")
_BRACKETED = re.compile(r"(?P<first>[^/|()]*)\((?P<second>[^()]+)\)[^()]{0,3}")
_HEAD = "户主"


class Both(NamedTuple):
    """The roles that a title names, the first one "" for 户主; and how it parts them, as the cells below it do."""

    first: str
    second: str
    parting: re.Pattern[str]


@lru_cache(maxsize=1_024)
def both_in(title: str) -> Both | None:
    """Return the two roles that a title of names says, None if it does not name two."""
    text = half_width(title)
    for parting in (_SLASHED, _BRACKETED):
        if (found := parting.fullmatch(text)) is None:
            continue
        first, second = map(match_holder, found.groups())
        if second is None or first is second or (first is None and _HEAD not in found["first"]):
            continue
        if first is not HoldingRole.RENTER:
            return Both(first.value if first else "", second.value, parting)
    return None


def begins_with_second(text: str) -> bool:
    """Return whether a cell of two leaves out the first: /13…, （13…）."""
    return half_width(text).strip().startswith(("/", "|", "("))


def read_both(cell: Cell, both: Both) -> NameCell:
    """Read a cell below a title of two: who stands first, and second, has the role of that place."""
    text = half_width(text_of(cell)).strip()
    found = both.parting.fullmatch(text)
    if found is None:
        return read_names(cell)
    people: list[Named] = []
    for part, role in zip(found.groups(), (both.first, both.second), strict=True):
        read = read_names(part.strip())
        of_part = read.everybody or ((Named(read.name, "", read.note),) if read.name else ())
        if read.doubt or not all(may_be_name(one.name) for one in of_part):
            return read_names(cell)  # 张三（党员）
        people += [one._replace(role=one.role or role) for one in of_part]
    return NameCell(people[0].name, people[0].note, tuple(people)) if people else read_names(cell)
