"""Tasks and figures of work orders for the page “Today”.

There may be thousands of open orders: they are counted in SQL by an index, and the most urgent of each topic listed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.inspections.service import findings
from fuyuan_desk.workorders.catalogue import terms
from fuyuan_desk.workorders.records import OrderNotice, WorkOrder
from fuyuan_desk.workorders.rules import dues as rules
from fuyuan_desk.workorders.rules.dues import DueOrder
from fuyuan_desk.workorders.rules.escalation import Level, Telling, to_be_told
from fuyuan_desk.workorders.rules.orders import OPEN, RUNNING, OrderStatus
from fuyuan_desk.workorders.service.residents import masks_of
from fuyuan_desk.workorders.service.telling import counting_notices
from fuyuan_desk.workorders.service.waiting import waiting_ids


def tasks(session: Session, today: date) -> list[Task]:
    """List the findings without an order, and the orders that are overdue, to be dispatched or to be verified."""
    # the office's clock gives the day; within it, the moment is now, or the end of another day that is asked for
    now = _moment(today)
    names = estates.estate_names(session)
    return [
        *_overdue(session, now, names),
        *_to_dispatch(session, today, now, names),
        *_unknown(session, names),
        *_to_verify(session, today, names),
        *_waiting(session, today, names),
    ]


def figures(session: Session, today: date) -> list[Figure]:
    """Count the open orders, and those that are overdue."""
    open_orders = select(func.count(WorkOrder.id)).where(WorkOrder.status.in_(OPEN))
    overdue = select(func.count(WorkOrder.id)).where(*_is_overdue(_moment(today)))
    return [
        Figure(N_("Open work orders"), session.scalar(open_orders) or 0),
        Figure(N_("of them overdue"), session.scalar(overdue) or 0),
    ]


def _moment(today: date) -> datetime:
    now = datetime.now(UTC).astimezone()
    return now if now.date() == today else datetime.combine(today, time.min).astimezone()


def _is_overdue(now: datetime) -> tuple[Any, ...]:
    return WorkOrder.status.in_(RUNNING), WorkOrder.due_at < now


def _overdue(session: Session, now: datetime, names: dict[int, str]) -> Iterator[Task]:
    orders, total = _first(session, _is_overdue(now), WorkOrder.due_at, names)
    told = _told(session, [one.id for one in orders])
    ladder = terms().escalation
    for order in orders[: rules.MOST]:
        tell = to_be_told(order.due_at, now, told.get(order.id, ()), ladder)
        yield rules.overdue_task(_with(order, tell))
    yield from _rest(orders, total, rules.OVERDUE, True)


def _to_dispatch(session: Session, today: date, now: datetime, names: dict[int, str]) -> Iterator[Task]:
    """List those that are not overdue, which are listed already."""
    which = (
        WorkOrder.status == OrderStatus.TO_DISPATCH,
        (WorkOrder.due_at >= now) | WorkOrder.due_at.is_(None),
    )
    orders, total = _first(session, which, WorkOrder.due_at, names)
    yield from (rules.dispatch_task(order, today) for order in orders[: rules.MOST])
    yield from _rest(orders, total, rules.TO_DISPATCH, False)


def _unknown(session: Session, names: dict[int, str]) -> Iterator[Task]:
    """List the orders under way that can never be overdue, because their deadline is unknown."""
    under_way = [status for status in RUNNING if status is not OrderStatus.TO_DISPATCH]
    which = (WorkOrder.status.in_(under_way), WorkOrder.due_at.is_(None))
    orders, total = _first(session, which, WorkOrder.begun_at, names)
    yield from map(rules.unknown_task, orders[: rules.MOST])
    yield from _rest(orders, total, rules.UNKNOWN, False)


def _to_verify(session: Session, today: date, names: dict[int, str]) -> Iterator[Task]:
    which = (WorkOrder.status == OrderStatus.TO_VERIFY,)
    orders, total = _first(session, which, WorkOrder.done_at, names)
    yield from (rules.verify_task(order, today) for order in orders[: rules.MOST])
    yield from _rest(orders, total, rules.TO_VERIFY, False)


def _first(
    session: Session, which: Sequence[Any], by: Any, names: dict[int, str]
) -> tuple[list[DueOrder], int]:
    """Return the most urgent orders, one more than are listed, and how many there are."""
    columns = (
        WorkOrder.id,
        WorkOrder.number,
        WorkOrder.title,
        WorkOrder.estate_id,
        WorkOrder.status,
        WorkOrder.due_at,
        WorkOrder.done_at,
    )
    query = select(*columns).where(*which).order_by(by, WorkOrder.id).limit(rules.MOST + 1)
    rows = session.execute(query).all()
    masks = masks_of(session, [row.id for row in rows])
    found = [
        DueOrder(
            row.id, row.number, masks[row.id](row.title), names.get(row.estate_id, ""),
            OrderStatus(row.status), row.due_at, row.done_at,
        )
        for row in rows
    ]  # fmt: skip
    if len(found) <= rules.MOST:
        return found, len(found)
    return found, session.scalar(select(func.count(WorkOrder.id)).where(*which)) or 0


def _rest(orders: Sequence[DueOrder], total: int, topic: Any, is_late: bool) -> Iterator[Task]:
    if total > rules.MOST:
        yield rules.more_task(orders[rules.MOST], topic, total - rules.MOST, is_late)


def _told(session: Session, ids: Sequence[int]) -> dict[int, list[Level]]:
    told: dict[int, list[Level]] = {}
    query = counting_notices(OrderNotice.order_id, OrderNotice.level).where(OrderNotice.order_id.in_(ids))
    for order_id, level in session.execute(query):
        told.setdefault(order_id, []).append(Level(level))
    return told


def _with(order: DueOrder, tell: Telling | None) -> DueOrder:
    return replace(order, tell=tell)


def _waiting(session: Session, today: date, names: dict[int, str]) -> Iterator[Task]:
    items = findings.failed_items(session, waiting_ids(session, today))
    counts = Counter(one.estate_id for one in items.values())
    yield from (
        rules.waiting_task(count, estate_id, names[estate_id])
        for estate_id, count in counts.items()
        if estate_id in names
    )
