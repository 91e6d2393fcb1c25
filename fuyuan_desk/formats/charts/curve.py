"""Geometry of progress curves: axes with round values, goals as dashed lines, points with their values."""

from collections.abc import Iterator
from dataclasses import dataclass

from fuyuan_desk.formats.charts.data import Curve, Point, State
from fuyuan_desk.formats.charts.fitting import are_whole, number_text, ticks
from fuyuan_desk.formats.charts.frame import empty, fitted, head
from fuyuan_desk.formats.charts.shapes import (
    UNKNOWN,
    UNKNOWN_SIGN,
    Box,
    Element,
    Ink,
    Layout,
    Look,
    Polyline,
    Rectangle,
    Ruler,
    Shape,
    Size,
    Text,
)

_PAD = 0.4  # em
_LOWEST = 4.5  # em, height of the plot
_POINT, _TARGET = 0.45, 1.4  # em, side of a point and of the area to click
_TICKS = 5


@dataclass(frozen=True)
class _Plot:
    """The area of the curves, and its scales."""

    box: Box
    first: float
    last: float
    most: float

    def x(self, at: float) -> float:
        """Return the horizontal position of a distance along the axis."""
        extent = self.last - self.first
        return self.box.x + (self.box.w * (at - self.first) / extent if extent else self.box.w / 2)

    def y(self, value: float) -> float:
        """Return the vertical position of a value."""
        return self.box.bottom - self.box.h * min(max(value, 0.0), self.most) / self.most


def lay_out_curve(chart: Curve, width: float, height: float, ruler: Ruler) -> Layout:
    """Lay out curves for a box; the result is higher if the box is too low for them."""
    points = [point for series in chart.series for point in series.points]
    if not points:
        return empty(chart.title, chart.unit, chart.empty, width, height, ruler)
    em = ruler.em
    legend = [State(series.label, series.look) for series in chart.series]
    above = head(chart.title, chart.unit, legend, width, ruler)
    known = [point.value for point in points if point.value is not None]
    most = max((chart.most or 0.0, *known, *(goal.value for goal in chart.goals)))
    marks = ticks(most, _TICKS, whole=are_whole(known))
    texts = [number_text(mark) for mark in marks]
    left = min(max(ruler.width(text, Size.SMALL) for text in texts), width / 4) + 2 * _PAD * em
    top = above.bottom + 1.3 * em  # room for the value of the highest point
    room = max(_LOWEST * em, height - top - 1.6 * em)
    side = min(1.2 * em, (width - left) / 4)
    box = Box(left + side, top, max(0.0, width - left - 2 * side), room)
    plot = _Plot(box, min(p.at for p in points), max(p.at for p in points), marks[-1])
    shapes = [*above.shapes, *_axes(plot, marks, texts, left, ruler), *_goals(chart, plot, width, ruler)]
    shapes += _places(points, plot, width, ruler)
    elements: list[Element] = []
    taken: list[Box] = []
    for number, series in enumerate(chart.series):
        shapes += _lines(series.points, series.look, plot)
        for column, point in enumerate(series.points):
            drawn = _point(point, series.look, plot, width, taken, ruler)
            shapes += drawn
            tip = point.tip or f"{series.label}\n{point.label}: {_shown(point, chart.unit)}"
            elements.append(Element(point.key, _target(point, plot, width, ruler), tip, number, column))
    return Layout(
        width, max(height, box.bottom + 1.6 * em), 0.0, above.bottom, tuple(shapes), tuple(elements)
    )


def _shown(point: Point, unit: str = "") -> str:
    return UNKNOWN_SIGN if point.value is None else number_text(point.value, unit)


