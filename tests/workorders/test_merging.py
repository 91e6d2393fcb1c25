"""Merging work orders, and handing them over."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second, SecondNeeded
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.workorders.facts import Assignment, OrderDetail
from fuyuan_desk.workorders.records import OrderStep
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import acts, detail, dues, figures, making, orders, photos, waiting
from tests.conftest import PASSWORD
from tests.workorders.conftest import NOW, Office, log_failures, new_order
from tests.workorders.test_photos import photo


def test_a_merged_order_hands_its_findings_over(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物", 2: "灯坏"})
    one, two = (
        making.make_order(office.seat, new_order(office, source="finding", findings=(row.id,)))
        for row in waiting.findings_without_order(office.seat)
    )
    assert [option.id for option in orders.orders_to_merge_into(office.seat, one.id)] == [two.id]
    kept = acts.merge(office.seat, one.id, one.version, two.id)
    assert kept.id == two.id
    assert len(kept.findings) == 2
    assert kept.merged == (one.number,)
    merged = detail.order_detail(office.seat, one.id)
    assert merged.status is OrderStatus.MERGED
    assert merged.merged_into == (two.id, two.number)
    for into in (two.id, one.id):
        with pytest.raises((InvalidInput, Conflict)):
            acts.merge(office.seat, two.id, None, into)


def test_no_deadline_is_lost_by_merging(office: Office) -> None:
    urgent = making.make_order(office.seat, new_order(office, severity="urgent"))
    other = making.make_order(office.seat, new_order(office, title="门坏"))
    with pytest.raises(InvalidInput, match="due earlier"):
        acts.merge(office.seat, urgent.id, None, other.id)
    assert acts.merge(office.seat, other.id, None, urgent.id).due_at == urgent.due_at


def test_who_had_an_order_stays_in_its_course(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office))
    first, second = (Assignment(office.company, person, "", "休假") for person in ("何斌", "史国强"))
    acts.dispatch(office.seat, order.id, None, first)
    acts.hand_over(office.seat, order.id, None, second)
    with office.seat.store.use() as session:
        assert session.scalars(select(OrderStep.note).order_by(OrderStep.id.desc())).first() == (
            "何斌 → 史国强: 休假"
        )


def test_the_photos_of_an_order_are_on_the_one_it_is_merged_into(office: Office) -> None:
    one, two = (making.make_order(office.seat, new_order(office, title=title)) for title in ("灯坏", "门坏"))
    photos.add_before(office.seat, one.id, (photo("red"), photo("blue")))
    photos.add_before(office.seat, two.id, (photo("blue"),))
    kept = acts.merge(office.seat, one.id, None, two.id)
    assert len(kept.before) == 2, "the one that both have is there once"
    assert len(detail.order_detail(office.seat, one.id).before) == 2


# --- the order that is kept is cancelled


def by_hand(office: Office, title: str) -> OrderDetail:
    return making.make_order(office.seat, new_order(office, title=title))


def seconded(office: Office, **after: float) -> Seat:
    return replace(office.after(**after), second=Second("reviewer", PASSWORD))


def test_what_was_merged_into_a_cancelled_order_is_open_again(office: Office) -> None:
    order, kept = by_hand(office, "灯坏"), by_hand(office, "门坏")
    acts.dispatch(office.seat, order.id, None, Assignment(office.company, "何斌"))
    acts.merge(office.seat, order.id, None, kept.id)
    assert detail.order_detail(office.seat, kept.id).freed == (order.number,)
    with pytest.raises(SecondNeeded):
        acts.cancel(office.after(hours=1), kept.id, None, "开错了")
    acts.cancel(seconded(office, hours=1), kept.id, None, "开错了")
    free = detail.order_detail(office.seat, order.id)
    assert (free.status, free.merged_into, free.organisation_id) == (OrderStatus.TO_DISPATCH, None, None)
    assert free.due_at == order.due_at, "nobody did it meanwhile"
    told = free.events[-1]
    assert "Open again" in told.what
    assert (kept.number in told.detail, told.reason) == (True, "开错了")
    with office.seat.store.use() as session:
        assert [one.record_id for one in dues.tasks(session, office.after(hours=1).today())] == [order.id]
        span = Span(NOW.date(), NOW.date(), office.after(hours=2).now())
        assert [one.id for one in figures.open_orders(session, span)] == [order.id]
    acts.dispatch(office.after(hours=3), order.id, None, Assignment(office.other))


def test_what_was_merged_through_an_order_of_findings_is_open_again_too(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物"})
    [row] = waiting.findings_without_order(office.seat)
    found = making.make_order(office.seat, new_order(office, source="finding", findings=(row.id,)))
    first, second, kept = (by_hand(office, title) for title in ("灯坏", "门坏", "墙坏"))
    acts.merge(office.seat, first.id, None, second.id)
    acts.merge(office.seat, second.id, None, found.id)
    acts.merge(office.seat, found.id, None, kept.id)
    acts.cancel(seconded(office), kept.id, None, "开错了")
    states = [detail.order_detail(office.seat, one.id).status for one in (first, second, found, kept)]
    merged, cancelled = OrderStatus.MERGED, OrderStatus.CANCELLED
    # what is in an open order stays there, and a finding is without an order
    assert states == [merged, OrderStatus.TO_DISPATCH, merged, cancelled]
    assert [one.id for one in waiting.findings_without_order(office.seat)] == [row.id]


def test_an_order_with_nothing_merged_into_it_is_cancelled_by_one_person(office: Office) -> None:
    order = by_hand(office, "灯坏")
    assert acts.cancel(office.seat, order.id, None, "开错了").status is OrderStatus.CANCELLED


def test_an_order_of_findings_has_some(office: Office) -> None:
    with pytest.raises(InvalidInput, match="findings"):
        making.make_order(office.seat, new_order(office, source="finding"))
