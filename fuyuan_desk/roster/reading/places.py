"""The place of a roster's row: estate, building, entrance, floor and unit, from any number of columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import groupby
from typing import NamedTuple

from fuyuan_desk.core import paths
from fuyuan_desk.estates.rules.housing import UnitUse
from fuyuan_desk.formats.address import (
    Address,
    floor_number,
    is_full_address,
    parse_address,
    parse_building_unit,
    room_label,
)
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import WORDS, canonical_unit

_BARE = re.compile(r"(?:\d+[A-Za-z]?(?:-\d+[A-Za-z]?)?|[A-Za-z]\d*|[一二三四五六七八九十]+)[甲乙丙丁]?")
_SEVERAL = re.compile(r"\d{1,4}(?:[、,./]\d{1,4})+")
_SPLIT = re.compile(
    r"(\d{1,3}[A-Za-z]?)[-/](?:(\d{1,2})[-/])?(\d{3,4}[A-Za-z]?(?:[、,/]\d{3,4}[A-Za-z]?)*室?(?:\([^()]*\))?)"
)
# what is typed for the dash of 7-302; with 101~105 and 101 105 several rooms are meant
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212_·\\]+\s*")
_LIKE_DASHES = re.compile(r"(?<=\d)[\s~～一]+(?=\d)")
_SHORT_HOUSE = re.compile(r"\d{1,2}\D")
_BLANK = re.compile(r"[^:]*\d\s+\d[^:]*")
_IN_LANE = re.compile(r"\d+弄\d.*")
_FLOOR = re.compile(r"(?:第)?(-?\d{1,2}|[一二三四五六七八九十]+)(?:楼|层|F|f)?")
_ROOM_FLOOR = re.compile(r"(\d{1,2})\d{2}[A-Za-z]?(?:室|$)")
_DOOR = re.compile(r"\d室?")
_DOOR_NUMBER = re.compile(r"\d{1,2}[A-Za-z]?号")
_WHOLE = re.compile(r"0*(\d+)(?:\.0+)?")
_HOUSE_NUMBER = re.compile(r"(\d+)(?:号楼|#楼|#|幢|栋|座|楼|号)")
_SHORT_ROOM = re.compile(r"\d{1,2}[A-Za-z]?室?")
_HOUSE = re.compile(r"(.*[路街道浜])(\d[^弄]*号)")
_PART_FLOOR = re.compile(r"[底二三四五六七八九]楼")
_BARE_ZONE = re.compile(r"\d{1,2}(?:\.0)?|[A-Za-z东西南北中]|[一二三四五六七八九十]{1,2}")
# Ⅰ单元 and 1单元
_ROMAN = {0x2160 + number: str(number + 1) for number in range(12)}
# -101 is below 101
_BASEMENT = re.compile(r"[-−–](\d)?(\d{1,2}[A-Za-z]?)室?")
_NEGATIVE = re.compile(r"-\d+(?:\.\d+)?")
_STAIRS = frozenset("甲乙丙丁东西南北中")
WHOLE_HOUSE = "整幢"


Outer = tuple[str, str, str, str, str]
"""The columns of road, lane, address, building and entrance of a row."""


class Base(NamedTuple):
    """The place from the columns other than the unit's: estate by address, building, entrance, unit if named.

    `left` is what fits no level, `told` what the clerk must look at though it is kept.
    """

    estate: str = ""
    building: str = ""
    entrance: str = ""
    unit: str = ""
    floor: str = ""
    street: str = ""
    area: str = ""
    left: str = ""
    told: str = ""


class Place(NamedTuple):
    """The place of a unit in its estate; `estate` and `street` are named by its own address, or empty.

    `area` is the address's district, street or town; `told` is a text of the cells that fits no level, or contradicts
    another cell: it is kept in the label of the building or unit and must be looked at.
    """

    estate: str
    building: str
    entrance: str
    floor: str
    unit: str
    street: str = ""
    area: str = ""
    told: str = ""


def use_by_label(unit: str) -> UnitUse | None:
    """Return the use that a unit's label says: 车位15, 地下车库B1-22, 储藏室3, 商铺1; None for a home."""
    codes: Mapping[str, list[str]] = paths.read_json(*WORDS)["units"]
    return next((UnitUse(code) for code, words in codes.items() if any(word in unit for word in words)), None)


