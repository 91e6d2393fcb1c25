"""Numbers that a clerk types where there is none, because a form wants one: 99999999, 123456789; pure functions."""

_COUNTED = "0123456789" * 4
_LEAST_EQUAL, _LEAST_COUNTED = 3, 6


def is_filler(number: str) -> bool:
    """Return whether a number stands for none: all its digits are equal, or it counts 123456….

    A number that merely has many equal digits, such as 13800000000, may be somebody's.
    """
    digits = number.removesuffix("X")
    if not digits.isdigit():
        return False
    if len(digits) >= _LEAST_EQUAL and digits == digits[0] * len(digits):
        return True
    return len(digits) >= _LEAST_COUNTED and digits[0] in "01" and digits in _COUNTED
