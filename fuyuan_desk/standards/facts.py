"""Output of the service-standard services: frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.standards.rules import Duty, Tier


@dataclass(frozen=True)
class AssignedTier:
    """A tier assigned to an estate from a day on; `is_current`: in force on the queried day."""

    id: int
    estate_id: int
    version: int
    tier: Tier
    effective_on: date
    reason: str
    document_no: str
    ladder_version: str
    is_current: bool = False


@dataclass(frozen=True)
class EstateDuties:
    """The duties owed to an estate on a day; `assigned` None: it has no tier yet, only untiered duties.

    Only what the estate can owe is in `duties` and `untiered`: `left_out` is the equipment that it does not have.
    `next_assignment` is a tier that takes effect later; `dense` are the items done more often this season.
    """

    estate_id: int
    estate: str
    on: date
    assigned: AssignedTier | None
    next_assignment: AssignedTier | None
    duties: tuple[Duty, ...]
    untiered: tuple[Duty, ...]
    dense: frozenset[str]
    ladder_version: str
    is_reference: bool
    note: str
    note_en: str
    left_out: tuple[Equipment, ...] = ()


@dataclass(frozen=True)
class Standing:
    """The tier of an estate as printed, and its duties by item; `is_reference`: the ladder is a proposal."""

    tier: str
    duties: Mapping[str, Duty]
    is_reference: bool
