"""The diagnostics tab tests the installation beside the open office."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.diagnostics.controller import DiagnosticsController
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.process.self_test import Result
from tests.screen import button

Front = Callable[[QWidget], None]
LINES = ("Self-test of Fuyuan Desk", "1. Fonts: passed", "Self-test passed (0.1.0)")


def page_with(desk: Desk, front: Front, self_test: Callable[[Progress], Result]) -> DiagnosticsController:
    made = DiagnosticsController(desk, self_test)
    front(made.page)
    return made


def test_the_result_is_shown_and_saved(
    desk: Desk, front: Front, qtbot: QtBot, tmp_path: Path, choose_file: Callable[[Path], None]
) -> None:
    made = page_with(desk, front, lambda _progress: Result(True, LINES))
    assert not made.page.save.isVisible()
    button(made.page, "Test the installation").click()
    qtbot.waitUntil(lambda: bool(made.page.banner.text()))
    assert made.page.text.toPlainText().splitlines() == [*LINES]
    assert made.page.text.accessibleName() == "Result of the self-test"
    assert (made.page.banner.tone, made.page.banner.text()) == ("ok", LINES[-1])
    assert made.page.save.hasFocus()
    file = tmp_path / "result.txt"
    choose_file(file)
    QTest.keyClick(made.page.save, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "result.txt" in made.page.banner.text())
    assert file.read_bytes().decode("utf-8-sig").splitlines() == [*LINES]


def test_a_failed_test_is_told_from_one_that_passed(desk: Desk, front: Front, qtbot: QtBot) -> None:
    made = page_with(desk, front, lambda _progress: Result(False, (*LINES[:2], "Self-test failed: no. 4")))
    made.page.test.click()
    qtbot.waitUntil(lambda: bool(made.page.banner.text()))
    assert (made.page.banner.tone, made.page.banner.text()) == ("error", "Self-test failed: no. 4")


def test_a_test_that_does_not_start_is_refused_in_words(desk: Desk, front: Front, qtbot: QtBot) -> None:
    def refuse(_progress: Progress) -> Result:
        raise Unusable("no further process")

    made = page_with(desk, front, refuse)
    made.page.test.click()
    qtbot.waitUntil(lambda: "no further process" in made.page.banner.text())
    assert made.page.test.isEnabled()
    assert not made.page.test_progress.isVisible()


def test_the_desk_stays_usable_and_the_test_can_be_cancelled(desk: Desk, front: Front, qtbot: QtBot) -> None:
    ended: list[str] = []

    def wait(progress: Progress) -> Result:
        try:
            while True:
                progress.step(3, 15, "4. Fonts: passed")
        finally:
            ended.append("cancelled")

    made = page_with(desk, front, wait)
    made.page.test.click()
    qtbot.waitUntil(lambda: "3 of 15" in made.page.test_progress.counts())
    assert not made.page.test.isEnabled()
    made.page.make_requested.emit()
    qtbot.waitUntil(lambda: "== Check ==" in made.page.text.toPlainText())
    assert ended == []
    button(made.page.test_progress, "Cancel").click()
    qtbot.waitUntil(lambda: desk.is_idle)
    assert ended
    assert made.page.test.isEnabled()
    assert not made.page.test_progress.isVisible()
