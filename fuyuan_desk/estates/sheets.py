"""The printed room chart (房屋使用情况图) of an estate or a building, on A4 or A3, upright or across.

The wording is in `resources/forms/rooms.json`, that of the states with the job that knows them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import _, in_chinese
from fuyuan_desk.estates.rules.room_states import InState, RoomStates
from fuyuan_desk.estates.rules.rooms import Room, RoomWords, counts_of, floor_name, room_grid, with_counts
from fuyuan_desk.formats.charts.data import Grid
from fuyuan_desk.formats.charts.grid import split
from fuyuan_desk.formats.charts.shapes import Box
from fuyuan_desk.paper import frame, qr
from fuyuan_desk.paper.charts import draw_chart, fitting_size
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import A3, A4, Drawing
from fuyuan_desk.paper.fit import wrap
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.fonts import Style
from fuyuan_desk.paper.posting import Posted

KIND = "FW"
SIZES = {"a4": A4, "a4-across": A4.across, "a3": A3, "a3-across": A3.across}
"""The sizes of paper by their codes."""
_GAP = 3.0  # mm above the chart
_LEGIBLE = 7.0  # points
_HEAD, _CELL = 24.0, 11.2  # mm: title, legend and headings; a row of two lines
_LOWEST, _NARROWEST = 6.2, 5.5  # mm, a row and a column that can be legible
_SUMMARY = 9.0  # points


@dataclass(frozen=True)
class RoomChart(Posted):
    """The content of a room chart; `building` is empty for a whole estate, `uid` is that of the estate.

    `found` is the state of each room by its id, `paper` one of `SIZES`.
    """

    office: str
    estate: str
    building: str
    uid: str
    rooms: tuple[Room, ...]
    found: Mapping[int, InState]
    states: RoomStates
    made: date
    paper: str = "a4"


def room_chart(chart: RoomChart) -> Printed:
    """Print a room chart on as many pages as are needed for legible rooms, split between buildings and floors."""
    wording = read_json("forms", "rooms.json")
    place = wording["part" if chart.building else "whole"].format(
        estate=chart.estate, building=chart.building
    )
    size = SIZES[chart.paper]
    right, bottom = frame.body(size)
    with in_chinese():
        grid = room_grid("", chart.rooms, chart.found, chart.states, _words(wording))
        states = _(chart.states.title)
    total = f"{len(chart.rooms):,}"
    aside = wording["aside"].format(states=states, day=chart.made, total=total)
    blocks: list[Block] = []
    area = Box(frame.LEFT, frame.TOP, right - frame.LEFT, bottom - frame.TOP - _GAP)
    parts = tuple(_parts(replace(grid, title=place), area))
    if len(parts) > 1:  # the legend of each part counts that part alone
        summary = _summary(wording["whole_counts"].format(counts=_counts(grid)), area.w)
        area = replace(area, h=area.h - summary.height)
        count = wording["of_part"]
        parts = tuple(
            replace(part, title=count.format(place=place, count=f"{counts_of(part).total():,}", total=total))
            for part in _parts(replace(grid, title=place), area)
        )
        blocks.append(summary)
    blocks += (_block(number, with_counts(part), area) for number, part in enumerate(parts))
    mark = qr.Mark(KIND, f"{KIND}{chart.made:%Y%m%d}", chart.uid)
    note = wording["private_note" if chart.states.is_private else "note"]
    sheet = frame.Sheet(chart.office, wording["title"], mark, tuple(blocks), note, aside, size)
    return frame.print_sheets([sheet], f"{wording['title']} {place}", chart.office, chart.made)


def _words(wording: dict[str, Any]) -> RoomWords:
    return RoomWords(lambda floor: floor_name(floor, wording["floors"]), wording["unknown_floor"], "")


def _counts(grid: Grid) -> str:
    """Return how many rooms are in each state in use."""
    counts, shown = counts_of(grid), with_counts(grid)
    labels = [state.label for number, state in enumerate(shown.states) if counts[number]]
    return "、".join([*labels, *([f"? {shown.unknown}"] if counts[None] else [])])


def _parts(grid: Grid, area: Box) -> Iterator[Grid]:
    """Yield the grid in as few parts as are legible within the width of the page."""
    columns = max(1, min(grid.columns, int(area.w / _NARROWEST)))
    most = int((area.h - _HEAD) / _LOWEST)
    rows = ceil(len(grid.rows) / max(1, ceil(len(grid.rows) / most)))  # pages of about as many floors
    while columns > 1 and not all(_is_legible(part, area) for part in split(grid, columns, rows)):
        columns -= 1
    parts = split(grid, columns, rows)
    while columns > 1 and len(narrower := split(grid, columns - 1, rows)) == len(parts):
        columns, parts = columns - 1, narrower  # of about the same width
    yield from parts


def _is_legible(part: Grid, area: Box) -> bool:
    return fitting_size(with_counts(part), area.w, _height(part, area), _LEGIBLE) is not None


def _height(grid: Grid, area: Box) -> float:
    """Return the height (mm) for two lines in every cell, at most that of a page."""
    return min(area.h, _HEAD + _CELL * len(grid.rows))


def _fixed(drawing: Drawing, y: float) -> None:
    """Draw nothing: no two sheets have the same chart."""


def _summary(text: str, width: float) -> Block:
    """Return the counts of all parts, above the first one."""
    fitted = wrap(text, Style.SANS, _SUMMARY, width)

    def own(drawing: Drawing, y: float) -> None:
        drawing.lines(frame.LEFT, y + 1.5, fitted)

    return Block(fitted.height + 2.0, ("rooms", "counts"), _fixed, own, keep=True)


def _block(number: int, grid: Grid, area: Box) -> Block:
    height = _height(grid, area)

    def own(drawing: Drawing, y: float) -> None:
        draw_chart(drawing, grid, Box(area.x, y + _GAP, area.w, height))

    return Block(height + _GAP, ("rooms", number), _fixed, own)
