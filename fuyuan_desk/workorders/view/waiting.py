"""The findings without an order: those that are chosen become one order."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.rules.answers import ItemSeverity
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import Aside, OneLine, head_line
from fuyuan_desk.widgets.room import page_column
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch
from fuyuan_desk.workorders.facts import WaitingFinding


def _again(row: WaitingFinding) -> str:
    return str(row.finding.before) if row.finding.before else ""


def _same(row: WaitingFinding) -> str:
    return row.same[1] if row.same is not None else ""


def _same_chip(row: WaitingFinding) -> Chip | None:
    return Chip(row.same[1], "warn", "renovation") if row.same is not None else None


def columns() -> list[Column]:
    """Return the columns of the list."""
    return [
        Column("day", _("Visited on"), lambda row: f"{row.finding.item.at.astimezone():%Y-%m-%d}", 100),
        Column("estate", _("Estate"), lambda row: row.estate, 112),
        Column("place", _("Place"), lambda row: row.place, 112),
        Column("item", _("What failed"), lambda row: row.finding.item.text, 280, least=160),
        Column("severity", _("Severity"), _severity, 96, chip=_severity_chip),
        Column("remark", _("Remark"), lambda row: row.finding.item.remark, 240, least=160),
        Column("before", _("Times before"), _again, 64, "right"),
        Column("same", _("Open order for the same"), _same, 140, chip=_same_chip),
        Column("number", _("Visit number"), lambda row: row.finding.item.visit, 116, hidden=True),
    ]


def _severity(row: WaitingFinding) -> str:
    return name_of(ItemSeverity, row.finding.item.severity) if row.finding.item.severity else ""


def _severity_chip(row: WaitingFinding) -> Chip | None:
    is_urgent = row.finding.item.severity == ItemSeverity.URGENT
    return Chip(_severity(row), "error", "warning") if is_urgent else None


class WaitingView(QWidget):
    """Lists the findings; `order_requested` asks for an order of those that are chosen, `opened` for their visit."""

    back_requested = Signal()
    order_requested = Signal()
    opened = Signal(int)

    def __init__(self, fetch: Fetch, settings: Settings | None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.banner = Banner()
        self.back = icon_button("back", _("Back to all work orders"), self.back_requested.emit)
        self.make_button = button(
            _("&Make an order"), self.order_requested.emit, role="primary", picture="add", shortcut="Ctrl+N"
        )
        self.visit_button = button(_("Open the &visit"), self._open_visit, picture="inspection")
        self.table = TablePage(
            "findings", columns(), fetch, name=_("Findings without an order"), many=True, settings=settings,
            exportable=False,
            empty=EmptyState(
                "ok", _("No finding without an order"),
                _("What fails on a visit and is not put right on the spot is listed here."), "",
            ),
            filter_hint=_("Estate, place, what failed"),
        )  # fmt: skip
        column = page_column(self)
        column.addLayout(
            head_line(
                (
                    self.back,
                    OneLine(_("Findings without an order"), "title"),
                    Aside(_("Choose one, or several of one estate, and make an order of them.")),
                ),
                (self.visit_button, self.make_button),
            )
        )
        column.addWidget(self.banner)
        column.addWidget(self.table, 1)
        self.table.opened.connect(lambda row: self.opened.emit(row.finding.item.visit_id))

    def chosen(self) -> list[WaitingFinding]:
        """Return the findings that are chosen."""
        return list(self.table.chosen_rows())

    def allow(self, *, write: bool) -> None:
        """Show only what the operator may do."""
        self.make_button.setVisible(write)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
            return
        super().keyPressEvent(event)

    def _open_visit(self) -> None:
        row = next(iter(self.chosen()), None)
        if row is not None:
            self.opened.emit(row.finding.item.visit_id)
