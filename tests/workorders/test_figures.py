"""Figures of orders: those of a recount hour by hour, and read from the store as of any moment."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.access.second_person import Second
from fuyuan_desk.core.calendar import Calendar, Term, Unit, due_at
from fuyuan_desk.inspections.rules.figures import Rate, Span
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service.organisations import read_organisation, save_organisation
from fuyuan_desk.workorders.facts import Assignment, OpenOrder, WorkDone
from fuyuan_desk.workorders.rules.figures import Left, OrderFigures, lives, order_figures
from fuyuan_desk.workorders.rules.orders import OrderStatus, Step, pauses_of
from fuyuan_desk.workorders.service import acts, making
from fuyuan_desk.workorders.service import figures as service
from tests.conftest import PASSWORD
from tests.workorders.conftest import NOW, Office, new_order

FIRST, LAST = date(2026, 2, 1), date(2026, 2, 28)
HOUR = timedelta(hours=1)
END = 24 * 28
SPAN = Span(FIRST, LAST, datetime(2026, 3, 20, 9).astimezone())
NAMES = {1: "南昌路168弄"}
_WORK = (OrderStatus.PAUSED, OrderStatus.TO_VERIFY, OrderStatus.CANCELLED, OrderStatus.MERGED)
_NEXT = {
    OrderStatus.TO_DISPATCH: _WORK,
    OrderStatus.DISPATCHED: _WORK,
    OrderStatus.UNDER_WAY: _WORK,
    OrderStatus.PAUSED: (OrderStatus.UNDER_WAY,),
    OrderStatus.TO_VERIFY: (OrderStatus.DONE, OrderStatus.UNDER_WAY),
    OrderStatus.DONE: (OrderStatus.DISPATCHED,),
    OrderStatus.MERGED: (OrderStatus.TO_DISPATCH,),
}
_RUNS = (OrderStatus.TO_DISPATCH, OrderStatus.DISPATCHED, OrderStatus.UNDER_WAY)


@dataclass(frozen=True)
class Told:
    """An order as hours, counted from the first of the month: its states by the hour at which each began."""

    term: int
    states: tuple[tuple[int, OrderStatus], ...]


@st.composite
def _told(draw: st.DrawFn) -> Told:
    hour, state = draw(st.integers(-300, 720)), OrderStatus.TO_DISPATCH
    states = [(hour, state)]
    for _step in range(draw(st.integers(0, 9))):
        if state not in _NEXT:
            break
        hour, state = hour + draw(st.integers(1, 150)), draw(st.sampled_from(_NEXT[state]))
        states.append((hour, state))
    return Told(draw(st.integers(1, 120)), tuple(states))


def _at(hour: int) -> datetime:
    return datetime.combine(FIRST, datetime.min.time()).astimezone() + hour * HOUR


def _steps(told: Told) -> list[Step]:
    """Return the steps of an order with the deadline that the office's clock gives at each."""
    steps: list[Step] = []
    begun, before = _at(told.states[0][0]), None
    for hour, state in told.states:
        begun = _at(hour) if before is OrderStatus.DONE else begun
        step = Step(_at(hour), state, before, "福元物业", "何斌", "general")
        due = due_at(begun, Term(told.term * 60, Unit.MINUTES), Calendar(), pauses_of([*steps, step]))
        steps.append(step._replace(due_at=due))
        before = state
    return steps


def _lives(number: int, steps: Sequence[Step]) -> list[Any]:
    return lives(number, 1, steps[0].at, steps, SPAN.end)


def _recount(told: Told) -> Counter[str]:
    """Walk through the hours of an order until the month ends, with a clock that stands while nobody is to act."""
    clock, in_time, minutes, seen = 0, False, [], Counter[str]()
    states, state = dict(told.states), None
    for hour in range(told.states[0][0], END):
        is_in = hour >= 0
        if hour in states:
            before, state = state, states[hour]
            seen["made"] += is_in and before is None
            seen["reopened"] += is_in and before in (OrderStatus.DONE, OrderStatus.MERGED)
            if before is OrderStatus.DONE:
                clock = 0
            if state is OrderStatus.TO_VERIFY:
                in_time = clock <= told.term
            if state is OrderStatus.DONE and is_in:
                minutes.append(clock * 60)
                seen["in time" if in_time else "late"] += 1
            seen["ended"] += is_in and state in (OrderStatus.DONE, OrderStatus.MERGED, OrderStatus.CANCELLED)
        clock += state in (*_RUNS, OrderStatus.MERGED)  # its matter waits on
        if hour == -1:
            seen["before"] = state in (*_RUNS, OrderStatus.PAUSED, OrderStatus.TO_VERIFY)
    seen["open"] = state in (*_RUNS, OrderStatus.PAUSED, OrderStatus.TO_VERIFY)
    seen["overdue"] = state in _RUNS and clock > told.term
    seen.update(f"minutes {one}" for one in minutes)
    return seen


