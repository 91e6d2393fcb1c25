"""The service-standard page: estates by tier, and the ladder."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.standards.rules import Ladder, Tier, label
from fuyuan_desk.standards.view.duties import LadderView
from fuyuan_desk.standards.view.tier import TierView
from fuyuan_desk.standards.view.tier_picker import TierPicker
from fuyuan_desk.standards.view.words import tier_chip
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.facets import Facet
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.room import Tabs, padded, page_column, scrolled
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window

_TIER, _NONE = "tier", "none"


@dataclass(frozen=True)
class TierRow:
    """An estate with its tier; `position` sorts by name in natural order, `rank` by step."""

    id: int
    name: str
    street: str
    position: int
    tier: Tier | None
    since: date | None
    document_no: str

    @property
    def rank(self) -> int:
        """The step of the tier, -1 without a tier."""
        return -1 if self.tier is None else self.tier.rank

    @property
    def since_key(self) -> date:
        """The day, `date.min` without one."""
        return self.since or date.min


def _columns() -> list[Column]:
    return [
        Column("name", _("Estate"), lambda row: row.name, 160, sort="position"),
        Column("tier", _("Tier"), lambda row: label(row.tier) if row.tier else "", 144, sort="rank",
               chip=lambda row: tier_chip(row.tier) if row.tier else None),
        Column("since", _("Since"), lambda row: row.since.isoformat() if row.since else "", 104,
               sort="since_key"),
        Column("document", _("Document"), lambda row: row.document_no, 128, hidden=True),
        Column("street", _("Street"), lambda row: row.street, 112, hidden=True),
    ]  # fmt: skip


def _facet() -> Facet:
    tiers = [(tier.value, label(tier)) for tier in Tier]
    everything = _("{what}: all").format(what=_("Tier"))
    return Facet(_TIER, _("Tier"), everything, [*tiers, (_NONE, _("Without a tier"))])


class StandardsView(QWidget):
    """A list of estates with the tier of the chosen one beside it; the ladder is on the second tab."""

    chosen = Signal(object)
    opened = Signal(int)

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._rows: Sequence[TierRow] = ()
        self._without_count = 0
        self.banner = Banner()
        self.picker = TierPicker(clickable=True)
        self.picker.show_counts({})
        self.none_button = button("", self._toggle_none, role="link")
        self.none_button.setCheckable(True)
        empty = EmptyState(
            "standard", _("No estate yet"), _("Import a roster first; then assign tiers to its estates here.")
        )
        # Not a book of the kit: a row is an estate, with or without a tier, which follows from the day by the rules.
        self.table = TablePage(
            "tiers", _columns(), self._fetch, name=_("Estates by tier"), empty=empty, settings=settings,
            filter_hint=_("Filter estates"), facets=[_facet()],
        )  # fmt: skip
        self._panel_place, self._ladder_place = Pages(), Pages()
        self._panel = OnUse(self._make_panel)
        self._ladder = OnUse(self._make_ladder)
        self._ladder_shown: tuple[Ladder, Iterable[str], Mapping[str, str]] | None = None
        self._ladder_place.shown.connect(self._show_ladder_tab)
        self._lay_out(settings)
        self.table.selected.connect(self.chosen)
        self.table.opened.connect(self._on_opened)
        self.table.model.loaded.connect(self._show_filter)
        self.picker.chosen.connect(lambda tier: self.table.facets.choose(_TIER, tier and tier.value))

    def _lay_out(self, settings: Settings | None) -> None:
        left = QWidget()
        list_column = QVBoxLayout(left)
        list_column.setContentsMargins(0, 0, 0, 0)
        list_column.setSpacing(8)
        list_column.addWidget(self.picker)
        list_column.addWidget(self.none_button)
        list_column.addWidget(self.table, 1)
        nothing = EmptyState(
            "standard", _("No estate chosen"), _("Choose one to see its tier, its duties and its history.")
        )
        self.split = ListDetail(left, self._panel_place, nothing, settings, "tiers", 0.44)
        self.tabs = Tabs()
        self.tabs.addTab(padded(self.split), _("Estates by tier"))
        self.tabs.addTab(padded(self._ladder_place), _("The four tiers side by side"))
        column = page_column(self)
        column.addWidget(
            PageHeader(_("Service standard"), _("The tier of an estate sets how often each service is done."))
        )
        column.addWidget(self.banner)
        column.addWidget(self.tabs, 1)
        self.tabs.add_keys(self)

    def _make_panel(self) -> TierView:
        made = TierView(wide=False, with_estate=True)
        self._panel_place.show_screen(made)
        return made

    @property
    def panel(self) -> TierView:
        """The tier of the chosen estate."""
        return self._panel()

    @property
    def is_assigning(self) -> bool:
        """Whether the form to assign a tier is open."""
        return self._panel.made is not None and self._panel.made.is_assigning

    def _make_ladder(self) -> LadderView:
        made = LadderView()
        if self._ladder_shown is not None:
            made.show_ladder(*self._ladder_shown)
        self._ladder_place.show_screen(scrolled(made))
        return made

    def _show_ladder_tab(self) -> None:
        self._ladder()

    @property
    def ladder(self) -> LadderView:
        """The four tiers side by side."""
        return self._ladder()

    def show_ladder(self, ladder: Ladder, dense: Iterable[str], laws: Mapping[str, str]) -> None:
        """Show a version of the ladder in its tab; `dense` are the items done more often now."""
        self._ladder_shown = (ladder, dense, laws)
        if self._ladder.made is not None:
            self._ladder.made.show_ladder(*self._ladder_shown)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        rows = self.rows_of(query)
        deliver(Window(len(rows), rows[offset : offset + limit]))

    def rows_of(self, query: Query) -> list[TierRow]:
        """Return the shown estates that match a query, in its order."""
        tier = query.facets.get(_TIER, "")
        rows = [row for row in self._rows if tier in ("", row.tier or _NONE) and _matches(row, query.filter)]
        if query.sort:
            rows.sort(key=lambda row: getattr(row, query.sort), reverse=query.descending)
        return rows

    def show_estates(self, rows: Sequence[TierRow], counts: Mapping[Tier, int], without: int) -> None:
        """Show all estates with their tiers, and the number of estates per tier."""
        self._rows = rows
        self.picker.show_counts(counts)
        self._without_count = without
        self.table.load()

    def select(self, estate_id: int) -> bool:
        """Select an estate in the list; return whether it is listed."""
        return self.table.select_where(lambda row: row.id == estate_id)

    def _toggle_none(self) -> None:
        self.table.facets.choose(_TIER, _NONE if self.none_button.isChecked() else None)

    def _show_filter(self) -> None:
        """Show in the picker and on the button by which tier the list is filtered, whoever chose it."""
        tier = self.table.facets.values().get(_TIER)
        is_none = tier == _NONE
        self.picker.show_tiers(None if tier is None or is_none else Tier(tier))
        self.none_button.setChecked(is_none)
        text = _("{n} without a tier").format(n=self._without_count)
        self.none_button.setText(_("Show all estates") if is_none else text)
        self.none_button.setVisible(self._without_count > 0 or is_none)

    def _on_opened(self, row: TierRow) -> None:
        if self.panel.assign_button.isVisible():
            self.panel.assign_button.setFocus()
        else:
            self.opened.emit(row.id)


def _matches(row: TierRow, text: str) -> bool:
    content = f"{row.name} {row.street} {row.document_no}".casefold()
    return all(word in content for word in text.casefold().split())
