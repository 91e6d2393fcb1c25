"""A roster under a password: the page and the command ask for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fuyuan_desk.roster.controller.imports import ImportController
from fuyuan_desk.roster.view.file_password import PASSWORD, FilePasswordDialog
from tests.screen import shown
from tests.workbook import protected

Settled = Callable[[], None]


@pytest.fixture
def locked(roster: Path) -> Path:
    roster.write_bytes(protected.agile(roster.read_bytes(), "fumin-168"))
    return roster


def type_in(qtbot: QtBot, password: str) -> None:
    dialog = shown(FilePasswordDialog)
    field = dialog.form.editor(PASSWORD).inner()[0]
    qtbot.keyClicks(field, password)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def is_asking() -> bool:
    return any(
        isinstance(box, FilePasswordDialog) and box.isVisible() for box in QApplication.topLevelWidgets()
    )


def test_the_password_is_asked_for_until_it_is_right(
    page: ImportController, locked: Path, qtbot: QtBot, settled: Settled
) -> None:
    page.open_file(locked)
    settled()
    assert shown(FilePasswordDialog).form.errors() == {}
    type_in(qtbot, "wrong")
    settled()
    assert "not the password" in shown(FilePasswordDialog).form.errors()[PASSWORD]
    type_in(qtbot, "fumin-168")
    settled()
    assert not is_asking()
    assert page.page.currentWidget() is page.check
    assert page.check.figures.text("households") == "3"


def test_leaving_the_question_leads_back_to_the_start(
    page: ImportController, locked: Path, qtbot: QtBot, settled: Settled
) -> None:
    page.open_file(locked)
    settled()
    qtbot.mouseClick(shown(FilePasswordDialog).cancel_button, Qt.MouseButton.LeftButton)
    settled()
    assert not is_asking()
    assert page.page.currentWidget() is page.start
    assert page.start.zone.isEnabled()
    assert not page.start.banner.isVisible()


def test_a_damaged_file_is_refused_in_the_banner(
    page: ImportController, locked: Path, settled: Settled
) -> None:
    locked.write_bytes(locked.read_bytes()[:3000])
    page.open_file(locked)
    settled()
    assert not is_asking()
    assert page.start.banner.isVisible()


def test_the_tick_reads_hidden_sheets(
    page: ImportController, roster: Path, qtbot: QtBot, settled: Settled
) -> None:
    book = load_workbook(roster)
    other = book.copy_worksheet(book.worksheets[0])
    other.title, other.sheet_state = "老表", "hidden"
    book.save(roster)
    page.open_file(roster)
    settled()
    assert page.check.figures.text("sheets") == "1"
    page.check.back_requested.emit()
    page.start.zone.hidden.click()
    page.open_file(roster)
    settled()
    assert page.check.figures.text("sheets") == "2"
