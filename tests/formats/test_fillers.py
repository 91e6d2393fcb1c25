"""Numbers that stand for none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.formats.fillers import is_filler


@pytest.mark.parametrize(
    "number", ["000", "000000", "9999999999", "111111111111111111", "99999999999999999X", "123456",
     "12345678901", "0123456789"]
)  # fmt: skip
def test_numbers_that_stand_for_none(number: str) -> None:
    assert is_filler(number)


@pytest.mark.parametrize(
    "number", ["", "0", "99", "12345", "13800000000", "13888888888", "23456789", "1112", "E1111111", "X"]
)
def test_numbers_that_may_be_somebodys(number: str) -> None:
    assert not is_filler(number)


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_no_mobile_number_is_a_filler(number: str) -> None:
    assert not is_filler(number)
