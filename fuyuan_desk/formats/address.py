"""Shanghai addresses: 路 → 弄 → 支弄 → 号 → 单元 → 室 or part, any level may be missing (domain §8); pure functions."""

import re
from dataclasses import dataclass
from functools import lru_cache

from fuyuan_desk.formats.names import half_width

_DISTRICT = (
    r"(?:黄浦|徐汇|长宁|静安|普陀|虹口|杨浦|闵行|宝山|嘉定|浦东新|浦东|金山|松江|青浦|奉贤|崇明|卢湾|南市|闸北)"
    r"(?:新区|区|县)"
)
_HAN = r"[\u4e00-\u9fff]"
_PREFIX = re.compile(
    rf"(?:上海市?(?=.*(?:区|县|路|街|弄|道|浜|大厦|新村|小区|花园)))?(?:{_DISTRICT})?"
    rf"(?:{_HAN}{{2,6}}?街道)?(?:{_HAN}{{2,4}}?镇(?![东西南北中支]*[路街弄])(?=.*[路街道弄村]))?"
    rf"(?:{_HAN}{{2,8}}?(?:保税区|园区|开发区)(?:[东西南北]区)?(?={_HAN}{{1,8}}[路街道]\d))?"
)
_SERIAL = "甲乙丙丁戊己庚辛壬癸"
_SIDES = "甲乙丙丁东西南北中"
_NUMBER = r"\d+[A-Za-z]?"
_NUMBERS = rf"{_NUMBER}(?:[-、,/.]{_NUMBER})*-?"
_NUMERAL = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMERAL_CHARS = frozenset("一二三四五六七八九十百零〇")
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十") | {
    0x2460 + n: str(n + 1) for n in range(20)
}
_FORMAL_CHARS = frozenset(map(chr, _FORMAL))
_FORMAL_NUMBER = re.compile(r"[壹贰叁肆伍陆柒捌玖拾①-⑳]+(?=号|幢|栋|单元|座)")
_CHINESE_NUMBER = re.compile(r"([一二三四五六七八九十百零〇]+)(?=弄|支弄|号|幢|栋|室|单元|座)")
_LEADING_ZEROS = re.compile(r"(?<![\dA-Za-z.])(?<!\d-)0+(?=[1-9]\d*(?:弄|号(?!室|房|户)|幢|栋|座|单元))")
_DASH = re.compile(r"\s*(?:[\u2010-\u2015\u2212~～—]|(?<=\d)至(?=\d))+\s*")
_NOTE = re.compile(r"\(([^()]*)\)")
# after an estate's street its name: 建国中路100弄福元小区, 南京西路1266号恒隆广场
_LONG_NAME = "广场|大厦|大楼|花园|花苑|小区|新村|公寓|公馆|商厦|中心|国际|家园|名邸|别墅"
_NAME_NEXT = rf"(?=[\dA-Za-z(]|[{_SIDES}]\d|$)"
_ZONE = rf"(?:[A-Za-z]|[{_SIDES}]|[一二三四五六七八九十]+|\d{{1,2}})(?:区|苑|组团?|期)"
_BLOCK = (
    rf"(?:{_NUMBERS}|[A-Za-z]\d*|[{_SERIAL}东南西北中])"
    rf"(?:号楼|号幢|#楼|#(?=\d)|(?<!\d{{3}})#(?={_HAN}{{2}})|号房(?=\d)|幢|栋|座|[{_SERIAL}]幢)(?:[A-Za-z]座)?"
)
_GATE = (
    rf"(?:之|-)?[{_SERIAL}东南西北中新老临附]?{_NUMBERS}[{_SERIAL}]?号(?![楼房幢门口室户线])"
    rf"(?:-\d{{1,2}}(?!\d)号?|[、,]?\d+(?:-\d+)?号(?![楼室房户口])|[、,]\d+-\d+(?=[、,]))*"
    rf"[{_SERIAL}]?(?:后门|前门|边门|旁门|侧门)?"
)
_ENTRANCE = rf"(?:{_NUMBER}|[一二三四五六七八九十{_SERIAL}东南西北中])(?:单元|门洞|梯|号门|号口)"
_FLOOR = r"(?:地下|负|B|F|-)?(?:\d+|[一二三四五六七八九十]+|底|顶|地下|夹)(?:楼|层|F)(?!阁)"
_ROOM = (
    r"#?(?:\d+[A-Za-z]?(?:[-、,/.]\d+[A-Za-z]?)*|[A-Za-z]\d*(?:-\d+[A-Za-z]?)*|\d+[A-Za-z]\d*|"
    rf"[{_SIDES}])(?:号?[室房户]|#)?"
)
_PART_END = "楼|堂|房|间|阁|台|前|后|室|厅|井|披|棚|层|左|右|东|西|南|北|中|上|下|库|店|门|临|铺|位|面"
_TAIL = re.compile(
    rf"(?P<lane>{_NUMBERS}弄(?:[-、,]?{_NUMBERS}弄)*)?(?P<lane_serial>(?<=弄)[{_SERIAL}](?!号|幢|\d))?"
    rf"(?P<lane_name>(?<=弄){_HAN}{{1,10}}?(?:{_LONG_NAME}|[苑坊邨里]){_NAME_NEXT})?"
    rf"(?P<sublane>\d+支弄|(?<=弄){_HAN}{{1,6}}[道路街巷](?=\d+号|$))?"
    rf"(?P<zone>{_ZONE})?(?P<gate>{_GATE})?(?:(?<=弄)(?P<lane_block>\d+楼))?"
    rf"(?P<gate_name>(?<=号){_HAN}{{2,10}}?(?:{_LONG_NAME}){_NAME_NEXT})?(?P<gate_zone>{_ZONE})?"
    rf"(?P<block>{_BLOCK})?(?P<inner_gate>{_GATE})?"
    rf"(?P<entrance>{_ENTRANCE})?[-/]?(?P<floor>{_FLOOR})?(?P<door>(?<=[楼层F]){_NUMBER}号(?![楼口室房户]))?[-/]?"
    rf"(?P<room>{_ROOM}(?![\u4e00-\u9fff\d]))?"
    rf"(?P<part>{_HAN}*(?:{_PART_END})[-A-Za-z\d甲乙丙丁东西南北中]*)?"
    rf"(?:[、,;]?(?P<more>{_HAN}{{1,8}}[路街道浜]\d.*))?"
    r"(?P<rest>.*)"
)
_HEAD_END = re.compile(
    rf"\d(?!\d*村)|#|^[{_SIDES}新老临附](?=\d+(?:号|幢|栋|座))|(?=[A-Za-z]\d*[座栋幢区#])|[底一二三四五六七八九十]+[楼层](?!盘)|之\d|地下\d"
    rf"|(?<={_HAN})[{_SERIAL}东西][幢座]"
    rf"|(?<=[路街道弄村坊里邨苑园区城])[{_SIDES}新老临附](?=\d+(?:号|幢|栋))"
)
_STREET_IN_BRACKETS = re.compile(
    rf"({_HAN}{{1,10}}?(?:{_LONG_NAME}|[苑坊邨里]))\(({_HAN}{{1,10}}[路街道]\d+[弄号])\)(?=[\dA-Za-z])"
)
_NUMBER_ALONE = re.compile(_NUMBERS)
_HOUSE_AND_ROOM = re.compile(r"(?<=弄)(\d{1,3})-([1-9]\d?(?:0[1-9]|[12]\d)[A-Za-z]?)室?$")
_NUMBER_IN_LANE = re.compile(r"(?<=弄)\d{1,2}(?:-\d+)?$")
_ROAD = re.compile(rf"(.*{_HAN}(?:路|街|道|浜|公路|大道))(.*)")
_BETWEEN = re.compile(
    r"(?:(?<=[幢栋座楼号弄元#])[/\\._·]+|(?<=[幢栋座楼元#])-+|(?<=号)-+(?=\d{3}))(?=[\d\u4e00-\u9fff])"
)
_ENTRANCE_BEHIND_BLOCK = re.compile(r"(?<=[\dA-Za-z])(#楼?|号楼|幢|栋|座)(\d{1,2})[-/#](?=\d{3,4}(?!\d))")
_SEPARATORS = frozenset("-/\\._·#")


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address; every level is text as written (`168弄`, `4号甲`, `3单元`, `501室`) or empty.

    `area` is what stands before the road (city, district, street, town), `name` an estate's name after its street,
    `zone` a part of an estate (`A区`, `3组`), `more` further addresses on the same line, `rest` what is not understood.
    """

    road: str = ""
    place: str = ""
    lane: str = ""
    sublane: str = ""
    gate: str = ""
    block: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""
    part: str = ""
    rest: str = ""
    note: str = ""
    area: str = ""
    name: str = ""
    zone: str = ""
    more: str = ""

    @property
    def estate(self) -> str:
        """Name of the estate of the address: 南昌路168弄, 富南大厦, or a single house on a road."""
        return self.name or self.street

    @property
    def street(self) -> str:
        """The address of the estate: road, place and lane, or a single house on a road."""
        head = self.road + self.place + self.lane
        alone = self.gate and not self.lane and not self.place
        return head + self.gate if head and alone else head

    @property
    def building(self) -> str:
        """Label of the building inside its estate: `4号甲`, `29支弄5号`, `A区3号楼`; a road's own house is its 号."""
        inner = self.zone + self.block
        is_house = self.road and not self.lane and not self.place
        gate = "" if inner and is_house else self.gate
        return self.sublane + self.zone + gate + self.block

    @property
    def unit(self) -> str:
        """Label of the unit inside its building: `501室`, `底楼后客堂`, `3楼5号`; empty if the address names none."""
        note = f"（{self.note}）" if self.note else ""
        if self.part or (self.room and not self.room.isascii() and self.room in _SIDES):
            return self.floor + self.room + self.part + note
        if not self.room:
            return self.floor + note if self.floor else ""
        label = self.room if self.room.endswith("号") else room_label(self.room)
        return ("" if is_on_floor(self.room, self.floor) else self.floor) + label + note

    @property
    def left(self) -> str:
        """What no level has room for: a second address, what is not understood, a note without a unit."""
        note = "" if self.unit or not self.note else f"（{self.note}）"
        return "、".join(filter(None, (self.more, self.rest))) + note


