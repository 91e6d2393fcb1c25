"""Work orders (派单): their kinds, their deadlines, and what their forms may say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from fuyuan_desk.core.calendar import Pause, Term, Unit
from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.rules.answers import ItemSeverity

_MINUTES_A_DAY = 24 * 60


class OrderSeverity(Code):
    """How severe it is, as the service standard tells repairs apart."""

    URGENT = "urgent", N_("Urgent repair")
    GENERAL = "general", N_("Ordinary repair")
    COMPLAINT = "complaint", N_("Complaint")


def severity_of(items: Iterable[str]) -> OrderSeverity:
    """Return how severe an order of failed items is, by the severities of these: one that is urgent makes it urgent."""
    return OrderSeverity.URGENT if ItemSeverity.URGENT in set(items) else OrderSeverity.GENERAL


class Source(Code):
    """Where an order came from."""

    FINDING = "finding", N_("Inspection")
    CALL = "call", N_("Resident's call")
    OFFICE = "office", N_("By the office")


class TermSource(Code):
    """What the deadline follows from."""

    TIER = "tier", N_("The estate's tier")
    REFERENCE = "reference", N_("Reference value, no tier yet")


class TermUnit(Code):
    """The units of a term, as `core.calendar.Unit` has them."""

    MINUTES = "minutes", N_("minutes")
    DAYS = "days", N_("days")
    WORKING_DAYS = "working-days", N_("working days")


class OrderStatus(Code):
    """The state of an order."""

    TO_DISPATCH = "to-dispatch", N_("To be dispatched")
    DISPATCHED = "dispatched", N_("Dispatched")
    ACCEPTED = "accepted", N_("Accepted")
    UNDER_WAY = "in-progress", N_("In progress")
    TO_VERIFY = "to-verify", N_("To be verified")
    PAUSED = "paused", N_("On hold")
    DONE = "verified", N_("Verified and closed")
    MERGED = "into-another", N_("Merged into another")
    CANCELLED = "cancelled", N_("Cancelled")


RUNNING = (OrderStatus.TO_DISPATCH, OrderStatus.DISPATCHED, OrderStatus.ACCEPTED, OrderStatus.UNDER_WAY)
"""The states in which the clock runs against whoever has to act."""
ENDS = (OrderStatus.DONE, OrderStatus.MERGED, OrderStatus.CANCELLED)
WITHOUT_WORK = (OrderStatus.MERGED, OrderStatus.CANCELLED)
"""The ends after which the order is not to be done any more."""
OPEN = tuple(status for status in OrderStatus if status not in ENDS)


class Step(NamedTuple):
    """An order went from one state to another at an instant; `before` None: it was made.

    `has` was responsible after it, by name, '' for nobody yet; with `person`, `severity` and `due_at` it is what the
    order was then. `done_at` is when the work was done that the step reports. `sent` is who was assigned by it. A step
    that keeps the state and assigns nobody changed the deadline.
    """

    at: datetime
    after: OrderStatus
    before: OrderStatus | None = None
    has: str = ""
    person: str = ""
    severity: str = ""
    due_at: datetime | None = None
    done_at: datetime | None = None
    sent: str = ""

    @property
    def is_change(self) -> bool:
        """Whether nothing but the deadline or its reason changed."""
        return self.before is self.after and not self.sent

    @property
    def is_report(self) -> bool:
        """Whether the work was reported as done."""
        return self.after is OrderStatus.TO_VERIFY and self.before is not self.after

    @property
    def is_rejection(self) -> bool:
        """Whether work that was reported as done was not done properly."""
        return self.before is OrderStatus.TO_VERIFY and self.after is OrderStatus.UNDER_WAY

    @property
    def reported(self) -> datetime:
        """When the work was done that a report tells of."""
        return self.done_at or self.at


def pauses_of(steps: Iterable[Step]) -> tuple[Pause, ...]:
    """Return when the clock of an order stood, by its steps in order.

    It stood while the order was on hold, and while work that was rejected later waited to be verified: the time that
    the committee took is not that of whoever did it.
    """
    pauses: list[Pause] = []
    done: datetime | None = None
    for step in steps:
        if step.is_change:
            continue
        if step.after is OrderStatus.PAUSED:
            pauses.append(Pause(step.at))
        elif step.before is OrderStatus.PAUSED and pauses:
            pauses[-1] = Pause(pauses[-1].begun, step.at)
        elif step.is_report:
            done = step.reported
        elif step.is_rejection and done is not None:
            pauses.append(Pause(done, step.at))
    return tuple(pauses)


def sets_clock(before: OrderStatus | None, after: OrderStatus) -> bool:
    """Return whether the deadline is another one after a step: the clock began, stood, or goes on."""
    is_on_hold = before is not after and OrderStatus.PAUSED in (before, after) and after not in ENDS
    is_rejected = before is OrderStatus.TO_VERIFY and after is OrderStatus.UNDER_WAY
    return is_on_hold or is_rejected or before in (None, OrderStatus.DONE)


def worked_since(steps: Iterable[Step]) -> datetime | None:
    """Return since when the work on an order can have been done: it was sent to somebody, or rejected; None: never."""
    since = None
    for step in steps:
        was_sent = step.after is OrderStatus.DISPATCHED and step.before is not OrderStatus.PAUSED
        if not step.is_change and (was_sent or step.is_rejection):
            since = step.at
    return since


def term_of_minutes(minutes: int, by: Term) -> Term:
    """Return a limit of the service standard as a term: whole days end at the hour of `by`, others run in minutes."""
    days, rest = divmod(minutes, _MINUTES_A_DAY)
    return Term(minutes, Unit.MINUTES, by.by) if rest or not days else Term(days, Unit.DAYS, by.by)


def term_for(limit: str, limits: Mapping[str, int], fallback: Term) -> tuple[Term, TermSource]:
    """Return the term of an order: the limit of the estate's tier, in minutes by name, else the reference value."""
    if limit in limits:
        return term_of_minutes(limits[limit], fallback), TermSource.TIER
    return fallback, TermSource.REFERENCE


