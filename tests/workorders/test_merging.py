"""Merging work orders, and handing them over."""

import pytest
from sqlalchemy import select

from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.workorders.facts import Assignment
from fuyuan_desk.workorders.records import OrderStep
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import acts, detail, making, orders, photos, waiting
from tests.workorders.conftest import Office, log_failures, new_order
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
