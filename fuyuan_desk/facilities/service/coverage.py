"""Services on coverage: in how many estates each kind of facility is in service."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Seat, permit
from fuyuan_desk.estates.service.for_other_jobs import estate_names
from fuyuan_desk.facilities import rules
from fuyuan_desk.facilities.facts import Coverage
from fuyuan_desk.facilities.records import Facility


@permit(*EVERYONE)
def coverage(seat: Seat) -> tuple[Coverage, ...]:
    """Return in how many estates each kind is in service, with the estates without one in natural order."""
    with seat.reading() as session:
        return _coverage(session)


@permit(*REVEALERS)
def coverage_for_export(seat: Seat, order: ExportOrder) -> Export[Coverage]:
    """Return the coverage for an export, and audit this."""
    with seat.transaction() as session:
        return export_rows(seat, session, order, Facility.__tablename__, _coverage(session), Holds.NOBODY)


def _coverage(session: Session) -> tuple[Coverage, ...]:
    in_service = select(Facility.kind, Facility.estate_id).where(Facility.state.not_in(rules.NOT_IN_SERVICE))
    found = session.execute(in_service.distinct()).all()
    return rules.coverage(estate_names(session), [(row.kind, row.estate_id) for row in found])
