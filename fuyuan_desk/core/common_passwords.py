"""Passwords that are tried first by whoever guesses (`resources/passwords/common.txt`, with source and licence)."""

import unicodedata
from functools import cache

from fuyuan_desk.core.paths import resource

_ADDED, _MOST_ADDED = "0123456789!", 2


@cache
def _common() -> frozenset[str]:
    lines = resource("passwords", "common.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def folded(password: str) -> str:
    """Return a password as it is compared with others: width- and case-folded, without outer spaces."""
    return unicodedata.normalize("NFKC", password).strip().casefold()


def is_common(password: str) -> bool:
    """Return whether a password is widely used, or is such a one with up to two digits or “!” added."""
    plain = folded(password)
    for _added in range(_MOST_ADDED + 1):
        if plain in _common():
            return True
        if not plain.endswith(tuple(_ADDED)):
            return False
        plain = plain[:-1]
    return False
