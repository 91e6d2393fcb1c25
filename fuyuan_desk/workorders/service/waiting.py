"""Findings without an order: the failed items of visits that are not put right and that no order is to put right."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.estates.service import estates
from fuyuan_desk.estates.service.free_texts import FreeTexts
from fuyuan_desk.facilities.service.places import written_now
from fuyuan_desk.inspections.rules.findings import FailedItem, WhatFailed
from fuyuan_desk.inspections.service import findings
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.db import functions
from fuyuan_desk.workorders.catalogue import terms
from fuyuan_desk.workorders.facts import Finding, VisitFindings, WaitingFinding
from fuyuan_desk.workorders.records import OrderFinding, OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.orders import OPEN, WITHOUT_WORK

_ORDER, _ITEM, _AFTER, _INSERT = "order_id", "visit_result_id", "after", "insert"


@permit(*EVERYONE)
def findings_without_order(seat: Seat, estate_id: int | None = None) -> tuple[WaitingFinding, ...]:
    """Return the findings without an order, of one estate or of all, the latest visit first."""
    with seat.reading() as session:
        ids = waiting_ids(session, seat.today())
        items = findings.failed_items(session, ids)
        shown = [one for one in items.values() if estate_id in (None, one.estate_id)]
        before = findings.failed_before(session, [one.id for one in shown])
        names = estates.describe_estates(session, {one.estate_id for one in shown})
        same = _open_for_the_same(session, shown)
        places = written_now(session, {(one.estate_id, one.what.place.key) for one in shown})
        texts = FreeTexts(session)
        return tuple(
            WaitingFinding(
                one.id,
                names[one.estate_id],
                places.get(one.what.place.key, one.place),
                Finding(replace(one, remark=texts.of(one.estate_id)(one.remark)), before.get(one.id, 0)),
                same.get(one.id),
            )
            for one in shown
        )


@permit(*EVERYONE)
def visit_findings(seat: Seat, visit_id: int) -> VisitFindings:
    """Return the orders of the failed items of a visit, and the items that wait for one."""
    with seat.reading() as session:
        ids = findings.failed_items_of(session, visit_id)
        found = orders_of(session, list(ids.values()))
        without = set(waiting_ids(session, seat.today(), visit_id))
        return VisitFindings(
            {item: found[key] for item, key in ids.items() if key in found},
            {item: key for item, key in ids.items() if key in without},
        )


# --- inside a running transaction ----------------------------------------------------------------------


def waiting_ids(session: Session, today: date, visit_id: int | None = None) -> list[int]:
    """Return the keys of the findings without an order, of one visit or of all that are not too old."""
    since = datetime.combine(today - timedelta(days=terms().finding_days), time.min).astimezone()
    waiting = findings.waiting_items(since)
    result, visit = waiting.selected_columns
    query = waiting.where(result.not_in(select(OrderFinding.visit_result_id)))
    rows = session.execute(query if visit_id is None else query.where(visit == visit_id)).all()
    return findings.still_to_mend(session, [(row.id, row.visit_id) for row in rows])


def orders_of(
    session: Session, result_ids: Sequence[int], until: datetime | None = None
) -> dict[int, tuple[int, str]]:
    """Return key and number of the order of each of these failed items that has one, or had one at a moment."""
    query = (
        select(OrderFinding.visit_result_id, WorkOrder.id, WorkOrder.number)
        .join(WorkOrder, WorkOrder.id == OrderFinding.order_id)
        .where(OrderFinding.visit_result_id.in_(functions.keys(list(result_ids))))
    )
    found = {result: (key, number) for result, key, number in session.execute(query)}
    if until is None:
        return found
    left = _left_since(session, until)
    found |= {result: left[result] for result in result_ids if result in left}
    orders = functions.keys([key for key, _number in found.values()])
    made = set(
        session.scalars(
            select(OrderStep.order_id).where(
                OrderStep.order_id.in_(orders), OrderStep.before == "", OrderStep.at <= until
            )
        )
    )
    return {result: order for result, order in found.items() if order[0] in made}


def _left_since(session: Session, moment: datetime) -> dict[int, tuple[int, str]]:
    """Return by failed item the order that it left first after a moment, as that was merged or cancelled.

    What an order had then is known to the trail alone: what left it stands there before the step by which it ended,
    whatever became of the order later.
    """
    ended = select(OrderStep.order_id, WorkOrder.number).where(
        OrderStep.after.in_(WITHOUT_WORK), OrderStep.at > moment, WorkOrder.id == OrderStep.order_id
    )
    numbers = {key: number for key, number in session.execute(ended)}  # noqa: C416 - no pairs
    if not numbers:
        return {}
    of_step = and_(AuditEntry.table_name == OrderStep.__tablename__, AuditEntry.action == _INSERT)
    ends = or_(*(AuditEntry.changes.contains(audit.encode({_AFTER: one})[1:-1]) for one in WITHOUT_WORK))
    entries = (
        select(AuditEntry.table_name, AuditEntry.record_id, AuditEntry.action, AuditEntry.changes)
        .where(or_(AuditEntry.table_name == OrderFinding.__tablename__, and_(of_step, ends)))
        .order_by(AuditEntry.id)
    )
    items: dict[int | None, int] = {}
    leaving: defaultdict[int, list[int]] = defaultdict(list)
    left: dict[int, tuple[int, str]] = {}
    for table, record, action, changes in session.execute(entries):
        values = json.loads(changes)
        order = values.get(_ORDER)
        if table == OrderStep.__tablename__:
            gone = leaving.pop(order, [])
            if datetime.fromisoformat(values["at"]) > moment:
                left = {**dict.fromkeys(gone, (order, numbers[order])), **left}
        elif action == _INSERT:
            items[record] = values[_ITEM]
        elif record in items and order is not None:
            leaving[order[0] if isinstance(order, list) else order].append(items[record])
    return left


def _open_for_the_same(session: Session, shown: Sequence[FailedItem]) -> dict[int, tuple[int, str]]:
    """Return the open order for the same at the same place, by the keys of the findings that are shown."""
    if not shown:
        return {}
    rows = session.execute(
        select(OrderFinding.visit_result_id, WorkOrder.id, WorkOrder.number)
        .join(WorkOrder, WorkOrder.id == OrderFinding.order_id)
        .where(
            WorkOrder.estate_id.in_({one.estate_id for one in shown}),
            WorkOrder.status.in_(OPEN),
        )
        .order_by(WorkOrder.id)
    ).all()
    items = findings.failed_items(session, [row.visit_result_id for row in rows])
    open_for: defaultdict[Any, list[tuple[WhatFailed, tuple[int, str]]]] = defaultdict(list)
    for result, key, number in rows:
        if result in items:  # else the visit was corrected since
            what = items[result].what
            open_for[what.apart].append((what, (key, number)))
    found = {}
    for one in shown:
        for what, order in open_for[one.what.apart]:
            if what.is_same(one.what):
                found[one.id] = order
    return found
