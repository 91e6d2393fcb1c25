"""The four tiers drawn as ascending steps, with the tier of an estate or the number of estates per tier."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.standards.rules import Tier, label
from fuyuan_desk.widgets.theme import colour, smaller

_RISE = 12


class TierPicker(QWidget):
    """Four steps, the chosen one filled; if clickable, a step is chosen by click, arrows and Space.

    `chosen` carries the tier of the step, None when it was deselected.
    """

    chosen = Signal(object)

    def __init__(self, clickable: bool = False) -> None:
        super().__init__()
        self._clickable = clickable
        self._counts: Mapping[Tier, int] | None = None
        self._current: Tier | None = None
        self._next: Tier | None = None
        self._cursor = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._update_accessible_name()

    def show_tiers(self, current: Tier | None, later: Tier | None = None) -> None:
        """Show the tier of an estate, and a later one."""
        self._current, self._next = current, later
        self._update_accessible_name()
        self.update()

    def show_counts(self, counts: Mapping[Tier, int]) -> None:
        """Show the number of estates per tier."""
        self._counts = counts
        self._update_accessible_name()
        self.update()

    @property
    def current(self) -> Tier | None:
        """The tier of the filled step."""
        return self._current

    def sizeHint(self) -> QSize:
        return QSize(360, self.fontMetrics().height() * (2 if self._clickable else 1) + 3 * _RISE + 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if self._clickable and step is not None:
            self._cursor = max(0, min(self._cursor + step, len(Tier) - 1))
            self._update_accessible_name()
            self.update()
        elif self._clickable and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._cursor)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._clickable and event.button() == Qt.MouseButton.LeftButton:
            self._choose(min(int(event.position().x() * len(Tier) / max(self.width(), 1)), len(Tier) - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, tier in enumerate(Tier):
            self._paint_step(painter, index, tier)

    def _area(self, index: int) -> QRect:
        width = self.width() / len(Tier)
        top = (len(Tier) - 1 - index) * _RISE + 2
        left = round(index * width) + 2
        return QRect(left, top, round((index + 1) * width) - left - 2, self.height() - top - 2)

    def _paint_step(self, painter: QPainter, index: int, tier: Tier) -> None:
        area = self._area(index)
        is_current, is_next = tier is self._current, tier is self._next
        focused = self._clickable and self.hasFocus() and index == self._cursor
        painter.setBrush(colour("accent" if is_current else "accent_soft" if is_next else "neutral_soft"))
        edge = "ink" if focused else "accent" if is_current or is_next else "line"
        pen = QPen(colour(edge), 2 if focused else 1)
        if is_next:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(area, 5, 5)
        ink = colour("on_accent" if is_current else "ink")
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold if is_current or self._counts else QFont.Weight.Normal)
        painter.setPen(ink)
        middle = Qt.AlignmentFlag.AlignCenter
        if self._counts is None:
            painter.setFont(bold)
            painter.drawText(area, middle, _elided(painter, label(tier), area))
            return
        line = self.fontMetrics().height()
        top = area.top() + (area.height() - 2 * line) // 2
        painter.setFont(smaller(self.font()))
        name = QRect(area.left(), top, area.width(), line)
        painter.drawText(name, middle, _elided(painter, label(tier), area))
        painter.setFont(bold)
        painter.drawText(
            QRect(area.left(), top + line, area.width(), line), middle, str(self._counts.get(tier, 0))
        )

    def _choose(self, index: int) -> None:
        tier = list(Tier)[index]
        self._cursor = index
        self._current = None if tier is self._current else tier
        self._update_accessible_name()
        self.update()
        self.chosen.emit(self._current)

    def _update_accessible_name(self) -> None:
        if self._counts is not None:
            tier = list(Tier)[self._cursor]
            count = self._counts.get(tier, 0)
            text = (
                numbered(count, N_("{tier}: {n} estate"), N_("{tier}: {n} estates"), tier=label(tier))
                if count
                else _("{tier}: no estate").format(tier=label(tier))
            )
        else:
            text = label(self._current) if self._current is not None else _("No tier yet")
        self.setAccessibleName(text)


def _elided(painter: QPainter, text: str, area: QRect) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width() - 6)
