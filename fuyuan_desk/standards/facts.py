"""What the services of the standard tell: frozen dataclasses for pages and papers."""

from dataclasses import dataclass
from datetime import date

from fuyuan_desk.standards.rules import Duty, Tier


@dataclass(frozen=True)
class TierGiven:
    """A tier given to an estate from a day on; `is_current`: it holds on the day asked about."""

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
    """What an estate must be served with on a day; `given` None: it has no tier yet, only untiered duties.

    `next_assignment` is a tier that takes effect later; `dense` holds the items done more often this season.
    """

    estate_id: int
    estate: str
    on: date
    given: TierGiven | None
    next_assignment: TierGiven | None
    duties: tuple[Duty, ...]
    untiered: tuple[Duty, ...]
    dense: frozenset[str]
    ladder_version: str
    is_reference: bool
    note: str
    note_en: str
