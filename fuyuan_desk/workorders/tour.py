"""The tour of the page of work orders."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from fuyuan_desk.kit.job import Tour
from fuyuan_desk.workorders.facts import OrderDetail
from fuyuan_desk.workorders.service.detail import order_detail
from fuyuan_desk.workorders.service.orders import list_orders
from fuyuan_desk.workorders.service.sheet_data import order_papers
from fuyuan_desk.workorders.sheets import notice_sheet, order_sheets


def walk(tour: Tour) -> Iterator[Path]:
    """Show the list, an order that is in progress, one that is closed, the findings without an order, the papers.

    The one that is closed has photos from before and after the work, which its paper prints side by side.
    """
    page = tour.go("orders")
    page.show_list()
    yield tour.picture("orders")
    rows = tour.ask(list_orders).rows
    under_way = next(row.id for row in rows if row.fields.status == "in-progress")
    page.open_order(under_way)
    yield tour.picture("order")
    closed = [row.id for row in rows if row.fields.status == "verified"]
    verified = next(key for key in closed if _has_photos(tour.ask(partial(order_detail, order_id=key))))
    page.open_order(verified)
    yield tour.picture("order-verified")
    page.show_waiting()
    yield tour.picture("findings")
    papers = tour.ask(lambda seat: order_papers(seat, [under_way, verified]))
    yield tour.paper("order", order_sheets(papers.sheets, papers.office, papers.made).pdf)
    yield tour.paper("notice", notice_sheet(papers.sheets[0], papers.office, papers.made).pdf)


def _has_photos(order: OrderDetail) -> bool:
    return bool(order.before and order.after)
