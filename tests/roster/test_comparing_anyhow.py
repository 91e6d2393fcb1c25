"""A list of which every change against the store is known, compared with it: each is found, and nothing else."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuyuan_desk.estates.facts.listed import HouseholdNow, UnitNow
from fuyuan_desk.roster.reading.plan import unit_key
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.rules.comparison import compare
from fuyuan_desk.roster.rules.differences import (
    Parts,
    household_differences,
    is_as_stored,
    unit_differences,
)
from fuyuan_desk.roster.rules.entries import Comparison
from fuyuan_desk.roster.rules.stored import House, Stored

ESTATE = "福元小区"
# what a year does to a home; the probability of each grows with how often it stands here
FATES = ("same", "same", "same", "phone", "area", "sold", "left", "moved", "respelled", "renter", "double")
SURNAMES = "赵钱孙李周吴郑王冯陈"


def _row(number: int, building: str, unit: str, name: str, **more: object) -> RosterRow:
    values = dict.fromkeys(RosterRow._fields[:26], "") | {
        "sheet": "名册", "row": number, "estate": ESTATE, "building": building, "unit": unit, "name": name,
        "is_company": False, "phones": (), "use": "home", "area": None, "inner_area": None, "people": None,
        "vacant": False, "fund_first": None, "fund_balance": None, "topped_up": None, "topped_up_on": None,
    } | more  # fmt: skip
    return RosterRow(**values)  # type: ignore[arg-type]


def _unit(key: int, building: int, label: str) -> UnitNow:
    return UnitNow(
        key, building, 1, "", label, "", "home", "", 5000, None, "", None, None, None, None, None, 1
    )


def _household(key: int, unit: int, name: str, id_number: str) -> HouseholdNow:
    return HouseholdNow(
        key,
        unit,
        name,
        False,
        "owner",
        "resident",
        id_number,
        None,
        False,
        "",
        "",
        "",
        None,
        None,
        None,
        None,
        1,
    )


def _name(number: int) -> str:
    return SURNAMES[number % 10] + chr(0x4E00 + 37 * number % 20_000) + chr(0x4E10 + 91 * number % 20_000)


def _compared(fates: list[str], per_house: int) -> tuple[Comparison, Counter[str], int]:
    units, households, rows = {}, {}, list[RosterRow]()
    houses: dict[int, House] = {}
    expected: Counter[str] = Counter()
    for number, fate in enumerate(fates):
        building = number // per_house + 1
        houses[building] = House(ESTATE.removesuffix("小区"), f"{building}号", f"{building}号")
        label, name, phone = f"{number % per_house + 101}室", _name(number), f"139{number:08}"
        units[number + 1] = _unit(number + 1, building, label)
        households[number + 1] = _household(number + 1, number + 1, name, "")
        house, line = f"{building}号", len(rows) + 2
        same = {"phones": (phone,), "area": 5000}
        if fate == "left":
            expected["gone"] += 1
            continue
        if fate == "moved":
            expected["moved"] += 1
            rows.append(_row(line, "99号", f"{number + 1}01室", name, **same))
            continue
        if fate == "sold":
            expected["other-holder"] += 1
            rows.append(_row(line, house, label, _name(number + 500), area=5000))
            continue
        if fate in ("phone", "area"):
            expected["changed"] += 1
            same |= {"phones": (f"138{number:08}",)} if fate == "phone" else {"area": 5001}
        else:
            expected["unchanged"] += 1
        if fate == "respelled":
            house, label = f"{building}幢", f"0{label.removesuffix('室')}"
        rows.append(_row(line, house, label, name, **same))
        if fate == "renter":
            expected["new"] += 1
            rows.append(_row(line + 1, house, label, _name(number + 700), role="renter"))
        if fate == "double":
            rows.append(_row(line + 1, house, label, name, **same))
    stored = Stored(
        estates={ESTATE.removesuffix("小区"): 1},
        houses=houses,
        units=units,
        households=households,
        phones={(key, None): (f"139{key - 1:08}",) for key in households},
    ).index()
    return compare(rows, stored, {"name", "area"}), +expected, fates.count("double")


@given(st.lists(st.sampled_from(FATES), min_size=1, max_size=60), st.integers(1, 9))
@settings(max_examples=200)
def test_each_change_is_found_and_nothing_else(fates: list[str], per_house: int) -> None:
    # of a building that it does not name a list says nothing
    fates = ["same" if number % per_house == 0 else fate for number, fate in enumerate(fates)]
    comparison, expected, doubles = _compared(fates, per_house)
    found = Counter(entry.group.value for entry in comparison.entries)
    found["unchanged"] = comparison.unchanged
    assert +found == expected
    assert len(comparison.repeats) == doubles


def test_the_keys_of_these_examples_are_those_of_the_program() -> None:
    assert unit_key(ESTATE, "1号", "", "101室")[:2] == (ESTATE.removesuffix("小区"), "1号")


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(("赵甲", "赵乙", "赵 甲")),
    "id_number": st.sampled_from(("", "310101197107220002")),
    "role": st.sampled_from(("", "owner", "tenant")),
    "people": st.sampled_from((None, 0, 2)),
    "vacant": st.booleans(),
    "contact": st.sampled_from(("", "晚上")),
    "remarks": st.sampled_from(("", "独居")),
    "registered_at": st.sampled_from(("", "南昌路1号")),
    "lives_here": st.sampled_from((None, True, False)),
    "phones": st.sampled_from(((), ("13900000001",), ("13900000001", "13900000002"))),
    "use": st.sampled_from(("home", "shop")),
    "tenure": st.sampled_from(("", "commodity")),
    "area": st.sampled_from((None, 5000)),
    "share": st.sampled_from(("", "1/2")),
    "unit_ids": st.sampled_from(((), (("社区云 房屋ID", "7"),))),
}
FACTS = st.fixed_dictionaries(VALUES)
FURTHER: dict[str, Any] = {"share": "", "unit_ids": ()}


@pytest.mark.parametrize("changed", [*VALUES, "nothing"])
@given(listed=FACTS, other=FACTS, has_use=st.booleans())
@settings(max_examples=40)
def test_what_is_taken_as_stored_differs_in_no_field(
    changed: str, listed: dict[str, Any], other: dict[str, Any], has_use: bool
) -> None:
    if changed not in FURTHER:
        listed |= FURTHER
    there = listed | {changed: other.get(changed)}
    row = _row(2, "1号", "101室", **listed)
    unit = _unit(1, 1, "101室")._replace(**{name: there[name] for name in ("use", "tenure", "area")})
    household = _household(1, 1, there["name"], there["id_number"])._replace(
        **{name: there[name] for name in ("role", "people", "vacant", "contact", "remarks", "registered_at")},
        lives_here=there["lives_here"],
    )
    stated = {"name", "use"} if has_use else {"name"}
    is_same = is_as_stored(row, unit, household, there["phones"], stated)
    differences = [
        *unit_differences(row, unit, stated),
        *household_differences(row, household, (), lambda _person: Parts(there["phones"])),
    ]
    assert not (is_same and differences)
    assert is_same or changed != "nothing"
