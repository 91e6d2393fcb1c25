"""Controller of the room chart in the tab of an estate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import joined_name
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.controller.chosen_rooms import ChosenRoomsController
from fuyuan_desk.estates.controller.units import TABLES
from fuyuan_desk.estates.facts.houses import BuildingFields, ChosenRooms, EstateDetail, Rooms
from fuyuan_desk.estates.facts.people import TagView
from fuyuan_desk.estates.rules import room_states as rules
from fuyuan_desk.estates.rules.room_states import InState, RoomStates
from fuyuan_desk.estates.service import room_states as service
from fuyuan_desk.estates.service.rooms import list_rooms
from fuyuan_desk.estates.service.tags import tag_choices
from fuyuan_desk.estates.view.rooms import PAPERS, RoomsView
from fuyuan_desk.kit.book import Line
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.job import everybody
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.split import Settings

SURVEYED = 600  # rooms that fit on the screen after little scrolling
_KEY = "room-chart"
OWN_STATES = (
    RoomStates("holder", N_("Who lives there"), rules.HOLDER_STATES, service.holders_of_rooms),
    RoomStates("tenure", N_("Tenure"), rules.TENURE_STATES, service.tenures_of_rooms),
    RoomStates("vacancy", N_("Vacancy"), rules.VACANCY_STATES, service.vacancies_of_rooms),
    RoomStates("use", N_("Use"), rules.USE_STATES, service.uses_of_rooms),
)
"""The sets of states that estates themselves know."""


@dataclass(frozen=True)
class RoomAct:
    """An act of another job with the rooms that are chosen in the chart: `run(ids)` is called with the units' ids."""

    text: str
    run: Callable[[tuple[int, ...]], object]
    picture: str = ""
    is_offered: Callable[[Desk], bool] = everybody


@dataclass
class RoomTies:
    """What other jobs add to the room chart of every estate."""

    states: list[RoomStates] = field(default_factory=list)
    acts: list[RoomAct] = field(default_factory=list)


