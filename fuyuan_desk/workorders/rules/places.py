"""Where an order is: a building, gate, home or facility of its estate, told by its text; orders at one place."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from fuyuan_desk.core.texts import _

REPEATED = timedelta(days=365)
"""For how long orders at one place are counted together."""


class PlaceKind(StrEnum):
    """What a place is; of places of one name the first kind counts."""

    BUILDING = "b"
    GATE = "g"
    FACILITY = "f"
    UNIT = "u"


@dataclass(frozen=True)
class Place:
    """A place of an estate: `text` is how it is written, `other` a shorter name.

    `key` tells it apart whatever it is called later; that of a part begins with the key of its building and “/”.
    """

    kind: PlaceKind
    key: str
    text: str
    other: str = ""


@dataclass(frozen=True)
class PlaceOrder:
    """An order at a place, in one line."""

    id: int
    number: str
    title: str
    status: str


def part_key(building: str, kind: PlaceKind, own: str) -> str:
    """Return the key of a part of a building, '' for none, by its uid or, of a gate, its name."""
    return f"{building}/{kind}:{own}" if building else f"{kind}:{own}"


def place_named(text: str, places: Iterable[Place]) -> Place | None:
    """Return the place that a text names, None if it names none or several of a kind."""
    wanted = _plain(text)
    if not wanted:
        return None
    named = [place for place in places if wanted in (_plain(place.text), _plain(place.other))]
    for kind in PlaceKind:
        found = {place.key: place for place in named if place.kind is kind}
        if found:
            return next(iter(found.values())) if len(found) == 1 else None
    return None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def repeated_text(earlier: Sequence[PlaceOrder]) -> str:
    """Return the how manieth order at its place an order is, by those before it; '' for the first one of a year."""
    if not earlier:
        return ""
    return _("Order number {number} at this place within a year").format(number=len(earlier) + 1)
