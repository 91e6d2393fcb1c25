"""What follows from an order while its form is filled in: until when it is to be done, and what was at its place."""

from datetime import datetime

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core.calendar import Unit, due_at
from fuyuan_desk.facilities.service.places import key_of, places_of
from fuyuan_desk.workorders.facts import Outlook
from fuyuan_desk.workorders.rules.orders import OrderSeverity
from fuyuan_desk.workorders.service.clock import term_of
from fuyuan_desk.workorders.service.places import orders_at


@permit(*WRITERS)
def outlook(seat: Seat, estate_id: int, severity: str, begun_at: datetime, place: str) -> Outlook:
    """Return what follows from an order that is reported at a moment."""
    with seat.reading() as session:
        day = begun_at.astimezone().date()
        term, _source = term_of(session, estate_id, OrderSeverity(severity), day)
        calendar = office_calendar(session)
        due = due_at(begun_at, term, calendar)
        in_days = due is not None and term.unit is not Unit.MINUTES
        year = calendar.unsettled_year(day, due.astimezone().date()) if due is not None and in_days else None
        places = places_of(session, estate_id)
        key = key_of(place, places)
        earlier = orders_at(session, estate_id, key, place.strip(), begun_at) if place.strip() else ()
        return Outlook(due, year, bool(key), earlier)
