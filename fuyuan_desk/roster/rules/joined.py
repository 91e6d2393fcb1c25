"""Rooms that are one home in the list or the store and several in the other, such as 101/102 and 101; pure."""

import re
from collections.abc import Callable, Iterator

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.plan import PlaceKey, unit_key
from fuyuan_desk.roster.rules.entries import Entry
from fuyuan_desk.roster.rules.stored import Stored

_BETWEEN = re.compile("[、，,/&]")


def joined_rooms(stored: Stored) -> Callable[[Entry], str]:
    """Return what says of a new home that the store has its rooms joined, or one by one; "" of any other."""
    joined = {
        (*place[:3], room): unit
        for place, unit in stored.by_place.items()
        if _BETWEEN.search(place[3])
        for room in _rooms(place)
    }

    def why(entry: Entry) -> str:
        row = entry.listed
        # in most lists none, so that no key is made for each of their rows
        if entry.unit or row is None or not (joined or _BETWEEN.search(row.unit)):
            return ""
        return _why(unit_key(row.estate, row.building, row.entrance, row.unit), stored, joined)

    return why


def _rooms(place: PlaceKey) -> Iterator[str]:
    for room in _BETWEEN.split(place[3]):
        yield unit_key("", "", "", room)[3]


def _why(place: PlaceKey, stored: Stored, joined: dict[PlaceKey, int]) -> str:
    if place in joined:
        message = _("The store has this room together with others, as «{home}»: is it a home of its own now?")
        return message.format(home=stored.address(joined[place]))
    keys = [(*place[:3], room) for room in _rooms(place)] if _BETWEEN.search(place[3]) else []
    known = [stored.address(stored.by_place[key]) for key in keys if key in stored.by_place]
    message = _("The store has these rooms one by one: {homes}. Are they one home now?")
    return message.format(homes=_(", ").join(known)) if known else ""
