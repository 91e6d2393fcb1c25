"""The second screen of the roster import: the columns' fields and a preview of the import."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.reading.headers import FIELD_LABELS, Column, chosen_twice, field_label
from fuyuan_desk.roster.reading.masking import masked_cell
from fuyuan_desk.roster.reading.naming import listed_estates
from fuyuan_desk.roster.reading.reader import TableView
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.view.problems import ProblemsView
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.composition import SettledText
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import Card, PageHeader, head_line, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import Tabs, page_column
from fuyuan_desk.widgets.steps import Steps
from fuyuan_desk.widgets.theme import row_px, set_wrong

_WAIT_MS = 700
Mapping = dict[str, dict[int, str]]


def step_names() -> list[str]:
    """Return the names of the import's steps."""
    return [_("Choose the file"), _("Check the data"), _("Done")]


def import_text(households: int, units: int) -> str:
    """Return the text of the import's button: what it would add, if anything."""
    if households:
        return numbered(households, N_("&Import {n} household"), N_("&Import {n} households"))
    if units:
        return numbered(units, N_("&Import {n} home"), N_("&Import {n} homes"))
    return _("&Import")


class Figures(QWidget):
    """A row of numbers with captions below."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._values = {}
        row = Flow(self)
        row.setSpacing(24)
        for name, caption in names:
            self._values[name] = label("—", "title")
            figure = QWidget()
            column = QVBoxLayout(figure)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(self._values[name])
            column.addWidget(label(caption, "hint"))
            row.add(figure)

    def show_figures(self, figures: dict[str, int]) -> None:
        """Show the numbers."""
        for name, value in self._values.items():
            value.setText(f"{figures[name]:,}")

    def text(self, name: str) -> str:
        """Return a number as displayed."""
        return self._values[name].text()


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
        fields = self.mapping()
        chosen = [replace(column, field=fields[column.index]) for column in self.columns]
        same = {column.index for column in chosen_twice(chosen)}
        for column, choice in zip(self.columns, self.choices, strict=True):
            set_wrong(choice, column.index in same)
        self.changed.emit()

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

    def mapping(self) -> dict[int, str]:
        """Return each column's field by its 0-based index in the file."""
        return {
            column.index: str(choice.currentData())
            for column, choice in zip(self.columns, self.choices, strict=True)
        }


class _Tab(QWidget):
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

    def mapping(self) -> dict[int, str]:
        """Return each column's field by its 0-based index in the file."""
        if self.made is not None:
            return self.made.mapping()
        return {column.index: column.field for column in self.table.columns}


