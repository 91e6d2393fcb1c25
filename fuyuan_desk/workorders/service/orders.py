"""Listing work orders, and handing the list on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Role, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core.periods import Overdue
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.free_texts import Mask
from fuyuan_desk.estates.service import estates
from fuyuan_desk.kit.book import BookQuery, Line, Option
from fuyuan_desk.kit.conditions import Filter, chosen
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.kit.table import Table
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.search.reasons import Field
from fuyuan_desk.workorders.book import order_book
from fuyuan_desk.workorders.facts import OrderFields
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.escalation import Telling
from fuyuan_desk.workorders.rules.orders import OPEN, RUNNING, OrderStatus, is_overdue
from fuyuan_desk.workorders.service.clock import unsettled_year
from fuyuan_desk.workorders.service.residents import masks_of
from fuyuan_desk.workorders.service.telling import tellings

_LONGEST = timedelta(days=366)
"""No term of an order is longer."""


def _unsettled(session: Session, rows: Sequence[Any]) -> dict[int, int]:
    """Return the year whose holidays are not published, by the orders whose deadline may move with it."""
    calendar = office_calendar(session)
    days = {row.id: row.due_on for row in rows if row.due_on is not None and row.status in OPEN}
    late = [key for key, day in days.items() if calendar.unsettled_year(day - _LONGEST, day) is not None]
    found = session.scalars(select(WorkOrder).where(WorkOrder.id.in_(functions.keys(late)))) if late else ()
    years = {row.id: unsettled_year(row, calendar) for row in found}
    return {key: year for key, year in years.items() if year is not None}


@dataclass(frozen=True)
class OrderTable(Table[WorkOrder, OrderFields]):
    """The table of orders, whose texts are masked for whoever reads them; the search finds by all of them.

    `printed`: the list leaves the office.
    """

    printed: bool = False

    def find(
        self, session: Session, query: BookQuery, offset: int = 0, limit: int = 200
    ) -> Page[Line[OrderFields]]:
        page = super().find(session, query, offset, limit)
        return replace(page, rows=self._masked(session, page.rows))

    def lines(self, session: Session, rows: Sequence[WorkOrder]) -> tuple[Line[OrderFields], ...]:
        return self._masked(session, super().lines(session, rows))

    def found_by(self, session: Session, ids: Collection[int]) -> dict[int, list[Field]]:
        masks = masks_of(session, ids)
        return {
            key: [field._replace(shown=masks[key](field.shown)) for field in fields]
            for key, fields in super().found_by(session, ids).items()
        }

    def paper(
        self, seat: Seat, session: Session, query: BookQuery, within: Sequence[tuple[str, str]] = ()
    ) -> ListPaper:
        return replace(super().paper(seat, session, query, within), masked=True)

    def _masked(self, session: Session, lines: Sequence[Line[OrderFields]]) -> tuple[Line[OrderFields], ...]:
        masks = masks_of(session, [line.id for line in lines], printed=self.printed)
        return tuple(replace(line, fields=_masked(line.fields, masks[line.id])) for line in lines)


def _masked(fields: OrderFields, shown: Mask) -> OrderFields:
    return replace(fields, title=shown(fields.title), place=shown(fields.place))


def table_at(now: datetime | None, *, printed: bool = False) -> OrderTable:
    """Return the table of orders as it is listed at a moment: with who is to be told.

    One is overdue from the minute of its deadline on.
    """

    def overdue(_session: Session, rows: Sequence[WorkOrder]) -> dict[int, bool]:
        return {
            row.id: now is not None and is_overdue(OrderStatus(row.status), row.due_at, now) for row in rows
        }

    def tell(session: Session, rows: Sequence[Any]) -> Mapping[int, Telling]:
        return {} if now is None else tellings(session, rows, now)

    def due(_session: Session, value: Any) -> ColumnElement[bool]:
        is_asked = isinstance(value, Overdue) and now is not None
        return WorkOrder.due_at < now if is_asked else chosen(WorkOrder.due_on, value)

    return OrderTable(
        WorkOrder,
        OrderFields,
        order_book,
        references={"estate_id": estates.describe_estates, "organisation_id": organisations.names_of},
        extras={"unsettled": _unsettled, "overdue": overdue, "tell": tell},
        newest_first=True,
        filters={"due_on": Filter(due, _due_in_words)},
        holds=Holds.OFFICERS,
        printed=printed,
    )


def _due_in_words(_session: Session, value: Any) -> str:
    return _("Overdue") if isinstance(value, Overdue) else ""


TABLE = table_at(None)
"""For what does not ask whether an order is overdue."""


@permit(*EVERYONE)
def list_orders(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[OrderFields]]:
    """List a window of the matching orders, the latest first by default."""
    with seat.reading() as session:
        return table_at(seat.now()).find(session, query or BookQuery(), offset, limit)


@permit(*EVERYONE)
def orders_to_merge_into(seat: Seat, order_id: int) -> tuple[Option, ...]:
    """Return the orders into which one can be merged: those of its estate that are to be done, the latest first."""
    with seat.reading() as session:
        order = TABLE.get(session, order_id)
        rows = session.execute(
            select(WorkOrder.id, WorkOrder.number, WorkOrder.title)
            .where(
                WorkOrder.estate_id == order.estate_id,
                WorkOrder.id != order_id,
                WorkOrder.status.in_(RUNNING),
            )
            .order_by(WorkOrder.id.desc())
        ).all()
        masks = masks_of(session, [row.id for row in rows])
        return tuple(Option(row.id, f"{row.number} {masks[row.id](row.title)}") for row in rows)


@permit(*EVERYONE)
def responsible_options(seat: Seat) -> tuple[Option, ...]:
    """Return the organisations that may be responsible; to a property company, those of the orders that it sees."""
    with seat.reading() as session:
        seen = None
        if seat.operator.role is Role.PROPERTY:
            found = session.scalars(select(WorkOrder.organisation_id).distinct())
            seen = {one for one in found if one is not None}
        return organisations.options(session, seen)


@permit(*REVEALERS)
def orders_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[OrderFields]]:
    """Return the filtered list for an export, and audit this."""
    with seat.transaction() as session:
        return table_at(seat.now(), printed=True).export(seat, session, order, query)


@permit(*EVERYONE)
def orders_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, such as that of what is not done yet (未完成清单), and audit this."""
    with seat.transaction() as session:
        return table_at(seat.now(), printed=True).paper(seat, session, query)


