"""The order in which places are walked: estate by estate, there by house number or by the sides of the lane."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_

T = TypeVar("T")

_NUMBER = re.compile(r"\d+")


class Route(Code):
    """How the buildings of an estate are walked."""

    NUMBERS = "numbers", N_("By house number: 1, 2, 3, 4")
    SIDES = "sides", N_("Up one side of the lane, down the other: 1, 3, 4, 2")


@dataclass(frozen=True)
class Stop:
    """A place on the way: `estate` is the rank of its estate, `rank` that of its building or gate within the estate.

    `building` is the label of the building, '' for the whole estate and for what is in no building.
    """

    estate: int
    building: str = ""
    rank: int = -1


def in_route(found: Iterable[T], stop_of: Callable[[T], Stop], route: Route) -> list[T]:
    """Return what has a stop in the order of a route; what has the same stop stays in its order."""
    return sorted(found, key=lambda one: _key(stop_of(one), route))


def _key(stop: Stop, route: Route) -> tuple[int, ...]:
    number = _NUMBER.search(stop.building) if route is Route.SIDES else None
    if not stop.building:
        return stop.estate, 0, 0, stop.rank
    if number is None:  # by the natural order of the labels: after the sides, as no side is known
        return stop.estate, 3, 0, stop.rank
    house = int(number.group())
    is_even = house % 2 == 0
    return stop.estate, 2 if is_even else 1, -house if is_even else house, stop.rank
