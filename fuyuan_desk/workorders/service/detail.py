"""An order in full: what it says, its findings, what happened to it and who is to be told."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.roles import REVIEWERS, Role
from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.access.settings import office_calendar
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
from fuyuan_desk.workorders.facts import Finding, OrderDetail, ToldBefore
from fuyuan_desk.workorders.records import OrderFinding, OrderNotice, OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.course import OrderFacts
from fuyuan_desk.workorders.rules.escalation import Level, to_be_told
from fuyuan_desk.workorders.rules.orders import (
    OPEN,
    RUNNING,
    OrderStatus,
    TermSource,
    is_overdue,
    term_text,
    without_residents,
)
from fuyuan_desk.workorders.service.clock import steps_of
from fuyuan_desk.workorders.service.photos import photos_of_order


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
        paused_from = OrderStatus(steps_of(session, row.id)[-1].before)
    left = None
    if row.organisation_id is not None and status in OPEN:
        left = left_on(session, row.estate_id, row.organisation_id, seat.today())
    return OrderFacts(status, row.due_at, paused_from, left)


def detail(seat: Seat, session: Session, row: WorkOrder) -> OrderDetail:
    """Return an order in full, masked, as the operator may read it, inside a running transaction."""
    status = OrderStatus(row.status)
    told = _told(session, row.id)
    names = organisations.names_of(session, [row.organisation_id] if row.organisation_id else [])
    is_late = is_overdue(status, row.due_at, seat.now())
    levels = {one.level for one in told}
    before, after = photos_of_order(session, row.id)
    return OrderDetail(
        id=row.id,
        uid=row.uid,
        version=row.version,
        number=row.number,
        estate_id=row.estate_id,
        estate=estates.describe_estates(session, [row.estate_id]).get(row.estate_id, ""),
        place=row.place,
        title=row.title,
        description=_description(row, seat.operator.role),
        severity=row.severity,
        source=row.source,
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
        unknown_year=_unknown_year(row, status, office_calendar(session)),
        done_at=row.done_at,
        done_by=row.done_by,
        done_note=row.done_note,
        verified_at=row.verified_at,
        verified_by=row.verified_by,
        verified_note=row.verified_note,
        merged_into=_merged_into(session, row),
        merged=tuple(
            session.scalars(
                select(WorkOrder.number).where(WorkOrder.merged_into_id == row.id).order_by(WorkOrder.id)
            )
        ),
        findings=findings_of(session, row.id),
        told=told,
        tell=to_be_told(row.due_at, seat.now(), levels, terms().escalation) if is_late else None,
        before=tuple((photo.id, photo.caption) for photo in before),
        after=tuple((photo.id, photo.caption) for photo in after),
        course=facts_of(seat, session, row),
        events=_events(session, steps_of(session, row.id), seat.operator.role),
    )


def _description(row: WorkOrder, role: Role) -> str:
    """Return what an order is about; a property company is told of no resident by it."""
    if role is not Role.PROPERTY:
        return row.description
    return without_residents(row.description, row.reporter, row.reporter_phone)


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


def _merged_into(session: Session, row: WorkOrder) -> tuple[int, str] | None:
    if row.merged_into_id is None:
        return None
    other = session.get_one(WorkOrder, row.merged_into_id)
    return other.id, other.number


def findings_of(session: Session, order_id: int) -> tuple[Finding, ...]:
    """Return the failed items of an order, with how often the same failed before, inside a running transaction."""
    ids = session.scalars(select(OrderFinding.visit_result_id).where(OrderFinding.order_id == order_id)).all()
    before = findings.failed_before(session, ids)
    items = findings.failed_items(session, ids)
    failed = set(findings.still_failed(session, [(one.id, one.visit_id) for one in items.values()]))
    return tuple(Finding(item, before.get(key, 0), key not in failed) for key, item in items.items())


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
        Event(
            step.at.astimezone().date(),
            OrderStatus(step.after),
            OrderStatus(step.before) if step.before else None,
            names.get(step.operator, step.operator) if may_read else "",
            step.note,
            " · ".join(filter(None, (f"{step.at.astimezone():%H:%M}", step.assignee))),
        )
        for step in steps
    )
