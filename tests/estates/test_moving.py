"""A household that moves from one home to another."""

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.service import estates, households
from tests.estates.test_service import add_estate, add_household, add_unit


def test_a_household_that_moves_is_found_at_its_new_home_only(seat: Seat) -> None:
    estate = add_estate(seat)
    former = add_unit(seat, estate)
    new = add_unit(seat, estate, label="后楼")
    household = add_household(seat, former, phones=("13812345678",))
    opened = households.household_for_edit(seat, household)
    households.save_household(seat, new, opened.fields, household, opened.version)
    for typed in ("蔡兰刚", "5678"):
        assert [choice.id for choice in estates.find_units(seat, typed)] == [new]
