"""The second screen of the roster import: what each column holds, and what the import would do."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.headers import FIELD_LABELS, Column, field_label
from fuyuan_desk.roster.reading.reader import TableView
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.view.problems import ProblemsView
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import Card, PageHeader, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.steps import Steps

_WAIT_MS = 700
Mapping = dict[str, dict[int, str]]


def step_names() -> list[str]:
    """Name the steps of an import."""
    return [_("Choose the file"), _("Look it over"), _("Done")]


class Figures(QWidget):
    """Numbers with their names below them, in one row."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._values = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        for name, words in names:
            self._values[name] = label("—", "title")
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(self._values[name])
            column.addWidget(label(words, "hint"))
            row.addLayout(column)

    def show_figures(self, figures: dict[str, int]) -> None:
        """Show these numbers."""
        for name, value in self._values.items():
            value.setText(f"{figures[name]:,}")

    def text(self, name: str) -> str:
        """Give a number as it is shown."""
        return self._values[name].text()


class _Choice(QComboBox):
    focused = Signal()

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        self.setAccessibleName(
            _("What column {letter} holds").format(letter=f"{column.letter} {column.title}".strip())
        )
        for field in ("", *FIELD_LABELS):
            self.addItem(field_label(field), field)
        self.setCurrentIndex(max(self.findData(column.field), 0))

    def showPopup(self) -> None:
        # the columns are narrow, the names of the fields are not
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


class MappingTable(QTableWidget):
    """A table of the file: names of its columns, what each is taken for, and its first rows."""

    changed = Signal()

    def __init__(self, table: TableView) -> None:
        super().__init__(1 + len(table.sample), len(table.columns))
        self.columns = table.columns
        self.choices: list[_Choice] = []
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(_("Columns of the file"))
        titles = [f"{column.letter}  {' '.join(column.title.split())}".strip() for column in table.columns]
        self.setHorizontalHeaderLabels(titles)
        rows = [_("Taken for"), *(str(table.first_row + number) for number in range(len(table.sample)))]
        self.setVerticalHeaderLabels(rows)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(34)
        self.setRowHeight(0, 44)
        for place, column in enumerate(table.columns):
            choice = _Choice(column)
            choice.activated.connect(self.changed)
            choice.focused.connect(lambda place=place: self.scrollTo(self.model().index(0, place)))
            self.choices.append(choice)
            self.setCellWidget(0, place, choice)
            for line, cells in enumerate(table.sample):
                self.setItem(line + 1, place, QTableWidgetItem(" ".join(cells[place].split())))
            self.setColumnWidth(place, self._width(place, titles[place], table))
        for first, second in zip(self.choices, self.choices[1:], strict=False):
            QWidget.setTabOrder(first, second)

    def _width(self, place: int, title: str, table: TableView) -> int:
        metrics = self.fontMetrics()
        texts = [title, *(cells[place] for cells in table.sample)]
        words = max(metrics.horizontalAdvance(text) for text in texts) + 28
        chosen = metrics.horizontalAdvance(self.choices[place].currentText()) + 76
        return min(max(words, chosen, 88), 240)

    def mapping(self) -> dict[int, str]:
        """Give each column's field, by its 0-based place in the file."""
        return {
            column.index: str(choice.currentData())
            for column, choice in zip(self.columns, self.choices, strict=True)
        }


class _Tab(QWidget):
    """A table's tab, filled when it is first looked at: a workbook may have a hundred sheets."""

    def __init__(self, table: TableView, changed: Callable[[], object]) -> None:
        super().__init__()
        self.table = table
        self.made: MappingTable | None = None
        self._changed = changed
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 12, 0, 0)

    def fill(self) -> None:
        """Make the table's widgets unless they are there."""
        if self.made is None:
            self.made = MappingTable(self.table)
            self.made.changed.connect(self._changed)
            self._column.addWidget(self.made)

    def mapping(self) -> dict[int, str]:
        """Give each column's field, by its 0-based place in the file."""
        if self.made is not None:
            return self.made.mapping()
        return {column.index: column.field for column in self.table.columns}


