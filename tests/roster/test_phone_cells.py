"""Telephone cells with words beside the numbers: whose each is, and which is none any more."""

import pytest

from fuyuan_desk.formats.phones import read_phones
from fuyuan_desk.roster.reading.phone_cells import told_apart

# a cell, the holder's numbers, somebody else's, what is among the words
CELLS = [
    ("儿子13801660198", (), ("儿子：13801660198",), ""),
    ("13801660197（儿）", (), ("儿：13801660197",), ""),
    ("打侄子俞强13800250102", (), ("侄子俞强：13800250102",), ""),
    ("13800250103物业小王", (), ("物业小王：13800250103",), ""),
    ("13800250104邻居代接", (), ("邻居：13800250104",), ""),
    ("女：13800250105", (), ("女：13800250105",), ""),
    ("夫13800250106妻13800250107", (), ("夫：13800250106", "妻：13800250107"), ""),
    ("13800250101儿子 13800250102女儿", (), ("儿子：13800250101", "女儿：13800250102"), ""),
    ("13800250112(原户主)", (), ("原户主：13800250112",), ""),
    ("租客小王13800250105", (), ("租客小王：13800250105",), ""),
    ("居委代：63330000", (), ("居委：021-63330000",), ""),
    ("本人62345678；儿子13801660199", ("021-62345678",), ("儿子：13801660199",), "本人"),
    ("13800250101/13800250102（女婿）", ("13800250101",), ("女婿：13800250102",), ""),
    ("13916110103（错）13916110193", ("13916110193",), (), "13916110103（错）"),
    ("13916110104→13916110194", ("13916110194",), (), "13916110104（旧）"),
    ("旧13916110105 新13916110195", ("13916110195",), (), "13916110105（旧）、新"),
    ("13916110107作废，13916110197", ("13916110197",), (), "13916110107（作废）"),
    ("13916110107错 13800250107对", ("13800250107",), (), "13916110107（错）、对"),
    ("13916110106（空号）", (), (), "13916110106（空号）"),
    ("13816100103×13816100193√", ("13816100193",), (), "13816100103（×）、√"),
    ("13816100104（空号，问女儿）", (), (), "13816100104（空号,问女儿）"),
    ("13800250101 微信同号", ("13800250101",), (), "微信同号"),
    ("手机13800250101 宅电62345678", ("13800250101", "021-62345678"), (), ""),
    ("贾宝玉13800250101 贾母13800250102", ("13800250101", "13800250102"), (), "贾宝玉、贾母"),
]


@pytest.mark.parametrize(("text", "own", "others", "words"), CELLS)
def test_each_number_goes_to_whom_its_word_names(
    text: str, own: tuple[str, ...], others: tuple[str, ...], words: str
) -> None:
    read = read_phones(text)
    found = told_apart(text, read, "贾宝玉、贾母") if read.words else read
    assert (found.numbers, found.others, found.words) == (own, others, words)
    assert not found.doubts


@pytest.mark.parametrize("text", ["王芳13800250101", "13800250101（王芳）", "房东13800250101"])
def test_a_word_that_does_not_say_whose_a_number_is_is_told(text: str) -> None:
    found = told_apart(text, read_phones(text), "李新")
    assert found.numbers == ("13800250101",)
    assert len(found.doubts) == 1


def test_a_cell_with_something_that_is_no_number_is_read_as_before() -> None:
    text = "139****1234（儿）"
    assert told_apart(text, read_phones(text), "") == read_phones(text)
