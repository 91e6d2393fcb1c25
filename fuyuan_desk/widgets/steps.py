"""Progress through a process of several steps."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import colour

_CIRCLE = 26
_SPACE = 8  # after a circle, a name and a line
_SHORTEST, _LONGEST = 10, 24  # the line between two steps


def step_page(title: str, about: str) -> tuple[QWidget, QVBoxLayout]:
    """Lay out the page of one step, title and explanation on top; return it and the column to continue."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(label(title, "section"))
    column.addWidget(label(about, "muted", wrap=True))
    column.addSpacing(8)
    return page, column


class Steps(QWidget):
    """Numbered steps in a row: completed ones ticked, the current one filled and bold."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = list(names)
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_current(0)

    def set_current(self, index: int) -> None:
        """Set the current step (from 0)."""
        self._current = index
        name = self._names[min(index, len(self._names) - 1)]
        text = _("Step {n} of {total}: {name}")
        self.setAccessibleName(text.format(n=index + 1, total=len(self._names), name=name))
        self.update()

    @property
    def current(self) -> int:
        """The current step, from 0."""
        return self._current

    def sizeHint(self) -> QSize:
        return QSize(self._steps_width() + _LONGEST * self._lines, _CIRCLE + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._steps_width() + _SHORTEST * self._lines, _CIRCLE + 8)

    def _steps_width(self) -> int:
        """Return the width of all steps without the lines between them, as if all were bold."""
        metrics = QFontMetrics(self._bold())
        names = sum(metrics.horizontalAdvance(name) for name in self._names)
        return names + (_CIRCLE + _SPACE) * len(self._names) + 2 * _SPACE * self._lines

    @property
    def _lines(self) -> int:
        return len(self._names) - 1

    def _bold(self) -> QFont:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        return bold

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold = self._bold()
        room = (self.width() - self._steps_width()) / max(1, self._lines)
        line = min(_LONGEST, max(_SHORTEST, room))
        left = 1.0
        middle = self.height() / 2
        for index, name in enumerate(self._names):
            is_current, is_done = index == self._current, index < self._current
            circle = QRectF(left, middle - _CIRCLE / 2, _CIRCLE, _CIRCLE)
            painter.setPen(QPen(colour("accent" if is_current or is_done else "edge"), 1.5))
            painter.setBrush(colour("accent" if is_current else "panel"))
            painter.drawEllipse(circle)
            painter.setPen(colour("on_accent" if is_current else "accent" if is_done else "muted"))
            painter.setFont(bold)
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, "✓" if is_done else str(index + 1))
            painter.setFont(bold if is_current else self.font())
            painter.setPen(colour("ink" if is_current or is_done else "muted"))
            width = painter.fontMetrics().horizontalAdvance(name)
            text_area = QRectF(circle.right() + _SPACE, 0, width + 2, self.height())
            painter.drawText(text_area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
            left = circle.right() + _SPACE + width + _SPACE
            if index + 1 < len(self._names):
                painter.setPen(QPen(colour("line"), 2))
                painter.drawLine(QPointF(left, middle), QPointF(left + line, middle))
                left += line + _SPACE
