"""Figures of work orders as of a moment: made, closed, open, overdue, how long they took, who was responsible; pure.

Everything counts on the day on which it happened, whenever it was entered. Work that was not done properly is not done.
Of what happens to an order after the moment nothing changes what is told of it: who had it and when it was due are
taken from its steps.

Organisations are compared by their own time: the clock of each begins when it gets an order and ends when it has done
it or it leaves. An order is overdue with whoever had it when its deadline passed, the office before it is dispatched.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from fuyuan_desk.core.calendar import Pause, running_time
from fuyuan_desk.inspections.rules.figures import Rate, Span
from fuyuan_desk.workorders.rules.orders import ENDS, OrderSeverity, OrderStatus, Step, pauses_of

_MINUTE = timedelta(minutes=1)
_COUNTS = (
    "held", "made", "reopened", "closed", "merged", "cancelled", "open", "overdue", "in_time", "late", "unknown",
)  # fmt: skip
SENT = (OrderStatus.DISPATCHED, OrderStatus.ACCEPTED, OrderStatus.UNDER_WAY)
"""The states in which an organisation has an order to do."""


@dataclass(frozen=True)
class Left:
    """An organisation had an order no more from a moment on: it returned it, or (`handed_over`) another one got it.

    It had had it since `got_at`; `due_at` was the deadline when it left. Of the office, '', only what became overdue
    there is told: all else that it sends on is no act of one that is compared.
    """

    at: datetime
    organisation: str
    handed_over: bool
    got_at: datetime
    due_at: datetime | None = None

    @property
    def was_overdue(self) -> bool:
        """Whether the deadline passed while it had the order."""
        return self.due_at is not None and self.got_at <= self.due_at < self.at


class PastOrder(NamedTuple):
    """A life of an order as of a moment: it was made, or (`is_again`) opened again, and is open or ended.

    `organisation` is who had it then, or had it last, '' for nobody yet; severity, person, state and deadline are those
    of then, too. `due_at` is None while the clock stood and where it is unknown. `done_at` is when the work was done,
    None if it was not, or was rejected. The clock began at `runs_from`, before this life if it ran on, and stood in the
    `pauses`; `organisation` has had it since `got_at`.
    """

    id: int
    estate_id: int
    severity: str
    organisation: str
    person: str
    status: OrderStatus
    begun_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    closed_at: datetime | None
    pauses: tuple[Pause, ...]
    left: tuple[Left, ...]
    is_again: bool
    runs_from: datetime
    got_at: datetime

    @property
    def is_returned(self) -> bool:
        """Whether it is to be dispatched again because whoever had it returned it."""
        was_returned = bool(self.left) and not self.left[-1].handed_over
        return self.status is OrderStatus.TO_DISPATCH and was_returned

    def is_overdue(self, at: datetime) -> bool:
        """Return whether its deadline had passed at the moment as of which it is told, and it was not done or ended."""
        return (
            self.closed_at is None and self.done_at is None and self.due_at is not None and self.due_at < at
        )


def lives(
    order_id: int, estate_id: int, begun_at: datetime, steps: Sequence[Step], until: datetime
) -> list[PastOrder]:
    """Return the lives of an order that had begun by a moment, as of then, by all its steps in order.

    What was done counts from when it was done, whatever day it was entered; all else from its step on. An order that
    was entered after the moment is as it was at first.
    """
    found = []
    clock: list[Step] = []
    runs_from = begun_at
    for number, life in enumerate(_split(steps)):
        begun = life[0].at if number else begun_at
        if begun > until:
            break
        if life[0].before is OrderStatus.DONE:
            clock, runs_from = [], begun  # it starts anew; of an order that was merged it ran on
        seen = [step for step in life if step.at <= until] or life[:1]
        clock += seen
        now = seen[-1]
        is_ended = now.after in ENDS
        left, got_at = _holders(begun, seen)
        found.append(
            PastOrder(
                order_id, estate_id, now.severity, now.has, now.person, now.after, begun, now.due_at,
                _done(life, until), now.at if is_ended else None, pauses_of(clock), left, number > 0,
                runs_from, got_at,
            )
        )  # fmt: skip
    return found


def _split(steps: Iterable[Step]) -> list[list[Step]]:
    found: list[list[Step]] = []
    for step in steps:
        if not found or step.before in ENDS:
            found.append([])
        found[-1].append(step)
    return found


def _done(life: Iterable[Step], until: datetime) -> datetime | None:
    done = None
    for step in life:
        if step.is_report and step.reported <= until:
            done = step.reported
        elif step.is_rejection and step.at <= until:
            done = None
    return done


def _holders(begun: datetime, steps: Sequence[Step]) -> tuple[tuple[Left, ...], datetime]:
    """Return whom an order left, and since when the last one has it.

    From one person of an organisation to another one it does not leave it.
    """
    left, got_at = [], begun
    for before, step in pairwise(steps):
        if step.has != before.has:
            left.append(Left(step.at, before.has, bool(step.has), got_at, before.due_at))
            got_at = step.at
    return tuple(one for one in left if one.organisation or one.was_overdue), got_at


@dataclass(frozen=True)
class OrderTally:
    """The orders of an estate, a severity or an organisation in a period; one that is reopened lives once more.

    `held` are all that it had at some time of the period; `returned` and `handed_over` how many of these left it.
    `closed` are the verified ones: `in_time` and `late` by when the work was done, `unknown` have no deadline.
    `minutes` are how long each of them took, without the times on hold and the waiting to be verified, in order.

    Of an organisation all this is by its own time: `late` are also those that left it overdue, `unknown` those that
    were overdue when it got them, too, and `minutes` how long it had each that it did or that left it.
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
    reopened: int = 0

    @property
    def rate(self) -> Rate:
        """How many of those with a known deadline that were closed, or left it overdue, were done in time."""
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
    """The figures of the orders of a period: all together, by estate, by severity, and by who was responsible.

    A severity is named by its code.
    """

    whole: OrderTally
    estates: tuple[OrderTally, ...] = ()
    severities: tuple[OrderTally, ...] = ()
    organisations: tuple[OrderTally, ...] = ()


