"""Figures of work orders as of a moment: made, closed, open, overdue, how long they took, who was responsible; pure.

Everything counts on the day on which it happened, whenever it was entered. Work that was not done properly is not done.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from fuyuan_desk.core.calendar import Calendar, Pause, Term, due_at, running_time
from fuyuan_desk.inspections.rules.figures import Rate, Span
from fuyuan_desk.workorders.rules.orders import OrderSeverity, OrderStatus, Step, pauses_of

_MINUTE = timedelta(minutes=1)
_COUNTS = (
    "held", "made", "closed", "merged", "cancelled", "open", "overdue", "in_time", "late", "unknown",
)  # fmt: skip
SENT = (OrderStatus.DISPATCHED, OrderStatus.ACCEPTED, OrderStatus.UNDER_WAY)
"""The states in which an organisation has an order to do."""


@dataclass(frozen=True)
class Left:
    """An organisation had an order no more from a moment on: it returned it, or (`handed_over`) another one got it."""

    at: datetime
    organisation: str
    handed_over: bool


class PastOrder(NamedTuple):
    """An order as far as figures need it; `organisation` is who has it, or had it last, '' for nobody yet.

    `due_at` is its deadline if its clock never stood; else the deadline follows from `term` and `pauses`. `reopened_at`
    is when its clock began anew, None unless it was reopened.
    """

    id: int
    estate_id: int
    severity: str
    organisation: str
    status: OrderStatus
    begun_at: datetime
    term: Term
    due_at: datetime | None
    done_at: datetime | None = None
    closed_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    left: tuple[Left, ...] = ()
    reopened_at: datetime | None = None

    @property
    def started_at(self) -> datetime:
        """When its clock began to run."""
        return self.reopened_at or self.begun_at

    def is_open(self, at: datetime) -> bool:
        """Return whether it had begun and not ended by a moment."""
        return self.begun_at <= at and (self.closed_at is None or self.closed_at > at)

    def is_done(self, at: datetime) -> bool:
        """Return whether the work was done by a moment, and was not rejected since."""
        is_reported = self.status in (OrderStatus.TO_VERIFY, OrderStatus.DONE)
        return is_reported and self.done_at is not None and self.done_at <= at

    def deadline(self, at: datetime, calendar: Calendar) -> datetime | None:
        """Return the deadline as it stood at a moment, None while the clock stood or where it is unknown."""
        if not self.pauses:
            return self.due_at
        known = [
            Pause(one.begun, one.ended if one.ended is not None and one.ended <= at else None)
            for one in self.pauses
            if one.begun <= at
        ]
        return due_at(self.started_at, self.term, calendar, known)

    def is_overdue(self, at: datetime, calendar: Calendar) -> bool:
        """Return whether its deadline had passed at a moment, and it was neither done nor closed."""
        if not self.is_open(at) or self.is_done(at):
            return False
        due = self.deadline(at, calendar)
        return due is not None and due < at


@dataclass(frozen=True)
class OrderTally:
    """The orders of an estate, a severity or an organisation in a period.

    `held` are all that it had at some time of the period; `returned` and `handed_over` how many of these left it.
    `closed` are the verified ones: `in_time` and `late` by when the work was done, `unknown` have no deadline.
    `minutes` are how long each of them took until it was closed, without the times on hold, in order.
    """

    name: str
    held: int = 0
    made: int = 0
    closed: int = 0
    merged: int = 0
    cancelled: int = 0
    open: int = 0
    overdue: int = 0
    in_time: int = 0
    late: int = 0
    unknown: int = 0
    minutes: tuple[int, ...] = ()
    returned: int = 0
    handed_over: int = 0

    @property
    def rate(self) -> Rate:
        """How many of the closed ones with a known deadline were done in time."""
        return Rate(self.in_time, self.in_time + self.late)

    @property
    def overdue_rate(self) -> Rate:
        """How many of those that are open are overdue."""
        return Rate(self.overdue, self.open)

    @property
    def returned_rate(self) -> Rate:
        """How many of those that it had it returned."""
        return Rate(self.returned, self.held)

    @property
    def handed_over_rate(self) -> Rate:
        """How many of those that it had were handed over to another one."""
        return Rate(self.handed_over, self.held)


@dataclass(frozen=True)
class OrderFigures:
    """The figures of the orders of a period: all together, by estate, by severity, and by who was responsible."""

    whole: OrderTally
    estates: tuple[OrderTally, ...] = ()
    severities: tuple[OrderTally, ...] = ()
    organisations: tuple[OrderTally, ...] = ()


def ways(steps: Iterable[tuple[Step, str]]) -> tuple[tuple[Pause, ...], tuple[Left, ...]]:
    """Return when the clock of an order stood, and whom it left, by its steps with who was assigned, in order."""
    known = list(steps)
    left: list[Left] = []
    has = ""
    for step, assignee in known:
        is_sent = step.after is OrderStatus.DISPATCHED and bool(assignee)
        # from one person of an organisation to another one it does not leave it
        if step.before in SENT and (step.after is OrderStatus.TO_DISPATCH or (is_sent and assignee != has)):
            left.append(Left(step.at, has, is_sent))
        if is_sent:
            has = assignee
    return pauses_of(step for step, _assignee in known), tuple(left)


class _Seen(NamedTuple):
    """An order as of the end of a period: a year has tens of thousands, for which a dataclass is slow."""

    order: PastOrder
    is_made: bool
    ended_as: OrderStatus | None
    is_overdue: bool
    in_time: bool | None
    minutes: int


def _seen(order: PastOrder, span: Span, calendar: Calendar) -> _Seen:
    has_ended = span.holds(order.closed_at)
    is_closed = has_ended and order.status is OrderStatus.DONE
    return _Seen(
        order,
        span.holds(order.begun_at),
        order.status if has_ended else None,
        not has_ended and order.is_overdue(span.end, calendar),
        _was_in_time(order, calendar) if is_closed else None,
        minutes_to_close(order) if is_closed else 0,
    )


def _was_in_time(order: PastOrder, calendar: Calendar) -> bool | None:
    """Return whether the work on a closed order was done in time, None if it had no deadline that is known."""
    assert order.closed_at is not None
    due = order.deadline(order.closed_at, calendar)
    return None if due is None or order.done_at is None else order.done_at <= due


def minutes_to_close(order: PastOrder) -> int:
    """Return for how many minutes the clock of a closed order ran; a begun minute counts."""
    assert order.closed_at is not None
    took = order.closed_at - order.started_at
    if order.pauses:
        took = running_time(order.started_at, order.closed_at, order.pauses)
    return -(-took // _MINUTE)


def order_figures(
    orders: Iterable[PastOrder], span: Span, calendar: Calendar, names: Mapping[int, str]
) -> OrderFigures:
    """Return the figures of a period; `names` are those of the estates by key."""
    known = [_seen(one, span, calendar) for one in orders if _is_in(one, span)]
    parts = _parts(known)
    severities = _by(parts, lambda part: part.severity)
    return OrderFigures(
        _sum("", parts.values()),
        _most_overdue(_by(parts, lambda part: names.get(part.estate_id, ""))),
        tuple(
            replace(severities[severity], name=severity.label)
            for severity in OrderSeverity
            if severity in severities
        ),
        _most_overdue(_organisations(known, span, _by(parts, lambda part: part.organisation))),
    )


def _is_in(order: PastOrder, span: Span) -> bool:
    """Return whether an order was open at some time of a period."""
    return order.begun_at <= span.end and (order.closed_at is None or order.closed_at >= span.begin)


class _Part(NamedTuple):
    """What the orders of a part have in common."""

    estate_id: int
    severity: str
    organisation: str


def _parts(seen: Iterable[_Seen]) -> dict[_Part, OrderTally]:
    """Count the orders once, in the smallest parts of which all others are made up."""
    groups: defaultdict[_Part, list[_Seen]] = defaultdict(list)
    for one in seen:
        order = one.order
        groups[_Part(order.estate_id, order.severity, order.organisation)].append(one)
    return {part: _tally(found) for part, found in groups.items()}


def _by(parts: Mapping[_Part, OrderTally], name_of: Callable[[_Part], str]) -> dict[str, OrderTally]:
    groups: defaultdict[str, list[OrderTally]] = defaultdict(list)
    for part, tally in parts.items():
        groups[name_of(part)].append(tally)
    return {name: _sum(name, found) for name, found in groups.items()}


def _sum(name: str, tallies: Iterable[OrderTally]) -> OrderTally:
    known = list(tallies)
    return OrderTally(
        name,
        **{count: sum(getattr(one, count) for one in known) for count in _COUNTS},
        minutes=tuple(sorted(minute for one in known for minute in one.minutes)),
    )


def _tally(seen: Sequence[_Seen]) -> OrderTally:
    made = overdue = 0
    ended: Counter[OrderStatus | None] = Counter()
    in_time: Counter[bool | None] = Counter()
    minutes = []
    for one in seen:
        made += one.is_made
        overdue += one.is_overdue
        ended[one.ended_as] += 1
        if one.ended_as is OrderStatus.DONE:
            in_time[one.in_time] += 1
            minutes.append(one.minutes)
    return OrderTally(
        "",
        len(seen),
        made,
        ended[OrderStatus.DONE],
        ended[OrderStatus.MERGED],
        ended[OrderStatus.CANCELLED],
        ended[None],
        overdue,
        in_time[True],
        in_time[False],
        in_time[None],
        tuple(sorted(minutes)),
    )


def _organisations(
    seen: Sequence[_Seen], span: Span, tallies: Mapping[str, OrderTally]
) -> dict[str, OrderTally]:
    """Compare the organisations: an order that left one counts among those that it had, whoever has it now."""
    held: defaultdict[str, set[int]] = defaultdict(set)
    gone: defaultdict[tuple[str, bool], set[int]] = defaultdict(set)
    for one in seen:
        held[one.order.organisation].add(one.order.id)
        for left in one.order.left:
            if span.holds(left.at):
                held[left.organisation].add(one.order.id)
                gone[left.organisation, left.handed_over].add(one.order.id)
    return {
        name: replace(
            tallies.get(name, OrderTally(name)),
            held=len(ids),
            returned=len(gone[name, False]),
            handed_over=len(gone[name, True]),
        )
        for name, ids in held.items()
    }


def _most_overdue(tallies: Mapping[str, OrderTally]) -> tuple[OrderTally, ...]:
    return tuple(sorted(tallies.values(), key=lambda one: (-one.overdue, -one.open, one.name)))
