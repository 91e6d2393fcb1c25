"""Other ways to write what is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.store.search.terms import parts_of_query
from fuyuan_desk.store.search.writings import apart, otherwise


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("瑞金2路", "瑞金二路"),
        ("三号", "3号"),
        ("十二号", "12号"),
        ("二十弄", "20弄"),
        ("二十三号", "23号"),
        ("一二〇一室", "1201室"),
        ("七号 3层阁", "7号 三层阁"),
        ("5甲", "5号甲"),
        ("甲5号", "5号甲"),
        ("5号甲", "甲5号"),
        ("5号甲", "5甲号"),
    ],
)
def test_a_text_is_also_read_as_it_is_written_elsewhere(typed: str, written: str) -> None:
    [meaning] = parts_of_query(written)
    assert meaning in otherwise(typed)


@pytest.mark.parametrize(
    ("together", "divided"),
    [
        ("曾国梅201", "曾国梅 201"),
        ("zeng5678", "zeng 5678"),
        ("201室曾国梅", "201室 曾国梅"),
        ("曾国梅陆晓东", "曾国梅 陆晓东"),
        ("abudulamaimaiti", "abudula maimaiti"),
    ],
)
def test_words_typed_together_are_divided(together: str, divided: str) -> None:
    [meaning] = parts_of_query(divided)
    assert meaning in apart(together)


@pytest.mark.parametrize("typed", ["曾", "陆晓", "zeng", "luxiao", "201", "168弄"])
def test_what_is_one_word_stays_one(typed: str) -> None:
    assert apart(typed) == []


@given(st.text("曾国梅一十百号弄室路甲乙层0123459az-·𬀩 ", max_size=24))
def test_any_text_has_meanings_without_empty_parts(text: str) -> None:
    for meaning in [*otherwise(text), *apart(text)]:
        for part in meaning:
            assert part.beginnings or part.words
            assert all(part.beginnings)
