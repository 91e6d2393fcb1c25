"""Draws the shapes of a laid-out chart with QPainter: only what is visible, equal shapes in one call."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QStaticText,
)

from fuyuan_desk.formats.charts.patterns import strokes
from fuyuan_desk.formats.charts.shapes import (
    Box,
    Ink,
    Layer,
    Layout,
    Look,
    Pattern,
    Polyline,
    Rectangle,
    Ruler,
    Shape,
    Size,
    Text,
    Tone,
)
from fuyuan_desk.widgets.theme import colour, smaller

_BAND = 64.0  # pixels: shapes are looked up in bands of this height
_STEP = 6.0  # pixels between the lines of a pattern
_INKS = {Ink.TEXT: "ink", Ink.MUTED: "muted", Ink.LINE: "line"}
_TONES = {tone: tone.value for tone in Tone} | {Tone.UNKNOWN: "neutral"}
_CURVE_WIDTH = 2.0


def fonts(base: QFont) -> dict[Size, QFont]:
    """Return the font of each text size."""
    title = QFont(base)
    title.setWeight(QFont.Weight.DemiBold)
    return {Size.TITLE: title, Size.TEXT: base, Size.SMALL: smaller(base)}


def ruler(base: QFont) -> Ruler:
    """Return the ruler of a font, in pixels."""
    metrics = {size: QFontMetricsF(font) for size, font in fonts(base).items()}
    known: dict[tuple[str, Size], float] = {}

    def width(text: str, size: Size) -> float:
        measured = known.get((text, size))
        if measured is None:
            measured = known[text, size] = metrics[size].horizontalAdvance(text)
        return measured

    return Ruler(width, {size: one.height() for size, one in metrics.items()})


@dataclass(frozen=True)
class _Kinds:
    """Visible shapes, sorted by how they are drawn."""

    rectangles: dict[tuple[Look, bool], list[QRectF]]
    lines: list[Polyline]
    texts: list[Text]


class Shapes:
    """The shapes of a layout, found by layer and by the area in which they stand."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self._bands: dict[tuple[Layer, int], list[Shape]] = {}
        self._high: dict[Layer, list[Shape]] = {}
        for shape in shapes:
            first, last = int(shape.box.y // _BAND), int(shape.box.bottom // _BAND)
            if last - first > 1:
                self._high.setdefault(shape.layer, []).append(shape)
                continue
            for band in range(first, last + 1):
                self._bands.setdefault((shape.layer, band), []).append(shape)

    def within(self, layer: Layer, area: Box) -> Iterator[Shape]:
        """Yield the shapes of a layer that are within an area, each once."""
        first = int(area.y // _BAND)
        for shape in self._high.get(layer, ()):
            yield shape
        for band in range(first, int(area.bottom // _BAND) + 1):
            for shape in self._bands.get((layer, band), ()):
                box = shape.box
                # a shape in two bands is drawn with the first of them that is visible
                begins = max(first, int(box.y // _BAND)) == band
                if begins and box.x <= area.right and box.right >= area.x:
                    yield shape


class ChartPainter:
    """Draws layouts in one font for one screen; brushes and texts are made once."""

    def __init__(self, base: QFont, ratio: float) -> None:
        self.ratio = ratio
        self._fonts = fonts(base)
        self._texts: dict[tuple[str, Size], QStaticText] = {}
        self._brushes: dict[Look, tuple[QBrush, QPen]] = {}

    def paint(
        self, painter: QPainter, layout: Layout, shapes: Shapes, across: int, down: int, room: Box
    ) -> None:
        """Draw a layout scrolled by `across` and `down` pixels into `room`, headings and labels in place."""
        body = Box(layout.left, layout.top, room.w - layout.left, room.h - layout.top)
        areas = (
            (Layer.BODY, body, across, down),
            (Layer.ROWS, Box(0, layout.top, layout.left, body.h), 0, down),
            (Layer.COLUMNS, Box(layout.left, 0, body.w, layout.top), across, 0),
            (Layer.STILL, room, 0, 0),
        )
        for layer, area, dx, dy in areas:
            painter.save()
            # outlines are half outside
            painter.setClipRect(QRectF(area.x - 1, area.y - 1, area.w + 2, area.h + 2))
            painter.translate(-dx, -dy)
            seen = Box(area.x + dx, area.y + dy, area.w, area.h)
            self._draw(painter, _sorted(shapes.within(layer, seen)))
            painter.restore()

    def _draw(self, painter: QPainter, kinds: _Kinds) -> None:
        for line in kinds.lines:
            if line.ink is Ink.LINE:  # a line of the background
                self._line(painter, line)
        for (look, dashed), rectangles in kinds.rectangles.items():
            brush, edge = self._brush(look)
            pen = QPen(edge)
            pen.setStyle(Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawRects(rectangles)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in kinds.lines:
            if line.ink is not Ink.LINE:
                self._line(painter, line)
        self._plates(painter, kinds.texts)
        self._write(painter, kinds.texts)

    def _line(self, painter: QPainter, line: Polyline) -> None:
        is_curve = isinstance(line.ink, Look)
        pen = QPen(self._brush(line.ink)[1]) if isinstance(line.ink, Look) else QPen(colour(_INKS[line.ink]))
        pen.setWidthF(_CURVE_WIDTH if is_curve else 1.0)
        pen.setStyle(Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_curve)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.points]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _plates(self, painter: QPainter, texts: list[Text]) -> None:
        plates: dict[Look, list[QRectF]] = {}
        for text in texts:
            if text.plate is not None:
                box = text.box
                plates.setdefault(text.plate, []).append(QRectF(box.x, box.y, box.w, box.h))
        painter.setPen(Qt.PenStyle.NoPen)
        for look, rectangles in plates.items():
            painter.setBrush(self._brush(look)[0])
            painter.drawRects(rectangles)

    def _write(self, painter: QPainter, texts: list[Text]) -> None:
        for size, font in self._fonts.items():
            painter.setFont(font)
            for ink in Ink:
                painter.setPen(colour(_INKS[ink]))
                for text in texts:
                    if text.size is size and text.ink is ink and text.text:
                        made = self._text(text)
                        extent = made.size()
                        spare = text.box.w - extent.width()
                        x = text.box.x + {"left": 0.0, "middle": spare / 2, "right": spare}[text.align]
                        painter.drawStaticText(
                            QPointF(x, text.box.y + (text.box.h - extent.height()) / 2), made
                        )

    def _text(self, text: Text) -> QStaticText:
        made = self._texts.get((text.text, text.size))
        if made is None:
            made = QStaticText(text.text)
            made.setTextFormat(Qt.TextFormat.PlainText)
            made.prepare(font=self._fonts[text.size])
            self._texts[text.text, text.size] = made
        return made

    def _brush(self, look: Look) -> tuple[QBrush, QPen]:
        """Return the fill of a look with its pattern, and its outline."""
        known = self._brushes.get(look)
        if known is None:
            strong, soft = colour(_TONES[look.tone]), colour(f"{_TONES[look.tone]}_soft")
            fill = _mixed(soft, strong, 0.06 + 0.3 * look.level)
            brush = QBrush(fill)
            if look.pattern is not Pattern.PLAIN:
                brush = QBrush(_tile(look.pattern, _mixed(soft, strong, 0.62), fill, self.ratio))
            known = self._brushes[look] = (brush, QPen(_mixed(soft, strong, 0.75), 1.0))
        return known


def _sorted(shapes: Iterable[Shape]) -> _Kinds:
    kinds = _Kinds({}, [], [])
    for shape in shapes:
        if isinstance(shape, Rectangle):
            box = shape.box
            kinds.rectangles.setdefault((shape.look, shape.dashed), []).append(
                QRectF(box.x, box.y, box.w, box.h)
            )
        elif isinstance(shape, Text):
            kinds.texts.append(shape)
        else:
            kinds.lines.append(shape)
    return kinds


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return a colour between two, `share` of the way to the second."""
    pairs = (
        (one.red(), other.red()),
        (one.green(), other.green()),
        (one.blue(), other.blue()),
    )
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))


def _tile(pattern: Pattern, ink: QColor, ground: QColor, ratio: float) -> QPixmap:
    """Return the repeating piece of a pattern, sharp on a screen of this pixel ratio."""
    side = round(_STEP * ratio)
    tile = QPixmap(side, side)
    tile.fill(ground)
    step = side / ratio
    tile.setDevicePixelRatio(ratio)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # beyond the edges, so that lines have no gaps where tiles meet
    found = strokes(pattern, Box(-step, -step, 3 * step, 3 * step), step)
    painter.setPen(QPen(ink, 1.0))
    painter.drawLines([QLineF(*line) for line in found.lines])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for x, y, radius in found.dots:
        painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.end()
    return tile
