"""Numbers that a clerk types where there is none, because a form wants one: 99999999, 123456789; pure functions."""

import re

_COUNTED = "0123456789" * 4
_LEAST_EQUAL, _LEAST_COUNTED, _LONGEST = 3, 6, 24
_DECIMAL = re.compile(r"\D*\d+\.\d+")


def is_filler(number: str, written: str = "") -> bool:
    """Return whether a number stands for none: all its digits are equal, or it counts 123456….

    A number that merely has many equal digits, such as 13800000000, may be somebody's; 33.3, as it is `written`, is a
    measure that stands in the wrong column.
    """
    digits = number.removesuffix("X")
    if not digits.isdigit() or len(digits) > _LONGEST or _DECIMAL.fullmatch(written):
        return False
    if len(digits) >= _LEAST_EQUAL and digits == digits[0] * len(digits):
        return True
    return len(digits) >= _LEAST_COUNTED and digits[0] in "01" and digits in _COUNTED
