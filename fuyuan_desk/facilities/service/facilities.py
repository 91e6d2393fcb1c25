"""Services on facilities: list, save, change several, remove, hand on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, STAFF, WRITERS, Seat, permit
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.facilities import rules
from fuyuan_desk.facilities.book import book
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.records import Facility
from fuyuan_desk.facilities.service import schedule
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.kit.book import BookQuery, Known, Line
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table, Unique


def _unique() -> tuple[Unique, ...]:
    same_number = _("This estate already has a facility of this kind with this number.")
    same_device = _(
        "Another facility of this kind and maker has this device number. Compare the type plates."
    )
    return (
        Unique(("number", "kind", "estate_id"), same_number),
        Unique(("device_no", "kind", "maker"), same_device, even_empty=("maker",)),
    )


TABLE = Table(
    Facility,
    FacilityFields,
    book,
    references={"estate_id": describe_estates, "building_id": estates.labels_of_buildings},
    columns={"order_key": lambda fields: natural_key(fields.number)},
    extras={"due": schedule.upcoming},
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
        return TABLE.save(session, _with_next_check(session, fields, known), known, kept)


def _with_next_check(session: Session, fields: FacilityFields, known: Known | None) -> FacilityFields:
    """Return the fields with the next check that follows from the checks made, or from the installation."""
    due = None
    if known is not None:
        row = TABLE.get(session, known.id)
        due = schedule.due_by_checks(session, row.id, fields.kind, fields.installed_on)
        refuse_wrong(rules.day_typed_against_checks(fields.next_check_on, row.next_check_on, due))
    if due is None:
        due = fields.next_check_on or schedule.first_due(fields.kind, fields.installed_on)
    return replace(fields, next_check_on=due)


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
        if "next_check_on" in changes:
            _refuse_checked(session, [known.id for known in records])
        return TABLE.change_many(
            session, records, changes, lambda fields: rules.facility_faults(fields, seat.today()), progress
        )


def _refuse_checked(session: Session, ids: Sequence[int]) -> None:
    """Refuse to set the next check of facilities where it follows from the checks made; name the first."""
    for row in session.scalars(select(Facility).where(Facility.id.in_(schedule.checked(session, ids)))):
        if due := schedule.due_by_checks(session, row.id, row.kind, row.installed_on):
            name = f"{name_of(rules.FacilityKind, row.kind)} {row.number}"
            refuse_wrong({"next_check_on": f"{name}: {rules.follows_text(due)}"})


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
