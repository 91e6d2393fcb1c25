"""What work orders add to the file of an estate: the orders of the last year, and what still waits for one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.dossier import (
    Column,
    Item,
    Listing,
    Privacy,
    Section,
    Value,
    listing,
    office_value,
    value,
)
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.free_texts import Mask
from fuyuan_desk.inspections.service import findings
from fuyuan_desk.kit.queries import Reader
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.workorders.records import OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.orders import OPEN, OrderSeverity, OrderStatus, is_overdue
from fuyuan_desk.workorders.rules.places import REPEATED
from fuyuan_desk.workorders.service.residents import masks_of
from fuyuan_desk.workorders.service.waiting import waiting_ids


def of_estate(session: Session, estate_id: int, reader: Reader) -> Iterator[Section]:
    """Yield the orders of an estate that were made in the last year or are open, and how many findings have none."""
    midnight = datetime.combine(reader.today, time.min).astimezone()
    since = midnight - REPEATED
    rows = session.scalars(
        select(WorkOrder)
        .where(
            WorkOrder.estate_id == estate_id,
            or_(WorkOrder.begun_at >= since, WorkOrder.status.in_(OPEN)),
        )
        .order_by(WorkOrder.begun_at.desc(), WorkOrder.id.desc())
    ).all()
    counts = Counter(row.status for row in rows)
    still_open = sum(counts[status] for status in OPEN)
    overdue = sum(is_overdue(OrderStatus(row.status), row.due_at, midnight) for row in rows)
    again = set(
        session.scalars(
            select(OrderStep.order_id).where(
                OrderStep.order_id.in_([row.id for row in rows]), OrderStep.before == OrderStatus.DONE
            )
        )
    )
    waiting = findings.failed_items(session, waiting_ids(session, reader.today)).values()
    items = (
        Item(_("Number of work orders"), office_value(len(rows))),
        Item(OrderStatus.DONE.label, office_value(counts[OrderStatus.DONE])),
        Item(_("Open work orders"), office_value(still_open)),
        Item(_("of them overdue"), office_value(overdue)),
        Item(_("Reopened, as it was not mended"), office_value(len(again))),
        Item(
            _("Findings without an order"), office_value(sum(one.estate_id == estate_id for one in waiting))
        ),
    )
    yield Section("orders", _("Work orders of the last year"), items, (_listing(session, rows),))


def _listing(session: Session, rows: Sequence[WorkOrder]) -> Listing:
    names = organisations.names_of(session, {row.organisation_id for row in rows if row.organisation_id})
    columns = (
        Column(_("Number"), 12),
        Column(_("Reported on"), 10),
        Column(_("Kind of order"), 9),
        Column(_("Place"), 12),
        Column(_("What is to be done"), 22),
        Column(_("Responsible"), 16),
        Column(_("State"), 9),
        Column(_("Due"), 10),
        Column(_("Order closed on"), 10),
        Column(_("What was done"), 14),
    )
    masks = masks_of(session, [row.id for row in rows], printed=True)  # a file is handed out
    return listing(
        columns, (_row(row, masks[row.id], names) for row in rows), nothing=_("No work order is recorded.")
    )


def _row(row: WorkOrder, shown: Mask, names: dict[int, str]) -> tuple[Value, ...]:
    closed = None if row.closed_at is None else row.closed_at.astimezone().date()
    return (
        office_value(row.number),
        office_value(row.begun_at.astimezone().date()),
        office_value(name_of(OrderSeverity, row.severity)),
        office_value(shown(row.place)),
        office_value(shown(row.title)),
        office_value(names.get(row.organisation_id or 0, "")),
        office_value(name_of(OrderStatus, row.status)),
        office_value(row.due_on),
        office_value(closed),
        value(Privacy.TEXT, row.done_note),
    )
