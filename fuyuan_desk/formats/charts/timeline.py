"""Geometry of a timeline: a lane for each subject, periods as bars over an axis of days."""

from collections.abc import Iterator
from datetime import date

from fuyuan_desk.formats.charts.data import Lane, Span, Timeline
from fuyuan_desk.formats.charts.frame import empty, fitted, head
from fuyuan_desk.formats.charts.shapes import (
    Box,
    Element,
    Ink,
    Layer,
    Layout,
    Look,
    Polyline,
    Rectangle,
    Ruler,
    Shape,
    Size,
    Text,
)

_LEAST, _HIGHEST = 1.9, 2.6  # em, height of a lane
_PAD = 0.4
_LABEL_SHARE = 0.35
_DAY = 0.5  # em, least width of a period


def lay_out_timeline(chart: Timeline, width: float, height: float, ruler: Ruler) -> Layout:
    """Lay out a timeline for a box; the result is higher if the lanes need more room."""
    if not any(lane.spans for lane in chart.lanes):
        return empty(chart.title, chart.unit, chart.empty, width, height, ruler)
    above = head(chart.title, chart.unit, chart.legend, width, ruler)
    em = ruler.em
    axis = 1.4 * em
    row = min(max((height - above.bottom - axis) / len(chart.lanes), _LEAST * em), _HIGHEST * em)
    widest = max(ruler.width(lane.label, Size.TEXT) for lane in chart.lanes)
    left = min(widest, _LABEL_SHARE * width) + 2 * _PAD * em
    plot = Box(left, above.bottom + axis, max(0.0, width - left), row * len(chart.lanes))
    shapes = [*above.shapes, *_axis(chart, plot, axis, ruler)]
    elements: list[Element] = []
    for number, lane in enumerate(chart.lanes):
        y = plot.y + number * row
        label = Box(_PAD * em, y, left - 2 * _PAD * em, row)
        shapes.append(fitted(label, lane.label, ruler, align="right"))
        for column, (span, box) in enumerate(_boxes(chart, lane, plot, y, row, ruler)):
            shapes += _span(span, box, ruler)
            elements.append(Element(span.key, box, span.tip or _tip(lane, span), number, column))
    if chart.today is not None and chart.first <= chart.today <= chart.last:
        x = plot.x + plot.w * _share(chart, chart.today)
        shapes.append(Polyline(((x, plot.y), (x, plot.bottom)), Ink.TEXT, dashed=True))
    return Layout(width, max(height, plot.bottom), 0.0, plot.y, tuple(shapes), tuple(elements))


def _share(chart: Timeline, day: date) -> float:
    days = max(1, (chart.last - chart.first).days)
    return min(max((day - chart.first).days / days, 0.0), 1.0)


def _boxes(
    chart: Timeline, lane: Lane, plot: Box, y: float, row: float, ruler: Ruler
) -> Iterator[tuple[Span, Box]]:
    """Yield the periods of a lane in order; one that is too short to see is widened, within the plot."""
    for span in sorted(lane.spans, key=lambda span: span.start):
        start = plot.x + plot.w * _share(chart, span.start)
        end = plot.x + plot.w * _share(chart, span.end or chart.last)
        least = min(_DAY * ruler.em, plot.w)
        if end - start < least:
            start = min(start, plot.right - least)
            end = start + least
        yield span, Box(start, y + 0.12 * row, end - start, 0.76 * row)


def _span(span: Span, box: Box, ruler: Ruler) -> Iterator[Shape]:
    yield Rectangle(box, span.look, dashed=span.end is None)
    room = max(0.0, box.w - 2 * _PAD * ruler.em)
    text = fitted(Box(box.x + _PAD * ruler.em, box.y, room, box.h), span.label, ruler, Size.SMALL)
    if text.text:
        wide = ruler.width(text.text, Size.SMALL)
        line = min(ruler.line[Size.SMALL] * 1.1, box.h)
        place = Box(text.box.x, box.y + (box.h - line) / 2, wide, line)
        yield Text(place, text.text, span.label, Size.SMALL, plate=Look(span.look.tone))


def _tip(lane: Lane, span: Span) -> str:
    end = "" if span.end is None else span.end.isoformat()
    period = (
        span.start.isoformat() if span.start == span.end else f"{span.start.isoformat()} – {end}".rstrip()
    )
    return f"{lane.label}\n{span.label}\n{period}"


def _axis(chart: Timeline, plot: Box, height: float, ruler: Ruler) -> Iterator[Shape]:
    """Yield lines and labels at the starts of months or years, as many as fit."""
    free = plot.x
    for day, label in _starts(chart.first, chart.last, plot.w, ruler):
        x = plot.x + plot.w * _share(chart, day)
        yield Polyline(((x, plot.y), (x, plot.bottom)), Ink.LINE)
        wide = ruler.width(label, Size.SMALL)
        if x >= free and x + wide <= plot.right:
            box = Box(x, plot.y - height, wide, height)
            yield Text(box, label, label, Size.SMALL, "left", Ink.MUTED, Layer.STILL)
            free = x + wide + 0.6 * ruler.em


def _starts(first: date, last: date, width: float, ruler: Ruler) -> Iterator[tuple[date, str]]:
    months = (last.year - first.year) * 12 + last.month - first.month
    by_month = months * (ruler.width("0000-00", Size.SMALL) + 0.6 * ruler.em) <= width
    for number in range(months + 1):
        year, month = first.year + (first.month - 1 + number) // 12, (first.month - 1 + number) % 12 + 1
        day = date(year, month, 1)
        if day >= first and (by_month or month == 1):
            yield day, f"{year}-{month:02d}" if by_month else str(year)
