"""Shanghai addresses: parsing and natural order."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.formats.address import (
    full_address,
    is_full_address,
    natural_key,
    parse_address,
    parse_building_unit,
    room_label,
)
from fuyuan_desk.formats.names import half_width

DATA = Path(__file__).parent.parent / "data"
ADDRESSES = DATA / "shanghai-addresses.txt"


@pytest.mark.parametrize(
    ("written", "estate", "building", "unit"),
    [
        ("南昌路168弄4号甲亭子间", "南昌路168弄", "4号甲", "亭子间"),
        ("上海市黄浦区瑞金二路街道南昌路168弄4号甲亭子间", "南昌路168弄", "4号甲", "亭子间"),
        ("南昌路１６８弄６号后门三层阁", "南昌路168弄", "6号后门", "三层阁"),
        ("南昌路168弄12-14号底楼前客堂", "南昌路168弄", "12-14号", "底楼前客堂"),
        ("淮海中路 1285弄 12号 前楼", "淮海中路1285弄", "12号", "前楼"),
        ("中山北路1655弄10支弄5号", "中山北路1655弄", "10支弄5号", ""),
        ("龙漕路一弄一号", "龙漕路1弄", "1号", ""),
        ("思南路26弄1号", "思南路26弄", "1号", ""),
        ("太阳都市花园（后期）1号楼101室", "太阳都市花园（后期）", "1号楼", "101室"),
        ("福元小区3号楼2单元1201室", "福元小区", "3号楼", "1201室"),
        ("富南大厦501室", "富南大厦", "", "501室"),
        ("南京西路993号501室", "南京西路993号", "993号", "501室"),
        ("奥纳路79号2幢", "奥纳路79号", "2幢", ""),
        ("七莘路1599弄3号楼", "七莘路1599弄", "3号楼", ""),
        ("黄家花园路998弄28楼", "黄家花园路998弄", "28楼", ""),
        ("银城中路68号5楼", "银城中路68号", "68号", "5楼"),
        ("国顺东路皖沙三村70号", "国顺东路皖沙三村", "70号", ""),
        ("大团镇南芦公路989弄", "南芦公路989弄", "", ""),
        ("中山南一路1065", "中山南一路1065号", "1065号", ""),
        ("斜土路2899甲号", "斜土路2899甲号", "2899甲号", ""),
        ("东方路1600弄之1号-15号", "东方路1600弄", "1号-15号", ""),
    ],
)
def test_addresses_are_taken_apart(written: str, estate: str, building: str, unit: str) -> None:
    address = parse_address(written)
    assert (address.estate, address.building, address.unit) == (estate, building, unit)


@pytest.mark.parametrize(
    ("written", "building", "entrance", "unit"),
    [
        ("4号甲", "4号甲", "", ""),
        ("7-9号", "7-9号", "", ""),
        ("3号楼", "3号楼", "", ""),
        ("十二号楼", "12号楼", "", ""),
        ("拾贰号楼", "12号楼", "", ""),
        ("①号楼", "1号楼", "", ""),
        ("2幢3单元501室", "2幢", "3单元", "501室"),
        ("1幢/2单元/301室", "1幢", "2单元", "301室"),
        ("1#101", "1号楼", "", "101室"),
        ("A座1201", "A座", "", "1201室"),
        ("#501", "", "", "501室"),
        ("501-502室", "", "", "501-502室"),
        ("1A", "", "", "1A室"),
        ("底楼后客堂", "", "", "底楼后客堂"),
        ("二前", "", "", "二前"),
        ("三层阁", "", "", "三层阁"),
        ("三楼前间", "", "", "三楼前间"),
        ("前楼(北)", "", "", "前楼（北）"),
        ("晒台间", "", "", "晒台间"),
        ("2楼东", "", "", "2楼东"),
    ],
)
def test_cells_of_buildings_and_rooms_are_taken_apart(
    written: str, building: str, entrance: str, unit: str
) -> None:
    address = parse_building_unit(written)
    assert (address.building, address.entrance, address.unit, address.rest) == (building, entrance, unit, "")


def test_the_list_of_real_addresses_is_understood() -> None:
    lines = ADDRESSES.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1200
    for line in lines:
        address = parse_address(line)
        assert address.road, line
        assert address.lane or address.gate or address.block, line
        assert not address.part, line
        assert not address.rest, line
        # no number is lost
        kept = "".join(asdict(address).values())
        if not address.note and "一弄" not in line:
            assert sorted(re.findall(r"\d+", kept)) == sorted(re.findall(r"\d+", half_width(line))), line


def test_real_addresses_are_split_as_by_hand() -> None:
    """The splits were written down by hand: the levels as the key, the parts of each address between blanks."""
    splits = json.loads((DATA / "address_splits.json").read_text(encoding="utf-8"))
    written = splits.pop("written")
    lines = {half_width(line).replace(" ", "") for line in ADDRESSES.read_text(encoding="utf-8").splitlines()}
    count = 0
    for levels, addresses in splits.items():
        for parts in addresses:
            joined = parts.replace(" ", "")
            line = written.get(joined, joined)
            assert half_width(line) in lines
            count += 1
            expected = dict(zip(levels.replace("lanes", "lane").split(), parts.split(), strict=True))
            assert {level: text for level, text in asdict(parse_address(line)).items() if text} == expected
    assert count == 300


@pytest.mark.parametrize(
    ("written", "estate", "building", "entrance", "unit", "left"),
    [
        ("2栋3楼5号", "", "2栋", "", "3楼5号", ""),
        ("3苑1幢202", "", "3苑1幢", "", "202室", ""),
        ("长乐新村(长乐路1088弄)3号201", "长乐新村", "3号", "", "201室", ""),
        ("延安东路1234弄5-602", "延安东路1234弄", "5号", "", "602室", ""),
        ("延安东路1234弄5-60", "延安东路1234弄", "5-60号", "", "", ""),
        ("甲12号", "", "甲12号", "", "", ""),
        ("东17号203室", "", "东17号", "", "203室", ""),
        ("礼德国际2号楼", "礼德国际", "2号楼", "", "", ""),
        ("B2栋", "", "B2栋", "", "", ""),
        ("A区3号楼", "", "A区3号楼", "", "", ""),
        ("福元小区B区3号楼502", "福元小区", "B区3号楼", "", "502室", ""),
        ("南昌路859、903弄5号", "南昌路859、903弄", "5号", "", "", ""),
        ("17.18号", "", "17.18号", "", "", ""),
        ("487/501号", "", "487/501号", "", "", ""),
        ("人民广场地铁站2号口", "人民广场地铁站", "", "2号口", "", ""),
        ("B1-023", "", "", "", "B1-023室", ""),
        ("地下车库B1-023", "", "", "", "地下车库B1-023", ""),
        ("203临", "", "", "", "", "203临"),
        ("1号边门", "", "1号边门", "", "", ""),
        ("红旗村3组12号", "红旗村", "3组12号", "", "", ""),
        ("曹杨3村12号", "曹杨3村", "12号", "", "", ""),
        ("亭子间1", "", "", "", "亭子间1", ""),
        ("建国中路100弄福元小区1号101室", "福元小区", "1号", "", "101室", ""),
        ("南京西路1266号恒隆广场2号楼501", "恒隆广场", "2号楼", "", "501室", ""),
        ("101(北)", "", "", "", "101室（北）", ""),
        ("2楼3室", "", "", "", "2楼3室", ""),
        ("3楼405室", "", "", "", "3楼405室", ""),
        ("3楼301室", "", "", "", "301室", ""),
        ("12幢5号302室", "", "12幢5号", "", "302室", ""),
        ("2栋5号", "", "2栋5号", "", "", ""),
        ("01号楼", "", "1号楼", "", "", ""),
        ("1号-101", "", "1号", "", "101室", ""),
        ("79号2幢", "", "79号2幢", "", "", ""),
        ("3号房501室", "", "3号房", "", "501室", ""),
        ("永嘉坊东17号203", "永嘉坊", "东17号", "", "203室", ""),
        ("地下1层101", "", "", "", "地下1层101室", ""),
        ("南昌路168弄4号、复兴中路5号", "南昌路168弄", "4号", "", "", "复兴中路5号"),
    ],
)
def test_unusual_places_are_taken_apart(
    written: str, estate: str, building: str, entrance: str, unit: str, left: str
) -> None:
    address = parse_address(written) if is_full_address(written) else parse_building_unit(written)
    found = (address.estate, address.building, address.entrance, address.unit, address.left)
    assert found == (estate, building, entrance, unit, left)


@given(st.text(alphabet="南昌路弄号甲东楼栋座区组室亭子间临边门B1203-、/（）", max_size=14))
def test_no_character_of_an_address_is_lost(text: str) -> None:
    address = parse_address(text) if is_full_address(text) else parse_building_unit(text)
    kept = "".join(asdict(address).values())
    for char in set(half_width(text)) - set("-、/()之0"):
        assert half_width(text).count(char) <= kept.count(char), address


def test_prefixes_and_notes_are_told_apart() -> None:
    address = parse_address("北江燕路228弄(近江月路)")
    assert (address.estate, address.note) == ("北江燕路228弄", "近江月路")


@pytest.mark.parametrize(
    ("text", "full"),
    [("思南路26弄1号", True), ("富南大厦1号", True), ("4号甲", False), ("底楼后客堂", False)],
)
def test_full_addresses_are_told_from_labels(text: str, full: bool) -> None:
    assert is_full_address(text) is full


@pytest.mark.parametrize(
    "street",
    [
        ["1号", "2号", "4号", "4号甲", "4号乙", "5号", "9号", "10号", "12号", "12-14号", "100号"],
        ["1幢", "2幢", "10幢"],
        ["101室", "102室", "201室", "1001室"],
        ["底楼前客堂", "灶间", "亭子间", "二楼前楼", "三层阁", "晒台"],
        ["南昌路9弄", "南昌路26弄", "南昌路168弄"],
        ["一号楼", "二号楼", "十号楼", "十一号楼"],
    ],
)
def test_lists_are_in_the_order_of_the_street(street: list[str]) -> None:
    assert sorted(street, key=natural_key) == street


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_numbers_are_ordered_as_numbers(first: int, second: int) -> None:
    assert (natural_key(f"{first}号") < natural_key(f"{second}号")) == (first < second)


@given(st.text(max_size=40))
def test_no_text_is_too_strange(text: str) -> None:
    parse_address(text)
    parse_building_unit(text)
    natural_key(text)


@pytest.mark.parametrize(
    ("written", "label"), [("501", "501室"), ("#501", "501室"), ("501室", "501室"), ("1a", "1a室")]
)
def test_rooms_are_labelled(written: str, label: str) -> None:
    assert room_label(written) == label


def test_a_building_that_is_the_estate_is_not_said_twice() -> None:
    assert full_address("富南大厦", "富南大厦", "401室") == "富南大厦401室"
    assert full_address("南昌路168弄", "4号甲", "亭子间") == "南昌路168弄4号甲亭子间"
