"""What a work order takes from a call: where, what, since when, and who asked for it."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.calls.book import name
from fuyuan_desk.calls.records import ResidentCall
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service import residents
from fuyuan_desk.calls.service.calls import TABLE
from fuyuan_desk.estates.service.for_other_jobs import place_of_unit
from fuyuan_desk.estates.service.residents import phone_of

_OPENING = time(9)


@dataclass(frozen=True)
class CallMatter:
    """What a call says for an order, unmasked; `what` is what follows from the call.

    `at` is the opening hour of its day if `is_timed` is False: the time was not recorded.
    """

    uid: str
    estate_id: int
    place: str
    what: str
    at: datetime
    is_timed: bool
    reporter: str = ""
    phone: str = ""


def matter_of(seat: Seat, session: Session, call_id: int) -> CallMatter:
    """Return what a call says for an order inside a running transaction, and audit that its resident is named.

    What was said is left out: an order is handed to others, who need to know what is to be done.
    """
    row = TABLE.get(session, call_id)
    called = Called.of(row.resident)
    reporter = phone = ""
    if called is not None and called.household_id:
        log_reveal(seat, session, ResidentCall.__tablename__, call_id, {"field": "form"})
        reporter = residents.names_of(session, [row.resident], unmasked=True)[row.resident]
        phone = phone_of(session, called.household_id, called.person_id)
    clock = time.fromisoformat(row.called_at) if row.called_at else _OPENING
    at = min(datetime.combine(row.called_on, clock).astimezone(), seat.now())
    place = place_of_unit(session, called.unit_id) if called is not None else ""
    return CallMatter(row.uid, row.estate_id, place, row.follow_up, at, bool(row.called_at), reporter, phone)


def uid_of_call(session: Session, call_id: int) -> str:
    """Return the uid of a call inside a running transaction, by which the orders are found that were made of it."""
    return TABLE.get(session, call_id).uid


def call_of_uid(session: Session, uid: str) -> tuple[int, str] | None:
    """Return key and name of a call inside a running transaction, None if it is no longer there."""
    row = session.scalars(select(ResidentCall).where(ResidentCall.uid == uid)).one_or_none()
    return None if row is None else (row.id, name(TABLE.lines(session, [row])[0].fields))
