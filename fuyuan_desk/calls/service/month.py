"""The month sheet for 社区云: the calls of a year or month, and marking them as entered there."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import REVEALERS, Seat, permit
from fuyuan_desk.calls.catalogue import month_sheet
from fuyuan_desk.calls.facts import MonthOrder, SheetRow
from fuyuan_desk.calls.records import ResidentCall
from fuyuan_desk.calls.rules import How, month_faults, period_of
from fuyuan_desk.calls.service import residents
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.kit.guards import refuse_wrong


@permit(*REVEALERS)
def month_for_export(seat: Seat, order: ExportOrder, months: MonthOrder) -> Export[SheetRow]:
    """Return the calls of a year or month as 社区云 has them, the earliest first, and audit this.

    Names and what was said are masked unless the order is for unmasked data and a second person agrees.
    """
    with seat.transaction() as session, in_chinese():
        refuse_wrong(month_faults(months, seat.today()))
        calls = _calls(session, months)
        rows = _rows(session, calls, unmasked=order.unmasked)
        return export_rows(
            seat, session, order, ResidentCall.__tablename__, rows,
            filtered=True, more={"year": months.year, "month": months.month, "only_open": months.only_open},
        )  # fmt: skip


def _calls(session: Session, months: MonthOrder) -> Sequence[ResidentCall]:
    first, last = period_of(months.year, months.month)
    chosen = [ResidentCall.called_on.between(first, last)]
    if months.only_open:
        chosen.append(ResidentCall.entered_on.is_(None))
    order = (ResidentCall.called_on, ResidentCall.called_at, ResidentCall.id)
    return session.scalars(select(ResidentCall).where(*chosen).order_by(*order)).all()


def _rows(session: Session, calls: Sequence[ResidentCall], *, unmasked: bool) -> tuple[SheetRow, ...]:
    keys = {call.resident for call in calls}
    homes = residents.homes_of(session, keys)
    names = residents.names_of(session, keys, unmasked=unmasked)
    hidden = month_sheet()["masked"]
    return tuple(
        SheetRow(
            call.id,
            call.version,
            call.called_on,
            call.entered_on is not None,
            (
                names.get(call.resident, ""),
                homes.get(call.resident, ""),
                name_of(How, call.how),
                _moment(call.called_on, call.called_at),
                call.staff,
                call.said if unmasked or not call.said else hidden,
                call.label,
            ),
        )
        for call in calls
    )


def _moment(day: date, clock: str) -> str:
    return f"{day.isoformat()} {clock}".strip()
