"""Rows that meet in one home though an unknown column differs: told, never merged in silence; pure functions."""

import re
from collections.abc import Iterator, Mapping, Sequence

from fuyuan_desk.core.packed import Rows
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.cells import canonical_unit, listed
from fuyuan_desk.roster.reading.extras import COMMENT
from fuyuan_desk.roster.reading.header_words import match_word
from fuyuan_desk.roster.reading.headers import PLACE_FIELDS, Column, field_label
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.levels import FIELDS, FILLED_DOWN
from fuyuan_desk.roster.reading.plan import PlaceKey, building_key
from fuyuan_desk.roster.reading.rows import Problem, RosterRow

# what else is added to the remarks says something of people: a former owner, the number of a spouse
_MAY_TELL = frozenset(("", *FILLED_DOWN, *PLACE_FIELDS, *FIELDS))
_ROOMS = re.compile("[、，,/&]")
Unknown = Mapping[str, Sequence[Column]]


def unknown_columns(tables: Sequence[Table]) -> Unknown:
    """Return by sheet the columns that are added to the remarks because their titles are not known."""
    found: dict[str, dict[str, Column]] = {}
    for table in tables:
        for column in table.of(""):
            if column.title and match_word(column.title)[0] in _MAY_TELL and not _is_extra(column.title):
                found.setdefault(table.sheet, {}).setdefault(column.title, column)
    return {sheet: [*columns.values()] for sheet, columns in found.items()}


def _is_extra(title: str) -> bool:
    return title == COMMENT or title in listed("fills")


def tell_meetings(rows: Rows[RosterRow], unknown: Unknown) -> Iterator[Problem]:
    """Yield a problem for each row in the home of an earlier one that says something else in an unknown column."""
    if not unknown:
        return
    titles = {sheet: [column.title for column in columns] for sheet, columns in unknown.items()}
    first: dict[PlaceKey, tuple[str, int, dict[str, str]]] = {}
    houses: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.fault:
            continue
        house = houses.get((row.estate, row.building))
        if house is None:
            house = houses[row.estate, row.building] = building_key(row.building, row.estate)
        place = (row.estate, house, row.entrance, canonical_unit(row.unit))
        said = _said(row.remarks, titles.get(row.sheet, ()))
        sheet, number, other = first.setdefault(place, (row.sheet, row.row, said))
        if said == other or (sheet, number) == (row.sheet, row.row):
            continue
        for column in unknown.get(row.sheet, ()):
            if column.title in titles.get(sheet, ()) and said.get(column.title) != other.get(column.title):
                yield _problem(row, column, sheet, number)


def _said(remarks: str, titles: Sequence[str]) -> dict[str, str]:
    """Return what remarks say of each title: 支座：甲；备注 → 支座 is 甲."""
    found = {}
    for part in remarks.split("；"):
        title = next((title for title in titles if part.startswith(f"{title}：")), "")
        if title:
            found[title] = part
    return found


def _problem(row: RosterRow, column: Column, sheet: str, number: int) -> Problem:
    message = _(
        "The same home is in row {row} of sheet {sheet}, but what they say in «{title}» differs, a column that is "
        "unknown. If it tells homes apart, choose what it is, such as “{part}”, “{entrance}” or “{zone}”."
    ).format(
        row=number,
        sheet=sheet,
        title=column.title,
        part=field_label("part"),
        entrance=field_label("entrance"),
        zone=field_label("zone"),
    )
    return Problem(row.sheet, row.row, column.letter, column.title, message, home=row.home)


def tell_overlaps(rows: Rows[RosterRow]) -> Iterator[Problem]:
    """Yield a problem for each row of several rooms in one cell, such as 301、302, of which another row has one."""
    # most rows of a list have one of few labels
    joined = {unit for unit in {row.unit for row in rows} if _ROOMS.search(unit)}
    if not joined:
        return
    several = {place: row for row in rows if row.unit in joined and not row.fault for place in _rooms_of(row)}
    message = _(
        "Together with others this room is one home in row {row} of sheet {sheet}. Give each room a row of its own."
    )
    for row in rows:
        whole = several.get((row.estate, row.building, row.entrance, canonical_unit(row.unit)))
        if whole is not None:
            text = message.format(row=whole.row, sheet=whole.sheet)
            yield Problem(row.sheet, row.row, "", f"{row.building}{row.unit}", text, home=row.home)


def _rooms_of(row: RosterRow) -> list[PlaceKey]:
    parts = [part.removesuffix("室") for part in _ROOMS.split(row.unit) if part]
    return [(row.estate, row.building, row.entrance, canonical_unit(f"{part}室")) for part in parts]
