"""Which homes, households and people of the estate book may be one and the same; pure functions."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates.rules.people import Period
from fuyuan_desk.formats.names import half_width

_BLANKS = re.compile(r"\s+")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_ROOM_END = re.compile(r"(?<=[0-9a-z])(?:室|房间|房|户|号|#)$")
_ENTRANCE_END = re.compile(r"(?<=.)(?:单元|门洞|号门|梯)$")
_WITH_ENTRANCE = re.compile(r"(.+?(?:单元|门洞|号门))(.+)")
_BUILDING_END = re.compile(r"(?<=[0-9a-z])(?:号楼|号|幢|栋|座|#)$")
_MOST_PAIRED = 6  # of more that are alike, each is paired with the first only


class Likeness(Code):
    """What two records have in common."""

    ROOM = "room", N_("Same room number")
    REAL_ESTATE = "real-estate", N_("Same real-estate unit")
    OTHER_ID = "other-id", N_("Same number in another system")
    NAME = "name", N_("Same name")
    PAPER = "paper", N_("Same ID number")


def _plain(text: str) -> str:
    return _ZEROS.sub("", _BLANKS.sub("", half_width(text)).casefold())


def room_key(entrance: str, label: str) -> tuple[str, str]:
    """Return what is equal for two spellings of one room: 101室, 101, 0101 and １０１ are one.

    So are 1单元101 and 101 of the entrance 1单元.
    """
    if not entrance and (both := _WITH_ENTRANCE.fullmatch(_plain(label))):
        entrance, label = both.groups()
    return _ENTRANCE_END.sub("", _plain(entrance)), _ROOM_END.sub("", _plain(label))


def building_key(label: str) -> str:
    """Return what is equal for two spellings of one building: 4号, 4幢, 04号楼 and 4 are one."""
    return _BUILDING_END.sub("", _plain(label))


def overlap(first: Period, second: Period) -> bool:
    """Return whether two times have a day in common, as far as their days are known."""
    return _begins_before_end(first, second) and _begins_before_end(second, first)


def _begins_before_end(one: Period, other: Period) -> bool:
    return one.start is None or other.end is None or one.start < other.end


def alike(keys: Iterable[tuple[int, Hashable]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of records, lower id first, that have the same key."""
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for record, key in keys:
        groups[key].append(record)
    for ids in groups.values():
        ordered = sorted(ids)
        if len(ordered) <= _MOST_PAIRED:
            yield from combinations(ordered, 2)
        else:
            yield from ((ordered[0], other) for other in ordered[1:])