def building_suffix(title: str) -> str:
    """Return the suffix of a bare number below this header: 门牌号 1 → 1号, 幢 1 → 1幢, 楼栋 1 → 1号楼."""
    plain = half_width(title)
    for word in ("幢", "栋", "座"):
        if word in plain and "楼栋" not in plain and "楼幢" not in plain:
            return word
    return "号" if "门" in plain or plain.strip() in ("号", "几号") else "号楼"


def compact(text: str) -> str:
    """Return a text in half-width characters without blanks, with full-width brackets as in Chinese names."""
    plain = "".join(half_width(text).split()).replace("(", "（").replace(")", "）")
    return plain if plain.isascii() else plain.translate(_ROMAN)


@lru_cache(maxsize=65_536)
def find_base(road: str, lane: str, address: str, building: str, entrance: str, suffix: str) -> Base:
    """Combine the columns of road, lane, address, building and entrance."""
    outer, left = _outer(road, lane, address)
    base = Base(
        outer.estate,
        outer.building,
        outer.entrance,
        outer.unit,
        _floor_of(outer),
        outer.street if outer.name else "",
        outer.area,
        left,
    )
    if left == f"（{outer.note}）" and not outer.building:
        # 南昌路168弄（近瑞金二路） is all the address of the estate
        base = base._replace(street=outer.street + left, left="")
    if building:
        base = _in_building(base, outer, building, suffix)
    if entrance:
        text = whole_number(compact(entrance))
        text = text + "单元" if _BARE.fullmatch(text) or text in _STAIRS else text
        inner = parse_building_unit(text)
        own = inner.entrance if inner == Address(entrance=inner.entrance) else text
        if base.entrance not in ("", own):
            base = _tell(base, base.entrance)
            own = base.entrance + own
        base = base._replace(entrance=own)
    return base


def _outer(road: str, lane: str, address: str) -> tuple[Address, str]:
    if road and (zone := zone_of(road)):
        inner, left = _outer("", lane, address)
        return replace(inner, zone=zone + inner.zone), left
    if not road and not lane:
        outer = parse_address(address) if address else Address()
        return outer, outer.left
    lane = whole_number(lane)
    street = road + (lane + "弄" if _BARE.fullmatch(lane) or _SEVERAL.fullmatch(lane) else lane)
    if not is_full_address(address):
        outer = parse_address(street + address)
        return outer, outer.left
    whole, own = parse_address(address), parse_address(street)
    if whole.street.endswith(own.street):
        return whole, whole.left
    return own, "、".join(filter(None, (own.left, compact(address))))


def zone_suffix(title: str) -> str:
    """Return the suffix of a bare number below the header of a part of an estate, "" for others: 期数 1 → 1期."""
    return next((word for word in ("组团", "组", "期", "区", "苑", "片") if word in title), "")


@lru_cache(maxsize=4_096)
def zone_of(text: str, suffix: str = "") -> str:
    """Return a text that is only the part of an estate or village: 一组 of 第一组; else ""."""
    text = whole_number(text) + suffix if suffix and _BARE_ZONE.fullmatch(text) else text
    inner = parse_building_unit(compact(text).removeprefix("第"))
    return inner.zone if inner == Address(zone=inner.zone) else ""


def _in_building(base: Base, outer: Address, building: str, suffix: str) -> Base:
    text = compact(building)
    full = is_full_address(text)
    inner = parse_address(text) if full else parse_building_unit(whole_building(text, suffix))
    if not inner.building or inner.left or inner.name:
        return _with_building(base, outer, text)
    estate, label, street = base.estate, inner.building, base.street
    if inner.road or inner.place:
        if base.estate not in ("", inner.estate):
            street = street or base.estate
        estate = inner.estate
    elif inner.lane:
        if (outer.road or outer.place) and outer.lane in ("", inner.lane):
            estate = f"{outer.road}{outer.place}{inner.lane}"
        else:
            label = inner.lane + label
    base = _with_building(base._replace(estate=estate, street=street), outer, label)
    for above, own in ((base.entrance, inner.entrance), (base.unit, inner.unit)):
        if above and own and above != own:
            base = _tell(base, above)
    return base._replace(
        entrance=inner.entrance or base.entrance,
        unit=inner.unit or base.unit,
        floor=_floor_of(inner) or base.floor,
    )


