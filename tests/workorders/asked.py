"""What a property company could ask the services of work orders for, of every estate, by the name of an argument."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.workorders.facts import WorkDone
from fuyuan_desk.workorders.records import OrderStep, WorkOrder


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
