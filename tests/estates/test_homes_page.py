"""Homes and households on the estates' page as a clerk uses them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.facts.people import HOLDER
from fuyuan_desk.estates.service import estates, households, page_data, people, tags, units
from fuyuan_desk.estates.view import household_card
from fuyuan_desk.estates.view.units import tag_chip, unit_columns
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.export_list import write_list
from tests.estates.clerk import line, question, trail, write

Front = Callable[[QWidget], None]
BAD_ID = "310101198001010008"


@pytest.fixture
def homes(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> EstatesController:
    page.open_estate(two_estates[0])
    settled()
    page.estate.view.tabs.setCurrentIndex(2)
    settled()
    return page


def test_the_list_masks_names(homes: EstatesController) -> None:
    model = homes.estate.units.view.table.model
    cells = [
        str(model.index(row, column).data())
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    assert "4号亭子间" in cells
    assert "蔡*" in cells
    assert "138****5678" in cells
    assert not [cell for cell in cells if "蔡兰刚" in cell or "13812345678" in cell]


def test_down_and_enter_lead_into_a_home_and_escape_back(
    homes: EstatesController, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    view = homes.estate.units.view
    view.table.focus_filter()
    qtbot.keyClicks(view.table.filter, "yyz")
    settled()
    qtbot.keyClick(view.table.filter, Qt.Key.Key_Down)
    assert view.table.table.hasFocus()
    qtbot.keyClick(view.table.table, Qt.Key.Key_Return)
    settled()
    assert view.panel.renovation_button.hasFocus()
    with qtbot.waitSignal(homes.renovation_requested) as asked:
        qtbot.keyClick(view.panel.renovation_button, Qt.Key.Key_Space)
    assert asked.args[0] > 0
    qtbot.keyClick(view.panel.renovation_button, Qt.Key.Key_Escape)
    assert view.table.table.hasFocus()


def show_first(homes: EstatesController, settled: Callable[[], None]) -> int:
    homes.estate.units.view.table.table.selectRow(0)
    settled()
    [household] = homes.estate.units.panel.households()
    return household


def test_the_pane_never_shows_a_home_that_the_filter_left_out(
    homes: EstatesController, settled: Callable[[], None]
) -> None:
    show_first(homes, settled)
    view = homes.estate.units.view
    assert view.split.is_detail_shown
    view.table.focus_filter()
    view.table.filter.setText("苏强平")
    settled()
    assert not view.split.is_detail_shown
    assert homes.estate.units.unit_id is None
    view.table.table.selectRow(0)
    settled()
    assert view.split.is_detail_shown


def test_sorting_keeps_the_home_and_its_row_chosen(
    homes: EstatesController, settled: Callable[[], None]
) -> None:
    show_first(homes, settled)
    units = homes.estate.units
    shown, table = units.unit_id, units.view.table
    table.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    settled()
    row = table.current_row()
    assert row is not None
    assert (units.unit_id, row.id) == (shown, shown)
    assert table.table.currentIndex().row() == table.model.total - 1
    assert units.view.split.is_detail_shown


def test_what_is_being_typed_stays_while_the_list_is_filtered(
    homes: EstatesController, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    units = homes.estate.units
    units.panel.card(household).edit_button.click()
    settled()
    write(line(units.panel.household_pane.form, "head"), "蔡兰刚先生")
    units.view.table.focus_filter()
    units.view.table.filter.setText("苏强平")
    settled()
    assert units.panel.is_editing
    assert "先生" in line(units.panel.household_pane.form, "head").text()
    units.panel.household_pane.form.mark_clean()


def test_a_reveal_shows_one_value_and_is_logged(
    homes: EstatesController, seat: Seat, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    facts = homes.estate.units.panel.card(household).facts
    [eye] = [
        eye
        for eye in facts.findChildren(QToolButton)
        if eye.isVisible() and "Telephone" in eye.accessibleName()
    ]
    assert trail(seat, "reveal") == []
    eye.click()
    settled()
    texts = [shown.text() for shown in facts.findChildren(QLabel)]
    assert "13812345678" in texts
    assert "蔡兰刚" not in texts
    assert len(trail(seat, "reveal")) == 1


def test_a_doubtful_id_number_is_reported_while_typing_and_kept(
    homes: EstatesController, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    homes.estate.units.panel.card(household).edit_button.click()
    settled()
    form = homes.estate.units.panel.household_pane.form
    assert line(form, "id_number").text() == "31010119800101000X"
    line(form, "id_number").clear()
    qtbot.keyClicks(line(form, "id_number"), BAD_ID)
    assert "check digit" in form.doubts()["id_number"]
    qtbot.keyClick(line(form, "id_number"), Qt.Key.Key_Return)
    settled()
    assert households.household_for_edit(seat, household).fields.id_number == BAD_ID
    assert "warning" in homes.estate.units.panel.banner.text()
    texts = [shown.text() for shown in homes.estate.units.panel.card(household).findChildren(QLabel)]
    assert any("check digit" in text for text in texts)


def test_a_wrong_phone_is_reported_at_the_field_and_nothing_is_lost(
    homes: EstatesController, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    homes.estate.units.panel.card(household).edit_button.click()
    settled()
    form = homes.estate.units.panel.household_pane.form
    phones = form.editor("phones")
    phones.set_raw(["13812345678", "12345"])
    qtbot.keyClick(line(form, "head"), Qt.Key.Key_Return)
    settled()
    assert "12345" in form.errors()["phones"]
    assert phones.raw() == ["13812345678", "12345"]
    phones.set_raw(["13812345678、62093705"])
    form.submit()
    settled()
    assert households.household_for_edit(seat, household).fields.phones == ("13812345678", "021-62093705")


def test_a_household_is_added_and_removed(
    homes: EstatesController, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    show_first(homes, settled)
    panel = homes.estate.units.panel
    panel.add_button.click()
    form = panel.household_pane.form
    write(line(form, "head"), "喆㛃𬭼䶮")
    qtbot.keyClick(line(form, "head"), Qt.Key.Key_Return)
    settled()
    assert len(panel.households()) == 2
    newest = max(panel.households())
    panel.card(newest).ask(household_card.REMOVE)
    asked = question()
    assert "喆*" in asked.windowTitle()
    assert "喆㛃" not in asked.windowTitle()
    asked.buttons[0].click()
    settled()
    assert len(panel.households()) == 1
    assert estates.find_units(seat, "喆㛃") == ()


def test_a_home_is_added_to_the_chosen_building(
    homes: EstatesController, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    homes.estate.units.view.choose_building(2)
    settled()
    homes.estate.units.view.add_button.click()
    form = homes.estate.units.panel.unit_pane.form
    write(line(form, "label"), "102室")
    write(line(form, "area"), "12.5㎡")
    qtbot.keyClick(line(form, "area"), Qt.Key.Key_Return)
    settled()
    [row] = units.list_units(seat, UnitQuery(text="102室")).rows
    assert (row.address, row.area) == ("南昌路168弄10号102室", 1250)
    assert not homes.estate.units.panel.is_editing


@pytest.mark.parametrize("by_escape", [False, True])
def test_changing_the_row_asks_before_typed_input_is_lost(
    homes: EstatesController, qtbot: QtBot, settled: Callable[[], None], by_escape: bool
) -> None:
    household = show_first(homes, settled)
    homes.estate.units.panel.card(household).edit_button.click()
    settled()
    form = homes.estate.units.panel.household_pane.form
    write(line(form, "head"), "某")
    homes.estate.units.view.table.table.setFocus()
    homes.estate.units.view.table.table.selectRow(1)
    asked = question()
    if by_escape:
        qtbot.keyClick(asked, Qt.Key.Key_Escape)
    else:
        asked.buttons[-1].click()
    settled()
    assert homes.estate.units.panel.is_editing
    assert line(form, "head").text() == "某蔡兰刚"
    assert form.window().focusWidget() is line(form, "head")
    row = homes.estate.units.view.table.current_row()
    assert row is not None
    assert row.id == homes.estate.units.unit_id


def test_the_row_of_the_form_is_chosen_again_when_saving_is_refused_as_stale(
    homes: EstatesController, seat: Seat, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    homes.estate.units.panel.card(household).edit_button.click()
    settled()
    form = homes.estate.units.panel.household_pane.form
    write(line(form, "people"), "3")
    read = households.household_for_edit(seat, household)
    households.save_household(seat, read.unit_id, replace(read.fields, people=7), household, read.version)
    homes.estate.units.view.table.table.selectRow(1)
    question().buttons[0].click()
    settled()
    row = homes.estate.units.view.table.current_row()
    assert row is not None
    assert row.id == homes.estate.units.unit_id
    assert "Somebody else" in homes.estate.units.panel.household_pane.banner.text()
    form.mark_clean()
    settled()
    assert homes.estate.units.unit_id == row.id, "the refused save no longer waits to leave"


def test_saving_before_changing_the_row_shows_the_other_home(
    homes: EstatesController, seat: Seat, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    homes.estate.units.panel.card(household).edit_button.click()
    settled()
    write(line(homes.estate.units.panel.household_pane.form, "people"), "3")
    homes.estate.units.view.table.table.selectRow(1)
    question().buttons[0].click()
    settled()
    assert household not in homes.estate.units.panel.households()
    assert not homes.estate.units.panel.is_editing
    assert households.household_for_edit(seat, household).fields.people == 3


def test_a_home_is_opened_from_elsewhere_and_marked_in_the_list(
    page: EstatesController, seat: Seat, settled: Callable[[], None]
) -> None:
    [choice] = estates.find_units(seat, "南昌路168弄10号101室")
    page.open_unit(choice.id)
    settled()
    assert page.page.currentWidget() is page.estate.view
    assert "南昌路168弄10号101室" in [made.text() for made in page.estate.units.panel.findChildren(QLabel)]
    assert page.estate.units.view.table.table.currentIndex().row() == 2


def test_all_homes_are_found_by_estate_and_name(
    page: EstatesController, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.list.tabs.setCurrentIndex(1)
    settled()
    view = page.homes.view
    qtbot.keyClicks(view.table.filter, "ncl168 su")
    settled()
    assert [view.table.model.index(row, 0).data() for row in range(view.table.model.rowCount())] == [
        "南昌路168弄10号101室"
    ]


def test_a_viewer_cannot_edit(
    desk_as: Callable[[Role], Desk], two_estates: tuple[int, int], front: Front, settled: Callable[[], None]
) -> None:
    made = EstatesController(desk_as(Role.VIEWER))
    front(made.page)
    settled()
    assert not made.list.new_button.isVisible()
    assert not made.list.import_button.isVisible()
    made.open_estate(two_estates[0])
    settled()
    assert not made.estate.overview.edit_button.isVisible()
    made.estate.view.tabs.setCurrentIndex(2)
    made.estate.units.view.table.table.selectRow(0)
    settled()
    eyes = [eye for eye in made.estate.units.panel.findChildren(QToolButton) if eye.isVisible()]
    assert eyes == []
    assert not made.estate.units.panel.renovation_button.isVisible()


# --- export ----------------------------------------------------------------------------------------


def give_tags(seat: Seat, estate: int, *names: str) -> None:
    """Give tags to the holder of an estate's first home."""
    tags.add_usual_tags(seat)
    row = units.list_units(seat, UnitQuery(estate_id=estate)).rows[0]
    household = units.unit_detail(seat, row.id).households[0].id
    fields = people.person_for_edit(seat, household, HOLDER).fields
    chosen = tuple(tag.id for tag in tags.tag_choices(seat) if tag.name in names)
    people.save_person(seat, household, replace(fields, tags=chosen), HOLDER)


