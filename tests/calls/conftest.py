"""An office with two estates, three homes with their people, and the tags that say how often to call."""

from dataclasses import dataclass

import pytest

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HOLDER, HouseholdFields, PersonFields, TagFields
from fuyuan_desk.estates.service import buildings, estates, households, people, tags, units


@dataclass(frozen=True)
class Office:
    """The ids of what is in the office: homes, households by holder, a daughter, tags."""

    seat: Seat
    lane: int
    tower: int
    homes: dict[str, int]
    households: dict[str, int]
    daughter: int
    weekly: int
    monthly: int

    def key(self, name: str) -> str:
        """Return the key of a holder, or of the daughter of the first."""
        if name == "沈文娟":
            return Called(self.homes["前楼"], self.households["蔡兰刚"], self.daughter).key
        place = dict(zip(self.households, self.homes, strict=True))[name]
        return Called(self.homes[place], self.households[name]).key


def tag(seat: Seat, household: int, person: int, *chosen: int) -> None:
    """Give somebody these tags."""
    edit = people.person_for_edit(seat, household, person)
    fields = PersonFields(**{**vars(edit.fields), "tags": chosen})
    people.save_person(seat, household, fields, person, edit.version)


@pytest.fixture
def office(seat: Seat) -> Office:
    """The office; 蔡兰刚 is to be called on monthly and weekly, 姚艳志 monthly, her neighbour never."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄")).id
    tower = estates.save_estate(seat, EstateFields("富南大厦")).id
    gate = buildings.save_building(seat, BuildingFields("4号", estate_id=lane)).id
    other = buildings.save_building(seat, BuildingFields("1号楼", estate_id=tower)).id
    homes, held = {}, {}
    for building, label, head in (
        (gate, "前楼", "蔡兰刚"),
        (gate, "亭子间", "姚艳志"),
        (other, "101室", "苏强平"),
    ):
        homes[label] = units.save_unit(seat, UnitFields(building, label=label)).id
        held[head] = households.save_household(seat, homes[label], HouseholdFields(head)).id
    daughter = people.save_person(seat, held["蔡兰刚"], PersonFields("沈文娟", "child")).id
    weekly = tags.save_tag(seat, TagFields("孤老", roles=("clerk",), visit_every=7)).id
    monthly = tags.save_tag(seat, TagFields("独居老人", roles=("clerk", "viewer"), visit_every=30)).id
    tag(seat, held["蔡兰刚"], HOLDER, weekly, monthly)
    tag(seat, held["姚艳志"], HOLDER, monthly)
    return Office(seat, lane, tower, homes, held, daughter, weekly, monthly)
