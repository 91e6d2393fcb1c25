"""Orders that were made of calls on residents, for the page of calls."""

from sqlalchemy import select

from fuyuan_desk.access.seat import STAFF, WRITERS, Seat, permit
from fuyuan_desk.calls.service.for_orders import CallMatter, matter_of, uid_of_call
from fuyuan_desk.workorders.facts import NewOrder
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.orders import OrderSeverity, OrderStatus, Source
from fuyuan_desk.workorders.rules.places import PlaceOrder
from fuyuan_desk.workorders.service.residents import masks_of

_TITLE = 100


@permit(*STAFF)
def orders_of_call(seat: Seat, call_id: int) -> tuple[PlaceOrder, ...]:
    """Return the orders that were made of a call, the earliest first, without those that were cancelled."""
    with seat.reading() as session:
        rows = session.execute(
            select(WorkOrder.id, WorkOrder.number, WorkOrder.title, WorkOrder.status)
            .where(
                WorkOrder.origin == uid_of_call(session, call_id), WorkOrder.status != OrderStatus.CANCELLED
            )
            .order_by(WorkOrder.id)
        ).all()
        masks = masks_of(session, [row.id for row in rows])
        return tuple(PlaceOrder(row.id, row.number, masks[row.id](row.title), row.status) for row in rows)


@permit(*WRITERS)
def order_of_call(seat: Seat, call_id: int) -> tuple[NewOrder, bool]:
    """Return an order filled with what a call says, unmasked, and whether the time of the call is known."""
    with seat.transaction() as session:
        matter = matter_of(seat, session, call_id)
    return _filled(matter), matter.is_timed


def _filled(matter: CallMatter) -> NewOrder:
    what = matter.what.strip()
    title = what.partition("\n")[0][:_TITLE]
    return NewOrder(
        matter.estate_id,
        title,
        OrderSeverity.GENERAL.value,
        matter.at,
        matter.place,
        what if what != title else "",
        Source.CALL.value,
        matter.reporter,
        matter.phone,
        origin=matter.uid,
    )