_ROOM_FLOOR = re.compile(r"(\d{1,2})(?:\d{2}(?!\d)|[A-Za-z])")
_FLOOR_NUMBER = re.compile(r"第?(地下|负|[BF-])?(\d+|[一二三四五六七八九十]+)?(底)?[楼层F]?")


def floor_number(floor: str) -> int | None:
    """Return the number of a floor, 3 for `3楼` and `三层`, -1 for `地下1层`, None for any other (顶楼, 夹层)."""
    found = _FLOOR_NUMBER.fullmatch(floor)
    if found is None or not (found[2] or found[3]):
        return None
    number = 1 if found[3] else int(found[2] if found[2].isdigit() else _arabic(found[2]))
    return -number if found[1] in ("地下", "负", "B", "-") else number


def is_on_floor(room: str, floor: str) -> bool:
    """Return whether a room's number says its floor by itself: `501` and `5A` on the fifth; without a floor, yes."""
    if not floor:
        return True
    found = _ROOM_FLOOR.match(room.lstrip("#"))
    return found is not None and int(found[1]) == floor_number(floor)


def _arabic(numeral: str) -> str:
    total, pending = 0, 0
    for char in numeral:
        if char == "十":
            total, pending = total + (pending or 1) * 10, 0
        elif char == "百":
            total, pending = total + pending * 100, 0
        else:
            pending = _NUMERAL[char]
    return str(total + pending)


