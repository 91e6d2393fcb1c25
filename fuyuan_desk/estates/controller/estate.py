"""Controller of one estate: its overview and the tabs, those of other jobs among them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.controller.buildings import buildings_page
from fuyuan_desk.estates.controller.card_parts import CardPart
from fuyuan_desk.estates.controller.people import FORMS as PEOPLE_FORMS
from fuyuan_desk.estates.controller.roles import roles_page
from fuyuan_desk.estates.controller.rooms import RoomAct, RoomsController, RoomTies
from fuyuan_desk.estates.controller.units import UnitsController
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateDetail, EstateFields, UnitDetail
from fuyuan_desk.estates.rules.room_states import RoomStates
from fuyuan_desk.estates.service import estates, page_data
from fuyuan_desk.estates.view.estate_detail import BUILDINGS, ROLES, ROOMS, UNITS, EstateDetailView
from fuyuan_desk.estates.view.overview import OverviewView, protection_chip
from fuyuan_desk.kit.book import Line
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings


class Section(NamedTuple):
    """A tab of every estate.

    `make()` is called when the tab is first shown. It returns a widget or an object that has one as `page`, with
    `show_estate(id)` and, if it has forms, `leave(then)` and `reopen(key)` for the drafts whose keys begin with one of
    `forms`.
    """

    title: str
    make: Callable[[], Any]
    forms: Sequence[str] = ()


def estate_fields_of(values: dict[str, Any]) -> EstateFields:
    """Return the fields of an estate from the values of its form."""
    unknown = {name: values[name] or "" for name in ("house_kind", "historic_area")}
    return EstateFields(**{**values, **unknown})


class EstateController(QObject):
    """Runs the services for one estate's screen; `sections` are the tabs of other jobs."""

    opened = Signal(bool)
    """An estate was read; True if it was not the one that is shown."""
    left = Signal()
    renovation_requested = Signal(int)
    unit_file_requested = Signal(int)
    file_requested = Signal(int)
    call_requested = Signal(int)
    sheet_requested = Signal(int)
    visit_requested = Signal(int)
    tier_requested = Signal(int)
    units_export_requested = Signal(object, list, str)

    def __init__(
        self,
        desk: Desk,
        settings: Settings | None,
        sections: Sequence[Section],
        tier_of: Callable[[int], Chip | None],
        room_ties: RoomTies | None = None,
        card_parts: Sequence[CardPart] = (),
    ) -> None:
        super().__init__()
        self._desk = desk
        self._card_parts = card_parts
        self._room_ties = room_ties
        self._settings = settings
        self._tier_of = tier_of
        self._detail: EstateDetail | None = None
        self._buildings: tuple[Line[BuildingFields], ...] = ()
        self._then: Callable[[], object] | None = None
        self._shown_for: dict[int, int] = {}
        self.overview = OverviewView()
        self.view = EstateDetailView(self.overview)
        self._sections: dict[int, Section] = {}
        self._tabs: dict[int, OnUse[Any]] = {}
        self._drafts = keep_drafts(desk, self.overview.pane.form, "estate:0")
        for section in (
            Section(_("Buildings"), self._make_buildings, ("building",)),
            Section(_("Homes"), self._make_units, ("unit", "household", *PEOPLE_FORMS)),
            Section(_("Room chart"), self._make_rooms),
            Section(_("Organisations"), self._make_roles, ("estate_role",)),
            *sections,
        ):
            self.add_section(section)
        self._connect()
        self.allow()

    def _connect(self) -> None:
        self.view.remove_requested.connect(self._ask_remove)
        self.view.tab_shown.connect(self._on_tab)
        for source, target in (
            (self.view.sheet_requested, self.sheet_requested),
            (self.view.visit_requested, self.visit_requested),
            (self.view.tier_requested, self.tier_requested),
            (self.view.file_requested, self.file_requested),
        ):
            source.connect(lambda target=target: self.emit_for_estate(target))
        self.overview.edit_requested.connect(self.edit)
        self.overview.pane.submitted.connect(self._save)
        self.overview.pane.left.connect(lambda: self.overview.edit(False))

    def emit_for_estate(self, signal: Any) -> None:
        """Emit a signal with the id of the shown estate."""
        if self._detail is not None:
            signal.emit(self._detail.id)

    # --- the tabs

    def _make_buildings(self) -> Any:
        return buildings_page(self._desk, self._settings, show_homes=self.show_homes_of)

    def _make_units(self) -> UnitsController:
        made = UnitsController(self._desk, False, self._settings, self._card_parts)
        made.renovation_requested.connect(self.renovation_requested)
        made.file_requested.connect(self.unit_file_requested)
        made.call_requested.connect(self.call_requested)
        made.export_requested.connect(self.units_export_requested)
        return made

    def _make_rooms(self) -> RoomsController:
        made = RoomsController(self._desk, self._settings, self._room_ties)
        made.unit_opened.connect(self.open_unit)
        return made

    def _make_roles(self) -> Any:
        return roles_page(self._desk, self._settings)

    @property
    def buildings(self) -> Any:
        """The tab of buildings."""
        return self._tab(BUILDINGS)

    @property
    def units(self) -> UnitsController:
        """The tab of homes."""
        made: UnitsController = self._tab(UNITS)
        return made

    @property
    def rooms(self) -> RoomsController:
        """The tab with the room chart."""
        made: RoomsController = self._tab(ROOMS)
        return made

    def add_section(self, section: Section) -> None:
        """Add a tab."""
        holder = Pages()
        index = self.view.add_section(section.title, holder)
        self._sections[index] = section
        self._tabs[index] = OnUse(lambda: self._fill(holder, section))

    def add_room_states(self, states: RoomStates) -> None:
        """Offer a set of states in the room chart, if that was shown already."""
        if (made := self._tabs[ROOMS].made) is not None:
            made.add_states(states)

    def add_room_act(self, act: RoomAct) -> None:
        """Offer an act in the room chart, if that was shown already."""
        if (made := self._tabs[ROOMS].made) is not None:
            made.add_act(act)

    def _fill(self, holder: Pages, section: Section) -> Any:
        made = section.make()
        holder.show_screen(made if isinstance(made, QWidget) else made.page)
        return made

    def _tab(self, index: int) -> Any:
        """Return what is in a tab, created and set to the estate if it is used for the first time."""
        is_new = self._tabs[index].made is None
        made = self._tabs[index]()
        if is_new:
            self._show_in(index)
        return made

    def _made(self) -> list[Any]:
        return [tab.made for tab in self._tabs.values() if tab.made is not None]

    def _show_in(self, index: int) -> None:
        """Let a tab show the estate if the tab was created."""
        made = self._tabs[index].made
        if made is None or self._detail is None:
            return
        if index in (UNITS, ROOMS):
            made.set_estate(self._detail, self._buildings)
        elif index == BUILDINGS or self._shown_for.get(index) != self._detail.id:
            self._shown_for[index] = self._detail.id
            made.show_estate(self._detail.id)

    def _on_tab(self, index: int) -> None:
        if self._detail is None or index not in self._tabs:
            return
        self._tab(index)
        if index not in (BUILDINGS, UNITS, ROOMS):
            self._show_in(index)
        if index == ROOMS:
            self.rooms.load()

    def show_homes_of(self, building_id: int) -> None:
        """Show the homes of a building of the estate."""
        self.view.tabs.setCurrentIndex(UNITS)
        self.units.narrow_to_building(building_id)

    def show_role(self, role_id: int) -> None:
        """Show what an organisation is to the estate."""
        self.view.tabs.setCurrentIndex(ROLES)
        self._tab(ROLES).open_record(role_id)

    def open_unit(self, unit_id: int) -> None:
        """Read and show a home of the estate."""
        self.view.tabs.setCurrentIndex(UNITS)
        self.units.open_unit(unit_id)

    def show_unit(self, unit: UnitDetail) -> None:
        """Show a home of the estate, which was just read."""
        self.overview.edit(False)
        self.view.tabs.setCurrentIndex(UNITS)
        self.units.show_unit(unit)

    def open_at(self, estate: EstateDetail, unit: UnitDetail) -> None:
        """Show another estate, read in short, at one of its homes; the rest follows."""
        self._then = None
        self.overview.edit(False)
        self._detail, self._buildings = estate, ()
        self._show()
        self.view.tabs.setCurrentIndex(UNITS)
        self._show_in(UNITS)
        self.opened.emit(True)
        self.units.show_unit(unit)

        def complete(read: tuple[EstateDetail, tuple[Line[BuildingFields], ...]]) -> None:
            self._renew(read)
            for index in (BUILDINGS, ROOMS):
                self._show_in(index)

        self._read_again(complete)

    # --- for the page

    @property
    def estate_id(self) -> int | None:
        """The id of the shown estate, or None."""
        return None if self._detail is None else self._detail.id

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The shown home, or the estate itself, as kind and id."""
        if self._detail is None:
            return None
        unit = self.units.unit_id if self.view.tabs.currentIndex() == UNITS else None
        return ("estate", self._detail.id) if unit is None else ("unit", unit)

    def open(self, estate_id: int, then: Callable[[], object] | None = None) -> None:
        """Read and show an estate on its overview, or call `then`, which goes to another tab."""
        self._then = then
        if then is None:
            self.view.tabs.setCurrentIndex(0)
        self.overview.edit(False)
        self._read(estate_id)

    def has_form(self, key: str) -> bool:
        """Whether a tab has the form of the draft `key`."""
        return any(key.partition(":")[0] in section.forms for section in self._sections.values())

    def reopen(self, key: str) -> None:
        """Open the form of the draft `key` of the shown estate."""
        if self._detail is None:
            return
        if key == f"estate:{self._detail.id}":
            self.edit()
        for index, section in self._sections.items():
            if key.partition(":")[0] in section.forms:
                self.view.tabs.setCurrentIndex(index)
                self._tab(index).reopen(key)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once no form of the estate has unsaved input; they are asked one after another."""
        for made in self._made():
            if hasattr(made, "leave"):
                then = partial(made.leave, then)
        if self.overview.is_editing:
            self.overview.pane.leave(then)
        else:
            then()

    def allow(self) -> None:
        """Offer what the operator may do."""
        self.view.set_rights(self._desk.rights)
        if (made := self._tabs[ROOMS].made) is not None:
            made.allow()

    def show_tier(self) -> None:
        """Show the estate's tier, which may have changed."""
        if self._detail is not None:
            self.view.tier.set_chip(self._tier_of(self._detail.id))

    def refresh(self) -> None:
        """Read the estate again, unless its form is open."""
        if self._detail is None:
            return
        for index in (UNITS, ROOMS):
            made = self._tabs[index].made
            if made is not None:
                made.refresh()
        if not self.overview.is_editing:
            self._read_again(self._renew)

    def _read_again(self, done: Callable[[Any], object]) -> None:
        assert self._detail is not None
        self._desk.run(
            page_data.estate_with_buildings, self._detail.id,
            done=done, failed=lambda _refusal: self._forget(), owner=self.view,
        )  # fmt: skip

    # --- reading

    def _read(self, estate_id: int) -> None:
        def failed(refusal: UserError) -> None:
            self._then = None
            self._forget()
            self._desk.notify(refusal.message)

        self._desk.run(
            page_data.estate_with_buildings, estate_id, done=self._on_read, failed=failed, owner=self.view
        )

    def _forget(self) -> None:
        self._detail = None
        self.left.emit()

    def _on_read(self, read: tuple[EstateDetail, tuple[Line[BuildingFields], ...]]) -> None:
        is_other = self._detail is None or self._detail.id != read[0].id
        self._detail, self._buildings = read
        self._show()
        for index in (BUILDINGS, UNITS, ROOMS):
            self._show_in(index)
        self.opened.emit(is_other)
        self._on_tab(self.view.tabs.currentIndex())
        then, self._then = self._then, None
        if then is not None:
            then()

    def _renew(self, read: tuple[EstateDetail, tuple[Line[BuildingFields], ...]]) -> None:
        if self._detail is None or self._detail.id != read[0].id:
            return
        self._detail, self._buildings = read
        self._show()
        for index in (UNITS, ROOMS):
            made = self._tabs[index].made
            if made is not None:
                made.set_buildings(self._buildings)

    def _show(self) -> None:
        assert self._detail is not None
        self.view.show_estate(self._detail, protection_chip(self._detail.fields))
        self.show_tier()

    # --- editing and removing

    def edit(self, field: str = "") -> None:
        """Open the form of the estate, with the focus in `field` or the first one."""
        if self._detail is None:
            return
        self._drafts.set_key(f"estate:{self._detail.id}", self._detail.version)
        self.overview.pane.open(
            _("Edit {name}").format(name=self._detail.fields.name), vars(self._detail.fields)
        )
        self._drafts.offer()
        self.overview.edit(True, field)

    def _save(self, values: dict[str, Any]) -> None:
        if self._detail is None:
            return

        def done(saved: Saved) -> None:
            self.overview.edit(False)
            self._desk.notify(" ".join((_("Saved."), *saved.doubts)))
            if not self.overview.pane.saved():
                self._read(saved.id)

        self._desk.run(
            estates.save_estate, estate_fields_of(values), self._detail.id, self._drafts.version,
            done=done, failed=self.overview.pane.refuse, owner=self.view,
        )  # fmt: skip

    def _ask_remove(self) -> None:
        detail = self._detail
        if detail is None:
            return
        confirm(
            self.view,
            _("Remove {name}?").format(name=detail.fields.name),
            _("Only an estate without buildings, visits and tiers can be removed."),
            _("&Remove"),
            lambda: self._remove(detail.id),
            dangerous=True,
        )

    def _remove(self, estate_id: int) -> None:
        def done(name: str) -> None:
            self._desk.notify(_("{name} was removed.").format(name=name))
            self._forget()

        self._desk.run(estates.remove_estate, estate_id, done=done, owner=self.view)
