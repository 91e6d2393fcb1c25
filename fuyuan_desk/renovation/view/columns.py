"""Parts of a page in as many columns as fit, all in one scroll; the page never goes sideways."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from fuyuan_desk.widgets.theme import TEXT_PX, text_px

_SPACING = 12
_BESIDE_BAR = 4


@dataclass(frozen=True)
class Cell:
    """The place of a part: its row, its first column, how many columns and how many rows it takes."""

    row: int
    column: int
    span: int = 1
    rows: int = 1


Arrangement = Sequence[Cell]
"""The cells of all parts, in their order."""


class Columns(QWidget):
    """Shows `parts` in the first of `arrangements`, widest first, in which each has its least width.

    `widths` are the widths in pixels, at normal text size, below which a part is not put beside another one; they are
    also the shares of the columns. In the last arrangement the parts stand below each other.
    """

    def __init__(
        self, parts: Sequence[QWidget], widths: Sequence[int], arrangements: Sequence[Arrangement]
    ) -> None:
        super().__init__()
        self._parts = list(parts)
        self._widths = list(widths)
        self._arrangements = [*arrangements, [Cell(row, 0) for row in range(len(parts))]]
        self._shown: Arrangement = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, _BESIDE_BAR, 0)
        self._grid.setHorizontalSpacing(_SPACING)
        self._grid.setVerticalSpacing(_SPACING)
        self._arrange(self._arrangements[-1])

    @property
    def count(self) -> int:
        """The number of columns."""
        return max(cell.column + cell.span for cell in self._shown)

    def minimumSizeHint(self) -> QSize:
        """Return the least width of the widest part: below each other, no more is needed."""
        widths = [part.minimumSizeHint().width() for part in self._parts]
        return QSize(max(widths) + _BESIDE_BAR, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fitting = (one for one in self._arrangements if self._least(one) <= self.width())
        self._arrange(next(fitting, self._arrangements[-1]))

    def _least(self, arrangement: Arrangement) -> int:
        """Return the width that an arrangement needs."""
        beside = {cell.column: 0 for cell in arrangement if cell.span == 1}
        whole = 0
        for cell, part, width in zip(arrangement, self._parts, self._widths, strict=True):
            least = max(part.minimumSizeHint().width(), width * text_px() // TEXT_PX)
            if cell.span == 1:
                beside[cell.column] = max(beside[cell.column], least)
            else:
                whole = max(whole, least)
        return max(whole, sum(beside.values()) + _SPACING * (len(beside) - 1)) + _BESIDE_BAR

    def _arrange(self, arrangement: Arrangement) -> None:
        if arrangement is self._shown:
            return
        self._shown = arrangement
        for part in self._parts:
            self._grid.removeWidget(part)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        for cell, part, width in zip(arrangement, self._parts, self._widths, strict=True):
            self._grid.addWidget(part, cell.row, cell.column, cell.rows, cell.span, Qt.AlignmentFlag.AlignTop)
            if cell.span == 1:
                self._grid.setColumnStretch(cell.column, width)
        self._grid.setRowStretch(max(cell.row for cell in arrangement), 1)


class OneScroll(QScrollArea):
    """The scroll of a page; its bar is always there, so that the width does not change with the height."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        inner.setProperty("role", "page")
        self.setWidget(inner)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the content, which is never cut, and a height of a few lines."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.widget().minimumSizeHint().width() + bar, 40)

    def bring(self, part: QWidget, area: QRect | None = None) -> None:
        """Scroll no further than needed to show a part, or an area of it, from its top."""
        box = area or part.rect()
        top = part.mapTo(self.widget(), box.topLeft()).y()
        bottom = part.mapTo(self.widget(), QPoint(box.left(), box.bottom())).y()
        bar, room = self.verticalScrollBar(), self.viewport().height()
        if top < bar.value() or bottom - top > room:
            bar.setValue(max(top - 8, 0))
        elif bottom > bar.value() + room:
            bar.setValue(bottom - room + 8)


def column_of(*parts: QWidget) -> QWidget:
    """Return parts below each other, without margins."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_SPACING)
    for part in parts:
        column.addWidget(part)
    return made


def follow_reading(*parts: QWidget) -> None:
    """Let Tab go through these parts, and the widgets in each, in the order in which they are laid out."""
    stops = [stop for part in parts for stop in _stops(part)]
    for one, other in pairwise(stops):
        QWidget.setTabOrder(one, other)


def _stops(part: QWidget) -> Iterator[QWidget]:
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None:
        yield part
    if isinstance(part, QScrollArea) and part.widget() is not None:
        yield from _stops(part.widget())
    elif (layout := part.layout()) is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield from _stops(widget)
        elif inner is not None:
            yield from _in_layout(inner)
