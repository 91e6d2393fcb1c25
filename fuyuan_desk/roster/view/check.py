"""The second screen of the roster import: unsure readings, rows, issues, the columns' fields, and what it would add."""

from collections.abc import Mapping as Mapping_
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.reading.explain import CellReading
from fuyuan_desk.roster.reading.listing import ListedRow, Listing
from fuyuan_desk.roster.reading.naming import listed_estates
from fuyuan_desk.roster.reading.reader import TableView
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.reading.unsure import Unsure
from fuyuan_desk.roster.view.mapping import MappingTable, TableTab
from fuyuan_desk.roster.view.problems import ProblemsView
from fuyuan_desk.roster.view.row_panel import RowPanel
from fuyuan_desk.roster.view.rows import RowsView, beside
from fuyuan_desk.roster.view.unsure import UnsureView
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.composition import SettledText
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import Card, PageHeader, head_line, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.room import Tabs, page_column
from fuyuan_desk.widgets.split import ListDetail
from fuyuan_desk.widgets.steps import Steps

_WAIT_MS = 700
UNSURE, FIRST_TABLE = 0, 3
"""Tabs by their place: the unsure readings, and the columns of the first table."""
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


class _Issues(QWidget):
    """The list of issues, and beside it the row of the chosen one."""

    def __init__(self) -> None:
        super().__init__()
        self.problems = ProblemsView()
        self.panel = RowPanel()
        self.split = beside(self.problems, self.panel, 0.56)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)


