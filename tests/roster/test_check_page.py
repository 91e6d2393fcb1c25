"""The check screen as a clerk uses it: rows and their cells, unsure readings, cells typed anew, what is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.service import estates, units
from fuyuan_desk.roster.controller.imports import ImportController
from fuyuan_desk.roster.service import imports, unimported
from fuyuan_desk.roster.view.check import FIRST_TABLE
from fuyuan_desk.roster.view.row_panel import RowCells
from tests import screen
from tests.estates.clerk import question
from tests.roster.rosters import write_roster

Settled = Callable[[], None]
ROWS = (
    ("门牌号", "室号", "户主姓名", "联系电话", "房屋性质", "单位"),
    ("1号", "101室", "蔡兰刚", "13812345678", "使用权", "甲"),
    ("1号", "102室", "姚艳志", "", "使用权", "乙"),
    ("2号", "201室", "苏强平", "", "私房", ""),
    ("2号", "", "郝明伟", "13912345678", "私房", ""),
)
UNSURE, ROWS_TAB = 0, 1


def write(path: Path) -> Path:
    book = Book()
    sheet = book.active
    assert sheet is not None
    sheet.append(["福元小区住户名册"])
    for row in ROWS:
        sheet.append(list(row))
    book.save(path)
    return path


@pytest.fixture
def opened(page: ImportController, tmp_path: Path, settled: Settled) -> ImportController:
    page.open_file(write(tmp_path / "名册.xlsx"))
    settled()
    return page


def cells(table: RowCells) -> dict[str, tuple[str, str]]:
    rows = range(table.rowCount())
    texts = [[str(table.model().index(row, column).data() or "") for column in range(3)] for row in rows]
    return {name: (text, became) for name, text, became in texts}


def type_in(table: RowCells, name: str, text: str) -> None:
    """Edit a cell as a clerk does by the keyboard."""
    row = list(cells(table)).index(name)
    table.setFocus()
    table.setCurrentCell(row, 1)
    QTest.keyClick(table, Qt.Key.Key_F2)
    [line] = table.findChildren(QLineEdit)
    line.setText(text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def pick(page: ImportController, row: int, settled: Settled) -> RowCells:
    page.check.tabs.setCurrentIndex(ROWS_TAB)
    settled()
    page.check.rows.table.table.selectRow(row)
    settled()
    return page.check.rows.panel.cells


def test_a_picked_row_shows_what_each_cell_became_masked(opened: ImportController, settled: Settled) -> None:
    shown = cells(pick(opened, 0, settled))
    assert shown["A 门牌号"] == ("1号", "Building or gate: 1号")
    assert shown["C 户主姓名"] == ("蔡*", "Name of the holder: 蔡*")
    assert shown["D 联系电话"] == ("138****5678", "Telephone: 138****5678")
    assert shown["F 单位"][0] == "甲"
    assert shown["F 单位"][1]
    assert opened.check.rows.panel.title.text() == "Sheet, row 3"


def test_an_issue_shows_its_row(opened: ImportController, settled: Settled) -> None:
    opened.check.show_problems()
    settled()
    opened.check.problems.table.table.selectRow(0)
    settled()
    assert "room or part is missing" in opened.check.issues.panel.about.text()
    assert "郝*" in cells(opened.check.issues.panel.cells)["C 户主姓名"][0]


def test_rows_are_filtered_by_what_becomes_of_them_and_by_a_whole_name(
    opened: ImportController, settled: Settled, qtbot: QtBot
) -> None:
    pick(opened, 0, settled)
    table = opened.check.rows.table
    [state] = table.facets.findChildren(QComboBox)
    faulty = state.findText("Not imported (1)")
    assert faulty > 0
    state.setCurrentIndex(faulty)
    state.activated.emit(faulty)
    qtbot.waitUntil(lambda: table.model.rowCount() == 1)
    table.clear_filters()
    table.filter.setText("苏强平")
    qtbot.waitUntil(lambda: table.model.rowCount() == 1)
    assert table.model.index(0, 3).data() == "苏*"


def test_unsure_words_stand_first_and_are_confirmed_for_all(
    opened: ImportController, settled: Settled
) -> None:
    check = opened.check
    assert check.tabs.currentIndex() == UNSURE
    assert check.tabs.tabText(UNSURE) == "Unsure (1)"
    check.unsure.table.table.selectRow(0)
    settled()
    assert check.unsure.table.model.index(0, 2).data() == "2 rows"
    assert opened.check.unsure.panel.title.text() == "Sheet, row 3"
    before = check.figures.text("households")
    check.unsure.confirm_button.click()
    settled()
    assert check.tabs.tabText(UNSURE) == "Unsure"
    assert check.figures.text("households") == before


def read_otherwise(page: ImportController, words: str, settled: Settled) -> None:
    page.check.unsure.table.table.selectRow(0)
    settled()
    menu = page.check.unsure.menu()
    [action] = [one for one in menu.actions() if one.text() == words]
    action.trigger()
    menu.deleteLater()
    settled()


def test_a_word_is_read_otherwise_and_so_in_the_next_file(
    opened: ImportController, tmp_path: Path, seat: Seat, settled: Settled
) -> None:
    read_otherwise(opened, "Private house", settled)
    opened.check.import_button.click()
    settled()
    [home] = estates.find_units(seat, "蔡兰刚")
    assert units.unit_detail(seat, home.id).fields.tenure == "private"
    opened.open_file(write(tmp_path / "明年.xlsx"))
    settled()
    assert "Read as corrected on" in opened.check.kept.text()
    assert opened.check.tabs.tabText(UNSURE) == "Unsure"
    assert "Tenure: Private house" in cells(pick(opened, 0, settled))["E 房屋性质"][1]


def test_a_corrected_column_holds_for_the_next_file_until_it_is_forgotten(
    opened: ImportController, tmp_path: Path, settled: Settled
) -> None:
    opened.check.tabs.setCurrentIndex(FIRST_TABLE)
    [table] = opened.check.tables()
    phone = table.choices[3]
    phone.setCurrentIndex(phone.findData("contact"))
    phone.activated.emit(phone.currentIndex())
    settled()
    opened.check.import_button.click()
    settled()
    opened.open_file(write(tmp_path / "明年.xlsx"))
    settled()
    [table] = opened.check.tables()
    assert table.choices[3].currentData() == "contact"
    assert "Other contact" in cells(pick(opened, 0, settled))["D 联系电话"][1]
    screen.button(opened.check.kept, "Forget these corrections").click()
    settled()
    [table] = opened.check.tables()
    assert table.choices[3].currentData() == "phone"
    assert cells(opened.check.rows.panel.cells)["D 联系电话"][1] == "Telephone: 138****5678"


def test_a_faulty_row_is_corrected_in_place_and_imported(
    opened: ImportController, seat: Seat, settled: Settled
) -> None:
    table = pick(opened, 3, settled)
    assert opened.check.figures.text("rejected") == "1"
    type_in(table, "B 室号", "202室")
    settled()
    assert opened.check.figures.text("rejected") == "0"
    assert "Room or part: 202室" in cells(opened.check.rows.panel.cells)["B 室号"][1]
    opened.check.import_button.click()
    settled()
    assert estates.find_units(seat, "2号202")[0].address == "福元小区2号202室"


def test_a_masked_cell_is_typed_anew_and_stays_when_nothing_is_typed(
    opened: ImportController, settled: Settled
) -> None:
    table = pick(opened, 0, settled)
    type_in(table, "D 联系电话", "")
    settled()
    assert cells(table)["D 联系电话"][0] == "138****5678"
    type_in(table, "D 联系电话", "123")
    settled()
    text, became = cells(opened.check.rows.panel.cells)["D 联系电话"]
    assert text == "123"
    assert "Issue: " in became


def test_what_was_typed_is_asked_about_before_the_file_is_left(
    opened: ImportController, settled: Settled
) -> None:
    type_in(pick(opened, 3, settled), "B 室号", "202室")
    settled()
    assert opened.has_unsaved
    opened.check.back_button.click()
    asked = question()
    asked.buttons[1].click()
    assert opened.page.currentWidget() is opened.check
    opened.check.back_button.click()
    question().buttons[0].click()
    settled()
    assert opened.page.currentWidget() is opened.start
    assert not opened.has_unsaved


def test_a_row_that_was_read_again_is_shown_so_on_the_other_tabs(
    opened: ImportController, settled: Settled
) -> None:
    opened.check.show_problems()
    settled()
    opened.check.problems.table.table.selectRow(0)
    settled()
    type_in(pick(opened, 3, settled), "B 室号", "202室")
    settled()
    opened.check.show_problems()
    settled()
    panel = opened.check.issues.panel
    assert "missing" not in panel.about.text()
    assert cells(panel.cells)["B 室号"][0] == "202室"


# --- after the import


def test_a_kept_row_is_revealed_corrected_and_imported_alone(
    page: ImportController, seat: Seat, tmp_path: Path, settled: Settled
) -> None:
    number = imports.import_roster(seat, write_roster(tmp_path / "名册.xlsx")).import_id
    assert number is not None
    page.rest.show(number)
    settled()
    view = page.rest.view
    rows = unimported.list_unimported(seat, number).rows
    faulty = next(index for index, row in enumerate(rows) if "missing" in row.reason)
    view.table.table.selectRow(faulty)
    settled()
    assert view.panel.isHidden(), "not before it is revealed, which is logged"
    view.cells.reveal_requested.emit()
    settled()
    assert any("郝*" in text for text, _became in cells(view.panel.cells).values())
    name = next(name for name in cells(view.panel.cells) if "室号" in name)
    type_in(view.panel.cells, name, "后楼")
    settled()
    assert page.has_unsaved
    assert view.import_button.text() == "&Import the 1 corrected row"
    view.import_button.click()
    settled()
    assert estates.find_units(seat, "2号后楼")[0].address == "南昌路168弄2号后楼"
    assert len(unimported.list_unimported(seat, number).rows) == len(rows) - 1
    assert "New: 1 unit, 1 household." in view.banner.text()
    assert not page.has_unsaved


def test_a_kept_row_that_is_still_faulty_stays_and_says_why(
    page: ImportController, seat: Seat, tmp_path: Path, settled: Settled
) -> None:
    number = imports.import_roster(seat, write_roster(tmp_path / "名册.xlsx")).import_id
    assert number is not None
    page.rest.show(number)
    settled()
    view = page.rest.view
    rows = unimported.list_unimported(seat, number).rows
    view.table.table.selectRow(next(index for index, row in enumerate(rows) if "missing" in row.reason))
    settled()
    view.cells.reveal_requested.emit()
    settled()
    type_in(view.panel.cells, next(name for name in cells(view.panel.cells) if "面积" in name), "11")
    settled()
    assert not view.import_button.isEnabled()
    assert "missing" in view.panel.about.text()
    view.close_button.click()
    question().buttons[0].click()
    settled()
    assert page.page.currentWidget() is page.start


def test_a_row_is_reached_and_corrected_by_the_keyboard_alone(
    opened: ImportController, settled: Settled
) -> None:
    shown = pick(opened, 3, settled)
    opened.check.rows.table.table.setFocus()
    for _step in range(4):
        if shown.hasFocus():
            break
        QTest.keyClick(opened.page.window().focusWidget(), Qt.Key.Key_Tab)
    assert shown.hasFocus()
    while shown.currentRow() != list(cells(shown)).index("B 室号"):
        QTest.keyClick(shown, Qt.Key.Key_Up if shown.currentRow() > 1 else Qt.Key.Key_Down)
    QTest.keyClicks(shown, "2")
    line = opened.page.window().focusWidget()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "02")
    QTest.keyClick(line, Qt.Key.Key_Return)
    settled()
    assert cells(shown)["B 室号"][0] == "202"
    assert opened.check.figures.text("rejected") == "0"


def test_names_that_may_be_none_are_taken_so_for_all_by_one_click(
    page: ImportController, tmp_path: Path, settled: Settled
) -> None:
    book = Book()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("楼号", "室号", "业主"),
        ("1", "101", "阿依古丽"),
        ("1", "102", "施国强夫妇"),
        ("1", "103", "王芳"),
    ):
        sheet.append(row)
    book.save(tmp_path / "福元小区名册.xlsx")
    page.open_file(tmp_path / "福元小区名册.xlsx")
    settled()
    assert page.check.tabs.tabText(UNSURE) == "Unsure (1)"
    page.check.unsure.table.table.selectRow(0)
    settled()
    page.check.unsure.confirm_button.click()
    settled()
    assert page.check.tabs.tabText(UNSURE) == "Unsure"
    assert page.check.figures.text("households") == "3"
