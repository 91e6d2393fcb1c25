"""The places of an estate for orders, and the orders at one place."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.facilities.service.places import is_at, key_of, places_of
from fuyuan_desk.workorders.facts import OrdersHere
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.orders import OPEN, OrderStatus
from fuyuan_desk.workorders.rules.places import REPEATED, PlaceOrder
from fuyuan_desk.workorders.service.residents import masks_of

_NOT_COUNTED = (OrderStatus.MERGED, OrderStatus.CANCELLED)


@permit(*EVERYONE)
def place_options(seat: Seat, estate_id: int) -> tuple[str, ...]:
    """Return how the places of an estate are written, buildings first, to be offered while one is typed."""
    with seat.reading() as session:
        return tuple(place.text for place in places_of(session, estate_id))


@permit(*EVERYONE)
def orders_here(seat: Seat, estate_id: int, text: str, most: int = 4, key: str = "") -> OrdersHere:
    """Return the orders of the last year at a place and its parts, open ones first; of the whole estate for ''.

    The place is the one with a key, or the one that the text names.
    """
    with seat.reading() as session:
        query = _counted(estate_id).where(WorkOrder.begun_at >= seat.now() - REPEATED)
        if text.strip():
            key = key or key_of(text, places_of(session, estate_id))
            here = is_at(WorkOrder, key, text.strip())
            part = WorkOrder.place_key.startswith(f"{key}/", autoescape=True)
            query = query.where(or_(here, part) if key else here)
        count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        is_closed = case((WorkOrder.status.in_(OPEN), 0), else_=1)
        first = query.order_by(None).order_by(is_closed, WorkOrder.begun_at.desc(), WorkOrder.id.desc())
        return OrdersHere(count, _orders(session, first.limit(most)))


# --- inside a running transaction ----------------------------------------------------------------------


def earlier_at_place(session: Session, row: WorkOrder) -> tuple[PlaceOrder, ...]:
    """Return the orders at the place of an order in the year before it, the latest first."""
    if not row.place:
        return ()
    return orders_at(session, row.estate_id, row.place_key, row.place, row.begun_at, row.id)


def orders_at(
    session: Session, estate_id: int, key: str, text: str, until: datetime, order_id: int | None = None
) -> tuple[PlaceOrder, ...]:
    """Return the orders at a place in the year until a moment, of those at that moment the ones before an order."""
    is_before = WorkOrder.begun_at <= until
    if order_id is not None:
        is_same_moment = and_(WorkOrder.begun_at == until, WorkOrder.id < order_id)
        is_before = or_(WorkOrder.begun_at < until, is_same_moment)
    recent = WorkOrder.begun_at >= until - REPEATED
    return _orders(session, _counted(estate_id).where(recent, is_before, is_at(WorkOrder, key, text)))


def _counted(estate_id: int) -> Any:
    columns = WorkOrder.id, WorkOrder.number, WorkOrder.title, WorkOrder.status
    query = select(*columns, WorkOrder.place, WorkOrder.place_key)
    query = query.where(WorkOrder.estate_id == estate_id, WorkOrder.status.not_in(_NOT_COUNTED))
    return query.order_by(WorkOrder.begun_at.desc(), WorkOrder.id.desc())


def _orders(session: Session, query: Any) -> tuple[PlaceOrder, ...]:
    rows = session.execute(query).all()
    masks = masks_of(session, [row.id for row in rows])
    return tuple(PlaceOrder(row.id, row.number, masks[row.id](row.title), row.status) for row in rows)
