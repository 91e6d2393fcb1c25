"""The page of the month book: the period, its figures, its charts, its tables."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.charts.data import Chart
from fuyuan_desk.reports.facts import Cell, NotDoneChoices, ReportTable
from fuyuan_desk.reports.rules.words import cell_text
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.charts.chart_view import ChartView
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Card, Fact, Facts, OneLine, head_line, label
from fuyuan_desk.widgets.room import SPACING
from fuyuan_desk.widgets.theme import row_px

_MONTHS, _QUARTERS = 12, 4
_COLUMNS = 2
_ESTATE_WIDTH = 160
_HEADING_EDGES = 32
_MOST_ROWS = 12
"""A longer table is scrolled by itself, so that those below it stay in reach."""


class MonthBookView(QWidget):
    """Shows the figures of a period; `period_changed` is emitted when another one is chosen."""

    period_changed = Signal()
    print_requested = Signal()
    export_requested = Signal()
    not_done_requested = Signal()
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.banner = Banner()
        self.back = icon_button("back", _("Back to the log"), self.back_requested.emit)
        self.print_button = button(_("&Print"), self.print_requested.emit, role="primary", picture="print")
        self.export_button = button(_("&Export …"), self.export_requested.emit, picture="export")
        self.not_done_button = button(_("&Not done …"), self.not_done_requested.emit, picture="list")
        self.years = _drop_down(_("Year"))
        self.months = _drop_down(_("Month or quarter"))
        self.estates = _drop_down(_("Estate"))
        self.estates.setMinimumWidth(_ESTATE_WIDTH)
        self.as_of = label("", "muted", wrap=True)
        self.charts: list[ChartView] = []
        self.tables: list[QTableWidget] = []
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, SPACING, 8, 8)
        column.setSpacing(SPACING)
        head = head_line(
            (self.back, OneLine(_("Month book"), "title")),
            (self.not_done_button, self.export_button, self.print_button),
        )
        head.setContentsMargins(0, 0, 16, 0)  # as wide as what scrolls below it
        column.addLayout(head)
        column.addWidget(self._period_line())
        column.addWidget(self.banner)
        column.addWidget(self._area, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
            return
        super().keyPressEvent(event)

    def _period_line(self) -> QWidget:
        line = QWidget()
        row = Flow(line)
        row.setContentsMargins(0, 0, 16, 0)
        for text, choice in (
            (_("&Year"), self.years),
            (_("&Month"), self.months),
            (_("E&state"), self.estates),
        ):
            row.add(_named(text, choice))
        row.add(self.as_of, grows=True)
        return line

    def offer_periods(self, years: Sequence[int], month: int) -> None:
        """Offer these years, and choose the first one with this month."""
        self.years.addItems([str(year) for year in years])
        self.months.addItem(_("whole year"), None)
        for number in range(1, _QUARTERS + 1):
            self.months.addItem(_("quarter {n}").format(n=number), -number)
        for number in range(1, _MONTHS + 1):
            self.months.addItem(f"{number:02}", number)
        self.months.setCurrentIndex(self.months.findData(month))
        for choice in (self.years, self.months):
            choice.currentIndexChanged.connect(lambda _index: self.period_changed.emit())
        self.estates.currentIndexChanged.connect(lambda _index: self.period_changed.emit())

    def offer_estates(self, options: Sequence[tuple[int, str]]) -> None:
        """Offer these estates besides all of them; the chosen one stays."""
        chosen = self.estates.currentData()
        self.estates.blockSignals(True)
        self.estates.clear()
        self.estates.addItem(_("all estates"), None)
        for key, name in options:
            self.estates.addItem(name, key)
        self.estates.setCurrentIndex(max(self.estates.findData(chosen), 0))
        self.estates.blockSignals(False)

    @property
    def period(self) -> tuple[int, int | None, Any, int | None]:
        """The chosen year, month, estate (None: all) and quarter; neither month nor quarter: the whole year."""
        part = self.months.currentData()
        month = part if part is not None and part > 0 else None
        quarter = -part if part is not None and part < 0 else None
        return int(self.years.currentText()), month, self.estates.currentData(), quarter

    def show_figures(
        self,
        as_of: str,
        summary: Sequence[tuple[str, Sequence[tuple[str, Cell]]]],
        charts: Sequence[Chart],
        tables: Sequence[ReportTable],
    ) -> None:
        """Show the figures, charts and tables of a period, and as of when they are."""
        self.as_of.setText(as_of)
        self.charts, self.tables = [], []
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 16, 16)
        column.setSpacing(16)
        column.addLayout(_grid([_facts(title, facts) for title, facts in summary]))
        column.addLayout(_grid([self._chart(chart) for chart in charts]))
        for table in tables:
            column.addWidget(self._table(table))
        column.addStretch(1)
        self._area.setWidget(inner)  # deletes the one before

    def _chart(self, chart: Chart) -> Card:
        view = ChartView()
        view.set_chart(chart)
        self.charts.append(view)
        card = Card()
        card.body.addWidget(view)
        return card

    def _table(self, table: ReportTable) -> Card:
        shown = _static_table(table)
        self.tables.append(shown)
        card = Card(table.title)
        card.body.addWidget(shown)
        return card


def _grid(cards: Sequence[Card]) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(16)
    for number, card in enumerate(cards):
        grid.addWidget(card, number // _COLUMNS, number % _COLUMNS, Qt.AlignmentFlag.AlignTop)
    for column in range(_COLUMNS):
        grid.setColumnStretch(column, 1)
    return grid


def _facts(title: str, facts: Sequence[tuple[str, Cell]]) -> Card:
    card = Card(title)
    shown = Facts()
    shown.set_rows([Fact(name, cell_text(cell)) for name, cell in facts])
    card.body.addWidget(shown)
    card.body.addStretch(1)
    return card


def _static_table(table: ReportTable) -> QTableWidget:
    """Return a table that is read, not sorted; it is as high as its rows."""
    shown = QTableWidget(len(table.rows), len(table.columns))
    shown.setAccessibleName(table.title)
    shown.setHorizontalHeaderLabels(list(table.columns))
    shown.verticalHeader().hide()
    shown.verticalHeader().setDefaultSectionSize(row_px())
    shown.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    shown.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    shown.setTabKeyNavigation(False)
    shown.setWordWrap(False)
    for number, row in enumerate(table.rows):
        for place, cell in enumerate(row):
            item = QTableWidgetItem(cell_text(cell))
            item.setToolTip(item.text())
            side = Qt.AlignmentFlag.AlignLeft if isinstance(cell, str) else Qt.AlignmentFlag.AlignRight
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            shown.setItem(number, place, item)
    heads = shown.horizontalHeader()
    heads.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    heads.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    # the first column takes what the others leave over, but never less than its heading
    heads.setMinimumSectionSize(heads.fontMetrics().horizontalAdvance(table.columns[0]) + _HEADING_EDGES)
    rows = min(len(table.rows), _MOST_ROWS)
    shown.setFixedHeight(heads.sizeHint().height() + rows * row_px() + 2 * shown.frameWidth() + 2)
    return shown


def _named(text: str, choice: DropDown) -> QWidget:
    """Return a choice with its name before it; they stay on one line."""
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    name = label(text)
    name.setBuddy(choice)
    row.addWidget(name)
    row.addWidget(choice)
    return pair


def _drop_down(name: str) -> DropDown:
    choice = DropDown()
    choice.setAccessibleName(name)
    return choice


def not_done_dialog(page: QWidget, choices: NotDoneChoices) -> FormDialog:
    """Create the dialog that asks whose list of what is not done is to be printed, and as of which day."""
    everything = _("all")
    fields = [
        Field("day", _("As of the &day"), "date", required=True),
        Field(
            "estate_id",
            _("E&state"),
            "choice",
            placeholder=everything,
            choices=tuple(choices.estates.items()),
        ),
        Field(
            "organisation_id",
            _("&Responsible"),
            "choice",
            placeholder=everything,
            choices=tuple(choices.organisations.items()),
        ),
        Field("person", _("P&erson"), "suggest", choices=tuple((name, name) for name in choices.persons)),
    ]
    hint = _("Rounds, findings, orders and sheets. Of an organisation or a person: only what is theirs.")
    return FormDialog(page, _("List of what is not done"), Form(fields, only_asks=True), _("&Preview"), hint)
