"""Where one stands in an act of several steps."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.theme import colour

_CIRCLE = 26


class Steps(QWidget):
    """Numbered steps in a row: done ones ticked, the present one filled and bold."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = list(names)
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_current(0)

    def set_current(self, number: int) -> None:
        """Say which step (from 0) is the present one."""
        self._current = number
        name = self._names[min(number, len(self._names) - 1)]
        words = _("Step {n} of {total}: {name}")
        self.setAccessibleName(words.format(n=number + 1, total=len(self._names), name=name))
        self.update()

    @property
    def current(self) -> int:
        """The present step, from 0."""
        return self._current

    def sizeHint(self) -> QSize:
        width = sum(self.fontMetrics().horizontalAdvance(name) + _CIRCLE + 64 for name in self._names)
        return QSize(width, _CIRCLE + 8)

    def minimumSizeHint(self) -> QSize:
        words = sum(self.fontMetrics().horizontalAdvance(name) + _CIRCLE + 28 for name in self._names)
        return QSize(words, _CIRCLE + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        left = 1.0
        middle = self.height() / 2
        for number, name in enumerate(self._names):
            present, past = number == self._current, number < self._current
            circle = QRectF(left, middle - _CIRCLE / 2, _CIRCLE, _CIRCLE)
            painter.setPen(QPen(colour("accent" if present or past else "edge"), 1.5))
            painter.setBrush(colour("accent" if present else "panel"))
            painter.drawEllipse(circle)
            painter.setPen(colour("on_accent" if present else "accent" if past else "muted"))
            painter.setFont(bold)
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, "✓" if past else str(number + 1))
            painter.setFont(bold if present else self.font())
            painter.setPen(colour("ink" if present or past else "muted"))
            width = painter.fontMetrics().horizontalAdvance(name)
            words = QRectF(circle.right() + 8, 0, width + 4, self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
            left = words.right() + 8
            if number + 1 < len(self._names):
                painter.setPen(QPen(colour("line"), 2))
                painter.drawLine(QPointF(left, middle), QPointF(left + 24, middle))
                left += 32
