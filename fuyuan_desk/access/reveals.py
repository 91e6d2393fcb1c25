"""Personal data shown or printed unmasked: each is logged, and many in a short time need a second person.

Counted are the entries of the trail: what is shown, a form that is opened with its values, a form printed unmasked and
a record in a report for a person, each as one. The count starts anew when somebody agreed.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.core.texts import N_, numbered
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry, Event

MOST = 20
WITHIN = timedelta(minutes=10)


def log_reveal(seat: Seat, session: Session, table: str, record_id: int, detail: Mapping[str, Any]) -> None:
    """Log that personal values of a record are shown; raise `SecondNeeded` if it is one too many."""
    log_disclosures(seat, session, [Event("reveal", table, record_id, None, detail)])


def log_disclosures(seat: Seat, session: Session, events: Iterable[Event]) -> None:
    """Log that personal values are shown or printed, before they are; raise `SecondNeeded` if they are too many.

    A confirmation follows what it is for, so that the next count starts after it.
    """
    audit.append(session, events)
    count = _count(seat, session)
    if count > MOST:
        what = numbered(count, N_("{n} personal value"), N_("{n} personal values"))
        seat.require_second(session, ProtectedAction.BULK_REVEAL, what)


def _count(seat: Seat, session: Session) -> int:
    """Return how many entries of this operator are newer than ten minutes and her last agreement."""
    own = AuditEntry.operator == seat.operator.login
    agreed = select(func.max(AuditEntry.id)).where(
        own,
        AuditEntry.action.in_(("confirm", "alone")),
        AuditEntry.table_name == OperatorRow.__tablename__,
        AuditEntry.changes.contains(f'"act":"{ProtectedAction.BULK_REVEAL}"', autoescape=True),
    )
    disclosed = or_(
        AuditEntry.action.in_(("reveal", "person_report")),
        and_(AuditEntry.action == "print", AuditEntry.changes.contains('"revealed":true')),
    )
    # with a clock set back, all that is later than now counts
    since = AuditEntry.at > seat.now() - WITHIN
    counted = select(func.count()).where(own, disclosed, since, AuditEntry.id > (session.scalar(agreed) or 0))
    return session.scalar(counted) or 0
