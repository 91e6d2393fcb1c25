"""Cells that say “as above”: 〃 or 同上 alone, or before a room of the house above, as in 〃102室; pure functions."""

import re
from collections.abc import Callable, MutableSequence, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from fuyuan_desk.formats.address import parse_building_unit
from fuyuan_desk.roster.reading.cells import Cell, listed
from fuyuan_desk.roster.reading.places import Place, is_split
from fuyuan_desk.roster.reading.titles import Titled

_QUOTES = frozenset("\"“”'")
_STOPS = " \t,，、。.;；:：-—－/"


@cache
def _beginning() -> re.Pattern[str]:
    marks = "|".join(map(re.escape, sorted(listed("ditto"), key=len, reverse=True)))
    # 〃号102室: the mark stands for the number alone
    # 〃　〃: everything is as above
    return re.compile(
        rf"\s*(?:(?:{marks})[\s{re.escape(_STOPS)}]*)+(?:号楼?|[幢栋座楼室]|单元)?[{re.escape(_STOPS)}]*"
    )


@lru_cache(maxsize=4_096)
def behind_ditto(text: str) -> str | None:
    """Return what stands behind the mark that a text begins with, "" if nothing does; None if it begins with none."""
    found = _beginning().match(text) if text else None
    if found is None:
        return None
    rest = text[found.end() :]
    return None if not _QUOTES.isdisjoint(rest) else rest  # “福元”小区 is a name


def without_ditto(cells: Sequence[Cell]) -> list[Cell]:
    """Return a column in which 〃 and 同上 are replaced by the cell above."""
    ditto = listed("ditto")
    above: Cell = ""
    filled = []
    for cell in cells:
        above = above if cell in ditto else cell
        filled.append(above)
    return filled


def begin_so(texts: Sequence[str]) -> bool:
    """Return whether any text of a column may begin with a mark; cheap, as hardly any column has one."""
    first = {mark[0] for mark in listed("ditto")}
    return not first.isdisjoint({text[:1] for text in texts})


def resolve(texts: MutableSequence[str], is_whole: Callable[[str, str], bool] | None) -> list[int]:
    """Replace the texts of a column of buildings or rooms that begin with a mark, by what is above or behind it.

    `is_whole(rest, above)` says whether what stands behind a mark is meant by itself; None: nothing is, as behind a
    building above it may be a part of that. Return the indexes of the texts that were not understood.
    """
    unclear = []
    for number, text in enumerate(texts):
        if (rest := behind_ditto(text)) is None:
            continue
        above = texts[number - 1] if number else ""
        if not above or (rest and not (is_whole and is_whole(rest, above))):
            unclear.append(number)
        else:
            texts[number] = rest or above
    return unclear


def is_room(rest: str, above: str) -> bool:
    """Return whether a text behind a mark names a room by itself: 102, but 后间 only where no number is above."""
    return rest[0].isdigit() or (_names_room(rest) and not any(map(str.isdigit, above)))


def _names_room(text: str) -> bool:
    inside = parse_building_unit(text)
    return bool(inside.unit) and not (inside.building or inside.entrance or inside.left)


class Below(NamedTuple):
    """Addresses that begin as the one above: the rows of a room alone, and of more than that, by their indexes."""

    rooms: list[int]
    others: list[int]
    unclear: list[int]


def take_addresses(addresses: MutableSequence[str], units: MutableSequence[str]) -> Below:
    """Move what stands behind the marks of a column of addresses to that of the units, if it is a room alone."""
    found = Below([], [], [])
    for number, text in enumerate(addresses):
        if (rest := behind_ditto(text)) is None:
            continue
        inside = parse_building_unit(rest)
        elsewhere = inside.building or inside.entrance or is_split(rest)
        if not number or (inside.left and not rest[:1].isdigit()):
            found.unclear.append(number)
        elif elsewhere:
            found.others.append(number)
            addresses[number], units[number] = ("", rest) if is_split(rest) else (rest, units[number])
        elif rest and units[number] and rest != units[number]:
            found.unclear.append(number)
        else:
            found.rooms.append(number)
            addresses[number], units[number] = "", rest or units[number]
    return found


def put_below(found: list[Place], below: Below, headings: Sequence[Titled]) -> list[int]:
    """Put the rooms of `take_addresses` into the houses above them, others into their estates.

    Return the indexes of rows that are below nothing: another section begins with them, or no building is above, or
    what is above was not understood itself.
    """
    nowhere: list[int] = []
    others, unclear = set(below.others), set(below.unclear)
    for number in sorted((*below.rooms, *below.others)):
        own, above = found[number], found[number - 1]
        is_below = number - 1 not in unclear and (above.building or above.estate)
        if headings[number] != headings[number - 1] or not is_below:
            nowhere.append(number)
            unclear.add(number)
        elif number not in others:
            found[number] = (
                above._replace(unit=own.unit, floor=own.floor, told=own.told) if own.unit else above
            )
        else:
            found[number] = own._replace(
                estate=own.estate or above.estate,
                building=own.building or above.building,
                street=own.street or above.street,
                area=own.area or above.area,
            )
    return nowhere
