"""No copy of the program is ever without the formats that keep it out of the clipboard's history."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.clipboard import ClipboardCleaner
from fuyuan_desk.widgets.private_copy import PrivateCopy, as_private, copy_text, is_private, private_formats

SECRET = "张三 13800000000"
SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


def line(text: str = SECRET) -> QLineEdit:
    made = QLineEdit(text)
    made.selectAll()
    return made


def password() -> QLineEdit:
    made = line()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def lines() -> QPlainTextEdit:
    made = QPlainTextEdit(SECRET)
    made.selectAll()
    return made


def browser() -> QTextBrowser:
    made = QTextBrowser()
    made.setPlainText(SECRET)
    made.selectAll()
    return made


def label() -> QLabel:
    made = QLabel(SECRET)
    made.setTextInteractionFlags(SELECTABLE)
    made.setSelection(0, len(SECRET))
    return made


def combo() -> QComboBox:
    made = QComboBox()
    made.setEditable(True)
    made.setEditText(SECRET)
    edit = made.lineEdit()
    assert edit is not None
    edit.selectAll()
    return made


def table() -> QTableView:
    made = QTableView()
    model = QStandardItemModel(1, 1, made)
    model.setData(model.index(0, 0), SECRET)
    made.setModel(model)
    made.setCurrentIndex(model.index(0, 0))
    return made


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    QVBoxLayout(made).addWidget(QPushButton("elsewhere"))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def copies(qapp: QApplication, window: QWidget) -> Iterator[list[tuple[str, bool]]]:
    """Every state of the clipboard, with whether it was private on Windows."""
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    seen: list[tuple[str, bool]] = []

    def note() -> None:
        seen.append((clipboard.text(), is_private(clipboard.mimeData(), "win32")))

    clipboard.dataChanged.connect(note)
    PrivateCopy(qapp, window, "win32")
    yield seen
    clipboard.dataChanged.disconnect(note)


def put(window: QWidget, made: QWidget) -> QWidget:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(made)
    made.show()
    made.setFocus()
    QTest.qWait(1)
    assert made.hasFocus()
    return made


KINDS = (line, lines, browser, label, combo, table)


@pytest.mark.parametrize("make", KINDS)
def test_a_copy_by_key_is_private_from_the_first(make, window: QWidget, copies: list) -> None:
    made = put(window, make())
    QTest.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copies == [(SECRET, True)]


@pytest.mark.parametrize("make", [line, lines, combo])
def test_what_is_cut_is_private_and_gone_and_comes_back_by_undo(make, window: QWidget, copies: list) -> None:
    made = put(window, make())
    QTest.keyClick(made, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert copies == [(SECRET, True)]
    QTest.keyClick(made, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(made, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(made, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    inner = made.lineEdit() if isinstance(made, QComboBox) else made
    assert isinstance(inner, QLineEdit | QPlainTextEdit)
    assert (inner.text() if isinstance(inner, QLineEdit) else inner.toPlainText()) == SECRET


@pytest.mark.parametrize("make", [line, lines, browser, label])
def test_a_copy_by_the_menu_is_private_from_the_first(
    make, qtbot: QtBot, window: QWidget, copies: list
) -> None:
    made = put(window, make())
    target = made.viewport() if isinstance(made, QPlainTextEdit | QTextBrowser) else made
    at = QPoint(5, 5)
    QApplication.sendEvent(
        target, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, target.mapToGlobal(at))
    )
    [menu] = [
        shown for shown in QApplication.topLevelWidgets() if isinstance(shown, QMenu) and shown.isVisible()
    ]
    [copy] = [action for action in menu.actions() if action.text().replace("&", "").startswith("Copy\t")
              or action.text().replace("&", "") == "Copy"]  # fmt: skip
    copy.trigger()
    menu.close()
    assert copies == [(SECRET, True)]


def test_a_password_is_not_copied_and_nothing_selected_leaves_the_clipboard(
    window: QWidget, copies: list
) -> None:
    for made in (password(), QLineEdit(SECRET)):
        put(window, made)
        made.deselect() if made.echoMode() == QLineEdit.EchoMode.Normal else made.selectAll()
        QTest.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copies == []


def test_a_field_that_cannot_be_changed_is_copied_and_keeps_its_text(window: QWidget, copies: list) -> None:
    made = line()
    made.setReadOnly(True)
    put(window, made)
    QTest.keyClick(made, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert made.text() == SECRET


def test_a_copy_by_another_way_is_replaced_at_once(qtbot: QtBot, window: QWidget) -> None:
    cleaner = ClipboardCleaner(window, platform="win32")
    clipboard = QGuiApplication.clipboard()
    clipboard.setText(SECRET)
    assert clipboard.text() == SECRET
    assert is_private(clipboard.mimeData(), "win32")
    cleaner.deleteLater()


def test_windows_is_told_by_three_formats_and_kde_by_one() -> None:
    assert private_formats("win32") == {
        f'application/x-qt-windows-mime;value="{name}"': b"\0\0\0\0"
        for name in (
            "ExcludeClipboardContentFromMonitorProcessing",
            "CanIncludeInClipboardHistory",
            "CanUploadToCloudClipboard",
        )
    }
    assert private_formats("linux") == {"x-kde-passwordManagerHint": b"secret"}


def test_the_content_stays_the_same() -> None:
    data = QMimeData()
    data.setText(SECRET)
    data.setHtml("<b>张三</b>")
    made = as_private(data, "win32")
    assert (made.text(), made.html()) == (SECRET, "<b>张三</b>")
    copy_text(SECRET, "linux")
    assert is_private(QGuiApplication.clipboard().mimeData(), "linux")
    QGuiApplication.clipboard().clear()


def test_the_same_text_is_made_private_each_time(qtbot: QtBot, window: QWidget) -> None:
    cleaner = ClipboardCleaner(window, platform="win32")
    clipboard = QGuiApplication.clipboard()
    for _time in range(3):
        clipboard.setText(SECRET)
        assert is_private(clipboard.mimeData(), "win32")
    cleaner.deleteLater()
