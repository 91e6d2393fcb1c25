"""Names such as 东苑 in titles: an estate's own name, or a part of an estate that something else names; pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from fuyuan_desk.core.packed import Rows, renewed
from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.parts import Survey
from fuyuan_desk.roster.reading.places import Place
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.reading.titles import (
    Titled,
    is_address,
    lanes_named,
    part_of_estate,
    read_title,
    resembles_estate,
)

_JOINED = re.compile("[、,，/]|(?<=[区苑里村坊邨园厦])[和及与]")
# A苑 and 一苑 number the parts of an estate
_EITHER = re.compile("[东西南北中甲乙丙丁]苑")


def may_be_estate(part: str) -> bool:
    """Return whether the part of an estate may be one of its own by its name: 东苑."""
    return _EITHER.fullmatch(part) is not None


def whole_estate(titled: Titled) -> str:
    """Return the estate that a title names, "" where it may be a part of one: 东苑 of 东苑3号楼业主名册."""
    return "" if may_be_estate(titled.estate) else titled.estate


def either(titled: Titled) -> str:
    """Return what a title names that may be an estate or a part of one, "" for none."""
    return next(filter(may_be_estate, (titled.estate, titled.building)), "")


def building_in(titled: Titled, estates: Collection[str]) -> str:
    """Return the building that a title names in the estates of its rows: 东苑1号楼 in 福元小区, 1号楼 in 东苑."""
    part = either(titled)
    if not part:
        return titled.building
    inside = "" if titled.building == part else titled.building
    return inside if any(estate.endswith(part) for estate in estates) else part + inside


def titled_part(titles: Sequence[str], of_table: Sequence[Survey]) -> str:
    """Return what the titles of a table call it that may be its estate, "" where its rows name another one.

    `of_table` are the surveys of its parts.
    """
    part = next(filter(None, (either(read_title(title)) for title in titles)), "")
    if not part:
        return ""
    homes = {(place.estate, part_of_estate(place.building)) for one in of_table for place in one.found}
    others = {inside for _estate, inside in homes if may_be_estate(inside)} - {part}
    is_named = any(estate and not is_address(estate) for estate, _inside in homes)
    return "" if others or is_named else part


def without_own_parts(found: Sequence[Rows[Place]], names: Sequence[Mapping[str, str]]) -> list[Rows[Place]]:
    """Return the places without the estate's own name before a building: 东苑3号楼 in 东苑 is 3号楼."""
    return [
        renewed(of_part, partial(_without_part, named))
        if any(map(_ends_in_part, named.values()))
        else of_part
        for of_part, named in zip(found, names, strict=True)
    ]


def _ends_in_part(estate: str) -> bool:
    return may_be_estate(estate[-2:]) and not several_in(estate)


def _without_part(named: Mapping[str, str], place: Place) -> Place:
    part = part_of_estate(place.building)
    if not may_be_estate(part) or not named[place.estate].endswith(part):
        return place
    return place._replace(building=place.building.removeprefix(part))


def several_in(name: str) -> tuple[str, ...]:
    """Return the estates that one name joins, () for the name of one: 福元小区、桂香小区."""
    pieces = tuple(_JOINED.split(name))
    return pieces if len(pieces) > 1 and all(map(resembles_estate, pieces)) and not lanes_named(name) else ()


def about_several(
    surveys: Sequence[Survey], names: Sequence[Mapping[str, str]], requested: str
) -> Iterator[Problem]:
    """Yield a problem for each table below the name of several estates, at the first row that does not say its own.

    There is none where the clerk has `requested` one for all.
    """
    told: set[int] = set()
    for one, named in zip(surveys, names, strict=True):
        several = several_in(named.get("", ""))
        if requested or not several or id(one.table) in told:
            continue
        index = next((index for index, place in enumerate(one.found) if _is_open(place, several)), None)
        if index is not None:
            told.add(id(one.table))
            message = _("The title names several estates, and this row says none of them. Add a column 小区.")
            yield Problem(one.table.sheet, one.row_of(index), "", named[""], message, field="estate")


def _is_open(place: Place, several: Sequence[str]) -> bool:
    return not place.estate and not place.building.startswith(tuple(several))


def about_parts(tables: Mapping[str, Table]) -> list[Problem]:
    """Return a problem for each estate of which the name may be that of a part, at the first row of its first table."""
    message = _(
        "«{name}» was taken for the name of the estate, as no other is named. If it is a part of one, enter the name "
        "of the estate."
    )
    return [
        Problem(table.sheet, table.numbers[0] + 1, "", part, message.format(name=part), field="estate")
        for part, table in tables.items()
    ]
