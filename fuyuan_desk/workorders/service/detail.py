"""An order in full: what it says, its findings, what happened to it and who is to be told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.roles import REVIEWERS, STAFF, Role
from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.calls.kinds import CALL
from fuyuan_desk.calls.service.for_orders import call_of_uid
from fuyuan_desk.contracts.service.for_other_jobs import left_on
from fuyuan_desk.core.calendar import Calendar
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import estates
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.inspections.service import findings
from fuyuan_desk.kit.course import Event
from fuyuan_desk.kit.guards import gone
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.workorders.catalogue import terms
from fuyuan_desk.workorders.facts import Finding, LadderStep, OrderDetail, Origin, ToldBefore
from fuyuan_desk.workorders.records import OrderFinding, OrderNotice, OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.course import OrderFacts
from fuyuan_desk.workorders.rules.escalation import Level
from fuyuan_desk.workorders.rules.orders import (
    OPEN,
    RUNNING,
    OrderSeverity,
    OrderStatus,
    Source,
    Step,
    TermSource,
    term_text,
)
from fuyuan_desk.workorders.service.clock import as_steps, started_at, steps_of, unsettled_year
from fuyuan_desk.workorders.service.merged import freed_with
from fuyuan_desk.workorders.service.photos import photos_of_order
from fuyuan_desk.workorders.service.places import earlier_at_place
from fuyuan_desk.workorders.service.residents import mask_of
from fuyuan_desk.workorders.service.telling import tellings

_ORIGINS = {Source.CALL: (CALL.name, call_of_uid)}
"""By source, the kind of the records of which its orders are made, and what finds one by its uid.

