"""Numbers of identity papers: resident ID cards, credit codes, passports; reading, doubts, masking."""

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from stdnum.cn import ric, uscc

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import half_width


class IdKind(StrEnum):
    """Kind of the paper that proves who the holder is."""

    RESIDENT = "resident"
    USCC = "uscc"
    PASSPORT = "passport"
    HK_MACAU = "hk-macau"
    TAIWAN = "taiwan"
    PERMANENT = "permanent"
    OTHER = "other"


_RESIDENT = re.compile(r"\d{17}[\dX]")
_USCC = re.compile(r"[\dA-HJ-NPQRTUWXY]{2}\d{6}[\dA-HJ-NPQRTUWXY]{10}")
_OTHER_PAPERS = (
    (IdKind.HK_MACAU, re.compile(r"[HM]\d{8}(?:\d{2})?")),
    (IdKind.PASSPORT, re.compile(r"[A-Z]{1,2}\d{7,8}|1[45]\d{7}")),
    (IdKind.TAIWAN, re.compile(r"\d{8}|\d{10}[A-Z]")),
    (IdKind.PERMANENT, re.compile(r"[A-Z]{3}\d{12}")),
)
_MONTHS = frozenset(f"{month:02}" for month in range(1, 13))
_ID_NOISE = re.compile(r"[\s'’`\-.]+")


class Paper(NamedTuple):
    """A proof of identity: its number as it is kept, and a sentence of doubt or nothing."""

    kind: IdKind
    number: str
    doubt: str = ""


def _resident_doubt(number: str) -> str:
    if ric.calc_check_digit(number) != number[-1]:
        return _("The check digit of this ID number does not fit. Compare it with the card.")
    if number[10:12] in _MONTHS and "01" <= number[12:14] <= "28":
        return ""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return _("The date of birth inside this ID number does not exist. Compare it with the card.")
    return ""


def parse_id_number(text: str) -> Paper:
    """Read the number of an ID paper; check digits of resident IDs and credit codes are judged (domain §8).

    Prefixes are not judged; a number in doubt is kept, with the doubt beside it.
    """
    plain = len(text) == 18 and text.isalnum() and text.isascii()
    number = text.upper() if plain else _ID_NOISE.sub("", half_width(text)).upper()
    if _RESIDENT.fullmatch(number):
        doubt = _resident_doubt(number)
        # a credit code of digits only: no year of birth, and its own check digit fits
        is_code = doubt and number[6:8] not in ("19", "20") and _USCC.fullmatch(number)
        if is_code and uscc.calc_check_digit(number[:-1]) == number[-1]:
            return Paper(IdKind.USCC, number)
        return Paper(IdKind.RESIDENT, number, doubt)
    if _USCC.fullmatch(number):
        fits = uscc.calc_check_digit(number[:-1]) == number[-1]
        doubt = (
            ""
            if fits
            else _("The check digit of this credit code does not fit. Compare it with the licence.")
        )
        return Paper(IdKind.USCC, number, doubt)
    if len(number) == 15 and number.isdigit():
        return Paper(
            IdKind.RESIDENT, number, _("This is an old ID number of 15 digits. Ask for the new one.")
        )
    if number.rstrip("X").isdigit() and 12 <= len(number) <= 20:
        doubt = _("An ID number has 18 places, this one has {n}. Compare it with the card.").format(
            n=len(number)
        )
        return Paper(IdKind.RESIDENT, number, doubt)
    for kind, pattern in _OTHER_PAPERS:
        if pattern.fullmatch(number):
            return Paper(kind, number)
    return Paper(IdKind.OTHER, half_width(text)[:40])


def mask_id(number: str) -> str:
    """Hide the middle of a paper's number: `310101********1234` (PIPL §51)."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    return number[:2] + "*" * max(len(number) - 4, 2) + number[-2:] if len(number) > 4 else "*" * len(number)