def test_several_tags_are_one_short_chip_and_whole_in_tooltip_and_excel(
    homes: EstatesController,
    seat: Seat,
    two_estates: tuple[int, int],
    tmp_path: Path,
    settled: Callable[[], None],
) -> None:
    give_tags(seat, two_estates[0], "独居老人", "残疾", "低保")
    homes.estate.units.refresh()
    settled()
    shown = units.list_units(seat, UnitQuery(estate_id=two_estates[0])).rows[0]
    chip = tag_chip(shown)
    assert chip is not None
    assert chip.text == "独居老人 +2"
    [column] = [one for one in unit_columns(False) if one.name == "tags"]
    assert column.text(shown) == "独居老人, 残疾, 低保"
    model = homes.estate.units.view.table.model
    number = [one.name for one in model.columns].index("tags")
    tips = [model.index(line, number).data(Qt.ItemDataRole.ToolTipRole) for line in range(model.rowCount())]
    assert "独居老人, 残疾, 低保" in tips
    order = ExportOrder("走访", "本居委会")
    stamp = page_data.units_for_export(seat, order, UnitQuery()).stamp
    write_list(tmp_path / "tags.xlsx", "tags", [column], Export((shown,), stamp))
    written = load_workbook(tmp_path / "tags.xlsx").active
    assert written is not None
    assert "独居老人, 残疾, 低保" in [cell for [cell] in written.iter_rows(values_only=True, max_col=1)]


def test_the_shown_list_goes_to_excel_masked_and_is_logged(
    homes: EstatesController,
    seat: Seat,
    two_estates: tuple[int, int],
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    qtbot: QtBot,
    settled: Callable[[], None],
    submit_export_order: Callable[..., None],
) -> None:
    target = tmp_path / "房屋"
    choose_file(target)
    give_tags(seat, two_estates[0], "独居老人", "残疾")
    view = homes.estate.units.view
    write(view.table.filter, "4号")
    settled()
    view.table.export_requested.emit(view.table.model.query)
    submit_export_order()
    written = tmp_path / "房屋.xlsx"
    qtbot.waitUntil(written.exists)
    settled()
    rows = list(load_workbook(written).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[3][0] == "Personal data: yes, masked"
    assert len(rows) == 8
    assert {row[1] for row in rows[6:]} == {"蔡*", "姚*"}
    assert 12.4 in rows[6]
    assert "独居老人" not in str(rows), "tags go with a second person only"
    assert "13812345678" not in str(rows)
    [entry] = trail(seat, "export")
    assert '"rows":2' in entry.changes
