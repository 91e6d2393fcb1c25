"""The data of a contract as the book declares it, and the terms that the law sets."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ContractFields:
    """Editable data of a contract; kind, term and unit of the notice are values of `rules`, `amount` is in fen.

    `nothing_follows`: it ended and no other one is to follow.
    """

    kind: str = ""
    number: str = ""
    estate_id: int | None = None
    organisation_id: int | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    term: str = "fixed"
    ends_on: date | None = None
    notice_count: int | None = None
    notice_unit: str = ""
    filed_on: date | None = None
    amount: int | None = None
    nothing_follows: bool = False
    remarks: str = ""


@dataclass(frozen=True)
class Terms:
    """What the law sets for property service contracts, in days and months, each with its clause.

    `days_ahead`: how long before its day a contract is announced.
    """

    notice_days: int
    notice_days_open: int
    notice_clause: str
    filing_days: int
    filing_clause: str
    temporary_months: int
    temporary_clause: str
    days_ahead: int
