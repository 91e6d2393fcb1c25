"""Sheets of one workbook that are the same list of several years: 2025年, 2026年; pure functions."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from fuyuan_desk.core.packed import Rows, long_list
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.plan import unit_key
from fuyuan_desk.roster.reading.rows import Problem, RosterRow

_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:年度?|(?=\D|$))(?:[-./]?(?P<month>1[0-2]|0?[1-9])(?:月份?|(?!\d)))?"
)


class Dated(NamedTuple):
    """The name of a sheet without its year, and the year with the month, 0 if none is named."""

    rest: str
    year: int
    month: int


def dated(sheet: str) -> Dated | None:
    """Return what the name of a sheet says of its year, None if it names none or several."""
    name = "".join(sheet.split())
    found = list(_YEAR.finditer(name))
    if len(found) != 1:
        return None
    [one] = found
    return Dated(name[: one.start()] + name[one.end() :], int(one["year"]), int(one["month"] or 0))


def without_older_years(
    rows: Rows[RosterRow], sheets: Sequence[str]
) -> tuple[Rows[RosterRow], list[Problem]]:
    """Leave out the rows of sheets that are older lists of the homes of a newer sheet, and tell of each.

    An older list has at least half of its homes in the newer one, whose name differs by the year alone. The sheets of
    newly built or newly let homes of each year have not, and stay.
    """
    newest = _newest(sheets)
    if not newest:
        return rows, []
    homes: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    concerned = {*newest, *newest.values()}
    for row in rows:
        if row.sheet in concerned:
            homes[row.sheet].add(unit_key(row.estate, row.building, row.entrance, row.unit))
    older = {
        sheet: newer
        for sheet, newer in newest.items()
        if homes[sheet] and len(homes[sheet] & homes[newer]) * 2 >= len(homes[sheet])
    }
    if not older:
        return rows, []
    left: Rows[RosterRow] = long_list(len(rows))
    left.extend(row for row in rows if row.sheet not in older)
    return left, [_told(sheet, newer) for sheet, newer in older.items()]


def _newest(sheets: Sequence[str]) -> dict[str, str]:
    """Return the newest sheet for each older one whose name differs by the year alone."""
    families: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for sheet in sheets:
        if (one := dated(sheet)) is not None:
            families[one.rest].append((one.year, one.month, sheet))
    found: dict[str, str] = {}
    for family in families.values():
        *older, newest = sorted(family)
        found |= {sheet: newest[2] for *day, sheet in older if tuple(day) != newest[:2]}
    return found


def _told(sheet: str, newer: str) -> Problem:
    message = _(
        "This sheet is an older list of the homes on sheet {sheet}. Its rows were left out; put it in a file of its "
        "own and import it first if what it says is needed."
    )
    return Problem(sheet, 1, "A", sheet, message.format(sheet=newer))
