"""How rows of the sample office become fields."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.kit.job import SampleOffice


@dataclass(frozen=True)
class Fields:
    """A day, a list and references to an estate and one of its buildings."""

    name: str = ""
    seen_on: date | None = None
    begins: date = date(2026, 1, 1)
    kinds: tuple[str, ...] = ()
    estate_id: int | None = None
    building_id: int | None = None


def test_days_count_back_from_today_and_references_are_looked_up(seat: Seat) -> None:
    office = SampleOffice(seat, {}, {("estate", "甲小区"): 3, ("building", "甲小区", "1号楼"): 8})
    row = {
        "name": "某项",
        "seen_on": 2,
        "begins": -10,
        "kinds": ["a", "b"],
        "estate": "甲小区",
        "building": ["甲小区", "1号楼"],
    }
    today = seat.today()
    assert office.fields(Fields, row) == Fields(
        "某项", today - timedelta(2), today + timedelta(10), ("a", "b"), 3, 8
    )
    assert office.fields(Fields, {}) == Fields()


def test_a_name_that_no_estate_has_is_an_error(seat: Seat) -> None:
    with pytest.raises(KeyError):
        SampleOffice(seat, {}).fields(Fields, {"estate": "乙小区"})
