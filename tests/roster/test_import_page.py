"""The roster import page as a clerk uses it, with small rosters of the four kinds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.estates.service import estates, households, units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.roster.controller.imports import ImportController
from fuyuan_desk.roster.service import imports
from fuyuan_desk.widgets.export_dialog import ExportDialog
from tests.estates.clerk import question
from tests.roster.rosters import write_roster

Front = Callable[[QWidget], None]


def test_a_button_leads_back_to_the_estates(page: ImportController, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.back_requested):
        QTest.mouseClick(page.start.back, Qt.MouseButton.LeftButton)


def banner_button(page: ImportController) -> QPushButton:
    [found] = [
        made for made in page.check.banner.findChildren(QPushButton) if made.isVisible() and made.text()
    ]
    return found


def drop(page: ImportController, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.start.zone.dropEvent(event)


def test_the_page_opens_with_its_first_screen_alone(
    page: ImportController, desk: Desk, settled: Callable[[], None]
) -> None:
    page.begin()
    page.page.hide()
    page.page.show()
    desk.changes.emit(frozenset({"import_run", "unit"}))
    settled()
    assert page.page.count() == 1
    assert page.page.currentWidget() is page.start


def test_a_dropped_roster_is_checked_imported_and_opened(
    page: ImportController, roster: Path, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    drop(page, roster)
    settled()
    check = page.check
    assert page.page.currentWidget() is check
    assert page.page.count() == 2, "the result is not needed yet"
    shown = {name: check.figures.text(name) for name in ("buildings", "units", "households", "duplicates")}
    assert shown == {"buildings": "2", "units": "3", "households": "3", "duplicates": "1"}
    assert check.figures.text("rejected") == "1"
    assert check.estate.text() == "南昌路168弄"
    assert estates.list_estates(seat).total == 0
    qtbot.keyClick(check, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.page.currentWidget() is page.result)
    settled()
    assert estates.list_estates(seat).rows[0].households == 3
    with qtbot.waitSignal(page.estate_opened) as opened:
        qtbot.keyClick(page.result.first_button(), Qt.Key.Key_Space)
    assert opened.args == [estates.list_estates(seat).rows[0].id]


def test_problems_are_listed_by_cell_and_filtered_by_severity(
    page: ImportController, roster: Path, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    page.check.show_problems()
    settled()
    problems = page.check.problems
    model = problems.table.model
    cells = {str(model.index(row, 2).data()) for row in range(model.rowCount())}
    assert "E5" in cells
    [severity] = problems.table.facets.findChildren(QComboBox)
    worst = severity.findText("Errors (1)")
    assert worst > 0
    severity.setCurrentIndex(worst)
    severity.activated.emit(worst)
    settled()
    rows = [str(model.index(row, 2).data()) for row in range(model.rowCount())]
    assert [cell[-1] for cell in rows] == ["7"]


def test_a_wrongly_recognised_column_is_corrected(
    page: ImportController, roster: Path, seat: Seat, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    [table] = page.check.tables()
    remarks = table.choices[6]
    assert remarks.currentData() == "remark"
    remarks.setCurrentIndex(remarks.findData("-"))
    remarks.activated.emit(remarks.currentIndex())
    settled()
    page.check.import_button.click()
    settled()
    [found] = estates.find_units(seat, "蔡兰刚")
    [household] = units.unit_detail(seat, found.id).households
    assert households.household_for_edit(seat, household.id).fields.remarks == ""


def test_the_estate_can_be_renamed(
    page: ImportController, roster: Path, seat: Seat, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    page.check.estate.setText("福元小区")
    page.check.estate.returnPressed.emit()
    settled()
    page.check.import_button.click()
    settled()
    assert [row.name for row in estates.list_estates(seat).rows] == ["福元小区"]


def test_a_roster_that_names_no_estate_asks_for_it(
    page: ImportController, tmp_path: Path, settled: Callable[[], None]
) -> None:
    page.open_file(write_roster(tmp_path / "表.xlsx", title=""))
    settled()
    assert not page.check.import_button.isEnabled()
    assert "estate" in page.check.banner.text()
    page.check.estate.setText("福元小区")
    page.check.estate.returnPressed.emit()
    settled()
    assert page.check.import_button.isEnabled()
    assert page.check.banner.text() == ""


def test_a_roster_without_headers_waits_for_confirmation(
    page: ImportController, tmp_path: Path, settled: Callable[[], None]
) -> None:
    page.open_file(write_roster(tmp_path / "南昌路168弄.xlsx", header=None))
    settled()
    assert page.page.currentWidget() is page.check
    assert not page.check.import_button.isEnabled()
    banner_button(page).click()
    settled()
    assert page.check.import_button.isEnabled()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", "会议纪要\n今天讨论了加装电梯。\n".encode()])
def test_a_file_without_a_roster_is_refused_and_the_page_stays_usable(
    page: ImportController, tmp_path: Path, roster: Path, content: bytes, settled: Callable[[], None]
) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(content)
    page.open_file(bad)
    settled()
    assert page.page.currentWidget() is page.start
    assert page.start.banner.tone == "error"
    assert "bad.xlsx" in page.start.banner.text()
    assert page.page.window().focusWidget() is page.start.zone.choose_button
    page.open_file(roster)
    settled()
    assert page.page.currentWidget() is page.check


def test_rejected_rows_are_saved_to_excel_and_can_be_imported_after_correction(
    qtbot: QtBot,
    page: ImportController,
    roster: Path,
    seat: Seat,
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    settled: Callable[[], None],
) -> None:
    page.open_file(roster)
    settled()
    page.check.import_button.click()
    settled()
    rest = tmp_path / "rest.xlsx"
    choose_file(rest)
    page.result.rest_button.click()
    settled()
    assert page.page.currentWidget() is page.rest.view
    page.rest.view.file_button.click()
    dialog = page.page.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    assert dialog.form.values()["purpose"] == "correct the roster and import it again"
    dialog.form.set_value("receiver", "This residents' committee")
    dialog.form.submit()
    qtbot.waitUntil(rest.exists)
    settled()
    sheet = load_workbook(rest).active
    assert sheet is not None
    names = [cell.value for cell in sheet[6]]
    assert sheet.max_row == 8
    assert "destroy after use" in str(sheet["A5"].value)
    missing = next(
        row for row in range(7, 9) if sheet.cell(row, names.index("户主姓名") + 1).value == "郝明伟"
    )
    sheet.cell(missing, names.index("室号/部位") + 1).value = "后楼"
    assert sheet.parent is not None
    sheet.parent.save(rest)  # type: ignore[union-attr]
    page.open_file(rest)
    settled()
    assert page.check.figures.text("households") == "1"
    page.check.import_button.click()
    settled()
    page.comparing.screen.write_button.click()
    settled()
    assert estates.find_units(seat, "2号后楼")[0].address == "南昌路168弄2号后楼"


def test_an_import_is_undone_after_confirmation(
    page: ImportController, roster: Path, seat: Seat, settled: Callable[[], None]
) -> None:
    page.open_file(roster)
    settled()
    page.check.import_button.click()
    settled()
    page.result.undo_button.click()
    settled()
    asked = question()
    assert "名册.xlsx" in asked.windowTitle()
    asked.buttons[0].click()
    settled()
    assert estates.list_estates(seat).total == 0
    assert page.page.currentWidget() is page.start
    model = page.start.table.model
    assert model.rowCount() == 1
    page.start.table.table.selectRow(0)
    assert not page.start.undo_button.isEnabled()


def test_an_earlier_import_is_undone_from_the_list(
    page: ImportController, roster: Path, seat: Seat, desk: Desk, settled: Callable[[], None]
) -> None:
    desk.run(imports.import_roster, roster)
    settled()
    page.start.table.table.selectRow(0)
    assert page.start.undo_button.isEnabled()
    page.start.undo_button.click()
    settled()
    question().buttons[0].click()
    settled()
    assert estates.list_estates(seat).total == 0


def test_a_cancelled_import_leaves_nothing_and_can_be_repeated(
    page: ImportController,
    roster: Path,
    seat: Seat,
    monkeypatch: pytest.MonkeyPatch,
    settled: Callable[[], None],
) -> None:
    page.open_file(roster)
    settled()
    real = imports.import_roster

    def stopped(seat: Seat, draft: object, progress: Progress) -> imports.ImportReport:
        progress.cancel()
        return real(seat, draft, progress=progress)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(imports, "import_roster", stopped)
        page.check.import_button.click()
        settled()
    assert page.page.currentWidget() is page.check
    assert "cancelled" in page.check.banner.text()
    assert estates.list_estates(seat).total == 0
    page.check.import_button.click()
    settled()
    assert estates.list_estates(seat).total == 1


def test_a_viewer_sees_earlier_imports_but_cannot_import(
    desk_as: Callable[[Role], Desk], front: Front, settled: Callable[[], None]
) -> None:
    made = ImportController(desk_as(Role.VIEWER))
    front(made.page)
    settled()
    assert not made.start.zone.isVisible()
    assert not made.start.undo_button.isVisible()
