"""Homes and other units: a list with the chosen unit beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.book import TAG_TONES
from fuyuan_desk.estates.facts.houses import UnitRow
from fuyuan_desk.estates.facts.people import TagView
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure, UnitUse
from fuyuan_desk.estates.view.fields import named
from fuyuan_desk.estates.view.unit_panel import UnitPanel
from fuyuan_desk.widgets.buttons import icon_button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.facets import Facet
from fuyuan_desk.widgets.parsing import show_hundredths
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.split import ListDetail, Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch
from fuyuan_desk.widgets.theme import show_if


def state_chip(row: UnitRow) -> Chip | None:
    """Return the chip for a unit's unusual state, if any."""
    if row.moved_out:
        return Chip(_("Moved out"), "neutral", "household")
    if row.vacant:
        return Chip(_("Vacant"), "warn", "household")
    if row.use in set(UnitUse) - {UnitUse.HOME}:
        return Chip(named(UnitUse, row.use))
    return None


BUILDING, TAG = "building", "tag"  # the facets of the list


def tag_chip(row: UnitRow) -> Chip | None:
    """Return the chip for the tags of those who live in a unit: the first one, and how many more there are."""
    if not row.tags:
        return None
    first, *others = row.tags
    text = f"{first.name} +{len(others)}" if others else first.name
    return Chip(text, TAG_TONES.get(first.look, "neutral"), "tag")


def _tag_names(row: UnitRow) -> str:
    return _(", ").join(tag.name for tag in row.tags)


def unit_columns(with_estate: bool) -> list[Column]:
    """Return the columns of a list of units."""
    columns = [
        Column("holder", _("Holder"), lambda row: row.holder, 84, masked=True),
        Column("state", _("State"), lambda row: "", 80, chip=state_chip),
        Column("tags", _("Tags"), _tag_names, 96, chip=tag_chip, hidden=with_estate),
        Column("area", _("Area ㎡"), lambda row: show_hundredths(row.area), 76, "right", sort="area"),
        Column(
            "people",
            _("People"),
            lambda row: "" if row.people is None else str(row.people),
            56,
            "right",
            hidden=with_estate,
        ),
        Column("phone", _("Telephone"), lambda row: row.phone, 128, masked=True, ends=True),
        Column("tenure", _("Tenure"), lambda row: named(Tenure, row.tenure), 104, sort="tenure", hidden=True),
        Column("role", _("Held as"), lambda row: named(HoldingRole, row.role), 96, hidden=True),
    ]
    if with_estate:
        return [
            Column(
                "address", _("Address"), lambda row: row.address, 216, sort="address", least=168, ends=True
            ),
            *columns,
        ]
    # the room at its end tells homes of one house apart
    return [
        Column("place", _("Unit"), lambda row: row.place, 152, sort="address", least=120, ends=True),
        *columns,
    ]


class UnitsView(QWidget):
    """A list of units, filtered by building and text, with the chosen unit beside it."""

    chosen = Signal(object)
    opened = Signal(object)
    add_requested = Signal()

    def __init__(self, fetch: Fetch, with_estate: bool, settings: Settings | None = None) -> None:
        super().__init__()
        empty = EmptyState(
            "household",
            _("No home yet"),
            _("Import a roster to add homes and households, or add single ones here."),
            "" if with_estate else _("&Add a home"),
        )
        self.table = TablePage(
            "units-all" if with_estate else "units",
            unit_columns(with_estate),
            fetch,
            name=_("Homes and other units"),
            empty=empty,
            settings=settings,
            filter_hint=_("Room, holder, Pinyin, end of a phone"),
            facets=(
                *(() if with_estate else (Facet(BUILDING, _("Building"), _("Buildings")),)),
                Facet(TAG, _("Tag"), _("Tags")),
            ),
        )
        self.add_button = icon_button("add", _("Add a home"), self.add_requested.emit, shortcut="Ctrl+N")
        show_if(self.add_button, not with_estate)
        self._with_estate = with_estate
        self.table.add_tool(self.add_button)
        self.panel = UnitPanel()
        nothing = EmptyState(
            "household",
            _("No home chosen"),
            _("Choose a home to see its households; press Enter to move into it."),
        )
        key = "units-all" if with_estate else "units"
        self.split = ListDetail(self.table, self.panel, nothing, settings, key, 0.56 if with_estate else 0.6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)
        self.table.selected.connect(self.chosen)
        self.table.opened.connect(self.opened)
        self.table.first_step.connect(self.add_requested)
        self.panel.escaped.connect(self.split.show_list)

    def set_buildings(self, buildings: Sequence[tuple[int, str]]) -> None:
        """Set the buildings of the filter, keeping the selection."""
        if not self._with_estate:
            self.table.facets.set_choices(BUILDING, buildings)

    def set_tags(self, tags: Sequence[TagView]) -> None:
        """Set the tags of the filter, keeping the selection."""
        self.table.facets.set_choices(TAG, [(tag.id, tag.name) for tag in tags])

    def choose_building(self, building_id: int | None) -> None:
        """List only the units of a building; None for all."""
        if not self._with_estate:
            self.table.facets.choose(BUILDING, building_id)

    @property
    def building_id(self) -> int | None:
        """The building that the list is limited to."""
        chosen: int | None = self.table.facets.values().get(BUILDING)
        return chosen

    def point_at(self, row: int) -> None:
        """Select a row as the shown one; -1 selects none."""
        table = self.table.table
        if row < 0:
            self.table.clear_selection()
            return
        index = self.table.model.index(row, 0)
        blocker = QSignalBlocker(self.table)
        table.setCurrentIndex(index)
        table.scrollTo(index, table.ScrollHint.PositionAtCenter)
        blocker.unblock()

    def show_panel(self, shown: bool) -> None:
        """Show the chosen unit, or the placeholder."""
        self.split.show_detail(shown)

    def set_rights(self, rights: Rights) -> None:
        """Show only the actions the operator may use."""
        self.add_button.setVisible(rights.write and not self._with_estate)
        self.table.offer(export=rights.reveal, first_step=rights.write)
        self.panel.set_rights(rights)
