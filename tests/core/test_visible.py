"""Invisible characters are removed, all others stay."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.visible import visible, visible_lines, visible_values


def categories(text: str) -> set[str]:
    return {unicodedata.category(char) for char in text}


@pytest.mark.parametrize(
    ("text", "line", "lines"),
    [
        ("\ufeff张\u200b三\u202e", "张三", "张三"),
        ("A\x00\x1b[31mB\x7f\x9b", "A[31mB", "A[31mB"),
        ("甲\r\n乙\t丙", "甲 乙 丙", "甲\n乙\t丙"),
        ("甲\r乙\u2028丙\u2029丁\x0b戊", "甲 乙 丙 丁 戊", "甲\n乙\n丙\n丁\n戊"),
        ("葛\U000e0100 \u8fbb\ufe00", "葛\U000e0100 \u8fbb\ufe00", "葛\U000e0100 \u8fbb\ufe00"),
        ("𠮷\U0003134a\ue863　㐀", "𠮷\U0003134a\ue863　㐀", "𠮷\U0003134a\ue863　㐀"),
        ("", "", ""),
    ],
)
def test_what_is_removed_and_what_stays(text: str, line: str, lines: str) -> None:
    assert (visible(text), visible_lines(text)) == (line, lines)


@given(st.text())
def test_nothing_invisible_is_left_and_nothing_is_removed_twice(text: str) -> None:
    line, lines = visible(text), visible_lines(text)
    assert not categories(line) & {"Cc", "Cf", "Zl", "Zp"}
    assert not categories(lines.replace("\n", "").replace("\t", "")) & {"Cc", "Cf", "Zl", "Zp"}
    assert (visible(line), visible_lines(lines)) == (line, lines)
    assert visible(lines) == line
    seen = [char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp")]
    assert "".join(seen).replace(" ", "") == line.replace(" ", "")


def test_json_values_are_cleaned_in_depth() -> None:
    value = {"name": "张\u200b三", "rows": [["甲\x00", 1, None], ("乙\u2060",)], "on": True}
    assert visible_values(value) == {"name": "张三", "rows": [["甲", 1, None], ["乙"]], "on": True}
