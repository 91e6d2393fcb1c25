"""Rooms that are one home in the list or the store and several in the other, such as 101/102 and 101; pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.reading.plan import PlaceKey, unit_key
from fuyuan_desk.roster.rules.comparison import Comparison, Entry, Group
from fuyuan_desk.roster.rules.stored import Stored

_BETWEEN = re.compile("[、，,/&]")


def of_joined_rooms(comparison: Comparison, stored: Stored) -> Comparison:
    """Return a comparison in which new homes that the store has joined, or one by one, are kept until ticked."""
    new = [one for one in comparison.entries if one.group is Group.NEW and not one.unit and one.listed]
    if not new:
        return comparison
    joined = {
        (*place[:3], room): unit
        for place, unit in stored.by_place.items()
        if _BETWEEN.search(place[3])
        for room in _rooms(place)
    }
    # in most lists none, so that no key is made for each of their rows
    whys = {
        one: why
        for one in new
        if (joined or (one.listed and _BETWEEN.search(one.listed.unit)))
        and (why := _why(one, stored, joined))
    }
    if not whys:
        return comparison
    entries = (
        replace(one, is_kept=True, why=one.why or whys[one]) if one in whys else one
        for one in comparison.entries
    )
    return replace(comparison, entries=tuple(entries))


def _rooms(place: PlaceKey) -> Iterator[str]:
    for room in _BETWEEN.split(place[3]):
        yield unit_key("", "", "", room)[3]


def _why(entry: Entry, stored: Stored, joined: dict[PlaceKey, int]) -> str:
    row = entry.listed
    assert row is not None
    place = unit_key(row.estate, row.building, row.entrance, row.unit)
    if place in joined:
        message = _("The store has this room together with others, as «{home}»: is it a home of its own now?")
        return message.format(home=stored.address(joined[place]))
    keys = [(*place[:3], room) for room in _rooms(place)] if _BETWEEN.search(place[3]) else []
    known = [stored.address(stored.by_place[key]) for key in keys if key in stored.by_place]
    message = _("The store has these rooms one by one: {homes}. Are they one home now?")
    return message.format(homes=_(", ").join(known)) if known else ""
