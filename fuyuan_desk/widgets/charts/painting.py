"""Draws the shapes of a laid-out chart with QPainter: only what is visible, equal shapes in one call."""

from collections.abc import Iterable
from dataclasses import dataclass, field

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

_TILE_WIDTH, _TILE_HEIGHT = 192.0, 96.0  # pixels: shapes are found by tiles of this size
_SHARES = {"left": 0.0, "middle": 0.5, "right": 1.0}  # of the spare width, to the left of a text
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
class Kinds:
    """Shapes as they are drawn: rectangles of one look and texts of one font and colour together."""

    rectangles: dict[tuple[Look, bool], list[QRectF]] = field(default_factory=dict)
    plates: dict[Look, list[QRectF]] = field(default_factory=dict)
    texts: dict[tuple[Size, Ink], list[Text]] = field(default_factory=dict)
    lines: list[Polyline] = field(default_factory=list)

    def add(self, shape: Shape) -> None:
        """Add one shape."""
        if isinstance(shape, Rectangle):
            self.rectangles.setdefault((shape.look, shape.dashed), []).append(_rectangle(shape.box))
        elif isinstance(shape, Polyline):
            self.lines.append(shape)
        elif shape.text:
            self.texts.setdefault((shape.size, shape.ink), []).append(shape)
            if shape.plate is not None:
                self.plates.setdefault(shape.plate, []).append(_rectangle(shape.box))

    def extend(self, other: "Kinds") -> None:
        """Add all shapes of another collection."""
        for rectangles in other.rectangles.items():
            self.rectangles.setdefault(rectangles[0], []).extend(rectangles[1])
        for plates in other.plates.items():
            self.plates.setdefault(plates[0], []).extend(plates[1])
        for texts in other.texts.items():
            self.texts.setdefault(texts[0], []).extend(texts[1])
        self.lines.extend(other.lines)


def _rectangle(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.w, box.h)


class Shapes:
    """The shapes of a layout, collected in tiles so that those of a visible area are found at once."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self._tiles: dict[tuple[Layer, int, int], Kinds] = {}
        self._large: dict[Layer, Kinds] = {}
        for shape in shapes:
            box = shape.box
            if box.w > _TILE_WIDTH or box.h > _TILE_HEIGHT:
                self._large.setdefault(shape.layer, Kinds()).add(shape)
                continue
            place = (shape.layer, int(box.x // _TILE_WIDTH), int(box.y // _TILE_HEIGHT))
            self._tiles.setdefault(place, Kinds()).add(shape)

    def within(self, layer: Layer, area: Box) -> Kinds:
        """Return the shapes of a layer that may be seen in an area."""
        found = Kinds()
        if layer in self._large:
            found.extend(self._large[layer])
        # a shape belongs to the tile of its corner and may reach into the next one
        for row in range(int(area.y // _TILE_HEIGHT) - 1, int(area.bottom // _TILE_HEIGHT) + 1):
            for column in range(int(area.x // _TILE_WIDTH) - 1, int(area.right // _TILE_WIDTH) + 1):
                tile = self._tiles.get((layer, column, row))
                if tile is not None:
                    found.extend(tile)
        return found


class ChartPainter:
    """Draws layouts in one font for one screen; brushes and texts are made once."""

    def __init__(self, base: QFont, ratio: float) -> None:
        self.ratio = ratio
        self._fonts = fonts(base)
        self._texts: dict[tuple[str, Size], tuple[QStaticText, float, float]] = {}
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
            self._draw(painter, shapes.within(layer, seen))
            painter.restore()

    def _draw(self, painter: QPainter, kinds: Kinds) -> None:
        for line in kinds.lines:
            if line.ink is Ink.LINE:  # a line of the background
                self._line(painter, line)
        for (look, dashed), rectangles in kinds.rectangles.items():
            brush, edge = self.fill(look)
            pen = QPen(edge)
            pen.setStyle(Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawRects(rectangles)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in kinds.lines:
            if line.ink is not Ink.LINE:
                self._line(painter, line)
        painter.setPen(Qt.PenStyle.NoPen)
        for look, plates in kinds.plates.items():
            painter.setBrush(self.fill(look)[0])
            painter.drawRects(plates)
        for (size, ink), texts in kinds.texts.items():
            painter.setFont(self._fonts[size])
            painter.setPen(colour(_INKS[ink]))
            for text in texts:
                self._write(painter, text)

    def _line(self, painter: QPainter, line: Polyline) -> None:
        is_curve = isinstance(line.ink, Look)
        pen = QPen(self.fill(line.ink)[1]) if isinstance(line.ink, Look) else QPen(colour(_INKS[line.ink]))
        pen.setWidthF(_CURVE_WIDTH if is_curve else 1.0)
        pen.setStyle(Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_curve)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.points]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _write(self, painter: QPainter, text: Text) -> None:
        made, wide, high = self._text(text)
        box = text.box
        x = box.x + (box.w - wide) * _SHARES[text.align]
        painter.drawStaticText(QPointF(x, box.y + (box.h - high) / 2), made)

    def _text(self, text: Text) -> tuple[QStaticText, float, float]:
        """Return a text ready to be drawn, with its width and height."""
        known = self._texts.get((text.text, text.size))
        if known is None:
            made = QStaticText(text.text)
            made.setTextFormat(Qt.TextFormat.PlainText)
            made.prepare(font=self._fonts[text.size])
            extent = made.size()
            known = self._texts[text.text, text.size] = (made, extent.width(), extent.height())
        return known

    def fill(self, look: Look) -> tuple[QBrush, QPen]:
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