def _plain(text: str) -> str:
    plain = _DASH.sub("-", half_width(text))
    plain = "".join(plain.split())
    if not _FORMAL_CHARS.isdisjoint(plain):
        plain = _FORMAL_NUMBER.sub(lambda found: found[0].translate(_FORMAL), plain)
    if not _NUMERAL_CHARS.isdisjoint(plain):
        plain = _CHINESE_NUMBER.sub(lambda found: _arabic(found[1]), plain)
    return _LEADING_ZEROS.sub("", plain) if "0" in plain else plain


def room_label(room: str) -> str:
    """Format a room number: `501` and `#501` become `501室`."""
    bare = room.strip("#")
    return f"{bare}室" if bare[-1:].isalnum() and bare[-1:].isascii() else bare.replace("号室", "室")


def _tail(text: str, road: str, place: str, note: str, area: str = "") -> Address:
    if not _SEPARATORS.isdisjoint(text):
        text = _BETWEEN.sub("", text)
        text = _ENTRANCE_BEHIND_BLOCK.sub(r"\1\2单元", text, count=1)  # 1#2-301
    found = _TAIL.fullmatch(text)
    assert found is not None  # every group is optional and `rest` matches the remainder
    part = found.groupdict("")
    lane = part["lane"]
    block = (part["block"] or part["lane_block"]).replace("#楼", "#")
    block = block.replace("#", "座" if block[:1].isalpha() and block.isascii() else "号楼")
    return Address(
        road=road,
        place=place,
        lane=lane + part["lane_serial"] if lane else "",
        sublane=part["sublane"],
        gate=part["gate"].lstrip("之-"),
        block=block + part["inner_gate"].lstrip("之-"),
        entrance=part["entrance"],
        floor=part["floor"],
        room=part["room"] or part["door"],
        part=part["part"],
        rest=(part["door"] if part["room"] else "") + part["rest"].lstrip("、,;"),
        note=note,
        area=area,
        name=part["lane_name"] or part["gate_name"],
        zone=part["zone"] + part["gate_zone"],
        more=part["more"],
    )