def _with_building(base: Base, outer: Address, label: str) -> Base:
    above = outer.building
    is_estate = outer.road and not outer.lane and not outer.place and above == outer.gate
    if not above or is_estate or is_within(above, label):
        return base._replace(building=label)
    if is_within(label, above):
        return base
    # 4号 and 1幢 are a house and a block of it, 4号 and 5号 contradict each other
    base = _tell(base, above) if above[-1] == label[-1] else base
    return base._replace(building=above + label)


def _tell(base: Base, text: str) -> Base:
    return base._replace(told="、".join(dict.fromkeys(filter(None, (base.told, text)))))


def is_within(part: str, whole: str) -> bool:
    """Whether a building's label says no more than another one: 5号 and 29支弄5号, 3幢 and 3号楼."""
    if part == whole or _house(part) == _house(whole):
        return True
    return whole.endswith(part) and not whole[-len(part) - 1].isdigit()


def _house(label: str) -> str:
    # the same house may be written 3号楼, 3幢, 3栋 or 3号
    found = _HOUSE_NUMBER.fullmatch(label)
    return found[1] if found else label


def whole_number(text: str) -> str:
    """Return a bare number as Excel shows it: 1.0, 01 and 1 are the same."""
    found = _WHOLE.fullmatch(text) if text[:1].isdigit() else None
    return found[1] if found else text


def whole_building(text: str, suffix: str) -> str:
    """Return a bare number or letter of a building with the suffix of its column: 1, 01 and 1.0 → 1号楼, A → A座."""
    text = whole_number(text)
    if not _BARE.fullmatch(text):
        return text + suffix if _SEVERAL.fullmatch(text) else text
    if suffix == "号楼" and text.isalpha() and text.isascii():
        return text + "座"
    return text[:-1] + suffix + text[-1] if text[-1] in "甲乙丙丁" and suffix == "号" else text + suffix


def _floor_of(address: Address) -> str:
    return address.floor or (
        f"{int(found[1])}楼" if (found := _ROOM_FLOOR.fullmatch(address.room)) and int(found[1]) else ""
    )


@lru_cache(maxsize=65_536)
def _named(cell: str, unit: str) -> Place:
    """Return what the cell of a unit names, of which `unit` is the part without its building."""
    plain = compact(unit)
    if below := _BASEMENT.fullmatch(plain):
        floor = f"-{below[1]}楼" if below[1] else ""
        return Place("", "", "", floor, room_label(f"-{below[1] or ''}{below[2]}"))
    if _NEGATIVE.fullmatch(plain):
        return Place("", "", "", "", room_label(plain))
    if _IN_LANE.fullmatch(plain):
        lane = parse_address(plain)  # 181弄7-601
        if lane.building and lane.unit and not lane.left:
            return Place(
                "", lane.lane + lane.building, lane.entrance, _floor_of(lane), lane.unit, told=lane.lane
            )
    is_address = is_full_address(plain) and use_by_label(plain) is None
    found = parse_address(plain) if is_address else parse_building_unit(plain)
    estate = found.estate if found.road or found.place else ""
    label = _label(found, cell)
    return Place(estate, found.building, found.entrance, _floor_of(found), label)


@lru_cache(maxsize=65_536)
def floor_label(text: str) -> str:
    """Format a floor: `4` and `4层` become `4楼`, 底层 becomes 底楼."""
    plain = whole_number(compact(text))
    if found := _FLOOR.fullmatch(plain):
        return f"{found[1]}楼"
    return plain[:-1] + "楼" if plain.endswith("层") and len(plain) <= 4 else plain


