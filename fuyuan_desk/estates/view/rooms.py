"""The room chart of an estate: what it is coloured by, its legend, its zoom, and the rooms chosen in it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.facts.houses import Rooms
from fuyuan_desk.estates.rules.floors import Floor
from fuyuan_desk.estates.rules.room_states import InState, RoomStates
from fuyuan_desk.estates.rules.rooms import RoomWords, counts_of, floor_name, room_grid
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.charts.grid_view import GridView
from fuyuan_desk.widgets.charts.legend import Legend
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import Aside, head_line, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel

_FLOORS = {
    "ground": N_("Ground floor"),
    "mezzanine": N_("Mezzanine (亭子间)"),
    "upper_mezzanine": N_("Mezzanine {n} (亭子间)"),
    "storey": N_("Floor {n}"),
    "basement": N_("Basement {n}"),
    "loft": N_("Loft (阁楼)"),
    "roof": N_("Roof (晒台)"),
}
_WIDEST = 240  # pixels of a drop-down
PAPERS = {
    "a4": N_("A4 upright"),
    "a4-across": N_("A4 across"),
    "a3": N_("A3 upright"),
    "a3-across": N_("A3 across"),
}
"""The sizes of paper, as they are remembered, with their names."""


def room_words(empty: str) -> RoomWords:
    """Return the texts of a room chart in the language of the screen."""
    return RoomWords(_floor, _("Floor unknown"), empty)


def _floor(floor: Floor) -> str:
    return floor_name(floor, {name: _(text) for name, text in _FLOORS.items()})


class RoomsView(QWidget):
    """Shows the room chart; `building_chosen` carries an id or None for all, `opened` the id of a unit.

    `states_chosen` carries the key of a set of states, `print_requested` one of `PAPERS`. `shown` is emitted when the
    chart comes into sight.
    """

    building_chosen = Signal(object)
    states_chosen = Signal(str)
    opened = Signal(int)
    print_requested = Signal(str)
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.states = _drop_down(_("Coloured by"))
        self.states.activated.connect(lambda index: self.states_chosen.emit(self.states.itemData(index)))
        self.buildings = _drop_down(_("Only this building"))
        self.buildings.activated.connect(
            lambda index: self.building_chosen.emit(self.buildings.itemData(index))
        )
        self.chart = GridView()
        self.chart.activated.connect(self.opened.emit)
        self.legend = Legend()
        self.legend.bright_changed.connect(self.chart.set_bright)
        self.choice = ChoiceBar(self.chart)
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.print_button = button(_("Print the room &chart"), self._open_papers, picture="print")
        coloured = label(_("Coloured &by"))
        coloured.setBuddy(self.states)
        parts = (coloured, self.states, self.buildings, *_zooms(self.chart))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head_line(parts, (self.print_button,)))
        for widget in (self.legend, self.choice, self.banner, self.progress):
            column.addWidget(widget)
        column.addWidget(self.chart, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def set_states(self, offered: Sequence[RoomStates], chosen: RoomStates) -> None:
        """Set the sets of states to choose from, and the one that is shown."""
        self.states.clear()
        for one in offered:
            self.states.addItem(_(one.title), one.key)
        self.states.setCurrentIndex(self.states.findData(chosen.key))

    def set_buildings(self, buildings: Sequence[tuple[int, str]], chosen: int | None) -> None:
        """Set the buildings to choose from, and the one that is shown."""
        self.buildings.clear()
        self.buildings.addItem(_("All buildings"), None)
        for identity, text in buildings:
            self.buildings.addItem(text, identity)
        self.buildings.setCurrentIndex(max(self.buildings.findData(chosen), 0))

    def show_rooms(self, rooms: Rooms, found: Mapping[int, InState], states: RoomStates) -> None:
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
        grid = room_grid(title, rooms.rooms, found, states, room_words(empty))
        self.legend.show_grid(grid, counts_of(grid))
        self.chart.set_grid(grid)
        self.print_button.setEnabled(bool(rooms.rooms))
        self.choice.setVisible(bool(rooms.rooms))

    def _open_papers(self) -> None:
        menu = QMenu(self)
        for key, text in PAPERS.items():
            menu.addAction(_(text)).triggered.connect(
                lambda _checked, key=key: self.print_requested.emit(key)
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.print_button.mapToGlobal(self.print_button.rect().bottomLeft()))


class ChoiceBar(QWidget):
    """Says how many rooms are chosen and offers what can be done with them; without any, how to choose."""

    change_requested = Signal()
    print_requested = Signal()
    export_requested = Signal()

    def __init__(self, chart: GridView) -> None:
        super().__init__()
        self._chart = chart
        self._rights = (False, False)
        self._is_busy = False
        self._hint = Aside(
            _("Click or Enter opens a home; drag, or Shift with the arrow keys, chooses several.")
        )
        self._count = label("", "strong")
        self.change_button = button(_("Chan&ge them …"), self.change_requested.emit, picture="edit")
        self.list_button = button(_("Print the li&st"), self.print_requested.emit, picture="print")
        self.export_button = button(_("E&xport …"), self.export_requested.emit, picture="export")
        self.clear_button = button(_("Choose none"), lambda: chart.choose(()), role="link")
        self.clear_button.setToolTip("Esc")
        self._acts: list[tuple[QPushButton, bool]] = []
        self._flow = Flow(self)
        self._flow.add(self._count)
        self._flow.add(self._hint, grows=True)
        for made in (self.change_button, self.list_button, self.export_button, self.clear_button):
            self._flow.add(made)
        chart.chosen_changed.connect(self._show)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setMinimumHeight(self.clear_button.sizeHint().height())  # the chart stays where it is

    def add_act(self, text: str, run: Callable[[], object], picture: str, is_offered: bool) -> None:
        """Add an act with the chosen rooms before the last button."""
        made = button(text, run, picture=picture)
        self._flow.insertWidget(self._flow.count() - 1, made)
        self._acts.append((made, is_offered))
        self._show()

    def set_rights(self, *, write: bool, export: bool) -> None:
        """Show only what the operator may do."""
        self._rights = (write, export)
        self._show()

    def set_busy(self, on: bool) -> None:
        """Offer no further change while one is being made."""
        self._is_busy = on
        self._show()

    def _show(self) -> None:
        count = len(self._chart.chosen)
        write, export = self._rights
        self._count.setText(numbered(count, N_("{n} home chosen"), N_("{n} homes chosen")) if count else "")
        self._count.setVisible(bool(count))
        self._hint.setVisible(not count)
        self.change_button.setVisible(bool(count) and write)
        self.change_button.setEnabled(not self._is_busy)
        self.list_button.setVisible(bool(count))
        self.export_button.setVisible(bool(count) and export)
        for made, is_offered in self._acts:
            made.setVisible(bool(count) and is_offered)
        self.clear_button.setVisible(bool(count))


def _drop_down(name: str) -> DropDown:
    made = DropDown()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setMaximumWidth(_WIDEST)
    made.currentTextChanged.connect(made.setToolTip)  # a long one is cut
    return made


def _zooms(chart: GridView) -> tuple[QWidget, ...]:
    """Return the buttons that zoom a chart, and the label of its zoom."""
    percent = label()
    percent.setMinimumWidth(percent.fontMetrics().horizontalAdvance("100 %"))
    chart.zoom_changed.connect(lambda zoom: percent.setText(f"{round(zoom * 100)} %"))
    smaller = icon_button("zoom-out", _("Zoom out"), lambda: chart.zoom_by(-1))
    larger = icon_button("zoom-in", _("Zoom in"), lambda: chart.zoom_by(1))
    for made, keys in ((smaller, "Ctrl+-"), (larger, "Ctrl++")):
        made.setToolTip(f"{made.accessibleName()} ({keys})")
    width = button(_("Fit &width"), lambda: chart.fit("width"), role="link")
    page = button(_("Fit &all"), lambda: chart.fit("page"), role="link")
    return smaller, percent, larger, width, page
