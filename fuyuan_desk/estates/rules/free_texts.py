"""Free texts without who lives there: what a property company, a viewer and the paper are told; pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from fuyuan_desk.core.simplified import simplified
from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import ANONYMOUS, mask_name
from fuyuan_desk.formats.phones import mask_phone

Mask = Callable[[str], str]
"""What a reader gets of a text."""

# digits and marks one by one: whatever else is typed in full width, such as a comma, stays as it is
_HALF_WIDTH = str.maketrans("０１２３４５６７８９－＋Ｘｘ", "0123456789-+Xx")
_BETWEEN = r"[ \-\u2010-\u2015]?"
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_BETWEEN})?(1[3-9]\d{_BETWEEN}\d{{4}}{_BETWEEN}\d{{4}})(?!\d)")
_LANDLINE = re.compile(
    rf"(?<!\d)[(（]?(0(?:10|2\d|[3-9]\d\d))[)）]?{_BETWEEN}([1-9]\d{{2,3}}{_BETWEEN}\d{{4}})(?!\d)"
)
# one of the city; numbers of orders and of devices have letters or hyphens before them, rooms their word behind them
_LOCAL = re.compile(r"(?<![\dA-Za-z\-])([2-9]\d{3} ?\d{4})(?!\d|[室号])")
_DAY = re.compile(r"20\d\d ?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_NUMBERS = (_ID_NUMBER, _MOBILE, _LANDLINE, _LOCAL)
_HAN = r"\u4e00-\u9fff"
_LEAST = 2


@dataclass(frozen=True)
class NameWords:
    """By which words a name is known that no register has.

    It begins with one of `surnames`, has none of the characters `never_within`, and stands behind a room and before one
    of `behind`, a mark or the end (302室王丽华家), or before a number, with one of `before_number` between them.
    """

    surnames: frozenset[str]
    never_within: str
    behind: tuple[str, ...]
    before_number: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of such a name."""
        first = "|".join(sorted(self.surnames, key=len, reverse=True))
        name = rf"(?:{first})(?:(?![{self.never_within}])[{_HAN}]){{1,2}}"
        at_room = rf"(?<=\d[室户]){name}(?=(?:{'|'.join(self.behind)})|[^{_HAN}]|$)"
        number = "|".join(one.pattern for one in _NUMBERS)
        said = rf"(?:{'|'.join(self.behind)})?"
        marks = rf"[\s(（,，、:：]*(?:{'|'.join(self.before_number)})?[\s(（:：]*"
        return re.compile(rf"{at_room}|{name}(?={said}{marks}(?:{number}))")


@dataclass(frozen=True)
class Names:
    """Names to be found in texts, in simplified characters; made once, as an estate has thousands."""

    spelled: frozenset[str] = frozenset()
    lengths: frozenset[int] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Return names as they are found; those of one character are left out."""
        spelled = frozenset(simplified(name) for name in names if len(name) >= _LEAST)
        return cls(spelled, frozenset(map(len, spelled)))


def without_residents(
    text: str, words: NameWords, names: Sequence[Names] = (), phones: Iterable[str] = ()
) -> str:
    """Return a text in which these names and numbers, and what looks like any, are masked (PIPL §51).

    Digits in full width are written in half width. A name counts in traditional characters, too.
    """
    text = text.translate(_HALF_WIDTH)
    text = "".join(mask_name(part) if is_name else part for part, is_name in _parts(text, names))
    for phone in phones:
        if len(known := phone.translate(_HALF_WIDTH)) > 1:
            text = text.replace(known, mask_phone(known))
    text = words.pattern.sub(lambda found: mask_name(found[0]), text)
    text = _ID_NUMBER.sub(lambda found: mask_id(found[0]), text)
    text = _MOBILE.sub(lambda found: mask_phone(_digits(found[1])), text)
    text = _LANDLINE.sub(lambda found: mask_phone(f"{found[1]}-{_digits(found[2])}"), text)
    return _LOCAL.sub(_masked_local, text)


def is_looked_for(name: str, words: NameWords) -> bool:
    """Return whether a name of the register is looked for in texts: 业主 or 空置 in place of one is not."""
    if name == ANONYMOUS or len(name) < _LEAST:
        return False
    is_han = re.fullmatch(f"[{_HAN}]+", name) is not None
    return not is_han or any(name.startswith(one) for one in words.surnames)


def _parts(text: str, names: Sequence[Names]) -> Iterator[tuple[str, bool]]:
    """Cut a text into names, the longest at each place, and what stands between them."""
    lengths = sorted({length for one in names for length in one.lengths}, reverse=True)
    plain = simplified(text)
    start = place = 0
    while place < len(text):
        pieces = ((length, plain[place : place + length]) for length in lengths)
        length = next((length for length, piece in pieces if any(piece in one.spelled for one in names)), 0)
        if length:
            yield text[start:place], False
            yield text[place : place + length], True
            start = place + length
        place += length or 1
    yield text[start:], False


def _masked_local(found: re.Match[str]) -> str:
    return found[0] if _DAY.fullmatch(found[1]) else mask_phone(_digits(found[1]))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
