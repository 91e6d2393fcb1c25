"""What all charts share: the title, the legend, and the sentence of an empty chart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fuyuan_desk.formats.charts.data import State
from fuyuan_desk.formats.charts.fitting import broken, elided
from fuyuan_desk.formats.charts.shapes import (
    UNKNOWN,
    Box,
    Ink,
    Layer,
    Layout,
    Rectangle,
    Ruler,
    Shape,
    Size,
    Text,
)

_GAP = 0.5  # em


@dataclass(frozen=True)
class Head:
    """The title and the legend, and the height at which the chart itself begins."""

    shapes: tuple[Shape, ...]
    bottom: float


def head(title: str, unit: str, legend: Sequence[State], width: float, ruler: Ruler) -> Head:
    """Lay out the title with its unit, and the legend below it in as many lines as it needs."""
    shapes: list[Shape] = []
    y = 0.0
    if title:
        full = f"{title} ({unit})" if unit else title
        line = ruler.line[Size.TITLE]
        shapes.append(fitted(Box(0, y, width, line), full, ruler, Size.TITLE, layer=Layer.STILL))
        y += line + _GAP * ruler.em
    if legend:
        entries, y = _legend(legend, y, width, ruler)
        shapes += entries
        y += _GAP * ruler.em
    return Head(tuple(shapes), y)


def _legend(legend: Sequence[State], y: float, width: float, ruler: Ruler) -> tuple[list[Shape], float]:
    em = ruler.em
    swatch, line = Box(0, 0, 1.5 * em, 0.9 * em), 1.25 * em
    shapes: list[Shape] = []
    x = 0.0
    for state in legend:
        natural = ruler.width(state.label, Size.SMALL)
        if x and x + swatch.w + 0.4 * em + natural > width:
            x, y = 0.0, y + line
        if width > swatch.w:
            place = Box(x, y + (line - swatch.h) / 2, swatch.w, swatch.h)
            shapes.append(Rectangle(place, state.look, Layer.STILL, dashed=state.look == UNKNOWN))
        start = x + swatch.w + 0.4 * em
        room = max(0.0, min(natural, width - start))
        box = Box(start, y, room, line)
        if room:
            shapes.append(fitted(box, state.label, ruler, Size.SMALL, layer=Layer.STILL))
        x = start + room + 1.2 * em
    return shapes, y + line


def fitted(
    box: Box, text: str, ruler: Ruler, size: Size = Size.TEXT, align: str = "left", ink: Ink = Ink.TEXT,
    layer: Layer = Layer.BODY, *, ends: bool = False,
) -> Text:  # fmt: skip
    """Return a text elided to the width of its box; with `ends` in its middle."""
    return Text(box, elided(text, size, box.w, ruler, ends=ends), text, size, align, ink, layer)


def empty(title: str, unit: str, sentence: str, width: float, height: float, ruler: Ruler) -> Layout:
    """Lay out a chart without data: its title and a sentence in the middle."""
    above = head(title, unit, (), width, ruler)
    line = 1.3 * ruler.em
    lines = broken(sentence, Size.TEXT, width, ruler) if sentence else []
    tall = max(height, above.bottom + len(lines) * line)
    top = above.bottom + (tall - above.bottom - len(lines) * line) / 2
    texts = _sentence(lines, top, line, width)
    return Layout(width, tall, 0.0, above.bottom, (*above.shapes, *texts), ())


def _sentence(lines: list[str], top: float, line: float, width: float) -> Iterator[Text]:
    for number, text in enumerate(lines):
        box = Box(0, top + number * line, width, line)
        yield Text(box, text, "", Size.TEXT, "middle", Ink.MUTED, Layer.STILL)
