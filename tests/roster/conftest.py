"""Fixtures of the roster's pages: a small roster with faults, and the page of the import."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.roster.controller.imports import ImportController
from tests.roster.rosters import write_roster
from tests.roster.yearly import ROWS, Office

Front = Callable[[QWidget], None]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return write_roster(tmp_path / "名册.xlsx")


@pytest.fixture
def settled(qtbot: QtBot, desk: Desk) -> Callable[[], None]:
    """Wait until nothing is at work; a file is read beside the database thread."""

    def wait() -> None:
        quiet = 0
        while quiet < 8:
            qtbot.waitUntil(lambda: desk.is_idle)
            QTest.qWait(20)
            quiet = quiet + 1 if desk.is_idle else 0

    return wait


@pytest.fixture
def page(desk: Desk, front: Front, settled: Callable[[], None]) -> ImportController:
    made = ImportController(desk)
    front(made.page)
    settled()
    return made


@pytest.fixture
def office(seat: Seat, tmp_path: Path) -> Office:
    """Return an office that has imported `ROWS`."""
    made = Office(seat, tmp_path)
    assert made.take(made.file(*ROWS, days_ago=60)).households == 4
    return made
