"""The room chart of an estate as a clerk uses it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.controller.rooms import RoomsController
from fuyuan_desk.estates.facts import BuildingFields, HouseholdFields, UnitFields
from fuyuan_desk.estates.service import buildings, households, units
from fuyuan_desk.estates.service.page_data import estate_with_buildings
from fuyuan_desk.estates.view.estate_detail import ROOMS, UNITS
from fuyuan_desk.formats.charts.data import Grid
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.charts.chart_view import ChartView
from tests.paper import pdf
from tests.screen import button

Settled = Callable[[], None]


def open_chart(page: EstatesController, estate: int, settled: Settled) -> ChartView:
    page.open_estate(estate)
    settled()
    QTest.keyClick(page.estate.view, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert page.estate.view.tabs.currentIndex() == ROOMS
    return page.estate.rooms.view.chart


def labels(chart: ChartView) -> list[list[str]]:
    assert isinstance(chart.chart, Grid)
    return [[cell.label for cell in row.cells if cell] for row in chart.chart.rows]


def test_enter_on_a_room_opens_its_home(
    page: EstatesController, two_estates: tuple[int, int], settled: Settled
) -> None:
    chart = open_chart(page, two_estates[0], settled)
    assert labels(chart) == [["前楼"], ["亭子间"], ["101"]]
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleName().endswith("4号亭子间, Owner")
    key = chart.focused_key
    QTest.keyClick(chart, Qt.Key.Key_Return)
    settled()
    assert page.estate.view.tabs.currentIndex() == UNITS
    assert page.estate.units.unit_id == key


def test_one_building_can_be_chosen(
    page: EstatesController, two_estates: tuple[int, int], settled: Settled
) -> None:
    chart = open_chart(page, two_estates[0], settled)
    chooser = page.estate.rooms.view.buildings
    assert [chooser.itemText(index) for index in range(chooser.count())] == ["All buildings", "4号", "10号"]
    chooser.setFocus()
    QTest.keyClick(chooser, Qt.Key.Key_End)
    settled()
    assert labels(chart) == [["101"]]
    assert chart.chart is not None
    assert chart.chart.title == "南昌路168弄10号, homes and other units: 1"
    # another estate is shown whole again
    open_chart(page, two_estates[1], settled)
    assert chooser.currentText() == "All buildings"


def test_an_estate_without_homes_says_so(
    page: EstatesController, two_estates: tuple[int, int], settled: Settled
) -> None:
    chart = open_chart(page, two_estates[1], settled)
    assert "No home yet" in chart.accessibleName()
    assert not page.estate.rooms.view.print_button.isEnabled()


def test_a_change_elsewhere_is_shown_at_once_and_the_place_is_kept(
    page: EstatesController, two_estates: tuple[int, int], seat: Seat, desk: Desk, settled: Settled
) -> None:
    chart = open_chart(page, two_estates[0], settled)
    ten = buildings.list_buildings(seat, two_estates[0])[1].id
    unit = next(row.id for row in units.list_units(seat, units.UnitQuery(building_id=ten)).rows)
    chart.focus_key(unit)
    desk.run(households.save_household, unit, HouseholdFields("周小玉", role="renter"))
    desk.run(units.save_unit, UnitFields(ten, label="201室"))
    settled()
    assert labels(chart) == [["前楼", "201"], ["亭子间"], ["101"]]
    assert chart.focused_key == unit
    assert chart.shown.elements[-1].name == "10号101室, Renter"


def test_a_chosen_building_that_is_removed_gives_way_to_all(
    page: EstatesController, two_estates: tuple[int, int], seat: Seat, desk: Desk, settled: Settled
) -> None:
    lane = two_estates[0]
    buildings.save_building(seat, BuildingFields("12号", estate_id=lane))
    chart = open_chart(page, lane, settled)
    chooser = page.estate.rooms.view.buildings
    chooser.setFocus()
    QTest.keyClick(chooser, Qt.Key.Key_End)
    settled()
    assert labels(chart) == []
    assert chooser.currentText() == "12号"
    desk.run(buildings.remove_building, chooser.currentData())
    settled()
    assert chooser.currentText() == "All buildings"
    assert labels(chart) == [["前楼"], ["亭子间"], ["101"]]


def test_an_estate_with_many_homes_begins_with_one_building(
    desk: Desk, two_estates: tuple[int, int], seat: Seat, front: Callable[..., None], settled: Settled
) -> None:
    made = RoomsController(desk, surveyed=2)
    made.set_estate(*estate_with_buildings(seat, two_estates[0]))
    front(made.view)
    made.load()
    settled()
    assert made.view.buildings.currentText() == "4号"
    assert labels(made.view.chart) == [["前楼"], ["亭子间"]]


def test_the_chart_is_printed_with_rooms_and_states_but_no_names(
    page: EstatesController, two_estates: tuple[int, int], settled: Settled, qtbot: QtBot
) -> None:
    open_chart(page, two_estates[0], settled)
    button(page.estate.rooms.view, "Print the room chart").click()
    settled()
    preview = page.estate.rooms.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.preview.pdf is not None and preview.preview.is_idle)
    opened = preview.preview.pdf
    assert opened is not None
    assert preview.preview.file_name == "Room chart-南昌路168弄.pdf"
    text = pdf.flat(Printed(opened.raw, 1, ()), 1)
    assert "南昌路168弄" in text
    assert "亭子间" in text
    assert "蔡" not in text
    preview.close()


def test_a_viewer_sees_the_chart_too(
    desk_as: Callable[[Role], Desk],
    two_estates: tuple[int, int],
    front: Callable[..., None],
    settled: Settled,
) -> None:
    made = EstatesController(desk_as(Role.VIEWER))
    front(made.page)
    settled()
    assert labels(open_chart(made, two_estates[0], settled)) == [["前楼"], ["亭子间"], ["101"]]
