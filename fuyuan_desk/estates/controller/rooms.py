"""Controller of the room chart in the tab of an estate."""

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import joined_name
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import BuildingFields, EstateDetail, Rooms
from fuyuan_desk.estates.service.rooms import list_rooms
from fuyuan_desk.estates.view.rooms import RoomsView
from fuyuan_desk.kit.book import Line
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview

SURVEYED = 600  # rooms that fit on the screen after little scrolling


class RoomsController(QObject):
    """Reads, shows and prints the rooms of one estate or of one of its buildings.

    An estate of more than `surveyed` rooms is shown building by building at first.
    """

    unit_opened = Signal(int)

    def __init__(self, desk: Desk, surveyed: int = SURVEYED) -> None:
        super().__init__()
        self._desk = desk
        self._surveyed = surveyed
        self._estate_id = 0
        self._building_id: int | None = None
        self._is_stale = True
        self.preview: PreviewDialog | None = None
        self.view = RoomsView()
        self.page = self.view
        self.view.building_chosen.connect(self._choose)
        self.view.opened.connect(self.unit_opened)
        self.view.print_requested.connect(self.print)

    def set_estate(self, detail: EstateDetail, buildings: tuple[Line[BuildingFields], ...]) -> None:
        """Show the rooms of this estate once the tab is in sight: all, or those of the first building."""
        if detail.id != self._estate_id:
            self._estate_id = detail.id
            self.view.banner.clear()
            is_large = detail.units > self._surveyed
            self._building_id = buildings[0].id if buildings and is_large else None
        self.set_buildings(buildings)
        self.refresh()

    def set_buildings(self, buildings: tuple[Line[BuildingFields], ...]) -> None:
        """Set the buildings to choose from; if the chosen one is gone, all are shown."""
        offered = [(row.id, row.fields.label) for row in buildings]
        is_gone = self._building_id is not None and self._building_id not in dict(offered)
        if is_gone:
            self._building_id = None
        self.view.set_buildings(offered, self._building_id)
        if is_gone:
            self.refresh()

    def refresh(self) -> None:
        """Read the rooms again, at once if the tab is in sight."""
        self._is_stale = True
        if self.view.isVisible():
            self.load()

    def load(self) -> None:
        """Read the rooms if they may have changed."""
        if not self._is_stale or not self._estate_id:
            return
        self._is_stale = False
        shown = (self._estate_id, self._building_id)

        def done(rooms: Rooms) -> None:
            if shown == (self._estate_id, self._building_id):
                self.view.show_rooms(rooms)

        self._desk.run(list_rooms, *shown, done=done, failed=self._fail, owner=self.view)

    def print(self) -> None:
        """Preview the chart as a paper."""
        shown = (self._estate_id, self._building_id)
        building = self.view.buildings.currentText() if self._building_id is not None else ""

        def read(seat: Seat) -> tuple[Rooms, str]:
            return list_rooms(seat, *shown), read_settings(seat).printed_name

        def draw(data: tuple[Rooms, str]) -> Printed:
            from fuyuan_desk.estates.sheets import RoomChart, room_chart

            rooms, office = data
            made = self._desk.seat.today()
            return room_chart(RoomChart(office, rooms.estate, building, rooms.uid, rooms.rooms, made))

        self._desk.run(
            read,
            done=lambda data: self._desk.run_paper(
                draw, data, done=lambda printed: self._preview(printed, data[0].estate, building),
                failed=self._fail, owner=self.view,
            ),
            failed=self._fail,
            owner=self.view,
        )  # fmt: skip

    def _choose(self, building_id: int | None) -> None:
        self._building_id = building_id
        self.refresh()

    def _preview(self, printed: Printed, estate: str, building: str) -> None:
        name = joined_name(_("Room chart"), estate, building)
        self.preview = open_preview(self.view, _("Room chart"), printed.pdf, name=name)

    def _fail(self, refusal: UserError) -> None:
        self._is_stale = True
        self.view.banner.refuse(refusal)
