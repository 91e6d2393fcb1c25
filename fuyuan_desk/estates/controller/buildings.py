"""Controller of an estate's buildings."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import BuildingFields, BuildingRow
from fuyuan_desk.estates.service import buildings
from fuyuan_desk.estates.view.buildings import BuildingsView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings


class BuildingsController(QObject):
    """Lists, adds, edits and removes an estate's buildings."""

    units_requested = Signal(int)

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._estate_id = 0
        self._row: BuildingRow | None = None
        self._rows: tuple[BuildingRow, ...] = ()
        self.view = BuildingsView(settings)
        self._drafts = keep_drafts(desk, self.view.pane.form, "building:0")
        self.view.chosen.connect(self._on_chosen)
        self.view.add_requested.connect(self._add)
        self.view.remove_requested.connect(self._ask_remove)
        self.view.units_requested.connect(self.units_requested)
        self.view.pane.submitted.connect(self._save)
        self.view.pane.left.connect(self._close)

    def set_estate(self, estate_id: int, rows: tuple[BuildingRow, ...]) -> None:
        """Show the buildings of this estate."""
        if estate_id != self._estate_id:
            self._estate_id = estate_id
            self._row = None
            self.view.table.clear_selection()
            self.view.split.show_detail(False)
        self._rows = rows
        self.view.show_buildings(rows)
        known = {row.id: row for row in rows}
        if self._row is not None and not self.view.pane.form.is_dirty:
            self._row = known.get(self._row.id)
            if self._row is None:
                self.view.split.show_detail(False)
            else:
                self._open(self._row)

    def reopen(self, which: str) -> None:
        """Open the form of the building with this id, or of a new one."""
        if which.startswith("new"):
            self._add()
            return
        row = next((row for row in self._rows if row.id == int(which)), None)
        if row is not None:
            self._open(row)

    def _on_chosen(self, row: BuildingRow | None) -> None:
        if row is None or (self._row is not None and row.id == self._row.id):
            return
        self.view.pane.leave(lambda: self._open(row))

    def _open(self, row: BuildingRow) -> None:
        is_other = self._row is None or self._row.id != row.id
        self._row = row
        self._drafts.set_key(f"building:{row.id}")
        self.view.open_form(row, _("Building {name}").format(name=row.fields.label))
        if is_other and self._desk.can_write:
            self._drafts.offer()

    def _add(self) -> None:
        if self._desk.can_write:
            self.view.pane.leave(self._open_new)

    def _open_new(self) -> None:
        self._row = None
        self.view.table.clear_selection()
        self._drafts.set_key(f"building:new:{self._estate_id}")
        self.view.open_form(None, _("New building"))
        self._drafts.offer()

    def _close(self) -> None:
        self._row = None
        self.view.table.clear_selection()
        self.view.close_form()

    def _save(self, values: dict[str, Any]) -> None:
        fields = BuildingFields(**{**values, "house_kind": values["house_kind"] or ""})
        known = (self._row.id, self._row.version) if self._row is not None else (None, None)

        def done(saved: Saved) -> None:
            self.view.pane.saved()
            self._desk.notify(_("Saved."))
            if self._row is None:
                self._close()

        self._desk.run(
            buildings.save_building, self._estate_id, fields, *known,
            done=done, failed=self.view.pane.refuse, owner=self.view,
        )  # fmt: skip

    def _ask_remove(self) -> None:
        row = self._row
        if row is None:
            return
        confirm(
            self.view,
            _("Remove building {name}?").format(name=row.fields.label),
            _("Only a building without homes can be removed."),
            _("&Remove"),
            lambda: self._remove(row.id),
            dangerous=True,
        )

    def _remove(self, building_id: int) -> None:
        def done(name: str) -> None:
            self._close()
            self._desk.notify(_("{name} was removed.").format(name=name))

        self._desk.run(
            buildings.remove_building, building_id, done=done, failed=self.view.pane.banner.refuse,
            owner=self.view,
        )  # fmt: skip
