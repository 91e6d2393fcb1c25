"""An estate with one building, for the proofs of homes, households and people that are recorded twice."""

from typing import Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields, PersonFields
from fuyuan_desk.estates.service import buildings, estates, households, people, suspects, units
from fuyuan_desk.kit.merging.facts import PairState
from fuyuan_desk.kit.merging.store import Row


class Lane:
    """An estate with one building."""

    def __init__(self, seat: Seat, name: str = "南昌路168弄") -> None:
        self.seat = seat
        self.estate = estates.save_estate(seat, EstateFields(name)).id
        self.building = buildings.save_building(seat, BuildingFields("4号", estate_id=self.estate)).id

    def home(self, label: str, **more: Any) -> int:
        return units.save_unit(self.seat, UnitFields(self.building, label=label, **more)).id

    def household(self, unit: int, head: str, **more: Any) -> int:
        return households.save_household(self.seat, unit, HouseholdFields(head, **more)).id

    def person(self, household: int, name: str, **more: Any) -> int:
        return people.save_person(self.seat, household, PersonFields(name, **more)).id


def pairs(seat: Seat, state: PairState = PairState.SUSPECTED) -> list[tuple[Row, Row, str]]:
    return [
        (pair.first_key, pair.second_key, pair.why)
        for pair in suspects.list_pairs(seat)
        if pair.state is state
    ]
