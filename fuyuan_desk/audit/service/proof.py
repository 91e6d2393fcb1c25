"""The content of the proof sheet: where the audit trail ends now, and where it ended in earlier months."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, func, select

from fuyuan_desk.access.seat import REVIEWERS, Seat, permit
from fuyuan_desk.access.settings import office_settings
from fuyuan_desk.audit.facts import Point, TrailProof
from fuyuan_desk.audit.rules import months_before
from fuyuan_desk.audit.service.entries import midnight
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import entries
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.check import check_trail

MONTHS = 12


@permit(*REVIEWERS)
def proof_for_print(seat: Seat, progress: Progress | None = None) -> TrailProof:
    """Check the trail, return what the proof sheet says, and audit the print.

    The sheet names the last entry before the one that records its print. As slow as the check of the chain, and may
    run on any thread. Raises `Conflict` when there is no entry, `Cancelled`.
    """
    checked, finding = check_trail(seat.store, progress)
    with seat.transaction() as session:
        connection = session.connection()
        number = entries.last_id(connection)
        end = next(_points(connection, [number]), None)
        if end is None:
            raise Conflict(_("The audit log holds no entry. Check the data in the settings."))
        proof = TrailProof(
            office=office_settings(session, seat.now()).heading,
            made=seat.now(),
            operator=seat.operator.name,
            entries=entries.count(connection),
            end=end,
            earlier=_earlier(connection, seat.today()),
            erasures=session.scalar(select(func.count()).select_from(audit.Redaction)) or 0,
            checked=checked,
            faults=len(finding.faults),
        )
        audit.note(session, "print", audit.AuditEntry.__tablename__, None, {"entry": number})
        return proof


def _points(connection: Connection, numbers: list[int]) -> Iterator[Point]:
    read, hashes = entries.read(connection, numbers, 0), entries.hashes(connection, numbers)
    for number in numbers:
        if number in read:
            yield Point(number, hashes[number], read[number].at)


def _earlier(connection: Connection, today: date) -> tuple[Point, ...]:
    """Return the last entry of each of the last months that have one, newest first."""
    found: list[int] = []
    for first, after in months_before(today, MONTHS):
        criteria = entries.Filter(since=midnight(first), before=midnight(after))
        numbers, _more = entries.find(connection, criteria, 1)
        found += numbers
    return tuple(_points(connection, found))
