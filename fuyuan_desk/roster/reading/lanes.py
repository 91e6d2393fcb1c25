"""The lanes that titles name, with their streets: 南昌路108弄、120弄 above rows that say 108 or 120弄; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby

from fuyuan_desk.core.packed import renewed
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.address import parse_address
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.parts import Survey
from fuyuan_desk.roster.reading.places import Place
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.reading.titles import lanes_named, road_named, together

_LANES = re.compile(r"\d+[A-Za-z]?弄?(?:[、,./\-]\d+[A-Za-z]?弄?)*(?<=弄)")
_NUMBER = re.compile(r"\d+[A-Za-z]?")
_HOUSE_IN_LANE = re.compile(r"(\d+[A-Za-z]?弄)(?=\d)")


class Titled:
    """What the titles of a table say of lanes.

    `lanes` are those of the nearest title that names any, each with its street; `road` is the street of them all, ""
    for several. `own` is the lane of rows that name none, "" where the title leaves it open, which `is_open` says.
    """

    def __init__(self, titles: Sequence[str], sheet: str) -> None:
        named = next(filter(None, map(lanes_named, titles)), {})
        self.lanes: Mapping[str, str] = named
        roads = set(named.values()) or set(filter(None, map(road_named, titles)))
        self.road = roads.pop() if len(roads) == 1 else ""
        alone = [lane for title in (*titles, sheet) if _LANES.fullmatch(lane := half_width(title).strip())]
        self.own = next((lane for lane in alone if len(named) > 1 and lane in named), "")
        self.is_open = len(named) > 1 and not self.own

    def street_of(self, lanes: str) -> str:
        """Return lanes with their street before them, as they are where no title says it."""
        roads = {self.lanes.get(f"{number}弄", self.road) for number in _NUMBER.findall(lanes)}
        return (roads.pop() if len(roads) == 1 else "") + lanes


@lru_cache(maxsize=64)
def titled(table_title: str, sheet: str, stem: str) -> Titled:
    """Return what the titles above a table, and the names of its sheet and file say of lanes."""
    return Titled((*table_title.split("\n"), sheet, stem), sheet)


def with_streets(one: Survey, stem: str) -> Survey:
    """Return a survey whose lanes have the street that the titles name."""
    said = titled(one.table.title, one.table.sheet, stem)
    if not said.lanes and not said.road:
        return one
    addresses = {_with_street(said, estate): street for estate, street in one.addresses.items()}
    return one._replace(found=renewed(one.found, partial(_placed, said)), addresses=addresses)


def _with_street(said: Titled, lanes: str) -> str:
    return said.street_of(lanes) if _LANES.fullmatch(lanes) else lanes


def _placed(said: Titled, place: Place) -> Place:
    estate, building, told = place.estate, place.building, place.told
    if not estate and len(said.lanes) > 1:
        found = _HOUSE_IN_LANE.match(building)
        estate = found[1] if found else said.own
        if found:
            building = building[found.end() :]
            told = "、".join(one for one in told.split("、") if one != found[1])
    own = "" if estate == place.estate else estate
    whole, street = _with_street(said, estate), _with_street(said, place.street or own)
    if (whole, street) == (place.estate, place.street):
        return place
    return place._replace(estate=whole, building=building, street=street, told=told)


def about_lanes(surveys: Sequence[Survey], stem: str, is_one: bool) -> Iterator[Problem]:
    """Yield what the clerk must know: rows of which no cell says the lane, and lanes that the title does not name.

    `is_one`: the clerk has said that all are one estate.
    """
    for _key, parts in groupby(surveys, key=lambda one: id(one.table)):
        yield from _about_table(list(parts), stem, is_one)


def _about_table(parts: Sequence[Survey], stem: str, is_one: bool) -> Iterator[Problem]:
    table = parts[0].table
    said = titled(table.title, table.sheet, stem)
    if not said.lanes:
        return
    rows = [(one.row_of(index), place) for one in parts for index, place in enumerate(one.found)]
    if said.is_open:
        yield from _about_open(table, rows, together(said.lanes), is_one)
    seen = set(said.lanes)
    for row, place in rows if said.road else ():
        lane = parse_address(place.street).lane if place.street.startswith(said.road) else ""
        if lane not in seen and any(f"{number}弄" not in said.lanes for number in _NUMBER.findall(lane)):
            message = _("The title names {lanes}, this row another lane. Check it.")
            yield _problem(table, row, lane, message.format(lanes=together(said.lanes)))
        seen.add(lane)


def _about_open(
    table: Table, rows: Sequence[tuple[int, Place]], lanes: str, is_one: bool
) -> Iterator[Problem]:
    open_rows = [row for row, place in rows if not place.estate]
    if len(open_rows) < len(rows):
        message = _(
            "The title names several lanes, and this row does not say which one it is in. Enter the lane."
        )
        yield from (_problem(table, row, lanes, message) for row in open_rows)
    elif not is_one:
        message = _(
            "The title names several lanes, and no row says which one it is in: the same number in another lane is "
            "another house. Add a column 弄号, or name the estate if it is one."
        )
        yield _problem(table, open_rows[0], lanes, message)


def _problem(table: Table, row: int, value: str, message: str) -> Problem:
    column = next((column.letter for field in ("lane", "building") for column in table.of(field)), "")
    return Problem(table.sheet, row, column, value, message, field="lane")
