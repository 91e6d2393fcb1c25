"""The data of charts: frozen dataclasses without sizes, colours or positions.

Every chart has a title and a unit (both may be empty) and the sentence shown while it has no data.
`key` identifies a datum to whoever uses the chart; `tip` is its full text, composed from the rest if empty.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from fuyuan_desk.formats.charts.shapes import Look


@dataclass(frozen=True, slots=True)
class State:
    """An entry of a legend: a state or a series with its look; `short` is written into cells."""

    label: str
    look: Look
    short: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid; `state` indexes the grid's states, None if it is unknown."""

    key: Hashable
    label: str
    state: int | None
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a grid from left to right; None leaves a place blank."""

    label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns with a common heading."""

    label: str
    columns: int


@dataclass(frozen=True)
class Grid:
    """Cells in rows and columns, each in one of a few states: a room chart.

    `heads` are the headings of the columns, none or one for each. The spans of `groups` add up to the columns.
    """

    title: str
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    states: tuple[State, ...]
    empty: str = ""
    unit: str = ""
    heads: tuple[str, ...] = ()
    unknown: str = ""  # the legend's text for cells whose state is unknown

    @property
    def columns(self) -> int:
        """The number of columns."""
        return sum(group.columns for group in self.groups)


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar; a value of None is unknown. `of` is written behind it, such as how many of how many it is."""

    key: Hashable
    label: str
    value: float | None
    look: Look
    tip: str = ""
    of: str = ""


@dataclass(frozen=True)
class Bars:
    """Horizontal bars from zero, in the given order; `most` is the value of the full width, or the largest one."""

    title: str
    bars: tuple[Bar, ...]
    empty: str = ""
    unit: str = ""
    most: float | None = None
    legend: tuple[State, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a curve: its distance along the axis, the label of that place, and its value or None."""

    key: Hashable
    at: float
    label: str
    value: float | None
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A curve with its look."""

    label: str
    look: Look
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """A value to reach, drawn as a dashed line."""

    label: str
    value: float


@dataclass(frozen=True)
class Curve:
    """Progress curves over a common axis from zero to `most`, or to the largest value."""

    title: str
    series: tuple[Series, ...]
    empty: str = ""
    unit: str = ""
    goals: tuple[Goal, ...] = ()
    most: float | None = None


@dataclass(frozen=True)
class HeatMap:
    """Values by row and column; None is unknown. Keys of the elements are (row, column)."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    empty: str = ""
    unit: str = ""
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A period on a timeline; `end` is None while it lasts, and equals `start` for a single day."""

    key: Hashable
    label: str
    start: date
    end: date | None
    look: Look
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The periods of one subject."""

    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Timeline:
    """Periods over a common axis of days from `first` to `last`; `today` is marked."""

    title: str
    lanes: tuple[Lane, ...]
    first: date
    last: date
    today: date | None = None
    empty: str = ""
    unit: str = ""
    legend: tuple[State, ...] = ()


Chart = Grid | Bars | Curve | HeatMap | Timeline
