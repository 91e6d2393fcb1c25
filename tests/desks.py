"""Fixtures for the pages of every job: a desk with its worker, a focused window, waiting for idle."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.work import Worker

_QUIET_LOOKS = 3
_SOON_MS = 250  # what a page does after a pause in the typing; longer timers keep drafts and hide messages


def wait_until_quiet(qtbot: QtBot, is_idle: Callable[[], bool], timeout: int = 20_000) -> None:
    """Wait until no work is running, no event is pending and no page acts after a short pause."""
    timers: list[QTimer] = []
    while True:
        qtbot.waitUntil(lambda: is_idle() and not any(map(_is_running, timers)), timeout=timeout)
        looks = 0
        while looks < _QUIET_LOOKS and is_idle():
            QTest.qWait(5)
            looks += 1
        # looked for once at the end: going through the thousands of objects of a window takes longer than a look
        if is_idle() and not (timers := _running_timers()):
            return


def _running_timers() -> list[QTimer]:
    """Return the timers of every window by which a page acts soon; what has a parent is found in its window."""
    windows = [window for window in QApplication.topLevelWidgets() if window.parent() is None]
    return [timer for window in windows for timer in window.findChildren(QTimer) if _is_running(timer)]


def _is_running(timer: QTimer) -> bool:
    return isValid(timer) and timer.isActive() and timer.isSingleShot() and timer.interval() <= _SOON_MS


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    """The database thread."""
    made = Worker("store")
    yield made
    made.shutdown()


@pytest.fixture
def desk(seat: Seat, worker: Worker) -> Iterator[Desk]:
    """The administrator's desk."""
    made = Desk(seat, worker)
    yield made
    made.close()


@pytest.fixture
def desk_as(seat_as: Callable[[Role], Seat], worker: Worker) -> Callable[[Role], Desk]:
    """Return the desk of an operator with another role."""
    return lambda role: Desk(seat_as(role), worker)


@pytest.fixture
def front(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Show a window and wait until it has the keyboard focus."""

    def bring(window: QWidget) -> None:
        qtbot.addWidget(window)
        window.resize(1158, 690)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)

    return bring


@pytest.fixture
def settled(qtbot: QtBot, worker: Worker) -> Callable[[], None]:
    """Wait until no more work is pending."""
    return lambda: wait_until_quiet(qtbot, lambda: worker.is_idle)


@pytest.fixture
def choose_file(qtbot: QtBot) -> Iterator[Callable[[Path], None]]:
    """Choose this file or folder in every file dialog that opens from now on."""
    answers: list[QTimer] = []

    def choose(path: Path) -> None:
        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QFileDialog):
                [line] = dialog.findChildren(QLineEdit, "fileNameEdit")
                line.setText(str(path))
                [box] = dialog.findChildren(QDialogButtonBox)
                next(made for made in box.buttons() if made.text() != "Cancel").click()

        timer = QTimer(interval=10)
        timer.timeout.connect(answer)
        timer.start()
        answers.append(timer)

    yield choose
    for timer in answers:
        timer.stop()


@pytest.fixture
def submit_export_order(qtbot: QtBot) -> Callable[..., None]:
    """Fill in and submit the open export dialog."""

    def submit(purpose: str = "核对", receiver: str = "某物业公司", unmasked: bool = False) -> None:
        [dialog] = [
            box for box in QApplication.topLevelWidgets() if isinstance(box, ExportDialog) and box.isVisible()
        ]
        raw = {"purpose": purpose, "receiver": receiver}
        dialog.form.set_raw({**raw, "unmasked": True} if unmasked else raw)
        dialog.form.submit()

    return submit
