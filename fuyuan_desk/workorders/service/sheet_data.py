"""The data of printed work orders, and of notices to put something right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.access.settings import office_calendar, office_settings
from fuyuan_desk.estates.service import estates
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service.clock import unsettled_year
from fuyuan_desk.workorders.service.detail import findings_of, get_order, numbers_before
from fuyuan_desk.workorders.service.places import earlier_at_place
from fuyuan_desk.workorders.sheets import OrderFinding, OrderSheet


@dataclass(frozen=True)
class OrderPapers:
    """The data of printed orders, with the name of the office and the date of the file."""

    sheets: tuple[OrderSheet, ...]
    office: str
    made: date


@permit(*EVERYONE)
def order_papers(seat: Seat, order_ids: Sequence[int]) -> OrderPapers:
    """Return the data of work orders for printing, and audit this; residents are not named on them."""
    sheets = []
    with seat.transaction() as session:
        office = office_settings(session, seat.now()).printed_name
        calendar = office_calendar(session)
        for order_id in order_ids:
            row = get_order(session, order_id)
            audit.note(session, "print", WorkOrder.__tablename__, order_id, {"sheet": row.number})
            names = organisations.names_of(session, [row.organisation_id] if row.organisation_id else [])
            found = findings_of(session, row.id)
            sheets.append(
                OrderSheet(
                    number=row.number,
                    uid=row.uid,
                    estate=estates.describe_estates(session, [row.estate_id]).get(row.estate_id, ""),
                    place=row.place,
                    title=row.title,
                    description=row.description,
                    severity=row.severity,
                    begun=row.begun_at,
                    due=row.due_at,
                    term_source=row.term_source,
                    organisation=next(iter(names.values()), ""),
                    person=row.person,
                    findings=tuple(
                        OrderFinding(
                            one.item.text,
                            one.item.remark,
                            "\n".join(one.item.clauses),
                            one.item.visit,
                            one.before,
                        )
                        for one in found
                        if not one.is_withdrawn
                    ),
                    earlier=tuple(one.number for one in earlier_at_place(session, row)),
                    follows=numbers_before(session, row),
                    unsettled_year=unsettled_year(row, calendar),
                    is_paused=row.status == OrderStatus.PAUSED,
                )
            )
    return OrderPapers(tuple(sheets), office, seat.today())
