"""The page of the service standard: estates by tier, and the ladder itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.form_pane import scrolled
from fuyuan_desk.standards.rules import Tier, label
from fuyuan_desk.standards.view.duties import LadderView
from fuyuan_desk.standards.view.tier import TierView
from fuyuan_desk.standards.view.tier_picker import Stairs
from fuyuan_desk.standards.view.words import tier_chip
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window


@dataclass(frozen=True)
class TierRow:
    """An estate with its tier; the keys `place` and `rank` sort by name as a clerk counts, and by step."""

    id: int
    name: str
    street: str
    place: int
    tier: Tier | None
    since: date | None
    document_no: str

    @property
    def rank(self) -> int:
        """The step, -1 for none."""
        return -1 if self.tier is None else self.tier.rank

    @property
    def since_key(self) -> date:
        """The day, a very early one for none."""
        return self.since or date.min


def _columns() -> list[Column]:
    return [
        Column("name", _("Estate"), lambda row: row.name, 160, sort="place"),
        Column("tier", _("Tier"), lambda row: label(row.tier) if row.tier else "", 144, sort="rank",
               chip=lambda row: tier_chip(row.tier) if row.tier else None),
        Column("since", _("Since"), lambda row: row.since.isoformat() if row.since else "", 104,
               sort="since_key"),
        Column("document", _("Document"), lambda row: row.document_no, 128, hidden=True),
        Column("street", _("Street"), lambda row: row.street, 112, hidden=True),
    ]  # fmt: skip


class StandardsView(QWidget):
    """Choose an estate to see its tier beside the list; the ladder stands on the second tab."""

    chosen = Signal(object)
    opened = Signal(int)

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._rows: Sequence[TierRow] = ()
        self._without = 0
        self.banner = Banner()
        self.stairs = Stairs(clickable=True)
        self.stairs.show_counts({})
        self.none_button = button("", self._toggle_none, role="link")
        self.none_button.setCheckable(True)
        empty = EmptyState(
            "standard", _("No estate yet"), _("Bring in a roster; its estates then get their tiers here.")
        )
        self.table = TablePage(
            "tiers", _columns(), self._fetch, name=_("Estates by tier"), empty=empty, settings=settings,
            filter_hint=_("Filter estates"),
        )  # fmt: skip
        self.panel = TierView(wide=False, with_estate=True)
        self.ladder = LadderView()
        self._lay_out(settings)
        self.table.selected.connect(self.chosen)
        self.table.opened.connect(self._enter)
        self.table.filters_cleared.connect(self._clear_step)
        self.stairs.chosen.connect(self._narrow)

    def _lay_out(self, settings: Settings | None) -> None:
        left = QWidget()
        list_column = QVBoxLayout(left)
        list_column.setContentsMargins(0, 0, 0, 0)
        list_column.setSpacing(8)
        list_column.addWidget(self.stairs)
        list_column.addWidget(self.none_button)
        list_column.addWidget(self.table, 1)
        nothing = EmptyState(
            "standard", _("No estate chosen"), _("Choose one to see its tier, its duties and its history.")
        )
        self.split = ListDetail(left, self.panel, nothing, settings, "tiers", 0.44)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(_padded(self.split), _("Estates by tier"))
        self.tabs.addTab(_padded(scrolled(self.ladder)), _("The four tiers side by side"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(
            PageHeader(_("Service standard"), _("One estate, one tier: it says how often what is done."))
        )
        column.addWidget(self.banner)
        column.addWidget(self.tabs, 1)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        rows = self.rows_of(query)
        deliver(Window(len(rows), rows[offset : offset + limit]))

    def rows_of(self, query: Query) -> list[TierRow]:
        """Give what a query asks for of the estates that were shown last."""
        step = query.facets.get("tier", "")
        rows = [row for row in self._rows if step in ("", row.tier or "none") and _fits(row, query.filter)]
        if query.sort:
            rows.sort(key=lambda row: getattr(row, query.sort), reverse=query.descending)
        return rows

    def show_estates(self, rows: Sequence[TierRow], counts: Mapping[Tier, int], without: int) -> None:
        """Show all estates with their tiers, and how many stand on each step."""
        self._rows = rows
        self.stairs.show_counts(counts)
        self._without = without
        self._name_none()
        self.none_button.setVisible(without > 0 or self.none_button.isChecked())
        self.table.load()

    def select(self, estate_id: int) -> bool:
        """Choose an estate in the list; tell whether it is shown there."""
        return self.table.select_where(lambda row: row.id == estate_id)

    def _narrow(self, tier: Tier | None) -> None:
        self.none_button.setChecked(False)
        self._name_none()
        self.table.set_facet("tier", tier)

    def _toggle_none(self) -> None:
        self._name_none()
        self.stairs.show_place(None)
        self.table.set_facet("tier", "none" if self.none_button.isChecked() else None)

    def _clear_step(self) -> None:
        self.none_button.setChecked(False)
        self._name_none()
        self.stairs.show_place(None)

    def _name_none(self) -> None:
        words = _("{n} without a tier").format(n=self._without)
        self.none_button.setText(_("Show all estates") if self.none_button.isChecked() else words)

    def _enter(self, row: TierRow) -> None:
        if self.panel.give_button.isVisible():
            self.panel.give_button.setFocus()
        else:
            self.opened.emit(row.id)


def _fits(row: TierRow, text: str) -> bool:
    told = f"{row.name} {row.street} {row.document_no}".casefold()
    return all(word in told for word in text.casefold().split())


def _padded(inner: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 12, 0, 0)
    column.addWidget(inner)
    return made
