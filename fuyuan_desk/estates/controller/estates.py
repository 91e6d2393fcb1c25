"""Controller of the estates page: the list, one estate, and the tabs that other jobs add."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.controller.buildings import buildings_page
from fuyuan_desk.estates.controller.rooms import RoomsController
from fuyuan_desk.estates.controller.units import TABLES, UnitsController
from fuyuan_desk.estates.facts import (
    BuildingFields,
    EstateDetail,
    EstateFields,
    EstateRow,
    UnitDetail,
    UnitQuery,
)
from fuyuan_desk.estates.service import estates, page_data, units
from fuyuan_desk.estates.view.estate_detail import BUILDINGS, ROOMS, UNITS, EstateDetailView
from fuyuan_desk.estates.view.estate_list import EstateListView
from fuyuan_desk.estates.view.fields import estate_fields
from fuyuan_desk.estates.view.overview import OverviewView, protection_text
from fuyuan_desk.kit.book import Line
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.export_list import export_list
from fuyuan_desk.kit.form_pane import FormPane, framed
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.office.service.settings import Street, list_streets, read_settings
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Column, Deliver, Query, Window

TIERS = "tier_assignment"


class Section(Protocol):
    """A tab that another job adds to an estate."""

    page: QWidget

    def show_estate(self, estate_id: int) -> object:
        """Show the data of this estate."""


class EstatesController(QObject):
    """Runs the services for the estates' screens.

    `add_section` adds another job's tab to each estate, `use_tiers` supplies the list's chips.
    """

    renovation_requested = Signal(int)
    sheet_requested = Signal(int)
    visit_requested = Signal(int)
    tier_requested = Signal(int)
    import_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._detail: EstateDetail | None = None
        self._is_stale = False
        self._then: Callable[[], object] | None = None
        self._tiers_of: Callable[..., Mapping[int, Chip]] | None = None
        self._tiers: Mapping[int, Chip] = {}
        self._sections: dict[int, Callable[[], Any]] = {}
        self._made: dict[int, Any] = {}
        self._shown_for: dict[int, int] = {}
        self.homes = UnitsController(desk, with_estate=True, settings=settings)
        self.units = UnitsController(desk, with_estate=False, settings=settings)
        self.buildings = buildings_page(desk, settings, show_homes=self._show_units_of)
        self.rooms = RoomsController(desk)
        self.list = EstateListView(self._fetch, self.homes.view, settings)
        self.overview = OverviewView()
        self.detail = EstateDetailView(self.overview, self.buildings.page, self.units.view, self.rooms.view)
        self.new_pane = FormPane(estate_fields(()))
        self._drafts = keep_drafts(desk, self.overview.pane.form, "estate:0")
        self._new_drafts = keep_drafts(desk, self.new_pane.form, "estate:new")
        self.page = Pages()
        self.new_screen = framed(self.new_pane)
        for screen in (self.list, self.detail, self.new_screen):
            self.page.addWidget(screen)
        self._connect()
        self._allow()
        self.list.table.load()
        self.page.set_first_focus(self.list, self.list.table.filter)
        self._read_streets()

    def _connect(self) -> None:
        self.list.opened.connect(self.open_estate)
        self.list.new_requested.connect(self.new_estate)
        self.list.import_requested.connect(self.import_requested)
        self.list.table.export_requested.connect(self._export_estates)
        self.list.tabs.currentChanged.connect(self._on_list_tab)
        self.detail.back_requested.connect(self.show_list)
        self.detail.remove_requested.connect(self._ask_remove)
        self.detail.tab_shown.connect(self._on_tab)
        for source, target in (
            (self.detail.sheet_requested, self.sheet_requested),
            (self.detail.visit_requested, self.visit_requested),
            (self.detail.tier_requested, self.tier_requested),
        ):
            source.connect(lambda target=target: self._emit_for_estate(target))
        self.overview.edit_requested.connect(self._edit)
        self.overview.pane.submitted.connect(self._save)
        self.overview.pane.left.connect(lambda: self.overview.edit(False))
        self.new_pane.submitted.connect(self._save_new)
        self.new_pane.left.connect(self.show_list)
        self.rooms.unit_opened.connect(self._show_unit)
        for units_of in (self.homes, self.units):
            units_of.renovation_requested.connect(self.renovation_requested)
            units_of.export_requested.connect(self._export_units)
        self.page.shown.connect(self._on_shown)
        self._desk.changes.connect(self._on_changes)

    def _emit_for_estate(self, signal: Any) -> None:
        if self._detail is not None:
            signal.emit(self._detail.id)

    # --- for the composition root

    def add_section(self, title: str, make: Callable[[], Any]) -> None:
        """Add a tab to every estate; `make()` is called once and returns an object with `show_estate(id)`.

        The object is the widget itself or has it as `page`.
        """
        holder = Pages()
        self._sections[self.detail.add_section(title, holder)] = lambda: self._fill(holder, make)

    def use_tiers(self, tiers_of: Callable[..., Mapping[int, Chip]]) -> None:
        """Show each estate's tier; `tiers_of(seat)` returns chips by estate id."""
        self._tiers_of = tiers_of
        self._read_tiers()

    def show_section(self, title: str) -> None:
        """Show the tab with this title."""
        for index in range(self.detail.tabs.count()):
            if self.detail.tabs.tabText(index) == title:
                self.detail.tabs.setCurrentIndex(index)

    def open_estate(self, estate_id: int) -> None:
        """Show an estate."""
        self._leave(lambda: self._open(estate_id))

    def open_building(self, building_id: int) -> None:
        """Show the homes of a building in its estate."""

        def done(estate_id: int) -> None:
            self._then = lambda: self._show_units_of(building_id)
            self.open_estate(estate_id)

        self._desk.run(page_data.estate_of_building, building_id, done=done, owner=self.page)

    def open_unit(self, unit_id: int) -> None:
        """Show a home in its estate."""

        def done(unit: UnitDetail) -> None:
            self._then = lambda: self._show_unit(unit_id)
            self.open_estate(unit.estate_id)

        self._desk.run(units.unit_detail, unit_id, done=done, owner=self.page)

    def open_household(self, household_id: int) -> None:
        """Show the home of a household."""
        self._desk.run(page_data.unit_of_household, household_id, done=self.open_unit, owner=self.page)

    def new_estate(self) -> None:
        """Open the form of a new estate."""
        if not self._desk.can_write:
            return
        self._desk.run(read_settings, done=self._open_new, owner=self.page)

    def _open_new(self, settings: OfficeSettings) -> None:
        self.new_pane.open(
            _("New estate"),
            {
                "street": settings.street,
                "committee": settings.name,
                "heritage_class": 0,
                "historic_area": "none",
            },
        )
        self._new_drafts.offer()
        self.page.show_screen(self.new_screen)
        self.new_pane.form.focus_first()

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The shown record as kind and id: a home of an estate, the estate itself, or None."""
        if self.page.currentWidget() is self.list:
            unit = self.homes.unit_id if self.list.tabs.currentIndex() == 1 else None
            return None if unit is None else ("unit", unit)
        if self._detail is None or self.page.currentWidget() is not self.detail:
            return None
        unit = self.units.unit_id if self.detail.tabs.currentIndex() == UNITS else None
        return ("estate", self._detail.id) if unit is None else ("unit", unit)

    def reopen(self, key: str) -> None:
        """Open the form of the draft `key`; its estate is already shown."""
        kind, _colon, which = key.partition(":")
        if kind == "estate" and which == "new":
            self.new_estate()
        elif kind == "estate":
            self._edit()
        elif kind == "tier":
            self._emit_for_estate(self.tier_requested)
        elif kind == "building":
            self.detail.tabs.setCurrentIndex(BUILDINGS)
            self.buildings.reopen(key)
        elif self._detail is not None:
            self.detail.tabs.setCurrentIndex(UNITS)
            self.units.reopen(key)

    def show_list(self) -> None:
        """Show all estates."""
        self._leave(self._show_list)

    # --- between screens

    def _leave(self, then: Callable[[], object]) -> None:
        def leave_units() -> None:
            self.units.panel.leave(lambda: self.buildings.leave(lambda: self._leave_sections(then)))

        if self.page.currentWidget() is self.new_screen:
            self.new_pane.leave(leave_units)
        elif self.overview.is_editing:
            self.overview.pane.leave(leave_units)
        else:
            leave_units()

    def _leave_sections(self, then: Callable[[], object]) -> None:
        """Ask the tabs of other jobs that have forms, one after another."""
        for section in self._made.values():
            if hasattr(section, "leave"):
                then = partial(section.leave, then)
        then()

    def _show_list(self) -> None:
        self.overview.edit(False)
        self.page.show_screen(self.list)
        self.list.table.table.setFocus()

    def _on_list_tab(self, index: int) -> None:
        if index == 1 and not self.homes.view.table.model.is_loaded:
            self.homes.load()

    def _open(self, estate_id: int) -> None:
        if self._then is None:  # whoever asks for a building or a home continues to its tab
            self.detail.tabs.setCurrentIndex(0)
        self.overview.edit(False)
        self._read_detail(estate_id)

    def _read_detail(self, estate_id: int) -> None:
        def failed(refusal: UserError) -> None:
            self._detail = None
            self._then = None
            self._show_list()
            self._desk.notify(refusal.message)

        self._desk.run(
            page_data.estate_with_buildings, estate_id, done=self._on_detail, failed=failed, owner=self.page
        )

    def _on_detail(self, read: tuple[EstateDetail, tuple[Line[BuildingFields], ...]]) -> None:
        detail, buildings = read
        is_other = self._detail is None or self._detail.id != detail.id
        self._detail = detail
        texts = protection_text(detail.fields)
        self.detail.show_estate(detail, Chip(_("; ").join(texts), "accent", "shield") if texts else None)
        self.detail.tier.set_chip(self._tiers.get(detail.id))
        self.buildings.show_estate(detail.id)
        self.units.set_estate(detail.id, buildings)
        self.rooms.set_estate(detail, buildings)
        if is_other or self.page.currentWidget() is not self.detail:
            self.page.show_screen(self.detail)
            self.detail.tabs.setFocus()
        self._on_tab(self.detail.tabs.currentIndex())
        then, self._then = self._then, None
        if then is not None:
            then()

    def _on_tab(self, index: int) -> None:
        if index == ROOMS:
            self.rooms.load()
        if self._detail is None or index not in self._sections:
            return
        if index not in self._made:
            self._made[index] = self._sections[index]()
        if self._shown_for.get(index) != self._detail.id:
            self._shown_for[index] = self._detail.id
            self._made[index].show_estate(self._detail.id)

    def _fill(self, holder: Pages, make: Callable[[], Any]) -> Any:
        made = make()
        holder.show_screen(made if isinstance(made, QWidget) else made.page)
        return made

    def _show_units_of(self, building_id: int) -> None:
        self.detail.tabs.setCurrentIndex(UNITS)
        self.units.narrow_to_building(building_id)

    def _show_unit(self, unit_id: int) -> None:
        self.detail.tabs.setCurrentIndex(UNITS)
        self.units.open_unit(unit_id)

    # --- refreshing

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self._allow()
        if not tables & (TABLES | {TIERS}):
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        self.list.table.refresh()
        self._read_tiers()
        if self.homes.view.table.model.is_loaded:
            self.homes.refresh()
        if self._detail is not None:
            self.units.refresh()
            self.rooms.refresh()
            if not self.overview.is_editing:
                self._desk.run(
                    page_data.estate_with_buildings, self._detail.id,
                    done=self._renew, failed=lambda _refusal: self._forget(), owner=self.page,
                )  # fmt: skip

    def _renew(self, read: tuple[EstateDetail, tuple[Line[BuildingFields], ...]]) -> None:
        detail, buildings = read
        if self._detail is None or self._detail.id != detail.id:
            return
        self._detail = detail
        texts = protection_text(detail.fields)
        self.detail.show_estate(detail, Chip(_("; ").join(texts), "accent", "shield") if texts else None)
        self.units.set_buildings(buildings)
        self.rooms.set_buildings(buildings)

    def _forget(self) -> None:
        self._detail = None
        if self.page.currentWidget() is self.detail:
            self._show_list()

    def _allow(self) -> None:
        rights = self._desk.rights
        self.list.set_rights(rights)
        self.detail.set_rights(rights)

    def _read_tiers(self) -> None:
        if self._tiers_of is not None:
            self._desk.run(self._tiers_of, done=self._show_tiers, owner=self.page)

    def _show_tiers(self, tiers: Mapping[int, Chip]) -> None:
        self._tiers = tiers
        self.list.set_tiers(tiers)
        if self._detail is not None:
            self.detail.tier.set_chip(tiers.get(self._detail.id))

    def _read_streets(self) -> None:
        if self._desk.can_write:
            self._desk.run(list_streets, done=self._offer_streets, owner=self.page)

    def _offer_streets(self, streets: tuple[Street, ...]) -> None:
        def offer(editor: Any) -> None:
            kept = editor.raw()
            editor.combo.clear()
            editor.combo.addItems([street.name for street in streets])
            editor.set_raw(kept)

        for pane in (self.overview.pane, self.new_pane):
            pane.form.prepare("street", offer)

    # --- the list

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(page: Page[EstateRow]) -> None:
            deliver(Window(page.total, page.rows))

        self._desk.run(
            estates.list_estates, query.filter, query.sort or "name", query.descending, offset, limit,
            done=done, owner=self.page,
        )  # fmt: skip

    # --- saving and removing

    def _edit(self) -> None:
        if self._detail is None:
            return
        self._drafts.set_key(f"estate:{self._detail.id}", self._detail.version)
        self.overview.pane.open(
            _("Edit {name}").format(name=self._detail.fields.name), vars(self._detail.fields)
        )
        self._drafts.offer()
        self.overview.edit(True)

    def _fields(self, values: dict[str, Any]) -> EstateFields:
        return EstateFields(
            **{
                **values,
                "house_kind": values["house_kind"] or "",
                "heritage_class": values["heritage_class"] or 0,
                "historic_area": values["historic_area"] or "none",
            }
        )

    def _save(self, values: dict[str, Any]) -> None:
        if self._detail is None:
            return

        def done(saved: Saved) -> None:
            self.overview.edit(False)
            self._desk.notify(_("Saved."))
            if not self.overview.pane.saved():
                self._read_detail(saved.id)

        self._desk.run(
            estates.save_estate, self._fields(values), self._detail.id, self._drafts.version,
            done=done, failed=self.overview.pane.refuse, owner=self.page,
        )  # fmt: skip

    def _save_new(self, values: dict[str, Any]) -> None:
        def done(saved: Saved) -> None:
            self._desk.notify(_("Saved."))
            if not self.new_pane.saved():
                self._open(saved.id)

        self._desk.run(
            estates.save_estate, self._fields(values),
            done=done, failed=self.new_pane.refuse, owner=self.page,
        )  # fmt: skip

    def _ask_remove(self) -> None:
        detail = self._detail
        if detail is None:
            return
        confirm(
            self.page,
            _("Remove {name}?").format(name=detail.fields.name),
            _("Only an estate without buildings, visits and tiers can be removed."),
            _("&Remove"),
            lambda: self._remove(detail.id),
            dangerous=True,
        )

    def _remove(self, estate_id: int) -> None:
        def done(name: str) -> None:
            self._detail = None
            self._desk.notify(_("{name} was removed.").format(name=name))
            self._show_list()

        self._desk.run(estates.remove_estate, estate_id, done=done, owner=self.page)

    # --- export

    def _export_estates(self, query: Query) -> None:
        columns = [column for column in self.list.table.model.columns if column.chip is None]
        export_list(
            self._desk, self.page, _("Estates"), columns, page_data.estates_for_export,
            (query.filter, query.sort or "name", query.descending),
        )  # fmt: skip

    def _export_units(self, query: UnitQuery, columns: list[Column], title: str) -> None:
        export_list(
            self._desk, self.page, title, columns, page_data.units_for_export, (query,), may_unmask=True
        )
