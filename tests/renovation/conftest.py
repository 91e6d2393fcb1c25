"""Homes to renovate: a commodity flat and a lane room of protected public housing; and the page over a home."""

from dataclasses import dataclass

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.view.filing import FilingView
from tests.renovation.clerk import Front, Settled, add_home


@dataclass(frozen=True)
class Homes:
    """Keys of the estates and units that tests file renovations for."""

    flat: int
    other_flat: int
    lane_room: int
    estate: int
    lane: int


@pytest.fixture
def homes(seat: Seat) -> Homes:
    """Two estates with a building each, and their households."""
    estate = estates.save_estate(
        seat,
        EstateFields(
            name="福元小区",
            house_kind="commodity",
            tenures=("commodity",),
            heritage_class=0,
            historic_area="none",
            quiet_hours="12:00-14:00",
        ),
    ).id
    block = buildings.save_building(seat, BuildingFields(label="1号楼", floors=18, estate_id=estate)).id
    flat = units.save_unit(
        seat, UnitFields(building_id=block, label="501室", tenure="commodity", area=8_856)
    ).id
    other = units.save_unit(seat, UnitFields(building_id=block, label="1101室", tenure="commodity")).id
    lane = estates.save_estate(
        seat,
        EstateFields(name="南昌路168弄", house_kind="old-lane", heritage_class=3, historic_area="core"),
    ).id
    gate = buildings.save_building(seat, BuildingFields(label="4号甲", estate_id=lane)).id
    room = units.save_unit(
        seat, UnitFields(building_id=gate, label="亭子间", tenure="direct-public", area=1_250)
    ).id
    households.save_household(
        seat, flat, HouseholdFields(head="张福元", role="owner", phones=("13812345678",))
    )
    households.save_household(seat, room, HouseholdFields(head="李思南", role="tenant"))
    return Homes(flat, other, room, estate, lane)


@pytest.fixture
def page(desk: Desk, seat: Seat, front: Front, settled: Settled) -> RenovationController:
    add_home(seat)
    controller = RenovationController(desk)
    front(controller.page)
    settled()
    return controller


@pytest.fixture
def filing(page: RenovationController, settled: Settled) -> FilingView:
    """A new filing for the home 501室."""
    page.file_for(1)
    settled()
    return page.filing.view
