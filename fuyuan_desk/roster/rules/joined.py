"""Rooms that are one home in the list or the store and several in the other, such as 101/102 and 101; pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.plan import PlaceKey, unit_key
from fuyuan_desk.roster.rules.entries import Entry
from fuyuan_desk.roster.rules.stored import Stored

_BETWEEN = re.compile("[、，,/&+＋]")


class _Joined(NamedTuple):
    """What is said of a home whose rooms the store has otherwise, and the units of the store that they are."""

    why: str = ""
    units: tuple[int, ...] = ()


def joined_rooms(entries: Sequence[Entry], stored: Stored) -> Callable[[Entry], str]:
    """Return what says of a home that the store has its rooms joined, or one by one; "" of any other.

    Of a home of the list it says so where the store does not have it, of one that is gone where its rooms are in the
    list as such a home: the three are one question.
    """
    joined = {
        (*place[:3], room): unit
        for place, unit in stored.by_place.items()
        if _BETWEEN.search(place[3])
        for room in _rooms(place)
    }
    found = {entry.key: one for entry in entries if (one := _of_entry(entry, stored, joined)).why}
    gone = {unit: one.why for one in found.values() for unit in one.units}

    def why(entry: Entry) -> str:
        return gone.get(entry.unit, "") if entry.listed is None else found.get(entry.key, _Joined()).why

    return why


def _of_entry(entry: Entry, stored: Stored, joined: dict[PlaceKey, int]) -> _Joined:
    row = entry.listed
    # in most lists none, so that no key is made for each of their rows
    if entry.unit or row is None or not (joined or _BETWEEN.search(row.unit)):
        return _Joined()
    return _of_place(unit_key(row.estate, row.building, row.entrance, row.unit), stored, joined)


def _rooms(place: PlaceKey) -> Iterator[str]:
    for room in _BETWEEN.split(place[3]):
        yield unit_key("", "", "", room)[3]


def _of_place(place: PlaceKey, stored: Stored, joined: dict[PlaceKey, int]) -> _Joined:
    if place in joined:
        message = _("The store has this room together with others, as «{home}»: is it a home of its own now?")
        return _Joined(message.format(home=stored.address(joined[place])), (joined[place],))
    keys = [(*place[:3], room) for room in _rooms(place)] if _BETWEEN.search(place[3]) else []
    units = tuple(stored.by_place[key] for key in keys if key in stored.by_place)
    message = _("The store has these rooms one by one: {homes}. Are they one home now?")
    return (
        _Joined(message.format(homes=_(", ").join(map(stored.address, units))), units) if units else _Joined()
    )
