"""Who was told of overdue orders, and who is to be told next."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.store.db import functions
from fuyuan_desk.workorders.catalogue import terms
from fuyuan_desk.workorders.records import OrderNotice, WorkOrder
from fuyuan_desk.workorders.rules.escalation import Level, Telling, to_be_told
from fuyuan_desk.workorders.rules.orders import OrderStatus, is_overdue


def counting_notices(*columns: Any) -> Select[Any]:
    """Select columns of the notices that count: those of an overdue order, and after it was reopened the later ones.

    Who was told before the deadline has passed, or before a later one was set, is to be told again.
    """
    since = func.coalesce(WorkOrder.due_at, WorkOrder.reopened_at, WorkOrder.begun_at)
    query = select(*columns).join(WorkOrder, WorkOrder.id == OrderNotice.order_id)
    return query.where(OrderNotice.at >= since)


def told_levels(session: Session, ids: Collection[int]) -> dict[int, list[Level]]:
    """Return the levels that were told, by order."""
    told: dict[int, list[Level]] = {}
    query = counting_notices(OrderNotice.order_id, OrderNotice.level)
    for order_id, level in session.execute(query.where(OrderNotice.order_id.in_(functions.keys(list(ids))))):
        told.setdefault(order_id, []).append(Level(level))
    return told


def tellings(session: Session, rows: Sequence[Any], now: datetime) -> Mapping[int, Telling]:
    """Return who is to be told now of orders with `id`, `status` and `due_at`, leaving out those of which nobody is."""
    late = [row for row in rows if is_overdue(OrderStatus(row.status), row.due_at, now)]
    if not late:
        return {}
    told = told_levels(session, [row.id for row in late])
    found = {row.id: to_be_told(row.due_at, now, told.get(row.id, ()), terms().escalation) for row in late}
    return {key: telling for key, telling in found.items() if telling is not None}
