"""What a property company could ask the services of work orders for, of every estate, by the name of an argument."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.estates.records import Estate
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.workorders.facts import WorkDone
from fuyuan_desk.workorders.records import OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.orders import OPEN
from fuyuan_desk.workorders.service import photos


def order_arguments(seat: Seat) -> dict[str, list[Any]]:
    """Return the values of the arguments that other services do not have."""
    with seat.store.use() as session:
        ids = list(session.scalars(select(WorkOrder.id)))
    return {
        "order_id": ids,
        "order_ids": [[one] for one in ids],
        "version": [None],
        "reason": ["不归我们"],
        "done": [WorkDone(seat.now(), "何斌", "换灯")],
    }


def add_photo_of_work(seat: Seat, estate: str, photo: NewPhoto) -> None:
    """Add a photo from after the work to an open order of an estate: those from before are the committee's."""
    is_open = WorkOrder.status.in_(OPEN), Estate.name == estate
    query = select(WorkOrder.id).join(Estate, Estate.id == WorkOrder.estate_id).where(*is_open)
    with seat.store.use() as session:
        order = session.scalars(query).first()
    assert order is not None
    photos.add_after(seat, order, (photo,))


def order_queries(estates: list[int], typed: list[str]) -> list[BookQuery]:
    """Return what the list of orders could be asked for."""
    return [BookQuery(facets={"estate_id": one}) for one in estates] + [BookQuery(text) for text in typed]


def order_uids(seat: Seat, estates: Collection[int]) -> set[str]:
    """Return the uids of the orders of these estates and of their steps, to which photos belong."""
    mine = select(WorkOrder.id).where(WorkOrder.estate_id.in_(estates))
    with seat.store.use() as session:
        return {
            *session.scalars(select(WorkOrder.uid).where(WorkOrder.id.in_(mine))),
            *session.scalars(select(OrderStep.uid).where(OrderStep.order_id.in_(mine))),
        }
