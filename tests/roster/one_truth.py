"""A known truth of homes and people, and the tables that offices would write of it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from fuyuan_desk.workbook.parser import Cell, Range
from fuyuan_desk.workbook.reader import Sheet, Workbook

WORDS = json.loads(
    (Path(__file__).parents[2] / "resources" / "estates" / "roster_words.json").read_text(encoding="utf-8")
)
TENURES = {
    "commodity": "商品房",
    "sold-public": "售后公房",
    "direct-public": "直管公房",
    "unit-public": "系统公房",
    "private": "私房",
}
RELATIONS = {
    "妻": "spouse",
    "丈夫": "spouse",
    "儿子": "child",
    "长女": "child",
    "母亲": "parent",
    "孙子": "grandchild",
}
# words of other meaning beside the plain ones: of renters, of contacts, of building and room together
_OTHERWISE = {
    "name": "租|借|房客|使用|居住|共有|代表|单位|企业|公司|电话|联系|缴|交款|tenant|occup|resident|renter|lodger",
    "phone": "租客|房东|紧急|联系人|备用|contact|[12]$|（|/",
    "unit": "[幢栋楼铺摊库商]|门牌|门室|单元|号室|户号|编号|房产|分户|房源|部位|间$|unit|apart",
    "building": "支弄|门洞|几号|^号|^楼$|楼门|大楼|block",
    "address": "户籍|通讯|资源|名称|全称",
    "area": "总|住宅",
    "tenure": "^性质",
    "id": "信用",
}
# as offices write them, beside the words of the resources
_SYNONYMS = {
    "estate": ["小区名称（全称）", "小區"],
    "building": ["楼号 Building", "樓號", "建筑物名称", "门牌号（只填数字）"],
    "entrance": ["单元名称", "單元"],
    "unit": ["房間號", "室号\nRoom", "室号（没有室号的填部位）"],
    "address": ["坐落地址", "家庭住址（详细到室）"],
    "name": ["业主\n姓名", "户主（产权人）姓名", "業主姓名", "Owner 业主"],
    "phone": ["联系电话（手机）", "電話", "电话 Tel."],
    "id": ["身份證號碼", "证件号码（18位）"],
    "area": ["建筑面积（㎡）", "建築面積", "面积(平方米)"],
    "tenure": ["房屋性质（商品房/公房/私房）"],
    "relation": ["与户主关系", "与产权人关系"],
    "share": ["份额", "共有份额", "产权份额"],
    "role": ["身份（业主/租客）", "业主类型", "住户类型"],
    "seq": ["编号"],
    "note": ["备注", "情况说明", "养宠物情况"],
    "renter": ["租客", "租客姓名", "承租人（租客）"],
    "renter_phone": ["租客电话", "租客联系电话"],
}


def header_words(name: str) -> list[str]:
    """Return the words that may head a column, of the resources and our own."""
    other = re.compile(_OTHERWISE.get(name, "^$"))
    known = [] if name in ("relation", "role") else WORDS["columns"].get(name, [])
    return [word for word in known if not other.search(word)] + _SYNONYMS.get(name, [])


@dataclass(frozen=True)
class Someone:
    """A person; `relation` is a word of `RELATIONS`, `share` a fraction."""

    name: str
    relation: str = ""
    share: str = ""
    id_number: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dwelling:
    """A home with its first owner, the people of the household besides, and a renter; area in 0.01 m²."""

    estate: str
    building: str
    entrance: str
    unit: str
    holder: Someone
    persons: tuple[Someone, ...] = ()
    renter: Someone | None = None
    area: int | None = None
    tenure: str = ""
    note: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Where it is."""
        return self.estate, self.building, self.entrance, self.unit


@dataclass(frozen=True)
class Layout:
    """How an office writes its list; `shuffled` orders the columns, `headers` are their words."""

    fields: tuple[str, ...]
    headers: dict[str, str]
    estate_in: str
    building_in: str
    house: str
    room: Callable[[str], Cell]
    entrance: Callable[[str], Cell]
    repeat: str
    phone: Callable[[tuple[str, ...]], Cell]
    area: Callable[[int], Cell]
    owners: Callable[[Sequence[Someone]], str]
    shares: Callable[[Sequence[str]], str]
    padded: bool
    in_rows: bool
    renter_in_row: bool
    total: bool
    repeated_header: bool
    as_numbers: bool


@dataclass
class Rendered:
    """The sheets of a truth, and where each person's row is: sheet, and number as in Excel."""

    book: Workbook
    estate: str
    rows_of: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    header_rows: set[tuple[str, int]] = field(default_factory=set)