@given(st.lists(_told(), max_size=12))
def test_orders_are_those_of_a_recount_hour_by_hour(found: list[Told]) -> None:
    orders = [life for number, told in enumerate(found) for life in _lives(number, _steps(told))]
    whole = order_figures(orders, SPAN, NAMES).whole
    counts = sum((_recount(told) for told in found), Counter[str]())
    made = {
        "made": whole.made,
        "reopened": whole.reopened,
        "open": whole.open,
        "overdue": whole.overdue,
        "in time": whole.in_time,
        "late": whole.late,
        "ended": whole.closed + whole.merged + whole.cancelled,
    }
    assert made == {name: counts[name] for name in made}
    assert Counter(f"minutes {one}" for one in whole.minutes) == Counter(
        {name: count for name, count in counts.items() if name.startswith("minutes")}
    )
    # what was open at the beginning and came in or came back went out, or is open
    assert counts["before"] + whole.made + whole.reopened == counts["ended"] + whole.open


@given(_told(), st.data())
def test_nothing_that_happens_later_changes_what_is_told_of_a_month(told: Told, data: st.DataObject) -> None:
    steps = _steps(told)
    later = [
        step._replace(has="沪上维修", person="沈工", severity="urgent") if step.at > SPAN.end else step
        for step in steps
    ]
    then = [step for step in steps if step.at <= SPAN.end] or steps[:1]
    change = Step(
        max(steps[-1].at, _at(END)), steps[-1].after, steps[-1].after, "别人", "", "urgent", _at(9_999)
    )
    more = data.draw(st.sampled_from([[], [change]]))
    if steps[0].at <= SPAN.end:
        assert _lives(1, [*later, *more]) == _lives(1, then)


def test_who_had_an_order_follows_from_its_steps() -> None:
    sent, taken, back = OrderStatus.DISPATCHED, OrderStatus.ACCEPTED, OrderStatus.TO_DISPATCH
    steps = [
        Step(_at(0), back),
        Step(_at(1), sent, back, "福元物业", sent="福元物业"),
        Step(_at(2), taken, sent, "福元物业"),
        Step(_at(2), sent, taken, "福元物业", sent="福元物业"),  # to another person there
        Step(_at(3), sent, sent, "沪上维修", sent="沪上维修"),
        Step(_at(4), OrderStatus.PAUSED, sent, "沪上维修"),
        Step(_at(5), sent, OrderStatus.PAUSED, "沪上维修"),
        Step(_at(6), back, sent),
    ]
    [life] = _lives(1, steps)
    assert life.left == (Left(_at(3), "福元物业", True, _at(1)), Left(_at(6), "沪上维修", False, _at(3)))
    found = order_figures([life], SPAN, NAMES).organisations
    assert [(one.name, one.held, one.returned, one.handed_over_rate) for one in found] == [
        ("", 1, 0, Rate(0, 1)),
        ("沪上维修", 1, 1, Rate(0, 1)),
        ("福元物业", 1, 0, Rate(1, 1)),
    ]


def test_work_counts_from_when_it_was_done_whatever_day_it_was_entered() -> None:
    made = Step(_at(0), OrderStatus.TO_DISPATCH, due_at=_at(30))
    done = Step(_at(END + 9), OrderStatus.TO_VERIFY, OrderStatus.UNDER_WAY, done_at=_at(20))
    [life] = _lives(1, [made, done])
    assert (life.done_at, life.is_overdue(SPAN.end)) == (_at(20), False)


def test_what_is_read_from_the_store_is_as_of_the_end_of_the_month(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office))
    to = Assignment(office.company, "何斌")
    acts.dispatch(office.after(hours=1), order.id, None, to)
    acts.hand_over(office.after(hours=2), order.id, None, Assignment(office.other, "沈工", note="更专业"))
    acts.accept(office.after(hours=3), order.id)
    acts.begin(office.after(hours=3), order.id)
    acts.pause(office.after(hours=4), order.id, None, "等配件")
    acts.resume(office.after(hours=28), order.id)
    late = office.after(days=25)
    acts.finish(late, order.id, None, WorkDone(late.now(), "沈工"))
    acts.verify(office.after(days=26), order.id, None, "陈静怡")
    waiting = making.make_order(office.seat, new_order(office, severity="urgent"))
    march, april = (
        Span(date(2026, 3, 1), date(2026, 3, 31), office.after(days=60).now()),
        office.after(days=60),
    )
    names = {office.lane: "南昌路168弄"}
    with office.seat.store.sessions() as session:
        then = service.order_figures(session, march, names)
        after = service.order_figures(
            session, Span(date(2026, 4, 1), date(2026, 4, 30), april.now()), names, office.lane
        )
        listed = service.open_orders(session, march)
        first = service.first_order(session)
    assert first == NOW.date()
    # at the end of March both were open and overdue
    assert (then.whole.made, then.whole.closed, then.whole.open, then.whole.overdue) == (2, 0, 2, 2)
    assert [(one.name, one.held, one.handed_over, one.open) for one in then.organisations] == [
        ("", 1, 0, 1),
        ("沪上维修", 1, 0, 1),
        ("福元物业", 1, 1, 0),
    ]
    assert [(one.id, one.is_overdue, one.organisation) for one in listed] == [
        (waiting.id, True, ""),
        (order.id, True, "沪上维修"),
    ]
    assert (after.whole.made, after.whole.closed, after.whole.late) == (0, 1, 1)
    # of the 25 days until it was done it was on hold for one; how long it waited to be verified is not told of it
    assert after.whole.minutes == (24 * 24 * 60,)


