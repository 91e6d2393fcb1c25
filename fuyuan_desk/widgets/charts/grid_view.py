"""A large grid of states on the screen: walked through and chosen from by keyboard and mouse."""

from collections.abc import Hashable, Iterable

from PySide6.QtCore import QBasicTimer, QEvent, QPoint, QRect, Qt, QTimer, QTimerEvent, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from fuyuan_desk.formats.charts.data import Grid
from fuyuan_desk.formats.charts.places import Place
from fuyuan_desk.formats.charts.shapes import Box
from fuyuan_desk.widgets.charts.grid_area import GridArea

_BEAT_MS, _PUSH = 40, 24  # scrolling while the band is drawn beyond the edge, in pixels a beat
_OPEN_MS = 250  # a second click within this time belongs to the first, and must not hit what is opened by it
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)
_ZOOMS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class GridView(GridArea):
    """Shows one grid; a click or Enter opens a cell: `activated` carries its key.

    A band drawn by mouse, Shift with the arrow keys, the space bar and Ctrl+A choose cells, Esc chooses none. Ctrl with
    the wheel, plus, minus and 0 zooms.
    """

    activated = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._anchor: Place | None = None
        self._base: frozenset[Hashable] = frozenset()  # chosen before the band or the anchor
        self._pressed: QPoint | None = None  # in the grid, from its corner
        self._last = QPoint()  # of the mouse, in the viewport, while the band is drawn
        self._pusher = QBasicTimer()
        self._is_double = False
        self._clicked: Hashable = None
        self._opener = QTimer(self)
        self._opener.setSingleShot(True)
        self._opener.timeout.connect(lambda: self.activated.emit(self._clicked))
        self.viewport().setMouseTracking(True)

    def set_grid(self, grid: Grid) -> None:
        """Show a grid; what was focused and chosen stays so if it is still there."""
        self._anchor = None
        self._end_band()
        super().set_grid(grid)

    def _choose_more(self, places: Iterable[Place]) -> None:
        """Choose cells beside those of before the band or the anchor; dimmed ones cannot be chosen."""
        rows, bright = self._grid.rows, self._bright
        cells = (rows[row].cells[column] for row, column in places)
        keys = [cell.key for cell in cells if cell is not None and (bright is None or cell.state in bright)]
        self.choose(self._base.union(keys))

    def _toggle(self, place: Place) -> None:
        self.choose(self.chosen ^ {self._cell(place).key})

    # --- keyboard

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_ours = event.key() in (*_ZOOMS, Qt.Key.Key_0, Qt.Key.Key_A) and event.modifiers() & _CTRL
            if is_ours or (event.key() == Qt.Key.Key_Escape and self._chosen):
                event.accept()  # the window has other uses for them
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = Qt.Key(event.key()), event.modifiers()
        if held & _CTRL and key in _ZOOMS:
            self.zoom_by(_ZOOMS[key])
        elif held & _CTRL and key == Qt.Key.Key_0:
            self.fit("")
        elif held & _CTRL and key == Qt.Key.Key_A:
            self.choose_all()
        elif key == Qt.Key.Key_Escape and self._chosen:
            self.choose(())
        elif not self._filled or key not in (*_KEYS, *_ENDS, *_OPENING, Qt.Key.Key_Space):
            super().keyPressEvent(event)
        elif self._focused is None:
            self._focus(self._filled.whole[0])
        elif key in _OPENING:
            self.activated.emit(self.focused_key)
        elif key == Qt.Key.Key_Space:
            self._anchor = None
            self._toggle(self._focused)
        else:
            self._walk(self._focused, key, held)

    def _walk(self, here: Place, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        """Move the focus, with Shift choosing what is between here and there."""
        if key in _KEYS:
            there = self._filled.beside(here, *_KEYS[key])
        else:
            ends = self._filled.whole if held & _CTRL else self._filled.ends(here)
            there = ends[_ENDS.index(key)]
        if held & _SHIFT:
            if self._anchor is None:
                self._anchor, self._base = here, self.chosen
            self._choose_more(self._filled.between(self._anchor, there))
        else:
            self._anchor = None
        self._focus(there)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._focused is None and self._filled and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._focus(self._filled.whole[0])
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        self._is_double = False
        if event.button() == Qt.MouseButton.LeftButton and self._body().contains(point):
            self._pressed = point - self._corner()
            held = event.modifiers() & (_CTRL | _SHIFT)
            self._base = self.chosen if held else frozenset()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is None:
            self._hover(self._place_at(point))
        elif self._band is not None:
            self._draw_band(point)
        elif (point - self._corner() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._hover(None)
            self._pusher.start(_BEAT_MS, self)
            self._draw_band(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a scroll area would pass on the second half of a click
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        if self._band is not None:
            self._end_band()
            return
        self._pressed = None
        place = self._place_at(event.position().toPoint())
        if place is not None:
            self._click(place, event.modifiers())

    def _click(self, place: Place, held: Qt.KeyboardModifier) -> None:
        anchor = self._anchor if self._anchor is not None else self._focused
        self._focus(place)
        if held & _SHIFT and anchor is not None:
            self._anchor = anchor
            self._choose_more(self._filled.between(anchor, place))
        elif held & (_CTRL | _SHIFT):
            self._anchor = None
            self._toggle(place)
        else:
            self._anchor = None
            self._clicked = self._cell(place).key
            self._opener.start(0 if self._is_double else _OPEN_MS)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._opener.stop()
        self.mousePressEvent(event)
        self._is_double = True

    def _draw_band(self, point: QPoint) -> None:
        """Choose what the band from where the mouse was pressed touches."""
        assert self._pressed is not None
        assert self._sizes is not None
        self._last = point
        there = point - self._corner()
        self._band = QRect(self._pressed, there).normalized()
        box = Box(self._band.x(), self._band.y(), self._band.width(), self._band.height())
        places = self._filled.inside(*self._sizes.places.within(box))
        self._choose_more(places)
        self.viewport().update()

    def _end_band(self) -> None:
        self._pressed = self._band = None
        self._pusher.stop()
        self.viewport().update()

    def timerEvent(self, event: QTimerEvent) -> None:
        """Scroll while the band is drawn beyond an edge."""
        if event.timerId() != self._pusher.timerId():
            super().timerEvent(event)
            return
        point, body = self._last, self._body()
        across = (point.x() > body.right()) - (point.x() < body.left())
        down = (point.y() > body.bottom()) - (point.y() < body.top())
        if across or down:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + across * _PUSH)
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + down * _PUSH)
            self._draw_band(point)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & _CTRL:
            event.accept()
            self.zoom_by(event.angleDelta().y() / 120, event.position().toPoint())
        else:
            super().wheelEvent(event)

    def _hover(self, place: Place | None) -> None:
        if place == self._hovered:
            return
        for changed in (self._hovered, place):
            if changed is not None:
                self.viewport().update(self._rect(changed).adjusted(-2, -2, 2, 2))
        self._hovered = place

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)
