"""Organisations are compared by their own time: from when each got an order until it had done it or it left."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.second_person import Second
from fuyuan_desk.core.calendar import Calendar, Term, Unit, due_at
from fuyuan_desk.inspections.rules.figures import Rate, Span
from fuyuan_desk.workorders.facts import Assignment, WorkDone
from fuyuan_desk.workorders.rules.figures import OrderTally, lives, order_figures
from fuyuan_desk.workorders.rules.orders import OrderStatus, Step
from fuyuan_desk.workorders.service import acts, figures, making
from tests.conftest import PASSWORD
from tests.workorders.conftest import Office, new_order

FIRST = "福元物业"
SECOND = "沪上维修"


def told(office: Office) -> dict[str, OrderTally]:
    """Return the figures of March by organisation, told much later."""
    span = Span(date(2026, 3, 1), date(2026, 3, 31), office.after(days=90).now())
    with office.seat.store.use() as session:
        return {one.name: one for one in figures.order_figures(session, span, {}).organisations}


def mended(office: Office, order: int, days: float, hours: float) -> None:
    """Do and verify an order so long after it was reported."""
    now = office.after(days=days, hours=hours)
    acts.accept(now, order)
    acts.begin(now, order)
    acts.finish(now, order, None, WorkDone(now.now(), "沈工"))
    acts.verify(now, order, None, "陈静怡")


def test_who_mends_at_once_what_another_left_overdue_is_not_late(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id  # due on Monday, five days later
    acts.dispatch(office.seat, order, None, Assignment(office.company))
    acts.hand_over(office.after(days=12), order, None, Assignment(office.other, note="不来"))
    mended(office, order, 12, 1)
    found = told(office)
    first, second = found[FIRST], found[SECOND]
    assert (first.rate, first.closed, first.minutes) == (Rate(0, 1), 0, (12 * 24 * 60,))
    assert (second.rate, second.closed, second.unknown, second.minutes) == (Rate(0, 0), 1, 1, (60,))


def test_who_is_sent_an_order_that_lay_with_the_office_is_not_late(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id
    acts.dispatch(office.after(days=9), order, None, Assignment(office.company))
    mended(office, order, 9, 2)
    found = told(office)
    assert (found[FIRST].rate, found[FIRST].minutes) == (Rate(0, 0), (120,))
    assert (found[""].rate, found[""].held, found[""].open) == (Rate(0, 1), 1, 0)
    assert (found[""].handed_over, found[""].returned) == (0, 0)


def test_what_the_office_sends_in_time_is_none_of_its(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id
    acts.dispatch(office.after(days=1), order, None, Assignment(office.company))
    mended(office, order, 1, 3)
    found = told(office)
    assert set(found) == {FIRST}
    assert (found[FIRST].rate, found[FIRST].minutes) == (Rate(1, 1), (180,))


def test_an_open_order_is_overdue_with_whoever_had_it_then(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id
    acts.dispatch(office.seat, order, None, Assignment(office.company))
    acts.hand_over(office.after(days=12), order, None, Assignment(office.other, note="不来"))
    found = told(office)
    assert (found[FIRST].overdue_rate, found[FIRST].late) == (Rate(0, 0), 1)
    assert found[SECOND].overdue_rate == Rate(0, 1)


def test_the_clock_of_an_organisation_stands_while_the_order_is_on_hold(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id
    acts.dispatch(office.after(hours=1), order, None, Assignment(office.company))
    acts.pause(office.after(hours=2), order, None, "等配件")
    acts.resume(office.after(hours=50), order)
    acts.hand_over(office.after(hours=51), order, None, Assignment(office.other, note="不来"))
    mended(office, order, 0, 54)
    found = told(office)
    assert (found[FIRST].minutes, found[SECOND].minutes) == ((120,), (180,))
    assert (found[FIRST].rate, found[SECOND].rate) == (Rate(0, 0), Rate(1, 1))


def test_it_is_told_alike_from_the_row_and_from_the_steps_of_an_order(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id
    acts.dispatch(office.after(days=9), order, None, Assignment(office.company))
    mended(office, order, 9, 2)
    from_row = told(office)
    again = replace(office.after(days=25), second=Second("reviewer", PASSWORD))
    acts.reopen(again, order, None, "又坏了")
    assert told(office) == from_row


# ---- recounted hour by hour

BEGIN = date(2026, 2, 1)
END = 24 * 28
SPAN = Span(BEGIN, date(2026, 2, 28), datetime(2026, 3, 20, 9).astimezone())
_NEXT = {"": ("send", "send", "cancel"), "held": ("hand", "hand", "return", "done", "done")}


@dataclass(frozen=True)
class Past:
    """An order as hours from the beginning of the month: what happened and to whom it was sent."""

    begun: int
    term: int
    acts: tuple[tuple[int, str, str], ...]


@st.composite
def _pasts(draw: st.DrawFn) -> Past:
    begun = hour = draw(st.integers(-200, 600))
    has, happened = "", []
    for _act in range(draw(st.integers(0, 7))):
        hour += draw(st.integers(1, 90))
        act = draw(st.sampled_from(_NEXT["held" if has else ""]))
        other = draw(st.sampled_from([name for name in ("甲", "乙", "丙") if name != has]))
        to = other if act in ("send", "hand") else has
        happened.append((hour, act, to))
        if act == "cancel":
            break
        if act == "done":  # it is verified at once, and may be reopened
            hour += draw(st.integers(1, 90))
            happened.append((hour, "reopen", has))
        has = "" if act == "return" else to
    return Past(begun, draw(st.integers(1, 120)), tuple(happened))


def _at(hour: int) -> datetime:
    return datetime.combine(BEGIN, datetime.min.time()).astimezone() + timedelta(hours=hour)


def _steps(past: Past) -> list[Step]:
    term = Term(past.term * 60, Unit.MINUTES)
    steps = [Step(_at(past.begun), OrderStatus.TO_DISPATCH)]
    due = due_at(_at(past.begun), term, Calendar())
    steps[0] = steps[0]._replace(due_at=due)
    for hour, act, to in past.acts:
        at, before = _at(hour), steps[-1].after
        if act == "done":
            under_way, to_verify = OrderStatus.UNDER_WAY, OrderStatus.TO_VERIFY
            steps.append(Step(at, under_way, before, to, due_at=due))
            steps.append(Step(at, to_verify, under_way, to, due_at=due, done_at=at))
            steps.append(Step(at, OrderStatus.DONE, to_verify, to, due_at=due))
            continue
        if act == "reopen":
            due = due_at(at, term, Calendar())
        after = {
            "cancel": OrderStatus.CANCELLED, "return": OrderStatus.TO_DISPATCH,
        }.get(act, OrderStatus.DISPATCHED)  # fmt: skip
        has = "" if act == "return" else to
        steps.append(Step(at, after, before, has, due_at=due, sent=has if act in ("send", "hand") else ""))
    return steps


@dataclass
class Count:
    """What an organisation is told to have."""

    counts: Counter[str] = field(default_factory=Counter)
    minutes: list[int] = field(default_factory=list)
    orders: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def _walk(number: int, past: Past, found: defaultdict[str, Count]) -> None:
    """Walk through the hours of an order until the month ends; the deadline belongs to one time of having it."""
    happened = {hour: (act, to) for hour, act, to in past.acts}
    has, is_open, clock, had, time, time_of_deadline = "", True, 0, 0, 0, None
    for hour in range(past.begun, END):
        act, to = happened.get(hour, ("", ""))
        one, is_in = found[has], hour >= 0
        became_overdue = time_of_deadline == time and clock > past.term
        if act in ("send", "hand", "return"):
            if is_in and (has or became_overdue):
                one.counts["late"] += became_overdue
                one.minutes.append(had * 60)
                one.orders["held"].add(number)
                one.orders[act].add(number)
            has, had, time = "" if act == "return" else to, 0, time + 1
        elif act == "done":
            is_open = False
            if is_in:
                is_others = time_of_deadline is not None and time_of_deadline != time
                one.counts["unknown" if is_others else "late" if clock > past.term else "in time"] += 1
                one.counts["closed"] += 1
                one.minutes.append(had * 60)
                one.orders["held"].add(number)
        elif act == "cancel":
            is_open = False
            if is_in:
                one.orders["held"].add(number)
        elif act == "reopen":
            is_open, clock, had, time, time_of_deadline = True, 0, 0, time + 1, None
        if is_open:
            if clock == past.term:
                time_of_deadline = time
            clock, had = clock + 1, had + 1
    if is_open and past.begun < END:
        one = found[has]
        one.orders["held"].add(number)
        one.counts["open"] += 1
        one.counts["overdue"] += time_of_deadline == time and clock > past.term


@given(st.lists(_pasts(), max_size=10))
def test_organisations_are_those_of_a_recount_hour_by_hour(pasts: Sequence[Past]) -> None:
    expected: defaultdict[str, Count] = defaultdict(Count)
    orders: list[Any] = []
    for number, past in enumerate(pasts):
        _walk(number, past, expected)
        orders += lives(number, 1, _at(past.begun), _steps(past), SPAN.end)
    shown = {one.name: one for one in order_figures(orders, SPAN, {}).organisations}
    assert set(shown) == {name for name, one in expected.items() if one.orders["held"]}
    for name, one in shown.items():
        count = expected[name]
        assert (one.closed, one.in_time, one.late, one.unknown, one.open, one.overdue) == tuple(
            count.counts[what] for what in ("closed", "in time", "late", "unknown", "open", "overdue")
        )
        assert list(one.minutes) == sorted(count.minutes)
        assert (one.held, one.returned) == (len(count.orders["held"]), len(count.orders["return"]))
        assert one.handed_over == len(count.orders["hand"])