class RoomsController(QObject):
    """Reads, shows and prints the rooms of one estate or of one of its buildings.

    An estate of more than `surveyed` rooms is shown building by building at first. `settings` remember what the chart
    is coloured by.
    """

    unit_opened = Signal(int)

    def __init__(
        self,
        desk: Desk,
        settings: Settings | None = None,
        ties: RoomTies | None = None,
        surveyed: int = SURVEYED,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._surveyed = surveyed
        self._estate_id = 0
        self._building_id: int | None = None
        self._is_stale = True
        self._rooms = Rooms("", "", (), 0)
        self._found: Mapping[int, InState] = {}
        self._offered: list[RoomStates] = []
        remembered = (settings.load(_KEY) or {}) if settings is not None else {}
        self._wanted = str(remembered.get("states", ""))
        self._states = OWN_STATES[0]
        self.preview: PreviewDialog | None = None
        self.view = RoomsView()
        self.page = self.view
        self.chosen = ChosenRoomsController(desk, self.view, self._chosen_rooms)
        for states in (*OWN_STATES, *(ties.states if ties is not None else ())):
            self.add_states(states)
        for act in ties.acts if ties is not None else ():
            self.add_act(act)
        self._connect()
        self.allow()

    def _connect(self) -> None:
        self.view.building_chosen.connect(self._choose)
        self.view.states_chosen.connect(self._choose_states)
        self.view.opened.connect(self.unit_opened)
        self.view.print_requested.connect(self.print)
        self.view.shown.connect(self.load)
        self._desk.changes.connect(self._on_changes)

    def allow(self) -> None:
        """Offer what the operator may do with several rooms."""
        self.chosen.allow()

    # --- for other jobs

    def add_states(self, states: RoomStates) -> None:
        """Offer a further set of states; the chart shows it at once if it was chosen when the desk was last used."""
        self._offered.append(states)
        is_wanted = states.key == self._wanted
        if is_wanted:
            self._states = states
        self.view.set_states(self._offered, self._states)
        if is_wanted:
            self.refresh()

    def _take_tags(self, tags: tuple[TagView, ...]) -> None:
        """Offer the office's tags as states; they are read anew with the rooms, because the office changes them."""
        made = RoomStates(
            rules.TAGS,
            N_("Tags of people"),
            rules.tag_states([(tag.id, tag.name, tag.look) for tag in tags]),
            service.tags_of_rooms,
            is_private=True,
        )
        known = next((states for states in self._offered if states.key == made.key), None)
        if made == known or not (tags or known):
            return
        if known is not None:
            self._offered.remove(known)
        self.add_states(made)

    def add_act(self, act: RoomAct) -> None:
        """Offer a further act with the chosen rooms."""
        self.chosen.add_act(act.text, act.run, act.picture, act.is_offered(self._desk))

    # --- what is shown

    def set_estate(self, detail: EstateDetail, buildings: tuple[Line[BuildingFields], ...]) -> None:
        """Show the rooms of this estate once the tab is in sight: all, or those of the first building."""
        if detail.id != self._estate_id:
            self._estate_id = detail.id
            self.view.banner.clear()
            self.view.chart.choose(())
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
        self._desk.run(tag_choices, done=self._take_tags, owner=self.view)
        states, place = self._states, (self._estate_id, self._building_id)

        def done(read: tuple[Rooms, Mapping[int, InState]]) -> None:
            if (states, place) == (self._states, (self._estate_id, self._building_id)):
                self._rooms, self._found = read
                self.view.show_rooms(*read, states)

        self._desk.run(partial(_read, states), *place, done=done, failed=self._fail, owner=self.view)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & self._states.tables - TABLES:  # the estate's own are told by its page
            self.refresh()

    def _choose(self, building_id: int | None) -> None:
        self._building_id = building_id
        self.refresh()

    def _choose_states(self, key: str) -> None:
        self._wanted = key
        self._states = next(states for states in self._offered if states.key == key)
        if self._settings is not None:
            self._settings.save(_KEY, {"states": key})
        self.view.legend.release()  # what was bright of other states
        self.refresh()

    def _chosen_rooms(self) -> ChosenRooms:
        """Return the chosen rooms in their order, with the states that are shown."""
        chosen = self.view.chart.chosen
        labels = {state.code: state.label for state in self._states.states}
        ids = tuple(room.id for room in self._rooms.rooms if room.id in chosen)
        nothing = InState("")
        texts = {room: labels.get(self._found.get(room, nothing).code, self._states.unknown) for room in ids}
        return ChosenRooms(self._rooms.estate, ids, self._states.title, texts)

    # --- paper

    def print(self, paper: str = next(iter(PAPERS))) -> None:
        """Preview the chart on a size of paper, one of `PAPERS`."""
        states, place = self._states, (self._estate_id, self._building_id)
        building = self.view.buildings.currentText() if self._building_id is not None else ""

        def read(seat: Seat) -> tuple[Rooms, Mapping[int, InState], str]:
            return *_read(states, seat, *place), read_settings(seat).heading

        def draw(data: tuple[Rooms, Mapping[int, InState], str]) -> Printed:
            from fuyuan_desk.estates.sheets import RoomChart, room_chart

            rooms, found, office = data
            made = self._desk.seat.today()
            return room_chart(
                RoomChart(office, rooms.estate, building, rooms.uid, rooms.rooms, found, states, made, paper)
            )

        self._desk.run(
            read,
            done=lambda data: self._desk.run_paper(
                draw, data, done=lambda printed: self._preview(printed, data[0].estate, building),
                failed=self._fail, owner=self.view,
            ),
            failed=self._fail,
            owner=self.view,
        )  # fmt: skip

    def _preview(self, printed: Printed, estate: str, building: str) -> None:
        name = joined_name(_("Room chart"), estate, building)
        self.preview = open_preview(self.view, _("Room chart"), printed.pdf, name=name)

    def _fail(self, refusal: UserError) -> None:
        self._is_stale = True
        self.view.banner.refuse(refusal)


def _read(
    states: RoomStates, seat: Seat, estate_id: int, building_id: int | None
) -> tuple[Rooms, Mapping[int, InState]]:
    """Read the rooms, then their states."""
    rooms = list_rooms(seat, estate_id, building_id)
    return rooms, states.read(seat, estate_id, building_id) if rooms.rooms else {}
