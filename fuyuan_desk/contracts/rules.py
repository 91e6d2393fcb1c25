"""Contracts (合同) of estates: their kinds, the day until which notice can be given, what is due; pure functions."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from fuyuan_desk.contracts.facts import ContractFields, Terms
from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.dues import Topic
from fuyuan_desk.core.texts import N_, _, numbered

ENDED = Topic(N_("Contract ended"), "document", 54)
ENDING = Topic(N_("Contract ends"), "document", 55)
NOTICE = Topic(N_("Notice of a contract"), "document", 56)
UNFILED = Topic(N_("Contract not filed"), "document", 57)
ONE_DAY = timedelta(days=1)
MONTHS_OF_A_YEAR = 12


class ContractKind(Code):
    """What a contract is about."""

    PROPERTY = "property", N_("Property service")
    TEMPORARY = "temporary", N_("Temporary property service")
    MAINTENANCE = "maintenance", N_("Maintenance of facilities")
    CLEANING = "cleaning", N_("Cleaning")
    LEASE = "lease", N_("Lease")
    OTHER = "other", N_("Other contract")


class Term(Code):
    """Whether a contract has an end."""

    FIXED = "fixed", N_("Until a day")
    OPEN = "open", N_("Open-ended")


class NoticeUnit(Code):
    """In what a notice period is counted."""

    DAYS = "days", N_("days")
    MONTHS = "months", N_("months")


PROPERTY_SERVICE = (ContractKind.PROPERTY, ContractKind.TEMPORARY)


# --- days


def months_from(day: date, months: int) -> date:
    """Return the day that is some months later, earlier if negative; in a shorter month, its last day.

    One month before 2027-03-31 is 2027-02-28. Raises `OverflowError` outside the calendar.
    """
    count = day.year * MONTHS_OF_A_YEAR + day.month - 1 + months
    year, month = divmod(count, MONTHS_OF_A_YEAR)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"{months} months from {day} are outside the calendar")
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


class Agreed(Protocol):
    """The parts of a contract, or of its row, from which its notice day follows."""

    @property
    def kind(self) -> str:
        """What it is about."""

    @property
    def term(self) -> str:
        """Whether it has an end."""

    @property
    def ends_on(self) -> date | None:
        """Its last day."""

    @property
    def notice_count(self) -> int | None:
        """The number of the notice period."""

    @property
    def notice_unit(self) -> str:
        """What is counted."""


def notice_day(contract: Agreed, terms: Terms) -> date | None:
    """Return the last day on which notice can be given before the end; None if there is no end or no period.

    Of a property service contract without an agreed period, the period of the law counts (WY §46).
    """
    if contract.ends_on is None or contract.term == Term.OPEN:
        return None
    count, unit = contract.notice_count, contract.notice_unit
    if count is None and contract.kind == ContractKind.PROPERTY:
        count, unit = terms.notice_days, NoticeUnit.DAYS
    if count is None or not unit:
        return None
    try:
        if unit == NoticeUnit.MONTHS:
            return months_from(contract.ends_on, -count)
        return contract.ends_on - timedelta(days=count)
    except OverflowError:
        return None


def filing_day(signed_on: date, terms: Terms) -> date:
    """Return the last day on which a property service contract is filed in time (WY §44)."""
    return signed_on + timedelta(days=terms.filing_days)


def last_day_of_temporary(starts_on: date, terms: Terms) -> date:
    """Return the last day that a temporary property service may have (WY §52)."""
    return months_from(starts_on, terms.temporary_months) - ONE_DAY


# --- a form


def contract_faults(fields: ContractFields, terms: Terms, today: date) -> dict[str, str]:
    """Return the faults of a form by field, besides those that the book itself finds."""
    faults = _term_faults(fields) | _notice_faults(fields, terms)
    if fields.signed_on is not None and fields.signed_on > today:
        faults["signed_on"] = _("The day is in the future. Enter it once the contract is signed.")
    if fields.filed_on is not None and fields.filed_on > today:
        faults["filed_on"] = _("The day is in the future. Enter it once the contract is filed.")
    elif fields.filed_on is not None and fields.signed_on is not None and fields.filed_on < fields.signed_on:
        faults["filed_on"] = _("The contract was filed before it was signed. Correct one of the two.")
    return faults


def _term_faults(fields: ContractFields) -> dict[str, str]:
    if fields.term == Term.OPEN:
        if fields.kind == ContractKind.TEMPORARY:
            return {"term": _("A temporary service has an end. Choose “Until a day”, and enter it.")}
        if fields.ends_on is not None:
            return {
                "ends_on": _("An open-ended contract has no last day. Empty it, or choose “Until a day”.")
            }
    elif fields.ends_on is None:
        return {"ends_on": _("Enter the last day, or choose “Open-ended”.")}
    elif fields.starts_on is not None and fields.ends_on < fields.starts_on:
        return {"ends_on": _("The last day is before the first.")}
    return {}


def _notice_faults(fields: ContractFields, terms: Terms) -> dict[str, str]:
    if fields.notice_count is not None and not fields.notice_unit:
        return {"notice_unit": _("Choose days or months.")}
    if fields.notice_count is None and fields.notice_unit:
        return {"notice_count": _("Enter the number, or choose neither days nor months.")}
    day = notice_day(fields, terms)
    is_agreed = fields.notice_count is not None
    if is_agreed and day is not None and fields.starts_on is not None and day < fields.starts_on:
        return {"notice_count": _("The notice period is longer than the contract. Correct one of the two.")}
    return {}


def contract_doubts(fields: ContractFields, terms: Terms) -> dict[str, str]:
    """Return the warnings about a form by field: what the contract says, but the law says otherwise."""
    doubts = {}
    if fields.kind == ContractKind.PROPERTY and fields.notice_count is not None:
        least = terms.notice_days_open if fields.term == Term.OPEN else terms.notice_days
        if _longest_days(fields) < least:
            text = _("A leaving property company gives at least {n} days' notice ({clause}).")
            doubts["notice_count"] = text.format(n=least, clause=terms.notice_clause)
    if fields.kind == ContractKind.TEMPORARY and fields.starts_on is not None and fields.ends_on is not None:
        last = last_day_of_temporary(fields.starts_on, terms)
        if fields.ends_on > last:
            text = _("The months of a temporary service are at most {n}: here until {day} ({clause}).")
            doubts["ends_on"] = text.format(n=terms.temporary_months, day=last, clause=terms.temporary_clause)
    if fields.kind in PROPERTY_SERVICE and fields.signed_on is not None and fields.filed_on is not None:
        until = filing_day(fields.signed_on, terms)
        if fields.filed_on > until:
            text = _("Filed after {day}, the last day in time ({clause}).")
            doubts["filed_on"] = text.format(day=until, clause=terms.filing_clause)
    return doubts


def _longest_days(fields: ContractFields) -> int:
    """Return the days of an agreed notice period; months before no known end have 31 days."""
    count = fields.notice_count or 0
    if fields.notice_unit != NoticeUnit.MONTHS:
        return count
    if fields.ends_on is None:
        return count * 31
    try:
        return (fields.ends_on - months_from(fields.ends_on, -count)).days
    except OverflowError:
        return count * 31


# --- what is due


@dataclass(frozen=True)
class Running:
    """A contract as its dues are judged."""

    id: int
    estate_id: int
    organisation_id: int
    kind: str
    starts_on: date
    ends_on: date | None
    notice_on: date | None
    signed_on: date | None
    filed_on: date | None
    nothing_follows: bool


def is_followed(contract: Running, others: Iterable[Running]) -> bool:
    """Return whether a contract is to have no successor, or has one."""
    if contract.nothing_follows or contract.ends_on is None:
        return True
    return any(_follows(other, contract) for other in others)


def _follows(other: Running, contract: Running) -> bool:
    """Return whether a contract of the same estate and subject takes the place of one that ends.

    An estate has one property service at a time, so any later one does. Of other kinds it has several – a lift's and
    the fire pump's maintenance, two leases – and only the same organisation's next one does.
    """
    if contract.ends_on is None or other.estate_id != contract.estate_id:
        return False
    if _subject(other.kind) != _subject(contract.kind):
        return False
    if other.ends_on is not None and other.ends_on <= contract.ends_on:
        return False
    if contract.kind in PROPERTY_SERVICE:
        return other.starts_on > contract.starts_on
    return other.organisation_id == contract.organisation_id and other.starts_on >= contract.ends_on


def _subject(kind: str) -> str:
    return ContractKind.PROPERTY if kind in PROPERTY_SERVICE else kind


def end_due(contract: Running, terms: Terms, today: date) -> tuple[Topic, date] | None:
    """Return what is due about the end of a contract that nothing follows yet, with its day; None for nothing.

    First the notice day, near or passed; near its end, the end; afterwards, that nothing followed.
    """
    if contract.ends_on is None:
        return None
    ahead = today + timedelta(days=terms.days_ahead)
    if contract.ends_on < today:
        return ENDED, contract.ends_on
    if contract.ends_on <= ahead:
        return ENDING, contract.ends_on
    if contract.notice_on is not None and contract.notice_on <= ahead:
        return NOTICE, contract.notice_on
    return None


def filing_due(contract: Running, terms: Terms) -> date | None:
    """Return the day until which a signed property service contract must be filed, None if it is or need not be."""
    if contract.kind not in PROPERTY_SERVICE or contract.signed_on is None or contract.filed_on is not None:
        return None
    return filing_day(contract.signed_on, terms)


def detail_of(
    topic: Topic, day: date, today: date, kind: str, ends_on: date | None, organisation: str
) -> str:
    """Return what is to be done about a contract, and with whom."""
    days = numbered(abs((day - today).days), N_("{n} day"), N_("{n} days"))
    is_only = kind in PROPERTY_SERVICE
    texts = {
        ENDED: N_("Ended {days} ago, and none follows: {who}.")
        if is_only
        else N_("Ended {days} ago, and none with it follows: {who}."),
        ENDING: N_("Ends on {day}, and none follows: {who}.")
        if is_only
        else N_("Ends on {day}, and none with it follows: {who}."),
        NOTICE: N_("Notice can be given until {day}; it ends on {end}: {who}.")
        if day >= today
        else N_("The day for notice has passed, {day}; it ends on {end}: {who}."),
        UNFILED: N_("To be filed by {day}: {who}.")
        if day >= today
        else N_("Not filed in time, {day}: {who}."),
    }
    return _(texts[topic]).format(days=days, day=day, end=ends_on or "", who=organisation)
