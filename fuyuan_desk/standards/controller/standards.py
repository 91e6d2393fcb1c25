"""Controller of the service-standard page: estates by tier, and the ladder."""

from collections import Counter

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.export_list import export_list
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.standards.controller.tier import TABLES, TierController
from fuyuan_desk.standards.service import page_data
from fuyuan_desk.standards.service.page_data import Overview
from fuyuan_desk.standards.view.standards import StandardsView, TierRow
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Query


class StandardsController(QObject):
    """Lists the estates by tier and shows the tier of the chosen one; `estate_opened` carries its key."""

    estate_opened = Signal(int)

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._is_stale = False
        self._pending_estate_id = 0
        self.view = StandardsView(settings)
        self.page = Pages()
        self.page.show_screen(self.view)
        self._tier = OnUse(self._make_tier)
        self.view.chosen.connect(self._on_chosen)
        self.view.opened.connect(self.estate_opened)
        self.view.table.follow(desk.marks, "estate")
        self.view.table.export_requested.connect(self._export)
        self.view.table.model.loaded.connect(self._select_pending)
        self.page.shown.connect(self._on_shown)
        desk.changes.connect(self._on_changes)
        self._allow()
        self.reload()

    def _make_tier(self) -> TierController:
        made = TierController(self._desk, self.view.panel)
        made.view.estate_requested.connect(lambda: self.estate_opened.emit(made.estate_id))
        return made

    @property
    def tier(self) -> TierController:
        """The tier of the chosen estate, with the form to assign another."""
        return self._tier()

    def show_tier(self) -> None:
        """Show the tier instead of its form, asking first if there is unsaved input."""
        if self._tier.made is not None:
            self.tier.view.leave(self.tier.view.show_facts)

    def reload(self) -> None:
        """Reload estates, tiers and the ladder."""
        self._desk.run(page_data.overview, done=self._show, failed=self.view.banner.refuse, owner=self.page)

    def show_estate(self, estate_id: int) -> None:
        """Select an estate in the list."""
        self._pending_estate_id = estate_id
        self.view.tabs.setCurrentIndex(0)
        self._select_pending()

    def reopen(self, key: str) -> None:
        """Open the tier form whose draft is stored under `key`."""
        estate_id = int(key.partition(":")[2])
        self.show_estate(estate_id)
        self.tier.show_estate(estate_id, self.tier.assign)  # the list may not be loaded yet

    def _show(self, overview: Overview) -> None:
        rows = [
            TierRow(
                estate.id,
                estate.name,
                estate.street,
                position,
                estate.assigned.tier if estate.assigned is not None else None,
                estate.assigned.effective_on if estate.assigned is not None else None,
                estate.assigned.document_no if estate.assigned is not None else "",
            )
            for position, estate in enumerate(overview.estates)
        ]
        counts = Counter(row.tier for row in rows if row.tier is not None)
        self.view.show_estates(rows, counts, sum(row.tier is None for row in rows))
        self.view.show_ladder(overview.ladder, overview.dense, overview.laws)

    def _on_chosen(self, row: TierRow | None) -> None:
        if row is not None:
            self.tier.show_estate(row.id, self.view.split.show_detail)
        elif not self.view.is_assigning:  # the list, filtered anew, may not hold the estate
            self.view.split.show_detail(False)

    def _select_pending(self) -> None:
        estate_id, self._pending_estate_id = self._pending_estate_id, 0
        if estate_id and not self.view.select(estate_id):
            self._pending_estate_id = estate_id

    def _allow(self) -> None:
        if self._tier.made is not None:
            self.tier.allow()
        self.view.table.offer(export=self._desk.can_reveal, first_step=False)

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self._allow()
        if not tables & TABLES:
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        self.reload()
        if self._tier.made is not None:
            self.tier.reload()

    # --- to Excel

    def _export(self, query: Query) -> None:
        table = self.view.table
        shown = [c for n, c in enumerate(table.model.columns) if not table.table.isColumnHidden(n)]
        export_list(
            self._desk, self.page, _("Estates by tier"), shown, page_data.tiers_for_export,
            (self.view.rows_of(query), bool(query.filter)), failed=self.view.banner.refuse,
        )  # fmt: skip
