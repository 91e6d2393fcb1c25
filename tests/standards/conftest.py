"""An office with two estates."""

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates


@pytest.fixture
def two_estates(seat: Seat) -> tuple[int, int]:
    """A lane and a tower."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄", street="瑞金二路街道")).id
    return lane, estates.save_estate(seat, EstateFields("富南大厦", property_company="福元物业")).id
