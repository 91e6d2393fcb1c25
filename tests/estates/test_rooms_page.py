"""The room chart of an estate as a clerk uses it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.controller.rooms import RoomAct, RoomsController
from fuyuan_desk.estates.facts.houses import BuildingFields, UnitFields, UnitQuery
from fuyuan_desk.estates.facts.people import HouseholdFields, PersonFields
from fuyuan_desk.estates.rules.room_states import InState, RoomState, RoomStates
from fuyuan_desk.estates.service import buildings, households, people, tags, units
from fuyuan_desk.estates.service.page_data import estate_with_buildings
from fuyuan_desk.estates.view.estate_detail import ROOMS, UNITS
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Tone
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.many_dialog import ManyDialog
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.charts.grid_view import GridView
from tests.paper import pdf
from tests.screen import button, entry, shown, texts

Settled = Callable[[], None]


def open_chart(page: EstatesController, estate: int, settled: Settled) -> GridView:
    page.open_estate(estate)
    settled()
    QTest.keyClick(page.estate.view, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert page.estate.view.tabs.currentIndex() == ROOMS
    return page.estate.rooms.view.chart


def labels(chart: GridView) -> list[list[str]]:
    return [[cell.label for cell in row.cells if cell] for row in chart.grid.rows]


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


def test_a_click_on_a_room_opens_its_home(
    page: EstatesController, two_estates: tuple[int, int], settled: Settled
) -> None:
    chart = open_chart(page, two_estates[0], settled)
    key = chart.grid.rows[1].cells[0].key  # type: ignore[union-attr]
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.place_of(key))
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
    assert chart.grid.title == "南昌路168弄10号, homes and other units: 1"
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
    assert chart.accessibleName().endswith("10号101室, Renter")


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
    entry(page.estate.rooms.view, "A3 across").trigger()
    settled()
    preview = page.estate.rooms.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.preview.pdf is not None and preview.preview.is_idle)
    opened = preview.preview.pdf
    assert opened is not None
    assert preview.preview.file_name == "Room chart-南昌路168弄.pdf"
    paper = Printed(opened.raw, 1, ())
    assert pdf.size(paper) == pytest.approx((420, 297), abs=0.1)
    text = pdf.flat(paper, 1)
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
    assert made.estate.rooms.view.choice.isVisible()
    made.estate.rooms.view.chart.choose_all()
    offered = [
        one.text() for one in made.estate.rooms.view.choice.findChildren(QPushButton) if one.isVisible()
    ]
    assert offered == ["Print the li&st", "Choose none"]


# --- what the chart is coloured by


class Kept:
    """Settings that are kept in memory."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, Any]] = {}

    def load(self, key: str) -> dict[str, Any] | None:
        return self.values.get(key)

    def save(self, key: str, value: dict[str, Any]) -> None:
        self.values[key] = value


def colour_by(page: EstatesController, title: str, settled: Settled) -> None:
    chooser = page.estate.rooms.view.states
    chooser.setCurrentText(title)
    chooser.activated.emit(chooser.currentIndex())
    settled()


def legend(page: EstatesController) -> list[str]:
    made = page.estate.rooms.view.legend.findChildren(QToolButton)
    return [one.text() for one in made if one.isVisible()]


def test_another_state_is_chosen_and_remembered(
    desk: Desk, two_estates: tuple[int, int], front: Callable[..., None], settled: Settled
) -> None:
    kept = Kept()
    for title in ("Who lives there", "Tenure"):
        made = EstatesController(desk, kept)
        front(made.page)
        chart = open_chart(made, two_estates[0], settled)
        assert made.estate.rooms.view.states.currentText() == title
        colour_by(made, "Tenure", settled)
        assert legend(made) == ["? Not recorded 3"]
        assert chart.tip_at(chart.place_of(chart.grid.rows[0].cells[0].key)) == "4号前楼\nNot recorded"  # type: ignore[union-attr]


