"""Passwords that are tried first by whoever guesses (`resources/passwords/common.txt`, with source and licence)."""

import unicodedata
from functools import cache

from fuyuan_desk.core.paths import resource

_ADDED = "0123456789!"
_LEAST = 4  # a common password of fewer letters is a beginning, not the whole


@cache
def _common() -> frozenset[str]:
    lines = resource("passwords", "common.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def folded(password: str) -> str:
    """Return a password as it is compared with others: width- and case-folded, without outer spaces."""
    return unicodedata.normalize("NFKC", password).strip().casefold()


def is_common(password: str) -> bool:
    """Return whether a password is widely used, or is such a one with digits or “!” added."""
    plain = folded(password)
    while plain not in _common():
        if not plain.endswith(tuple(_ADDED)) or len(plain) <= _LEAST:
            return False
        plain = plain[:-1]
    return True
