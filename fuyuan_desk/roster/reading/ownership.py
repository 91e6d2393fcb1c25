"""Shares of a home as clerks write them: 1/2, 50%, 各半, 张三50%、李四50%, 0.5; pure functions."""

import re
from fractions import Fraction
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.people import LARGEST_WHOLE, read_share, show_share
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.roster.reading.cells import Cell, is_blank, text_of

SHARE = re.compile(
    r"[\s:,(（]*(?P<each>各自?)?(?:占有?|享有|拥有|持有)?(?:产权|份额|所有权)*(?:占有?)?[\s:]*(?<![\d.])"
    r"(?:(?P<share>\d{1,7}/\d{1,7}(?!\d)|\d{1,3}(?:\.\d{1,6})?%|\d{1,7}分之\d{1,7})|(?P<half>(?<=各)半))"
    r"(?:的?(?:产权|份额))?[\s)）]*"
)
"""A share within a half-width text, with the words and brackets around it."""
_KINDS = re.compile(
    r"(?:共同共有|按份共有|按份|单独所有|单独|共有|独有|全部|份额|产权|所有权|:|;|,|、|/|\s)+"
)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,18})?")
_EXACT = 1e-9


class ShareCell(NamedTuple):
    """The contents of a cell of shares: the fractions in order, the names before them if any, words, a warning."""

    shares: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: str = ""
    doubt: str = ""


def share_of(token: re.Match[str]) -> str:
    """Return the share that a match of `SHARE` says as a fraction; "" if it is none, such as 3/2."""
    try:
        return show_share(Fraction(1, 2) if token["half"] else read_share(token["share"]))
    except ValueError:
        return ""


def read_shares(cell: Cell, is_percent: bool = False) -> ShareCell:
    """Read a cell of shares; the kind of ownership (共同共有) is among its words.

    `is_percent`: the column's title says that its numbers are per cent.
    """
    text = half_width(text_of(cell))
    if _NUMBER.fullmatch(text) and (share := _share_of_number(text, is_percent)):
        return ShareCell((share,))
    if is_blank(text):
        return ShareCell()
    try:
        return ShareCell((show_share(read_share(text)),))
    except ValueError:
        return _several(text)


def _share_of_number(text: str, is_percent: bool) -> str:
    """Return what a bare number says: 0.5 is a half, and 50 where numbers are per cent; "" if it is no share."""
    share = Fraction(text)
    if share > 1:
        share = share / 100 if is_percent else Fraction(0)
    near = share.limit_denominator(1_000)
    share = near if abs(near - share) < _EXACT else share
    return show_share(share) if 0 < share <= 1 and share.denominator <= LARGEST_WHOLE else ""


def _several(text: str) -> ShareCell:
    shares, names, place = [], [], 0
    words: list[str] = []
    for token in SHARE.finditer(text):
        share = share_of(token)
        before = text[place : token.start()].strip(" ;,、/:")
        place = token.end()
        if not share:
            words.append(token[0].strip())
            continue
        kind = _KINDS.match(before)
        words += [kind[0].strip(" ;,、/:")] if kind else []
        names.append(before[kind.end() :] if kind else before)
        shares.append(share)
        if token["each"]:
            words.append("各")
    rest = text[place:].strip(" ;,、/:")
    words += [rest] if rest else []
    known = all(_KINDS.fullmatch(word) or word == "各" for word in words if word)
    doubt = "" if known else _("«{text}» is not a share. Write 1/2 or 50%, for several owners 1/2、1/2.")
    is_each = "各" in words
    kept = text if doubt else "；".join(word for word in words if word and word != "各")
    if doubt:
        return ShareCell(words=kept, doubt=doubt.format(text=text))
    return ShareCell(tuple(shares), ("各",) if is_each else tuple(names), kept)