def find_places(outer: Iterable[Outer], suffix: str, rooms: Iterable[tuple[str, str]]) -> list[Place]:
    """Return the place of each row.

    `outer` are its columns of road, lane, address, building and entrance, `rooms` those of unit and floor; `suffix` is
    added to the number of a building.
    """
    found: list[Place] = []
    rest = iter(rooms)
    for own, rows in groupby(outer):  # neighbours, in nearly every roster
        found += _places_in(find_base(*own, suffix), [next(rest) for _row in rows])
    return found


def _places_in(base: Base, rooms: Sequence[tuple[str, str]]) -> list[Place]:
    """Combine the columns of unit and floor with the other columns' place."""
    if base.unit or base.floor or base.left:
        return [_combined(base, unit, floor) for unit, floor in rooms]
    before = base[:3]
    behind = (base.street or _street(base.estate, base.building), base.area, base.told)
    # not cached: to look for a home that occurs once takes longer
    return [
        _new_place((*before, *room, *behind))
        if not floor and (room := _plain_room(unit))
        else _combined(base, unit, floor)
        for unit, floor in rooms
    ]


_new_place = partial(tuple.__new__, Place)


@lru_cache(maxsize=8_192)  # a home occurs once or, with several holders, in neighbouring rows
def _combined(base: Base, unit: str, floor: str) -> Place:
    if unit:
        unit = unit.removesuffix(".0")
        base = _in_unit(base, unit)
    label, own_floor = base.unit, base.floor
    if floor:
        own_floor = floor_label(floor)
        label = _with_floor(label, own_floor)
    if not own_floor and (found := _PART_FLOOR.match(canonical_unit(label))):
        own_floor = found[0]
    told = base.told
    if base.left:
        told = "、".join(filter(None, (told, base.left.strip("（）"))))
        label = _with_left(label, base.left)
    street = base.street or _street(base.estate, base.building)
    return Place(
        base.estate, base.building, base.entrance, floor_label(own_floor), label, street, base.area, told
    )


@lru_cache(maxsize=65_536)  # the same rooms are in every building
def _split(unit: str) -> re.Match[str] | None:
    plain = half_width(unit)
    found = _SPLIT.fullmatch(plain)
    if found or plain.isdecimal() or not plain[:1].isdigit():
        return found
    plain = _DASHES.sub("-", plain)
    return _SPLIT.fullmatch(_LIKE_DASHES.sub("-", plain) if _SHORT_HOUSE.match(plain) else plain)


def is_split(text: str) -> bool:
    """Return whether a text is building, entrance and room in numbers: 3-1-101, 3-101."""
    return _split(text) is not None


@lru_cache(maxsize=8_192)  # the same rooms are in every building
def _plain_room(unit: str) -> tuple[str, str] | None:
    """Return floor and label of a cell that names a room and nothing else, None for any other."""
    bare = unit.removesuffix(".0")
    if not bare or _split(bare) or _BLANK.fullmatch(bare):
        return None
    named = _named(bare, bare)
    if not named.unit or named.estate or named.building or named.entrance:
        return None
    floor = named.floor or (found[0] if (found := _PART_FLOOR.match(canonical_unit(named.unit))) else "")
    return floor_label(floor), named.unit


def _in_unit(base: Base, unit: str) -> Base:
    """Return the place with what the cell of the unit names; what contradicts the other cells stays in the label."""
    split = _split(unit)
    if (
        split
        and (not base.building or base.building.rstrip("号楼幢栋座") == whole_number(split[1]))
        and (not split[2] or base.entrance in ("", f"{split[2]}单元"))
    ):
        base = base._replace(
            building=base.building or f"{whole_number(split[1])}号楼",
            entrance=base.entrance or (f"{split[2]}单元" if split[2] else ""),
        )
        named = _named(unit, split[3])
    else:
        named = _named(unit, unit)
        if _contradicts(base, named):
            return _tell(base, base.unit or compact(unit))._replace(unit=base.unit + compact(unit))
        base = _tell(base, unit if _BLANK.fullmatch(unit) else named.told)
    label = named.unit
    if base.unit and base.unit == base.floor:
        label = _with_floor(label, base.floor)
        if named.floor and floor_number(named.floor) != floor_number(base.floor):
            label = base.floor + label  # 102 on the second floor
    elif base.unit and label:
        both = _both(base.unit, label)
        base = _tell(base, base.unit) if both not in (base.unit, label) else base
        label = both
    return base._replace(
        estate=base.estate or named.estate,
        building=base.building or named.building,
        entrance=base.entrance or named.entrance,
        floor=named.floor or base.floor,
        unit=label or base.unit,
    )


