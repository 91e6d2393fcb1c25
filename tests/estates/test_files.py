"""What a home's file states of its households over time, against what was entered."""

from datetime import date

import pytest

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.dossier import Privacy, Section
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields, PersonFields
from fuyuan_desk.estates.service import (
    buildings,
    estate_file,
    estates,
    home_file,
    households,
    people,
    shares,
    units,
)
from fuyuan_desk.kit.queries import Reader


@permit(*EVERYONE)
def sections(seat: Seat, unit: int, role: Role = Role.ADMIN) -> dict[str, Section]:
    with seat.reading() as session:
        return {one.key: one for one in home_file.sections(session, unit, Reader(role, seat.today()))}


@permit(*EVERYONE)
def of_estate(seat: Seat, estate: int) -> dict[str, Section]:
    with seat.reading() as session:
        return {
            one.key: one for one in estate_file.sections(session, estate, Reader(Role.ADMIN, seat.today()))
        }


@pytest.fixture
def estate(seat: Seat) -> int:
    return estates.save_estate(seat, EstateFields("福元小区")).id


@pytest.fixture
def unit(seat: Seat, estate: int) -> int:
    building = buildings.save_building(seat, BuildingFields("1号楼", estate_id=estate)).id
    fund = UnitFields(building, label="101室", fund_first=1_000_000, fund_balance=299_999, area=5_050)
    return units.save_unit(seat, fund).id


def said(section: Section) -> dict[str, tuple[str, ...]]:
    return {item.label: item.value.texts for item in section.items}


def test_a_home_without_a_household_says_so(seat: Seat, unit: int) -> None:
    [empty] = sections(seat, unit)["households"].listings
    assert empty.nothing == "No household is recorded in this home."


def test_fund_and_area_are_stated_in_yuan_and_square_metres(seat: Seat, unit: int) -> None:
    found = sections(seat, unit)
    assert said(found["fund"])["First deposit"] == ("10,000.00 yuan",)
    assert said(found["fund"])["Balance"] == ("2,999.99 yuan", "below 30 % of the first deposit")
    assert said(found["home"])["Built area"] == ("50.50\N{NO-BREAK SPACE}㎡",)
    assert said(found["house"])["Floors"] == ()


def test_households_of_the_past_follow_those_of_today(seat: Seat, unit: int) -> None:
    sold = HouseholdFields(
        "李强平", moved_in_on=date(2001, 1, 1), moved_out_on=date(2020, 5, 1), ended_how="sold"
    )
    households.save_household(seat, unit, sold)
    new = HouseholdFields("蔡兰刚", phones=("13812345678",), moved_in_on=date(2020, 5, 1), remarks="楼上漏水")
    now = households.save_household(seat, unit, new).id
    person = PersonFields("蔡小明", relation="child", phones=("13912345678",), from_on=date(2021, 1, 1))
    child = people.save_person(seat, now, person).id
    shares.save_shares(seat, unit, {(now, 0): "1/1"}, None)
    shares.save_shares(
        seat, unit, {(now, 0): "1/2", (now, child): "1/2"}, (now, 0), date(2025, 1, 1), is_change=True
    )
    found = sections(seat, unit)
    first, second = found["household-1"], found["household-2"]
    assert (first.title, second.title) == ("Household 1: Owner", "Household 2: Owner, moved out")
    assert said(first)["Holder"] == ("蔡兰刚",)
    assert said(second)["Moved out"] == ("2020-05-01", "Sold")
    titles = [listing.title for listing in first.listings]
    assert titles == ["Other people of the household", "Shares over time"]
    [row] = first.listings[0].rows
    assert [cell.texts for cell in row[:4]] == [("蔡小明",), ("Son or daughter",), (), ("13912345678",)]
    assert {tuple(cell.texts[0] for cell in row if cell.texts) for row in first.listings[1].rows} == {
        ("蔡兰刚", "1", "No", "? to 2025-01-01"),
        ("蔡兰刚", "1/2", "Yes", "2025-01-01 to today"),
        ("蔡小明", "1/2", "No", "2025-01-01 to today"),
    }
    assert next(item.value.privacy for item in first.items if item.label == "Remarks") is Privacy.TEXT


def test_a_company_is_named_and_a_person_is_a_person(seat: Seat, unit: int) -> None:
    firm = HouseholdFields("上海某某有限公司", is_company=True)
    households.save_household(seat, unit, firm)
    holder = next(item for item in sections(seat, unit)["household-1"].items if item.label == "Holder")
    assert holder.value.privacy is Privacy.OFFICE


def test_the_counts_of_an_estate_say_of_how_many_they_are_known(seat: Seat, estate: int, unit: int) -> None:
    households.save_household(seat, unit, HouseholdFields("蔡兰刚", people=3))
    households.save_household(seat, unit, HouseholdFields("李强平", role="renter", vacant=True))
    found = of_estate(seat, estate)
    counts = said(found["size"])
    assert counts["Households"] == ("2",)
    assert counts["People"] == ("3 (known for 1 of 2)",)
    assert counts["Vacant homes"] == ("0",), "one of the two lives there"
    [building] = found["buildings"].listings[0].rows
    assert building[0].texts == ("1号楼",)
    assert building[-2].texts == ("not recorded 1",)
