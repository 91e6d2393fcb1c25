"""The shapes of a laid-out chart, independent of screen and paper.

All lengths are in the unit of the box that the chart is laid out for (pixels or mm), from the top left corner.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The colour of a shape, by its meaning; each painter has its own palette."""

    NEUTRAL = "neutral"
    OK = "ok"
    WARN = "warn"
    ERROR = "error"
    INFO = "info"
    ACCENT = "accent"
    UNKNOWN = "unknown"


class Pattern(StrEnum):
    """The pattern of a shape, legible without colour."""

    PLAIN = "plain"
    DOTS = "dots"
    RISING = "rising"
    FALLING = "falling"
    LEVEL = "level"
    UPRIGHT = "upright"
    CROSSED = "crossed"
    GRID = "grid"


class Ink(StrEnum):
    """The colour of lines and text."""

    TEXT = "text"
    MUTED = "muted"
    LINE = "line"


class Size(StrEnum):
    """The size of a text."""

    TITLE = "title"
    TEXT = "text"
    SMALL = "small"


class Layer(StrEnum):
    """What stays in place while the body of a chart scrolls."""

    STILL = "still"
    ROWS = "rows"  # scrolls vertically only: the labels at the left
    COLUMNS = "columns"  # scrolls horizontally only: the headings
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Look:
    """Colour and pattern of a state or a series; `level` from 0 to 1 darkens the colour."""

    tone: Tone = Tone.NEUTRAL
    pattern: Pattern = Pattern.PLAIN
    level: float = 0.0


UNKNOWN = Look(Tone.UNKNOWN, Pattern.PLAIN)
UNKNOWN_SIGN = "?"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    def contains(self, x: float, y: float) -> bool:
        """Return whether a point is inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def meets(self, other: "Box") -> bool:
        """Return whether two rectangles overlap."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def inside(self, other: "Box", slack: float = 1e-6) -> bool:
        """Return whether this rectangle is within another, but for `slack`."""
        return (
            self.x >= other.x - slack
            and self.y >= other.y - slack
            and self.right <= other.right + slack
            and self.bottom <= other.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled rectangle with an outline in the colour of its look; `dashed` marks what is unknown or open."""

    box: Box
    look: Look
    layer: Layer = Layer.BODY
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Polyline:
    """Connected straight lines, in a neutral colour or, as the curve of a series, in that of its look."""

    points: tuple[tuple[float, float], ...]
    ink: Ink | Look = Ink.LINE
    layer: Layer = Layer.BODY
    dashed: bool = False

    @property
    def box(self) -> Box:
        """The bounds of the points."""
        left, top = (min(point[axis] for point in self.points) for axis in (0, 1))
        right, bottom = (max(point[axis] for point in self.points) for axis in (0, 1))
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text, vertically centred in its box.

    `full` is the text before it was elided. A text over a pattern has a `plate`: its box is filled in that look.
    """

    box: Box
    text: str
    full: str = ""
    size: Size = Size.TEXT
    align: str = "left"  # "left", "middle" or "right"
    ink: Ink = Ink.TEXT
    layer: Layer = Layer.BODY
    plate: Look | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the text was elided."""
        return self.full not in ("", self.text)


Shape = Rectangle | Polyline | Text


@dataclass(frozen=True, slots=True)
class Element:
    """What can be focused: a cell, a bar, a point or a span, with its place among the others.

    `key` is the datum's own key, `tip` its full text in one or more lines.
    """

    key: Hashable
    box: Box
    tip: str
    row: int
    column: int

    @property
    def name(self) -> str:
        """The text for a screen reader, in one line."""
        return self.tip.replace("\n", ", ")


@dataclass(frozen=True, slots=True)
class Layout:
    """A laid-out chart of `width` × `height`; its body begins at `left`, `top` and may be larger than asked for."""

    width: float
    height: float
    left: float
    top: float
    shapes: tuple[Shape, ...]
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Ruler:
    """Measures text: `width(text, size)` of a line, and the height of a line of each size."""

    width: Callable[[str, Size], float]
    line: Mapping[Size, float]

    @property
    def em(self) -> float:
        """The height of a line of normal text, to which all distances are proportional."""
        return self.line[Size.TEXT]
