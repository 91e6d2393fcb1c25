"""Headers that list the choices of their column, 身份：A房主 B租客, and the codes of these; pure functions."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import Cell, listed, text_of, words_of

_CIRCLED = {chr(0x2460 + number): str(number + 1) for number in range(20)}
_HAN = r"[\u3400-\u9fff]"
_ITEM = rf"[(\s]*(?P<code>[A-Za-z]|\d{{1,2}}|[①-⑳])[.、:)\-\s]*(?P<word>{_HAN}{{1,8}})[\s,;/、|]*"
_ONE, _SEVERAL = re.compile(_ITEM), re.compile("(?:" + re.sub(r"\?P<\w+>", "?:", _ITEM) + "){2,}")
_CODE = re.compile(r"[A-Za-z]|\d{1,2}|[①-⑳]")
_BARE_CODE = re.compile(r"[(\s]*([A-Za-z]|\d{1,2}|[①-⑳])[.、)\s]*")
_AFTER_COLON = re.compile(rf"(?P<head>[^:]*{_HAN}):\s*(?P<words>[^:]+)")
_BETWEEN = re.compile(r"[/、,;|\s]+|或")
_END = " :：([【、,"
_LONGEST = 60
_KINDS = ("roles", "relations", "tenures", "uses", "living", "id_kinds")
_LISTS = ("yes", "no", "vacant")
DECODED = frozenset(("role", "relation", "tenure", "use", "vacant", "lives_here", "topped_up", "id_kind"))
"""The fields whose cells are words: where a header gives them codes, the cells may be these."""


class Choices(NamedTuple):
    """A header without its choices, and the word of each code; {} if the choices have none."""

    head: str
    words: Mapping[str, str]


@cache
def _known() -> frozenset[str]:
    words = {word for kind in _KINDS for word in words_of(kind)}
    return frozenset(words.union(*map(listed, _LISTS)))


@lru_cache(maxsize=4_096)
def choices_of(title: str) -> Choices:
    """Return what a header lists as its choices: 身份：A房主 B租客 is 身份, where A means 房主 and B 租客."""
    text = half_width(title).rstrip(")]】 ")
    if not 4 <= len(text) <= _LONGEST or text.isascii():
        return Choices(title, {})
    for found in _CODE.finditer(text):
        head = text[: found.start()].rstrip(_END)
        if not head or not _SEVERAL.fullmatch(text, found.start()):
            continue
        items = [(code_of(one["code"]), one["word"]) for one in _ONE.finditer(text, found.start())]
        codes = [code for code, _word in items]
        if _are_counted(codes) and sum(word in _known() for _code, word in items) * 2 >= len(items):
            return Choices(head, dict(items))
    after = _AFTER_COLON.fullmatch(text)
    words = _BETWEEN.split(after["words"]) if after else []
    if after and len(words) > 1 and _known().issuperset(words):
        return Choices(after["head"], {})
    return Choices(title, {})


def _are_counted(codes: list[str]) -> bool:
    # A, B, C or 1, 2, 3
    if all(map(str.isdigit, codes)):
        return [*map(int, codes)] in ([*range(len(codes))], [*range(1, len(codes) + 1)])
    return codes == [chr(ord("A") + place) for place in range(len(codes))]


def code_of(text: str) -> str:
    """Return a code in one form: ① and 1 are the same, a and A."""
    return _CIRCLED.get(text, text.upper().lstrip("0") or "0")


def decoded(cell: Cell, words: Mapping[str, str]) -> Cell:
    """Return the word of a cell that is one of the codes, with or without its word: A, ①, 2.租客; else the cell."""
    text = half_width(text_of(cell))
    if text in words:
        return words[text]
    if bare := _BARE_CODE.fullmatch(text):
        return words.get(code_of(bare[1]), cell)
    named = _ONE.fullmatch(text)
    return named["word"] if named and code_of(named["code"]) in words else cell
