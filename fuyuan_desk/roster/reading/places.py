"""The place of a roster's row: estate, building, entrance, floor and unit, from any number of columns."""

import re
from functools import lru_cache
from typing import NamedTuple

from fuyuan_desk.formats.address import (
    Address,
    is_full_address,
    parse_address,
    parse_building_unit,
    room_label,
)
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import canonical_unit

_BARE = re.compile(r"(?:\d+[A-Za-z]?(?:-\d+[A-Za-z]?)?|[A-Za-z]\d*|[一二三四五六七八九十]+)[甲乙丙丁]?")
_SPLIT = re.compile(r"(\d{1,3}[A-Za-z]?)[-/](?:(\d{1,2})[-/])?(\d{3,4}[A-Za-z]?)室?")
_FLOOR = re.compile(r"(?:第)?(-?\d{1,2}|[一二三四五六七八九十]+)(?:楼|层|F|f)?")
_ROOM_FLOOR = re.compile(r"(\d{1,2})\d{2}[A-Za-z]?(?:室|$)")
_DOOR = re.compile(r"\d室?")
_SHORT_ROOM = re.compile(r"\d{1,2}[A-Za-z]?室?")
_HOUSE = re.compile(r"(.*[路街道浜])(\d[^弄]*号)")
_PART_FLOOR = re.compile(r"[底二三四五六七八九]楼")
WHOLE_HOUSE = "整幢"

_ESTATE_WORD = re.compile(
    r"\d弄|小区|大厦|花园|新村|公寓|坊$|邨|村|里弄|广场|公馆|家园|大楼|城$|[苑园庭府湾居院墅里]$|名[邸苑都]|[一二三四五六七八九]期|后期|前期"
    r"|宿舍|公房|东区|西区|[南北]区|Garden|Court|Mansion|Plaza|Estate|Tower",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?P<estate>.+?)(?:\d{4}年.*?)?(?:全体|各|的)?(?:住户|业主|居民(?!委)|承租|租户|房屋|住宅|人员|产权|专项|维修|分户|直管|售后"
    r"|基本|信息|家庭|户主|常住|实有|花名册|名册|清册|登记|一览|明细|台账|汇总|名单|统计|清单|资料|数据|表|roster|owners|residents|households|list).*",
    re.IGNORECASE,
)
_BEFORE_ESTATE = re.compile(
    r"^(?:附件?\d*[:：.、]?|上海市|黄浦区|\d{4}年度?|(?:.{2,6}街道)?.{0,12}(?:居民委员会|居委会|居民区)(?=.))+"
)
_ENCLOSURE = re.compile(r"^附件?\d*[:.、]?")
_LABEL = re.compile(
    r"^(?:(?:所属|所在|住宅|物业)?(?:小区|项目|楼盘|物业|楼宇)(?:名称)?|(?:房屋)?[坐座]落(?:地址)?"
    r"|(?:小区|物业|项目)?地址|弄号|路弄):"
)
_LANE_ESTATE = re.compile(r"(.*\d弄)(?:小区|里弄|居民区)?")


class Base(NamedTuple):
    """The place from the columns other than the unit's: estate by address, building, entrance, unit if named."""

    estate: str = ""
    building: str = ""
    entrance: str = ""
    unit: str = ""
    floor: str = ""


class Place(NamedTuple):
    """The place of a unit in its estate; `estate` and `street` are named by its own address, or empty."""

    estate: str
    building: str
    entrance: str
    floor: str
    unit: str
    street: str = ""


def building_suffix(title: str) -> str:
    """Return the suffix of a bare number below this header: 门牌号 1 → 1号, 幢 1 → 1幢, 楼栋 1 → 1号楼."""
    plain = half_width(title)
    for word in ("幢", "栋", "座"):
        if word in plain and "楼栋" not in plain and "楼幢" not in plain:
            return word
    return "号" if "门" in plain or plain.strip() in ("号", "几号") else "号楼"


def compact(text: str) -> str:
    """Return a text in half-width characters without blanks, with full-width brackets as in Chinese names."""
    return "".join(half_width(text).split()).replace("(", "（").replace(")", "）")


@lru_cache(maxsize=65_536)
def find_base(road: str, lane: str, address: str, building: str, entrance: str, suffix: str) -> Base:
    """Combine the columns of road, lane, address, building and entrance."""
    outer = parse_address(address) if address else Address()
    if lane:
        lane = lane if "弄" in lane or not _BARE.fullmatch(lane) else lane + "弄"
    if road or lane:
        outer = parse_address(f"{road}{lane}{address if not is_full_address(address) else ''}")
    estate, label, unit, floor = outer.estate, outer.building, outer.unit, _floor_of(outer)
    inner_entrance = outer.entrance
    if building:
        text = compact(building)
        inner = (
            parse_address(text) if is_full_address(text) else parse_building_unit(_with_suffix(text, suffix))
        )
        if inner.building and not inner.rest:
            label = inner.building
            inner_entrance = inner.entrance or inner_entrance
            unit, floor = inner.unit or unit, _floor_of(inner) or floor
            if inner.estate and (inner.road or inner.place):
                estate = inner.estate
            elif inner.lane:
                estate = f"{outer.road}{outer.place}{inner.lane}" if outer.road or outer.place else estate
        else:
            label = text
    if entrance:
        text = compact(entrance)
        inner_entrance = text + "单元" if _BARE.fullmatch(text) else text
    return Base(estate, label, inner_entrance, unit, floor)


