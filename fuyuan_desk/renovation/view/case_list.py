"""The list of renovation cases with their states and missing documents."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QMenu, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.renovation.rules import course
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.view.words import missing_chip, status_chip, verdict_chip
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch


def works_summary(works: Sequence[str]) -> str:
    """Return the name of the first work and the number of the others."""
    if len(works) < 2:
        return "".join(works)
    return _("{work} and {n} more").format(work=works[0], n=len(works) - 1)


def _period(line: Any) -> str:
    return f"{line.row.starts_on:%Y-%m-%d} – {line.row.ends_on:%m-%d}"


def _full_period(line: Any) -> str:
    return f"{line.row.starts_on:%Y-%m-%d} – {line.row.ends_on:%Y-%m-%d}"


def case_columns() -> list[Column]:
    """Return the columns of the list."""
    return [
        Column("number", _("Number"), lambda line: line.row.number, 114, sort="number", least=114),
        Column("address", _("Address"), lambda line: line.row.address, 200, sort="address", least=132),
        Column("applicant", _("Applicant"), lambda line: line.row.applicant, 84, masked=True),
        Column("works", _("Works"), lambda line: works_summary(line.works), 188, least=104,
               tip=lambda line: "\n".join(line.works)),
        Column("verdict", _("Verdict"), lambda line: "", 108, hidden=True, least=108,
               chip=lambda line: verdict_chip(line.row.verdict)),
        Column("period", _("Period"), _period, 178, sort="starts_on", tip=_full_period, least=100),
        Column("status", _("State"), lambda line: "", 96, sort="status", least=92,
               chip=lambda line: status_chip(line.row.status)),
        Column("missing", _("Documents"), lambda line: "", 104, sort="missing", least=92,
               chip=lambda line: missing_chip(line.row.missing)),
        Column("visit", _("Last visit"), _visit, 104, least=96),
        Column("contractor", _("Contractor"), lambda line: line.row.contractor, 160, sort="contractor",
               hidden=True),
        Column("registered", _("Registered on"), lambda line: line.row.registered_on.isoformat(), 108,
               sort="registered_on", hidden=True),
    ]  # fmt: skip


def export_columns() -> list[Column]:
    """Return the columns of the Excel export: all of them, with full periods and all works."""
    texts = {
        "works": lambda line: _("; ").join(line.works),
        "missing": lambda line: str(line.row.missing) if line.row.missing else "",
        "period": _full_period,
    }
    return [
        Column(
            column.name,
            column.header,
            texts.get(column.name, column.text),
            align="right" if column.name == "missing" else "left",
            chip=None if column.name in texts else column.chip,
        )
        for column in case_columns()
    ]


def _visit(line: Any) -> str:
    return line.last_visit.isoformat() if line.last_visit else _("none yet")


class CaseListView(QWidget):
    """A table of cases, filtered by state, estate and text.

    `print_requested(kind, ids)`: kind is 'registration' or 'inspection'; ids None means all shown cases.
    """

    opened = Signal(int)
    new_requested = Signal()
    print_requested = Signal(str, object)

    def __init__(self, fetch: Fetch, settings: Settings | None = None) -> None:
        super().__init__()
        self._rights = Rights()
        self.new_button = button(
            _("New filing"), self.new_requested.emit, role="primary", picture="add", shortcut="Ctrl+N"
        )
        self.print_button = button(_("&Print"), self._open_menu, picture="print")
        self.header = PageHeader(
            _("Renovation"),
            _("Register every renovation before it starts. Enter opens a case; type to search."),
            [self.print_button, self.new_button],
        )
        self._empty = EmptyState(
            "renovation",
            _("No renovation yet"),
            _(
                "Enter the home, the applicant and the works; the verdict and the documents needed appear at once."
            ),
            _("&New filing"),
        )
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.table = TablePage(
            "cases",
            case_columns(),
            fetch,
            name=_("Renovations"),
            empty=self._empty,
            settings=settings,
            filter_hint=_("Number, address, applicant, Pinyin"),
        )
        self.table.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.status = _facet(_("Filter by state"), 112)
        self.estate = _facet(_("Filter by estate"), 152)
        self.status.addItem(_("All states"), None)
        for status in CaseStatus:
            self.status.addItem(course.label(status), status)
        self.set_estates(())
        for box, name in ((self.status, "status"), (self.estate, "estate")):
            self.table.tools.addWidget(box)
            box.activated.connect(
                lambda index, box=box, name=name: self.table.set_facet(name, box.itemData(index))
            )
        self.table.opened.connect(lambda line: self.opened.emit(line.id))
        self.table.first_step.connect(self.new_requested)
        self.table.filters_cleared.connect(self._clear_facets)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.progress)
        column.addWidget(self.table, 1)

    def set_estates(self, estates: Sequence[tuple[int, str]]) -> None:
        """Set the choices of the estate filter, keeping the current one."""
        current = self.estate.currentData()
        self.estate.clear()
        self.estate.addItem(_("All estates"), None)
        for estate_id, name in estates:
            self.estate.addItem(name, estate_id)
        self.estate.setCurrentIndex(max(self.estate.findData(current), 0))

    def chosen(self) -> list[int]:
        """Return the keys of the selected cases, skipping rows that are not in memory."""
        rows = self.table.table.selectionModel().selectedRows()
        lines = (self.table.model.row(index.row()) for index in sorted(rows, key=lambda index: index.row()))
        return [line.id for line in lines if line is not None]

    def set_rights(self, rights: Rights) -> None:
        """Show only the actions the operator may perform."""
        self._rights = rights
        self.new_button.setVisible(rights.write)
        self.table.offer(export=rights.reveal, first_step=rights.write)

    def menu(self) -> QMenu:
        """Build the print menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen, total = self.chosen(), self.table.model.total
        kinds = [
            ("inspection", _("Inspection sheets of all {n} shown"), _("Inspection sheets of the {n} chosen"))
        ]
        if self._rights.reveal:
            forms = _("Registration forms of all {n} shown"), _("Registration forms of the {n} chosen")
            kinds.insert(0, ("registration", *forms))
        for kind, all_text, chosen_text in kinds:
            for text, ids, count in ((chosen_text, chosen, len(chosen)), (all_text, None, total)):
                action = menu.addAction(icon("print"), text.format(n=f"{count:,}"))
                action.setEnabled(count > 0)
                action.triggered.connect(
                    lambda checked, kind=kind, ids=ids: self.print_requested.emit(kind, ids)
                )
            menu.addSeparator()
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.print_button.mapToGlobal(self.print_button.rect().bottomLeft()))

    def _clear_facets(self) -> None:
        self.status.setCurrentIndex(0)
        self.estate.setCurrentIndex(0)


def _facet(name: str, width: int) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumWidth(width)
    return box