def term_text(count: int, unit: str, by: str) -> str:
    """Return a term in words."""
    if unit == TermUnit.MINUTES:
        hours, rest = divmod(count, 60)
        if not rest:
            return numbered(hours, N_("within {n} hour"), N_("within {n} hours"))
        return numbered(count, N_("within {n} minute"), N_("within {n} minutes"))
    one, several = {
        TermUnit.DAYS: (N_("within {n} day, by {by}"), N_("within {n} days, by {by}")),
        TermUnit.WORKING_DAYS: (
            N_("within {n} working day, by {by}"),
            N_("within {n} working days, by {by}"),
        ),
    }[TermUnit(unit)]
    return numbered(count, one, several, by=by)


def is_overdue(status: OrderStatus, due_at: datetime | None, now: datetime) -> bool:
    """Return whether the deadline of an order has passed while something is still to be done."""
    return status in RUNNING and due_at is not None and due_at < now


BEFORE_ORDER = N_("This is before {moment}, when the order began. Check day and time.")
BEFORE_SENT = N_(
    "This is before {moment}, when the order was last dispatched, or its work rejected. Check day and time."
)


def time_fault(at: datetime, earliest: datetime, now: datetime, before: str = BEFORE_ORDER) -> str:
    """Return what is wrong with a moment that is typed: in the future, or before the order; '' for nothing."""
    if at > now:
        return _("This is in the future. Enter when it took place.")
    # what is typed has no seconds
    if at < earliest.replace(second=0, microsecond=0):
        return _(before).format(moment=f"{earliest.astimezone():%Y-%m-%d %H:%M}")
    return ""


def is_same_minute(typed: datetime, known: datetime) -> bool:
    """Return whether a moment that is typed, without seconds, is one that is known."""
    return typed.replace(second=0, microsecond=0) == known.replace(second=0, microsecond=0)


@dataclass(frozen=True)
class Mergeable:
    """What merging depends on: an order, its estate, state and deadline."""

    id: int
    estate_id: int
    status: OrderStatus
    due_at: datetime | None = None


def merge_fault(order: Mergeable, into: Mergeable) -> str:
    """Return why an order cannot be merged into another; '' for nothing.

    A merged order has ended and nothing is merged into one that has, so there is never a circle.
    """
    if order.id == into.id:
        return _("An order cannot be merged into itself. Choose another one.")
    if order.estate_id != into.estate_id:
        return _("Both orders must be of the same estate. Choose another one.")
    if into.status in ENDS:
        return _("That order is closed already. Choose an open one.")
    if into.status is OrderStatus.TO_VERIFY:
        return _("The work on that order is done already. Choose another one.")
    if into.status is OrderStatus.PAUSED:
        return _("That order is on hold, and its clock stands. Resume it first, or choose another one.")
    if order.due_at is not None and (into.due_at is None or order.due_at < into.due_at):
        text = _(
            "This order is due earlier, on {moment}. Merge that one into this one: no deadline is to be lost."
        )
        return text.format(moment=f"{order.due_at.astimezone():%Y-%m-%d %H:%M}")
    return ""
