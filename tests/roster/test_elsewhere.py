"""A few rows of a list that live elsewhere: told, and never put into a house of the estate."""

import pytest

from fuyuan_desk.roster.reading.plan import Known
from fuyuan_desk.roster.reading.streets import settle_streets
from fuyuan_desk.workbook.parser import Cell
from tests.roster.rosters import draft, told

ESTATE = "大兴坊"
HOMES: list[list[Cell]] = [
    ["贾大山", "大兴坊3号201室"],
    ["孙福根", "大兴坊3号202室"],
    ["周金宝", "大兴坊3号203室"],
    ["吴阿大", "大兴坊5号101室"],
]
AWAY: list[Cell] = ["史秀芳", "浦东新区德州路1弄2号301室"]
MOVED: list[Cell] = ["薛宝山", "浦东新区德州路1弄3号201室"]


@pytest.mark.parametrize("title", ["", "大兴坊居民名册"])
@pytest.mark.parametrize("word", ["住址", "现居住地", "居住地址"])
@pytest.mark.parametrize("away", [[AWAY], [AWAY, MOVED]])
def test_who_lives_elsewhere_is_not_put_into_a_house_of_the_estate(
    title: str, word: str, away: list[list[Cell]]
) -> None:
    rows: list[list[Cell]] = [*([[title]] if title else []), ["姓名", word], *HOMES, *away]
    roster = draft(rows, estate="" if title else ESTATE)
    here, there = roster.rows[:4], roster.rows[4:]
    assert [(row.estate, row.building, row.unit) for row in here] == [
        (ESTATE, "3号", "201室"), (ESTATE, "3号", "202室"), (ESTATE, "3号", "203室"), (ESTATE, "5号", "101室"),
    ]  # fmt: skip
    assert [(row.building, row.unit) for row in there] == [
        ("德州路1弄2号", "301室"), ("德州路1弄3号", "201室"),
    ][: len(away)]  # fmt: skip
    assert told(roster, "warning") == [(row.row, "") for row in there]
    assert dict(roster.addresses) == {}


@pytest.mark.parametrize("estates", [(), (ESTATE, ESTATE, ESTATE)])
def test_a_street_in_the_column_of_houses(estates: tuple[str, ...]) -> None:
    rows: list[list[Cell]] = [
        ["门牌", "室号", "户主"],
        ["3号", "201", "贾大山"],
        ["3号", "202", "孙福根"],
        ["永年路49弄3号", "201", "吴阿大"],
    ]
    if estates:
        rows = [[cell, *row] for cell, row in zip(("小区", *estates), rows, strict=True)]
    roster = draft(rows, estate="" if estates else ESTATE)
    assert [row.building for row in roster.rows] == ["3号", "3号", "永年路49弄3号"]
    assert told(roster, "warning") == [(4, "")]
    assert dict(roster.addresses) == {}


@pytest.mark.parametrize(
    "homes",
    [
        # all of one street; most of them; some in the same houses as the others; the estate named beside its street
        ["大兴街50弄3号201室", "大兴街50弄3号202室", "大兴街50弄5号101室"],
        ["大兴街50弄3号201室", "3号202室", "大兴街50弄5号101室"],
        ["3号201室", "3号202室", "5号101室", "大兴街50弄3号203室", "大兴街50弄5号102室", "5号103室"],
        ["3号201室", "3号202室", "大兴坊（大兴街50弄）5号101室"],
    ],
)
def test_the_street_of_the_estate_itself(homes: list[str]) -> None:
    names = ["赵大", "钱二", "孙三", "李四", "周五", "吴六"]
    rows: list[list[Cell]] = [["姓名", "住址"], *map(list, zip(names, homes, strict=False))]
    roster = draft(rows, estate=ESTATE)
    assert {row.building for row in roster.rows} == {"3号", "5号"}
    assert dict(roster.addresses) == {ESTATE: "大兴街50弄"}


@pytest.mark.parametrize("title", ["大兴街50弄居民名册", "大兴坊（大兴街50弄）居民名册"])
def test_the_street_in_the_title(title: str) -> None:
    rows: list[list[Cell]] = [[title], ["姓名", "住址"], ["贾大山", "3号201室"], ["孙福根", "3号202室"]]
    roster = draft([*rows, ["周金宝", "大兴街50弄2号301室"]], estate=ESTATE)
    assert [row.building for row in roster.rows] == ["3号", "3号", "2号"]


def test_the_only_street_is_the_estates_by_its_address_in_the_store() -> None:
    rows: list[list[Cell]] = [["姓名", "住址"], ["贾大山", "3号201室"], ["孙福根", "3号202室"]]
    roster = draft([*rows, ["周金宝", "大兴街50弄2号301室"]], estate=ESTATE)
    known = Known({ESTATE: 1}, {ESTATE: "大兴街50弄"}, {(ESTATE, "2号"): 1}, {}, set())
    settled, _problems = settle_streets(roster.rows, known)
    assert [row.building for row in settled] == ["3号", "3号", "2号"]
