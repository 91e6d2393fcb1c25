from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.clipboard import SECONDS, ClipboardCleaner


@pytest.fixture
def keep(qtbot: QtBot) -> Callable[[float], ClipboardCleaner]:
    """Create a cleaner of an empty clipboard."""
    QGuiApplication.clipboard().clear()
    return lambda seconds: ClipboardCleaner(seconds=seconds)


def text() -> str:
    return QGuiApplication.clipboard().text()


def test_what_was_copied_is_gone_after_its_time(
    qtbot: QtBot, keep: Callable[[float], ClipboardCleaner]
) -> None:
    keeper = keep(0.2)
    line = QLineEdit("13800000000")
    qtbot.addWidget(line)
    line.selectAll()
    line.copy()
    assert text() == "13800000000"
    qtbot.wait(80)
    assert text() == "13800000000"
    qtbot.waitUntil(lambda: not text())
    keeper.deleteLater()


def test_the_time_begins_anew_with_each_copy(qtbot: QtBot, keep: Callable[[float], ClipboardCleaner]) -> None:
    keeper = keep(0.3)
    QGuiApplication.clipboard().setText("first")
    qtbot.wait(200)
    QGuiApplication.clipboard().setText("second")
    qtbot.wait(200)
    assert text() == "second"
    qtbot.waitUntil(lambda: not text())
    keeper.deleteLater()


def test_what_another_program_put_there_stays(
    qtbot: QtBot, keep: Callable[[float], ClipboardCleaner], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClipboardCleaner, "_is_ours", lambda _self, _mode: False)
    keeper = keep(0.05)
    QGuiApplication.clipboard().setText("of another program")
    qtbot.wait(150)
    keeper.clear()
    assert text() == "of another program"
    keeper.deleteLater()


def test_at_a_lock_it_is_gone_at_once(qtbot: QtBot, keep: Callable[[float], ClipboardCleaner]) -> None:
    keeper = keep(SECONDS)
    data = QMimeData()
    data.setText("310101194910010006")
    QGuiApplication.clipboard().setMimeData(data)
    keeper.clear()
    assert text() == ""
    keeper.deleteLater()
