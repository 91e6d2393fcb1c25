"""Making findable as they now read the records whose texts a migration changed or added."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import WRITERS, Role, Seat, permit
from fuyuan_desk.calls.service.calls import index_calls
from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.estates.service import search_entries as estates
from fuyuan_desk.facilities.service.facilities import index_facilities
from fuyuan_desk.inspections.service.search_entries import index_visits
from fuyuan_desk.organisations.service.organisations import index_organisations
from fuyuan_desk.renovation.service.search_entries import index_cases
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import AuditEntry

_CHUNK = 500
INDEXES: Mapping[str, Callable[[Session, Sequence[int]], None]] = {
    "estate": estates.index_estates,
    "building": estates.index_buildings,
    "unit": estates.index_units,
    "household": estates.index_households,
    "household_phone": estates.index_phones,
    "facility": index_facilities,
    "resident_call": index_calls,
    "renovation_case": index_cases,
    "visit": index_visits,
    "organisation": index_organisations,
}
"""How the records of a table are indexed again, by key; removed ones are no error."""


@permit(*WRITERS)
def finish_cleaning(seat: Seat) -> int:
    """Index the records that the program itself changed or added since it last did so, and return their number.

    To be called at start-up. A property company sees a part of the records only and leaves them to the committee.
    """
    if seat.operator.role is Role.PROPERTY:
        return 0
    with seat.reading() as session:
        last = session.scalar(select(func.max(AuditEntry.id)).where(AuditEntry.action == "reindexed")) or 0
        found = session.execute(
            select(AuditEntry.table_name, AuditEntry.record_id)
            .where(
                AuditEntry.table_name.in_(INDEXES),
                AuditEntry.action.in_(("insert", "update")),
                AuditEntry.operator == audit.UNNAMED,
                AuditEntry.id > last,
            )
            .distinct()
        ).all()
    if not found:
        return 0
    with undisturbed(), seat.transaction() as session:
        for table, index in INDEXES.items():
            _in_chunks(session, index, [row.record_id for row in found if row.table_name == table])
        audit.note(session, "reindexed", "office", detail={"rows": len(found)})
    return len(found)


def _in_chunks(session: Session, index: Callable[[Session, Sequence[int]], None], ids: Iterable[int]) -> None:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        index(session, ordered[start : start + _CHUNK])
