"""Geometry of horizontal bars: labels at the left, bars from zero, each value written at its end."""

from fuyuan_desk.formats.charts.data import Bar, Bars
from fuyuan_desk.formats.charts.fitting import number_text
from fuyuan_desk.formats.charts.frame import empty, fitted, head
from fuyuan_desk.formats.charts.shapes import (
    UNKNOWN,
    UNKNOWN_SIGN,
    Box,
    Element,
    Ink,
    Layout,
    Polyline,
    Rectangle,
    Ruler,
    Shape,
    Size,
)

_LEAST, _HIGHEST = 1.7, 2.4  # em, height of a row
_PAD = 0.4
_LABEL_SHARE, _VALUE_SHARE = 0.4, 0.25  # of the width, at most


def lay_out_bars(chart: Bars, width: float, height: float, ruler: Ruler) -> Layout:
    """Lay out bars for a box; the result is higher if the rows need more room."""
    if not chart.bars:
        return empty(chart.title, chart.unit, chart.empty, width, height, ruler)
    above = head(chart.title, chart.unit, chart.legend, width, ruler)
    em = ruler.em
    row = min(max((height - above.bottom) / len(chart.bars), _LEAST * em), _HIGHEST * em)
    widest = max(ruler.width(bar.label, Size.TEXT) for bar in chart.bars)
    left = min(widest, _LABEL_SHARE * width) + 2 * _PAD * em
    values = [_value(bar) for bar in chart.bars]
    beside = min(max(ruler.width(text, Size.TEXT) for text in values), _VALUE_SHARE * width)
    track = max(0.0, width - left - beside - 2 * _PAD * em)
    most = max((chart.most or 0.0, *(bar.value or 0.0 for bar in chart.bars)))
    shapes: list[Shape] = list(above.shapes)
    elements: list[Element] = []
    for number, (bar, text) in enumerate(zip(chart.bars, values, strict=True)):
        y = above.bottom + number * row
        label = Box(_PAD * em, y, left - 2 * _PAD * em, row)
        shapes.append(fitted(label, bar.label, ruler, align="right"))
        length = track * max(0.0, bar.value) / most if bar.value and most > 0 else 0.0
        body = Box(left, y + 0.15 * row, length, 0.7 * row)
        if bar.value is None:
            shapes.append(Rectangle(Box(left, body.y, min(track, 1.5 * em), body.h), UNKNOWN, dashed=True))
        elif length:
            shapes.append(Rectangle(body, bar.look))
        start = left + (min(track, 1.5 * em) if bar.value is None else length) + _PAD * em
        shapes.append(fitted(Box(start, y, max(0.0, min(beside, width - start)), row), text, ruler))
        tip = bar.tip or f"{bar.label}\n{_value(bar, chart.unit)}"
        elements.append(Element(bar.key, Box(0, y, width, row), tip, number, 0))
    bottom = above.bottom + len(chart.bars) * row
    shapes.append(Polyline(((left, above.bottom), (left, bottom)), Ink.MUTED))
    return Layout(width, max(height, bottom), 0.0, above.bottom, tuple(shapes), tuple(elements))


def _value(bar: Bar, unit: str = "") -> str:
    value = UNKNOWN_SIGN if bar.value is None else number_text(bar.value, unit)
    return f"{value} {bar.of}".strip()
