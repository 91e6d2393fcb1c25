"""A desk with its worker, and an office with two small estates, for the pages of this job."""

import pytest

from fuyuan_desk.estates import buildings, households, service, units
from fuyuan_desk.estates.facts import BuildingFields, EstateFields, HouseholdFields, UnitFields
from fuyuan_desk.office.access import Seat

GOOD_ID = "31010119800101000X"


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
