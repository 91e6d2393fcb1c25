"""What titles, names of sheets and files, and lines between rows say: the estate, building and entrance of the rows."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from fuyuan_desk.core import paths
from fuyuan_desk.core.simplified import simplified
from fuyuan_desk.formats.address import parse_address, parse_building_unit
from fuyuan_desk.roster.reading.cells import WORDS, Cell, text_of
from fuyuan_desk.roster.reading.places import compact

_ESTATE_WORD = re.compile(
    r"\d弄|小区|大厦|花园|新村|公寓|坊$|邨|村|里弄|广场|公馆|家园|大楼|城$|[苑园庭府湾居院墅里]$|名[邸苑都]|[一二三四五六七八九]期|后期|前期"
    r"|\d期$|宿舍|公房|东区|西区|[南北]区|Garden|Court|Mansion|Plaza|Estate|Tower",
    re.IGNORECASE,
)
_BEFORE_ESTATE = re.compile(
    r"^(?:附件?\d*[:：.、]?|关于(?:做好|开展|加强|推进|进一步|更新|核对|对)*|上海市|黄浦区|[\d〇零○一二三四五六七八九]{4}年度?"
    r"|(?:.{2,6}街道)?.{0,12}(?:居民委员会|居委会|居民区)(?=.)|[^\d、，]{2,6}?街道(?=.{3}))+"
)
_ENCLOSURE = re.compile(r"^附件?\d*[:.、]?")
_LANE_ESTATE = re.compile(r"(.*\d弄)(?:小区|里弄|居民区)?")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{3,12}")
_BRACKET = re.compile(r"（([^（）]*)）")
_APART = re.compile(r"[\s_·・|/\\]+|(?<!\d)[-—]+|[-—]+(?!\d)|[（）()【】《》]")
_LABELLED = re.compile(r"[\s,，;；、|]*([^\s:：,，;；、|]{1,12})[:：]\s*([^\s:：]+?)(?=[\s,，;；|]|$)")
_SINGLE = re.compile(
    r"(?:大厦|大楼|商厦|广场|中心|国际|公寓|公馆|[楼号座幢栋]|Tower|Mansion|Building)$", re.IGNORECASE
)
_NUMBERS_OF_LANES = r"\d+[A-Za-z]?弄?(?:(?:[、,，/和及与~～\-—至]|以及)\d+[A-Za-z]?弄?)*(?<=弄)"
_LANES_ON_ROAD = re.compile(rf"(?P<road>[\u4e00-\u9fff]{{1,12}}?[路街道浜])(?P<lanes>{_NUMBERS_OF_LANES})")
_LANE_NUMBER = re.compile(r"\d+[A-Za-z]?")
_OTHER_MARKS = frozenset(",，/")
_ROAD_ALONE = re.compile(r"[\u4e00-\u9fff]{1,6}[路街道浜]")
_SHORTEST = 3
_ORDINAL = re.compile(r"^(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|\d{1,2}、(?!\d))")
_HASH = re.compile(r"(?<=\d)#$")
_AGE = re.compile(r"\d{2}周?岁(?:及?以上)?的?$")
_NTH = re.compile(r"第(?=(?:\d+|[一二三四五六七八九十]+)(?:号楼?|幢|栋|座|单元))")
_EDGES = re.compile(r"（[^）]*$|[-_—.·]+\d*$|^[-_—.·《]+")


class Titled(NamedTuple):
    """What a title names, "" for what it does not."""

    estate: str = ""
    building: str = ""
    entrance: str = ""
    floor: str = ""


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(paths.read_json(*WORDS)["titles"][name])


@cache
def _end() -> re.Pattern[str]:
    # the earliest of the words that end a name: 富南大厦 of 富南大厦业主清册
    words = "|".join(map(re.escape, _words("ends")))
    return re.compile(rf"(?P<name>.*?)(?:\d{{4}}年.*?)?(?:全体|各|的)?(?:{words}).*", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def lanes_named(title: str) -> Mapping[str, str]:
    """Return the lanes that a title names on a street, each with it: 南昌路108弄、120弄; {} for none."""
    text = _BEFORE_ESTATE.sub("", compact(title))
    found: dict[str, str] = {}
    for group in _LANES_ON_ROAD.finditer(text):
        road = parse_address(group["road"] + "1弄").road
        found |= {f"{number}弄": road for number in _LANE_NUMBER.findall(group["lanes"])}
    return found


@lru_cache(maxsize=4_096)
def road_named(title: str) -> str:
    """Return the street of a title that names nothing else of a place: 南昌路业主名册; "" for others."""
    found = _end().fullmatch(simplified(_BEFORE_ESTATE.sub("", compact(title))))
    road = _ROAD_ALONE.fullmatch(found["name"]) if found else None
    return road[0] if road else ""


def together(lanes: Mapping[str, str]) -> str:
    """Return lanes in one text, each street once: 南昌路108弄、120弄."""
    written, before = [], ""
    for lane, road in lanes.items():
        written.append(lane if road == before else road + lane)
        before = road
    return "、".join(written)


def resembles_estate(name: str) -> bool:
    """Whether a text can be the name of an estate: 富南大厦, 南昌路168弄, 福元小区."""
    found = _ESTATE_WORD.search(simplified(name))
    # 小区 alone is what an estate is, not what it is called
    return 2 <= len(name) <= 40 and found is not None and found[0] != name and "委员会" not in name


def is_house(estate: str) -> bool:
    """Whether an estate is a single house by its name: 富南大厦, 恒隆广场, 复兴中路5号."""
    return _SINGLE.search(estate) is not None


def is_address(estate: str) -> bool:
    """Whether an estate is called by its address, as 南昌路168弄 is."""
    address = parse_address(estate)
    return bool((address.road or not address.place) and (address.lane or address.gate))


@lru_cache(maxsize=4_096)
def part_of_estate(building: str) -> str:
    """Return the part of an estate that the label of a building begins with: 29支弄, A区 of A区3号楼."""
    inside = parse_building_unit(building)
    return inside.sublane + inside.zone


def without_ordinal(text: str) -> str:
    """Return a heading without its number: 一、芳华小区 → 芳华小区."""
    return _ORDINAL.sub("", text)


def is_part_of_estate(building: str) -> bool:
    """Whether the label of a building is only the part of an estate in which houses have numbers: 29支弄, A区, 3组."""
    return bool(building) and building == part_of_estate(building)


@lru_cache(maxsize=4_096)
def label_of(text: str) -> str:
    """Return what a form's label stands for, estate or building: 小区名称 → estate, 楼栋 → building, "" for others."""
    plain = compact(text).rstrip(":：")
    return next((kind for kind in ("estate", "building") if plain in _words(kind)), "")


