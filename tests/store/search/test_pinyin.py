"""How names and addresses are read."""

import json
from pathlib import Path

import pytest

from fuyuan_desk.core.paths import resource
from fuyuan_desk.store.search import pinyin

STANDARD = Path(__file__).parents[2] / "data" / "general-standard-chinese-characters.txt"


@pytest.mark.parametrize(
    ("signs", "reading"),
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
def test_a_name_is_read_as_names_are(signs: str, reading: str) -> None:
    assert " ".join(pinyin.readings(signs)[0]) == reading


@pytest.mark.parametrize(
    ("signs", "reading"),
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
def test_a_place_is_read_by_its_words(signs: str, reading: str) -> None:
    assert " ".join(pinyin.readings(signs)[0]) == reading


@pytest.mark.parametrize(
    ("signs", "reading"),
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
def test_what_people_read_in_two_ways_is_found_in_both(signs: str, reading: str) -> None:
    assert reading in [" ".join(syllables) for syllables in pinyin.readings(signs)]


def test_every_standard_sign_has_one_plain_syllable() -> None:
    for sign in "".join(STANDARD.read_text(encoding="utf-8").split()):
        for [syllable] in pinyin.readings(sign):
            assert syllable.isascii(), sign
            assert syllable.isalpha(), sign


@pytest.mark.parametrize("signs", ["\uf8f0", "\uf8f0\uf8f1路", "王\uf8f0"])
def test_a_sign_without_a_reading_stands_for_itself(signs: str) -> None:
    for syllables in pinyin.readings(signs):
        assert len(syllables) == len(signs)
        assert any(syllable in signs for syllable in syllables)


@pytest.mark.parametrize("table", ["surnames", "places", "given"])
def test_the_tables_give_a_syllable_for_each_sign(table: str) -> None:
    content = json.loads(resource("pinyin", f"{table}.json").read_text(encoding="utf-8"))
    for signs, told in content["readings"].items():
        assert told, signs
        assert len(set(told)) == len(told), signs
        for reading in told:
            assert len(reading.split()) == len(signs), signs
            assert reading.replace(" ", "").isascii(), signs
            assert reading == reading.lower(), signs
