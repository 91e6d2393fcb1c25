"""A desk with its worker and an office with two estates, for the pages of this job."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.desk import Desk
from fuyuan_desk.estates import service as estates
from fuyuan_desk.estates.facts import EstateFields
from fuyuan_desk.office.access import Role, Seat
from fuyuan_desk.widgets.work import Worker


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker("store")
    yield made
    made.shutdown()


@pytest.fixture
def desk(seat: Seat, worker: Worker) -> Iterator[Desk]:
    made = Desk(seat, worker)
    yield made
    made.close()


@pytest.fixture
def desk_as(seat_as: Callable[[Role], Seat], worker: Worker) -> Callable[[Role], Desk]:
    return lambda role: Desk(seat_as(role), worker)


@pytest.fixture
def two_estates(seat: Seat) -> tuple[int, int]:
    """A lane and a tower."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄", street="瑞金二路街道")).id
    return lane, estates.save_estate(seat, EstateFields("富南大厦", property_company="福元物业")).id


@pytest.fixture
def front(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Show a window and wait until the keyboard belongs to it."""

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
    """Wait until nothing more is on its way."""

    def wait() -> None:
        quiet = 0
        while quiet < 6:
            qtbot.waitUntil(lambda: worker.is_idle)
            QTest.qWait(20)
            quiet = quiet + 1 if worker.is_idle else 0

    return wait