def _split(plain: str) -> tuple[str, str]:
    if "(" not in plain:
        return plain, ""
    note = "、".join(_NOTE.findall(plain))
    return (_NOTE.sub("", plain), note) if note else (plain, "")


@lru_cache(maxsize=65_536)
def parse_address(text: str) -> Address:
    """Parse a full address; bracketed text becomes the note.

    Of several addresses on one line the first is parsed, the others stay in `more`.
    """
    plain = _plain(text)
    if "(" in plain and (found := _STREET_IN_BRACKETS.match(plain)):
        plain = found[2] + found[1] + plain[found.end() :]  # 长乐新村(长乐路1088弄)3号
    # mask brackets that belong to an estate's name, 太阳都市花园（后期）: they contain no house numbers
    masked = _NOTE.sub(lambda found: "□" * len(found[0]), plain) if "(" in plain else plain
    end = _HEAD_END.search(masked)
    cut = end.start() if end else len(plain)
    tail, note = _split(plain[cut:])
    area, road, place = _head(plain[:cut], "弄" in tail, bool(tail))
    if road and not place and _NUMBER_ALONE.fullmatch(tail):
        tail += "号"  # a number after a road without 号 is the house number
    elif found := _HOUSE_AND_ROOM.search(tail):
        tail = f"{tail[: found.start()]}{found[1]}号{found[2]}室"  # 1234弄5-602
    elif tail[-1:].isdigit() and _NUMBER_IN_LANE.search(tail):
        tail += "号"
    return _tail(tail, road, place, note, area)


