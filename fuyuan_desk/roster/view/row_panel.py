"""What became of the cells of one row of a roster, beside the list in which it is picked; cells can be corrected."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.explain import CellReading
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.theme import colour, row_px

_NAME, _TEXT, _READ = range(3)
_LEAST_ROWS = 6
_HIDES = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class _Cells(QStyledItemDelegate):
    """Edits a cell's text; a masked one is typed anew, and stays as it is if nothing is typed."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = QLineEdit(parent)
        line.setAccessibleName(_("New text of the cell"))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QLineEdit)  # made above
        if index.data(_HIDES):
            editor.setPlaceholderText(str(index.data()))
        else:
            editor.setText(str(index.data() or ""))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QLineEdit)  # made above
        if editor.text() or not index.data(_HIDES):
            model.setData(index, editor.text())


class RowCells(QTableWidget):
    """The cells of a row: column, text in the file, and what it became; `typed(column, text)` after an edit."""

    typed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__(0, 3)
        self._cells: Sequence[CellReading] = ()
        self.setAccessibleName(_("Cells of the row"))
        self.setHorizontalHeaderLabels([_("Column"), _("In the file"), _("Became")])
        self.verticalHeader().hide()
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegateForColumn(_TEXT, _Cells(self))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.sectionResized.connect(self._fit_rows)
        self.verticalHeader().setMinimumSectionSize(row_px())
        self.setMinimumHeight(_LEAST_ROWS * row_px())
        self.set_editable(False)
        self.itemChanged.connect(self._on_changed)

    def set_editable(self, on: bool) -> None:
        """Allow or refuse to correct cells."""
        triggers = QAbstractItemView.EditTrigger
        allowed = triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        self.setEditTriggers(allowed if on else triggers.NoEditTriggers)

    def show_cells(self, cells: Sequence[CellReading]) -> None:
        """Show cells; the current one stays so if there is one in its column."""
        current = self.currentRow()
        index = self._cells[current].index if 0 <= current < len(self._cells) else -1
        self._cells = cells
        self.blockSignals(True)
        self.setRowCount(len(cells))
        for number, cell in enumerate(cells):
            for column, item in enumerate(_items(cell)):
                self.setItem(number, column, item)
        self.blockSignals(False)
        metrics = self.fontMetrics()
        for column, texts, most in (
            (_NAME, [cell.name for cell in cells], 150),
            (_TEXT, [cell.text for cell in cells], 170),
        ):
            self.setColumnWidth(column, min(max([84, *map(metrics.horizontalAdvance, texts)]) + 20, most))
        self._fit_rows()
        kept = next((number for number, cell in enumerate(cells) if cell.index == index), 0)
        if cells:
            self.setCurrentCell(kept, _TEXT)

    def _fit_rows(self) -> None:
        self.resizeRowsToContents()
        for number, cell in enumerate(self._cells):
            if (
                cell.problems
            ):  # the padding of a cell takes a word or two of each line, which Qt does not count
                self.setRowHeight(number, self.rowHeight(number) + self.fontMetrics().lineSpacing())

    def edit_first_fault(self) -> None:
        """Make the first cell with a problem the current one."""
        for number, cell in enumerate(self._cells):
            if cell.problems:
                self.setCurrentCell(number, _TEXT)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentRow() < 0 and self.rowCount():
            self.setCurrentCell(0, _TEXT)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        cell = self._cells[item.row()]
        if item.column() == _TEXT and item.text() != cell.text:
            self.typed.emit(cell.index, item.text().strip())


def _items(cell: CellReading) -> list[QTableWidgetItem]:
    name, text = QTableWidgetItem(cell.name), QTableWidgetItem(cell.text)
    problems = [_("Issue: {message}").format(message=message) for message in cell.problems]
    read = QTableWidgetItem("\n".join((*cell.became, *problems)))
    if problems:
        read.setForeground(colour("warn"))
    text.setData(_HIDES, cell.is_masked)
    for item in (name, read):
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
    for item in (name, text, read):
        item.setToolTip(item.text())
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return [name, text, read]


class RowPanel(QWidget):
    """The picked row: sentences about it, and its cells; `typed(sheet, row, column, text)` after an edit."""

    typed = Signal(str, int, int, str)

    def __init__(self) -> None:
        super().__init__()
        self._place = ("", 0)
        self.title = label("", "section")
        self.about = label("", wrap=True, selectable=True)
        self.cells = RowCells()
        self.cells.typed.connect(lambda index, text: self.typed.emit(*self._place, index, text))
        self.hint = label("", "hint", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.title, self.about):
            column.addWidget(part)
        column.addWidget(self.cells, 1)
        column.addWidget(self.hint)

    @property
    def place(self) -> tuple[str, int]:
        """Sheet and row that are shown, as in Excel."""
        return self._place

    def show_row(
        self, sheet: str, row: int, about: Sequence[str], cells: Sequence[CellReading], hint: str
    ) -> None:
        """Show a row of the file; `hint` says how it is corrected, "" if it cannot be."""
        is_other = (sheet, row) != self._place
        self._place = (sheet, row)
        self.title.setText(_("{sheet}, row {row}").format(sheet=sheet, row=row))
        self.about.setText("\n".join(about))
        self.cells.setVisible(bool(cells))
        self.cells.set_editable(bool(hint))
        self.cells.show_cells(cells)
        if is_other:
            self.cells.edit_first_fault()
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint and cells))