def says_place(text: str) -> bool:
    """Whether a form line names the roster's estate or building: 小区名称：福元小区."""
    return any(label_of(label) for label, _value in _LABELLED.findall(text))


@lru_cache(maxsize=4_096)
def read_title(title: str) -> Titled:
    """Return what a title, a form line, or the name of a sheet or file names.

    A building of several numbers (3、5号楼) is none, as no row without one could be said to be in it.
    """
    line = title.split("\n", maxsplit=1)[0]
    if found := _of_labels(line):
        return found
    whole = _read(compact(line))
    for piece in filter(None, _APART.split(line)):
        part = _read(compact(piece))
        is_lane = part.estate[:1].isdigit()  # 120弄 of 南昌路108弄/120弄
        if len(part.estate) >= _SHORTEST and whole.estate.endswith(part.estate) and not is_lane:
            whole = whole._replace(estate=part.estate)  # 金蝶物业 福元小区 客户资料
        whole = Titled(*(own or other for own, other in zip(whole, part, strict=True)))
    return whole


def _of_labels(line: str) -> Titled | None:
    values = {label_of(label): value for label, value in _LABELLED.findall(line)}
    values.pop("", None)
    if not values:
        return None
    estate = _read(compact(values.get("estate", "")))
    building = parse_building_unit(compact(values.get("building", "")))
    return Titled(
        estate.estate,
        building.building or estate.building,
        building.entrance or estate.entrance,
        estate.floor,
    )


def _read(text: str) -> Titled:
    text = _NTH.sub("", without_ordinal(_ENCLOSURE.sub("", text)))
    building = entrance = ""
    for inside in _BRACKET.findall(text):
        bracketed = parse_building_unit(inside)
        if (bracketed.block or bracketed.entrance) and not bracketed.left and not bracketed.unit:
            building, entrance = bracketed.building, bracketed.entrance
            text = text.replace(f"（{inside}）", "")
    found = _end().fullmatch(simplified(text := _BEFORE_ESTATE.sub("", text)))
    name = _HASH.sub("号楼", _EDGES.sub("", text[: found.end("name")] if found else text))
    name = _without_tails(name)
    if found_lane := _LANE_ESTATE.fullmatch(name):
        name = _lanes_of(found_lane[1])
    if not name or ":" in name or "：" in name:
        return Titled("", building, entrance)  # another form line, such as 总户数：6户
    if is_part_of_estate(name):
        return Titled("", building or name, entrance)
    inside = parse_address(name)
    is_road = inside.road and not inside.lane and not inside.place
    is_place = (inside.building != inside.zone or inside.entrance or inside.floor) and not is_road
    if not is_place or inside.left or inside.unit != inside.floor:
        return Titled(name if resembles_estate(name) else "", building, entrance)
    estate = inside.estate.strip("·-—_")
    if estate and not resembles_estate(estate) and not _is_new_name(estate):
        return Titled("", building, entrance)
    several = any(char in inside.building for char in "、,/.")
    return Titled(
        estate, building or ("" if several else inside.building), entrance or inside.entrance, inside.floor
    )


