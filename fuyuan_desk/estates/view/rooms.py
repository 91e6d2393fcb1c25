"""The room chart of an estate: a building to choose, and the chart of its floors and rooms."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.facts import Rooms
from fuyuan_desk.estates.rules.floors import Floor
from fuyuan_desk.estates.rules.housing import HoldingRole, label
from fuyuan_desk.estates.rules.rooms import RoomState, RoomWords, floor_name, room_grid
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.charts.chart_view import ChartView
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.labels import Aside, head_line

_FLOORS = {
    "ground": N_("Ground floor"),
    "mezzanine": N_("Mezzanine (亭子间)"),
    "upper_mezzanine": N_("Mezzanine {n} (亭子间)"),
    "storey": N_("Floor {n}"),
    "basement": N_("Basement {n}"),
    "loft": N_("Loft (阁楼)"),
    "roof": N_("Roof (晒台)"),
}


def _words(empty: str) -> RoomWords:
    roles = {
        RoomState.OWNER: label(HoldingRole.OWNER),
        RoomState.RENTER: label(HoldingRole.RENTER),
        RoomState.OCCUPANT: label(HoldingRole.OCCUPANT),
        RoomState.VACANT: _("Vacant"),
        RoomState.OTHER_USE: _("Other use"),
        RoomState.MOVED_OUT: _("Moved out"),
    }
    states = {state: (text, text) for state, text in roles.items()}
    states[RoomState.TENANT] = (label(HoldingRole.TENANT), _("Public tenant"))
    return RoomWords(states, _floor, _("Floor unknown"), _("Not recorded"), empty)


def _floor(floor: Floor) -> str:
    return floor_name(floor, {name: _(text) for name, text in _FLOORS.items()})


class RoomsView(QWidget):
    """Shows the room chart; `building_chosen` carries an id or None for all, `opened` the id of a unit."""

    building_chosen = Signal(object)
    opened = Signal(int)
    print_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.buildings = DropDown()
        self.buildings.setAccessibleName(_("Only this building"))
        self.buildings.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.buildings.activated.connect(
            lambda index: self.building_chosen.emit(self.buildings.itemData(index))
        )
        self.print_button = button(_("Print the room &chart"), self.print_requested.emit, picture="print")
        self.chart = ChartView()
        self.chart.activated.connect(self.opened.emit)
        self.banner = Banner()
        hint = Aside(_("Arrow keys move, Enter opens a home."))
        row = head_line((self.buildings, hint), (self.print_button,))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.banner)
        column.addWidget(self.chart, 1)

    def set_buildings(self, buildings: Sequence[tuple[int, str]], chosen: int | None) -> None:
        """Set the buildings to choose from, and the one that is shown."""
        self.buildings.clear()
        self.buildings.addItem(_("All buildings"), None)
        for identity, text in buildings:
            self.buildings.addItem(text, identity)
        self.buildings.setCurrentIndex(max(self.buildings.findData(chosen), 0))

    def show_rooms(self, rooms: Rooms) -> None:
        """Show the chart, or a sentence if there are no rooms or too many for one chart."""
        empty = _("No home yet. Import a roster, or add homes in the tab Homes.")
        if rooms.total and not rooms.rooms:
            empty = _("{n} homes are too many for one chart. Choose a building above.").format(
                n=f"{rooms.total:,}"
            )
        building = self.buildings.currentText() if self.buildings.currentIndex() > 0 else ""
        place = rooms.estate if not building or rooms.estate.endswith(building) else rooms.estate + building
        title = place
        if rooms.total:
            title = _("{place}, homes and other units: {n}").format(place=place, n=f"{rooms.total:,}")
        self.chart.set_chart(room_grid(title, rooms.rooms, _words(empty)))
        self.print_button.setEnabled(bool(rooms.rooms))
