"""What the law and the office say about houses, holdings, papers, phones and names; pure functions."""

import re
from datetime import date
from enum import Enum, IntEnum, StrEnum
from typing import NamedTuple

from stdnum.cn import ric, uscc

from fuyuan_desk.texts import N_, _


class HouseKind(StrEnum):
    """Kind of house, the classes of Shanghai's housing statistics."""

    GARDEN = "garden"
    APARTMENT = "apartment"
    NEW_LANE = "new-lane"
    OLD_LANE = "old-lane"
    WORKERS = "workers"
    HIGH_RISE = "high-rise"
    COMMODITY = "commodity"
    SIMPLE = "simple"
    MIXED_USE = "mixed-use"


class Tenure(StrEnum):
    """Who owns the house: bought, sold public housing, public housing of city or work unit, private."""

    COMMODITY = "commodity"
    SOLD_PUBLIC = "sold-public"
    DIRECT_PUBLIC = "direct-public"
    UNIT_PUBLIC = "unit-public"
    PRIVATE = "private"


class HeritageClass(IntEnum):
    """Protection class of an outstanding historic building (LS §28)."""

    NONE = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4


class HistoricArea(StrEnum):
    """Part of a historic area that a building stands in (LS §17)."""

    NONE = "none"
    CORE = "core"
    CONTROL = "control"


class HoldingRole(StrEnum):
    """What a household is to its unit; a tenant of public housing is not an owner (MFD §278 needs owners)."""

    OWNER = "owner"
    TENANT = "tenant"
    RENTER = "renter"
    OCCUPANT = "occupant"


class IdKind(StrEnum):
    """Kind of the paper that proves who the holder is."""

    RESIDENT = "resident"
    USCC = "uscc"
    PASSPORT = "passport"
    HK_MACAU = "hk-macau"
    TAIWAN = "taiwan"
    PERMANENT = "permanent"
    OTHER = "other"


class UnitUse(StrEnum):
    """What a unit is used for."""

    HOME = "home"
    OFFICE = "office"
    SHOP = "shop"
    OTHER = "other"


# keyed by class too: members of different string enums may be equal
_LABELS: dict[type[Enum], dict[Enum, str]] = {
    HouseKind: {
        HouseKind.GARDEN: N_("Garden house"),
        HouseKind.APARTMENT: N_("Apartment house"),
        HouseKind.NEW_LANE: N_("New-style lane"),
        HouseKind.OLD_LANE: N_("Old-style lane (with shikumen)"),
        HouseKind.WORKERS: N_("Workers' housing"),
        HouseKind.HIGH_RISE: N_("High-rise"),
        HouseKind.COMMODITY: N_("Commodity housing"),
        HouseKind.SIMPLE: N_("Simple house"),
        HouseKind.MIXED_USE: N_("Homes and offices"),
    },
    Tenure: {
        Tenure.COMMODITY: N_("Commodity property"),
        Tenure.SOLD_PUBLIC: N_("Sold public housing"),
        Tenure.DIRECT_PUBLIC: N_("Directly managed public housing"),
        Tenure.UNIT_PUBLIC: N_("Public housing of a work unit"),
        Tenure.PRIVATE: N_("Private house"),
    },
    HeritageClass: {
        HeritageClass.NONE: N_("Not listed"),
        HeritageClass.FIRST: N_("Class one"),
        HeritageClass.SECOND: N_("Class two"),
        HeritageClass.THIRD: N_("Class three"),
        HeritageClass.FOURTH: N_("Class four"),
    },
    HistoricArea: {
        HistoricArea.NONE: N_("Outside historic areas"),
        HistoricArea.CORE: N_("Core of a historic area"),
        HistoricArea.CONTROL: N_("Control zone of a historic area"),
    },
    HoldingRole: {
        HoldingRole.OWNER: N_("Owner"),
        HoldingRole.TENANT: N_("Tenant of public housing"),
        HoldingRole.RENTER: N_("Renter"),
        HoldingRole.OCCUPANT: N_("Occupant"),
    },
    IdKind: {
        IdKind.RESIDENT: N_("Resident ID"),
        IdKind.USCC: N_("Unified social credit code"),
        IdKind.PASSPORT: N_("Passport"),
        IdKind.HK_MACAU: N_("Hong Kong and Macau permit"),
        IdKind.TAIWAN: N_("Taiwan permit"),
        IdKind.PERMANENT: N_("Permanent residence card"),
        IdKind.OTHER: N_("Other paper"),
    },
    UnitUse: {
        UnitUse.HOME: N_("Home"),
        UnitUse.OFFICE: N_("Office space"),
        UnitUse.SHOP: N_("Shop"),
        UnitUse.OTHER: N_("Other use"),
    },
}


def label(member: Enum) -> str:
    """Name a member of the enums above in the language of the screen."""
    return _(_LABELS[type(member)][member])


def holder_owns(tenure: Tenure | None) -> bool:
    """Tell whether holders under this tenure own their unit (public housing is let: MFD §278 does not apply)."""
    return tenure not in (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC)


# ---- writing signs ----

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
_UNSEEN = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


def half_width(text: str) -> str:
    """Give full-width letters, digits and signs as plain ones, without unseen signs and outer blanks."""
    return text if text.isascii() else text.translate(_HALF | _UNSEEN).strip()


# ---- names ----

NAME_LENGTH = 50
_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
_DOTS = re.compile(rf"(?<=[{_HAN}])\s*[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff0e\uff65.]\s*(?=[{_HAN}])")
_SPACES_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_LETTERS = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NAME_SIGNS = _LETTERS | _UNSEEN | {0x3000: " ", 0xA0: " "}
_COMPANY = re.compile(
    r"公司|集团|厂$|商店$|商行$|酒店$|饭店$|银行|学校$|医院$|幼儿园$|委员会$|居委会$|业委会$|物业$|中心$|协会$"
    r"|事务所|合作社|管理所$|房管所|街道办|办事处|研究所$|研究院$|工作室$|经营部$|门市部$|服务部$|旅馆$|超市$"
    r"|有限合伙|分行$|支行$|总部$|基金会|\b(?:Ltd|Inc|Co|Corp|GmbH|LLC)\b\.?",
    re.IGNORECASE,
)


def clean_name(text: str) -> str:
    """Write a name as the office writes it: dot U+00B7, no blanks between Chinese signs (domain §8)."""
    if _PLAIN_NAME.fullmatch(text):
        return text
    name = " ".join(text.translate(_NAME_SIGNS).split())
    return _SPACES_IN_HAN.sub("", _DOTS.sub("\u00b7", name))


def name_fault(name: str) -> str:
    """Say what is wrong with a cleaned name; empty when it can stand."""
    if not name:
        return _("The name is missing. Enter it.")
    if len(name) > NAME_LENGTH:
        return _("The name is longer than {n} signs. Shorten it.").format(n=NAME_LENGTH)
    if not any(sign.isalpha() for sign in name):
        return _("This does not look like a name. Enter the name of a person or a company.")
    return ""


def is_company(name: str) -> bool:
    """Tell by its words whether a holder is an organisation."""
    return len(name) > 3 and _COMPANY.search(name) is not None


# ---- papers ----

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


def read_paper(text: str) -> Paper:
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


ANONYMOUS = "已匿名"
"""What stands where a name stood that was kept long enough (PIPL §19)."""


def mask_name(name: str, company: bool = False) -> str:
    """Hide all but the first sign of a person's name: 张*; companies are public (PIPL §51)."""
    return name if company or not name or name == ANONYMOUS else name[0] + "*"
