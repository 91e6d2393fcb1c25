"""Readings of names and addresses."""

import json
from pathlib import Path

import pytest

from fuyuan_desk.core.paths import resource
from fuyuan_desk.store.search import pinyin

STANDARD = Path(__file__).parents[2] / "data" / "general-standard-chinese-characters.txt"


@pytest.mark.parametrize(
    ("chars", "reading"),
    [
        ("张三丰", "zhang san feng"),
        ("单云", "shan yun"),
        ("曾国强", "zeng guo qiang"),
        ("解晓东", "xie xiao dong"),
        ("仇英", "qiu ying"),
        ("区大", "ou da"),
        ("查良", "zha liang"),
        ("盖叫天", "ge jiao tian"),
        ("尉迟恭", "yu chi gong"),
        ("万俟雅", "mo qi ya"),
        ("长孙无忌", "zhang sun wu ji"),
        ("任我行", "ren wo xing"),
        ("吕洞宾", "lv dong bin"),
        ("朴顺姬", "piao shun ji"),
        ("翟一", "zhai yi"),
    ],
)
def test_a_name_is_read_as_names_are(chars: str, reading: str) -> None:
    assert " ".join(pinyin.readings(chars)[0]) == reading


@pytest.mark.parametrize(
    ("chars", "reading"),
    [
        ("重庆南路", "chong qing nan lu"),
        ("长乐路", "chang le lu"),
        ("长宁路", "chang ning lu"),
        ("厦门路", "xia men lu"),
        ("番禺路", "pan yu lu"),
        ("莘庄镇", "xin zhuang zhen"),
        ("复兴中路", "fu xing zhong lu"),
        ("太阳都市花园后期", "tai yang du shi hua yuan hou qi"),
        ("上海银行黄浦支行", "shang hai yin hang huang pu zhi hang"),
        ("绿苑公寓", "lv yuan gong yu"),
        ("石库门里", "shi ku men li"),
    ],
)
def test_an_address_is_read_by_its_words(chars: str, reading: str) -> None:
    assert " ".join(pinyin.readings(chars)[0]) == reading


@pytest.mark.parametrize(
    ("chars", "reading"),
    [
        ("单云", "dan yun"),
        ("王乐天", "wang yue tian"),
        ("王乐天", "wang le tian"),
        ("曾雅庭", "zeng ya ting"),
        ("弄", "long"),
        ("弄", "nong"),
        ("富南大厦", "fu nan da xia"),
        ("富南大厦", "fu nan da sha"),
    ],
)
def test_characters_with_two_readings_are_found_by_both(chars: str, reading: str) -> None:
    assert reading in [" ".join(syllables) for syllables in pinyin.readings(chars)]


def test_every_standard_character_has_one_plain_syllable() -> None:
    for char in "".join(STANDARD.read_text(encoding="utf-8").split()):
        for [syllable] in pinyin.readings(char):
            assert syllable.isascii(), char
            assert syllable.isalpha(), char


@pytest.mark.parametrize("chars", ["\uf8f0", "\uf8f0\uf8f1路", "王\uf8f0"])
def test_a_character_without_a_reading_stands_for_itself(chars: str) -> None:
    for syllables in pinyin.readings(chars):
        assert len(syllables) == len(chars)
        assert any(syllable in chars for syllable in syllables)


@pytest.mark.parametrize("table", ["surnames", "places", "given"])
def test_the_tables_have_a_syllable_for_each_character(table: str) -> None:
    content = json.loads(resource("pinyin", f"{table}.json").read_text(encoding="utf-8"))
    for chars, readings in content["readings"].items():
        assert readings, chars
        assert len(set(readings)) == len(readings), chars
        for reading in readings:
            assert len(reading.split()) == len(chars), chars
            assert reading.replace(" ", "").isascii(), chars
            assert reading == reading.lower(), chars