def _with_suffix(text: str, suffix: str) -> str:
    if not _BARE.fullmatch(text):
        return text
    if suffix == "号楼" and text.isalpha() and text.isascii():
        return text + "座"
    return text[:-1] + suffix + text[-1] if text[-1] in "甲乙丙丁" and suffix == "号" else text + suffix


def _floor_of(address: Address) -> str:
    return address.floor or (f"{int(found[1])}楼" if (found := _ROOM_FLOOR.fullmatch(address.room)) else "")


@lru_cache(maxsize=65_536)  # the same rooms are in every building
def _named(cell: str, unit: str, in_building: bool) -> Place:
    """Return what the cell of a unit names, of which `unit` is the part without its building."""
    plain = compact(unit)
    found = parse_address(plain) if is_full_address(plain) else parse_building_unit(plain)
    estate = found.estate if found.road or found.place else ""
    label = _label(found, cell, in_building)
    return Place(estate, found.building, found.entrance, _floor_of(found), label)


@lru_cache(maxsize=65_536)
def floor_label(text: str) -> str:
    """Format a floor: `4` and `4层` become `4楼`, 底层 becomes 底楼."""
    plain = compact(text)
    if found := _FLOOR.fullmatch(plain):
        return f"{found[1]}楼"
    return plain[:-1] + "楼" if plain.endswith("层") and len(plain) <= 4 else plain


@lru_cache(maxsize=8_192)  # a home occurs once or, with several holders, in neighbouring rows
def find_place(base: Base, unit: str, floor: str) -> Place:
    """Combine the columns of unit and floor with the other columns' place."""
    building, entrance, estate = base.building, base.entrance, base.estate
    label, own_floor = base.unit, base.floor
    if unit:
        split = _SPLIT.fullmatch(half_width(unit))
        if split and (not building or building.rstrip("号楼幢栋座") == split[1]):
            building = building or f"{split[1]}号楼"
            entrance = entrance or (f"{split[2]}单元" if split[2] else "")
            named = _named(unit, split[3], bool(building))
        else:
            named = _named(unit, unit, bool(building))
        label = named.unit
        own_floor = named.floor or own_floor
        building = building or named.building
        entrance = entrance or named.entrance
        estate = estate or named.estate
    if floor:
        own_floor = floor_label(floor)
        label = _with_floor(label, own_floor)
    if not own_floor and (found := _PART_FLOOR.match(canonical_unit(label))):
        own_floor = found[0]
    return Place(estate, building, entrance, floor_label(own_floor), label, _street(estate, building))


def _label(inner: Address, text: str, building_known: bool) -> str:
    if inner.rest:
        return compact(text)
    if inner.unit:
        return inner.unit
    if building_known and inner.gate:
        return room_label(inner.gate.removesuffix("号"))
    return inner.note


def _with_floor(label: str, floor: str) -> str:
    if _DOOR.fullmatch(label) and floor[:-1].isdigit():
        return room_label(floor[:-1] + label.removesuffix("室").zfill(2))
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


def resembles_estate(name: str) -> bool:
    """Whether a text can be the name of an estate: 富南大厦, 南昌路168弄, 福元小区."""
    return 2 <= len(name) <= 40 and _ESTATE_WORD.search(name) is not None and "委员会" not in name


def says_place(text: str) -> bool:
    """Whether a form line names the roster's estate: 小区名称：福元小区."""
    return _LABEL.match(compact(text)) is not None


def place_in_title(title: str) -> tuple[str, str]:
    """Return the estate and the building named in a title or file name, "" if not named.

    富南大厦业主清册 → 富南大厦; 福元小区3号楼业主名单 → 福元小区, 3号楼.
    """
    text = _ENCLOSURE.sub("", compact(title.split("\n", maxsplit=1)[0]))
    text = _BEFORE_ESTATE.sub("", _LABEL.sub("", text))
    found = _TITLE.fullmatch(text)
    name = found["estate"] if found else text
    name = re.sub(r"（[^）]*$|[-_—.]+\d*$|^[-_—.《]+", "", name)
    if found_lane := _LANE_ESTATE.fullmatch(name):
        name = found_lane[1]
        name = parse_address(name).estate or name
    if ":" in name:
        return "", ""  # another form line, such as 总户数：6户
    inside = parse_address(name)
    if inside.building and (inside.place or inside.lane) and not inside.rest and not inside.unit:
        return (inside.estate, inside.building) if resembles_estate(inside.estate) else ("", "")
    return (name, "") if resembles_estate(name) else ("", "")


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
