"""Texts without invisible characters, which nobody can type, search for or compare on paper.

Control and format characters (Unicode categories Cc and Cf: NUL, escape, byte order marks, direction marks, zero-width
spaces) come in with copied and imported texts. What only blanks leave between two words becomes a blank. Variation
selectors and rare characters of names belong to other categories and stay.
"""

import unicodedata
from functools import cache
from typing import Any

_REMOVED = frozenset(("Cc", "Cf"))
_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_LINE_BREAKS = _BREAKS - {"\t", "\x1f"}


@cache
def _in_line(char: str) -> str:
    if char in _BREAKS:
        return " "
    return "" if unicodedata.category(char) in _REMOVED else char


@cache
def _in_lines(char: str) -> str:
    if char in _LINE_BREAKS:
        return "\n"
    return char if char == "\t" else _in_line(char)


def visible(text: str) -> str:
    """Return a name or label on one line: without control and format characters, a blank for a tab or line break."""
    # most texts, recognized a hundred times sooner than by their characters
    if text.isprintable():
        return text
    return "".join(map(_in_line, text.replace("\r\n", "\n")))


def visible_lines(text: str) -> str:
    """Return a text of several lines without control and format characters except its line breaks and tabs."""
    if text.isprintable():
        return text
    return "".join(map(_in_lines, text.replace("\r\n", "\n")))


def visible_values(value: Any) -> Any:
    """Return a JSON value with each text in it as of `visible_lines`; lists and dicts are copied, keys stay."""
    if isinstance(value, str):
        return visible_lines(value)
    if isinstance(value, dict):
        return {key: visible_values(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [visible_values(part) for part in value]
    return value
