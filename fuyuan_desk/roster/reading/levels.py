"""Levels of a place that lists keep in columns of their own beside house and room: 组团, 支弄, 分室; pure functions."""

import re
from functools import lru_cache

from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import canonical_unit
from fuyuan_desk.roster.reading.places import Place, compact, whole_number, zone_of, zone_suffix

FILLED_DOWN = ("estate", "zone", "road", "lane", "building", "entrance", "floor")
FIELDS = ("zone", "sublane", "part")
_BARE = re.compile(r"\d+[A-Za-z]?|[A-Za-z]|[一二三四五六七八九十]{1,3}|[东西南北中甲乙丙丁]")
_SIDE = re.compile(r"[前后左右东西南北中]{1,2}")
_NUMBERED = re.compile(r"(?P<room>.*\d)(?P<word>室?)")


@lru_cache(maxsize=4_096)
def zone_label(text: str, title: str) -> str:
    """Return the part of an estate that a cell names: 玫瑰苑, 东片, A below 组团 → A组团."""
    plain, suffix = whole_number(compact(text)), zone_suffix(title)
    return zone_of(text, suffix) or (plain + suffix if _BARE.fullmatch(plain) else plain)


@lru_cache(maxsize=4_096)
def part_before(part: str, unit: str) -> str:
    """Return the cell of a room with the side before it that another cell names: 前 and 楼 → 前楼."""
    return part + unit if _is_side(part, unit) else unit


def _is_side(part: str, unit: str) -> bool:
    return (
        _SIDE.fullmatch(part) is not None
        and unit[:1].isalpha()
        and not unit.isascii()
        and not unit.startswith(part)
    )


@lru_cache(maxsize=16_384)
def with_levels(place: Place, zone: str, sublane: str, part: str) -> Place:
    """Return a place whose building is in a part of the estate and in a sublane, and whose unit is a part of a room.

    What the labels say already is not repeated.
    """
    building, unit = place.building, place.unit
    lane = whole_number(compact(sublane))
    lane = lane + "支弄" if _BARE.fullmatch(lane) else lane
    if not re.search(rf"(?<!\d){re.escape(lane)}", building):
        building = _before(lane, building)
    if zone and not building.startswith(zone) and zone != place.estate:
        building = _before(zone, building)
    own = whole_number(half_width(part))
    if own and (own.isdigit() or own not in unit) and canonical_unit(own) != canonical_unit(unit):
        unit = _with_part(unit, own)
    return place._replace(building=building, unit=unit)


def _before(level: str, building: str) -> str:
    # 5.5 and 3号楼 are not 5.53号楼
    return f"{level}-{building}" if level[-1:].isdigit() and building[:1].isdigit() else level + building


def _with_part(unit: str, part: str) -> str:
    found = _NUMBERED.fullmatch(unit)
    if found and len(part) == 1 and part.isascii() and part.isalpha():
        return f"{found['room']}{part.upper()}{found['word']}"
    if not unit or compact(part).startswith(unit.removesuffix("室")):
        return compact(part)
    return f"{unit}（{compact(part)}）"
