"""The tour of the page of work orders."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour
from fuyuan_desk.workorders.service.orders import list_orders
from fuyuan_desk.workorders.service.sheet_data import order_papers
from fuyuan_desk.workorders.sheets import notice_sheet, order_sheets


def walk(tour: Tour) -> Iterator[Path]:
    """Show the list, an order that is in progress, one that is closed, the findings without an order, the papers."""
    page = tour.go("orders")
    page.show_list()
    yield tour.picture("orders")
    rows = tour.ask(list_orders).rows
    under_way = next(row.id for row in rows if row.fields.status == "in-progress")
    page.open_order(under_way)
    yield tour.picture("order")
    verified = next(row.id for row in rows if row.fields.status == "verified")
    page.open_order(verified)
    yield tour.picture("order-verified")
    page.show_waiting()
    yield tour.picture("findings")
    papers = tour.ask(lambda seat: order_papers(seat, [under_way, verified]))
    yield tour.paper("order", order_sheets(papers.sheets, papers.office, papers.made).pdf)
    yield tour.paper("notice", notice_sheet(papers.sheets[0], papers.office, papers.made).pdf)
