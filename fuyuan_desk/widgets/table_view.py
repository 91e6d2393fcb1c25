"""The table widget: whole-row selection and columns fitted to the available width."""

from math import ceil

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from fuyuan_desk.widgets.chips import ChipDelegate
from fuyuan_desk.widgets.table_model import WindowedModel
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

_TITLE_PAD = 18


class _Header(QHeaderView):
    # see Table.paintEvent
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)


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
        self._chips = ChipDelegate(self)
        self.has_own_widths = False
        self._preferred = [round(column.width * text_px() / TEXT_PX) for column in model.columns]
        self._least = [round(column.least * text_px() / TEXT_PX) for column in model.columns]
        for number, column in enumerate(model.columns):
            title = self.fontMetrics().horizontalAdvance(column.header) + _TITLE_PAD
            self._preferred[number] = max(self._preferred[number], title)
            self._least[number] = max(self._least[number], title)
            self.setColumnWidth(number, self._preferred[number])
            self.setColumnHidden(number, column.hidden)
            if column.chip is not None:
                self.setItemDelegateForColumn(number, self._chips)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt calls the model a thousand times per paint. This override acquires the interpreter lock once for all of
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
