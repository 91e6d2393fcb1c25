"""Dubious numbers of a case: kept as typed, with a warning."""

import pytest

from fuyuan_desk.access.seat import Seat
from tests.renovation.clerk import add_home, file


@pytest.mark.parametrize(
    "code", ["91310000MA1FL0000P", "913100000000000000"], ids=["letters", "digits alone"]
)
def test_a_credit_code_with_a_wrong_check_digit_is_a_doubt(seat: Seat, code: str) -> None:
    filed = file(seat, add_home(seat), contractor="上海某某装饰工程有限公司", contractor_code=code)
    assert filed.contractor_code == code
    assert any("credit code does not match" in doubt for doubt in filed.doubts)
