"""What the figures of orders are made of, read inside a running transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.store.db import functions
from fuyuan_desk.workorders.facts import OpenOrder
from fuyuan_desk.workorders.records import OrderStep, WorkOrder
from fuyuan_desk.workorders.rules import figures as rules
from fuyuan_desk.workorders.rules.figures import SENT, Left, OrderFigures, PastOrder
from fuyuan_desk.workorders.rules.orders import ENDS, OPEN, OrderStatus, Step

_STATUSES = {status.value: status for status in OrderStatus}
_DONE = (OrderStatus.TO_VERIFY, OrderStatus.DONE)


def first_order(session: Session) -> date | None:
    """Return the day on which the earliest order on record began, None if there is none."""
    begun = session.scalar(select(func.min(WorkOrder.begun_at)))
    return None if begun is None else begun.astimezone().date()


def order_figures(
    session: Session, span: Span, names: Mapping[int, str], estate_id: int | None = None
) -> OrderFigures:
    """Return the figures of the orders of a period, of one estate or of all; `names` are those of the estates."""
    within = _within(span.begin, span.end, estate_id)
    return rules.order_figures(past_orders(session, within, span.end), span, names)


def open_orders(
    session: Session,
    span: Span,
    estate_id: int | None = None,
    organisation_id: int | None = None,
    person: str = "",
) -> list[OpenOrder]:
    """Return the orders that were open at the end of a period, those overdue for longest first.

    They are those of an estate, and of the organisation and the person who had them then, as far as given.
    """
    is_open = _within(span.end, span.end, estate_id)
    columns = WorkOrder.id, WorkOrder.number, WorkOrder.place, WorkOrder.title
    texts = {row.id: row for row in session.execute(select(*columns).where(is_open))}
    whose = organisations.names_of(session, [] if organisation_id is None else [organisation_id])
    found = [
        OpenOrder(
            one.id,
            texts[one.id].number,
            one.estate_id,
            texts[one.id].place,
            texts[one.id].title,
            one.organisation,
            one.person,
            one.due_at,
            # work counts from when it was done, whenever that was entered
            OrderStatus.TO_VERIFY if one.done_at is not None else one.status,
            one.is_overdue(span.end),
            one.is_returned,
            one.pauses[-1].begun if one.status is OrderStatus.PAUSED else None,
        )
        for one in past_orders(session, is_open, span.end)
        if one.closed_at is None
        and (organisation_id is None or one.organisation == whose.get(organisation_id))
        and (not person or one.person == person)
    ]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or span.end, one.id))


def _within(begin: datetime, end: datetime, estate_id: int | None) -> ColumnElement[bool]:
    """Return the condition that an order, of one estate or of any, was open at some time between two moments.

    One that was reopened is open again, or ended later than its earlier life.
    """
    begun = WorkOrder.begun_at <= end
    found = and_(begun, or_(WorkOrder.closed_at.is_(None), WorkOrder.closed_at >= begin))
    return found if estate_id is None else and_(found, WorkOrder.estate_id == estate_id)


def responsible(session: Session) -> set[int]:
    """Return the organisations that are, or were, responsible for an order."""
    found = session.scalars(select(OrderStep.organisation_id).distinct())
    return {one for one in found if one is not None}


def responsible_persons(session: Session) -> set[str]:
    """Return who is responsible for an open order."""
    query = select(WorkOrder.person).where(WorkOrder.status.in_(OPEN), WorkOrder.person != "")
    return set(session.scalars(query.distinct()))


def past_orders(session: Session, which: ColumnElement[bool], until: datetime) -> list[PastOrder]:
    """Return the lives of some orders as of a moment.

    An order to which nothing happened since, and which lived once without standing or changing hands, is as its row
    says: these are nearly all, and of their steps only that by which they were dispatched counts.
    """
    columns: tuple[Any, ...] = (
        WorkOrder.id,
        WorkOrder.estate_id,
        WorkOrder.severity,
        WorkOrder.organisation_id,
        WorkOrder.person,
        WorkOrder.status,
        WorkOrder.begun_at,
        WorkOrder.due_at,
        WorkOrder.done_at,
        WorkOrder.closed_at,
    )
    rows = session.execute(select(*columns).where(which)).all()
    told, sent = _in_short(session, which, until)
    steps = _steps(session, told)
    whoever = {row[3] for row in rows} | {step[4] for step in steps}
    names = organisations.names_of(session, whoever - {None})
    lived = _by_order(steps, names)
    found = []
    for key, estate, severity, whose, person, status, begun, due, done, closed in rows:
        if key in lived:
            found += rules.lives(key, estate, begun, lived[key], until)
            continue
        state = _STATUSES[status]
        is_done = state in _DONE
        got, overdue_since = sent.get(key, (begun, None))
        left = () if overdue_since is None else (Left(got, "", True, begun, overdue_since),)
        found.append(
            PastOrder(
                key, estate, severity, names.get(whose, ""), person, state, begun, due,
                done if is_done else None, closed, (), left, False, begun, got,
            )
        )  # fmt: skip
    return found


_Sent = dict[int, tuple[datetime, datetime | None]]


def _in_short(session: Session, which: ColumnElement[bool], until: datetime) -> tuple[list[int], _Sent]:
    """Return the orders of which the row does not say all, and when the others were dispatched.

    With that comes since when they were overdue then, None if they were not.
    """
    sent = OrderStep.before.in_(SENT)
    told = or_(
        OrderStep.at > until,
        OrderStep.before.in_(ENDS),
        OrderStep.after == OrderStatus.PAUSED,
        and_(OrderStep.before == OrderStatus.TO_VERIFY, OrderStep.after == OrderStatus.UNDER_WAY),
        and_(sent, OrderStep.after.in_((OrderStatus.TO_DISPATCH, OrderStatus.DISPATCHED))),
    )
    is_sent = and_(OrderStep.before == OrderStatus.TO_DISPATCH, OrderStep.after == OrderStatus.DISPATCHED)
    query = (
        select(
            OrderStep.order_id,
            func.max(case((told, 1), else_=0)),
            func.max(case((is_sent, OrderStep.at))),
            func.max(case((and_(is_sent, OrderStep.due_at < OrderStep.at), OrderStep.due_at))),
        )
        .join(WorkOrder, WorkOrder.id == OrderStep.order_id)
        .where(which)
        .group_by(OrderStep.order_id)
    )
    ids, others = [], {}
    for key, is_told, at, overdue_since in session.execute(query):
        if is_told:
            ids.append(key)
        elif at is not None:
            others[key] = at, overdue_since
    return ids, others


def _steps(session: Session, ids: Collection[int]) -> Sequence[Any]:
    """Return the steps of orders, in order."""
    columns: tuple[Any, ...] = (
        OrderStep.order_id,
        OrderStep.at,
        OrderStep.after,
        OrderStep.before,
        OrderStep.organisation_id,
        OrderStep.person,
        OrderStep.severity,
        OrderStep.due_at,
        OrderStep.done_at,
        OrderStep.assignee,
    )
    query = select(*columns).where(OrderStep.order_id.in_(functions.keys(ids))).order_by(OrderStep.id)
    return session.execute(query).all()


def _by_order(rows: Iterable[Any], names: Mapping[int, str]) -> dict[int, list[Step]]:
    """Return steps by their order; who had it is named as it is called now, or as it was if it is not known which."""
    found: defaultdict[int, list[Step]] = defaultdict(list)
    called: dict[int, str] = {}
    for key, at, after, before, whose, person, severity, due, done, assignee in rows:
        state, left = _STATUSES[after], _STATUSES.get(before)
        if state is OrderStatus.DISPATCHED and assignee:
            called[key] = assignee
        elif state is OrderStatus.TO_DISPATCH:
            called.pop(key, None)  # it was returned
        has = names.get(whose) or called.get(key, "")
        found[key].append(Step(at, state, left, has, person, severity, due, done, assignee))
    return found