def test_a_higher_job_adds_states_and_acts_even_to_a_chart_in_sight(
    page: EstatesController, two_estates: tuple[int, int], settled: Settled
) -> None:
    @permit(*EVERYONE)
    def tagged(_seat: Seat, _estate: int, _building: int | None) -> dict[int, InState]:
        return {first: InState("red", "since May")}

    chart = open_chart(page, two_estates[0], settled)
    first = int(str(chart.grid.rows[0].cells[0].key))  # type: ignore[union-attr]
    run: list[tuple[int, ...]] = []
    states = (RoomState("red", "Red", Look(Tone.ERROR, Pattern.DOTS)),)
    page.add_room_states(RoomStates("mark", "Tag", states, tagged, unknown="No tag"))
    page.add_room_act(RoomAct("Tag them", run.append))
    colour_by(page, "Tag", settled)
    assert legend(page) == ["Red 1", "? No tag 2"]
    chart.choose([first])
    button(page.estate.rooms.view, "Tag them").click()
    assert run == [(first,)]


def test_the_legend_dims_the_others(
    page: EstatesController, two_estates: tuple[int, int], seat: Seat, settled: Settled
) -> None:
    ten = buildings.list_buildings(seat, two_estates[0])[1].id
    units.save_unit(seat, UnitFields(ten, label="201室"))
    chart = open_chart(page, two_estates[0], settled)
    assert legend(page) == ["Owner 3", "? Not recorded 1"]
    button(page.estate.rooms.view, "? Not recorded 1").click()
    assert chart.bright == {None}
    QTest.keyClick(chart, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(chart.chosen) == 1
    colour_by(page, "Use", settled)
    assert chart.bright is None


# --- several rooms at once


def choose_all(page: EstatesController, settled: Settled) -> None:
    chart = page.estate.rooms.view.chart
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    settled()


def change_tenure(page: EstatesController, settled: Settled) -> None:
    """Choose all rooms and set their tenure."""
    choose_all(page, settled)
    button(page.estate.rooms.view, "Change them …").click()
    settled()
    dialog = shown(ManyDialog)
    assert dialog.windowTitle() == "Change 3 homes"
    dialog.form.set_value("what", "tenure")
    dialog.form.set_value("tenure", "sold-public")
    assert "At present: Not recorded 2, Private house 1" in texts(dialog)
    dialog.form.submit()
    settled()


def tenures(seat: Seat, estate: int) -> list[str]:
    return [row.tenure for row in units.list_units(seat, units.UnitQuery(estate)).rows]


@pytest.fixture
def one_private(seat: Seat, two_estates: tuple[int, int]) -> int:
    """A home of the lane with a tenure."""
    row = units.list_units(seat, units.UnitQuery(two_estates[0])).rows[0]
    known = units.unit_detail(seat, row.id)
    return units.save_unit(seat, replace(known.fields, tenure="private"), row.id, known.version).id


def test_the_tenure_of_several_rooms_is_set_and_taken_back(
    page: EstatesController, two_estates: tuple[int, int], one_private: int, seat: Seat, settled: Settled
) -> None:
    open_chart(page, two_estates[0], settled)
    change_tenure(page, settled)
    assert tenures(seat, two_estates[0]) == ["sold-public"] * 3
    view = page.estate.rooms.view
    assert "3 homes were changed." in texts(view.banner)
    assert len(view.chart.chosen) == 3
    button(view.banner, "Take back").click()
    settled()
    assert tenures(seat, two_estates[0]) == ["private", "", ""]
    assert "3 homes are as they were before." in texts(view.banner)


def test_nothing_is_taken_back_once_somebody_changed_a_room(
    page: EstatesController, two_estates: tuple[int, int], one_private: int, seat: Seat, settled: Settled
) -> None:
    open_chart(page, two_estates[0], settled)
    change_tenure(page, settled)
    known = units.unit_detail(seat, one_private)
    units.save_unit(seat, replace(known.fields, tenure="commodity"), one_private, known.version)
    button(page.estate.rooms.view.banner, "Take back").click()
    settled()
    assert tenures(seat, two_estates[0]) == ["commodity", "sold-public", "sold-public"]
    assert any("1 of these homes was changed since." in text for text in texts(page.estate.rooms.view.banner))


def test_a_room_that_was_changed_meanwhile_is_not_overwritten(
    page: EstatesController, two_estates: tuple[int, int], one_private: int, seat: Seat, settled: Settled
) -> None:
    open_chart(page, two_estates[0], settled)
    choose_all(page, settled)
    button(page.estate.rooms.view, "Change them …").click()
    settled()
    known = units.unit_detail(seat, one_private)
    units.save_unit(seat, replace(known.fields, tenure="commodity"), one_private, known.version)
    dialog = shown(ManyDialog)
    dialog.form.set_value("what", "tenure")
    dialog.form.set_value("tenure", "sold-public")
    dialog.form.submit()
    settled()
    assert tenures(seat, two_estates[0]) == ["commodity", "", ""]
    assert any("Somebody else changed this record" in text for text in texts(dialog))
    dialog.form.mark_clean()
    dialog.reject()


def test_the_chosen_rooms_are_printed_as_a_list_without_names(
    page: EstatesController, two_estates: tuple[int, int], settled: Settled, qtbot: QtBot
) -> None:
    open_chart(page, two_estates[0], settled)
    choose_all(page, settled)
    assert "3 homes chosen" in texts(page.estate.rooms.view)
    button(page.estate.rooms.view, "Print the list").click()
    settled()
    preview = page.estate.rooms.chosen.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.preview.pdf is not None and preview.preview.is_idle)
    assert preview.preview.pdf is not None
    text = pdf.flat(Printed(preview.preview.pdf.raw, 1, ()), 1)
    for words in ("南昌路168弄", "4号亭子间", "居住情况", "业主"):
        assert words in text
    assert "蔡" not in text
    preview.close()


