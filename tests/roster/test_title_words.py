"""Words of a title that say what the list is about are no part of the estate's name."""

from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.records import Estate
from fuyuan_desk.roster.reading.titles import read_title
from fuyuan_desk.roster.rules.entries import Group
from tests.roster.rosters import draft
from tests.roster.yearly import Office


@pytest.mark.parametrize(
    "title",
    [
        "桂香里公房住户名册", "桂香里老公房承租人清册", "桂香里老旧小区改造意愿汇总", "桂香里旧住房成套改造征询表",
        "关于桂香里居民信息的核对表", "关于开展桂香里居民信息核对的表", "桂香里独居老人名单", "桂香里加梯业主签字表",
        "桂香里党员花名册", "桂香里煤气用户清单", "桂香里消防隐患入户排查表", "桂香里2025年老旧小区改造签约表",
        "桂香里住户名册", "桂香里70岁以上老人名单", "桂香里售后公房名册",
    ],
)  # fmt: skip
def test_the_estate_of_a_title(title: str) -> None:
    assert read_title(title).estate == "桂香里"
    roster = draft([[title], ["门牌", "室号", "姓名"], ["3号", "201", "贾大山"], ["3号", "202", "史秀芳"]])
    assert roster.estates == ("桂香里",)


@pytest.mark.parametrize(
    ("title", "estate"),
    [
        ("瑞福公房住户名册", "瑞福公房"),
        ("南昌路168弄公房名册", "南昌路168弄"),
        ("福元小区公房名册", "福元小区"),
        ("桂香里小区居民通讯录（内部）", "桂香里小区"),
        ("翠湖里业主名册（售后公房）", "翠湖里"),
        ("富南大厦业主清册", "富南大厦"),
        ("安全里住户名册", "安全里"),
        ("群里排查汇总", ""),
        ("群里接龙汇总", ""),
    ],
)
def test_a_name_keeps_its_own_words(title: str, estate: str) -> None:
    assert read_title(title).estate == estate


@pytest.mark.parametrize("named", ["翠湖里", "翠湖里公房"])
def test_an_estate_that_was_named_with_the_kind_of_its_homes_is_met_again(
    seat: Seat, tmp_path: Path, named: str
) -> None:
    office = Office(seat, tmp_path)
    office.take(office.file(f"{named},3号,101室,乐小毅,13900000001,,30", days_ago=9))
    path = tmp_path / "今年.csv"
    path.write_text(
        "翠湖里公房住户名册\n楼栋,室号,业主,电话\n3号,101室,乐小毅,13900000009\n3号,102室,廉小颇,\n5号,201室,赵小奢,\n",
        encoding="utf-8",
    )
    report = office.take(path)
    assert (report.comparison.count(Group.NEW), report.comparison.count(Group.CHANGED)) == (2, 1)
    assert office.present() == {"101室": "乐小毅", "102室": "廉小颇", "201室": "赵小奢"}
    with seat.store.sessions() as session:
        assert list(session.scalars(select(Estate.name))) == [named]
