"""Without a console the self-test runs and shows its lines in a window."""

import threading

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from fuyuan_desk.cli.self_test.window import ResultWindow
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.process.self_test import Result
from tests.screen import button, texts

LINES = ("福元台 自检", "1. 字库：通过", "自检通过")


def test_the_lines_are_shown_and_copied(qtbot: QtBot) -> None:
    window = ResultWindow("self-test.txt", lambda _progress: Result(True, LINES))
    qtbot.addWidget(window)
    window.show()
    assert any("self-test.txt" in text for text in texts(window))
    window.start()
    qtbot.waitUntil(lambda: window.passed is not None)
    assert window.passed
    assert window.text.toPlainText().splitlines() == [*LINES]
    button(window, "Copy").click()
    assert QGuiApplication.clipboard().text().splitlines() == [*LINES]
    button(window, "Close").click()
    assert not window.isVisible()


def test_a_test_that_does_not_start_has_not_passed(qtbot: QtBot) -> None:
    def refuse(_progress: Progress) -> Result:
        raise Unusable("no further process")

    window = ResultWindow("self-test.txt", refuse)
    qtbot.addWidget(window)
    window.start()
    qtbot.waitUntil(lambda: window.passed is not None)
    assert window.passed is False
    assert window.text.toPlainText() == "no further process"
    window.close()


def test_closing_the_window_cancels_the_test(qtbot: QtBot) -> None:
    begun, ended = threading.Event(), threading.Event()

    def wait(progress: Progress) -> Result:
        begun.set()
        try:
            while True:
                progress.step(1, 15)
        finally:
            ended.set()

    window = ResultWindow("self-test.txt", wait)
    qtbot.addWidget(window)
    window.show()
    window.start()
    assert begun.wait(5)
    window.close()
    assert ended.is_set()
    assert window.passed is None
