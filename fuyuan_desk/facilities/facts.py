"""The data of a facility as the book declares it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class FacilityFields:
    """Editable data of a facility; kind and state are values of `rules`."""

    kind: str = ""
    number: str = ""
    estate_id: int | None = None
    building_id: int | None = None
    place: str = ""
    state: str = "in_use"
    next_check_on: date | None = None
    company: str = ""
    certificate: str = ""
    maker: str = ""
    installed_on: date | None = None
    remarks: str = ""
    device_no: str = ""
    model: str = ""
    out_of_service_on: date | None = None


@dataclass(frozen=True)
class CheckFields:
    """Editable data of a check that was made; `item` is the key of a statutory item, `party` who had it made.

    Of a check that was recorded before 2026-12 it is not known, ''.
    """

    facility_id: int | None = None
    item: str = ""
    done_on: date | None = None
    done_by: str = ""
    certificate: str = ""
    valid_until: date | None = None
    remarks: str = ""
    party: str = ""


@dataclass(frozen=True)
class Check:
    """A check that was made, as stored."""

    id: int
    version: int
    fields: CheckFields


@dataclass(frozen=True)
class ItemState:
    """A statutory item of a facility: the last check, and the day of the next; None: not known.

    `basis` cites the clauses; `interval` is the one in force, `reason` why the office set it otherwise than the law.
    """

    key: str
    name: str
    certificate: str
    basis: str
    interval: str
    reason: str
    last: Check | None
    due: date | None
    announced_on: date | None
    every: int
    unit: str


@dataclass(frozen=True)
class Upcoming:
    """The name of the item of a facility that is due next, and the first day on which one of them is announced."""

    name: str
    announced_on: date


@dataclass(frozen=True)
class FacilityChecks:
    """The statutory items of a facility, and the checks that were made, the newest first.

    `pages`: how many pages of a certificate are attached to a check, by its id, without those that have none.
    """

    facility_id: int
    name: str
    company: str
    items: tuple[ItemState, ...]
    history: tuple[Check, ...]
    pages: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Coverage:
    """In how many of the office's estates a kind of facility is in service, and the names of the others."""

    kind: str
    estates: int
    of: int
    without: tuple[str, ...]
