"""The room chart: floors, states, the grid, its service and its paper."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.estates.facts import HouseholdFields, UnitFields
from fuyuan_desk.estates.rules.floors import LOFT, ROOF, Floor, floor_of, room_tail
from fuyuan_desk.estates.rules.rooms import (
    LOOKS,
    Holding,
    Room,
    RoomState,
    RoomWords,
    floor_name,
    room_grid,
    room_state,
)
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.estates.service.rooms import list_rooms
from fuyuan_desk.estates.sheets import RoomChart, room_chart
from fuyuan_desk.formats.charts.data import Grid
from tests.paper import pdf

FLOORS = {
    "ground": "底层", "mezzanine": "亭子间", "upper_mezzanine": "{n}层亭子间", "storey": "{n}楼",
    "basement": "地下{n}层", "loft": "阁楼", "roof": "晒台",
}  # fmt: skip
WORDS = RoomWords(
    {state: (state.value, state.value) for state in RoomState},
    lambda floor: floor_name(floor, FLOORS), "楼层不详", "未登记", "还没有房屋。",
)  # fmt: skip


@pytest.mark.parametrize(
    ("floor", "label", "height"),
    [
        ("", "501室", 50), ("", "1203室", 120), ("", "2B室", 20), ("", "501A室", 50), ("", "A101", 10),
        ("5楼", "501室", 50), ("底楼", "底楼后客堂", 10), ("二楼", "二楼前楼", 20), ("", "底前", 10), ("", "二前", 20),
        ("", "灶间", 10), ("", "亭子间", 15), ("二楼", "亭子间", 15), ("", "三层亭子间", 25), ("", "前厢房", 20),
        ("", "三层阁", LOFT), ("", "三阁", LOFT), ("", "三楼阁楼", LOFT), ("", "晒台间", ROOF),
        ("4", "", 40), ("12F", "", 120), ("B1", "", -10), ("-2", "", -20), ("", "地下1层车库", -10),
        ("地下室", "", -10), ("二二楼", "", None),
        ("二十楼", "", 200), ("十二", "", 120), ("１２楼", "", 120),
        ("", "7室", None), ("", "12", None), ("", "0室", None), ("", "东", None), ("", "", None), ("顶楼", "", None),
        ("0", "", None), ("", "B1", None),
    ],
)  # fmt: skip
def test_the_floor_is_derived_from_floor_and_label(floor: str, label: str, height: int | None) -> None:
    assert floor_of(floor, label) == (None if height is None else Floor(height))


@given(st.text("一二十底地下B-012楼层F阁亭子间前", max_size=5), st.text("二三十底负B19楼层室 ", max_size=5))
def test_no_floor_and_label_are_too_strange(floor: str, label: str) -> None:
    for one, other in ((floor, label), (label, floor)):
        found = floor_of(one, other)
        if found is not None:
            assert floor_name(found, FLOORS)


@pytest.mark.parametrize(
    ("label", "tail"),
    [("1203室", "03"), ("501A室", "01A"), ("2B室", "B"), ("亭子间", ""), ("7室", ""), ("12", "")],
)
def test_rooms_of_one_ending_stand_above_each_other(label: str, tail: str) -> None:
    assert room_tail(label) == tail


@pytest.mark.parametrize(
    ("height", "name"),
    [
        (10, "底层"),
        (15, "亭子间"),
        (25, "3层亭子间"),
        (30, "3楼"),
        (-20, "地下2层"),
        (LOFT, "阁楼"),
        (ROOF, "晒台"),
    ],
)
def test_floors_have_a_clerks_names(height: int, name: str) -> None:
    assert floor_name(Floor(height), FLOORS) == name


OWNER, RENTER, TENANT = Holding("owner"), Holding("renter"), Holding("tenant")


@pytest.mark.parametrize(
    ("use", "holdings", "state"),
    [
        ("home", (), None),
        ("home", (Holding(""),), None),
        ("home", (OWNER,), RoomState.OWNER),
        ("home", (TENANT,), RoomState.TENANT),
        ("home", (OWNER, RENTER), RoomState.RENTER),
        ("home", (Holding("owner", vacant=True),), RoomState.VACANT),
        ("home", (Holding("owner", vacant=True), RENTER), RoomState.RENTER),
        ("home", (Holding("renter", moved_out=True), OWNER), RoomState.OWNER),
        ("home", (Holding("renter", moved_out=True),), RoomState.MOVED_OUT),
        ("shop", (OWNER,), RoomState.OTHER_USE),
        ("office", (), RoomState.OTHER_USE),
        ("office", (Holding("owner", vacant=True),), RoomState.VACANT),
    ],
)
def test_the_state_is_that_of_who_is_there_now(
    use: str, holdings: tuple[Holding, ...], state: RoomState | None
) -> None:
    assert room_state(use, holdings) is state


def test_every_state_has_its_own_pattern() -> None:
    assert set(LOOKS) == set(RoomState)
    assert len({look.pattern for look in LOOKS.values()}) == len(RoomState)


# --- the grid ----------------------------------------------------------------------------------------


def rooms(*places: str) -> tuple[Room, ...]:
    """Return rooms from texts of building, entrance and label, separated by blanks; `-` is no entrance."""
    made = []
    for number, place in enumerate(places, 1):
        building, entrance, label = place.split()
        made.append(Room(number, building, entrance.strip("-"), "", label, RoomState.OWNER))
    return tuple(made)


def picture(grid: Grid) -> list[str]:
    """Return a grid as lines of text."""
    return [
        " ".join([f"{row.label}:", *("·" if cell is None else cell.label for cell in row.cells)])
        for row in grid.rows
    ]


def test_a_tower_has_its_top_floor_first_and_blanks_for_missing_rooms() -> None:
    tower = rooms(*(f"1号楼 - {label}室" for label in ("101", "102", "201", "203", "1001", "1003")))
    grid = room_grid("1号楼", tower, WORDS)
    assert picture(grid) == ["10楼: 1001 · 1003", "2楼: 201 · 203", "底层: 101 102 ·"]
    assert [(group.label, group.columns) for group in grid.groups] == [("", 3)]


def test_buildings_and_entrances_are_groups() -> None:
    grid = room_grid("", rooms("1号楼 - 101室", "2号楼 1单元 101室", "2号楼 2单元 202室"), WORDS)
    assert [(group.label, group.columns) for group in grid.groups] == [
        ("1号楼", 1), ("2号楼1单元", 1), ("2号楼2单元", 1)
    ]  # fmt: skip
    assert picture(grid) == ["2楼: · · 202", "底层: 101 101 ·"]


def test_a_lane_house_shows_its_parts_from_roof_to_ground() -> None:
    parts = ("底楼前客堂", "底楼后客堂", "灶间", "亭子间", "二楼前楼", "前厢房", "三层阁", "晒台间")
    grid = room_grid("4号甲", rooms(*(f"4号甲 - {part}" for part in parts)), WORDS)
    assert picture(grid) == [
        "晒台: 晒台间 · ·", "阁楼: 三层阁 · ·", "2楼: 前楼 前厢房 ·", "亭子间: 亭子间 · ·", "底层: 前客堂 后客堂 灶间"
    ]  # fmt: skip


def test_numbers_and_letters_both_begin_at_the_left() -> None:
    grid = room_grid("", rooms("大厦 - 1A室", "大厦 - 1B室", "大厦 - 201室", "大厦 - 202室"), WORDS)
    assert picture(grid) == ["2楼: 201 202", "底层: 1A 1B"]


def test_what_floor_is_unknown_stands_below_in_as_many_rows_as_needed() -> None:
    grid = room_grid("", rooms("1号 - 101室", *(f"1号 - {n}室" for n in range(1, 11))), WORDS)
    assert picture(grid) == [
        "底层: 101 · · · · · · ·", "楼层不详: 1 2 3 4 5 6 7 8", "楼层不详: 9 10 · · · · · ·"
    ]  # fmt: skip


@given(st.lists(st.tuples(
    st.sampled_from(["1号 -", "1号 1单元", "2号 -"]),
    st.sampled_from(["101室", "102室", "201室", "2A", "亭子间", "前楼", "后楼", "7室", "阁楼", "三层阁", "1室"]),
)))  # fmt: skip
def test_every_room_stands_in_the_grid_once(places: list[tuple[str, str]]) -> None:
    given_rooms = rooms(*(f"{place} {label}" for place, label in sorted(places)))
    grid = room_grid("", given_rooms, WORDS)
    keys = [cell.key for row in grid.rows for cell in row.cells if cell is not None]
    assert sorted(map(str, keys)) == sorted(str(room.id) for room in given_rooms)
    assert {len(row.cells) for row in grid.rows} <= {grid.columns}


def test_the_legend_counts_and_a_tip_has_the_whole_place() -> None:
    made = (Room(1, "1号楼", "", "", "101室", RoomState.VACANT), Room(2, "1号楼", "", "", "102室", None))
    grid = room_grid("", made, WORDS)
    assert "vacant 1" in [state.label for state in grid.states]
    assert grid.unknown == "未登记 1"
    assert [cell.tip for cell in grid.rows[0].cells if cell] == ["1号楼101室\nvacant", "1号楼102室\n未登记"]


# --- the service -------------------------------------------------------------------------------------


def test_the_service_returns_rooms_in_natural_order_without_names(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    lane, tower = two_estates
    found = list_rooms(seat, lane)
    assert (found.estate, found.total) == ("南昌路168弄", 3)
    assert [(room.building, room.label, room.state) for room in found.rooms] == [
        ("4号", "亭子间", RoomState.OWNER), ("4号", "前楼", RoomState.OWNER), ("10号", "101室", RoomState.OWNER)
    ]  # fmt: skip
    assert "蔡兰刚" not in repr(found)
    assert list_rooms(seat, tower).rooms == ()
    with pytest.raises(NotFound):
        list_rooms(seat, 999)


def test_a_building_alone_and_too_many_rooms(seat: Seat, two_estates: tuple[int, int]) -> None:
    lane, _tower = two_estates
    ten = buildings.list_buildings(seat, lane)[1].id
    assert [room.label for room in list_rooms(seat, lane, ten).rooms] == ["101室"]
    too_many = list_rooms(seat, lane, most=2)
    assert (too_many.rooms, too_many.total) == ((), 3)


def test_states_come_from_the_households(seat: Seat, two_estates: tuple[int, int]) -> None:
    lane, _tower = two_estates
    ten = buildings.list_buildings(seat, lane)[1].id
    empty = units.save_unit(seat, UnitFields(ten, label="102室")).id
    let = units.save_unit(seat, UnitFields(ten, label="103室")).id
    households.save_household(seat, let, HouseholdFields("姚艳志"))
    households.save_household(seat, let, HouseholdFields("苏强平", role="renter"))
    states = {room.id: room.state for room in list_rooms(seat, lane, ten).rooms}
    assert states[empty] is None
    assert states[let] is RoomState.RENTER


# --- the paper ---------------------------------------------------------------------------------------


def chart(*made: Room, building: str = "") -> RoomChart:
    return RoomChart("福元居民委员会", "福元小区", building, "ab" * 16, made, date(2026, 11, 20))


def test_the_paper_shows_room_and_state_with_a_mark_of_the_estate() -> None:
    made = (
        Room(1, "1号楼", "", "", "101室", RoomState.VACANT),
        Room(2, "1号楼", "", "", "102室", None),
        Room(3, "1号楼", "", "", "7室", RoomState.RENTER),
    )
    paper = room_chart(chart(*made, building="1号楼"))
    text = pdf.flat(paper, 1)
    for words in (
        "房屋使用情况图",
        "福元小区1号楼共3套",
        "101空关",
        "102?",
        "7出租",
        "底层",
        "楼层不详",
        "?情况不详1",
    ):
        assert words in text
    assert paper.pages == 1
    assert [mark.uid for mark in pdf.marks(paper, 1)] == ["ab" * 16]
    assert pdf.within_margins(paper)


@pytest.mark.parametrize(("towers", "floors", "rooms_each"), [(1, 45, 4), (6, 18, 6), (1, 3, 40)])
def test_a_large_estate_is_printed_complete_and_legible(towers: int, floors: int, rooms_each: int) -> None:
    made = tuple(
        Room(1, f"{tower}号楼", "", "", f"{floor}{number:02d}室", RoomState.OWNER)
        for tower in range(1, towers + 1)
        for floor in range(1, floors + 1)
        for number in range(1, rooms_each + 1)
    )
    paper = room_chart(chart(*made))
    text = "".join(pdf.flat(paper, page) for page in range(1, paper.pages + 1))
    assert pdf.within_margins(paper)
    assert all(
        text.count(room.label.removesuffix("室")) >= towers for room in made[:: max(1, len(made) // 50)]
    )
    digits = [area for page in range(1, paper.pages + 1) for area in pdf.characters(paper, page, "8")]
    assert min(area.y1 - area.y0 for area in digits) > 1.4  # mm, a digit of 6 points
    # counts of the whole stand only where the whole is shown
    assert (f"业主{len(made):,}" in text) == (paper.pages == 1)


def test_estates_of_the_sample_have_no_room_of_unknown_floor(sample_seat: Seat) -> None:
    for row in estates.list_estates(sample_seat).rows:
        found = list_rooms(sample_seat, row.id)
        assert len(found.rooms) == row.units
        assert "楼层不详" not in [line.label for line in room_grid("", found.rooms, WORDS).rows]
