"""A desk with its worker, and an office with two small estates, for the pages of this job."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields, UnitQuery
from fuyuan_desk.estates.facts.people import HouseholdFields, PersonFields
from fuyuan_desk.estates.service import buildings, estates, households, people, tags, units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.widgets.work import Worker
from tests.conftest import NOW, PASSWORD, made_once
from tests.desks import wait_until_quiet
from tests.estates.clerk import WIFE_ID

GOOD_ID = "31010119800101000X"


def save_two_estates(seat: Seat) -> None:
    """Save a lane with two gates and three homes, and a tower without any."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄", street="瑞金二路街道")).id
    first = buildings.save_building(seat, BuildingFields("4号", estate_id=lane)).id
    second = buildings.save_building(seat, BuildingFields("10号", estate_id=lane)).id
    for building, label, head in (
        (first, "亭子间", "蔡兰刚"),
        (first, "前楼", "姚艳志"),
        (second, "101室", "苏强平"),
    ):
        unit = units.save_unit(seat, UnitFields(building, label=label, area=1240)).id
        fields = HouseholdFields(head, id_number=GOOD_ID, phones=("13812345678",))
        households.save_household(seat, unit, fields)
    estates.save_estate(seat, EstateFields("富南大厦", property_company="福元物业"))


@pytest.fixture(scope="session")
def prepared_estates(prepared_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create an office with two estates once."""

    def make(folder: Path) -> None:
        shutil.copytree(prepared_office, folder)
        seat = sign_in(folder, "admin", PASSWORD)
        save_two_estates(Seat(seat.store, seat.operator, now=lambda: NOW))
        seat.store.close()

    return made_once(tmp_path_factory, "two-estates", make)


@pytest.fixture
def folder(request: pytest.FixtureRequest, prepared_office: Path, tmp_path: Path) -> Path:
    """A closed office of this test, with two estates where the test asks for them."""
    has_estates = "two_estates" in request.fixturenames
    target = tmp_path / "office"
    shutil.copytree(request.getfixturevalue("prepared_estates") if has_estates else prepared_office, target)
    return target


@pytest.fixture
def two_estates(seat: Seat) -> tuple[int, int]:
    """The lane and the tower."""
    ids = {row.name: row.id for row in estates.list_estates(seat).rows}
    return ids["南昌路168弄"], ids["富南大厦"]


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


@pytest.fixture
def unit(seat: Seat, two_estates: tuple[int, int]) -> int:
    """前楼 of the lane, held by 姚艳志."""
    rows = units.list_units(seat, UnitQuery(estate_id=two_estates[0])).rows
    return next(row.id for row in rows if "前楼" in row.place)


@pytest.fixture
def household(seat: Seat, unit: int) -> int:
    return units.unit_detail(seat, unit).households[0].id


@pytest.fixture
def wife(seat: Seat, household: int) -> int:
    return people.save_person(
        seat, household, PersonFields("陆㛃", "spouse", phones=("13900001111",), id_number=WIFE_ID)
    ).id


@pytest.fixture
def alone(seat: Seat) -> int:
    tags.add_usual_tags(seat)
    return next(view.id for view in tags.tag_choices(seat) if view.name == "独居老人")
