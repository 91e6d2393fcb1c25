import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.shell.activity import Activity


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made).addWidget(QLineEdit())
    _show(qtbot, made)
    return made


@pytest.fixture
def seen(qapp: QApplication, window: QWidget) -> list[str]:
    activity = Activity(qapp, window)
    found: list[str] = []
    activity.seen.connect(lambda: found.append("seen"))
    return found


def _show(qtbot: QtBot, made: QWidget) -> None:
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    qtbot.wait(20)


def test_keys_presses_and_movements_are_seen(window: QWidget, seen: list[str]) -> None:
    handle = window.windowHandle()
    for act in (
        lambda: QTest.keyClick(handle, Qt.Key.Key_A),
        lambda: QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 5)),
        lambda: QTest.mouseMove(handle, QPoint(9, 9)),
    ):
        seen.clear()
        act()
        QApplication.processEvents()
        assert seen
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_a_key_that_a_shortcut_consumes_is_seen(qtbot: QtBot, window: QWidget, seen: list[str]) -> None:
    shortcut = QShortcut(QKeySequence("Ctrl+J"), window)
    with qtbot.waitSignal(shortcut.activated):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert seen


def test_input_in_a_dialog_that_opens_later_is_seen(qtbot: QtBot, window: QWidget, seen: list[str]) -> None:
    dialog = QDialog(window)
    _show(qtbot, dialog)
    seen.clear()
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_A)
    assert seen


def test_what_the_program_does_by_itself_is_not_seen(qtbot: QtBot, window: QWidget, seen: list[str]) -> None:
    layout = window.layout()
    assert layout is not None
    seen.clear()
    for _number in range(20):
        layout.addWidget(QLineEdit())
    window.repaint()
    qtbot.wait(30)
    assert seen == []
