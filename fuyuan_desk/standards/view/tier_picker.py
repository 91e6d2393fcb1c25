"""The four tiers as a flight of stairs: where an estate stands, or how many stand on each step."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.standards.rules import Tier, label
from fuyuan_desk.widgets.theme import colour, smaller

_RISE = 12


class Stairs(QWidget):
    """Four steps, the chosen one filled; with counts a step is chosen by click, arrows and Space.

    `chosen` carries the tier of the step, None when the chosen step was left again.
    """

    chosen = Signal(object)

    def __init__(self, clickable: bool = False) -> None:
        super().__init__()
        self._clickable = clickable
        self._counts: Mapping[Tier, int] | None = None
        self._here: Tier | None = None
        self._next: Tier | None = None
        self._cursor = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def show_place(self, here: Tier | None, then: Tier | None = None) -> None:
        """Show the step an estate stands on, and the one it comes to later."""
        self._here, self._next = here, then
        self._tell()
        self.update()

    def show_counts(self, counts: Mapping[Tier, int]) -> None:
        """Show how many estates stand on each step."""
        self._counts = counts
        self._tell()
        self.update()

    @property
    def here(self) -> Tier | None:
        """The filled step."""
        return self._here

    def sizeHint(self) -> QSize:
        return QSize(360, self.fontMetrics().height() * (2 if self._clickable else 1) + 3 * _RISE + 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if self._clickable and step is not None:
            self._cursor = max(0, min(self._cursor + step, len(Tier) - 1))
            self._tell()
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
        for place, tier in enumerate(Tier):
            self._paint_step(painter, place, tier)

    def _area(self, place: int) -> QRect:
        width = self.width() / len(Tier)
        top = (len(Tier) - 1 - place) * _RISE + 2
        left = round(place * width) + 2
        return QRect(left, top, round((place + 1) * width) - left - 2, self.height() - top - 2)

    def _paint_step(self, painter: QPainter, place: int, tier: Tier) -> None:
        area = self._area(place)
        is_here, is_next = tier is self._here, tier is self._next
        focused = self._clickable and self.hasFocus() and place == self._cursor
        painter.setBrush(colour("accent" if is_here else "accent_soft" if is_next else "neutral_soft"))
        edge = "ink" if focused else "accent" if is_here or is_next else "line"
        pen = QPen(colour(edge), 2 if focused else 1)
        if is_next:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(area, 5, 5)
        ink = colour("on_accent" if is_here else "ink")
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold if is_here or self._counts else QFont.Weight.Normal)
        painter.setPen(ink)
        middle = Qt.AlignmentFlag.AlignCenter
        if self._counts is None:
            painter.setFont(bold)
            painter.drawText(area, middle, _fitting(painter, label(tier), area))
            return
        line = self.fontMetrics().height()
        top = area.top() + (area.height() - 2 * line) // 2
        painter.setFont(smaller(self.font()))
        name = QRect(area.left(), top, area.width(), line)
        painter.drawText(name, middle, _fitting(painter, label(tier), area))
        painter.setFont(bold)
        painter.drawText(
            QRect(area.left(), top + line, area.width(), line), middle, str(self._counts.get(tier, 0))
        )

    def _choose(self, place: int) -> None:
        tier = list(Tier)[place]
        self._cursor = place
        self._here = None if tier is self._here else tier
        self._tell()
        self.update()
        self.chosen.emit(self._here)

    def _tell(self) -> None:
        if self._counts is not None:
            tier = list(Tier)[self._cursor]
            words = _("{tier}: {n} estates").format(tier=label(tier), n=self._counts.get(tier, 0))
        else:
            words = label(self._here) if self._here is not None else _("No tier yet")
        self.setAccessibleName(words)


def _fitting(painter: QPainter, text: str, area: QRect) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width() - 6)
