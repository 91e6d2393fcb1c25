"""What the law and the office say about houses, holdings, papers, phones and names; pure functions."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

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


class HeritageClass(StrEnum):
    """Protection class of an outstanding historic building (LS §28)."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    FOURTH = "4"


class HistoricArea(StrEnum):
    """Historic surroundings that a building stands in (LS §17)."""

    CORE = "core"
    CONTROL = "control"
    BLOCK = "block"
    ROAD = "road"


class HoldingRole(StrEnum):
    """What a household is to its unit; a tenant of public housing is not an owner (MFD §278 needs owners)."""

    OWNER = "owner"
    TENANT = "tenant"
    RENTER = "renter"
    OCCUPANT = "occupant"


class HolderKind(StrEnum):
    """Whether the holder is a person or an organisation."""

    PERSON = "person"
    COMPANY = "company"


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

    DWELLING = "dwelling"
    OFFICE = "office"
    SHOP = "shop"
    OTHER = "other"


LABELS: dict[StrEnum, str] = {
    HouseKind.GARDEN: N_("Garden house"),
    HouseKind.APARTMENT: N_("Apartment house"),
    HouseKind.NEW_LANE: N_("New-style lane"),
    HouseKind.OLD_LANE: N_("Old-style lane (with shikumen)"),
    HouseKind.WORKERS: N_("Workers' housing"),
    HouseKind.HIGH_RISE: N_("High-rise"),
    HouseKind.COMMODITY: N_("Commodity housing"),
    HouseKind.SIMPLE: N_("Simple house"),
    HouseKind.MIXED_USE: N_("Homes and offices"),
    Tenure.COMMODITY: N_("Commodity property"),
    Tenure.SOLD_PUBLIC: N_("Sold public housing"),
    Tenure.DIRECT_PUBLIC: N_("Directly managed public housing"),
    Tenure.UNIT_PUBLIC: N_("Public housing of a work unit"),
    Tenure.PRIVATE: N_("Private house"),
    HeritageClass.FIRST: N_("Class one"),
    HeritageClass.SECOND: N_("Class two"),
    HeritageClass.THIRD: N_("Class three"),
    HeritageClass.FOURTH: N_("Class four"),
    HistoricArea.CORE: N_("Core of a historic area"),
    HistoricArea.CONTROL: N_("Control zone of a historic area"),
    HistoricArea.BLOCK: N_("Historic block"),
    HistoricArea.ROAD: N_("Historic road"),
    HoldingRole.OWNER: N_("Owner"),
    HoldingRole.TENANT: N_("Tenant of public housing"),
    HoldingRole.RENTER: N_("Renter"),
    HoldingRole.OCCUPANT: N_("Occupant"),
    HolderKind.PERSON: N_("Person"),
    HolderKind.COMPANY: N_("Company"),
    IdKind.RESIDENT: N_("Resident ID"),
    IdKind.USCC: N_("Unified social credit code"),
    IdKind.PASSPORT: N_("Passport"),
    IdKind.HK_MACAU: N_("Hong Kong and Macau permit"),
    IdKind.TAIWAN: N_("Taiwan permit"),
    IdKind.PERMANENT: N_("Permanent residence card"),
    IdKind.OTHER: N_("Other paper"),
    UnitUse.DWELLING: N_("Dwelling"),
    UnitUse.OFFICE: N_("Office"),
    UnitUse.SHOP: N_("Shop"),
    UnitUse.OTHER: N_("Other use"),
}


def label(member: StrEnum) -> str:
    """Name a member of the enums above in the language of the screen."""
    return _(LABELS[member])


def holder_owns(tenure: Tenure | None) -> bool:
    """Tell whether holders under this tenure own their unit (public housing is let: MFD §278 does not apply)."""
    return tenure not in (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC)
