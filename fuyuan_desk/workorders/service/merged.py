"""What was merged into an order, inside a running transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.orders import OrderStatus, Source
from fuyuan_desk.workorders.service.clock import take_step


def freed_with(session: Session, order_id: int) -> list[WorkOrder]:
    """Return the orders that are open again once the one that they were merged into is cancelled.

    An order of findings stays merged: these are without an order again. What was merged into it before is free, too.
    """
    merged = session.scalars(
        select(WorkOrder).where(WorkOrder.merged_into_id == order_id).order_by(WorkOrder.id)
    ).all()
    found = []
    for row in merged:
        found += freed_with(session, row.id) if row.source == Source.FINDING else [row]
    return found


def set_free(seat: Seat, session: Session, row: WorkOrder, cancelled: WorkOrder, reason: str) -> None:
    """Open an order again, to be dispatched: the one that was to do it is cancelled; its clock ran on."""
    row.merged_into_id, row.closed_at = None, None
    take_step(seat, session, row, OrderStatus.TO_DISPATCH, reason, cancelled.number)
