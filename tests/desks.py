"""Fixtures for the pages of every job: a desk with its worker, a focused window, waiting for idle."""

import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.export_dialog import ExportDialog
from fuyuan_desk.widgets.work import Worker

_QUIET_LOOKS = 3
_LOOK_MS = 1
_POLL_MS = 2
_SOON_MS = 250  # what a page does after a pause in the typing; longer timers keep drafts and hide messages
_TIMERS: weakref.WeakSet[QTimer] = weakref.WeakSet()


def _note_timers() -> None:
    """Note every timer that is made: to look for them among the thousands of objects of a window takes longer."""
    make = QTimer.__init__

    def made(self: QTimer, *arguments: Any, **properties: Any) -> None:
        make(self, *arguments, **properties)
        _TIMERS.add(self)

    QTimer.__init__ = made


_note_timers()


def wait_until_quiet(qtbot: QtBot, is_idle: Callable[[], bool], timeout: int = 20_000) -> None:
    """Wait until no work is running, no event is pending and no page acts after a short pause."""
    timers: list[QTimer] = []
    while True:
        _wait_until(lambda: is_idle() and not any(map(_is_soon, timers)), timeout)
        looks = 0
        while looks < _QUIET_LOOKS and is_idle():
            QTest.qWait(_LOOK_MS)
            looks += 1
        if is_idle() and not (timers := _running_timers()):
            return


def _wait_until(is_met: Callable[[], bool], timeout: int) -> None:
    """Wait in one loop of events; a loop for each look would cost more than most of the work that is waited for."""
    loop, deadline = QEventLoop(), time.monotonic() + timeout / 1000
    poll = QTimer(interval=_POLL_MS)
    poll.timeout.connect(lambda: (is_met() or time.monotonic() > deadline) and loop.quit())
    poll.start()
    while not is_met():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not quiet after {timeout} ms")
        loop.exec()  # ends early where the last window is closed


def _running_timers() -> list[QTimer]:
    """Return the timers by which a page acts soon; those that Qt has deleted are no longer noted."""
    for timer in [timer for timer in _TIMERS if not isValid(timer)]:
        _TIMERS.discard(timer)
    return [timer for timer in _TIMERS if _is_soon(timer)]


def _is_soon(timer: QTimer) -> bool:
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
