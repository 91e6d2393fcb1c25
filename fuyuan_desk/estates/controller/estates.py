"""Controller of the estates page: all estates and all homes, a new estate, and the one estate that is open."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.controller.card_parts import CardPart
from fuyuan_desk.estates.controller.estate import EstateController, Section, estate_fields_of
from fuyuan_desk.estates.controller.rooms import RoomAct, RoomTies
from fuyuan_desk.estates.controller.tags import tags_page
from fuyuan_desk.estates.controller.units import TABLES, UnitsController
from fuyuan_desk.estates.facts.houses import EstateDetail, EstateRow, UnitDetail, UnitQuery
from fuyuan_desk.estates.facts.people import TagFields
from fuyuan_desk.estates.rules.room_states import RoomStates
from fuyuan_desk.estates.service import estates, holders, page_data, roles
from fuyuan_desk.estates.service.suspects import list_pairs
from fuyuan_desk.estates.service.tags import find_tags
from fuyuan_desk.estates.view.estate_list import HOMES, TAGS, EstateListView
from fuyuan_desk.estates.view.fields import estate_fields
from fuyuan_desk.kit.book_page import BookPage
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.export_list import export_list
from fuyuan_desk.kit.form_pane import FormPane, framed
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.office.service.settings import Street, list_streets, read_settings
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Column, Deliver, Query, Window

TIERS = "tier_assignment"
PROTECTION = "heritage_class"  # the first field of what protects an estate


class EstatesController(QObject):
    """Runs the services for the estates' screens, each of which is created when it is first used.

    `add_section` adds another job's tab to each estate, `add_room_states` and `add_room_act` extend its room chart,
    `add_card_part` the cards of its households, `use_tiers` supplies the list's chips.
    """

    renovation_requested = Signal(int)
    unit_file_requested = Signal(int)
    estate_file_requested = Signal(int)
    call_requested = Signal(int)
    sheet_requested = Signal(int)
    visit_requested = Signal(int)
    tier_requested = Signal(int)
    import_requested = Signal()
    duplicates_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._is_stale = False
        self._tiers_of: Callable[..., Mapping[int, Chip]] | None = None
        self._tiers: Mapping[int, Chip] = {}
        self._suggested: dict[str, tuple[str, ...]] = {}
        self._sections: list[Section] = []
        self._room_ties = RoomTies()
        self._card_parts: list[CardPart] = []
        self._homes = OnUse(self._make_homes)
        self._tags = OnUse(self._make_tags)
        self._estate = OnUse(self._make_estate)
        self.list = EstateListView(self._fetch, settings)
        self.new_pane = FormPane(estate_fields(()))
        self._new_drafts = keep_drafts(desk, self.new_pane.form, "estate:new")
        self.page = Pages()
        self.new_screen = framed(self.new_pane)
        for screen in (self.list, self.new_screen):
            self.page.addWidget(screen)
        self._connect()
        self._allow()
        self.list.table.follow(desk.marks, "estate")
        self.list.table.load()
        self.page.set_first_focus(self.list, self.list.table.filter)
        self._read_suggestions()

    def _connect(self) -> None:
        self.list.opened.connect(self.open_estate)
        self.list.new_requested.connect(self.new_estate)
        self.list.import_requested.connect(self.import_requested)
        self.list.duplicates_requested.connect(self.duplicates_requested)
        self.list.table.export_requested.connect(self._export_estates)
        self.list.tabs.currentChanged.connect(self._on_list_tab)
        self.new_pane.submitted.connect(self._save_new)
        self.new_pane.left.connect(self.show_list)
        self.page.shown.connect(self._on_shown)
        self._desk.changes.connect(self._on_changes)

    def _make_homes(self) -> UnitsController:
        made = UnitsController(self._desk, True, self._settings, self._card_parts)
        made.renovation_requested.connect(self.renovation_requested)
        made.file_requested.connect(self.unit_file_requested)
        made.call_requested.connect(self.call_requested)
        made.export_requested.connect(self._export_units)
        self.list.homes.show_screen(made.view)
        return made

    def _make_estate(self) -> EstateController:
        made = EstateController(
            self._desk, self._settings, self._sections, self._tier_of, self._room_ties, self._card_parts
        )
        made.view.back_requested.connect(self.show_list)
        made.opened.connect(self._on_opened)
        made.left.connect(self._on_estate_left)
        made.units_export_requested.connect(self._export_units)
        for source, target in (
            (made.renovation_requested, self.renovation_requested),
            (made.call_requested, self.call_requested),
            (made.sheet_requested, self.sheet_requested),
            (made.visit_requested, self.visit_requested),
            (made.tier_requested, self.tier_requested),
            (made.unit_file_requested, self.unit_file_requested),
            (made.file_requested, self.estate_file_requested),
        ):
            source.connect(target)
        self.page.addWidget(made.view)
        _offer(made.overview.pane, self._suggested)
        return made

    def _make_tags(self) -> BookPage[TagFields]:
        made = tags_page(self._desk, self._settings)
        self.list.tags.show_screen(made.page)
        return made

    @property
    def homes(self) -> UnitsController:
        """The list of all homes."""
        return self._homes()

    @property
    def estate(self) -> EstateController:
        """The screen of one estate."""
        return self._estate()

    # --- for the composition root

    def add_section(self, title: str, make: Callable[[], Any], forms: Sequence[str] = ()) -> None:
        """Add a tab to every estate; see `Section`."""
        section = Section(title, make, forms)
        self._sections.append(section)
        if self._estate.made is not None:
            self._estate.made.add_section(section)

    def add_room_states(self, states: RoomStates) -> None:
        """Offer a set of states in the room chart of every estate."""
        self._room_ties.states.append(states)
        if self._estate.made is not None:
            self._estate.made.add_room_states(states)

    def add_room_act(self, act: RoomAct) -> None:
        """Offer an act with the rooms that are chosen in the room chart."""
        self._room_ties.acts.append(act)
        if self._estate.made is not None:
            self._estate.made.add_room_act(act)

    def add_card_part(self, part: CardPart) -> None:
        """Add a part to the card of every household; see `CardPart`."""
        self._card_parts.append(part)

    def use_tiers(self, tiers_of: Callable[..., Mapping[int, Chip]]) -> None:
        """Show each estate's tier; `tiers_of(seat)` returns chips by estate id."""
        self._tiers_of = tiers_of
        self._read_tiers()

    def show_section(self, title: str) -> None:
        """Show the tab with this title."""
        tabs = self.estate.view.tabs
        for index in range(tabs.count()):
            if tabs.tabText(index) == title:
                tabs.setCurrentIndex(index)

    def open_estate(self, estate_id: int) -> None:
        """Show an estate."""
        self._open(estate_id)

    def _open(self, estate_id: int, then: Callable[[], object] | None = None) -> None:
        self._leave(lambda: self.estate.open(estate_id, then))

    def edit_protection(self, estate_id: int) -> None:
        """Show an estate with its form open at what protects it."""

        def edit() -> None:
            self.estate.view.tabs.setCurrentIndex(0)
            if self._desk.can_write:
                self.estate.edit(PROTECTION)

        self._open(estate_id, edit)

    def open_tier(self, estate_id: int) -> None:
        """Show an estate and request the form of its service tier."""
        self._open(estate_id, lambda: self.tier_requested.emit(estate_id))

    def open_building(self, building_id: int) -> None:
        """Show the homes of a building in its estate."""

        def done(estate_id: int) -> None:
            self._open(estate_id, lambda: self.estate.show_homes_of(building_id))

        self._desk.run(page_data.estate_of_building, building_id, done=done, owner=self.page)

    def open_role(self, role_id: int) -> None:
        """Show what an organisation is to an estate, in that estate."""

        def done(estate_id: int) -> None:
            self._open(estate_id, lambda: self.estate.show_role(role_id))

        self._desk.run(roles.estate_of_role, role_id, done=done, owner=self.page)

    def open_unit(self, unit_id: int) -> None:
        """Show a home in its estate."""

        def done(found: tuple[UnitDetail, EstateDetail | None]) -> None:
            unit, estate = found
            if estate is not None:
                self._leave(lambda: self.estate.open_at(estate, unit))
            elif self.estate.estate_id == unit.estate_id:
                self._leave(lambda: self.estate.show_unit(unit))
            else:  # another one was opened meanwhile
                self.open_unit(unit_id)

        known = self.estate.estate_id if self._is_in_estate() else None
        self._desk.run(page_data.unit_in_estate, unit_id, known, done=done, owner=self.page)

    def open_household(self, household_id: int) -> None:
        """Show the home of a household."""
        self._desk.run(page_data.unit_of_household, household_id, done=self.open_unit, owner=self.page)

    def open_person(self, person_id: int) -> None:
        """Show the home of a person."""
        self._desk.run(page_data.unit_of_person, person_id, done=self.open_unit, owner=self.page)

    def open_tag(self, tag_id: int) -> None:
        """Show a tag among those of the office."""

        self._leave(lambda: self._in_tags().open_record(tag_id))

    def _in_tags(self) -> BookPage[TagFields]:
        """Show the tags and return their page."""
        self._show_list()
        self.list.tabs.setCurrentIndex(TAGS)
        return self._tags()

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
            },
        )
        self._new_drafts.offer()
        self.page.show_screen(self.new_screen)
        self.new_pane.form.focus_first()

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The shown record as kind and id: a home, an estate, a tag, or None."""
        shown = self.page.currentWidget()
        if shown is self.list and self.list.tabs.currentIndex() == TAGS and self._tags.made is not None:
            return self._tags.made.shown_record
        if shown is self.list:
            unit = self.homes.unit_id if self.list.tabs.currentIndex() == HOMES else None
            return None if unit is None else ("unit", unit)
        return self.estate.shown_record if self._is_in_estate() else None

    def _is_in_estate(self) -> bool:
        made = self._estate.made
        return made is not None and self.page.currentWidget() is made.view

    def has_form(self, key: str) -> bool:
        """Whether the estate that is shown has the form of the draft `key` in a tab."""
        return self._is_in_estate() and self.estate.has_form(key)

    def reopen(self, key: str) -> None:
        """Open the form of the draft `key`; its estate is already shown."""
        kind, _colon, which = key.partition(":")
        if kind == "estate" and which == "new":
            self.new_estate()
        elif kind == "tag":
            self._leave(lambda: self._in_tags().reopen(key))
        else:
            self.estate.reopen(key)

    def show_list(self) -> None:
        """Show all estates."""
        self._leave(self._show_list)

    # --- between screens

    def _leave(self, then: Callable[[], object]) -> None:
        """Call `then` once no form has unsaved input."""
        tags, made = self._tags.made, self._estate.made
        then = then if tags is None else partial(tags.leave, then)
        leave_estate = then if made is None else lambda: made.leave(then)
        if self.page.currentWidget() is self.new_screen:
            self.new_pane.leave(leave_estate)
        else:
            leave_estate()

    def _show_list(self) -> None:
        if self._estate.made is not None:
            self.estate.overview.edit(False)
        self.page.show_screen(self.list)
        self.list.table.table.setFocus()

    def _on_list_tab(self, index: int) -> None:
        if index == HOMES and not self.homes.view.table.model.is_loaded:
            self.homes.load()
        if index == TAGS:
            self._tags()

    def _on_opened(self, is_other: bool) -> None:
        if is_other or not self._is_in_estate():
            self.page.show_screen(self.estate.view)
            self.estate.view.tabs.setFocus()

    def _on_estate_left(self) -> None:
        if self._is_in_estate():
            self._show_list()

    # --- refreshing

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self._allow()
        if "organisation" in tables:
            self._read_suggestions()
        if not tables & (TABLES | {TIERS, "organisation", "estate_role"}):
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        self.list.table.refresh()
        self._read_tiers()
        if self._homes.made is not None and self.homes.view.table.model.is_loaded:
            self.homes.refresh()
        if self._estate.made is not None:
            self.estate.refresh()

    def _allow(self) -> None:
        self.list.set_rights(self._desk.rights)
        self.list.duplicates_button.setVisible(self._desk.may(list_pairs))
        self.list.tabs.setTabVisible(TAGS, self._desk.may(find_tags))
        if self._estate.made is not None:
            self.estate.allow()

    def _tier_of(self, estate_id: int) -> Chip | None:
        return self._tiers.get(estate_id)

    def _read_tiers(self) -> None:
        if self._tiers_of is not None:
            self._desk.run(self._tiers_of, done=self._show_tiers, owner=self.page)

    def _show_tiers(self, tiers: Mapping[int, Chip]) -> None:
        self._tiers = tiers
        self.list.set_tiers(tiers)
        if self._estate.made is not None:
            self.estate.show_tier()

    def _read_suggestions(self) -> None:
        if self._desk.can_write:
            self._desk.run(list_streets, done=self._take_streets, owner=self.page)
            self._desk.run(holders.known_names, done=self._suggest, owner=self.page)

    def _take_streets(self, streets: tuple[Street, ...]) -> None:
        self._suggest({"street": tuple(street.name for street in streets)})

    def _suggest(self, names: Mapping[str, tuple[str, ...]]) -> None:
        self._suggested |= names
        _offer(self.new_pane, names)
        if self._estate.made is not None:
            _offer(self.estate.overview.pane, names)

    # --- the list

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(page: Page[EstateRow]) -> None:
            deliver(Window(page.total, page.rows))

        self._desk.run(
            estates.list_estates, query.filter, query.sort or "name", query.descending, offset, limit,
            done=done, owner=self.page,
        )  # fmt: skip

    # --- a new estate

    def _save_new(self, values: dict[str, Any]) -> None:
        def done(saved: Saved) -> None:
            self._desk.notify(" ".join((_("Saved."), *saved.doubts)))
            if not self.new_pane.saved():
                self.estate.open(saved.id)

        self._desk.run(
            estates.save_estate, estate_fields_of(values),
            done=done, failed=self.new_pane.refuse, owner=self.page,
        )  # fmt: skip

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


def _offer(pane: FormPane, names: Mapping[str, Sequence[str]]) -> None:
    """Suggest names in fields of a form, keeping what is typed there."""
    for field, found in names.items():
        pane.form.set_choices(field, [(name, name) for name in found])