class ImportCheckView(QWidget):
    """Look a roster over before it is brought in."""

    mapping_changed = Signal(dict)
    estate_changed = Signal(str)
    import_requested = Signal()
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.header = PageHeader("")
        self.steps = Steps(step_names())
        self.steps.set_current(1)
        self.banner = Banner()
        self.figures = Figures(
            [
                ("sheets", _("sheets")),
                ("buildings", _("new buildings")),
                ("units", _("new homes")),
                ("households", _("new households")),
                ("duplicates", _("repeated")),
                ("rejected", _("cannot be taken")),
            ]
        )
        self.estate = QLineEdit()
        self.estate.setMinimumWidth(200)
        self.estate.setAccessibleName(_("Name of the estate"))
        self.estate.textEdited.connect(self._on_estate)
        self.estate.returnPressed.connect(self._tell_estate)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_WAIT_MS)
        self._typing.timeout.connect(self._tell_estate)
        self.problems = ProblemsView()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setMinimumHeight(150)
        self.progress = ProgressPanel()
        self.import_button = button(
            _("&Import"), self.import_requested.emit, role="primary", picture="import", shortcut="Ctrl+Return"
        )
        self.back_button = button(_("Choose &another file"), self.back_requested.emit)
        self._maps: list[_Tab] = []
        self._is_new = True
        self.tabs.currentChanged.connect(self._on_tab)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.figures)
        row.addStretch(1)
        field = QVBoxLayout()
        field.setSpacing(4)
        words = label(_("&Estate"), "caption")
        words.setBuddy(self.estate)
        field.addWidget(words)
        field.addWidget(self.estate)
        row.addLayout(field)
        card.body.addLayout(row)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.import_button)
        foot.addWidget(self.back_button)
        foot.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self.header, 1)
        head.addWidget(self.steps, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(card)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.progress)
        column.addLayout(foot)

    def show_file(self, name: str) -> None:
        """Begin with another file."""
        self.header.set_texts(
            name, _("Compare the columns with the first rows; correct what was taken wrongly.")
        )
        self.banner.clear()
        self.estate.clear()
        self._is_new = True

    def show_tables(self, tables: Sequence[TableView], estates: Sequence[str], several: str) -> None:
        """Show the file's tables with what their columns are taken for."""
        place = self.tabs.currentIndex()
        blocker = QSignalBlocker(self.tabs)  # a tab that only passes by is not filled
        while self.tabs.count():
            former = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if former is not self.problems:
                former.deleteLater()
        self._maps = []
        self.tabs.addTab(self.problems, _("What to look at"))
        for table in tables:
            made = _Tab(table, self._tell_mapping)
            self._maps.append(made)
            title = _("{sheet}: {n} rows").format(sheet=table.sheet, n=f"{table.count:,}")
            self.tabs.addTab(made, title)
        self.tabs.setCurrentIndex(place if 0 <= place < self.tabs.count() and not self._is_new else 1)
        self._is_new = False
        blocker.unblock()
        self._on_tab(self.tabs.currentIndex())
        if not self.estate.hasFocus():
            self.estate.setText(estates[0] if len(estates) == 1 else "")
        self.estate.setPlaceholderText(several if len(estates) > 1 else _("Name of the estate"))

    def show_outcome(self, figures: dict[str, int], problems: Sequence[Problem]) -> None:
        """Show what the import would do."""
        self.figures.show_figures(figures)
        self.problems.show_problems(problems)
        words = _("What to look at ({n})").format(n=len(problems))
        self.tabs.setTabText(self.tabs.indexOf(self.problems), words)
        households, units = figures["households"], figures["units"]
        self.import_button.setText(
            _("&Import {n} households").format(n=f"{households:,}")
            if households
            else _("&Import {n} homes").format(n=f"{units:,}")
        )

    def set_ready(self, on: bool) -> None:
        """Whether the import can begin."""
        self.import_button.setEnabled(on)

    def set_importing(self, on: bool) -> None:
        """While the import runs nothing else is changed here."""
        for widget in (self.import_button, self.back_button, self.tabs, self.estate):
            widget.setDisabled(on)

    def show_problems(self) -> None:
        """Bring the problems to the front."""
        self.tabs.setCurrentWidget(self.problems)

    def mapping(self) -> Mapping:
        """Give each sheet's columns and their fields as chosen."""
        chosen: Mapping = {}
        for tab in self._maps:
            chosen.setdefault(tab.table.sheet, {}).update(tab.mapping())
        return chosen

    def tables(self) -> list[MappingTable]:
        """Give the tables looked at so far."""
        return [tab.made for tab in self._maps if tab.made is not None]

    def _on_tab(self, place: int) -> None:
        tab = self.tabs.widget(place)
        if isinstance(tab, _Tab):
            tab.fill()

    def _tell_mapping(self) -> None:
        self.mapping_changed.emit(self.mapping())

    def _on_estate(self, text: str) -> None:
        self._typing.start()

    def _tell_estate(self) -> None:
        self._typing.stop()
        self.estate_changed.emit(self.estate.text().strip())
