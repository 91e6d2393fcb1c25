"""A chart on the screen, used by mouse and keyboard; a large one scrolls below its headings."""

from collections.abc import Hashable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QStyle, QToolTip, QWidget

from fuyuan_desk.formats.charts.data import Bars, Chart, Timeline
from fuyuan_desk.formats.charts.layout import beside, ends_of_row, extent, lay_out
from fuyuan_desk.formats.charts.shapes import Box, Element, Layer, Layout, Ruler, Text
from fuyuan_desk.widgets.charts.painting import ChartPainter, Shapes, ruler
from fuyuan_desk.widgets.theme import colour

_MARGIN = 2  # pixels around the chart, for outlines and the focus ring
_WHEEL = 48  # pixels a step
_HINT = QSize(480, 240)
_NOTHING = Layout(0, 0, 0, 0, (), ())
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)


class ChartView(QAbstractScrollArea):
    """Shows one chart.

    Arrow keys, Home and End move the focus between its elements. `clicked` carries the key of an element that was
    clicked, `activated` that of one opened with Enter or a double click.
    """

    clicked = Signal(object)
    activated = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self._layout = _NOTHING
        self._shapes = Shapes(())
        self._index = -1
        self._laid_out_for: tuple[int, int] | None = None
        self._ruler: Ruler | None = None
        self._painter: ChartPainter | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(_WHEEL)

    # --- data

    def set_chart(self, chart: Chart) -> None:
        """Show a chart; an element with the key of the focused one stays focused."""
        kept = self.focused_key
        self._chart = chart
        policy = self.sizePolicy()
        policy.setHeightForWidth(isinstance(chart, Bars | Timeline))
        self.setSizePolicy(policy)
        self._lay_out(anew=True)
        keys = [element.key for element in self._layout.elements]
        self._focus(keys.index(kept) if kept is not None and kept in keys else -1)
        self.updateGeometry()

    @property
    def chart(self) -> Chart | None:
        """The chart shown."""
        return self._chart

    @property
    def shown(self) -> Layout:
        """The chart as it is laid out now, in pixels."""
        return self._layout

    @property
    def focused_key(self) -> Hashable | None:
        """The key of the focused element, or None."""
        return None if self._index < 0 else self._layout.elements[self._index].key

    def focus_key(self, key: Hashable) -> None:
        """Focus the element with this key, if there is one, and scroll to it."""
        for number, element in enumerate(self._layout.elements):
            if element.key == key:
                self._focus(number)
                return

    def element_at(self, place: QPoint) -> Element | None:
        """Return the element at a point of the viewport, or None."""
        index = self._hit(place)
        return None if index < 0 else self._layout.elements[index]

    def place_of(self, key: Hashable) -> QPoint:
        """Return the middle of an element in the viewport, which may be scrolled out of sight."""
        element = next(one for one in self._layout.elements if one.key == key)
        across, down = self._scrolled()
        box = element.box
        return QPoint(round(box.x + box.w / 2) - across + _MARGIN, round(box.y + box.h / 2) - down + _MARGIN)

    # --- layout

    def _lay_out(self, anew: bool = False) -> None:
        """Lay out for the room without scroll bars, then for what they leave if the chart is larger."""
        room = self.contentsRect()
        wanted = (room.width(), room.height())
        if self._chart is None or (wanted == self._laid_out_for and not anew):
            return
        self._laid_out_for = wanted
        if self._ruler is None:
            self._ruler = ruler(self.font())
        thick = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        bars = [False, False]
        while True:
            width = max(1, wanted[0] - thick * bars[1] - 2 * _MARGIN)
            height = max(1, wanted[1] - thick * bars[0] - 2 * _MARGIN)
            wide, high = extent(self._chart, width, height, self._ruler)
            needed = [bars[0] or wide > width + 0.5, bars[1] or high > height + 0.5]
            if needed == bars:
                break
            bars = needed  # never fewer, so that this ends
        self._layout = made = lay_out(self._chart, width, height, self._ruler)
        self._shapes = Shapes(made.shapes)
        self._set_bars(bars, made.width - width, made.height - height, width, height)
        self._index = min(self._index, len(made.elements) - 1)
        self.viewport().update()

    def _set_bars(self, bars: list[bool], across: float, down: float, width: int, height: int) -> None:
        policy = Qt.ScrollBarPolicy
        for bar, on, most, page, apply in (
            (self.horizontalScrollBar(), bars[0], across, width, self.setHorizontalScrollBarPolicy),
            (self.verticalScrollBar(), bars[1], down, height, self.setVerticalScrollBarPolicy),
        ):
            apply(policy.ScrollBarAlwaysOn if on else policy.ScrollBarAlwaysOff)
            bar.setRange(0, round(most) if on else 0)
            bar.setPageStep(max(1, page))

    def _scrolled(self) -> tuple[int, int]:
        return self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._ruler = self._painter = None
            self._lay_out(anew=True)

    def sizeHint(self) -> QSize:
        return QSize(_HINT.width(), self.heightForWidth(_HINT.width()))

    def heightForWidth(self, width: int) -> int:
        """Return the height at which a chart of rows is complete; of any other one a usual height."""
        if not isinstance(self._chart, Bars | Timeline):
            return _HINT.height()
        if self._ruler is None:
            self._ruler = ruler(self.font())
        _width, high = extent(self._chart, max(1, width - 2 * _MARGIN), 1, self._ruler)
        return round(high + 0.5) + 2 * _MARGIN

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._painter is None or self._painter.ratio != ratio:
            self._painter = ChartPainter(self.font(), ratio)
        painter = QPainter(self.viewport())
        painter.translate(_MARGIN, _MARGIN)
        across, down = self._scrolled()
        size = self.viewport().size()
        room = Box(0, 0, size.width() - 2 * _MARGIN, size.height() - 2 * _MARGIN)
        self._painter.paint(painter, self._layout, self._shapes, across, down, room)
        if self._index >= 0 and self.hasFocus():
            self._paint_focus(painter, across, down, room)

    def _paint_focus(self, painter: QPainter, across: int, down: int, room: Box) -> None:
        layout = self._layout
        box = layout.elements[self._index].box
        painter.setClipRect(
            QRectF(layout.left - 2, layout.top - 2, room.w - layout.left + 4, room.h - layout.top + 4)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        around = QRectF(box.x - across, box.y - down, box.w, box.h)
        # light inside dark, visible on every fill
        for name, width, inset in (("panel", 2.0, 2.0), ("ink", 2.0, 0.0)):
            painter.setPen(QPen(colour(name), width))
            painter.drawRect(around.adjusted(inset, inset, -inset, -inset))

    # --- keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        elements = self._layout.elements
        key = Qt.Key(event.key())
        if not elements or key not in (*_KEYS, *_ENDS, *_OPENING):
            super().keyPressEvent(event)
            return
        if self._index < 0:
            self._focus(0)
        elif key in _OPENING:
            self.activated.emit(elements[self._index].key)
        elif key in _KEYS:
            self._focus(beside(elements, self._index, *_KEYS[key]))
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._focus(0 if key == Qt.Key.Key_Home else len(elements) - 1)
        else:
            self._focus(ends_of_row(elements, self._index)[_ENDS.index(key)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._index < 0 and self._layout.elements and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._focus(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._hit(event.position().toPoint())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._focus(index)
            self.clicked.emit(self._layout.elements[index].key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._hit(event.position().toPoint())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit(self._layout.elements[index].key)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a scroll area would pass on the second half of a click

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, place: QPoint) -> str:
        """Return the full text of what is at a point of the viewport: an element, or a text that was elided."""
        element = self.element_at(place)
        if element is not None:
            return element.tip
        across, down = self._scrolled()
        x, y = place.x() - _MARGIN, place.y() - _MARGIN
        moved = {
            Layer.STILL: (x, y),
            Layer.ROWS: (x, y + down),
            Layer.COLUMNS: (x + across, y),
            Layer.BODY: (x + across, y + down),
        }
        for shape in self._layout.shapes:
            if isinstance(shape, Text) and shape.is_cut and shape.box.contains(*moved[shape.layer]):
                return shape.full
        return ""

    def _hit(self, place: QPoint) -> int:
        x, y = place.x() - _MARGIN, place.y() - _MARGIN
        if x < self._layout.left or y < self._layout.top:
            return -1
        across, down = self._scrolled()
        found = (
            number
            for number, element in enumerate(self._layout.elements)
            if element.box.contains(x + across, y + down)
        )
        return next(found, -1)

    def _focus(self, index: int) -> None:
        self._index = index
        title = self._chart.title if self._chart is not None else ""
        if index >= 0:
            element = self._layout.elements[index]
            self._show(element.box)
            self.setAccessibleName(f"{title}: {element.name}" if title else element.name)
        else:
            sentence = self._chart.empty if self._chart is not None and not self._layout.elements else ""
            self.setAccessibleName(": ".join(text for text in (title, sentence) if text))
        self.viewport().update()

    def _show(self, box: Box) -> None:
        """Scroll until a box is beside the labels and below the headings."""
        size = self.viewport().size()
        for bar, start, end, first, last in (
            (self.horizontalScrollBar(), box.x, box.right, self._layout.left, size.width() - 2 * _MARGIN),
            (self.verticalScrollBar(), box.y, box.bottom, self._layout.top, size.height() - 2 * _MARGIN),
        ):
            if end - bar.value() > last:
                bar.setValue(round(end - last + 0.5))
            if start - bar.value() < first:
                bar.setValue(int(start - first))
