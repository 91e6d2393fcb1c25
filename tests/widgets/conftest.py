"""Fixtures of the widget tests."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.fixture
def front(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Show a window and wait until it has the keyboard focus."""

    def bring(window: QWidget) -> None:
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)

    return bring
