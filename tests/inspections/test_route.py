"""The order of the way, against an independent count of who is passed when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.inspections.rules.route import Route, Stop, in_route


def walked(labels: list[str], route: Route) -> list[str]:
    stops = [Stop(0, label, rank) for rank, label in enumerate(labels)]
    return [stop.building for stop in in_route(stops, lambda stop: stop, route)]


@pytest.mark.parametrize(
    ("route", "way"),
    [
        (Route.NUMBERS, ["", "1号", "2号", "3号", "4号", "12-14号", "门房"]),
        (Route.SIDES, ["", "1号", "3号", "12-14号", "4号", "2号", "门房"]),
    ],
)
def test_the_whole_estate_is_first_and_what_has_no_number_last(route: Route, way: list[str]) -> None:
    assert walked(["", "1号", "2号", "3号", "4号", "12-14号", "门房"], route) == way


def test_the_gates_of_a_building_stay_together() -> None:
    gates = [Stop(0, "2号", 1), Stop(0, "2号", 2), Stop(0, "4号", 3), Stop(0, "4号", 4)]
    way = in_route(gates, lambda stop: stop, Route.SIDES)
    assert [stop.rank for stop in way] == [3, 4, 1, 2]


@given(st.lists(st.integers(1, 400), unique=True), st.randoms())
def test_one_side_up_and_the_other_down(numbers: list[int], order: object) -> None:
    shuffled = list(numbers)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    stops = [Stop(0, f"{number}号", number) for number in shuffled]
    way = [stop.rank for stop in in_route(stops, lambda stop: stop, Route.SIDES)]
    # independently: walk house by house up the lane, then back
    up = [house for house in range(1, 401, 2) if house in numbers]
    down = [house for house in range(400, 0, -2) if house in numbers]
    assert way == up + down


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9))), st.sampled_from(Route))
def test_no_estate_is_visited_twice(places: list[tuple[int, int]], route: Route) -> None:
    stops = [Stop(estate, f"{house}号", house) for estate, house in places]
    way = [stop.estate for stop in in_route(stops, lambda stop: stop, route)]
    assert way == sorted(estate for estate, _house in places)
