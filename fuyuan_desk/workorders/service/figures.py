"""What the figures of orders are made of, read inside a running transaction."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, time
from functools import cache

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core.calendar import Pause, Term, Unit
from fuyuan_desk.inspections.rules.figures import Span
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.workorders.facts import OpenOrder
from fuyuan_desk.workorders.records import OrderStep, WorkOrder
from fuyuan_desk.workorders.rules import figures as rules
from fuyuan_desk.workorders.rules.figures import SENT, Left, OrderFigures, PastOrder, ways
from fuyuan_desk.workorders.rules.orders import OPEN, OrderStatus, Step

_STATUSES = {status.value: status for status in OrderStatus}


def first_order(session: Session) -> date | None:
    """Return the day on which the earliest order on record began, None if there is none."""
    begun = session.scalar(select(func.min(WorkOrder.begun_at)))
    return None if begun is None else begun.astimezone().date()


def order_figures(
    session: Session, span: Span, names: Mapping[int, str], estate_id: int | None = None
) -> OrderFigures:
    """Return the figures of the orders of a period, of one estate or of all; `names` are those of the estates."""
    within = and_(
        WorkOrder.begun_at <= span.end,
        or_(WorkOrder.closed_at.is_(None), WorkOrder.closed_at >= span.begin),
    )
    if estate_id is not None:
        within = and_(within, WorkOrder.estate_id == estate_id)
    orders = past_orders(session, within)
    return rules.order_figures(orders, span, office_calendar(session), names)


def open_orders(session: Session, span: Span, *which: ColumnElement[bool]) -> list[OpenOrder]:
    """Return the orders that were open at the end of a period, those overdue for longest first."""
    is_open = and_(
        WorkOrder.begun_at <= span.end,
        or_(WorkOrder.closed_at.is_(None), WorkOrder.closed_at > span.end),
        *which,
    )
    columns = WorkOrder.id, WorkOrder.number, WorkOrder.place, WorkOrder.title, WorkOrder.person
    texts = {row.id: row for row in session.execute(select(*columns).where(is_open))}
    calendar = office_calendar(session)
    found = [
        OpenOrder(
            one.id,
            texts[one.id].number,
            one.estate_id,
            texts[one.id].place,
            texts[one.id].title,
            one.organisation,
            texts[one.id].person,
            one.deadline(span.end, calendar),
            one.is_overdue(span.end, calendar),
            one.is_done(span.end),
        )
        for one in past_orders(session, is_open)
    ]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or span.end, one.id))


def orders_of(estate_id: int | None, organisation_id: int | None, person: str) -> list[ColumnElement[bool]]:
    """Return the conditions that orders are of an estate, an organisation and a person, as far as given."""
    found: list[ColumnElement[bool]] = []
    if estate_id is not None:
        found.append(WorkOrder.estate_id == estate_id)
    if organisation_id is not None:
        found.append(WorkOrder.organisation_id == organisation_id)
    if person:
        found.append(WorkOrder.person == person)
    return found


def responsible(session: Session) -> set[int]:
    """Return the organisations that are, or were last, responsible for an order."""
    found = session.scalars(select(WorkOrder.organisation_id).distinct())
    return {one for one in found if one is not None}


def responsible_persons(session: Session) -> set[str]:
    """Return who is responsible for an open order."""
    query = select(WorkOrder.person).where(WorkOrder.status.in_(OPEN), WorkOrder.person != "")
    return set(session.scalars(query.distinct()))


def past_orders(session: Session, which: ColumnElement[bool]) -> list[PastOrder]:
    """Return some orders as the figures need them."""
    columns = (
        WorkOrder.id,
        WorkOrder.estate_id,
        WorkOrder.severity,
        WorkOrder.organisation_id,
        WorkOrder.status,
        WorkOrder.begun_at,
        WorkOrder.term_count,
        WorkOrder.term_unit,
        WorkOrder.term_by,
        WorkOrder.due_at,
        WorkOrder.done_at,
        WorkOrder.closed_at,
    )
    rows = session.execute(select(*columns).where(which)).all()
    known = _ways(session, which)
    reopened = select(WorkOrder.id, WorkOrder.reopened_at).where(which, WorkOrder.reopened_at.is_not(None))
    again = {row.id: row.reopened_at for row in session.execute(reopened)}
    names = organisations.names_of(session, {row.organisation_id for row in rows} - {None})
    none: tuple[tuple[Pause, ...], tuple[Left, ...]] = ((), ())
    # by their order: to read the values of a row by name takes as long as all the rest
    return [
        PastOrder(
            key, estate, severity, names.get(whose or 0, ""), _STATUSES[status], begun, _term(count, unit, by),
            due, done, closed, *known.get(key, none), again.get(key),
        )
        for key, estate, severity, whose, status, begun, count, unit, by, due, done, closed in rows
    ]  # fmt: skip


@cache
def _term(count: int, unit: str, by: str) -> Term:
    """Return a term: there are few, and as many as orders would take as long as all the rest."""
    return Term(count, Unit(unit), time.fromisoformat(by))


def _ways(
    session: Session, which: ColumnElement[bool]
) -> dict[int, tuple[tuple[Pause, ...], tuple[Left, ...]]]:
    """Return when the clocks of orders stood and whom they left, of those of which either happened."""
    sent = OrderStep.before.in_(SENT)
    told = or_(
        OrderStep.after == OrderStatus.PAUSED,
        and_(sent, OrderStep.after.in_((OrderStatus.TO_DISPATCH, OrderStatus.DISPATCHED))),
    )
    ids = select(OrderStep.order_id).join(WorkOrder, WorkOrder.id == OrderStep.order_id).where(told, which)
    query = (
        select(OrderStep.order_id, OrderStep.at, OrderStep.before, OrderStep.after, OrderStep.assignee)
        .where(OrderStep.order_id.in_(ids))
        .order_by(OrderStep.id)
    )
    steps: defaultdict[int, list[tuple[Step, str]]] = defaultdict(list)
    for row in session.execute(query):
        before = OrderStatus(row.before) if row.before else None
        steps[row.order_id].append((Step(row.at, OrderStatus(row.after), before), row.assignee))
    return {key: ways(found) for key, found in steps.items()}