def _contradicts(base: Base, named: Place) -> bool:
    return bool(
        (base.building and named.building and not is_within(named.building, base.building))
        or (base.entrance and named.entrance not in ("", base.entrance))
        or (base.estate and named.estate not in ("", base.estate))
    )


def _both(above: str, label: str) -> str:
    """Return the label of a unit that two columns name: the one that says more, or both if they differ."""
    one, other = canonical_unit(above), canonical_unit(label)
    if one == other or (other.endswith(one) and not one[:1].isdigit()):
        return label
    return above if one.endswith(other) and not other[:1].isdigit() else above + label


def _with_left(label: str, left: str) -> str:
    if not label:
        # a second address, or a note beside the house, names no room
        return left if left[0].isdigit() else f"{WHOLE_HOUSE}{_bracketed(left)}"
    bare = label.removesuffix("室")
    return left if left.startswith(bare) else label + _bracketed(left)


def _bracketed(text: str) -> str:
    return text if text.startswith("（") else f"（{text}）"


def _label(inner: Address, text: str) -> str:
    if inner.left or inner.name or (inner.lane and not inner.road):
        return compact(text)
    if inner.unit:
        return inner.unit
    return ""  # the number of the house again: it is no room


def _with_floor(label: str, floor: str) -> str:
    if _DOOR.fullmatch(label) and floor[:-1].isdigit():
        return room_label(floor[:-1] + label.removesuffix("室").zfill(2))
    if _DOOR_NUMBER.fullmatch(label):
        return floor + label
    if not label or label[0] in floor or label.startswith(("底", "三层", "二层", "晒台", "地下")):
        return label
    if _SHORT_ROOM.fullmatch(label) and label[0].isdigit():
        digits = floor.removesuffix("楼")
        bare = label.removesuffix("室")
        if digits.isdigit() and not (len(bare) == 2 and bare[-1].isalpha()):
            return room_label(digits + bare.zfill(2))
        return label
    return (
        label if any(char.isdigit() for char in label) or label[0] in "一二三四五六七八九" else floor + label
    )


# ---- the estate's name ----


@lru_cache(maxsize=4_096)
def same_estate(name: str) -> str:
    """Return the canonical name of an estate, equal for 太阳都市花园（后期）and 太阳都市花园后期."""
    plain = re.sub(r"[\s()（）\[\]【】·,，.。\-—_]+", "", half_width(name)).lower()
    plain = plain.removeprefix("上海市").removeprefix("黄浦区")
    return plain.removesuffix("小区") or plain


@lru_cache(maxsize=4_096)
def _street(estate: str, building: str) -> str:
    """Return what an address has before the building, 南昌路500弄 or 复兴中路; "" for the name of an estate."""
    address = parse_address(estate)
    if address.lane or (address.road and (address.gate or not address.place)):
        return estate.removesuffix(building) if building != estate else estate
    return ""


def with_street(street: str, building: str) -> str:
    """Return the label of a building in an estate of several streets: 南昌路500弄1号."""
    return building if building.startswith(street) else street + building


def road_of_houses(estates: list[str]) -> str:
    """Return the road if all "estates" are single houses on one road, which then become its buildings."""
    found = [_HOUSE.fullmatch(estate) for estate in estates]
    roads = {house[1] for house in found if house}
    return roads.pop() if len(estates) > 1 and all(found) and len(roads) == 1 else ""


@lru_cache(maxsize=65_536)
def in_estate(place: Place, estate: str) -> Place:
    """Return the place with the final estate."""
    return place._replace(estate=estate)
