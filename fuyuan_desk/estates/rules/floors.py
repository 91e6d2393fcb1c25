"""The floor of a unit, derived from its fields: storeys, and the parts of lane houses; pure functions."""

import re
from dataclasses import dataclass
from functools import lru_cache

from fuyuan_desk.formats.address import GROUND_PARTS, UPSTAIRS_PARTS
from fuyuan_desk.formats.names import half_width

GROUND, MEZZANINE, LOFT, ROOF = 10, 15, 9_000, 9_500
_STOREY = 10
_NUMERALS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"两": 2}
_HAN = "[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_BELOW = re.compile(r"地下(\d{1,2}|[一二三四五])?|(?:负|B|-)(\d{1,2}|[一二三四五])[楼层F]")
_STOREYS = re.compile(rf"(\d{{1,3}}|底|{_HAN})(?:[楼层F]|(?=[前后中客厢统]))")
# a bare number is a storey in the field for floors only; in a label it is a door
_FIELD_BELOW = re.compile(r"(?:负|B|-)(\d{1,2}|[一二三四五])")
_FIELD_STOREYS = re.compile(rf"\d{{1,3}}|底|{_HAN}")
_MEZZANINE = re.compile(r"([二三四])?[层楼]?亭子")
_LOFT = re.compile(r"[层楼间]阁|阁楼|[二三四]阁|^阁|假三层")
_ROOM = re.compile(r"[A-Z]?(\d{1,2})(\d{2}[A-Z]?(?:-\d)?)室?")
_LETTERED = re.compile(r"(\d{1,2})([A-Z]\d?)室?")
_KEPT = 8_192  # results that are kept: a chart is read again and again
_PARTS = (
    *((part, GROUND) for part in GROUND_PARTS),
    *((part, GROUND + _STOREY) for part in UPSTAIRS_PARTS),
)


@dataclass(frozen=True, slots=True, order=True)
class Floor:
    """A floor; `height` is tenths of a storey from 10 for the ground floor, below zero for basements."""

    height: int

    @property
    def storey(self) -> int:
        """The number of the storey, of the basement, or of the storey below a mezzanine."""
        return abs(self.height) // _STOREY


@lru_cache(_KEPT)
def floor_of(floor: str, label: str) -> Floor | None:
    """Return the floor of a unit by its floor field and its label, None if neither states it."""
    label, floor = half_width(label).upper(), half_width(floor).upper()
    return _part_above(label) or _in_field(floor) or _stated(label) or _by_part(label) or _by_number(label)


@lru_cache(_KEPT)
def room_tail(label: str) -> str:
    """Return the part of a room number below its floor (`1203室` → `03`), '' for a label without one."""
    label = half_width(label).upper()
    found = _ROOM.fullmatch(label) or _LETTERED.fullmatch(label)
    return found[2] if found else ""


def _part_above(label: str) -> Floor | None:
    """Return the level of a part between the storeys or above them."""
    if "晒台" in label:
        return Floor(ROOF)
    if found := _MEZZANINE.search(label):
        # 三层亭子间 is half a storey above the second floor's
        return Floor(MEZZANINE + _STOREY * (_NUMERALS[found[1]] - 2 if found[1] else 0))
    return Floor(LOFT) if _LOFT.search(label) else None


def _in_field(floor: str) -> Floor | None:
    """Return the floor of a field that holds nothing but its number."""
    if found := _FIELD_BELOW.fullmatch(floor):
        return Floor(-_STOREY * _number(found[1]))
    return _storey(floor) if _FIELD_STOREYS.fullmatch(floor) else _stated(floor)


def _stated(text: str) -> Floor | None:
    """Return the floor that a text begins with."""
    if found := _BELOW.match(text):
        return Floor(-_STOREY * _number(found[1] or found[2] or "1"))
    found = _STOREYS.match(text)
    return _storey(found[1]) if found else None


def _storey(text: str) -> Floor | None:
    number = 1 if text == "底" else _number(text)
    return Floor(_STOREY * number) if number > 0 else None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (10 * (_NUMERALS[tens] if tens else 1) if ten else 0) + (_NUMERALS[ones] if ones else 0)


def _by_part(label: str) -> Floor | None:
    height = next((height for word, height in _PARTS if word in label), None)
    return None if height is None else Floor(height)


def _by_number(label: str) -> Floor | None:
    found = _ROOM.fullmatch(label) or _LETTERED.fullmatch(label)
    return Floor(_STOREY * int(found[1])) if found and int(found[1]) else None
