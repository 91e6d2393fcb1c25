"""Services on facilities: list, save, change several, remove, hand on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, STAFF, WRITERS, Seat, permit
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.facilities import rules
from fuyuan_desk.facilities.book import book
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.records import Facility
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.kit.book import BookQuery, Known, Line
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table, Unique


def _unique() -> tuple[Unique, ...]:
    message = _("This estate already has a facility of this kind with this number.")
    return (Unique(("number", "kind", "estate_id"), message),)


TABLE = Table(
    Facility,
    FacilityFields,
    book,
    references={"estate_id": describe_estates, "building_id": estates.labels_of_buildings},
    columns={"order_key": lambda fields: natural_key(fields.number)},
    unique=_unique,
)


@permit(*EVERYONE)
def find_facilities(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[FacilityFields]]:
    """List a window of the matching facilities, the next check first by default."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*EVERYONE)
def read_facility(seat: Seat, facility_id: int) -> Line[FacilityFields]:
    """Return one facility."""
    with seat.reading() as session:
        return TABLE.read(session, facility_id)


@permit(*WRITERS)
def save_facility(
    seat: Seat, fields: FacilityFields, known: Known | None = None, kept: Collection[str] = ()
) -> Saved:
    """Add a facility, or change the one read as `known`."""
    with seat.transaction() as session:
        refuse_wrong(rules.facility_faults(fields, seat.today()))
        if fields.estate_id is not None:
            estates.refuse_foreign_place(session, fields.estate_id, fields.building_id)
        return TABLE.save(session, fields, known, kept)


def index_facilities(session: Session, facility_ids: Iterable[int]) -> None:
    """Update the search entries of facilities."""
    rows = session.scalars(select(Facility).where(Facility.id.in_(list(facility_ids)))).all()
    TABLE.index(session, rows)


@permit(*WRITERS)
def change_facilities(
    seat: Seat, records: Sequence[Known], changes: Mapping[str, Any], progress: Progress | None = None
) -> int:
    """Set the same state, day of the next check or company in several facilities."""
    with seat.transaction() as session:
        return TABLE.change_many(
            session, records, changes, lambda fields: rules.facility_faults(fields, seat.today()), progress
        )


@permit(*WRITERS)
def remove_facility(seat: Seat, facility_id: int) -> str:
    """Remove a facility, and return its name."""
    with seat.transaction() as session:
        return TABLE.remove(session, facility_id)


@permit(*STAFF)
def facility_history(seat: Seat, facility_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to a facility, newest first."""
    with seat.reading() as session:
        return TABLE.history(session, facility_id)


@permit(*REVEALERS)
def facilities_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[FacilityFields]]:
    """Return the filtered list for an export, and audit this."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*EVERYONE)
def facilities_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)
