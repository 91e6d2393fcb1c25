"""Figures of orders: those of a recount hour by hour, and read from the store as of any moment."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.calendar import Calendar, Pause, Term, Unit
from fuyuan_desk.inspections.rules.figures import Rate, Span
from fuyuan_desk.workorders.facts import Assignment, WorkDone
from fuyuan_desk.workorders.rules.figures import Left, PastOrder, order_figures, ways
from fuyuan_desk.workorders.rules.orders import OrderStatus, Step
from fuyuan_desk.workorders.service import acts, making
from fuyuan_desk.workorders.service import figures as service
from tests.workorders.conftest import NOW, Office, new_order

FIRST, LAST = date(2026, 2, 1), date(2026, 2, 28)
HOUR = timedelta(hours=1)
SPAN = Span(FIRST, LAST, datetime(2026, 3, 20, 9).astimezone())
_ENDS = [None, OrderStatus.DONE, OrderStatus.MERGED, OrderStatus.CANCELLED]


@dataclass(frozen=True)
class Told:
    """An order as hours, counted from the first of the month: when what happened, None for never."""

    begun: int
    term: int
    pause: tuple[int, int] | None
    done: int | None
    closed: int | None
    end: OrderStatus | None


@st.composite
def _told(draw: st.DrawFn) -> Told:
    begun = draw(st.integers(-300, 720))
    end = draw(st.sampled_from(_ENDS))
    pause = None
    last = begun + 1
    if draw(st.booleans()):
        start = last + draw(st.integers(0, 60))
        pause = (start, start + draw(st.integers(1, 200)))
        last = pause[1]
    done = closed = None
    if end is OrderStatus.DONE or (end is None and draw(st.booleans())):
        done = last + draw(st.integers(1, 200))
        last = done
    if end is not None:
        closed = last + draw(st.integers(1, 300))
    return Told(begun, draw(st.integers(1, 120)), pause, done, closed, end)


def _at(hour: int) -> datetime:
    return datetime.combine(FIRST, datetime.min.time()).astimezone() + hour * HOUR


def _order(number: int, told: Told) -> PastOrder:
    begun, term = _at(told.begun), Term(told.term * 60, Unit.MINUTES)
    status = told.end or (OrderStatus.UNDER_WAY if told.done is None else OrderStatus.TO_VERIFY)
    pauses = () if told.pause is None else (Pause(_at(told.pause[0]), _at(told.pause[1])),)
    return PastOrder(
        number, 1, "general", "福元物业", status, begun, term, begun + told.term * HOUR,
        None if told.done is None else _at(told.done), None if told.closed is None else _at(told.closed),
        pauses,
    )  # fmt: skip


def _recount(told: Told) -> dict[str, Any]:
    """Walk through the hours of an order until the month ends, with a clock that stands while it is on hold."""
    end = 24 * 28
    clock, in_time, seen = 0, None, Counter[str]()
    minutes = []
    for hour in range(told.begun, end):
        if told.done == hour:
            in_time = clock <= told.term
        if told.closed == hour:
            seen["ended"] += hour >= 0
            if told.end is OrderStatus.DONE and hour >= 0:
                minutes.append(clock * 60)
                seen["in time" if in_time else "late"] += 1
            break
        clock += not (told.pause is not None and told.pause[0] <= hour < told.pause[1])
    else:
        is_begun = told.begun < end
        is_held = told.pause is not None and told.pause[0] < end <= told.pause[1]
        is_done = told.done is not None and told.done < end
        seen["open"] += is_begun
        # the month ends within its last hour
        seen["overdue"] += is_begun and not is_held and not is_done and clock > told.term
    seen["made"] += 0 <= told.begun < end
    return {**seen, "minutes": minutes}


@given(st.lists(_told(), max_size=12))
def test_orders_are_those_of_a_recount_hour_by_hour(found: list[Told]) -> None:
    orders = [_order(number, told) for number, told in enumerate(found)]
    whole = order_figures(orders, SPAN, Calendar(), {1: "南昌路168弄"}).whole
    counts = [_recount(told) for told in found]

    def total(name: str) -> int:
        return sum(one.get(name, 0) for one in counts)

    assert (whole.made, whole.open, whole.in_time, whole.late) == tuple(
        map(total, ("made", "open", "in time", "late"))
    )
    assert whole.closed + whole.merged + whole.cancelled == total("ended")
    assert list(whole.minutes) == sorted(minute for one in counts for minute in one["minutes"])
    assert whole.overdue == total("overdue")
    # what was open at the beginning and came in went out, or is open
    before = sum(told.begun < 0 and (told.closed is None or told.closed >= 0) for told in found)
    assert before + whole.made == total("ended") + whole.open


def test_who_had_an_order_follows_from_its_steps() -> None:
    at = [_at(hour) for hour in range(8)]
    sent, taken, back = OrderStatus.DISPATCHED, OrderStatus.ACCEPTED, OrderStatus.TO_DISPATCH
    steps = [
        (Step(at[0], back), ""),
        (Step(at[1], sent, back), "福元物业"),
        (Step(at[2], taken, sent), ""),
        (Step(at[2], sent, taken), "福元物业"),  # to another person there
        (Step(at[3], sent, sent), "沪上维修"),
        (Step(at[4], OrderStatus.PAUSED, sent), ""),
        (Step(at[5], sent, OrderStatus.PAUSED), ""),
        (Step(at[6], back, sent), ""),
    ]
    assert ways(steps) == (
        (Pause(at[4], at[5]),),
        (Left(at[3], "福元物业", True), Left(at[6], "沪上维修", False)),
    )


def test_organisations_are_compared_over_what_they_had() -> None:
    order = _order(1, Told(5, 48, None, 30, 40, OrderStatus.DONE))
    handed = order._replace(id=2, organisation="沪上维修", left=(Left(_at(9), "福元物业", True),))
    found = order_figures([order, handed], SPAN, Calendar(), {}).organisations
    assert [(one.name, one.held, one.closed, one.rate.text, one.handed_over_rate) for one in found] == [
        ("沪上维修", 1, 1, "100.0 % (1/1)", Rate(0, 1)),
        ("福元物业", 2, 1, "100.0 % (1/1)", Rate(1, 2)),
    ]


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
    # a day of the 26 it was on hold
    assert after.whole.minutes == (25 * 24 * 60,)


def test_the_clock_of_a_reopened_order_runs_from_then() -> None:
    term, again = Term(24 * 60, Unit.MINUTES), _at(300)
    order = PastOrder(
        1, 1, "general", "福元物业", OrderStatus.DONE, _at(0), term, again + 30 * HOUR, _at(320), _at(330),
        (Pause(_at(305), _at(311)),), reopened_at=again,
    )  # fmt: skip
    assert order.deadline(SPAN.end, Calendar()) == again + 30 * HOUR
    figures = order_figures([order], SPAN, Calendar(), {})
    assert (figures.whole.in_time, figures.whole.minutes) == (1, (24 * 60,))
