"""The area that shows a large grid of states: its zoom, its scrolling, what is focused and chosen in it."""

from collections.abc import Collection, Hashable, Iterable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QStyle, QWidget

from fuyuan_desk.formats.charts.data import Cell, Grid
from fuyuan_desk.formats.charts.places import Filled, Place
from fuyuan_desk.formats.charts.shapes import Box
from fuyuan_desk.widgets.charts.grid_painting import LEAST, MOST, GridPainter, Sizes
from fuyuan_desk.widgets.theme import colour

_STEP = 1.2  # from one zoom to the next
_START = (0.8, 1.5)  # the zooms of a chart that is shown for the first time
_WHEEL = 48  # pixels a step
_HINT = QSize(480, 240)
_EMPTY = Grid("", (), (), ())


class GridArea(QAbstractScrollArea):
    """Shows one grid below its headings and beside its labels, which stay in sight.

    `chosen_changed` is emitted when other cells are chosen, `zoom_changed` carries the zoom.
    """

    chosen_changed = Signal()
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = _EMPTY
        self._filled = Filled(_EMPTY)
        self._place_by_key: dict[Hashable, Place] = {}
        self._chosen: set[Hashable] = set()
        self._bright: frozenset[int | None] | None = None
        self._focused: Place | None = None
        self._hovered: Place | None = None
        self._band: QRect | None = None  # in the grid, from its corner
        self._fit = "start"
        self._painter: GridPainter | None = None
        self._sizes: Sizes | None = None
        self._picture: QPixmap | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(_WHEEL)

    # --- data

    def set_grid(self, grid: Grid) -> None:
        """Show a grid; what was focused and chosen stays so if it is still there."""
        kept = self.focused_key
        self._grid = grid
        self._filled = Filled(grid)
        self._place_by_key = {
            cell.key: (row, column)
            for row, line in enumerate(grid.rows)
            for column, cell in enumerate(line.cells)
            if cell is not None
        }
        self._painter = None
        self._hovered = None
        still = self._chosen & self._place_by_key.keys()
        has_fewer = len(still) < len(self._chosen)
        self._chosen = set(still)
        self._lay_out()
        self._focus(self._place_by_key.get(kept), show=False)  # what is read again must not move
        if has_fewer:
            self.chosen_changed.emit()

    @property
    def grid(self) -> Grid:
        """The grid shown."""
        return self._grid

    def set_bright(self, states: Collection[int | None] | None) -> None:
        """Dim the cells of all states but these; None dims none."""
        self._bright = None if states is None else frozenset(states)
        self._repaint()

    @property
    def bright(self) -> frozenset[int | None] | None:
        """The states that are not dimmed, None for all."""
        return self._bright

    @property
    def focused_key(self) -> Hashable | None:
        """The key of the focused cell, or None."""
        return None if self._focused is None else self._cell(self._focused).key

    def focus_key(self, key: Hashable) -> None:
        """Focus the cell with this key, if there is one, and scroll to it."""
        if key in self._place_by_key:
            self._focus(self._place_by_key[key])

    def _cell(self, place: Place) -> Cell:
        cell = self._grid.rows[place[0]].cells[place[1]]
        assert cell is not None
        return cell

    # --- choosing

    @property
    def chosen(self) -> frozenset[Hashable]:
        """The keys of the chosen cells."""
        return frozenset(self._chosen)

    def choose(self, keys: Iterable[Hashable]) -> None:
        """Choose these cells and no others."""
        chosen = set(keys) & self._place_by_key.keys()
        if chosen != self._chosen:
            self._chosen = chosen
            self.viewport().update()
            self.chosen_changed.emit()

    def choose_all(self) -> None:
        """Choose all cells but dimmed ones."""
        self.choose(key for key, place in self._place_by_key.items() if self._is_bright(place))

    def _is_bright(self, place: Place) -> bool:
        return self._bright is None or self._cell(place).state in self._bright

    # --- zoom

    @property
    def zoom(self) -> float:
        """The zoom; 1 is the normal size of the text."""
        return 1.0 if self._sizes is None else self._sizes.zoom

    def fit(self, what: str) -> None:
        """Zoom so that the "width" or the whole "page" is visible, or to 100 % with ""; the first two stay so."""
        self._fit = what
        self._zoom_to(1.0 if not what else self._fitting(), None)

    def zoom_by(self, steps: float, at: QPoint | None = None) -> None:
        """Zoom in or out by steps around a point of the viewport, its middle if none is given."""
        self._fit = ""
        self._zoom_to(self.zoom * _STEP**steps, at)

    def _fitting(self) -> float:
        painter = self._grid_painter()
        room = self.contentsRect()
        thick = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        if self._fit == "page":
            return painter.fitting(room.width(), room.height())
        zoom = painter.fitting(room.width())
        if painter.sizes(zoom).height > room.height():
            zoom = painter.fitting(room.width() - thick)
        return min(max(zoom, _START[0]), _START[1]) if self._fit == "start" else zoom

    def _zoom_to(self, zoom: float, at: QPoint | None) -> None:
        before = self._sizes
        self._set_sizes(min(max(zoom, LEAST), MOST))
        after = self._sizes
        if before is None or after is None:
            return
        room = self.viewport().rect()
        place = at if at is not None else room.center()
        for bar, position, start, old, new in (
            (self.horizontalScrollBar(), place.x(), after.left, before.places.width, after.places.width),
            (self.verticalScrollBar(), place.y(), after.top, before.places.height, after.places.height),
        ):
            if old:
                bar.setValue(round((bar.value() + position - start) * new / old) - position + start)
        self.zoom_changed.emit(after.zoom)

    # --- layout

    def _grid_painter(self) -> GridPainter:
        ratio = self.devicePixelRatioF()
        if self._painter is None or self._painter.ratio != ratio:
            self._painter = GridPainter(self._grid, self.font(), ratio)
        return self._painter

    def _lay_out(self) -> None:
        """Lay out the grid at its zoom, or at the one that fits."""
        self._set_sizes(self._fitting() if self._fit and self._place_by_key else self.zoom)
        self.zoom_changed.emit(self.zoom)

    def _set_sizes(self, zoom: float) -> None:
        self._sizes = sizes = self._grid_painter().sizes(zoom)
        room = self.contentsRect().size()
        thick = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        across = sizes.width > room.width()
        down = sizes.height > room.height() - thick * across
        across = sizes.width > room.width() - thick * down
        wide, high = room.width() - thick * down, room.height() - thick * across
        policy = Qt.ScrollBarPolicy
        for bar, on, whole, page, apply in (
            (self.horizontalScrollBar(), across, sizes.width, wide, self.setHorizontalScrollBarPolicy),
            (self.verticalScrollBar(), down, sizes.height, high, self.setVerticalScrollBarPolicy),
        ):
            apply(policy.ScrollBarAlwaysOn if on else policy.ScrollBarAlwaysOff)
            bar.setRange(0, max(0, whole - page))
            bar.setPageStep(max(1, page))
        self._repaint()

    def _repaint(self) -> None:
        self._picture = None
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._repaint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._painter = None
            self._lay_out()

    def sizeHint(self) -> QSize:
        return _HINT

    def _scrolled(self) -> tuple[int, int]:
        return self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def _corner(self) -> QPoint:
        """Return where the corner of the first cell is in the viewport."""
        sizes, (across, down) = self._sizes, self._scrolled()
        return QPoint(sizes.left - across, sizes.top - down) if sizes is not None else QPoint()

    def _rect(self, place: Place) -> QRect:
        """Return the rectangle of a cell in the viewport."""
        assert self._sizes is not None
        box = self._sizes.places.box(*place)
        return QRect(int(box.x), int(box.y), int(box.w), int(box.h)).translated(self._corner())

    def _body(self) -> QRect:
        """Return the part of the viewport that is below the headings and beside the labels."""
        room = self.viewport().rect()
        return room.adjusted(self._sizes.left, self._sizes.top, 0, 0) if self._sizes is not None else room

    def _place_at(self, point: QPoint) -> Place | None:
        if self._sizes is None or not self._body().contains(point):
            return None
        inside = point - self._corner()
        place = self._sizes.places.at(inside.x(), inside.y())
        return place if place is not None and self._grid.rows[place[0]].cells[place[1]] is not None else None

    def place_of(self, key: Hashable) -> QPoint:
        """Return the middle of a cell in the viewport, which may be scrolled out of sight."""
        return self._rect(self._place_by_key[key]).center()

    def tip_at(self, point: QPoint) -> str:
        """Return the full text of the cell at a point of the viewport, '' beside all of them."""
        place = self._place_at(point)
        return "" if place is None else self._cell(place).tip

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if not self._place_by_key or self._sizes is None:
            painter.setPen(colour("muted"))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), words, self._grid.empty)
            return
        if self._picture is None:
            self._picture = self._drawn(self._sizes)
        painter.drawPixmap(0, 0, self._picture)
        painter.setClipRect(self._body().adjusted(-2, -2, 0, 0).intersected(event.rect()))
        self._paint_chosen(painter, event.rect())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._hovered is not None:
            painter.setPen(QPen(colour("ink"), 1))
            painter.drawRect(self._rect(self._hovered).adjusted(-1, -1, 0, 0))
        if self._focused is not None and self.hasFocus():
            around = self._rect(self._focused)
            # light inside dark, visible on every fill
            for name, inset in (("panel", 2), ("ink", 0)):
                painter.setPen(QPen(colour(name), 2))
                painter.drawRect(around.adjusted(inset, inset, -inset, -inset))
        if self._band is not None:
            self._paint_band(painter, self._band.translated(self._corner()))

    def _drawn(self, sizes: Sizes) -> QPixmap:
        """Draw what is visible into a picture, over which choice, focus and band are drawn again and again."""
        ratio = self.devicePixelRatioF()
        room = self.viewport().rect()
        picture = QPixmap(round(room.width() * ratio), round(room.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self._grid_painter().paint(painter, sizes, self._scrolled(), room, self._bright)
        painter.end()
        return picture

    def _paint_chosen(self, painter: QPainter, area: QRect) -> None:
        """Mark the chosen cells by a thick frame and a tint, so that not the colour alone tells them."""
        if not self._chosen:
            return
        assert self._sizes is not None
        places, corner = self._sizes.places, self._corner()
        rows, columns = places.within(_box(area.intersected(self._body()).translated(-corner)))
        wide, high = places.cell_width - 3, places.cell_height - 3
        rects = []
        for row in rows:
            cells, y = self._grid.rows[row].cells, corner.y() + row * places.step + 1
            for column in columns:
                cell = cells[column]
                if cell is not None and cell.key in self._chosen:
                    rects.append(QRect(corner.x() + places.lefts[column] + 1, y, wide, high))
        tint = QColor(colour("info"))
        tint.setAlpha(56)
        painter.setBrush(tint)
        painter.setPen(QPen(colour("info"), 3))
        painter.drawRects(rects)

    def _paint_band(self, painter: QPainter, band: QRect) -> None:
        tint = QColor(colour("info"))
        tint.setAlpha(32)
        painter.setBrush(tint)
        painter.setPen(QPen(colour("ink"), 1, Qt.PenStyle.DashLine))
        painter.drawRect(band)

    # --- focus

    def _focus(self, place: Place | None, show: bool = True) -> None:
        self._focused = place
        title = self._grid.title
        if place is not None:
            if show:
                self._show(place)
            name = self._cell(place).tip.replace("\n", ", ")
        else:
            name = "" if self._place_by_key else self._grid.empty
        self.setAccessibleName(": ".join(text for text in (title, name) if text))
        self.viewport().update()

    def _show(self, place: Place) -> None:
        """Scroll until a cell is beside the labels and below the headings."""
        rect, body = self._rect(place), self._body()
        for bar, start, end, first, last in (
            (self.horizontalScrollBar(), rect.left(), rect.right(), body.left(), body.right()),
            (self.verticalScrollBar(), rect.top(), rect.bottom(), body.top(), body.bottom()),
        ):
            if end > last:
                bar.setValue(bar.value() + end - last)
            elif start < first:
                bar.setValue(bar.value() + start - first)


def _box(rect: QRect) -> Box:
    return Box(rect.x(), rect.y(), rect.width(), rect.height())
