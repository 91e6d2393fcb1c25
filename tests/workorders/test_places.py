"""Places of orders: which one a text names, and that orders at one place are counted."""

from datetime import timedelta

import pytest

from fuyuan_desk.estates.facts.houses import BuildingFields, UnitFields
from fuyuan_desk.estates.rules.places import Place, PlaceKind, place_named
from fuyuan_desk.estates.service import buildings, units
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.workorders.facts import OrderDetail
from fuyuan_desk.workorders.service import acts, detail, making, places, sheet_data
from fuyuan_desk.workorders.service.outlook import outlook
from tests.workorders.conftest import NOW, Office, new_order

LIFT = Place(PlaceKind.FACILITY, "b1/f:l", "3号楼电梯 1", "电梯 1")
OTHER_LIFT = Place(PlaceKind.FACILITY, "b2/f:m", "5号楼电梯 1", "电梯 1")
HOUSE = Place(PlaceKind.BUILDING, "b1", "3号楼")
KNOWN = (HOUSE, Place(PlaceKind.GATE, "b1/g:2单元", "3号楼2单元"), LIFT, OTHER_LIFT,
         Place(PlaceKind.UNIT, "b1/u:x", "3号楼"))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("3号楼", "b1"),  # a building before a home of the same name
        (" ３号楼 2 单元", "b1/g:2单元"),
        ("3号楼电梯1", "b1/f:l"),
        ("电梯 1", ""),  # two of them
        ("", ""),
        ("弄口", ""),
    ],
)
def test_a_text_names_one_place_or_none(text: str, key: str) -> None:
    found = place_named(text, KNOWN)
    assert (found.key if found is not None else "") == key


@pytest.fixture
def house(office: Office) -> int:
    """A building of the lane with a home and a lift."""
    made = buildings.save_building(office.seat, BuildingFields(estate_id=office.lane, label="3号楼")).id
    units.save_unit(office.seat, UnitFields(building_id=made, entrance="2单元", label="501室"))
    save_facility(office.seat, FacilityFields("lift", "1", office.lane, made))
    return made


def at(office: Office, place: str, days: int = 0, **fields: object) -> OrderDetail:
    then = office.after(days=days)
    return making.make_order(then, new_order(office, place=place, begun_at=then.now(), **fields))


def test_all_places_of_an_estate_are_offered(office: Office, house: int) -> None:
    assert places.place_options(office.seat, office.lane) == (
        "3号楼", "3号楼2单元", "3号楼电梯 1", "3号楼2单元501室",
    )  # fmt: skip
    assert places.place_options(office.seat, office.tower) == ()


def test_orders_at_one_place_are_counted_and_named(office: Office, house: int) -> None:
    first, second = at(office, "3号楼2单元"), at(office, "3号楼 2单元", 2)
    at(office, "3号楼", 3)
    cancelled = at(office, "3号楼2单元", 4)
    acts.cancel(office.after(days=4), cancelled.id, None, "开错了")
    assert first.at_place == ()
    assert [one.number for one in second.at_place] == [first.number]
    third = at(office, "3号楼2单元", 5)
    assert [one.id for one in third.at_place] == [second.id, first.id]
    [sheet] = sheet_data.order_papers(office.seat, [third.id]).sheets
    assert sheet.earlier == (second.number, first.number)
    late = at(office, "3号楼2单元", 367)
    assert [one.id for one in late.at_place] == [third.id, second.id]


def test_a_visit_to_a_building_sees_the_orders_at_all_its_parts(office: Office, house: int) -> None:
    made = [at(office, text).id for text in ("3号楼2单元501室", "电梯 1", "弄口")]
    now = office.after(days=1)
    acts.cancel(office.seat, at(office, "3号楼").id, None, "开错了")

    def here(estate: int, text: str) -> set[int]:
        found = places.orders_here(now, estate, text)
        assert found.count == len(found.first)
        return {one.id for one in found.first}

    assert here(office.lane, "3号楼") == set(made[:2])
    assert here(office.lane, "弄口") == {made[2]}
    assert here(office.lane, "") == set(made)
    assert here(office.tower, "") == set()
    assert places.orders_here(now, office.lane, "", 1).count == 3


def test_a_place_that_is_renamed_stays_the_same(office: Office, house: int) -> None:
    first = at(office, "3号楼")
    line = buildings.read_building(office.seat, house)
    buildings.save_building(office.seat, BuildingFields(estate_id=office.lane, label="三号楼"), line.known)
    assert [one.id for one in at(office, "三号楼", 1).at_place] == [first.id]


def test_a_new_building_has_no_order_of_one_that_had_its_name(office: Office, house: int) -> None:
    unknown = at(office, "9号楼")  # not recorded yet
    first = at(office, "3号楼")
    line = buildings.read_building(office.seat, house)
    buildings.save_building(office.seat, BuildingFields(estate_id=office.lane, label="三号楼"), line.known)
    for label in ("3号楼", "9号楼"):
        buildings.save_building(office.seat, BuildingFields(estate_id=office.lane, label=label))
    later = at(office, "3号楼", 1)
    assert (later.at_place, places.orders_here(office.seat, office.lane, "3号楼").count) == ((), 1)
    assert [one.id for one in at(office, "三号楼", 1).at_place] == [first.id]
    assert [one.id for one in at(office, "9号楼", 1).at_place] == [unknown.id]


def test_an_edited_place_is_found_anew(office: Office, house: int) -> None:
    first, second = at(office, "3号楼"), at(office, "弄口", 1)
    known = making.order_for_edit(office.seat, second.id)
    edited = making.edit_order(
        office.after(days=1), second.id, None, type(known)(**{**vars(known), "place": "3号楼"})
    )
    assert [one.id for one in edited.at_place] == [first.id]


def test_what_follows_is_known_before_an_order_is_made(office: Office, house: int) -> None:
    at(office, "3号楼")
    found = outlook(office.seat, office.lane, "general", NOW + timedelta(hours=1), "3号楼")
    assert (found.is_known, len(found.earlier), found.unsettled_year) == (True, 1, None)
    assert found.due_at == detail.order_detail(office.seat, 1).due_at
    unknown = outlook(office.seat, office.lane, "general", NOW, "弄口")
    assert (unknown.is_known, unknown.earlier) == (False, ())
