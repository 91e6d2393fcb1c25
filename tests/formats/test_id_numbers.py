"""Several document numbers in one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from fuyuan_desk.formats.id_numbers import IdKind, parse_id_number, read_id_numbers

# sequence 000 is never issued
ZHANG, LI = "31010119800101000X", "310101199001010004"
RESIDENT, PASSPORT, OTHER = IdKind.RESIDENT, IdKind.PASSPORT, IdKind.OTHER


@pytest.mark.parametrize(
    ("text", "papers", "words"),
    [
        (ZHANG, [(RESIDENT, ZHANG)], ""),
        ("310101 19800101 000x", [(RESIDENT, ZHANG)], ""),
        (f"{ZHANG}/{LI}", [(RESIDENT, ZHANG), (RESIDENT, LI)], ""),
        (f"{ZHANG} {LI}", [(RESIDENT, ZHANG), (RESIDENT, LI)], ""),
        (f"{ZHANG}{LI}", [(RESIDENT, ZHANG), (RESIDENT, LI)], ""),
        (f"{ZHANG}、{ZHANG}", [(RESIDENT, ZHANG)], ""),
        (f"护照：E12345678；身份证：{LI}", [(PASSPORT, "E12345678"), (RESIDENT, LI)], ""),
        (f"{ZHANG}（夫）、{LI}（妻）", [(RESIDENT, ZHANG), (RESIDENT, LI)], "夫、妻"),
        ("C01X00T47", [(OTHER, "C01X00T47")], ""),
        ("保密", [], "保密"),
        ("111111111111111111", [], ""),
    ],
)
def test_each_number_is_read(text: str, papers: list[tuple[IdKind, str]], words: str) -> None:
    read = read_id_numbers(text)
    assert ([(paper.kind, paper.number) for paper in read.papers], read.words) == (papers, words)


def test_each_number_is_checked() -> None:
    wrong = f"{LI[:-1]}5"
    assert [bool(paper.doubt) for paper in read_id_numbers(f"{ZHANG}、{wrong}").papers] == [False, True]


def test_an_unknown_number_is_never_cut() -> None:
    assert parse_id_number("A1" * 30).number == "A1" * 30


@given(
    st.from_regex(r"[0-9]{6}(?:19|20|00)[0-9]{2}(?:0[0-9]|1[0-3])[0-3][0-9]{4}", fullmatch=True),
    st.booleans(),
)
def test_a_plain_number_is_read_as_the_same_one_written_with_blanks(number: str, is_sound: bool) -> None:
    number = number[:-1] + (ric.calc_check_digit(f"{number[:-1]}0") if is_sound else number[-1])
    assert parse_id_number(number) == parse_id_number(f" {number} ")
