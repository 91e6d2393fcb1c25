"""What the window does for the data that it shows: copies, pictures of the screen, the place where it comes back."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.process.relaunch import Handover
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.widgets.masked import MaskedValue
from fuyuan_desk.widgets.private_copy import is_private
from fuyuan_desk.widgets.revealed import CaptureBar
from tests.windows import MakeWindow, quiet


def test_what_is_copied_at_the_desk_was_never_public(qtbot: QtBot, shared_desk: MainWindow) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    seen: list[bool] = []

    def note() -> None:
        seen.append(is_private(clipboard.mimeData()))

    clipboard.dataChanged.connect(note)
    shared_desk.activateWindow()
    qtbot.waitUntil(shared_desk.isActiveWindow)
    search = shared_desk.open_desk.search
    search.setFocus()
    search.setText("13800000000")
    search.selectAll()
    QTest.keyClick(search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard.dataChanged.disconnect(note)
    assert clipboard.text() == "13800000000"
    assert seen == [True]
    search.clear()


def test_the_window_is_barred_while_a_number_is_revealed_on_its_page(
    qtbot: QtBot, qapp: QApplication, shared_desk: MainWindow
) -> None:
    barred: dict[int, bool] = {}

    def bar(window: int, is_barred: bool) -> bool:
        barred[window] = is_barred
        return True

    own = int(shared_desk.winId())
    capture = CaptureBar(qapp, bar, True)  # in place of that of the window, which knows no such system here
    estates: Any = shared_desk.open_desk.go("estates")
    estates.open_estate(1)
    quiet(qtbot, shared_desk)
    estates.estate.view.tabs.setCurrentIndex(2)
    quiet(qtbot, shared_desk)
    table = estates.estate.units.view.table.table
    values: list[MaskedValue] = []
    for row in range(table.model().rowCount()):
        table.selectRow(row)
        quiet(qtbot, shared_desk)
        values = [
            made for made in shared_desk.findChildren(MaskedValue) if made.isVisible() and "*" in made.text()
        ]
        if values:
            break
    [eye] = values[0].findChildren(QToolButton)
    eye.click()
    qtbot.waitUntil(lambda: values[0].is_shown)
    assert barred == {own: True}
    shared_desk.open_desk.go("today")
    quiet(qtbot, shared_desk)
    assert barred == {own: False}
    capture.setParent(None)


@pytest.mark.parametrize(
    ("place", "stays"),
    [((40, 50, 700, 500), True), ((9000, 50, 700, 500), False), ((40, -4000, 700, 500), False)],
)
def test_a_locked_window_comes_back_on_a_screen_that_is_there(
    qtbot: QtBot,
    qapp: QApplication,
    open_window: MakeWindow,
    folder: Path,
    place: tuple[int, int, int, int],
    stays: bool,
) -> None:
    window: QWidget = open_window(store=str(folder), last_login="admin")
    assert isinstance(window, MainWindow)
    window.start_locked(Handover(str(folder), "admin", place=place))
    area = window.geometry()
    assert any(screen.availableGeometry().contains(area.topLeft()) for screen in qapp.screens())
    assert ((area.x(), area.y()) == place[:2]) == stays
