"""The places of an estate: its buildings, gates, homes and facilities, told apart by keys whatever they are called."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


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


class RecordedPlace(NamedTuple):
    """The place of a record as it was written then, '' for the whole; `key` is '' if it is not known which it is."""

    key: str = ""
    text: str = ""

    @classmethod
    def of(cls, record: Any) -> "RecordedPlace":
        """Return the place of a record, by its columns `place_key` and `place`."""
        return cls(record.place_key, record.place)

    def is_same(self, other: "RecordedPlace") -> bool:
        """Return whether both are one place: by their keys, or by their texts where one has none."""
        return self.key == other.key if self.key and other.key else self.text == other.text


WHOLE = RecordedPlace()
"""Not a part of what a record is about, but all of it."""


def part_key(building: str, kind: PlaceKind, own: str) -> str:
    """Return the key of a part of a building, '' for none, by its uid or, of a gate, its name."""
    return f"{building}/{kind}:{own}" if building else f"{kind}:{own}"


def gate_key(building: str, entrance: str) -> str:
    """Return the key of a gate of a building; without one that of the building."""
    return part_key(building, PlaceKind.GATE, entrance) if entrance else building


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


def told_apart(places: Iterable[RecordedPlace]) -> dict[RecordedPlace, str]:
    """Return what tells apart the places recorded of one subject: their keys.

    Without one it is the key of the only place that was recorded under the same text, else that text.
    """
    known = set(places)
    keys: dict[str, set[str]] = {}
    for place in known:
        if place.key:
            keys.setdefault(place.text, set()).add(place.key)
    found = {}
    for place in known:
        same = keys.get(place.text, set())
        found[place] = place.key or (next(iter(same)) if len(same) == 1 else place.text)
    return found