def _was_in_time(order: PastOrder) -> bool | None:
    """Return whether the work on a closed order was done in time, None if it had no deadline that is known."""
    return None if order.due_at is None or order.done_at is None else order.done_at <= order.due_at


def minutes_to_close(order: PastOrder) -> int:
    """Return for how many minutes the clock of a closed order ran; a begun minute counts.

    It stands from when the work was done until that is verified.
    """
    assert order.closed_at is not None
    return _minutes(order, order.runs_from, order.done_at or order.closed_at)


def _minutes(order: PastOrder, begun: datetime, end: datetime) -> int:
    took = running_time(begun, end, order.pauses) if order.pauses else end - begun
    return max(-(-took // _MINUTE), 0)


def order_figures(orders: Iterable[PastOrder], span: Span, names: Mapping[int, str]) -> OrderFigures:
    """Return the figures of a period by the lives of its orders as of its end; `names` are those of the estates."""
    known = [one for one in orders if _is_in(one, span)]
    parts = _parts(known, span)
    severities = _by(parts, lambda part: part.severity)
    return OrderFigures(
        _sum("", parts.values()),
        _most_overdue(_by(parts, lambda part: names.get(part.estate_id, ""))),
        tuple(severities[severity] for severity in OrderSeverity if severity in severities),
        _most_overdue(_organisations(known, span)),
    )


def _is_in(order: PastOrder, span: Span) -> bool:
    """Return whether an order was open at some time of a period."""
    return order.begun_at <= span.end and (order.closed_at is None or order.closed_at >= span.begin)


class _Part(NamedTuple):
    """What the orders of a part have in common."""

    estate_id: int
    severity: str


def _parts(orders: Iterable[PastOrder], span: Span) -> dict[_Part, OrderTally]:
    """Count the orders once, in the smallest parts of which estates and severities are made up."""
    groups: defaultdict[tuple[int, str], list[PastOrder]] = defaultdict(list)
    for one in orders:
        groups[one.estate_id, one.severity].append(one)
    return {_Part(*part): _tally(found, span) for part, found in groups.items()}


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


def _tally(orders: Sequence[PastOrder], span: Span) -> OrderTally:
    begun = [one for one in orders if one.begun_at >= span.begin]
    again = sum(one.is_again for one in begun)
    still_open = [one for one in orders if one.closed_at is None]
    closed = [one for one in orders if one.closed_at is not None and one.status is OrderStatus.DONE]
    merged = sum(one.status is OrderStatus.MERGED for one in orders)
    in_time = Counter(map(_was_in_time, closed))
    return OrderTally(
        "",
        len(orders),
        len(begun) - again,
        len(closed),
        merged,
        len(orders) - len(still_open) - len(closed) - merged,
        len(still_open),
        sum(one.is_overdue(span.end) for one in still_open),
        in_time[True],
        in_time[False],
        in_time[None],
        tuple(sorted(map(minutes_to_close, closed))),
        reopened=again,
    )


def _organisations(orders: Iterable[PastOrder], span: Span) -> dict[str, OrderTally]:
    """Compare the organisations: an order that left one counts among those that it had, whoever has it now."""
    found: defaultdict[str, _Own] = defaultdict(_Own)
    for one in orders:
        found[one.organisation].add(one, span.end)
        for left in one.left:
            if span.holds(left.at):
                found[left.organisation].add_left(one, left)
    return {name: own.tally(name) for name, own in found.items()}


class _Own:
    """What an organisation, or the office, had, counted by its own time."""

    def __init__(self) -> None:
        self.held: set[int] = set()
        self.left: dict[bool, set[int]] = {True: set(), False: set()}
        self.minutes: list[int] = []
        self.closed = self.open = self.overdue = 0
        self.in_time: Counter[bool | None] = Counter()

    def add(self, order: PastOrder, until: datetime) -> None:
        """Count an order that it has, or had when it ended."""
        self.held.add(order.id)
        # one that was overdue when it got it is no delay of its own
        is_own = order.due_at is not None and order.due_at >= order.got_at
        if order.closed_at is None:
            self.open += 1
            self.overdue += is_own and order.is_overdue(until)
        elif order.status is OrderStatus.DONE:
            self.closed += 1
            self.in_time[_was_in_time(order) if is_own else None] += 1
            self.minutes.append(_minutes(order, order.got_at, order.done_at or order.closed_at))

    def add_left(self, order: PastOrder, left: Left) -> None:
        """Count an order that left it."""
        self.held.add(order.id)
        if left.organisation:  # what the office sends on is neither returned nor handed over
            self.left[left.handed_over].add(order.id)
        self.in_time[False] += left.was_overdue
        self.minutes.append(_minutes(order, left.got_at, left.at))

    def tally(self, name: str) -> OrderTally:
        """Return the figures."""
        return OrderTally(
            name,
            held=len(self.held),
            closed=self.closed,
            open=self.open,
            overdue=self.overdue,
            in_time=self.in_time[True],
            late=self.in_time[False],
            unknown=self.in_time[None],
            minutes=tuple(sorted(self.minutes)),
            returned=len(self.left[False]),
            handed_over=len(self.left[True]),
        )


def _most_overdue(tallies: Mapping[str, OrderTally]) -> tuple[OrderTally, ...]:
    return tuple(sorted(tallies.values(), key=lambda one: (-one.overdue, -one.open, one.name)))
