"""The columns of a roster's tables with their fields and first rows, as a clerk corrects them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.choosing import chosen_twice
from fuyuan_desk.roster.reading.headers import FIELD_LABELS, Column, field_label
from fuyuan_desk.roster.reading.masking import masked_cell
from fuyuan_desk.roster.reading.reader import TableView
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.theme import row_px, set_wrong


class _Choice(DropDown):
    focused = Signal()

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(
            _("Content of column {letter}").format(letter=f"{column.letter} {column.title}".strip())
        )
        for field in ("", *FIELD_LABELS):
            self.addItem(field_label(field), field)
        self.currentTextChanged.connect(self.setToolTip)
        self.setCurrentIndex(max(self.findData(column.field), 0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


class MappingTable(QTableWidget):
    """A table of the file: its column headers, their fields, and its first rows, personal data masked."""

    changed = Signal()

    def __init__(self, table: TableView) -> None:
        super().__init__(1 + len(table.sample), len(table.columns))
        self.columns = table.columns
        self._sample = table.sample
        self.choices: list[_Choice] = []
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(_("Columns of the file"))
        titles = [f"{column.letter}  {' '.join(column.title.split())}".strip() for column in table.columns]
        self.setHorizontalHeaderLabels(titles)
        rows = [_("Recognised as"), *(str(table.first_row + number) for number in range(len(table.sample)))]
        self.setVerticalHeaderLabels(rows)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_px())
        self.setRowHeight(0, 44)
        for index, column in enumerate(table.columns):
            choice = _Choice(column)
            choice.activated.connect(self._on_chosen)
            choice.focused.connect(lambda index=index: self.scrollTo(self.model().index(0, index)))
            self.choices.append(choice)
            self.setCellWidget(0, index, choice)
            self._show_sample(index)
            choice.activated.connect(lambda _row, index=index: self._show_sample(index))
            self.setColumnWidth(index, self._width(index, titles[index]))
        for first, second in zip(self.choices, self.choices[1:], strict=False):
            QWidget.setTabOrder(first, second)

    def _on_chosen(self) -> None:
        self._mark_twice()
        self.changed.emit()

    def _mark_twice(self) -> None:
        fields = self.mapping()
        chosen = [replace(column, field=fields[column.index]) for column in self.columns]
        same = {column.index for column in chosen_twice(chosen)}
        for column, choice in zip(self.columns, self.choices, strict=True):
            set_wrong(choice, column.index in same)

    def _show_sample(self, index: int) -> None:
        """Show the first cells of a column, personal data masked as its field requires."""
        for line, cells in enumerate(self._sample):
            text = " ".join(cells[index].split())
            shown = masked_cell(self.choices[index].currentData(), text)
            self.setItem(line + 1, index, QTableWidgetItem(shown))

    def _width(self, index: int, title: str) -> int:
        metrics = self.fontMetrics()
        field = self.choices[index].currentData()
        texts = [title, *(masked_cell(field, cells[index]) for cells in self._sample)]
        content = max(metrics.horizontalAdvance(text) for text in texts) + 28
        chosen = metrics.horizontalAdvance(self.choices[index].currentText()) + 76
        return min(max(content, chosen, 88), 240)

    def set_fields(self, fields: Mapping[int, str]) -> None:
        """Show other fields for columns, by 0-based index in the file."""
        for number, (column, choice) in enumerate(zip(self.columns, self.choices, strict=True)):
            if column.index in fields:
                choice.setCurrentIndex(max(choice.findData(fields[column.index]), 0))
                self._show_sample(number)
        self._mark_twice()

    def mapping(self) -> dict[int, str]:
        """Return each column's field by its 0-based index in the file."""
        return {
            column.index: str(choice.currentData())
            for column, choice in zip(self.columns, self.choices, strict=True)
        }


class TableTab(QWidget):
    """A table's tab, filled when first shown, since a workbook may have a hundred sheets."""

    def __init__(self, table: TableView, changed: Callable[[], object]) -> None:
        super().__init__()
        self.table = table
        self.made: MappingTable | None = None
        self._changed = changed
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)

    def fill(self) -> None:
        """Create the table's widgets if missing."""
        if self.made is None:
            self.made = MappingTable(self.table)
            self.made.changed.connect(self._changed)
            self._column.addWidget(self.made)

    def set_fields(self, fields: Mapping[int, str]) -> None:
        """Show other fields for columns, by 0-based index in the file."""
        if self.made is not None:
            self.made.set_fields(fields)
            return
        columns = tuple(
            replace(column, field=fields.get(column.index, column.field)) for column in self.table.columns
        )
        self.table = replace(self.table, columns=columns)

    def mapping(self) -> dict[int, str]:
        """Return each column's field by its 0-based index in the file."""
        if self.made is not None:
            return self.made.mapping()
        return {column.index: column.field for column in self.table.columns}
