"""The buildings of an estate: a list with the form of the chosen one beside it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import BuildingRow
from fuyuan_desk.estates.rules.housing import HeritageClass, HouseKind
from fuyuan_desk.estates.view.fields import building_fields, named
from fuyuan_desk.kit.form_pane import FormPane
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Query, Window


def _lift(row: BuildingRow) -> str:
    known = {True: _("With lift"), False: _("Without lift"), None: ""}
    return known[row.fields.has_lift]


def _class(row: BuildingRow) -> Chip | None:
    if row.heritage_class is HeritageClass.NONE:
        return None
    return Chip(named(HeritageClass, row.heritage_class), "accent", "shield")


def _columns() -> list[Column]:
    return [
        Column("label", _("Building"), lambda row: row.fields.label, 128),
        Column("units", _("Homes"), lambda row: f"{row.units:,}", 64, "right"),
        Column("floors", _("Floors"), lambda row: str(row.fields.floors or ""), 64, "right"),
        Column("lift", _("Lift"), _lift, 88),
        Column("kind", _("Kind"), lambda row: named(HouseKind, row.house_kind), 136),
        Column("class", _("Protection"), lambda row: "", 104, chip=_class),
    ]


class BuildingsView(QWidget):
    """Lists the buildings and edits the chosen one."""

    chosen = Signal(object)
    add_requested = Signal()
    remove_requested = Signal()
    units_requested = Signal(int)

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self._rows: Sequence[BuildingRow] = ()
        self._can_write = True
        empty = EmptyState(
            "building",
            _("No building yet"),
            _("A lane has gate numbers (号), an estate has blocks (号楼). Importing a roster adds them."),
            _("&Add a building"),
        )
        self.table = TablePage(
            "buildings", _columns(), self._fetch, name=_("Buildings"), empty=empty, settings=settings,
            exportable=False, filter_hint=_("Filter buildings"),
        )  # fmt: skip
        self.add_button = button(
            _("&Add a building"), self.add_requested.emit, picture="add", shortcut="Ctrl+N"
        )
        self.table.tools.addWidget(self.add_button)
        self.pane = FormPane(building_fields())
        self.units_button = button(_("Show its &homes"), self._ask_units, role="link")
        self.remove_button = button(_("&Remove …"), self.remove_requested.emit, role="danger")
        self.pane.extra.addWidget(self.units_button)
        self.pane.extra.addWidget(self.remove_button)
        nothing = EmptyState("building", _("No building chosen"), _("Choose a building to see and edit it."))
        self.split = ListDetail(self.table, self.pane, nothing, settings, "buildings", 0.62)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)
        self.table.selected.connect(self.chosen)
        self.table.opened.connect(self._enter)
        self.table.first_step.connect(self.add_requested)

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Callable[[Window], object]) -> None:
        found = [row for row in self._rows if query.filter.casefold() in row.fields.label.casefold()]
        deliver(Window(len(found), found[offset : offset + limit]))

    def show_buildings(self, rows: Sequence[BuildingRow]) -> None:
        """Show an estate's buildings."""
        self._rows = rows
        self.table.load()

    def open_form(self, row: BuildingRow | None, title: str) -> None:
        """Show the form of a building, or an empty one for a new building."""
        values: dict[str, Any] = vars(row.fields) if row is not None else {}
        self.pane.open(title, values)
        self.pane.form.set_read_only(not self._can_write)
        self.units_button.setVisible(row is not None)
        self.remove_button.setVisible(row is not None and self._can_write)
        self.split.show_detail()
        if row is None:
            self.pane.form.focus_first()

    def close_form(self) -> None:
        """Close the form."""
        self.split.show_detail(False)
        self.table.table.setFocus()

    def set_writable(self, on: bool) -> None:
        """Allow or forbid editing."""
        self._can_write = on
        self.add_button.setVisible(on)
        self.table.offer(export=False, first_step=on)
        self.pane.set_writable(on)

    def _enter(self, row: BuildingRow) -> None:
        self.chosen.emit(row)
        self.pane.form.focus_first()

    def _ask_units(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.units_requested.emit(row.id)
