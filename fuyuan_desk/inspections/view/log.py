"""The log of visits as a table, for all estates or beside one record."""

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
    """Show what came of a visit."""
    return Chip(label(conclusion), _TONES[conclusion], _ICONS.get(conclusion, ""))


def visit_columns(with_estate: bool = True) -> list[Column]:
    """Give the columns of a log."""
    is_large = (
        text_px() > TEXT_PX
    )  # then there is no room for everything; the rest waits in the header's menu
    columns = [
        Column("number", _("Number"), lambda row: row.number, 116, sort="number", least=112),
        Column("at", _("When"), lambda row: f"{row.at.astimezone():%Y-%m-%d %H:%M}", 146, sort="at", least=142),
        Column("estate", _("Estate"), lambda row: row.estate, 104, sort="estate"),
        Column("subject", _("What was visited"), _subject, 162 if with_estate else 200, sort="subject",
               tip=lambda row: row.subject),
        Column("party", _("Party"), lambda row: label(row.party), 114, sort="party", hidden=is_large),
        Column("inspectors", _("Inspectors"), lambda row: row.inspectors, 88 if with_estate else 130,
               sort="inspectors", hidden=is_large),
        Column("conclusion", _("Result"), lambda row: label(row.conclusion), 148, sort="conclusion",
               chip=lambda row: conclusion_chip(row.conclusion)),
        Column("failures", _("Failed"), _count("failures"), 62, "right", sort="failures"),
        Column("photos", _("Photos"), _count("photos"), 66, "right", hidden=is_large),
        Column("deadline", _("Mend by"), _deadline, 100, sort="deadline"),
    ]  # fmt: skip
    return [column for column in columns if with_estate or column.name != "estate"]


def _subject(row: VisitRow) -> str:
    if row.kind is SubjectKind.ESTATE:
        return label(row.kind)
    number, _blank, place = row.subject.partition(" ")
    return f"{number} {place.removeprefix(row.estate)}".strip()


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
        _("Print the sheet, walk the round, then log here what was found."),
        action,
    )


class LogView(QWidget):
    """All visits, narrowed by estate, party, days and what is typed."""

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
            _("Print blank sheets, take them along, log what was found; Enter opens a visit."),
            [self.sheets_button, self.new_button],
        )
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.table = TablePage(
            "visits", visit_columns(), fetch, name=_("Log of visits"), empty=_empty(_("&Log a visit")),
            settings=settings, filter_hint=_("Number, place, inspector"),
        )  # fmt: skip
        self.estates = self._facet("estate", _("Only this estate"))
        self.parties = self._facet("party", _("Only this party"))
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

    def _facet(self, name: str, words: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(words)
        box.setToolTip(words)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMaximumWidth(200)
        box.activated.connect(lambda place: self.narrowed.emit(name, box.itemData(place)))
        self.table.tools.addWidget(box)
        return box

    def set_estates(self, estates: Sequence[tuple[int, str]]) -> None:
        """Offer the estates to narrow the log to, keeping the present choice."""
        kept = self.estates.currentData()
        self.estates.clear()
        self.estates.addItem(_("All estates"), None)
        for identity, name in estates:
            self.estates.addItem(name, identity)
        self.estates.setCurrentIndex(max(self.estates.findData(kept), 0))

    def show_days(self, first: date | None, last: date | None) -> None:
        """Name the chosen days in the box, or that all are shown."""
        place = self.periods.findData(CUSTOM)
        if first is None and last is None:
            self.periods.setItemText(place, _("From … to …"))
            self.periods.setCurrentIndex(0)
        else:
            ends = [day.isoformat() if day is not None else "" for day in (first, last)]
            self.periods.setItemText(place, _("{first} to {last}").format(first=ends[0], last=ends[1]))
            self.periods.setCurrentIndex(place)

    def set_rights(self, rights: Rights) -> None:
        """Offer what the operator may do."""
        self.new_button.setVisible(rights.visit)
        self.table.offer(export=rights.reveal, first_step=rights.visit)

    def _clear_facets(self) -> None:
        for box in (self.estates, self.parties, self.periods):
            box.setCurrentIndex(0)
        self.show_days(None, None)


class SectionView(QWidget):
    """The log beside one record."""

    opened = Signal(int)
    new_requested = Signal()

    def __init__(self, fetch: Fetch, settings: Settings | None = None) -> None:
        super().__init__()
        self.table = TablePage(
            "visits-of", visit_columns(with_estate=False), fetch, name=_("Log of visits"),
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

    def show_subject(self, shown: bool) -> None:
        """Show what was visited, or leave it out where all visits are to the same."""
        names = [column.name for column in self.table.model.columns]
        self.table.table.setColumnHidden(names.index("subject"), not shown)

    def set_rights(self, rights: Rights) -> None:
        """Offer what the operator may do."""
        self.new_button.setVisible(rights.visit)
        self.table.offer(export=rights.reveal, first_step=rights.visit)
