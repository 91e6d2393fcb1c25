"""A desk with its worker, and an office with two small estates, for the pages of this job."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.desk import Desk
from fuyuan_desk.estates import buildings, households, service, units
from fuyuan_desk.estates.facts import BuildingFields, EstateFields, HouseholdFields, UnitFields
from fuyuan_desk.office.access import Role, Seat
from fuyuan_desk.widgets.work import Worker

GOOD_ID = "31010119800101000X"


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
    """A lane with two gates and three homes, and a tower without any."""
    lane = service.save_estate(seat, EstateFields("南昌路168弄", street="瑞金二路街道")).id
    first = buildings.save_building(seat, lane, BuildingFields("4号")).id
    second = buildings.save_building(seat, lane, BuildingFields("10号")).id
    for building, label, head in (
        (first, "亭子间", "蔡兰刚"),
        (first, "前楼", "姚艳志"),
        (second, "101室", "苏强平"),
    ):
        unit = units.save_unit(seat, UnitFields(building, label=label, area=1240)).id
        fields = HouseholdFields(head, id_number=GOOD_ID, phones=("13812345678",))
        households.save_household(seat, unit, fields)
    tower = service.save_estate(seat, EstateFields("富南大厦", property_company="福元物业")).id
    return lane, tower


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
