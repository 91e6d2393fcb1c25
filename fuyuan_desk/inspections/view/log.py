"""The visit log as a table, for all estates or in the tab of one record."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import VisitRow
from fuyuan_desk.inspections.rules import Conclusion, Party, Period, SubjectKind, label
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, Tone
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

CUSTOM = "custom"
_TONES: dict[Conclusion, Tone] = {
    Conclusion.CLEAN: "ok",
    Conclusion.ON_THE_SPOT: "info",
    Conclusion.DEADLINE: "warn",
    Conclusion.REPORT: "error",
}
_ICONS = {Conclusion.DEADLINE: "calendar", Conclusion.ON_THE_SPOT: "ok"}


def conclusion_chip(conclusion: Conclusion) -> Chip:
    """Return the chip of a conclusion."""
    return Chip(label(conclusion), _TONES[conclusion], _ICONS.get(conclusion, ""))


def visit_columns(with_estate: bool = True) -> list[Column]:
    """Return the columns of a log."""
    # large text leaves no room for all columns; the others can be shown by the menu of the header
    is_large = text_px() > TEXT_PX
    columns = [
        Column("number", _("Number"), lambda row: row.number, 116, sort="number", least=112),
        Column("at", _("When"), lambda row: f"{row.at.astimezone():%Y-%m-%d %H:%M}", 146, sort="at", least=142),
        Column("estate", _("Estate"), lambda row: row.estate, 104, sort="estate"),
        Column("subject", _("Subject"), _subject, 162 if with_estate else 200, sort="subject",
               tip=lambda row: row.subject),
        Column("party", _("Party"), lambda row: label(row.party), 114, sort="party", hidden=is_large),
        Column("inspectors", _("Inspectors"), lambda row: row.inspectors, 88 if with_estate else 130,
               sort="inspectors", hidden=is_large),
        Column("conclusion", _("Result"), lambda row: label(row.conclusion), 148, sort="conclusion",
               chip=lambda row: conclusion_chip(row.conclusion)),
        Column("failures", _("Failed"), _count("failures"), 62, "right", sort="failures"),
        Column("photos", _("Photos"), _count("photos"), 66, "right", hidden=is_large),
        Column("deadline", _("Correct by"), _deadline, 100, sort="deadline"),
    ]  # fmt: skip
    return [column for column in columns if with_estate or column.name != "estate"]


def _subject(row: VisitRow) -> str:
    if row.kind is SubjectKind.ESTATE:
        return label(row.kind)
    number, _blank, name = row.subject.partition(" ")
    return f"{number} {name.removeprefix(row.estate)}".strip()


def _count(name: str) -> Callable[[VisitRow], str]:
    def text(row: VisitRow) -> str:
        number: int = getattr(row, name)
        return f"{number:,}" if number else ""

    return text


def _deadline(row: VisitRow) -> str:
    return row.deadline.isoformat() if row.deadline is not None else ""


def _empty(action: str) -> EmptyState:
    return EmptyState(
        "inspection",
        _("No visit yet"),
        _("Print the sheet, do the round, then log the findings here."),
        action,
    )


class LogView(QWidget):
    """All visits, filtered by estate, party, days and text."""

    opened = Signal(int)
    new_requested = Signal()
    sheets_requested = Signal()
    narrowed = Signal(str, object)

    def __init__(self, fetch: Fetch, settings: Settings | None = None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.sheets_button = button(_("&Print sheets …"), self.sheets_requested.emit, picture="print")
        self.new_button = button(
            _("&Log a visit"), self.new_requested.emit, role="primary", picture="add", shortcut="Ctrl+N"
        )
        self.header = PageHeader(
            _("Inspections"),
            _("Print blank sheets, fill them in on site, log the findings. Enter opens a visit."),
            [self.sheets_button, self.new_button],
        )
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.table = TablePage(
            "visits", visit_columns(), fetch, name=_("Visit log"), empty=_empty(_("&Log a visit")),
            settings=settings, filter_hint=_("Number, place, inspector"),
        )  # fmt: skip
        self.estates = self._facet("estate", _("Filter by estate"))
        self.parties = self._facet("party", _("Filter by party"))
        self.periods = self._facet("period", _("Only these days"))
        self.set_estates(())
        self.parties.addItem(_("All parties"), None)
        for party in Party:
            self.parties.addItem(label(party), party)
        self.periods.addItem(_("All days"), None)
        for period in Period:
            self.periods.addItem(label(period), period)
        self.periods.addItem(_("From … to …"), CUSTOM)
        self.table.opened.connect(lambda row: self.opened.emit(row.id))
        self.table.first_step.connect(self.new_requested)
        self.table.filters_cleared.connect(self._clear_facets)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.progress)
        column.addWidget(self.table, 1)

    def _facet(self, name: str, label_text: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(label_text)
        box.setToolTip(label_text)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMaximumWidth(200)
        box.activated.connect(lambda index: self.narrowed.emit(name, box.itemData(index)))
        self.table.tools.addWidget(box)
        return box

    def set_estates(self, estates: Sequence[tuple[int, str]]) -> None:
        """Set the choices of the estate filter, keeping the current one."""
        current = self.estates.currentData()
        self.estates.clear()
        self.estates.addItem(_("All estates"), None)
        for estate_id, name in estates:
            self.estates.addItem(name, estate_id)
        self.estates.setCurrentIndex(max(self.estates.findData(current), 0))

    def show_days(self, first: date | None, last: date | None) -> None:
        """Show the chosen days in the period filter, or that all are shown."""
        index = self.periods.findData(CUSTOM)
        if first is None and last is None:
            self.periods.setItemText(index, _("From … to …"))
            self.periods.setCurrentIndex(0)
        else:
            texts = [day.isoformat() if day is not None else "" for day in (first, last)]
            self.periods.setItemText(index, _("{first} to {last}").format(first=texts[0], last=texts[1]))
            self.periods.setCurrentIndex(index)

    def set_rights(self, rights: Rights) -> None:
        """Show only the actions the operator may perform."""
        self.new_button.setVisible(rights.visit)
        self.table.offer(export=rights.reveal, first_step=rights.visit)

    def _clear_facets(self) -> None:
        for box in (self.estates, self.parties, self.periods):
            box.setCurrentIndex(0)
        self.show_days(None, None)


class SectionView(QWidget):
    """The log in the tab of one record."""

    opened = Signal(int)
    new_requested = Signal()

    def __init__(self, fetch: Fetch, settings: Settings | None = None) -> None:
        super().__init__()
        self.table = TablePage(
            "visits-of", visit_columns(with_estate=False), fetch, name=_("Visit log"),
            empty=_empty(_("&Log a visit")), settings=settings, exportable=False,
            filter_hint=_("Number, place, inspector"),
        )  # fmt: skip
        self.new_button = button(_("&Log a visit"), self.new_requested.emit, picture="add")
        self.new_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.table.tools.addWidget(self.new_button)
        self.table.opened.connect(lambda row: self.opened.emit(row.id))
        self.table.first_step.connect(self.new_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def show_subject(self, visible: bool) -> None:
        """Show or hide the subject column."""
        names = [column.name for column in self.table.model.columns]
        self.table.table.setColumnHidden(names.index("subject"), not visible)

    def set_rights(self, rights: Rights) -> None:
        """Show only the actions the operator may perform."""
        self.new_button.setVisible(rights.visit)
        self.table.offer(export=rights.reveal, first_step=rights.visit)