_REVEALED = {"reporter", "reporter_phone", "phone"}


@permit(*REVEALERS)
def reveal_order(seat: Seat, order_id: int, field: str) -> str:
    """Return one personal value of an order unmasked, and audit it."""
    if field not in _REVEALED:
        raise ValueError(f"no such personal value: {field}")
    with seat.transaction() as session:
        row = TABLE.get(session, order_id)
        log_reveal(seat, session, WorkOrder.__tablename__, order_id, {"field": field})
        return str(getattr(row, field))


# --- for other jobs ------------------------------------------------------------------------------------


def index_orders(session: Session, order_ids: Iterable[int]) -> None:
    """Update the search entries of orders."""
    session.flush()
    TABLE.index(session, session.scalars(select(WorkOrder).where(WorkOrder.id.in_(list(order_ids)))).all())


def order_of_uid(session: Session, uid: str) -> int | None:
    """Find an order's key by its uid."""
    return session.scalar(select(WorkOrder.id).where(WorkOrder.uid == uid))


def outlines(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return title and detail of orders by key, for search hits."""
    rows = session.scalars(select(WorkOrder).where(WorkOrder.id.in_(ids))).all()
    return {
        line.id: (
            TABLE.book().name(line.fields),
            " · ".join(filter(None, (line.names["estate_id"], line.fields.place, _due(line.fields.due_on)))),
        )
        for line in TABLE.lines(session, rows)
    }


def _due(day: date | None) -> str:
    return _("by {day}").format(day=day) if day is not None else ""