def _lanes_of(name: str) -> str:
    """Return lanes as an estate is called by them, without the district before: 南昌路108弄, 南昌路108弄、120弄."""
    inside = parse_address(name)
    lanes = lanes_named(name) if inside.left or not _OTHER_MARKS.isdisjoint(name) else {}
    return together(lanes) if len(lanes) > 1 else inside.estate or name


@cache
def _tails() -> tuple[str, ...]:
    # a list of some people is called by them: 3号楼党员
    words = (*_words("tails"), *paths.read_json(*WORDS)["some_people"])
    # 低保户 before 低保, 已签约 before 签约
    return tuple(sorted((*words, *(f"{word}户" for word in words)), key=len, reverse=True))


def _without_tails(name: str) -> str:
    """Return a name without the words behind it that say what the list is about: 桂香里公房, 3号楼低保户."""
    shorter = name
    while tail := next((word for word in _tails() if shorter.endswith(word)), ""):
        shorter = _AGE.sub("", shorter.removesuffix(tail))
        # not 瑞福 of 瑞福公房, nor 群里 of 群里排查
        name = shorter if _is_place(shorter) else name
    return name


def _is_place(name: str) -> bool:
    """Return whether a text is the name of an estate, or a building alone: 福元小区, 3号楼, 3号楼1单元."""
    if len(name) >= _SHORTEST and resembles_estate(name):
        return True
    inside = parse_address(name)
    return bool(inside.building) and not (inside.left or inside.estate or inside.unit)


def _is_new_name(name: str) -> bool:
    """Whether a name before a building's number may be an estate's though it has no word of one: 礼德国际2号楼."""
    return _HAN_NAME.fullmatch(name) is not None and not any(word in name for word in _words("no_names"))


def title_lines(
    rows: Sequence[Sequence[Cell]], first: int, after: int = 0, between: tuple[int, int] | None = None
) -> str:
    """Return the title lines above row `first`, nearest first.

    `between` limits them to the columns from the first to before the second.
    """
    lines: list[str] = []
    left, right = between or (0, None)
    for number in range(first - 1, after - 1, -1):
        texts = _labelled([text for cell in rows[number][left:right] if (text := text_of(cell))])
        if len(set(texts)) > 2:
            if after:  # the households of the table above
                break
            texts = list(filter(says_place, texts))
        lines += dict.fromkeys(texts)
    return "\n".join(lines)


def below_titles(titles: str, above: str) -> str:
    """Return the title lines of a table below another: the other's building does not hold for it, but its estate."""
    if not titles or any(read_title(line).estate for line in titles.split("\n")):
        return titles or above
    estate = next((read_title(line).estate for line in above.split("\n") if read_title(line).estate), "")
    return "\n".join(filter(None, (titles, estate)))


def _labelled(texts: list[str]) -> list[str]:
    """Return the cells of a form's line with each label before its value: 小区名称, 福元小区 → 小区名称：福元小区."""
    joined: list[str] = []
    for text in texts:
        if joined and label_of(joined[-1]) and text != joined[-1]:
            joined[-1] = f"{joined[-1].rstrip(':：')}：{text}"
        else:
            joined.append(text)
    return joined


@lru_cache(maxsize=256)
def renters_only(title: str) -> str:
    """Return the word by which a list is one of renters; "" for none, and where it lists holders, too: 业主、租户表."""
    lists = paths.read_json(*WORDS)
    for office in lists["offices"]:
        title = title.replace(office, "")
    if any(word in title for word in lists["with_holders"]):
        return ""
    return next((word for word in lists["renters_only"] if word in title), "")


def names_renters(title: str) -> bool:
    """Return whether the people of a list are renters by its title; 出租户 and 出租房屋 may name those who let."""
    return renters_only(title) in ("租客", "租户", "房客") and "出租" not in title
