"""What is recorded twice, as a clerk puts it right: from the list of suspects, and from the home."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.controller.duplicates import duplicates_page
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.houses import UnitFields, UnitQuery
from fuyuan_desk.estates.facts.people import HouseholdFields, PersonFields
from fuyuan_desk.estates.service import households, people, units
from fuyuan_desk.estates.view import household_card
from fuyuan_desk.estates.view.unit_panel import UnitPanel
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.merging.controller import DuplicatesController
from fuyuan_desk.kit.merging.view import MergeDialog
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import Question
from tests.screen import button, shown

Settled = Callable[[], None]


@pytest.fixture
def unit(seat: Seat, two_estates: tuple[int, int]) -> int:
    """A home where the holder is recorded as one of her people, and that is recorded again."""
    row = units.list_units(seat, UnitQuery(estate_id=two_estates[0])).rows[-1]
    detail = units.unit_detail(seat, row.id)
    assert detail.fields.label == "101室"
    people.save_person(seat, detail.households[0].id, PersonFields("苏强平", phones=("13912345678",)))
    again = units.save_unit(seat, UnitFields(detail.fields.building_id, label="101", floor="1")).id
    households.save_household(seat, again, HouseholdFields("姚艳志"))
    return row.id


@pytest.fixture
def duplicates(
    desk: Desk, unit: int, front: Callable[[QWidget], None], settled: Settled
) -> DuplicatesController:
    made = duplicates_page(desk)
    front(made.page)
    settled()
    return made


def listed(page: DuplicatesController) -> list[tuple[str, str, str, str]]:
    model = page.view.table.model
    rows = [model.row(place) for place in range(model.total)]
    return [(row.state.value, row.kind, row.second, row.why) for row in rows]


def test_suspects_are_merged_and_split_by_keyboard(
    duplicates: DuplicatesController, unit: int, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    assert listed(duplicates) == [
        ("suspected", "Unit", "南昌路168弄10号101", "Same room number"),
        ("suspected", "Person", "苏*  南昌路168弄10号101室", "Same name"),
    ]
    table = duplicates.view.table.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    settled()
    dialog = shown(MergeDialog)
    dialog.form.set_value("part:label", "second")
    qtbot.keyClick(dialog.save_button, Qt.Key.Key_Space)
    settled()
    detail = units.unit_detail(seat, unit)
    assert (detail.fields.label, detail.fields.floor, len(detail.households)) == ("101", "1", 2)
    assert [row[:2] for row in listed(duplicates)] == [("suspected", "Person"), ("merged", "Unit")]
    duplicates.view.table.select_where(lambda pair: pair.state == "merged")
    duplicates.view.acts["split"].click()
    button(shown(Question), "Split off").click()
    settled()
    assert units.unit_detail(seat, unit).fields.label == "101室"
    assert [row[0] for row in listed(duplicates)] == ["suspected", "suspected"]


@pytest.fixture
def panel(page: EstatesController, unit: int, settled: Settled) -> UnitPanel:
    page.open_unit(unit)
    settled()
    return page.estate.units.panel


def test_a_home_is_merged_from_its_menu(panel: UnitPanel, unit: int, seat: Seat, settled: Settled) -> None:
    panel.merge_requested.emit()
    settled()
    dialog = shown(FormDialog)
    combo = dialog.form.editor("other").combo
    assert [combo.itemText(place) for place in range(1, combo.count())] == ["南昌路168弄10号101"]
    combo.setCurrentIndex(1)
    dialog.save_button.click()
    settled()
    merge = shown(MergeDialog)
    merge.save_button.click()
    settled()
    settled()  # the page reads the home again
    assert len(units.unit_detail(seat, unit).households) == 2
    assert len(panel.households()) == 2, "the page shows it at once"


def test_two_people_of_a_household_are_merged_from_its_menu(
    panel: UnitPanel, qtbot: QtBot, settled: Settled
) -> None:
    card = panel.card(panel.households()[0])
    card.more_button.setFocus()
    qtbot.keyClick(card.more_button, Qt.Key.Key_Space)
    menu = shown(QMenu)
    qtbot.keyClick(menu, Qt.Key.Key_M)
    settled()
    dialog = shown(FormDialog)
    dialog.form.set_value("kept", 0)
    dialog.form.set_value("other", 1)
    dialog.save_button.click()
    settled()
    shown(MergeDialog).save_button.click()
    settled()
    settled()  # the page reads the home again
    assert panel.card(panel.households()[0]).rows == {}


def test_one_who_is_alone_is_told(panel: UnitPanel, settled: Settled) -> None:
    panel.asked.emit(household_card.Asked(household_card.MERGE, panel.households()[0]))
    settled()
    assert "No other household" in panel.banner.text()


def test_the_holder_of_the_second_household_decides_what_is_asked(
    desk: Desk, seat: Seat, unit: int, panel: UnitPanel, settled: Settled
) -> None:
    households.save_household(seat, unit, HouseholdFields("苏强萍", people=3))
    first = panel.households()[0]
    panel.asked.emit(household_card.Asked(household_card.MERGE, first))
    settled()
    dialog = shown(FormDialog)
    dialog.form.editor("other").combo.setCurrentIndex(1)
    dialog.save_button.click()
    settled()
    merge = shown(MergeDialog)
    assert merge.answers() == {"holder_is": "another"}
    assert not merge.form.editor("part:name").inner()[0].isVisible()
    merge.form.set_value("asked:holder_is", "same")
    assert merge.form.editor("part:name").inner()[0].isVisible()
