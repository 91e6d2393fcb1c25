"""A desk with its worker, and an office with two small estates, for the pages of this job."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts import BuildingFields, EstateFields, HouseholdFields, UnitFields
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.work import Worker
from tests.desks import wait_until_quiet

GOOD_ID = "31010119800101000X"


@pytest.fixture
def two_estates(seat: Seat) -> tuple[int, int]:
    """A lane with two gates and three homes, and a tower without any."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄", street="瑞金二路街道")).id
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
    tower = estates.save_estate(seat, EstateFields("富南大厦", property_company="福元物业")).id
    return lane, tower


@pytest.fixture
def settled(qtbot: QtBot, worker: Worker, desk: Desk) -> Callable[[], None]:
    """Wait until nothing more is on its way, on either thread."""
    return lambda: wait_until_quiet(qtbot, lambda: desk.is_idle)


@pytest.fixture
def page(
    desk: Desk, two_estates: tuple[int, int], front: Callable[[QWidget], None], settled: Callable[[], None]
) -> EstatesController:
    made = EstatesController(desk)
    front(made.page)
    settled()
    return made
