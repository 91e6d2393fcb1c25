"""Comparison of the office with its backups within reach, which show what no file of the office itself can."""

from collections.abc import Iterable, Iterator

from sqlalchemy import func, select

from fuyuan_desk.access.records import OfficeRow
from fuyuan_desk.access.seat import STAFF, Seat, permit
from fuyuan_desk.backups.rules import Contradiction, PlaceView
from fuyuan_desk.backups.service import places
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import entries
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.backup import reach
from fuyuan_desk.store.backup.reach import End
from fuyuan_desk.store.check import Finding, collect

CONTRADICTS = "contradicts_backup"
_SIGN_INS = ("sign_in", "recover")


@permit(*STAFF)
def check_backups(seat: Seat) -> Finding:
    """Compare the office with every backup within reach; a fault for each that it contradicts."""
    remarks: list[str] = []
    has_compared = False

    def faults() -> Iterator[str]:
        nonlocal has_compared
        views = places.place_views(seat)
        ends = _ends(seat, views, None)
        has_compared = bool(ends)
        if not ends:
            remarks.append(_("No backup is within reach: the office was compared with none."))
        found, last = _contradicted(seat, ends)
        yield from (_fault(end, last) for end in found)

    return Finding(_("Backups"), collect(faults(), seat.store), tuple(remarks), is_known=has_compared)


def furthest_contradiction(seat: Seat, views: Iterable[PlaceView]) -> Contradiction | None:
    """Return the newest backup that the office contradicts; it is logged once after each sign-in.

    The calling service checks permission.
    """
    ends = _ends(seat, views, reach.LATEST)
    found, last = _contradicted(seat, ends)
    if not found:
        return None
    _log_once(seat, found[0])
    return Contradiction(found[0].entry > last, found[0].taken_at, found[0].entry)


def _contradicted(seat: Seat, ends: Iterable[End]) -> tuple[tuple[End, ...], int]:
    """Return the ends that the office contradicts, and the number of its own last entry."""
    with seat.reading() as session:
        connection = session.connection()
        return reach.contradicted(connection, ends), entries.last_id(connection)


def _ends(seat: Seat, views: Iterable[PlaceView], most: int | None) -> tuple[End, ...]:
    roots = [places.root_in(seat.store, view.path.absolute()) for view in views if view.path is not None]
    others = reach.folders_of_other_keys(roots)
    return reach.sealed_ends(places.office_uid(seat.store), seat.store.key, roots, seat.now(), most, others)


def _fault(end: End, last: int) -> str:
    if end.entry > last:
        sentence = _(
            "This office is older than its backup {folder}, which goes to entry {entry} of the audit log; the office"
            " ends at entry {last}. An older copy was put in its place, or rows were removed."
        )
    else:
        sentence = _(
            "Entry {entry} of the audit log is another one in the backup {folder}: the office was changed outside"
            " the program, or another copy of it is in use."
        )
    return sentence.format(folder=end.backup, entry=end.entry, last=last)


def _log_once(seat: Seat, end: End) -> None:
    newest = select(func.max(AuditEntry.id))
    with seat.transaction() as session:
        logged = session.scalar(newest.where(AuditEntry.action == CONTRADICTS)) or 0
        if logged < (session.scalar(newest.where(AuditEntry.action.in_(_SIGN_INS))) or 1):
            audit.note(
                session,
                CONTRADICTS,
                OfficeRow.__tablename__,
                None,
                {"backup": end.backup.name, "entry": end.entry},
            )
