"""The telephones of a household are rows of their own, and count as a change of the household."""

from dataclasses import replace

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.service import households, units


def test_two_clerks_who_change_only_telephones_do_not_overwrite_each_other(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    unit = units.list_units(seat, UnitQuery(estate_id=two_estates[0])).rows[0].id
    household = units.unit_detail(seat, unit).households[0].id
    first = second = households.household_for_edit(seat, household)
    saved = households.save_household(
        seat, unit, replace(first.fields, phones=("13800000001",)), household, first.version
    )
    assert saved.version == first.version + 1
    with pytest.raises(Conflict):
        households.save_household(
            seat, unit, replace(second.fields, phones=("13800000002",)), household, second.version
        )
    now = households.household_for_edit(seat, household)
    assert (now.fields.phones, now.version) == (("13800000001",), saved.version)
    both = replace(now.fields, phones=("13800000003",), people=2)
    again = households.save_household(seat, unit, both, household, now.version)
    assert again.version == now.version + 1, "raised once, whatever else changed"
    assert households.save_household(seat, unit, both, household, again.version).version == again.version