def test_the_chosen_rooms_are_exported_without_names(
    page: EstatesController,
    two_estates: tuple[int, int],
    tmp_path: Path,
    settled: Settled,
    choose_file: Callable[[Path], None],
    submit_export_order: Callable[..., None],
) -> None:
    open_chart(page, two_estates[0], settled)
    choose_all(page, settled)
    choose_file(tmp_path / "list.xlsx")
    button(page.estate.rooms.view, "Export …").click()
    submit_export_order()
    settled()
    rows = list(load_workbook(tmp_path / "list.xlsx").active.iter_rows(values_only=True))
    assert ("4号亭子间", None, "Home", None, "Owner") in rows
    assert "蔡" not in repr(rows)


def test_the_choice_ends_with_its_estate_and_with_escape(
    page: EstatesController, two_estates: tuple[int, int], settled: Settled
) -> None:
    chart = open_chart(page, two_estates[0], settled)
    choose_all(page, settled)
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert not chart.chosen
    choose_all(page, settled)
    open_chart(page, two_estates[1], settled)
    assert not chart.chosen


def test_the_offices_tags_are_states_whose_paper_is_not_to_be_posted(
    page: EstatesController, two_estates: tuple[int, int], seat: Seat, settled: Settled, qtbot: QtBot
) -> None:
    tags.add_usual_tags(seat)
    alone = next(tag.id for tag in tags.tag_choices(seat) if tag.name == "独居老人")
    open_chart(page, two_estates[0], settled)
    unit = units.list_units(seat, UnitQuery(estate_id=two_estates[0])).rows[0].id
    household = units.unit_detail(seat, unit).households[0].id
    people.save_person(seat, household, PersonFields("王一", tags=(alone,)))
    page.estate.refresh()
    settled()
    colour_by(page, "Tags of people", settled)
    assert "独居老人 1" in legend(page)
    assert "No tag 2" in legend(page)
    button(page.estate.rooms.view, "Print the room chart").click()
    entry(page.estate.rooms.view, "A4 upright").trigger()
    settled()
    preview = page.estate.rooms.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.preview.pdf is not None and preview.preview.is_idle)
    opened = preview.preview.pdf
    assert opened is not None
    assert "不得张贴" in pdf.flat(Printed(opened.raw, 1, ()), 1)
    preview.close()