@lru_cache(maxsize=16_384)  # an office's addresses have few streets
def _head(head: str, in_lane: bool, has_number: bool) -> tuple[str, str, str]:
    """Return area, road and place of what stands before the first number."""
    found = _PREFIX.match(head + ("0" if has_number else "") + ("弄" if in_lane else ""))
    area = head[: found.end()] if found else ""
    street = head[len(area) :].rstrip("-/._·").replace("(", "（").replace(")", "）")
    split = _ROAD.fullmatch(street)
    return (area, split[1], split[2]) if split else (area, "", street)


@lru_cache(maxsize=65_536)
def parse_building_unit(text: str) -> Address:
    """Parse a cell with a building or room, without a road: `4号甲`, `3单元501`, `底楼后客堂`."""
    plain, note = _split(_plain(text))
    return _tail(plain, "", "", note)


_FULL = re.compile(rf"({_HAN}{{2,}}).*\d")
# what a room starts with rather than an estate: 亭子间1, 地下车库B1-023, 商铺12, 前楼东2
_PART_HEAD = re.compile(
    rf"(?!.*(?:[大路街弄道]|公房))[^号]{{0,3}}[楼间堂房阁台室厅披棚井库铺店位层面口][{_SIDES}前后左右]?"
)

_ZONE_HEAD = re.compile(rf"{_ZONE}[{_SIDES}]?\d")


def is_full_address(text: str) -> bool:
    """Return whether a text starts with a road or place name rather than a number or a part."""
    plain = _plain(text)
    found = _FULL.match(plain)
    if found is None or _HEAD_END.match(plain) or _ZONE_HEAD.match(plain):
        return False
    return _PART_HEAD.fullmatch(found[1]) is None


# ---- natural order ----

GROUND_PARTS, UPSTAIRS_PARTS = ("灶", "客堂", "天井"), ("前楼", "后楼", "统楼", "厢")
"""Words for parts of a lane house that name no storey: on the ground floor, and on the one above it."""
# sorts a house from the ground up; the first word found counts
_PART_FLOOR = (
    *((part, 10) for part in (*GROUND_PARTS, "底")), ("亭子", 15), ("三层阁", 30), ("三阁", 30), ("晒台", 40),
    *((part, 20) for part in UPSTAIRS_PARTS), ("阁", 25),
)  # fmt: skip
_KEY_FLOOR = re.compile(r"^(底|地下|负|[一二三四五六七八九十]+|\d+)(?=[楼层前后]|阁)")
_DIGITS = re.compile(r"\d+")
_KEY_CHARS = str.maketrans(
    {"号": " ", "弄": " ", "室": " ", "幢": " ", "栋": " ", "楼": " "}
    | {char: f"!{index}" for index, char in enumerate(_SERIAL)}
)


def _pad(found: re.Match[str]) -> str:
    return found[0].zfill(6)


@lru_cache(maxsize=65_536)
def natural_key(text: str) -> str:
    """Return the natural sort key of an address: 9号 before 10号, 4号 before 4号甲, 底楼 before 二楼."""
    plain = _plain(text)
    if not plain[:1].isdigit() or _KEY_FLOOR.match(plain):
        if found := _KEY_FLOOR.match(plain):
            word = found[1]
            floor = {"底": 10, "地下": 0, "负": 0}.get(word)
            if floor is None:
                floor = 10 * int(word if word.isdigit() else _arabic(word))
            plain = f"{floor}!{plain[found.end() :]}"
        else:
            floor = next((floor for word, floor in _PART_FLOOR if word in plain), None)
            plain = plain if floor is None else f"{floor}!{plain}"
    return _DIGITS.sub(_pad, plain).translate(_KEY_CHARS)


def full_address(estate: str, building: str, unit: str) -> str:
    """Join estate, building and unit into one address, without repeating the building."""
    shown = "" if building and estate.endswith(building) else building
    return f"{estate}{shown}{unit}"
