"""Fixtures of the whole window, from sign-in to the desk."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.process.high_contrast import SystemColours
from fuyuan_desk.shell import sample_office
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.shell.resume import POLL_MS, Resume
from tests.conftest import PASSWORD
from tests.desks import wait_until_quiet

MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    """The preferences file of this test's window."""
    return tmp_path / "config" / "settings.json"


def show_window(
    qtbot: QtBot,
    qapp: QApplication,
    settings_file: Path,
    system: SystemColours | None = None,
    **preferences: Any,
) -> MainWindow:
    """Open the window with these preferences, and in the colours of a contrast theme."""
    qapp.setStyleSheet("")  # the window has its own
    window = MainWindow(qapp, Preferences(**{"language": "en", **preferences}), settings_file, system)
    window.show_entry()
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()  # shortcuts reach the active window only
    qtbot.waitUntil(window.isActiveWindow)
    return window


def close_window(qtbot: QtBot, qapp: QApplication, window: MainWindow) -> None:
    """Close a window once it is at rest."""
    quiet(qtbot, window)
    window.close()
    window.deleteLater()


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, settings_file: Path) -> Iterator[MakeWindow]:
    """Open the window with the given preferences; it is closed at the end of the test."""
    windows: list[MainWindow] = []

    def make(**preferences: Any) -> MainWindow:
        windows.append(show_window(qtbot, qapp, settings_file, **preferences))
        return windows[-1]

    yield make
    for window in windows:
        close_window(qtbot, qapp, window)


@pytest.fixture(scope="module")
def shared_desk(
    request: pytest.FixtureRequest,
    qapp: QApplication,
    prepared_sample: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MainWindow]:
    """The administrator at the desk of a sample office, in one window for all tests of a module."""
    qtbot = QtBot(request)
    place = tmp_path_factory.mktemp("shared")
    shutil.copytree(prepared_sample, place / "office")
    use_language("en")
    window = show_window(
        qtbot, qapp, place / "settings.json", store=str(place / "office"), last_login="admin"
    )
    sign_in(qtbot, window, sample_office.PASSWORD)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    quiet(qtbot, window)
    yield window
    close_window(qtbot, qapp, window)


def quiet(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until no work is running."""

    def is_idle() -> bool:
        desk = window.open_desk
        return window.worker.is_idle and (desk is None or desk.desk.is_idle)

    wait_until_quiet(qtbot, is_idle)


def resumed(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until no work is running and what was open before is open again."""
    quiet(qtbot, window)
    while window.open_desk is not None and window.open_desk.frame.findChild(Resume) is not None:
        qtbot.wait(POLL_MS)
        quiet(qtbot, window)
    qtbot.wait(2 * POLL_MS)  # it notes the place where it is
    quiet(qtbot, window)


def at_desk(window: MainWindow) -> bool:
    """Return whether the window shows the desk."""
    return window.entry is None and window.open_desk is not None and window.open_desk.frame.isVisible()


def sign_in(qtbot: QtBot, window: MainWindow, password: str = PASSWORD, login: str = "") -> None:
    view = window.entry.view
    if login:
        view.login.clear()
        qtbot.keyClicks(view.login, login)
    qtbot.keyClicks(view.password, password)
    qtbot.keyClick(view.password, Qt.Key.Key_Return)
