"""The table widget: whole-row selection and columns fitted to the available width."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fuyuan_desk.widgets.chips import chip_size, paint_chip_cell
from fuyuan_desk.widgets.icons import paint_icon
from fuyuan_desk.widgets.table_model import ALIGNMENT, PENDING, Column, WindowedModel
from fuyuan_desk.widgets.theme import TEXT_PX, colour, smaller, text_px

_TITLE_PAD = 24  # border and padding of a heading
_ARROW = 18  # beside the heading by which the list is sorted
_CELL_PAD, _CHIP_PAD = 26, 16
_SHORT = 88  # what is not wider, such as a number or a day, is not cut
_WIDEST = 360
_ROW_PX = 28  # at normal text size; 35 with large text
_HEADING_PX = 27
_MEASURED = 100
_MARK_PX = 14


def row_height() -> int:
    """Return the height of a row in pixels, at the current text size."""
    return text_px() * _ROW_PX // TEXT_PX


def heading_font(font: QFont) -> QFont:
    """Return the font of the headings as the stylesheet makes it."""
    made = smaller(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _is_typed(event: QKeyEvent) -> bool:
    """Return whether a key is a character; a space selects a row."""
    plain = (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.KeyboardModifier.KeypadModifier,
    )
    return event.modifiers() in plain and event.text().isprintable() and bool(event.text().strip())


def narrowed(preferred: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return widths that fit the room if they can: the widest ones are cut to one width, each at least its `least`.

    What cannot fit is scrolled sideways anyway, and keeps the preferred widths.
    """
    if not sum(least) <= room < sum(preferred):
        return list(preferred)
    low, high = 0, max(preferred)
    while low < high:  # the largest width to which columns can be cut
        limit = (low + high + 1) // 2
        total = sum(max(min(wanted, limit), floor) for wanted, floor in zip(preferred, least, strict=True))
        low, high = (limit, high) if total <= room else (low, limit - 1)
    return [max(min(wanted, low), floor) for wanted, floor in zip(preferred, least, strict=True)]


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
    """A table with row selection; Enter or a double click opens the current row.

    `typed` carries a character, for the filter: a list is searched by what is typed in it.
    """

    opened = Signal(int)
    typed = Signal(str)

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
        self.verticalHeader().setDefaultSectionSize(row_height())
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(text_px() * _HEADING_PX // TEXT_PX)
        header.setSectionsClickable(True)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self.has_own_widths = False
        self._titles = [self._title_width(column) for column in model.columns]
        self._preferred = [
            max(title, round(column.width * text_px() / TEXT_PX))
            for title, column in zip(self._titles, model.columns, strict=True)
        ]
        self._least = [round(column.least * text_px() / TEXT_PX) for column in model.columns]
        self._is_measured = False
        for number, column in enumerate(model.columns):
            self.setColumnWidth(number, self._preferred[number])
            self.setColumnHidden(number, column.hidden)
            self.setItemDelegateForColumn(number, _Cells(model, column, self))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        model.loaded.connect(self._measure)

    def _title_width(self, column: Column) -> int:
        metrics = QFontMetrics(heading_font(self.font()))
        return metrics.horizontalAdvance(column.header) + _TITLE_PAD + (_ARROW if column.sort else 0)

    def _measure(self, total: int) -> None:
        """Take the width of each column from the first rows that arrive; later ones move nothing."""
        if not self._is_measured and total:
            self._is_measured = True
            self._measure_columns(range(len(self._preferred)))

    def measure_states(self) -> None:
        """Take the width of the columns of states anew: call this when states arrive later than their rows."""
        if self._is_measured:
            columns = self._windowed.columns
            self._measure_columns(
                [number for number, column in enumerate(columns) if column.chip is not None]
            )

    def _measure_columns(self, numbers: Iterable[int]) -> None:
        lines = range(min(self._windowed.total, _MEASURED))
        rows = [row for line in lines if (row := self._windowed.row(line)) is not None]
        for number in numbers:
            column = self._windowed.columns[number]
            content = max((self._cell_width(column, row) for row in rows), default=0)
            if content or column.chip is None:  # states may arrive later
                self._preferred[number] = max(self._titles[number], min(content, _WIDEST))
        self.fit_columns()

    def _cell_width(self, column: Column, row: Any) -> int:
        chip = column.chip(row) if column.chip is not None else None
        if chip is not None:
            return chip_size(chip, self.font()).width() + _CHIP_PAD if chip.text else 0
        if not column.text(row):
            return 0
        return self.fontMetrics().horizontalAdvance(column.text(row)) + _CELL_PAD

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
        self.fit_columns()

    def fit_columns(self) -> None:
        """Fit the columns to the width: the widest are narrowed first, and none below its heading.

        Widths that the user chose are kept; what even the narrowest columns do not fit into scrolls sideways.
        """
        if self.has_own_widths:
            return
        header = self.horizontalHeader()
        shown = self._shown_columns()
        preferred, room = [self._preferred[number] for number in shown], self.viewport().width()
        widths = narrowed(preferred, [self._least_of(number) for number in shown], room)
        header.blockSignals(True)
        for number, width in zip(shown, widths, strict=True):
            self.setColumnWidth(number, width)
        header.blockSignals(False)
        self.updateGeometries()  # the scroll bar did not hear of it

    @property
    def least_width(self) -> int:
        """The width in pixels below which the table scrolls sideways."""
        return sum(self._least_of(number) for number in self._shown_columns())

    def _shown_columns(self) -> list[int]:
        return [number for number in range(len(self._preferred)) if not self.isColumnHidden(number)]

    def _least_of(self, number: int) -> int:
        least = max(self._least[number], _SHORT * text_px() // TEXT_PX)
        is_state = self._windowed.columns[number].chip is not None
        return max(
            self._titles[number], self._preferred[number] if is_state else min(least, self._preferred[number])
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        if _is_typed(event):
            self.typed.emit(event.text())
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