def _axes(
    plot: _Plot, marks: tuple[float, ...], texts: list[str], left: float, ruler: Ruler
) -> Iterator[Shape]:
    line = ruler.line[Size.SMALL] * 1.2
    pad = _PAD * ruler.em
    for mark, text in zip(marks, texts, strict=True):
        y = plot.y(mark)
        yield Polyline(((left, y), (plot.box.right, y)), Ink.LINE if mark else Ink.MUTED)
        box = Box(pad, y - line / 2, max(0.0, left - 2 * pad), line)
        yield fitted(box, text, ruler, Size.SMALL, "right", Ink.MUTED)


def _goals(chart: Curve, plot: _Plot, width: float, ruler: Ruler) -> Iterator[Shape]:
    line = ruler.line[Size.SMALL] * 1.2
    for goal in chart.goals:
        y = plot.y(goal.value)
        yield Polyline(((plot.box.x, y), (plot.box.right, y)), Ink.TEXT, dashed=True)
        natural = ruler.width(goal.label, Size.SMALL)
        room = min(natural, plot.box.w)
        yield fitted(Box(plot.box.x, y - line, room, line), goal.label, ruler, Size.SMALL)


def _places(points: list[Point], plot: _Plot, width: float, ruler: Ruler) -> Iterator[Shape]:
    """Yield the labels along the axis, leaving out those that would touch the one before; the last one stays."""
    em = ruler.em
    places = sorted({(point.at, point.label) for point in points})
    free = 0.0
    *others, (last_at, last) = places
    last_box = _place_box(plot.x(last_at), last, plot, width, ruler)
    for at, label in others:
        box = _place_box(plot.x(at), label, plot, width, ruler)
        if box.x >= free and box.right + 0.5 * em <= last_box.x:
            yield fitted(box, label, ruler, Size.SMALL, "middle", Ink.MUTED)
            free = box.right + 0.5 * em
    yield fitted(last_box, last, ruler, Size.SMALL, "middle", Ink.MUTED)


def _place_box(x: float, label: str, plot: _Plot, width: float, ruler: Ruler) -> Box:
    room = min(ruler.width(label, Size.SMALL), width)
    left = min(max(0.0, x - room / 2), width - room)
    return Box(left, plot.box.bottom + 0.2 * ruler.em, room, 1.3 * ruler.em)


def _lines(points: tuple[Point, ...], look: Look, plot: _Plot) -> Iterator[Polyline]:
    """Yield the curve, interrupted where a value is unknown."""
    run: list[tuple[float, float]] = []
    for point in (*points, Point(None, 0, "", None)):
        if point.value is not None:
            run.append((plot.x(point.at), plot.y(point.value)))
            continue
        if len(run) > 1:
            yield Polyline(tuple(run), look)
        run = []


def _target(point: Point, plot: _Plot, width: float, ruler: Ruler) -> Box:
    side = min(_TARGET * ruler.em, width)
    y = plot.y(point.value or 0.0)
    return Box(min(max(0.0, plot.x(point.at) - side / 2), width - side), y - side / 2, side, side)


def _point(
    point: Point, look: Look, plot: _Plot, width: float, taken: list[Box], ruler: Ruler
) -> Iterator[Shape]:
    """Yield the mark of a point, and its value above or below it where that covers no other value."""
    em = ruler.em
    x, y = plot.x(point.at), plot.y(point.value or 0.0)
    side = _POINT * em
    shown = UNKNOWN if point.value is None else look
    yield Rectangle(Box(x - side / 2, y - side / 2, side, side), shown, dashed=point.value is None)
    text = _shown(point)
    wide, line = ruler.width(text, Size.SMALL), ruler.line[Size.SMALL]
    if wide > width:
        return
    left = min(max(0.0, x - wide / 2), width - wide)
    for top in (y - side / 2 - line - 0.1 * em, y + side / 2 + 0.1 * em):
        box = Box(left, top, wide, line)
        if box.bottom <= plot.box.bottom + 1e-9 and not any(box.meets(other) for other in taken):
            taken.append(box)
            yield Text(box, text, text, Size.SMALL, "middle")
            return
