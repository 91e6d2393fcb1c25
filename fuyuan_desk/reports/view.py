"""The page of the month book: the period, its figures, its charts."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.charts.data import Chart
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.charts.chart_view import ChartView
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.labels import Card, Fact, Facts, PageHeader, label
from fuyuan_desk.widgets.room import SPACING

_MONTHS = 12
_COLUMNS = 2
_ESTATE_WIDTH = 160


class MonthBookView(QWidget):
    """Shows the figures of a period; `period_changed` is emitted when another one is chosen."""

    period_changed = Signal()
    print_requested = Signal()
    export_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.banner = Banner()
        self.print_button = button(_("&Print"), self.print_requested.emit, role="primary", picture="print")
        self.export_button = button(_("&Export …"), self.export_requested.emit, picture="export")
        self.years = _drop_down(_("Year"))
        self.months = _drop_down(_("Month"))
        self.estates = _drop_down(_("Estate"))
        self.estates.setMinimumWidth(_ESTATE_WIDTH)
        self.facts = Facts(columns=2)
        self.charts: list[ChartView] = []
        self._cards: list[Card] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, SPACING, 8, 8)
        column.setSpacing(SPACING)
        header = PageHeader(_("Month book"), actions=[self.export_button, self.print_button])
        header.setContentsMargins(0, 0, 16, 0)  # as wide as what scrolls below it
        column.addWidget(header)
        column.addWidget(self._period_line())
        column.addWidget(self.banner)
        column.addWidget(self._scrolled(), 1)

    def _period_line(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for text, choice in (
            (_("&Year"), self.years),
            (_("&Month"), self.months),
            (_("E&state"), self.estates),
        ):
            name = label(text)
            name.setBuddy(choice)
            row.addWidget(name)
            row.addWidget(choice)
        row.addStretch(1)
        return line

    def _scrolled(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 16, 16)
        column.setSpacing(16)
        card = Card(_("Summary"))
        card.body.addWidget(self.facts)
        column.addWidget(card)
        column.addLayout(self._grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        return area

    def offer_periods(self, years: Sequence[int], month: int) -> None:
        """Offer these years, and choose the first one with this month."""
        self.years.addItems([str(year) for year in years])
        self.months.addItem(_("whole year"), None)
        for number in range(1, _MONTHS + 1):
            self.months.addItem(f"{number:02}", number)
        self.months.setCurrentIndex(month)
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
    def period(self) -> tuple[int, Any, Any]:
        """The chosen year, month (None: the whole year) and estate (None: all)."""
        return int(self.years.currentText()), self.months.currentData(), self.estates.currentData()

    def show_figures(self, summary: Sequence[tuple[str, str]], charts: Sequence[Chart]) -> None:
        """Show the figures and charts of a period."""
        self.facts.set_rows([Fact(name, text) for name, text in summary])
        while len(self.charts) < len(charts):
            view = ChartView()
            self.charts.append(view)
            card = Card()
            card.body.addWidget(view)
            self._cards.append(card)
            number = len(self.charts) - 1
            self._grid.addWidget(card, number // _COLUMNS, number % _COLUMNS, Qt.AlignmentFlag.AlignTop)
        for number, (view, card) in enumerate(zip(self.charts, self._cards, strict=True)):
            card.setVisible(number < len(charts))
            if number < len(charts):
                view.set_chart(charts[number])


def _drop_down(name: str) -> DropDown:
    choice = DropDown()
    choice.setAccessibleName(name)
    return choice
