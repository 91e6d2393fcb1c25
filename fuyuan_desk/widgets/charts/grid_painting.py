"""Draws a large grid of states at a zoom: what is visible only, cells of one look in one call."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QStaticText

from fuyuan_desk.formats.charts.data import Cell, Grid
from fuyuan_desk.formats.charts.places import Places, column_of_group, places_of
from fuyuan_desk.formats.charts.shapes import UNKNOWN, UNKNOWN_SIGN, Box, Look, Pattern
from fuyuan_desk.widgets.charts.painting import ChartPainter
from fuyuan_desk.widgets.theme import colour

LEAST, MOST = 0.1, 3.0
"""The zooms."""
_LEGIBLE = 7.0  # pixels, the smallest text that is drawn
_WIDEST, _WIDEST_NAME, _MARGIN, _PAD, _ABOVE = 7.0, 5.0, 0.45, 0.3, 0.4  # em
_ONE_LINE, _TWO_LINES, _HEAD = 1.4, 2.2, 1.5  # em
_WIDEST_LABEL = 9.0  # em, of a row
_SMALL = 0.85  # of the normal text
_GAP, _GROUP_GAP = 2.0, 12.0  # pixels at 100 %
_SAMPLES = 24  # the longest labels, which are measured
_DIMMED = 0.22
_MIDDLE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class Sizes:
    """A grid at a zoom: the places of its cells, and the room at the left and above for labels and headings."""

    zoom: float
    places: Places
    left: int
    top: int
    has_short: bool

    @property
    def width(self) -> int:
        """The width of everything."""
        return self.left + self.places.width

    @property
    def height(self) -> int:
        """The height of everything."""
        return self.top + self.places.height


def _sized(base: QFont, pixels: float) -> QFont:
    font = QFont(base)
    font.setPixelSize(max(1, round(pixels)))
    return font


def _longest(texts: Iterable[str]) -> list[str]:
    """Return the texts that are longest, a Chinese character counted twice: to measure all would take too long."""
    return sorted(set(texts), key=lambda text: len(text.encode("gbk", "replace")), reverse=True)[:_SAMPLES]


class GridPainter:
    """Draws one grid in one font for one screen."""

    def __init__(self, grid: Grid, base: QFont, ratio: float) -> None:
        self.ratio = ratio
        self._grid = grid
        self._base = base
        self._fills = ChartPainter(base, ratio)
        metrics = QFontMetricsF(base)
        self._em = em = metrics.height()
        self._pixels = float(base.pixelSize() if base.pixelSize() > 0 else em / 1.3)
        small = QFontMetricsF(_sized(base, self._pixels * _SMALL))
        labels = _longest(cell.label for row in grid.rows for cell in row.cells if cell is not None)
        shorts = [state.short for state in grid.states]
        widths = [  # one long name does not make all the others small
            *(min(metrics.horizontalAdvance(text), _WIDEST_NAME * em) for text in labels),
            *map(small.horizontalAdvance, shorts),
        ]
        self._cell_width = min(max(widths, default=em), _WIDEST * em) + 2 * _MARGIN * em
        self._has_short = any(shorts)
        self._cell_height = (_TWO_LINES if self._has_short else _ONE_LINE) * em
        rows = map(metrics.horizontalAdvance, _longest(row.label for row in grid.rows))
        self._left = round(min(max(rows, default=0.0), _WIDEST_LABEL * em) + 2 * _PAD * em)
        self._has_heads = any(group.label for group in grid.groups)
        self._top = round((_HEAD if self._has_heads else _ABOVE) * em)  # a label is higher than a low row
        self._starts = column_of_group(grid)
        self._texts: dict[tuple[str, bool], tuple[QStaticText, float, float] | None] = {}
        self._zoom = 0.0
        self._fonts = (base, base)
        self._metrics = (metrics, small)

    # --- sizes

    def sizes(self, zoom: float) -> Sizes:
        """Return the sizes at a zoom."""
        cell = (max(3, round(self._cell_width * zoom)), max(3, round(self._cell_height * zoom)))
        places = places_of(self._grid, cell, max(1, round(_GAP * zoom)), max(2, round(_GROUP_GAP * zoom)))
        return Sizes(zoom, places, self._left, self._top, self._has_short)

    def fitting(self, width: float, height: float | None = None) -> float:
        """Return the largest zoom at which the grid fits into a width, and into a height if that is given."""
        low, high = LEAST, MOST
        for _step in range(14):
            middle = (low + high) / 2
            tried = self.sizes(middle)
            if tried.width <= width and (height is None or tried.height <= height):
                low = middle
            else:
                high = middle
        return low

    # --- drawing

    def paint(
        self,
        painter: QPainter,
        sizes: Sizes,
        scrolled: tuple[int, int],
        room: QRect,
        bright: Collection[int | None] | None,
    ) -> None:
        """Draw what is visible of the grid; `bright` are the states that are not dimmed, None for all."""
        self._use_zoom(sizes.zoom)
        across, down = scrolled
        body = Box(across, down, room.width() - sizes.left, room.height() - sizes.top)
        rows, columns = sizes.places.within(body)
        painter.save()
        painter.setClipRect(QRectF(sizes.left - 1, sizes.top - 1, body.w + 2, body.h + 2))
        painter.translate(sizes.left - across, sizes.top - down)
        self._cells(painter, sizes, rows, columns, bright)
        painter.restore()
        self._row_labels(painter, sizes, down, rows, room)
        self._headings(painter, sizes, across, room)

    def _use_zoom(self, zoom: float) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self._texts.clear()
            self._fonts = (
                _sized(self._base, self._pixels * zoom),
                _sized(self._base, self._pixels * zoom * _SMALL),
            )
            self._metrics = (QFontMetricsF(self._fonts[0]), QFontMetricsF(self._fonts[1]))

    def _cells(
        self,
        painter: QPainter,
        sizes: Sizes,
        rows: range,
        columns: range,
        bright: Collection[int | None] | None,
    ) -> None:
        """Draw cells: all of one state together, those that are dimmed first."""
        places, step = sizes.places, sizes.places.step
        found: dict[int | None, list[tuple[Cell, int, int]]] = {}
        for row in rows:
            y = row * step
            cells = self._grid.rows[row].cells
            for column in columns:
                cell = cells[column]
                if cell is not None:
                    found.setdefault(cell.state, []).append((cell, places.lefts[column], y))
        wide, high = places.cell_width, places.cell_height
        for state, group in found.items():
            look = UNKNOWN if state is None else self._grid.states[state].look
            painter.setOpacity(1.0 if bright is None or state in bright else _DIMMED)
            brush, edge = self._fills.fill(look)
            pen = QPen(edge)
            pen.setStyle(Qt.PenStyle.DashLine if state is None else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawRects([QRect(x, y, wide - 1, high - 1) for _cell, x, y in group])
            if self._pixels * sizes.zoom >= _LEGIBLE:
                self._write(painter, sizes, state, look, group)
        painter.setOpacity(1.0)

    def _write(
        self,
        painter: QPainter,
        sizes: Sizes,
        state: int | None,
        look: Look,
        group: list[tuple[Cell, int, int]],
    ) -> None:
        """Write the labels of cells of one state, and the state below if that is legible."""
        wide, high = sizes.places.cell_width, sizes.places.cell_height
        short = UNKNOWN_SIGN if state is None else self._grid.states[state].short
        has_two = sizes.has_short and bool(short) and self._pixels * sizes.zoom * _SMALL >= _LEGIBLE
        plates: list[QRectF] = []
        texts: tuple[list[tuple[QPointF, QStaticText]], ...] = ([], [])
        for cell, left, top in group:
            label = cell.label if has_two or state is not None else f"{cell.label}{UNKNOWN_SIGN}"
            lines = ((label, False), (short, True)) if has_two else ((label, False),)
            line = high / len(lines)
            for number, (words, is_small) in enumerate(lines):
                made = self._text(words, is_small, wide)
                if made is not None:
                    text, w, h = made
                    x, y = left + (wide - w) / 2, top + line * (number + 0.5) - h / 2
                    plates.append(QRectF(x - 1, y + 1, w + 2, h - 2))
                    texts[is_small].append((QPointF(x, y), text))
        if look.pattern is not Pattern.PLAIN:  # text over a pattern has a plain plate
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._fills.fill(Look(look.tone))[0])
            painter.drawRects(plates)
        painter.setPen(colour("ink"))
        for font, written in zip(self._fonts, texts, strict=True):
            painter.setFont(font)
            for place, text in written:
                painter.drawStaticText(place, text)

    def _text(self, words: str, is_small: bool, wide: int) -> tuple[QStaticText, float, float] | None:
        """Return a text cut to the width of a cell, with its size; None if nothing of it fits."""
        if (words, is_small) in self._texts:
            return self._texts[words, is_small]
        metrics = self._metrics[is_small]
        shown, advance, room = words, metrics.horizontalAdvance(words), wide - 2.0
        if advance > room:
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room)
            advance = metrics.horizontalAdvance(shown)
        made = None
        if shown and advance <= room:
            text = QStaticText(shown)
            text.setTextFormat(Qt.TextFormat.PlainText)
            made = (text, advance, metrics.height())
        self._texts[words, is_small] = made
        return made

    def _row_labels(self, painter: QPainter, sizes: Sizes, down: int, rows: range, room: QRect) -> None:
        """Write the floors at the left; where rows are low, as many of them as have room."""
        painter.save()
        top = sizes.top if self._has_heads else 0
        painter.setClipRect(QRectF(0, top, sizes.left, room.height() - top))
        painter.setFont(self._base)
        painter.setPen(colour("muted"))
        every = ceil(self._em / sizes.places.step)
        wide = sizes.left - _PAD * self._em
        metrics = QFontMetricsF(self._base)
        for row in rows:
            if row % every == 0:
                middle = sizes.top - down + row * sizes.places.step + sizes.places.cell_height / 2
                box = QRectF(0, middle - self._em / 2, wide, self._em)
                text = metrics.elidedText(self._grid.rows[row].label, Qt.TextElideMode.ElideRight, wide)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _headings(self, painter: QPainter, sizes: Sizes, across: int, room: QRect) -> None:
        """Write buildings and entrances above, each in the middle of what is visible of it."""
        if not self._has_heads:
            return
        painter.save()
        painter.setClipRect(QRectF(sizes.left, 0, room.width() - sizes.left, sizes.top))
        painter.setFont(self._base)
        metrics = QFontMetricsF(self._base)
        places = sizes.places
        for number, group in enumerate(self._grid.groups):
            first, last = self._starts[number], self._starts[number + 1] - 1
            start = sizes.left + places.lefts[first] - across
            end = sizes.left + places.lefts[last] + places.cell_width - across
            if end < sizes.left or start > room.width():
                continue
            seen = QRectF(max(start, sizes.left), 0, 0, sizes.top - 3)
            seen.setRight(min(end, room.width()))
            painter.setPen(QPen(colour("line"), 1))
            painter.drawLine(QPointF(start, sizes.top - 2), QPointF(end, sizes.top - 2))
            if seen.width() >= self._em:
                painter.setPen(colour("ink"))
                text = metrics.elidedText(group.label, Qt.TextElideMode.ElideMiddle, seen.width())
                painter.drawText(seen, _MIDDLE, text)
        painter.restore()
