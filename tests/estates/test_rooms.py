"""The room chart: floors, states, the grid, its service and its paper."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.estates.facts.houses import UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.rules.floors import LOFT, ROOF, Floor, floor_of, room_tail
from fuyuan_desk.estates.rules.housing import Tenure, UnitUse
from fuyuan_desk.estates.rules.room_states import (
    HOLDER_STATES,
    TENURE_STATES,
    USE_STATES,
    VACANCY_STATES,
    Holding,
    InState,
    RoomState,
    RoomStates,
    holder_state,
    vacancy_state,
)
from fuyuan_desk.estates.rules.rooms import (
    Room,
    RoomWords,
    counts_of,
    floor_name,
    room_grid,
    with_counts,
)
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.estates.service.room_states import (
    holders_of_rooms,
    tenures_of_rooms,
    uses_of_rooms,
    vacancies_of_rooms,
)
from fuyuan_desk.estates.service.rooms import list_rooms
from fuyuan_desk.estates.sheets import SIZES, RoomChart, room_chart
from fuyuan_desk.estates.view.rooms import PAPERS
from fuyuan_desk.formats.charts.data import Grid
from tests.paper import pdf

FLOORS = {
    "ground": "底层", "mezzanine": "亭子间", "upper_mezzanine": "{n}层亭子间", "storey": "{n}楼",
    "basement": "地下{n}层", "loft": "阁楼", "roof": "晒台",
}  # fmt: skip
WORDS = RoomWords(lambda floor: floor_name(floor, FLOORS), "楼层不详", "还没有房屋。")
HOLDERS = RoomStates("holder", "Who lives there", HOLDER_STATES, holders_of_rooms)


def grid_of(title: str, made: tuple[Room, ...], found: dict[int, str] | None = None) -> Grid:
    """Return the grid of rooms in states by id, of owners without them."""
    states = {room.id: "owner" for room in made} if found is None else found
    return room_grid(title, made, {key: InState(code) for key, code in states.items()}, HOLDERS, WORDS)


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
    ("use", "holdings", "state", "vacancy"),
    [
        ("home", (), "", ""),
        ("home", (Holding(""),), "", "lived-in"),
        ("home", (OWNER,), "owner", "lived-in"),
        ("home", (TENANT,), "tenant", "lived-in"),
        ("home", (OWNER, RENTER), "renter", "lived-in"),
        ("home", (Holding("owner", vacant=True),), "vacant", "vacant"),
        ("home", (Holding("owner", vacant=True), RENTER), "renter", "partly"),
        ("home", (Holding("renter", moved_out=True), OWNER), "owner", "lived-in"),
        ("home", (Holding("renter", vacant=True, moved_out=True), OWNER), "owner", "lived-in"),
        ("home", (Holding("renter", moved_out=True),), "moved-out", "moved-out"),
        ("shop", (OWNER,), "other-use", "lived-in"),
        ("office", (), "other-use", ""),
        ("office", (Holding("owner", vacant=True),), "vacant", "vacant"),
    ],
)
def test_the_state_is_that_of_who_is_there_now(
    use: str, holdings: tuple[Holding, ...], state: str, vacancy: str
) -> None:
    assert holder_state(use, holdings) == state
    assert vacancy_state(use, holdings) == vacancy


@pytest.mark.parametrize("states", [HOLDER_STATES, TENURE_STATES, USE_STATES, VACANCY_STATES])
def test_every_state_of_a_set_has_its_own_pattern(states: tuple[RoomState, ...]) -> None:
    assert len({state.look.pattern for state in states}) == len(states)
    assert len({state.code for state in states}) == len(states)


def test_every_tenure_and_use_has_a_state() -> None:
    assert {state.code for state in TENURE_STATES} == set(Tenure)
    assert {state.code for state in USE_STATES} == set(UnitUse)


# --- the grid ----------------------------------------------------------------------------------------


def rooms(*places: str) -> tuple[Room, ...]:
    """Return rooms from texts of building, entrance and label, separated by blanks; `-` is no entrance."""
    made = []
    for number, place in enumerate(places, 1):
        building, entrance, label = place.split()
        made.append(Room(number, building, entrance.strip("-"), "", label))
    return tuple(made)


def picture(grid: Grid) -> list[str]:
    """Return a grid as lines of text."""
    return [
        " ".join([f"{row.label}:", *("·" if cell is None else cell.label for cell in row.cells)])
        for row in grid.rows
    ]


def test_a_tower_has_its_top_floor_first_and_blanks_for_missing_rooms() -> None:
    tower = rooms(*(f"1号楼 - {label}室" for label in ("101", "102", "201", "203", "1001", "1003")))
    grid = grid_of("1号楼", tower)
    assert picture(grid) == ["10楼: 1001 · 1003", "2楼: 201 · 203", "底层: 101 102 ·"]
    assert [(group.label, group.columns) for group in grid.groups] == [("", 3)]


def test_buildings_and_entrances_are_groups() -> None:
    grid = grid_of("", rooms("1号楼 - 101室", "2号楼 1单元 101室", "2号楼 2单元 202室"))
    assert [(group.label, group.columns) for group in grid.groups] == [
        ("1号楼", 1), ("2号楼1单元", 1), ("2号楼2单元", 1)
    ]  # fmt: skip
    assert picture(grid) == ["2楼: · · 202", "底层: 101 101 ·"]


def test_a_lane_house_shows_its_parts_from_roof_to_ground() -> None:
    parts = ("底楼前客堂", "底楼后客堂", "灶间", "亭子间", "二楼前楼", "前厢房", "三层阁", "晒台间")
    grid = grid_of("4号甲", rooms(*(f"4号甲 - {part}" for part in parts)))
    assert picture(grid) == [
        "晒台: 晒台间 · ·", "阁楼: 三层阁 · ·", "2楼: 前楼 前厢房 ·", "亭子间: 亭子间 · ·", "底层: 前客堂 后客堂 灶间"
    ]  # fmt: skip


def labels_of(grid: Grid) -> list[list[str]]:
    return [[cell.label for cell in row.cells if cell is not None] for row in grid.rows]


def test_parts_of_a_lane_house_that_would_look_alike_keep_their_floor() -> None:
    names = ("前楼", "二楼前楼", "三楼前楼", "亭子间", "二楼亭子间", "二楼后楼", "101室", "底楼101室")
    made = tuple(Room(number, "12号", "", "", name) for number, name in enumerate(names))
    rows = labels_of(grid_of("", made))
    assert ["前楼"] in rows, "the row of the third floor says which"
    second = next(row for row in rows if "二楼前楼" in row)
    assert sorted(second) == ["二楼前楼", "前楼", "后楼"]
    assert ["亭子间", "二楼亭子间"] in rows
    assert sorted(next(row for row in rows if "101室" in row)) == ["101室", "底楼101室"]


PART = st.sampled_from(("前楼", "后楼", "亭子间", "灶间", "101", "101室"))


@given(
    st.lists(
        st.tuples(st.sampled_from(("", "二楼", "2层", "底楼", "二楼二楼")), PART), unique=True, min_size=1
    )
)
def test_rooms_of_one_row_are_never_written_alike(parts: list[tuple[str, str]]) -> None:
    made = tuple(Room(number, "12号", "", "", floor + part) for number, (floor, part) in enumerate(parts))
    for row in labels_of(grid_of("", made)):
        assert len(set(row)) == len(row)


def test_numbers_and_letters_both_begin_at_the_left() -> None:
    grid = grid_of("", rooms("大厦 - 1A室", "大厦 - 1B室", "大厦 - 201室", "大厦 - 202室"))
    assert picture(grid) == ["2楼: 201 202", "底层: 1A 1B"]


def test_what_floor_is_unknown_stands_below_in_as_many_rows_as_needed() -> None:
    grid = grid_of("", rooms("1号 - 101室", *(f"1号 - {n}室" for n in range(1, 11))))
    assert picture(grid) == [
        "底层: 101 · · · · · · ·", "楼层不详: 1 2 3 4 5 6 7 8", "楼层不详: 9 10 · · · · · ·"
    ]  # fmt: skip


@given(st.lists(st.tuples(
    st.sampled_from(["1号 -", "1号 1单元", "2号 -"]),
    st.sampled_from(["101室", "102室", "201室", "2A", "亭子间", "前楼", "后楼", "7室", "阁楼", "三层阁", "1室"]),
)))  # fmt: skip
def test_every_room_stands_in_the_grid_once(places: list[tuple[str, str]]) -> None:
    given_rooms = rooms(*(f"{place} {label}" for place, label in sorted(places)))
    grid = grid_of("", given_rooms)
    keys = [cell.key for row in grid.rows for cell in row.cells if cell is not None]
    assert sorted(map(str, keys)) == sorted(str(room.id) for room in given_rooms)
    assert {len(row.cells) for row in grid.rows} <= {grid.columns}


@given(st.lists(st.sampled_from(["owner", "tenant", "vacant", "unheard-of", ""]), min_size=1, max_size=40))
def test_the_legend_counts_every_room_once(codes: list[str]) -> None:
    made = rooms(*(f"1号 - {number}01室" for number in range(1, len(codes) + 1)))
    grid = grid_of("", made, {room.id: code for room, code in zip(made, codes, strict=True) if code})
    counts = counts_of(grid)
    assert counts.total() == len(codes)
    assert counts[None] == sum(code in ("", "unheard-of") for code in codes)
    for number, state in enumerate(HOLDER_STATES):
        assert counts[number] == codes.count(state.code)


def test_the_legend_tells_the_counts_and_a_tip_has_the_whole_place() -> None:
    made = rooms("1号楼 - 101室", "1号楼 - 102室")
    found = {1: InState("vacant", "since May")}
    grid = with_counts(room_grid("", made, found, HOLDERS, WORDS))
    assert "Vacant 1" in [state.label for state in grid.states]
    assert grid.unknown == "Not recorded 1"
    assert [cell.tip for cell in grid.rows[0].cells if cell] == [
        "1号楼101室\nVacant\nsince May",
        "1号楼102室\nNot recorded",
    ]


# --- the service -------------------------------------------------------------------------------------


def test_the_service_returns_rooms_in_natural_order_without_names(
    seat: Seat, two_estates: tuple[int, int]
) -> None:
    lane, tower = two_estates
    found = list_rooms(seat, lane)
    assert (found.estate, found.total) == ("南昌路168弄", 3)
    assert [(room.building, room.label) for room in found.rooms] == [
        ("4号", "亭子间"), ("4号", "前楼"), ("10号", "101室")
    ]  # fmt: skip
    assert set(holders_of_rooms(seat, lane).values()) == {InState("owner")}
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
    states = holders_of_rooms(seat, lane, ten)
    assert empty not in states
    assert states[let] == InState("renter")
    assert len(holders_of_rooms(seat, lane)) == 4
    assert holders_of_rooms(seat, lane, 999) == {}


def test_tenure_use_and_vacancy_are_read_as_recorded(seat: Seat, two_estates: tuple[int, int]) -> None:
    lane, _tower = two_estates
    ten = buildings.list_buildings(seat, lane)[1].id
    sold = units.save_unit(seat, UnitFields(ten, label="102室", tenure="sold-public", use="shop")).id
    households.save_household(seat, sold, HouseholdFields("姚艳志", vacant=True))
    assert tenures_of_rooms(seat, lane) == {sold: InState("sold-public")}
    assert sorted(state.code for state in uses_of_rooms(seat, lane).values()) == ["home"] * 3 + ["shop"]
    assert vacancies_of_rooms(seat, lane)[sold] == InState("vacant")
    for read in (holders_of_rooms, tenures_of_rooms, uses_of_rooms, vacancies_of_rooms):
        with pytest.raises(NotFound):
            read(seat, 999)


# --- the paper ---------------------------------------------------------------------------------------


def chart(
    *made: Room, building: str = "", paper: str = "a4", found: dict[int, str] | None = None
) -> RoomChart:
    states = {room.id: "owner" for room in made} if found is None else found
    return RoomChart(
        "福元居民委员会", "福元小区", building, "ab" * 16, made, {key: InState(code) for key, code in states.items()},
        HOLDERS, date(2026, 11, 20), paper,
    )  # fmt: skip


def test_every_size_of_paper_has_a_name() -> None:
    assert list(PAPERS) == list(SIZES)


def test_the_paper_shows_room_and_state_with_a_mark_of_the_estate() -> None:
    made = rooms("1号楼 - 101室", "1号楼 - 102室", "1号楼 - 7室")
    paper = room_chart(chart(*made, building="1号楼", found={1: "vacant", 3: "renter"}))
    text = pdf.flat(paper, 1)
    for words in (
        "房屋使用情况图",
        "福元小区1号楼",
        "着色：居住情况2026-11-20共3套",
        "101空关",
        "102?",
        "7租客",
        "空关1",
        "底层",
        "楼层不详",
        "?未登记1",
    ):
        assert words in text
    assert paper.pages == 1
    assert [mark.uid for mark in pdf.marks(paper, 1)] == ["ab" * 16]
    assert pdf.within_margins(paper)


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize(("towers", "floors", "rooms_each"), [(1, 45, 4), (6, 18, 6), (1, 3, 40)])
def test_a_large_estate_is_printed_complete_and_legible(
    towers: int, floors: int, rooms_each: int, size: str
) -> None:
    made = tuple(
        Room(tower * 100_000 + floor * 100 + number, f"{tower}号楼", "", "", f"{floor}{number:02d}室")
        for tower in range(1, towers + 1)
        for floor in range(1, floors + 1)
        for number in range(1, rooms_each + 1)
    )
    paper = room_chart(chart(*made, paper=size))
    pages = [pdf.flat(paper, page) for page in range(1, paper.pages + 1)]
    text = "".join(pages)
    assert pdf.within_margins(paper, size=SIZES[size])
    assert all(
        text.count(room.label.removesuffix("室")) >= towers for room in made[:: max(1, len(made) // 50)]
    )
    digits = [area for page in range(1, paper.pages + 1) for area in pdf.characters(paper, page, "8")]
    assert min(area.y1 - area.y0 for area in digits) > 1.4  # mm, a digit of 6 points
    assert all(f"着色：居住情况2026-11-20共{len(made):,}套" in page and "业主" in page for page in pages)
    # the counts of the parts add up to those of the whole
    parts = [int(found.replace(",", "")) for found in re.findall(r"本图([\d,]+)套", text)]
    assert sum(parts) == (len(made) if parts else 0)
    assert (f"全部：业主{len(made):,}" if parts else f"业主{len(made):,}") in text
    assert pdf.size(paper) == pytest.approx(SIZES[size], abs=0.1)


def test_estates_of_the_sample_have_no_room_of_unknown_floor(sample_seat: Seat) -> None:
    for row in estates.list_estates(sample_seat).rows:
        found = list_rooms(sample_seat, row.id)
        assert len(found.rooms) == row.units
        assert "楼层不详" not in [line.label for line in grid_of("", found.rooms).rows]