class ImportCheckView(QWidget):
    """The screen for checking a roster before the import."""

    mapping_changed = Signal(dict)
    estate_changed = Signal(str)
    import_requested = Signal()
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.steps = Steps(step_names())
        self.steps.set_current(1)
        self.banner = Banner()
        self.figures = Figures(
            [
                ("sheets", _("sheets")),
                ("buildings", _("new buildings")),
                ("units", _("new homes")),
                ("households", _("new households")),
                ("duplicates", _("duplicates")),
                ("rejected", _("faulty rows")),
            ]
        )
        self.estate = QLineEdit()
        self.estate.setMinimumWidth(200)
        self.estate.setAccessibleName(_("Name of the estate"))
        SettledText(self.estate, self.estate.textEdited).changed.connect(self._on_estate)
        self.estate.returnPressed.connect(self._emit_estate)
        self.estates = label("", "hint", wrap=True)
        self.estates.hide()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_WAIT_MS)
        self._typing.timeout.connect(self._emit_estate)
        self.problems = ProblemsView()
        self.tabs = Tabs()
        self.progress = ProgressPanel()
        self.import_button = button(
            _("&Import"), self.import_requested.emit, role="primary", picture="import", shortcut="Ctrl+Return"
        )
        self.back_button = button(_("Choose &another file"), self.back_requested.emit)
        self.header = PageHeader("", "", [self.back_button, self.import_button])
        self._maps: list[_Tab] = []
        self._is_new = True
        self.tabs.currentChanged.connect(self._on_tab)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card()
        named = QWidget()
        field = QVBoxLayout(named)
        field.setContentsMargins(0, 0, 0, 0)
        field.setSpacing(4)
        caption = label(_("&Estate"), "caption")
        caption.setBuddy(self.estate)
        field.addWidget(caption)
        field.addWidget(self.estate)
        field.addWidget(self.estates)
        card.body.addLayout(head_line((self.figures,), (named,)))
        column = page_column(self)
        column.addWidget(self.header)
        column.addWidget(self.steps)
        column.addWidget(self.banner)
        column.addWidget(card)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.progress)

    def show_file(self, name: str) -> None:
        """Start with a new file."""
        self.header.set_texts(name, _("Compare the columns with the first rows, and correct wrong fields."))
        self.banner.clear()
        self.estate.clear()
        self._is_new = True

    def show_tables(self, tables: Sequence[TableView], estates: Sequence[str], several: str) -> None:
        """Show the file's tables with the fields of their columns."""
        index = self.tabs.currentIndex()
        blocker = QSignalBlocker(
            self.tabs
        )  # do not fill tabs that become current only while they are rebuilt
        while self.tabs.count():
            old = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if old is not self.problems:
                old.deleteLater()
        self._maps = []
        self.tabs.addTab(self.problems, _("Issues"))
        for table in tables:
            made = _Tab(table, self._emit_mapping)
            self._maps.append(made)
            title = numbered(table.count, N_("{sheet}: {n} row"), N_("{sheet}: {n} rows"), sheet=table.sheet)
            self.tabs.addTab(made, title if table.count else _("{sheet}: no rows").format(sheet=table.sheet))
        self.tabs.setCurrentIndex(index if 0 <= index < self.tabs.count() and not self._is_new else 1)
        self._is_new = False
        blocker.unblock()
        self._on_tab(self.tabs.currentIndex())
        if not self.estate.hasFocus():
            self.estate.setText(estates[0] if len(estates) == 1 else "")
        self.estates.setText(listed_estates(estates))
        self.estates.setToolTip(_(", ").join(estates))
        self.estates.setVisible(len(estates) > 1)
        self.estate.setPlaceholderText(several if len(estates) > 1 else _("Name of the estate"))

    def show_outcome(self, figures: dict[str, int], problems: Sequence[Problem]) -> None:
        """Show the preview of the import."""
        self.figures.show_figures(figures)
        self.problems.show_problems(problems)
        title = _("Issues ({n})").format(n=f"{len(problems):,}") if problems else _("Issues")
        self.tabs.setTabText(self.tabs.indexOf(self.problems), title)
        self.import_button.setText(import_text(figures["households"], figures["units"]))

    def set_ready(self, on: bool) -> None:
        """Enable or disable the import."""
        self.import_button.setEnabled(on)

    def set_importing(self, on: bool) -> None:
        """Disable the controls while the import runs."""
        for widget in (self.import_button, self.back_button, self.tabs, self.estate):
            widget.setDisabled(on)

    def show_problems(self) -> None:
        """Show the problems."""
        self.tabs.setCurrentWidget(self.problems)

    def mapping(self) -> Mapping:
        """Return the chosen fields of each sheet's columns."""
        chosen: Mapping = {}
        for tab in self._maps:
            chosen.setdefault(tab.table.sheet, {}).update(tab.mapping())
        return chosen

    def tables(self) -> list[MappingTable]:
        """Return the tables shown so far."""
        return [tab.made for tab in self._maps if tab.made is not None]

    def _on_tab(self, index: int) -> None:
        tab = self.tabs.widget(index)
        if isinstance(tab, _Tab):
            tab.fill()

    def _emit_mapping(self) -> None:
        self.mapping_changed.emit(self.mapping())

    def _on_estate(self, text: str) -> None:
        self._typing.start()

    def _emit_estate(self) -> None:
        self._typing.stop()
        self.estate_changed.emit(self.estate.text().strip())
