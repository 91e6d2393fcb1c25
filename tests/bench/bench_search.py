"""Speed of search in a store of 200,000 households, typed keystroke by keystroke.

    python -m tests.bench.bench_search [HOUSEHOLDS]

Builds an encrypted store with invented estates, buildings, units and households, in transactions of the size of an
import, then types every query of every kind character by character as a clerk does and times each `find`. Prints the
50th and 95th percentile and the longest keystroke of each kind, the cost of an entry and the size of the index.

What is misspelt is timed with its guesses, which the search box asks for in a second step: `GUESS_LIMIT_MS`.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.kinds import BUILDING, ESTATE, HOUSEHOLD, UNIT
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search import pinyin, tolerant
from fuyuan_desk.store.search.index import Entry

KINDS = (ESTATE, HOUSEHOLD, BUILDING, UNIT)

HOUSEHOLDS = 200_000
LIMIT_MS, GUESS_LIMIT_MS = 16.0, 20.0
_PER_ESTATE, _PER_BUILDING, _PER_IMPORT = 500, 40, 20_000
_TYPED = 60

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单解仇区查盖"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰华红玉文建国志海波春梅林佳宁晓东雪峰琳琴倩云龙飞鹏凯旋宇航欣怡子涵浩然"
    "思雨嘉豪雅婷梓萱诗琪天翔瑞祥福根宝珍阿毛金凤月仙德才长生乐耀祖光荣卫民爱萍美永康小妹喆㛃𬭼䶮"
)
ROADS = (
    "南昌路", "思南路", "重庆南路", "长乐路", "复兴中路", "建国西路", "瑞金二路", "淮海中路", "皋兰路",
    "香山路", "茂名南路", "陕西南路", "绍兴路", "永嘉路", "泰康路", "斜土路", "徐家汇路", "打浦路",
    "瞿溪路", "蒙自路", "丽园路", "制造局路", "局门路", "鲁班路", "中山南一路", "西藏南路", "会馆街",
    "方浜中路", "河南南路", "人民路", "金陵东路", "广东路", "福州路", "汉口路", "九江路", "厦门路",
    "北京东路", "宁波路", "天津路", "山东中路", "浙江中路", "云南中路", "黄陂南路", "马当路", "淡水路",
    "合肥路",
)  # fmt: skip
HOUSES = (
    "福元小区", "富南大厦", "太阳都市花园后期", "绿苑公寓", "海华花园", "永新坊", "乐安坊", "中行别业",
    "长兴里", "桂林公寓",
)  # fmt: skip
PARTS = (
    "前楼", "后楼", "亭子间", "三层阁", "灶间", "前客堂", "后客堂", "前厢房", "统楼",
)  # fmt: skip


@dataclass(frozen=True)
class Household:
    """An invented household: where it lives and how it is reached."""

    id: int
    estate: int
    address: str
    head: str
    phone: str


@dataclass(frozen=True)
class Times:
    """The milliseconds of typing one kind of query."""

    kind: str
    keystrokes: int
    p50: float
    p95: float
    longest: float


def estate_name(number: int) -> str:
    """Invent the name of an estate: mostly lanes, every sixth a building by name."""
    if number % 6 == 5:
        return HOUSES[number % len(HOUSES)] + ("" if number < 60 else f"{number // 60}期")
    return f"{ROADS[number % len(ROADS)]}{(number * 37) % 1290 + 8}弄"


def households(count: int) -> Iterator[Household]:
    """Invent households, the same ones every time."""
    dice = random.Random(2026)
    weights = [1 / (rank + 3) for rank in range(len(SURNAMES))]
    for number in range(1, count + 1):
        estate = (number - 1) // _PER_ESTATE + 1
        gate = (number - 1) % _PER_ESTATE // _PER_BUILDING + 1
        room = (
            dice.choice(("", "甲", "乙")) + dice.choice(PARTS)
            if estate % 3 == 0
            else f"{dice.randint(1, 32)}{dice.randint(1, 12):02d}室"
        )
        head = dice.choices(SURNAMES, weights)[0] + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2, 2))))
        phone = f"1{dice.choice('3456789')}{dice.randrange(10**9):09d}"
        yield Household(number, estate, f"{gate}号{room}", head, phone)


def build(session: Session, people: list[Household]) -> float:
    """Index estates, buildings, units and households; return the seconds that household entries took."""
    estates = people[-1].estate
    search.put(session, [Entry(ESTATE, number, (estate_name(number),)) for number in range(1, estates + 1)])
    gates = -(-_PER_ESTATE // _PER_BUILDING)
    search.put(
        session,
        [
            Entry(BUILDING, estate * gates + gate, (f"{gate + 1}号",), estate=estate)
            for estate in range(1, estates + 1)
            for gate in range(gates)
        ],
    )
    session.commit()
    spent = 0.0
    for start in range(0, len(people), _PER_IMPORT):
        batch = people[start : start + _PER_IMPORT]
        search.put(session, [Entry(UNIT, one.id, (one.address,), estate=one.estate) for one in batch])
        began = time.perf_counter()
        search.put(session, (household_entry(one) for one in batch))
        spent += time.perf_counter() - began
        session.commit()
    return spent


def household_entry(one: Household) -> Entry:
    """Index a household by head, address, phone and estate."""
    return Entry(HOUSEHOLD, one.id, (one.head, one.address), (one.phone,), estate=one.estate)


def queries(people: list[Household]) -> dict[str, list[str]]:
    """Choose what is typed, by kind."""
    dice = random.Random(7)
    some = dice.sample(people, min(_TYPED, len(people)))

    def spelt(text: str) -> str:
        return "".join("".join(pinyin.readings(run)[0]) if not run.isdigit() else run for run in _runs(text))

    def initials(text: str) -> str:
        return "".join(
            "".join(syllable[0] for syllable in pinyin.readings(run)[0]) if not run.isdigit() else run
            for run in _runs(text)
        )

    makers: dict[str, Callable[[Household], str]] = {
        "Chinese name": lambda one: one.head,
        "Chinese address": lambda one: estate_name(one.estate) + one.address,
        "Chinese, middle of a name": lambda one: estate_name(one.estate)[1:],
        "Pinyin of a name": lambda one: spelt(one.head),
        "Pinyin of an estate": lambda one: spelt(estate_name(one.estate)),
        "initials of a name": lambda one: initials(one.head),
        "initials of an estate": lambda one: initials(estate_name(one.estate)),
        "end of a phone": lambda one: one.phone[-4:],
        "phone from its start": lambda one: one.phone,
        "house number": lambda one: one.address,
        "estate and surname": lambda one: f"{initials(estate_name(one.estate))} {spelt(one.head[0])}",
        "surname and estate": lambda one: f"{spelt(one.head[0])} {initials(estate_name(one.estate))}",
        "name and end of phone": lambda one: f"{spelt(one.head)} {one.phone[-4:]}",
        "two letters separately": lambda one: f"{spelt(one.head)[0]} {initials(estate_name(one.estate))[0]}",
    }
    return {kind: [make(one) for one in some] for kind, make in makers.items()}


def misspelt(people: list[Household]) -> dict[str, list[str]]:
    """Choose what is typed as it sounds to others, with a wrong letter, or partly abbreviated, by kind."""
    dice = random.Random(11)
    some = [one for one in dice.sample(people, min(_TYPED, len(people))) if len(one.head) > 2]
    roads = dice.sample(ROADS, 20)

    def spelt(text: str) -> list[str]:
        return list(pinyin.readings(text)[0])

    def as_it_sounds(text: str) -> str:
        changed = "".join(spelt(text))
        for one, other in (("zh", "z"), ("sh", "s"), ("ch", "c"), ("ang", "an"), ("n", "l")):
            if one in changed:
                return changed.replace(one, other, 1)
        return changed

    def exchanged(text: str) -> str:
        letters = "".join(spelt(text))
        place = dice.randrange(1, len(letters) - 2)
        return letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]

    def abbreviated(text: str) -> str:
        surname, *given = spelt(text)
        return surname + "".join(syllable[0] for syllable in given)

    return {
        "name as it sounds": [as_it_sounds(one.head) for one in some],
        "road as it sounds": [as_it_sounds(road) for road in roads],
        "name, letters exchanged": [exchanged(one.head) for one in some],
        "road, letters exchanged": [exchanged(road) for road in roads],
        "surname and initials": [abbreviated(one.head) for one in some],
        "number without hyphens": ["zx20260001", "xc20261234"],
    }


def _runs(text: str) -> list[str]:
    runs: list[str] = []
    for char in text:
        if runs and runs[-1][-1].isdigit() == char.isdigit():
            runs[-1] += char
        else:
            runs.append(char)
    return runs


def typed(session: Session, kind: str, texts: list[str], with_guesses: bool = False) -> Times:
    """Type each text character by character."""
    took = []
    for text in texts:
        for end in range(1, len(text) + 1):
            began = time.perf_counter()
            hits = search.find(session, text[:end], KINDS)
            if with_guesses:
                tolerant.guess(session, text[:end], KINDS, hits)
            took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return Times(kind, len(took), took[len(took) // 2], took[len(took) * 95 // 100], took[-1])


def _wait_for_upkeep(seat: Seat) -> None:
    """Let the segments be merged, as they are soon after an import."""
    with seat.store.use() as session:
        session.commit()
    assert seat.store.upkeep.wait(120)


def measured(folder: Path, count: int) -> tuple[list[Times], str]:
    """Build a store of `count` households in `folder` and type everything; return times and a summary."""
    pinyin.warm()
    people = list(households(count))
    seat = set_up_office(
        folder / "office", OfficeSettings("测速"), "admin", "测速", "bench-password", new_recovery_code(),
        Cost(passes=1, memory_kib=64, lanes=1),
    )  # fmt: skip
    with seat.store.sessions() as session:
        spent = build(session, people)
        _wait_for_upkeep(seat)
        pages, size = (
            int(session.connection().exec_driver_sql(f"PRAGMA {what}").scalar_one())
            for what in ("page_count", "page_size")
        )
        times = [typed(session, kind, texts) for kind, texts in queries(people).items()]
        times += [typed(session, kind, texts, with_guesses=True) for kind, texts in misspelt(people).items()]
        session.rollback()
    seat.store.close()
    return times, (
        f"{count} households and as many units: {spent / count * 1e6:.1f} µs a household entry,"
        f" index {pages * size / 1e6:.1f} MB"
    )


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS
    with tempfile.TemporaryDirectory() as folder:
        times, summary = measured(Path(folder), count)
    lines = [summary]
    lines += [
        f"{one.kind:28} {one.keystrokes:5} keystrokes"
        f"  p50 {one.p50:6.2f}  p95 {one.p95:6.2f}  max {one.longest:6.2f} ms"
        for one in times
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
