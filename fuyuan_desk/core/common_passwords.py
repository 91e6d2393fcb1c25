"""Passwords that are tried first by whoever guesses (`resources/passwords/common.txt`, with source and licence)."""

import unicodedata
from functools import cache

from fuyuan_desk.core.paths import resource

_DIGITS = "0123456789"
_LEAST = 4  # fewer letters are not all of a password


@cache
def _common() -> frozenset[str]:
    lines = resource("passwords", "common.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def folded(password: str) -> str:
    """Return a password as it is compared with others: width- and case-folded, without outer spaces."""
    return unicodedata.normalize("NFKC", password).strip().casefold()


def is_common(password: str) -> bool:
    """Return whether a password is widely used, or is such a one doubled, or with digits and signs around or within."""
    plain = folded(password)
    joined = "".join(filter(str.isalnum, plain))
    bare = joined.strip(_DIGITS)
    half = joined[: len(joined) // 2]
    tried = [plain, joined, bare, *_without_digits_added(joined)]
    if joined == half * 2:
        tried.append(half)
    return any(len(word) >= _LEAST and word in _common() for word in tried)


def _without_digits_added(joined: str) -> list[str]:
    """Return a text without one, two … of the digits at its end: a common password may end with digits itself."""
    count = len(joined) - len(joined.rstrip(_DIGITS))
    return [joined[: len(joined) - number] for number in range(1, count + 1)]