@dataclass
class _Page:
    """A sheet being written; `above` are the cells that may be left out below."""

    name: str
    layout: Layout
    made: Rendered
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    above: dict[str, Cell] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)

    def header(self) -> None:
        """Write the names of the columns."""
        self.rows.append([self.layout.headers[name] for name in self.layout.fields])
        self.made.header_rows.add((self.name, len(self.rows)))
        self.forget()

    def line(self, text: str) -> None:
        """Write a line across the table, such as a title."""
        self.rows.append([text, *[""] * (len(self.layout.fields) - 1)])
        self.merged.append(((len(self.rows) - 1, 0), (len(self.rows) - 1, len(self.layout.fields) - 1)))
        self.forget()

    def forget(self) -> None:
        """Begin a block: the next row repeats nothing."""
        self.above = {}
        self.since = {}

    def row(self, cells: dict[str, Cell], names: Sequence[str]) -> None:
        """Write a household or a person whose names are given."""
        shown = dict(cells)
        for name in ("estate", "building", "entrance"):
            if name in cells:
                shown[name] = self._repeated(name, cells[name])
        shown["seq"] = float(len(self.rows))
        self.rows.append([shown.get(name, "") for name in self.layout.fields])
        for name in names:
            self.made.rows_of.setdefault(name, []).append((self.name, len(self.rows)))

    def _repeated(self, name: str, value: Cell) -> Cell:
        at = len(self.rows)
        if self.above.get(name) != value:
            self.above[name] = value
            self.since[name] = at
            for inner in {"estate": ("building", "entrance"), "building": ("entrance",)}.get(name, ()):
                self.above.pop(inner, None)
            return value
        if self.layout.repeat == "merged":
            column = self.layout.fields.index(name)
            first = self.since[name]
            start = ((first, column), (at - 1, column))
            if start in self.merged:
                self.merged.remove(start)
            self.merged.append(((first, column), (at, column)))
        return {"full": value, "ditto": "同上"}.get(self.layout.repeat, "")


def render(homes: Sequence[Dwelling], layout: Layout) -> Rendered:
    """Write a truth as an office would; its homes stand building by building."""
    estate = homes[0].estate if layout.estate_in == "argument" else ""
    made = Rendered(Workbook(Path("导出.xlsx"), ()), estate)
    pages = []
    by_sheet = groupby(homes, lambda home: home.building if layout.building_in == "sheet" else "")
    for building, of_sheet in by_sheet:
        name = layout.house.format(building) if building else "Sheet1"
        page = _Page(name, layout, made)
        _write_page(page, list(of_sheet))
        pages.append(Sheet(page.name, page.rows, tuple(page.merged)))
    made.book = Workbook(Path("导出.xlsx"), tuple(pages))
    return made


def _write_page(page: _Page, homes: Sequence[Dwelling]) -> None:
    layout = page.layout
    title = homes[0].estate if layout.estate_in == "title" else ""
    if layout.building_in == "title":
        title += layout.house.format(homes[0].building)
    if title:
        page.line(f"{title}业主名册")
    page.header()
    for building, block in groupby(homes, lambda home: home.building):
        if layout.building_in == "section":
            page.line(layout.house.format(building))
        if layout.repeated_header and page.rows[-1] and building != homes[0].building:
            page.header()
        for home in block:
            for cells, names in _rows_of(home, layout):
                page.row(cells, names)
    if layout.total:
        page.rows.append(["合计", *[""] * (len(layout.fields) - 2), f"{len(homes)}户"])


def _rows_of(home: Dwelling, layout: Layout) -> Iterator[tuple[dict[str, Cell], list[str]]]:
    place = _place_cells(home, layout)
    facts: dict[str, Cell] = {"tenure": TENURES.get(home.tenure, ""), "note": home.note}
    if home.area is not None:
        facts["area"] = layout.area(home.area)
    owners = [home.holder] if layout.in_rows else [home.holder, *home.persons]
    cells = place | facts | _person_cells(home.holder, layout)
    cells["name"] = layout.owners(owners) if len(owners) > 1 else _name(home.holder.name, layout)
    cells |= {"relation": "户主", "role": "业主"}
    if len(owners) > 1:
        cells["share"] = layout.shares([owner.share for owner in owners])
        ids = [owner.id_number for owner in owners]
        cells["id"] = "、".join(ids) if all(ids) else ids[0]
    names = [owner.name for owner in owners]
    renter = home.renter
    if renter and not layout.renter_in_row:
        cells |= {"renter": renter.name, "renter_phone": layout.phone(renter.phones)}
        names.append(renter.name)
    yield cells, names
    for person in home.persons if layout.in_rows else ():
        where = place if layout.repeat == "full" else {}
        yield where | _person_cells(person, layout) | {"relation": person.relation}, [person.name]
    if renter and layout.renter_in_row:
        yield place | _person_cells(renter, layout) | {"role": "租客"}, [renter.name]


def _place_cells(home: Dwelling, layout: Layout) -> dict[str, Cell]:
    house = layout.house.format(home.building)
    if layout.building_in == "address":
        entrance = f"{home.entrance}单元" if home.entrance else ""
        own = home.estate if layout.estate_in == "address" else ""
        address: dict[str, Cell] = {"address": f"{own}{house}{entrance}{in_address(home.unit)}"}
        return address | ({"estate": home.estate} if layout.estate_in == "column" else {})
    cells: dict[str, Cell] = {"unit": layout.room(home.unit)}
    if layout.estate_in == "column":
        cells["estate"] = home.estate
    if layout.building_in == "column":
        cells["building"] = float(house) if layout.as_numbers and house.isdigit() else house
    if home.entrance:
        cells["entrance"] = layout.entrance(home.entrance)
    return cells


def in_address(unit: str) -> str:
    """Return a room as it ends an address; a part of a lane house has a name of its own."""
    return f"{unit}室" if unit[0].isdigit() else unit


def _person_cells(person: Someone, layout: Layout) -> dict[str, Cell]:
    return {
        "name": _name(person.name, layout),
        "id": person.id_number,
        "phone": layout.phone(person.phones),
        "share": person.share,
    }


def _name(name: str, layout: Layout) -> str:
    return f"{name[0]} {name[1]}" if layout.padded and len(name) == 2 else name