# --- the past stays what it was

MARCH, APRIL = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))


def _told_of(office: Office, month: tuple[date, date]) -> tuple[OrderFigures, list[OpenOrder]]:
    span = Span(*month, office.after(days=200).now())
    with office.seat.store.sessions() as session:
        return service.order_figures(session, span, NAMES), service.open_orders(session, span)


def _finished(office: Office, order_id: int, **after: float) -> None:
    """Let an order that was made be dispatched, done and verified."""
    acts.dispatch(office.seat, order_id, None, Assignment(office.company, "何斌"))
    acts.accept(office.seat, order_id)
    acts.begin(office.seat, order_id)
    at = office.after(**after)
    acts.finish(at, order_id, None, WorkDone(at.now(), "何斌"))
    acts.verify(at, order_id, None, "陈静怡")


def test_reopening_an_order_does_not_open_the_months_before(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id
    _finished(office, order, hours=6)
    before = _told_of(office, MARCH)
    assert (before[0].whole.closed, before[0].whole.in_time, before[1]) == (1, 1, [])
    seat = replace(office.after(days=22), second=Second("reviewer", PASSWORD))
    acts.reopen(seat, order, None, "又坏了")
    assert _told_of(office, MARCH) == before
    figures, listed = _told_of(office, APRIL)
    assert (figures.whole.made, figures.whole.reopened, figures.whole.open) == (0, 1, 1)
    assert [one.id for one in listed] == [order]
    again = office.after(days=22, hours=4)
    acts.accept(again, order)
    acts.begin(again, order)
    acts.finish(again, order, None, WorkDone(again.now(), "何斌"))
    acts.verify(office.after(days=23), order, None, "陈静怡")
    assert _told_of(office, MARCH) == before
    figures, listed = _told_of(office, APRIL)
    assert (figures.whole.closed, figures.whole.in_time, listed) == (1, 1, [])
    assert figures.whole.minutes == (4 * 60,)


def test_who_has_an_order_now_and_what_is_due_now_do_not_change_who_had_it(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id
    acts.dispatch(office.seat, order, None, Assignment(office.company, "何斌"))
    before = _told_of(office, MARCH)
    assert [(one.organisation, one.person, one.is_overdue) for one in before[1]] == [
        ("福元物业", "何斌", True)
    ]
    later = office.after(days=23)
    acts.hand_over(later, order, None, Assignment(office.other, "沈工", note="更专业"))
    known = making.order_for_edit(later, order)
    making.edit_order(later, order, None, replace(known, severity="urgent", reason="漏水变大"))
    acts.pause(later, order, None, "等配件")
    assert _told_of(office, MARCH) == before
    kept = making.make_order(office.seat, new_order(office, severity="urgent")).id
    before = _told_of(office, MARCH)
    acts.resume(later, order)
    acts.merge(later, order, None, kept)
    assert _told_of(office, MARCH) == before
    figures, _listed = _told_of(office, APRIL)
    assert [(one.name, one.held, one.handed_over) for one in figures.organisations] == [
        ("", 1, 0),
        ("沪上维修", 1, 0),
        ("福元物业", 1, 1),
    ]
    with office.seat.store.sessions() as session:
        assert service.responsible(session) == {office.company, office.other}
        span = Span(*MARCH, later.now())
        assert [one.id for one in service.open_orders(session, span, None, office.company)] == [order]
        assert service.open_orders(session, span, None, office.other) == []
        assert [one.id for one in service.open_orders(session, span, person="何斌")] == [order]


def test_a_renamed_organisation_keeps_its_line(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office)).id
    acts.dispatch(office.seat, order, None, Assignment(office.company, "何斌"))
    acts.hand_over(office.after(hours=1), order, None, Assignment(office.other, "沈工", note="更专业"))
    line = read_organisation(office.seat, office.company)
    save_organisation(office.seat, OrganisationFields("福元物业服务公司", "property"), line.known)
    figures, _listed = _told_of(office, MARCH)
    assert [one.name for one in figures.organisations] == ["沪上维修", "福元物业服务公司"]
