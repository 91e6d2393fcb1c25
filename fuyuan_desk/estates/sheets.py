"""The printed room chart (房屋使用情况图) of an estate or a building.

The wording is in `resources/forms/rooms.json`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.estates.rules.rooms import Room, RoomState, RoomWords, floor_name, room_grid
from fuyuan_desk.formats.charts.data import Grid
from fuyuan_desk.formats.charts.grid import split
from fuyuan_desk.formats.charts.shapes import Box
from fuyuan_desk.paper import frame, qr
from fuyuan_desk.paper.charts import draw_chart, fitting_size
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.paper.drawing import Drawing
from fuyuan_desk.paper.flow import Block
from fuyuan_desk.paper.posting import Posted

KIND = "FW"
_GAP = 3.0  # mm above the chart
_ROOM = frame.BOTTOM - frame.TOP - _GAP
_MOST_ROWS = 40  # that are legible on one page
_LEGIBLE = 7.0  # points
_HEAD, _CELL = 24.0, 11.2  # mm: title, legend and headings; a row of two lines


@dataclass(frozen=True)
class RoomChart(Posted):
    """The content of a room chart; `building` is empty for a whole estate, `uid` is that of the estate."""

    office: str
    estate: str
    building: str
    uid: str
    rooms: tuple[Room, ...]
    made: date


def room_chart(chart: RoomChart) -> Printed:
    """Print a room chart on as many pages as are needed for legible rooms."""
    wording = read_json("forms", "rooms.json")
    place = wording["part" if chart.building else "whole"].format(
        estate=chart.estate, building=chart.building
    )
    summary = wording["summary"].format(total=f"{len(chart.rooms):,}")
    title, words = f"{place}　{summary}", _words(wording)
    parts = tuple(_parts(room_grid(title, chart.rooms, words)))
    if len(parts) > 1:  # counts of the whole would be read as those of a part
        parts = tuple(_parts(room_grid(title, chart.rooms, words, counted=False)))
    blocks = tuple(_block(number, part) for number, part in enumerate(parts))
    mark = qr.Mark(KIND, f"{KIND}{chart.made:%Y%m%d}", chart.uid)
    sheet = frame.Sheet(chart.office, wording["title"], mark, blocks, wording["note"])
    return frame.print_sheets([sheet], f"{wording['title']} {place}", chart.office, chart.made)


def _words(wording: dict[str, Any]) -> RoomWords:
    return RoomWords(
        {state: tuple(wording["states"][state]) for state in RoomState},
        lambda floor: floor_name(floor, wording["floors"]),
        wording["unknown_floor"],
        wording["unknown_state"],
        "",
    )


def _parts(grid: Grid) -> Iterator[Grid]:
    """Yield the grid in as few parts as are legible within the width of the page; only the first has the title."""
    columns = grid.columns
    while columns > 1 and not all(map(_is_legible, split(grid, columns, _MOST_ROWS))):
        columns -= 1
    for number, part in enumerate(split(grid, columns, _MOST_ROWS)):
        yield replace(part, title="") if number else part


def _is_legible(part: Grid) -> bool:
    return fitting_size(part, frame.CONTENT, _height(part), _LEGIBLE) is not None


def _height(grid: Grid) -> float:
    """Return the height (mm) for two lines in every cell, at most that of a page."""
    return min(_ROOM, _HEAD + _CELL * len(grid.rows))


def _block(number: int, grid: Grid) -> Block:
    height = _height(grid)

    def fixed(drawing: Drawing, y: float) -> None:
        """Draw nothing: no two sheets have the same chart."""

    def own(drawing: Drawing, y: float) -> None:
        draw_chart(drawing, grid, Box(frame.LEFT, y + _GAP, frame.CONTENT, height))

    return Block(height + _GAP, ("rooms", number), fixed, own)
