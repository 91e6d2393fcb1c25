"""The table widget: whole-row selection and columns fitted to the available width."""

from math import ceil
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fuyuan_desk.widgets.chips import paint_chip_cell
from fuyuan_desk.widgets.icons import paint_icon
from fuyuan_desk.widgets.table_model import ALIGNMENT, PENDING, Column, WindowedModel
from fuyuan_desk.widgets.theme import TEXT_PX, colour, text_px

_TITLE_PAD = 18
_MARK_PX = 14


class _Header(QHeaderView):
    # see Table.paintEvent
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)


class _Cells(QStyledItemDelegate):
    """Draws the cells of one column.

    Qt asks a model for seven roles per cell, and a model in Python is called for each: a thousand calls per paint, at
    each of which a computing background thread may take the interpreter. Here the cell is filled in by one call.
    """

    def __init__(self, model: WindowedModel, column: Column, parent: QTableView) -> None:
        super().__init__(parent)
        self._windowed = model
        self._column = column
        self._align = ALIGNMENT[column.align]
        self._muted = QBrush(colour("muted"))

    def initStyleOption(self, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        row = self._windowed.shown_row(index.row())
        self._fill(option, index, PENDING if row is None else self._column.text(row))
        if self._column.masked and row is not None:
            option.palette.setBrush(QPalette.ColorRole.Text, self._muted)

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        chip_of = self._column.chip
        row = self._windowed.shown_row(index.row()) if chip_of is not None else None
        chip = chip_of(row) if chip_of is not None and row is not None else None
        if chip is None:
            super().paint(painter, option, index)
        else:
            plain = QStyleOptionViewItem(option)
            self._fill(plain, index, "")
            paint_chip_cell(painter, plain, chip)
        if index.column() == 0:
            self._paint_mark(painter, option.rect, index)

    def _paint_mark(self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        row = self._windowed.row(index.row())
        if row is None or not self._windowed.mark_of(row):
            return
        corner = QPoint(area.right() - _MARK_PX - 4, area.center().y() - _MARK_PX // 2)
        painter.fillRect(QRect(corner, QSize(_MARK_PX, _MARK_PX)).adjusted(-2, -2, 2, 2), colour("warn_soft"))
        paint_icon(painter, "edit", corner, _MARK_PX, "warn")

    def _fill(self, option: Any, index: QModelIndex | QPersistentModelIndex, text: str) -> None:
        option.index = index
        option.displayAlignment = self._align
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
        option.text = text.replace("\n", "\u2028")
        option.styleObject = None


class Table(QTableView):
    """A table with row selection; Enter or a double click opens the current row."""

    opened = Signal(int)

    def __init__(self, model: WindowedModel) -> None:
        super().__init__()
        self._windowed = model
        self.setHorizontalHeader(_Header(Qt.Orientation.Horizontal))
        model.rowsAboutToBeRemoved.connect(self._on_rows_about_to_be_removed)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 14)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self.has_own_widths = False
        self._preferred = [round(column.width * text_px() / TEXT_PX) for column in model.columns]
        self._least = [round(column.least * text_px() / TEXT_PX) for column in model.columns]
        for number, column in enumerate(model.columns):
            title = self.fontMetrics().horizontalAdvance(column.header) + _TITLE_PAD
            self._preferred[number] = max(self._preferred[number], title)
            self._least[number] = max(self._least[number], title)
            self.setColumnWidth(number, self._preferred[number])
            self.setColumnHidden(number, column.hidden)
            self.setItemDelegateForColumn(number, _Cells(model, column, self))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt calls Python some hundred times per paint. This override acquires the interpreter lock once for all of
        # them; otherwise each call would wait for a computing background thread (measured: 190 ms per paint).
        super().paintEvent(event)

    def _on_rows_about_to_be_removed(self, parent: QModelIndex, first: int, last: int) -> None:
        # Qt would select the next row instead, which is another household
        if self.currentIndex().row() >= first:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.has_own_widths:
            self._fit_columns()

    def _fit_columns(self) -> None:
        # until the user resizes a column, shrink wide columns so that all of them are visible
        header = self.horizontalHeader()
        shown = [number for number in range(len(self._preferred)) if not self.isColumnHidden(number)]
        missing = sum(self._preferred[number] for number in shown) - self.viewport().width()
        spare = {number: max(self._preferred[number] - self._least[number], 0) for number in shown}
        slack = sum(spare.values())
        # if even the minimum widths do not fit, scrolling is needed anyway: show the first columns in full width
        share = missing / slack if 0 < missing <= slack else 0.0
        header.blockSignals(True)
        for number in shown:
            self.setColumnWidth(number, self._preferred[number] - ceil(spare[number] * share))
        header.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def sizeHintForColumn(self, column: int) -> int:
        """Return the width required by the visible rows only."""
        top = max(self.rowAt(0), 0)
        bottom = self.rowAt(self.viewport().height() - 1)
        last = bottom if bottom >= 0 else self._windowed.total - 1
        metrics = self.fontMetrics()
        texts = [str(self._windowed.index(row, column).data() or "") for row in range(top, last + 1)]
        return max([metrics.horizontalAdvance(text) for text in texts] or [48]) + 24
