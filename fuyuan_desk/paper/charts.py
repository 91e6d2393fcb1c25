"""Charts on paper: the geometry of the screen in mm, in fixed pale colours with patterns that survive a photocopy."""

from collections.abc import Iterator

from fuyuan_desk.formats.charts.data import Chart
from fuyuan_desk.formats.charts.layout import extent, lay_out
from fuyuan_desk.formats.charts.patterns import strokes
from fuyuan_desk.formats.charts.shapes import (
    Box,
    Ink,
    Layout,
    Look,
    Polyline,
    Rectangle,
    Ruler,
    Size,
    Text,
    Tone,
)
from fuyuan_desk.paper.drawing import UNIT, Drawing
from fuyuan_desk.paper.fit import POINT
from fuyuan_desk.paper.fonts import Style, measure

BEST, SMALLEST = 9.0, 6.0  # points, size of the text
_LINE = 1.22  # em, height of a line
_SIZES = {Size.TITLE: (Style.BOLD, 1.1), Size.TEXT: (Style.SANS, 1.0), Size.SMALL: (Style.SANS, 0.85)}
_MIDDLE = 0.36  # em, height of the middle of a Chinese character above the baseline
_STEP = 1.5  # mm between the lines of a pattern
_PATTERN, _EDGE, _CURVE = 0.35, 0.4, 1.2  # points, widths of lines
_SLACK = 0.01  # mm
_GREYS = {Ink.TEXT: 0.0, Ink.MUTED: 0.25, Ink.LINE: 0.75}
_STROKE = 0.35  # grey of patterns
_FILLS = {
    Tone.NEUTRAL: (1.0, 1.0, 1.0),
    Tone.OK: (0.89, 0.95, 0.90),
    Tone.WARN: (1.0, 0.95, 0.84),
    Tone.ERROR: (0.99, 0.91, 0.90),
    Tone.INFO: (0.89, 0.94, 0.98),
    Tone.ACCENT: (0.96, 0.90, 0.88),
    Tone.UNKNOWN: (0.87, 0.87, 0.87),
}


def ruler(size: float) -> Ruler:
    """Return the ruler of texts of `size` points, in mm."""

    def width(text: str, kind: Size) -> float:
        style, share = _SIZES[kind]
        return measure(text, style) * size * share * POINT

    return Ruler(width, {kind: share * size * POINT * _LINE for kind, (_, share) in _SIZES.items()})


def fitting_size(chart: Chart, width: float, height: float, smallest: float = SMALLEST) -> float | None:
    """Return the size of text (points) at which a chart fits into a box in mm, or None if it is too large."""
    size = BEST
    while size >= smallest:
        wide, high = extent(chart, width, height, ruler(size))
        if wide <= width + _SLACK and high <= height + _SLACK:
            return size
        size -= 0.5
    return None


def draw_chart(drawing: Drawing, chart: Chart, box: Box) -> Layout:
    """Draw a chart into a box in mm, its text as large as fits, and return its layout from the box's corner.

    Raises `ValueError` for a chart that is too large even at the smallest size; split it (`grid.split`).
    """
    size = fitting_size(chart, box.w, box.h)
    if size is None:
        raise ValueError(f"{chart.title} does not fit into {box.w:.0f} × {box.h:.0f} mm")
    layout = lay_out(chart, box.w, box.h, ruler(size))
    _Pen(drawing, box.x, box.y, size).draw(layout)
    return layout


class _Pen:
    """Draws shapes at an offset in mm."""

    def __init__(self, drawing: Drawing, x: float, y: float, size: float) -> None:
        self._drawing = drawing
        self._x, self._y, self._size = x, y, size

    def draw(self, layout: Layout) -> None:
        """Draw all shapes: the lines of the background, areas, curves, then texts."""
        lines = [shape for shape in layout.shapes if isinstance(shape, Polyline)]
        for line in lines:
            if line.ink is Ink.LINE:
                self._line(line)
        for shape in layout.shapes:
            if isinstance(shape, Rectangle):
                self._rectangle(shape)
        for line in lines:
            if line.ink is not Ink.LINE:
                self._line(line)
        for shape in layout.shapes:
            if isinstance(shape, Text) and shape.text:
                self._text(shape)

    def _rectangle(self, shape: Rectangle) -> None:
        area = self._area(shape.box)
        found = strokes(shape.look.pattern, shape.box, _STEP)
        lines = [f"{self._at(x0, y0)} m {self._at(x1, y1)} l" for x0, y0, x1, y1 in found.lines]
        dots = [
            self._area(Box(x - radius, y - radius, 2 * radius, 2 * radius)) + " re"
            for x, y, radius in found.dots
        ]
        dash = "[2 1.5] 0 d " if shape.dashed else ""
        parts = [f"q {_colour(shape.look)} rg {area} re f"]
        if lines:
            parts.append(f"0 J {_STROKE:.2f} G {_PATTERN} w {' '.join(lines)} S")
        if dots:
            parts.append(f"{_STROKE:.2f} g {' '.join(dots)} f")
        parts.append(f"0 G {dash}{_EDGE} w {area} re S Q")
        self._drawing.operators.append(" ".join(parts))

    def _line(self, line: Polyline) -> None:
        is_curve = isinstance(line.ink, Look)
        grey = _GREYS[line.ink] if isinstance(line.ink, Ink) else 0.0
        dash = "[2 1.5] 0 d " if line.dashed else ""
        (first, *others) = line.points
        path = " ".join([f"{self._at(*first)} m", *(f"{self._at(*point)} l" for point in others)])
        self._drawing.operators.append(f"q {grey:.2f} G {dash}{_CURVE if is_curve else _EDGE} w {path} S Q")

    def _text(self, text: Text) -> None:
        style, share = _SIZES[text.size]
        size = self._size * share
        box = text.box
        if text.plate is not None:
            self._drawing.operators.append(f"q {_colour(text.plate)} rg {self._area(box)} re f Q")
        x = box.x + {"left": 0.0, "middle": box.w / 2, "right": box.w}[text.align]
        y = box.y + box.h / 2 + _MIDDLE * size * POINT
        self._drawing.text(self._x + x, self._y + y, text.text, style, size, text.align)

    def _at(self, x: float, y: float) -> str:
        return f"{(self._x + x) * UNIT:.2f} {(self._drawing.height - self._y - y) * UNIT:.2f}"

    def _area(self, box: Box) -> str:
        return f"{self._at(box.x, box.bottom)} {box.w * UNIT:.2f} {box.h * UNIT:.2f}"


def _colour(look: Look) -> str:
    return " ".join(_darker(_FILLS[look.tone], look.level))


def _darker(fill: tuple[float, float, float], level: float) -> Iterator[str]:
    for part in fill:
        yield f"{part * (1 - 0.3 * level):.2f}"