class ImportCheckView(QWidget):
    """The screen for checking a roster before the import.

    `row_picked(sheet, row)`: what its cells became is wanted, for `show_row`; `typed(sheet, row, column, text)`: a cell
    was corrected. `rows_wanted(text, state, deliver)` asks for the rows that a filter leaves. `confirmed(key)` and
    `chosen(group, code)` are of an unsure reading.
    """

    row_picked = Signal(str, int)
    typed = Signal(str, int, int, str)
    rows_wanted = Signal(str, object, object)
    confirmed = Signal(str)
    chosen = Signal(object, str)
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
                ("known", _("already there")),
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
        self.kept = Banner()
        self.unsure = UnsureView()
        self.rows = RowsView(self.rows_wanted.emit)
        self.issues = _Issues()
        self.problems = self.issues.problems
        self.tabs = Tabs()
        self.progress = ProgressPanel()
        self.import_button = button(
            _("&Import"), self.import_requested.emit, role="primary", picture="import", shortcut="Ctrl+Return"
        )
        self.back_button = button(_("Choose &another file"), self.back_requested.emit)
        self.header = PageHeader("", "", [self.back_button, self.import_button])
        self._maps: list[TableTab] = []
        self._is_new = True
        self.tabs.currentChanged.connect(self._on_tab)
        self._connect_rows()
        self._lay_out()

    def _connect_rows(self) -> None:
        self.unsure.confirmed.connect(self.confirmed)
        self.unsure.chosen.connect(self.chosen)
        for table in (self.unsure.table, self.rows.table, self.problems.table):
            table.selected.connect(self._on_selected)
        for panel in self._panels():
            panel.typed.connect(self.typed)

    def _panels(self) -> tuple[RowPanel, ...]:
        return self.unsure.panel, self.rows.panel, self.issues.panel

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
        column.addWidget(self.kept)
        column.addWidget(card)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.progress)

    def show_file(self, name: str) -> None:
        """Start with a new file."""
        self.header.set_texts(name, _("Compare the columns with the first rows, and correct wrong fields."))
        self.banner.clear()
        self.kept.clear()
        self.estate.clear()
        self._is_new = True
        for split in (self.unsure.split, self.rows.split, self.issues.split):
            split.show_detail(False)

    def show_tables(
        self, tables: Sequence[TableView], estates: Sequence[str], several: str, first: int = FIRST_TABLE
    ) -> None:
        """Show the file's tables with the fields of their columns; `first` is the tab shown for a new file."""
        index = self.tabs.currentIndex()
        blocker = QSignalBlocker(
            self.tabs
        )  # do not fill tabs that become current only while they are rebuilt
        while self.tabs.count():
            old = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if isinstance(old, TableTab):
                old.deleteLater()
        self._maps = []
        self.tabs.addTab(self.unsure, _("Unsure"))
        self.tabs.addTab(self.rows, _("Rows"))
        self.tabs.addTab(self.issues, _("Issues"))
        for table in tables:
            made = TableTab(table, self._emit_mapping)
            self._maps.append(made)
            title = numbered(table.count, N_("{sheet}: {n} row"), N_("{sheet}: {n} rows"), sheet=table.sheet)
            self.tabs.addTab(made, title if table.count else _("{sheet}: no rows").format(sheet=table.sheet))
        self.tabs.setCurrentIndex(index if 0 <= index < self.tabs.count() and not self._is_new else first)
        self._is_new = False
        if self._maps:
            self._maps[0].fill()
        blocker.unblock()
        self._on_tab(self.tabs.currentIndex())
        if not self.estate.hasFocus():
            self.estate.setText(estates[0] if len(estates) == 1 else "")
        self.estates.setText(listed_estates(estates))
        self.estates.setToolTip(_(", ").join(estates))
        self.estates.setVisible(len(estates) > 1)
        self.estate.setPlaceholderText(several if len(estates) > 1 else _("Name of the estate"))

    def focus_first(self) -> None:
        """Focus what is to be looked at first: the unsure readings, or the fields of the columns in sight."""
        tab = self.tabs.currentWidget()
        if tab is self.unsure:
            self.unsure.table.table.setFocus()
        elif isinstance(tab, TableTab) and tab.made is not None and tab.made.choices:
            tab.made.choices[0].setFocus()

    def show_unsure(self, groups: Sequence[Unsure]) -> None:
        """Show the readings that somebody must look at."""
        self.unsure.show_groups(groups)
        title = _("Unsure ({n})").format(n=f"{len(groups):,}") if groups else _("Unsure")
        self.tabs.setTabText(self.tabs.indexOf(self.unsure), title)

    def show_rows(self, listing: Listing, counts: Mapping_[str, int]) -> None:
        """Show the rows and what becomes of them, with how many there are of each."""
        self.rows.show_rows(listing, counts)
        count = len(listing.rows)
        title = _("Rows ({n})").format(n=f"{count:,}") if count else _("Rows")
        self.tabs.setTabText(self.tabs.indexOf(self.rows), title)

    def show_row(self, sheet: str, row: int, about: Sequence[str], cells: Sequence[CellReading]) -> None:
        """Show what a row's cells became beside the list in which it was picked."""
        hint = _(
            "To correct a cell, double-click it under “In the file” (or F2) and type the new text; a masked one is "
            "typed anew. Your file stays as it is: only this import is changed."
        )
        for panel, split in self._shown_panels():
            panel.show_row(sheet, row, about, cells, hint)
            split.show_detail()

    def _shown_panels(self) -> list[tuple[RowPanel, ListDetail]]:
        pairs = (
            (self.unsure, self.unsure.panel, self.unsure.split),
            (self.rows, self.rows.panel, self.rows.split),
            (self.issues, self.issues.panel, self.issues.split),
        )
        return [(panel, split) for tab, panel, split in pairs if tab is self.tabs.currentWidget()]

    def picked(self) -> tuple[str, int] | None:
        """Return sheet and row that are shown beside the list in sight, None if no row is."""
        return next((panel.place for panel, split in self._shown_panels() if split.is_detail_shown), None)

    def set_fields(self, fields: Mapping_[str, Mapping_[int, str]]) -> None:
        """Show other fields for columns, by sheet and 0-based column."""
        for tab in self._maps:
            tab.set_fields(fields.get(tab.table.sheet, {}))

    def show_outcome(self, figures: dict[str, int], problems: Sequence[Problem]) -> None:
        """Show the preview of the import."""
        self.figures.show_figures(figures)
        self.problems.show_problems(problems)
        title = _("Issues ({n})").format(n=f"{len(problems):,}") if problems else _("Issues")
        self.tabs.setTabText(self.tabs.indexOf(self.issues), title)
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
        self.tabs.setCurrentWidget(self.issues)

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
        if isinstance(tab, TableTab):
            tab.fill()
        elif tab is self.rows:
            self.rows.table.load()
        elif tab is self.unsure:
            self.unsure.table.load()
        picked = self.picked()
        if picked is not None:  # it may have been read again since it was in sight
            self.row_picked.emit(*picked)

    def _on_selected(self, row: ListedRow | Unsure | Problem | None) -> None:
        if row is not None:
            self.row_picked.emit(row.sheet, row.row)

    def _emit_mapping(self) -> None:
        self.mapping_changed.emit(self.mapping())

    def _on_estate(self, text: str) -> None:
        self._typing.start()

    def _emit_estate(self) -> None:
        self._typing.stop()
        self.estate_changed.emit(self.estate.text().strip())
