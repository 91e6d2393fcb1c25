"""Controller of a list of units and the panel of the chosen unit."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.controller.card_parts import CardPart, CardParts
from fuyuan_desk.estates.controller.people import FORMS as PEOPLE_FORMS
from fuyuan_desk.estates.controller.people import PeopleController
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateDetail, UnitDetail, UnitQuery, UnitRow
from fuyuan_desk.estates.facts.people import HOLDER, HouseholdEdit, HouseholdFields
from fuyuan_desk.estates.rules.housing import usual_role
from fuyuan_desk.estates.service import households, tags, units
from fuyuan_desk.estates.view import household_card
from fuyuan_desk.estates.view.household_card import Asked
from fuyuan_desk.estates.view.unit_panel import unit_fields_of, unit_values
from fuyuan_desk.estates.view.units import UnitsView, unit_columns
from fuyuan_desk.kit.book import Line
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Deliver, Query, Window

TABLES = frozenset(
    {
        "estate",
        "building",
        "unit",
        "household",
        "household_phone",
        "person",
        "person_tag",
        "owner_share",
        "tag",
    }
)


class UnitsController(QObject):
    """Lists the units of one estate, or of all if none is set; shows and edits the chosen one."""

    renovation_requested = Signal(int)
    file_requested = Signal(int)
    call_requested = Signal(int)
    """A call on a household is to be recorded."""
    export_requested = Signal(object, list, str)

    def __init__(
        self,
        desk: Desk,
        with_estate: bool,
        settings: Settings | None = None,
        card_parts: Sequence[CardPart] = (),
    ) -> None:
        super().__init__()
        self._desk = desk
        self._estate_id: int | None = None
        self._lists_all = with_estate
        self._detail: UnitDetail | None = None
        self._requested_id = 0
        self._enter_next = False
        self._buildings: tuple[Line[BuildingFields], ...] = ()
        self._form_of: tuple[int | None, int | None] = (None, None)
        self.view = UnitsView(self._fetch, with_estate, settings)
        self.page = self.view
        self.panel = self.view.panel
        self._unit_drafts = keep_drafts(desk, self.panel.unit_pane.form, "unit:new")
        self._household_drafts = keep_drafts(desk, self.panel.household_pane.form, "household:new")
        self._cards = CardParts(desk, self.panel, card_parts, lambda: self._detail)
        self._people = PeopleController(desk, self.panel, lambda: self._detail, self._leave_form)
        self.view.set_rights(desk.rights)
        self._connect()

    def _connect(self) -> None:
        view, panel = self.view, self.panel
        view.chosen.connect(self._on_chosen)
        view.opened.connect(self._on_opened)
        view.add_requested.connect(self._add_unit)
        view.table.follow(self._desk.marks, "unit")
        view.table.export_requested.connect(self._export)
        panel.renovation_requested.connect(self._ask_renovation)
        panel.file_requested.connect(self._ask_file)
        panel.edit_unit_requested.connect(self._edit_unit)
        panel.remove_unit_requested.connect(self._ask_remove_unit)
        panel.add_household_requested.connect(self._add_household)
        panel.asked.connect(self._on_asked)
        panel.shares_requested.connect(self._people.edit_shares)
        panel.day_requested.connect(self._people.ask_day)
        panel.merge_requested.connect(self._people.merge_home)
        panel.unit_pane.submitted.connect(self._save_unit)
        panel.household_pane.submitted.connect(self._save_household)
        for pane in panel.panes:
            pane.left.connect(self._leave_form)

    def _on_asked(self, asked: Asked) -> None:
        act = {
            household_card.EDIT: self._edit_household,
            household_card.REMOVE: self._ask_remove_household,
            household_card.CALL: self.call_requested.emit,
        }.get(asked.act)
        if act is not None:
            act(asked.household_id)
        elif asked.act == household_card.REVEAL and asked.person_id == HOLDER:
            self._reveal(asked)
        else:
            self._people.do(asked)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once no form of a home has unsaved input."""
        self.panel.leave(then, self._show_row)

    # --- the list

    def set_estate(self, estate: EstateDetail, buildings: tuple[Line[BuildingFields], ...]) -> None:
        """List the units of this estate."""
        if estate.id != self._estate_id:
            self._estate_id = estate.id
            self._detail = None
            self.view.show_panel(False)
            self.view.table.clear_selection()
            self.view.table.clear_filters()
        else:
            self.view.table.refresh()
        self.set_buildings(buildings)

    def set_buildings(self, buildings: tuple[Line[BuildingFields], ...]) -> None:
        """Set the buildings to choose from."""
        self._buildings = buildings
        offered = [(row.id, row.fields.label) for row in buildings]
        self.view.set_buildings(offered)

    def load(self) -> None:
        """Load the list, or reload it in place."""
        self._load_tags()
        self.view.table.load()

    def _load_tags(self) -> None:
        self._desk.run(tags.tag_choices, done=self.view.set_tags, owner=self.view)

    def refresh(self) -> None:
        """Reload the list and the shown unit."""
        self.view.set_rights(self._desk.rights)
        self._load_tags()
        if self._lists_all or self._estate_id is not None:
            self.view.table.refresh()
        if self._detail is not None and not self.panel.is_editing:
            self._show(self._detail.id)

    def narrow_to_building(self, building_id: int | None) -> None:
        """List only one building's units."""
        self.view.choose_building(building_id)

    def _query(self, query: Query) -> UnitQuery:
        return UnitQuery(
            self._estate_id,
            query.facets.get("building"),
            query.facets.get("tag"),
            query.filter,
            query.sort,
            query.descending,
        )

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(page: Page[UnitRow]) -> None:
            deliver(Window(page.total, page.rows))

        self._desk.run(units.list_units, self._query(query), offset, limit, done=done, owner=self.view)

    def _export(self, query: Query) -> None:
        self.export_requested.emit(self._query(query), unit_columns(self._lists_all), _("Homes"))

    # --- the unit

    def open_unit(self, unit_id: int) -> None:
        """Show a unit and put the focus into it."""
        self.panel.leave(lambda: self._show_entered(unit_id), self._show_row)

    def show_unit(self, detail: UnitDetail) -> None:
        """Show a unit that was just read, before the list beside it has come, and put the focus into it."""

        def show() -> None:
            self._enter_next, self._requested_id = True, detail.id
            self._on_detail(detail)

        self.panel.leave(show, self._show_row)

    def _show_entered(self, unit_id: int) -> None:
        self._enter_next = True
        self._show(unit_id)

    @property
    def unit_id(self) -> int | None:
        """The id of the shown unit, or None."""
        return None if self._detail is None else self._detail.id

    def reopen(self, key: str) -> None:
        """Open the form of the draft `key`, for the shown unit or a new one."""
        kind, _colon, which = key.partition(":")
        if kind == "unit" and which.startswith("new"):
            self._add_unit()
        elif kind == "unit":
            self._edit_unit()
        elif kind in PEOPLE_FORMS:
            self._people.reopen(key)
        elif which.startswith("new"):
            self._add_household()
        else:
            self._edit_household(int(which))

    def _on_chosen(self, row: UnitRow | None) -> None:
        if row is None:
            self._on_none_chosen()
        elif self._detail is None or row.id != self._detail.id:
            self.panel.leave(lambda: self._show(row.id), self._show_row)

    def _show_row(self) -> None:
        """Choose the row of the home whose form stays open again."""
        detail = self._detail
        if detail is None or not self.view.table.select_where(lambda row: row.id == detail.id):
            self.view.table.clear_selection()

    def _on_none_chosen(self) -> None:
        """Empty the pane: the list, filtered anew, may not hold its home; what is being typed stays."""
        if self._is_still_listed():
            return
        if self.panel.is_editing and (self._form_is_dirty() or self._form_of == (None, None)):
            return
        self._detail = None
        self.panel.show_facts()
        self.view.show_panel(False)

    def _is_still_listed(self) -> bool:
        """Choose the row of the shown home after the list was fetched anew; return whether it is in it."""
        detail, table = self._detail, self.view.table
        if detail is None or table.chosen_ranges():
            return False
        return table.select_where(lambda row: row.id == detail.id)

    def _on_opened(self, row: UnitRow) -> None:
        if self._detail is not None and row.id == self._detail.id:
            self.panel.enter()
        else:
            self.open_unit(row.id)

    def _show(self, unit_id: int) -> None:
        self._requested_id = unit_id

        def failed(refusal: UserError) -> None:
            self._detail = None
            self.view.show_panel(False)

        self._desk.run(units.unit_detail, unit_id, done=self._on_detail, failed=failed, owner=self.view)

    def _on_detail(self, detail: UnitDetail) -> None:
        if detail.id != self._requested_id or (self.panel.is_editing and self._form_is_dirty()):
            return
        self._detail = detail
        self.panel.show_unit(detail)
        self._cards.show()
        self.view.show_panel(True)
        if self._enter_next:
            self._enter_next = False
            self.panel.enter()
            self._point_at(detail.id)

    def _point_at(self, unit_id: int) -> None:
        model = self.view.table.model
        if model.find(lambda row: row.id == unit_id) >= 0:
            self.view.point_at(model.find(lambda row: row.id == unit_id))
        elif model.query.sort in ("", "address") and not model.query.descending:
            self._desk.run(
                units.unit_position, self._query(model.query), unit_id,
                done=self.view.point_at, owner=self.view,
            )  # fmt: skip

    def _form_is_dirty(self) -> bool:
        return any(pane.form.is_dirty for pane in self.panel.panes)

    def _ask_renovation(self) -> None:
        if self._detail is not None:
            self.renovation_requested.emit(self._detail.id)

    def _ask_file(self) -> None:
        if self._detail is not None:
            self.file_requested.emit(self._detail.id)

    def _reveal(self, asked: Asked) -> None:
        self._desk.run(
            households.reveal, asked.household_id, asked.what,
            done=lambda value: self.panel.reveal(asked, value),
            failed=self.panel.banner.refuse, owner=self.view,
        )  # fmt: skip

    def _leave_form(self) -> None:
        if self._detail is None:
            self.view.show_panel(False)
            self.view.table.table.setFocus()
        else:
            self._show(self._detail.id)
            self.panel.show_facts()
            self.panel.enter()

    # --- the unit's form

    def _offer_buildings(self) -> None:
        buildings = [(row.id, row.fields.label) for row in self._buildings]
        self.panel.unit_pane.form.set_choices("building_id", buildings)

    def _add_unit(self) -> None:
        if self._estate_id is None or not self._desk.can_write:
            return
        self.panel.leave(self._open_new_unit, self._show_row)

    def _open_new_unit(self) -> None:
        chosen = self.view.building_id
        self._detail = None
        self._form_of = (None, None)
        self._offer_buildings()
        self._unit_drafts.set_key(f"unit:new:{self._estate_id}")
        values = {"use": "home", "building_id": chosen}
        self.panel.unit_pane.open(_("New home"), values)
        self._unit_drafts.offer()
        self.view.show_panel(True)
        self.panel.show_form(self.panel.unit_pane)

    def _edit_unit(self) -> None:
        detail = self._detail
        if detail is None:
            return
        if self._lists_all:
            self._load_buildings(detail)
            return
        self._open_unit_form(detail)

    def _load_buildings(self, detail: UnitDetail) -> None:
        from fuyuan_desk.estates.service import buildings

        def done(rows: tuple[Line[BuildingFields], ...]) -> None:
            self._buildings = rows
            self._open_unit_form(detail)

        self._desk.run(buildings.list_buildings, detail.estate_id, done=done, owner=self.view)

    def _open_unit_form(self, detail: UnitDetail) -> None:
        self._form_of = (detail.id, detail.version)
        self._offer_buildings()
        self._unit_drafts.set_key(f"unit:{detail.id}", detail.version)
        self.panel.unit_pane.open(detail.address, unit_values(detail.fields))
        self._unit_drafts.offer()
        self.panel.show_form(self.panel.unit_pane)

    def _save_unit(self, values: dict[str, Any]) -> None:
        fields = unit_fields_of(values)

        def done(saved: Saved) -> None:
            self._desk.notify(_("Saved."))
            self.panel.show_facts()
            if self.panel.unit_pane.saved():
                return
            self._show_entered(saved.id)
            if saved.doubts:
                self.panel.banner.say(
                    "warn", _("Saved with a warning: {what}").format(what=" ".join(saved.doubts))
                )

        self._desk.run(
            units.save_unit, fields, self._form_of[0], self._unit_drafts.version,
            done=done, failed=self.panel.unit_pane.refuse, owner=self.view,
        )  # fmt: skip

    def _ask_remove_unit(self) -> None:
        detail = self._detail
        if detail is None:
            return
        confirm(
            self.view,
            _("Remove {name}?").format(name=detail.address),
            _("A home with households or renovations cannot be removed; remove those first."),
            _("&Remove"),
            lambda: self._remove_unit(detail.id),
            dangerous=True,
        )

    def _remove_unit(self, unit_id: int) -> None:
        def done(name: str) -> None:
            self._detail = None
            self.view.show_panel(False)
            self.view.table.table.setFocus()
            self._desk.notify(_("{name} was removed.").format(name=name))

        self._desk.run(
            units.remove_unit, unit_id, done=done, failed=self.panel.banner.refuse, owner=self.view
        )

    # --- the households' form

    def _add_household(self) -> None:
        if self._detail is None:
            return
        self._form_of = (None, None)
        self._household_drafts.set_key(f"household:new:{self._detail.id}")
        title = _("New household in {place}").format(place=self._detail.address)
        self.panel.household_pane.open(title, {"role": usual_role(self._detail.fields.tenure)})
        self._household_drafts.offer()
        self.panel.show_form(self.panel.household_pane)

    def _edit_household(self, household_id: int) -> None:
        self._desk.run(
            households.household_for_edit, household_id,
            done=self._open_household, failed=self.panel.banner.refuse, owner=self.view,
        )  # fmt: skip

    def _open_household(self, loaded: HouseholdEdit) -> None:
        if self._detail is None or self._detail.id != loaded.unit_id:
            return
        self._form_of = (loaded.id, loaded.version)
        self._household_drafts.set_key(f"household:{loaded.id}", loaded.version)
        self.panel.household_pane.open(self._detail.address, vars(loaded.fields))
        self._household_drafts.offer()
        self.panel.show_form(self.panel.household_pane)

    def _save_household(self, values: dict[str, Any]) -> None:
        if self._detail is None:
            return
        fields = HouseholdFields(
            **values | {name: values[name] or "" for name in ("role", "id_kind", "ended_how")}
        )

        def done(saved: Saved) -> None:
            self._desk.notify(_("Saved."))
            self.panel.show_facts()
            if self.panel.household_pane.saved():
                return
            self._leave_form()
            if saved.doubts:
                self.panel.banner.say(
                    "warn", _("Saved with a warning: {what}").format(what=" ".join(saved.doubts))
                )

        self._desk.run(
            households.save_household, self._detail.id, fields,
            self._form_of[0], self._household_drafts.version,
            done=done, failed=self.panel.household_pane.refuse, owner=self.view,
        )  # fmt: skip

    def _ask_remove_household(self, household_id: int) -> None:
        if self._detail is None:
            return
        name = self.panel.card(household_id).household.head
        confirm(
            self.view,
            _("Remove {name} from {place}?").format(name=name, place=self._detail.address),
            _("Its telephone numbers are removed too. Renovations registered for the home stay."),
            _("&Remove"),
            lambda: self._remove_household(household_id),
            dangerous=True,
        )

    def _remove_household(self, household_id: int) -> None:
        def done(name: str) -> None:
            self._desk.notify(_("{name} was removed.").format(name=name))
            if self._detail is not None:
                self._show(self._detail.id)

        self._desk.run(
            households.remove_household, household_id,
            done=done, failed=self.panel.banner.refuse, owner=self.view,
        )  # fmt: skip
