"""The table widget: whole-row selection and columns fitted to the available width."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QToolTip,
)

from fuyuan_desk.widgets.chips import Chip, chip_size, paint_chip_in_cell
from fuyuan_desk.widgets.icons import paint_icon
from fuyuan_desk.widgets.table_model import ALIGNMENT, PENDING, Column, WindowedModel
from fuyuan_desk.widgets.theme import TEXT_PX, colour, row_px, smaller, text_px

_TITLE_PAD = 24  # border and padding of a heading
_ARROW = 20  # beside the heading by which the list is sorted: Qt takes twice the width of the picture
_CELL_PAD, _CHIP_PAD = 26, 16
_SHORT = 88  # what is not wider, such as a number or a day, is not cut
_WIDEST = 360
_HEADING_PX = 27
_MARK_PX = 14
_REST_MS = 150
_PICTURE_SIDE = 4
_CELL_SIDE = 11  # around the text of a cell: padding, and the margin of the style
_CHOSEN, _UNDER_MOUSE = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver


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


def widened(widths: Sequence[int], wanted: Sequence[int], room: int) -> list[int]:
    """Return the widths after what is free of the room went to the columns that want more, from the left."""
    spare, wider = room - sum(widths), []
    for width, most in zip(widths, wanted, strict=True):
        more = max(min(spare, most - width), 0)
        wider.append(width + more)
        spare -= more
    return wider


class _Header(QHeaderView):
    """The headings; one that does not fit is shortened at its right, and its tooltip has the whole."""

    def paintEvent(self, event: QPaintEvent) -> None:
        # see Table.paintEvent
        super().paintEvent(event)

    def initStyleOptionForIndex(self, option: Any, section: int) -> None:
        super().initStyleOptionForIndex(option, section)
        option.text = self._shortened(section)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            section = self.logicalIndexAt(event.pos())
            whole = self._text(section)
            QToolTip.showText(event.globalPos(), whole if self._shortened(section) != whole else "", self)
            return True
        return super().viewportEvent(event)

    def _text(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "") if section >= 0 else ""

    def _shortened(self, section: int) -> str:
        is_sorted = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        room = self.sectionSize(section) - _TITLE_PAD + 1 - (_ARROW if is_sorted else 0)
        metrics = QFontMetrics(heading_font(QApplication.font()))
        return metrics.elidedText(self._text(section), Qt.TextElideMode.ElideRight, room)


class _Cells(QStyledItemDelegate):
    """Draws the cells of one column as the stylesheet says.

    The style of the stylesheet takes half as long again, and Qt asks a model for seven roles per cell: a model in
    Python is then called a thousand times per paint, at each of which a computing background thread may take the
    interpreter.
    """

    def __init__(self, model: WindowedModel, column: Column, parent: QTableView) -> None:
        super().__init__(parent)
        self._windowed = model
        self._column = column
        across = ALIGNMENT[column.align] & Qt.AlignmentFlag.AlignHorizontal_Mask
        self._flags = int(across) | int(Qt.TextFlag.TextSingleLine)
        self._ink, self._muted = colour("ink"), colour("muted")
        self._line, self._chosen = colour("hover"), colour("accent_soft")

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_chosen = bool(state & _CHOSEN)
        if is_chosen or state & _UNDER_MOUSE:
            painter.fillRect(area, self._chosen if is_chosen else self._line)
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, self._line)
        column, row = self._column, self._windowed.shown_row(index.row())
        chip = column.chip(row) if column.chip is not None and row is not None else None
        picture = column.picture(row) if column.picture is not None and row is not None else None
        if picture is not None:
            _paint_picture(painter, area, picture)
        elif chip is None:
            is_muted = column.masked and row is not None and not is_chosen
            painter.setPen(self._muted if is_muted else self._ink)
            metrics: QFontMetrics = option.fontMetrics
            above = (area.height() - 1) // 2 - (metrics.height() + 1) // 2
            inner = area.adjusted(_CELL_SIDE, above, -_CELL_SIDE, 0)
            text = PENDING if row is None else column.text(row)
            cut = Qt.TextElideMode.ElideMiddle if column.ends else Qt.TextElideMode.ElideRight
            shown = metrics.elidedText(text.replace("\n", " "), cut, inner.width())
            painter.drawText(inner, self._flags, shown)
        else:
            paint_chip_in_cell(painter, option, chip)
        if index.column() == 0:
            self._paint_mark(painter, area, index)

    def _paint_mark(self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        row = self._windowed.row(index.row())
        if row is None or not self._windowed.mark_of(row):
            return
        corner = QPoint(area.right() - _MARK_PX - 4, area.center().y() - _MARK_PX // 2)
        painter.fillRect(QRect(corner, QSize(_MARK_PX, _MARK_PX)).adjusted(-2, -2, 2, 2), colour("warn_soft"))
        paint_icon(painter, "edit", corner, _MARK_PX, "warn")


def _paint_picture(painter: QPainter, area: QRect, picture: QPixmap) -> None:
    """Draw a picture as large as it fits into a cell."""
    room = area.adjusted(_PICTURE_SIDE, 2, -_PICTURE_SIDE, -3)
    size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(QPoint(), size)
    place.moveCenter(room.center())
    painter.drawPixmap(place, picture)


class Table(QTableView):
    """A table with row selection; Enter or a double click opens the current row.

    Its rows are `lines` times as high as usual. `typed` carries a character, for the filter: a list is searched by what
    is typed in it.
    """

    opened = Signal(int)
    typed = Signal(str)

    def __init__(self, model: WindowedModel, lines: int = 1) -> None:
        super().__init__()
        self._windowed = model
        self._lines = lines
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
        header.sortIndicatorChanged.connect(self._show_order)
        self.has_own_widths = False
        self._take_sizes()
        # what the rows of the current query need, and whether any were measured since the table was made
        self._needed = [0] * len(model.columns)
        self._is_measured = False
        for number, column in enumerate(model.columns):
            self.setColumnWidth(number, self._preferred[number])
            self.setColumnHidden(number, column.hidden)
            self.setItemDelegateForColumn(number, _Cells(model, column, self))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self._unmeasured: set[int] = set()
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST_MS)
        self._resting.timeout.connect(self._measure)
        model.modelReset.connect(self._forget_rows)
        model.arrived.connect(self._on_arrived)

    def _take_sizes(self) -> None:
        """Take what depends on the size of the text."""
        self._text_px, columns = text_px(), self._windowed.columns
        self._take_rows()
        self.horizontalHeader().setFixedHeight(self._text_px * _HEADING_PX // TEXT_PX)
        self._titles = [self._title_width(column) for column in columns]
        self._preferred = [
            max(title, round(column.width * self._text_px / TEXT_PX))
            for title, column in zip(self._titles, columns, strict=True)
        ]
        self._least = [round(column.least * self._text_px / TEXT_PX) for column in columns]

    def _take_rows(self) -> None:
        self._row_px = row_px()
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(self._row_px)  # Qt's own least height is that of the former text
        rows.setDefaultSectionSize(self._row_px * self._lines)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and text_px() != self._text_px:
            self._resize_text()
        elif event.type() == QEvent.Type.StyleChange and row_px() != self._row_px:
            self._take_rows()

    def _resize_text(self) -> None:
        """Size rows and columns for another size of the text; widths that the user chose grow with it."""
        ratio = text_px() / self._text_px
        own = [round(self.columnWidth(number) * ratio) for number in range(len(self._titles))]
        self._take_sizes()
        self._forget_rows()
        if self._is_measured:
            self._preferred = list(self._titles)
            self._measure_columns(range(len(self._titles)), self._windowed.pages_held())
        if self.has_own_widths:
            for number, width in enumerate(own):
                self.setColumnWidth(number, width)
        self.fit_columns()

    def _show_order(self, section: int, _order: Qt.SortOrder) -> None:
        """Show the arrow at the column by which the list is sorted, not at one that was clicked and cannot sort."""
        columns, query = self._windowed.columns, self._windowed.query
        if section < 0 or columns[section].sort:
            return
        sorted_by = [
            number for number, column in enumerate(columns) if column.sort == query.sort and query.sort
        ]
        order = Qt.SortOrder.DescendingOrder if query.descending else Qt.SortOrder.AscendingOrder
        header = self.horizontalHeader()
        header.blockSignals(True)  # the list stays as it is sorted
        header.setSortIndicator(sorted_by[0] if sorted_by else -1, order)
        header.blockSignals(False)

    def _title_width(self, column: Column) -> int:
        metrics = QFontMetrics(heading_font(QApplication.font()))
        return metrics.horizontalAdvance(column.header) + _TITLE_PAD + (_ARROW if column.sort else 0)

    def _forget_rows(self) -> None:
        self._needed = [0] * len(self._needed)
        self._unmeasured.clear()

    def _on_arrived(self, page: int) -> None:
        """Measure the first rows of a query at once, later ones when the scroll bar rests: they would slow it down."""
        self._unmeasured.add(page)
        if any(self._needed):
            self._resting.start()
        else:
            self._measure()

    def _measure(self) -> None:
        """Take the width of each column from the rows that came; a column once widened stays so while all fit."""
        pages = [page for page in sorted(self._unmeasured) if self._windowed.rows_of_page(page)]
        self._unmeasured.clear()
        if pages:
            if not self._is_measured:
                self._is_measured = True
                self._preferred = list(self._titles)
            self._measure_columns(range(len(self._preferred)), pages)

    def measure_states(self) -> None:
        """Take the width of the columns of states anew: call this when states arrive later than their rows."""
        if self._is_measured:
            columns = self._windowed.columns
            states = [number for number, column in enumerate(columns) if column.chip is not None]
            self._measure_columns(states, self._windowed.pages_held())

    def _measure_columns(self, numbers: Iterable[int], pages: Iterable[int]) -> None:
        rows = [row for page in pages for row in self._windowed.rows_of_page(page)]
        for number in numbers:
            needed = max(self._needed[number], self._content_width(self._windowed.columns[number], rows))
            self._needed[number] = needed
            self._preferred[number] = max(self._preferred[number], min(needed, _WIDEST))
        self.fit_columns()

    def _content_width(self, column: Column, rows: Sequence[Any]) -> int:
        """Return the width in pixels of the widest cell of a column, 0 when all are empty."""
        shown = [(row, None if column.chip is None else column.chip(row)) for row in rows]
        chips: set[Chip | None] = {chip for _row, chip in shown}
        texts = {column.text(row) for row, chip in shown if chip is None}
        states = [chip_size(chip, self.font()).width() for chip in chips if chip is not None and chip.text]
        metrics = self.fontMetrics()
        written = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        return max(written + _CELL_PAD if written else 0, max(states) + _CHIP_PAD if states else 0)

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

        While all columns fit, they keep the widths that any rows needed, so that little moves. Else each has what
        the rows of the current query need, and none has room to spare while another is cut. Widths that the user
        chose are kept; what even the narrowest columns do not fit into scrolls sideways.
        """
        if self.has_own_widths:
            return
        header = self.horizontalHeader()
        shown = self._shown_columns()
        preferred, room = [self._preferred[number] for number in shown], self.viewport().width()
        if self._is_measured and sum(preferred) > room:
            preferred = [self._now_needed(number) for number in shown]
        widths = narrowed(preferred, [self._least_of(number) for number in shown], room)
        widths = widened(widths, [self._needed[number] for number in shown], room)
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

    def _now_needed(self, number: int) -> int:
        return max(self._titles[number], min(self._needed[number], _WIDEST))

    def _least_of(self, number: int) -> int:
        least = max(self._least[number], _SHORT * text_px() // TEXT_PX)
        is_state = self._windowed.columns[number].chip is not None
        needed = self._now_needed(number) if self._is_measured else self._preferred[number]
        return max(self._titles[number], needed if is_state else min(least, needed))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._windowed.total:
            # Qt would go to the first or last column, which nobody sees where whole rows are chosen
            row = 0 if event.key() == Qt.Key.Key_Home else self._windowed.total - 1
            self.setCurrentIndex(self._windowed.index(row, max(self.currentIndex().column(), 0)))
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
