"""Estates are found by how their names sound."""

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.service import estates
from tests.estates.test_service import add_estate


def test_estates_that_sound_alike_are_listed_when_none_fits(seat: Seat) -> None:
    add_estate(seat, "福元小区", property_company="shinan物业")
    add_estate(seat, "思南路26弄")
    assert [row.name for row in estates.list_estates(seat, "shinanlu").rows] == ["思南路26弄"]
    assert [row.name for row in estates.list_estates(seat, "shinan").rows] == ["福元小区"]