Those of jobs above this one are not known here.
"""


@permit(*EVERYONE)
def order_detail(seat: Seat, order_id: int) -> OrderDetail:
    """Return an order in full, masked."""
    with seat.reading() as session:
        return detail(seat, session, get_order(session, order_id))


def get_order(session: Session, order_id: int) -> WorkOrder:
    """Return the row of an order or raise `NotFound`."""
    row = session.get(WorkOrder, order_id)
    if row is None:
        raise gone()
    return row


def facts_of(seat: Seat, session: Session, row: WorkOrder) -> OrderFacts:
    """Return what the course of an order depends on, inside a running transaction."""
    status = OrderStatus(row.status)
    paused_from = None
    if status is OrderStatus.PAUSED:
        steps = as_steps(steps_of(session, row.id))
        paused_from = next(step.before for step in reversed(steps) if not step.is_change)
    left = None
    if row.organisation_id is not None and status in (*OPEN, OrderStatus.DONE):
        left = left_on(session, row.estate_id, row.organisation_id, seat.today())
    return OrderFacts(status, row.due_at, paused_from, left, _reopen_until(row, status))


def _reopen_until(row: WorkOrder, status: OrderStatus) -> date | None:
    if status is not OrderStatus.DONE or row.closed_at is None:
        return None
    return row.closed_at.astimezone().date() + timedelta(days=terms().reopen_days)


def detail(seat: Seat, session: Session, row: WorkOrder) -> OrderDetail:
    """Return an order in full, masked, as the operator may read it, inside a running transaction."""
    status = OrderStatus(row.status)
    told = _told(session, row.id)
    names = organisations.names_of(session, [row.organisation_id] if row.organisation_id else [])
    before, after = photos_of_order(session, row.id)
    calendar = office_calendar(session)
    steps = steps_of(session, row.id)
    telling = tellings(session, [row], seat.now()).get(row.id)
    shown = mask_of(session, row)
    return OrderDetail(
        id=row.id,
        uid=row.uid,
        version=row.version,
        number=row.number,
        estate_id=row.estate_id,
        estate=estates.describe_estates(session, [row.estate_id]).get(row.estate_id, ""),
        place=shown(row.place),
        title=shown(row.title),
        description=shown(row.description),
        severity=row.severity,
        source=row.source,
        origin=origin_of(session, row, seat.operator.role),
        reporter=mask_name(row.reporter),
        reporter_phone=mask_phone(row.reporter_phone),
        organisation_id=row.organisation_id,
        organisation=names.get(row.organisation_id, "") if row.organisation_id else "",
        person=row.person,
        phone=mask_phone(row.phone),
        status=status,
        begun_at=row.begun_at,
        term=_term(row),
        due_at=row.due_at,
        unknown_year=_unknown_year(row, status, calendar),
        unsettled_year=unsettled_year(row, calendar) if status in OPEN else None,
        done_at=row.done_at,
        done_by=row.done_by,
        done_note=shown(row.done_note),
        verified_at=row.verified_at,
        verified_by=row.verified_by,
        verified_note=shown(row.verified_note),
        merged_into=_reference(session, row.merged_into_id),
        merged=tuple(
            session.scalars(
                select(WorkOrder.number).where(WorkOrder.merged_into_id == row.id).order_by(WorkOrder.id)
            )
        ),
        freed=tuple(one.number for one in freed_with(session, row.id)),
        follows=_reference(session, row.follows_id),
        followed_by=_followers(session, row.id),
        at_place=earlier_at_place(session, row),
        reopened=sum(step.before == OrderStatus.DONE for step in steps),
        findings=tuple(
            replace(one, item=replace(one.item, remark=shown(one.item.remark)))
            for one in findings_of(session, row.id)
        ),
        told=told,
        tell=telling,
        ladder=_ladder(row, status, told),
        before=tuple((photo.id, shown(photo.caption)) for photo in before),
        after=tuple((photo.id, shown(photo.caption)) for photo in after),
        course=facts_of(seat, session, row),
        events=tuple(
            replace(one, reason=shown(one.reason)) for one in _events(session, steps, seat.operator.role)
        ),
    )


def _term(row: WorkOrder) -> str:
    term = term_text(row.term_count, row.term_unit, row.term_by)
    return _("{term} ({source})").format(term=term, source=TermSource(row.term_source).label)


def _unknown_year(row: WorkOrder, status: OrderStatus, calendar: Calendar) -> int | None:
    """Return the year whose calendar is missing, where that is why an order has no deadline."""
    if row.due_at is not None or status not in (*RUNNING, OrderStatus.TO_VERIFY):
        return None
    year = row.begun_at.astimezone().year
    while year in calendar.years:
        year += 1
    return year


def _reference(session: Session, order_id: int | None) -> tuple[int, str] | None:
    if order_id is None:
        return None
    other = session.get_one(WorkOrder, order_id)
    return other.id, other.number


def numbers_before(session: Session, row: WorkOrder) -> str:
    """Return the number of the order that an order follows, '' for none, inside a running transaction."""
    follows = _reference(session, row.follows_id)
    return "" if follows is None else follows[1]


def _followers(session: Session, order_id: int) -> tuple[tuple[int, str], ...]:
    query = select(WorkOrder.id, WorkOrder.number).where(WorkOrder.follows_id == order_id)
    return tuple((row.id, row.number) for row in session.execute(query.order_by(WorkOrder.id)))


def origin_of(session: Session, row: WorkOrder, role: Role) -> Origin | None:
    """Return the record of which an order was made inside a running transaction, to a role that may read it."""
    known = _ORIGINS.get(Source(row.source))
    if not row.origin or known is None or role not in STAFF:
        return None
    kind, find = known
    found = find(session, row.origin)
    return Origin(kind, *found) if found is not None else Origin(kind, None, "")


def is_origin_gone(session: Session, source: Source, origin: str) -> bool:
    """Return whether the record of which an order is to be made is no longer there, as far as it is known here."""
    known = _ORIGINS.get(source)
    return known is not None and bool(origin) and known[1](session, origin) is None


def _ladder(row: WorkOrder, status: OrderStatus, told: Sequence[ToldBefore]) -> tuple[LadderStep, ...]:
    """Return whom to tell from when, and who was told; nothing while there is nothing to tell."""
    last = {one.level: one for one in told if one.at >= (row.due_at or started_at(row))}
    due = row.due_at if status in RUNNING else None
    if due is None and not last:
        return ()
    return tuple(
        LadderStep(rung.level, None if due is None else due + rung.after, last.get(rung.level))
        for rung in terms().escalation
    )


def findings_of(session: Session, order_id: int) -> tuple[Finding, ...]:
    """Return the failed items of an order, with how often the same failed before, inside a running transaction.

    An item that no longer counts as failed stays in the order, which was made of it, and says so.
    """
    ids = session.scalars(select(OrderFinding.visit_result_id).where(OrderFinding.order_id == order_id)).all()
    before = findings.failed_before(session, ids)
    failed = findings.failed_items(session, ids)
    items = findings.failed_items(session, ids, corrected=True)
    waiting = set(findings.still_failed(session, [(one.id, one.visit_id) for one in failed.values()]))
    return tuple(
        Finding(item, before.get(key, 0), key in failed.keys() - waiting, key not in failed)
        for key, item in items.items()
    )


def _told(session: Session, order_id: int) -> tuple[ToldBefore, ...]:
    rows = session.scalars(
        select(OrderNotice).where(OrderNotice.order_id == order_id).order_by(OrderNotice.at, OrderNotice.id)
    )
    return tuple(ToldBefore(Level(row.level), row.person, row.at, row.means) for row in rows)


def _events(session: Session, steps: Sequence[OrderStep], role: Role) -> tuple[Event[OrderStatus], ...]:
    """List what happened: by whom for roles that may read the trail."""
    may_read = role in REVIEWERS
    names = dict(session.execute(select(OperatorRow.login, OperatorRow.name)).all()) if may_read else {}
    return tuple(
        _event(step, before, names.get(step.operator, step.operator) if may_read else "")
        for before, step in pairwise([None, *steps])
        if step is not None
    )


def _event(step: OrderStep, before: OrderStep | None, by: str) -> Event[OrderStatus]:
    [known] = as_steps([step])
    may_move = known.is_change or known.is_rejection
    changed = _changed(step, before) if may_move and before is not None else ""
    detail = (f"{step.at.astimezone():%H:%M}", step.assignee, _done(step), changed)
    return Event(
        step.at.astimezone().date(),
        known.after,
        known.before,
        by,
        step.note,
        " · ".join(filter(None, detail)),
        _what(known, changed),
    )


def _what(step: Step, changed: str) -> str:
    """Return what a step did that no act of the course does, '' for others."""
    if step.before is OrderStatus.MERGED:
        return _("Open again: the order that it was merged into was cancelled")
    return "" if not step.is_change else _("Kind or deadline changed") if changed else _("Edited")


def _changed(step: OrderStep, before: OrderStep) -> str:
    """Return how a step changed severity and deadline, by the step before it."""
    parts = []
    if step.severity != before.severity:
        severities = (OrderSeverity(one.severity).label for one in (before, step))
        parts.append(_("{before} → {after}").format(before=next(severities), after=next(severities)))
    if step.due_at != before.due_at:
        due = [
            "–" if one.due_at is None else f"{one.due_at.astimezone():%m-%d %H:%M}" for one in (before, step)
        ]
        parts.append(_("due {before} → {after}").format(before=due[0], after=due[1]))
    return _(", ").join(parts)


def _done(step: OrderStep) -> str:
    """Return when the work was done that a step reports, where that was not when it was reported."""
    if step.done_at is None or step.done_at == step.at:
        return ""
    return _("done {moment}").format(moment=f"{step.done_at.astimezone():%m-%d %H:%M}")
