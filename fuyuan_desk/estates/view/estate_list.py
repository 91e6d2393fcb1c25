"""The first screen of the estates: tabs with all estates and all homes."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import EstateRow
from fuyuan_desk.estates.rules.housing import HouseKind
from fuyuan_desk.estates.view.fields import named
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.room import Tabs, padded, page_column
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch

HOMES, TAGS = 1, 2
TierOf = Callable[[int], Chip | None]


def _columns(tier: TierOf) -> list[Column]:
    return [
        Column("name", _("Estate"), lambda row: row.name, 200, sort="name"),
        Column("tier", _("Tier"), lambda row: "", 112, chip=lambda row: tier(row.id)),
        Column("protected", _("Protection"), lambda row: "", 96, chip=_protected),
        Column("kind", _("Kind"), lambda row: named(HouseKind, row.house_kind), 136, sort="house_kind"),
        Column("buildings", _("Buildings"), lambda row: f"{row.buildings:,}", 72, "right", sort="buildings"),
        Column("units", _("Homes"), lambda row: f"{row.units:,}", 72, "right", sort="units"),
        Column("households", _("Households"), lambda row: f"{row.households:,}", 72, "right",
               sort="households"),
        Column("company", _("Property company"), lambda row: row.property_company, 168,
               sort="property_company"),
        Column("street", _("Street"), lambda row: row.street, 120, sort="street"),
    ]  # fmt: skip


def _protected(row: EstateRow) -> Chip | None:
    if row.protected is None:
        return Chip(_("Not recorded"), "warn", "info")
    return Chip(_("Protected"), "neutral", "shield") if row.protected else None


class EstateListView(QWidget):
    """Shows the estates in one tab; `homes` is the place for the homes of all estates in another, `tags` for tags."""

    opened = Signal(int)
    new_requested = Signal()
    import_requested = Signal()
    duplicates_requested = Signal()

    def __init__(self, fetch: Fetch, settings: Settings | None = None) -> None:
        super().__init__()
        self._tiers: Mapping[int, Chip] = {}
        self.new_button = button(_("&New estate"), self.new_requested.emit, picture="add", shortcut="Ctrl+N")
        self.import_button = button(
            _("&Import a roster"), self.import_requested.emit, role="primary", picture="import"
        )
        self.duplicates_button = button(
            _("Possible &duplicates"), self.duplicates_requested.emit, picture="household"
        )
        self.header = PageHeader(
            _("Estates"),
            _("Press Enter to open an estate; type to find one by name, street or company."),
            [self.duplicates_button, self.new_button, self.import_button],
        )
        empty = EmptyState(
            "estate",
            _("No estate yet"),
            _("Import your Excel roster to add its estates, buildings and homes."),
            _("&Import a roster"),
        )
        self.table = TablePage(
            "estates",
            _columns(self._tier_of),
            fetch,
            name=_("Estates"),
            empty=empty,
            settings=settings,
            filter_hint=_("Filter estates"),
        )
        self.table.opened.connect(lambda row: self.opened.emit(row.id))
        self.table.first_step.connect(self.import_requested)
        self.tabs = Tabs()
        self.tabs.addTab(padded(self.table), _("Estates"))
        self.homes = Pages()
        self.tabs.addTab(padded(self.homes), _("All homes"))
        self.tags = Pages()
        self.tabs.addTab(self.tags, _("Tags of people"))
        column = page_column(self)
        column.addWidget(self.header)
        column.addWidget(self.tabs, 1)
        self.tabs.add_keys(self)

    def set_tiers(self, tiers: Mapping[int, Chip]) -> None:
        """Set the tier chips by estate id."""
        self._tiers = tiers
        self.table.table.measure_states()
        self.table.table.viewport().update()

    def _tier_of(self, estate_id: int) -> Chip | None:
        return self._tiers.get(estate_id)

    def set_rights(self, rights: Rights) -> None:
        """Show only the actions the operator may use."""
        self.new_button.setVisible(rights.write)
        self.import_button.setVisible(rights.write)
        self.table.offer(export=rights.reveal, first_step=rights.write)
