"""Kinds of houses, tenures, protection, roles and uses, with their labels; pure functions."""

from enum import Enum, IntEnum, StrEnum

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_, _


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


class Structure(Code):
    """Structure of a building, the classes of Shanghai's housing register."""

    STEEL = "steel", N_("Steel")
    CONCRETE = "concrete", N_("Reinforced concrete")
    MIXED_1 = "mixed-1", N_("Brick and concrete, grade one")
    MIXED_2 = "mixed-2", N_("Brick and concrete, grade two")
    TIMBER_1 = "timber-1", N_("Brick and timber, grade one")
    TIMBER_2 = "timber-2", N_("Brick and timber, grade two")
    TIMBER_3 = "timber-3", N_("Brick and timber, grade three")
    SIMPLE = "simple", N_("Simple structure")
    OTHER = "other", N_("Other structure")


class Tenure(StrEnum):
    """Who owns the house: bought, sold public housing, public housing of city or work unit, private."""

    COMMODITY = "commodity"
    SOLD_PUBLIC = "sold-public"
    DIRECT_PUBLIC = "direct-public"
    UNIT_PUBLIC = "unit-public"
    PRIVATE = "private"


class HeritageClass(IntEnum):
    """Protection class of an outstanding historic building (LS §28); LISTED: it is one, its class is not known."""

    NONE = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4
    LISTED = 9


class HistoricArea(StrEnum):
    """Part of a historic area that a building stands in (LS §17)."""

    NONE = "none"
    CORE = "core"
    CONTROL = "control"


class HoldingRole(StrEnum):
    """Role of a household in its unit; a tenant of public housing is not an owner (MFD §278 requires owners)."""

    OWNER = "owner"
    TENANT = "tenant"
    RENTER = "renter"
    SUBTENANT = "subtenant"
    OCCUPANT = "occupant"


class UnitUse(StrEnum):
    """Use of a unit."""

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
        HeritageClass.LISTED: N_("Listed, class not known"),
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
        HoldingRole.SUBTENANT: N_("Sub-tenant"),
        HoldingRole.OCCUPANT: N_("Occupant"),
    },
    UnitUse: {
        UnitUse.HOME: N_("Home"),
        UnitUse.OFFICE: N_("Office space"),
        UnitUse.SHOP: N_("Shop"),
        UnitUse.OTHER: N_("Other use"),
    },
}


def marked_label(member: Enum) -> str:
    """Return the name of a member of the enums above, marked but not translated yet."""
    return _LABELS[type(member)][member]


def label(member: Enum) -> str:
    """Return the display name of a member of the enums above."""
    return _(marked_label(member))


def usual_role(tenure: str) -> HoldingRole:
    """Return as what a home of this tenure is held as a rule: public housing by a tenant."""
    is_public = tenure in (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC)
    return HoldingRole.TENANT if is_public else HoldingRole.OWNER


def holder_owns(tenure: Tenure | None) -> bool:
    """Whether holders under this tenure own their unit (public housing is let: MFD §278 does not apply)."""
    return tenure not in (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC)
