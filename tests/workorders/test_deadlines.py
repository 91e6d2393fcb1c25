"""What moves the deadline of an order after it was made: an edit, the calendar, work that waits to be verified."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, WorkDone
from fuyuan_desk.workorders.records import OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.course import COURSE
from fuyuan_desk.workorders.rules.orders import OrderStatus, Step, pauses_of, worked_since
from fuyuan_desk.workorders.service import acts, clock, detail, making
from tests.workorders.conftest import NOW, Office, new_order

HOUR = timedelta(hours=1)
PAUSED, WAITS, WORK = OrderStatus.PAUSED, OrderStatus.TO_VERIFY, OrderStatus.UNDER_WAY


@pytest.fixture
def order(office: Office) -> OrderDetail:
    """An urgent order that is dispatched, due two hours later."""
    made = making.make_order(office.seat, new_order(office, severity="urgent"))
    return acts.dispatch(office.seat, made.id, None, Assignment(office.company, "何斌"))


def begun(office: Office, order: OrderDetail) -> OrderDetail:
    acts.accept(office.seat, order.id)
    return acts.begin(office.seat, order.id)


def lines(order: OrderDetail) -> list[tuple[str, str]]:
    return [(line.text, line.note) for line in COURSE.timeline(order.events, order.course, date(2026, 3, 11))]


# --- an edit


def test_an_edit_that_moves_the_deadline_says_why_in_the_course(office: Office, order: OrderDetail) -> None:
    known = making.order_for_edit(office.seat, order.id)
    changed = replace(known, severity="complaint")
    with pytest.raises(InvalidInput) as refusal:
        making.edit_order(office.seat, order.id, None, replace(changed, reason="\u200b "))
    assert set(refusal.value.fields) == {"reason"}
    edited = making.edit_order(office.seat, order.id, None, replace(changed, reason="居民说不急"))
    assert lines(edited)[2] == (
        "Kind or deadline changed",
        f"{NOW.astimezone():%H:%M} · Urgent repair → Complaint, "
        f"due {NOW.astimezone() + 2 * HOUR:%m-%d %H:%M} → 03-18 18:00 · 居民说不急",
    )
    assert (edited.status, lines(edited)[1][0]) == (OrderStatus.DISPATCHED, "Order dispatched")
    # what leaves the deadline alone needs no reason, and leaves no line
    same = making.edit_order(office.seat, order.id, None, replace(known, severity="complaint", title="灯"))
    assert len(same.events) == len(edited.events)
    told = making.edit_order(
        office.seat, order.id, None, replace(known, severity="complaint", title="灯", reason="更正事项")
    )
    assert lines(told)[3] == ("Edited", f"{NOW.astimezone():%H:%M} · 更正事项")


def test_an_edit_on_hold_keeps_the_order_on_hold(office: Office, order: OrderDetail) -> None:
    acts.pause(office.after(hours=1), order.id, None, "等配件")
    known = making.order_for_edit(office.seat, order.id)
    changed = replace(known, severity="complaint", reason="不急")
    edited = making.edit_order(office.after(hours=2), order.id, None, changed)
    assert (edited.status, edited.due_at, edited.course.paused_from) == (PAUSED, None, OrderStatus.DISPATCHED)
    assert lines(edited)[3][1] == f"{NOW.astimezone() + 2 * HOUR:%H:%M} · Urgent repair → Complaint · 不急"
    on = acts.resume(office.after(hours=3), order.id)
    assert on.status is OrderStatus.DISPATCHED
    assert on.due_at == datetime.fromisoformat("2026-03-18T18:00:00").astimezone()


def test_when_it_was_reported_stays_once_it_was_dispatched(office: Office, order: OrderDetail) -> None:
    known = making.order_for_edit(office.seat, order.id)
    earlier = replace(known, begun_at=NOW - HOUR, reason="记错了")
    with pytest.raises(InvalidInput) as refusal:
        making.edit_order(office.seat, order.id, None, earlier)
    assert set(refusal.value.fields) == {"begun_at"}
    free = making.make_order(
        office.seat, new_order(office, severity="urgent", begun_at=NOW - 7 * HOUR / 3_600)
    )
    assert making.edit_order(office.seat, free.id, None, earlier).due_at == NOW + HOUR
    # what is typed has no seconds: that is no change
    with office.seat.store.use() as session:
        session.get_one(WorkOrder, order.id).begun_at = NOW + timedelta(seconds=7)
        session.commit()
    later = office.after(minutes=1)
    assert making.edit_order(later, order.id, None, known).begun_at == NOW + timedelta(seconds=7)


def test_a_change_of_the_calendar_is_in_the_course(office: Office) -> None:
    made = making.make_order(office.seat, new_order(office))
    with office.seat.store.use() as session:
        session.get_one(WorkOrder, made.id).due_at = None
        session.scalars(select(OrderStep).where(OrderStep.order_id == made.id)).one().due_at = None
        session.commit()
    assert clock.complete_deadlines(office.after(days=1)) == 1
    text, note = lines(detail.order_detail(office.seat, made.id))[1]
    assert text == "Kind or deadline changed"
    assert note.endswith("Counted anew from the calendar and the times on hold.")


# --- waiting to be verified


def test_the_clock_stands_while_rejected_work_waited_to_be_verified(
    office: Office, order: OrderDetail
) -> None:
    begun(office, order)
    acts.finish(office.after(minutes=30), order.id, None, WorkDone(NOW + HOUR / 2, "何斌"))
    rejected = acts.reject(office.after(days=2), order.id, None, "还是不亮")
    # an hour and a half was left when it was done
    assert rejected.due_at == NOW + timedelta(days=2, minutes=90)
    assert not rejected.tell
    assert f"→ {rejected.due_at.astimezone():%m-%d %H:%M} · 还是不亮" in lines(rejected)[-2][1]


def test_pauses_follow_from_the_steps() -> None:
    at = [NOW + hour * HOUR for hour in range(9)]
    steps = [
        Step(at[0], PAUSED, WORK),
        Step(at[1], PAUSED, PAUSED),  # its kind was changed
        Step(at[2], WORK, PAUSED),
        Step(at[4], WAITS, WORK, done_at=at[3]),
        Step(at[5], WAITS, WAITS),
        Step(at[6], WORK, WAITS),
        Step(at[7], WAITS, WORK),
        Step(at[8], OrderStatus.DONE, WAITS),
    ]
    assert [(pause.begun, pause.ended) for pause in pauses_of(steps)] == [(at[0], at[2]), (at[3], at[6])]
    assert worked_since(steps) == at[6]
    assert worked_since(steps[:5]) is None


@pytest.mark.parametrize("hours", [-1, 1.5])
def test_work_is_done_neither_before_it_was_dispatched_nor_before_it_was_rejected(
    office: Office, hours: float
) -> None:
    made = making.make_order(office.seat, new_order(office, begun_at=NOW - 3 * HOUR))
    order = acts.dispatch(office.seat, made.id, None, Assignment(office.company, "何斌"))
    begun(office, order)
    if hours > 0:
        acts.finish(office.after(hours=1), order.id, None, WorkDone(NOW + HOUR, "何斌"))
        acts.reject(office.after(hours=2), order.id, None, "还是不亮")
    with pytest.raises(InvalidInput, match="dispatched") as refusal:
        acts.finish(office.after(hours=3), order.id, None, WorkDone(NOW + hours * HOUR, "何斌"))
    assert set(refusal.value.fields) == {"at"}
