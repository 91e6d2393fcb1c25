"""What an operator entered herself a short time ago, by the audit trail."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.records import (
    Household,
    HouseholdPhone,
    OwnerShare,
    Person,
    PersonPaper,
    PersonTag,
)
from fuyuan_desk.kit.merging.store import is_kept
from fuyuan_desk.store.audit.log import AuditEntry

LIMIT = timedelta(days=1)
_PARTS = (HouseholdPhone, Person, PersonPaper, PersonTag, OwnerShare)
_WRITTEN = ("insert", "update", "anonymise", "erase")


def is_own_new_record(seat: Seat, session: Session, table: str, record_id: int) -> bool:
    """Return whether the operator added a record within the last day, by the audit trail.

    One into which another was merged is more than she added.
    """
    if is_kept(session, (table, record_id)):
        return False
    added = (
        select(AuditEntry.operator, AuditEntry.at)
        .where(
            AuditEntry.table_name == table, AuditEntry.record_id == record_id, AuditEntry.action == "insert"
        )
        .order_by(AuditEntry.id)
        .limit(1)
    )
    entry = session.execute(added).one_or_none()
    return entry is not None and entry.operator == seat.operator.login and _is_new(seat, session, entry.at)


def _is_new(seat: Seat, session: Session, at: datetime) -> bool:
    # a clock set back makes no entry newer: the newest entry of the trail counts as now, too
    newest = session.scalars(select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1)).one()
    return max(seat.now(), newest) - at <= LIMIT


def is_own_new_household(seat: Seat, session: Session, row: Household) -> bool:
    """Return whether the operator added a household by its form within the last day and nobody else wrote to it.

    An imported household is none: a roster is taken back as a whole, by undoing the import. Nor is one into which
    another was merged.
    """
    if is_kept(session, (Household.__tablename__, row.id)):
        return False
    entries = session.execute(
        select(AuditEntry.action, AuditEntry.operator, AuditEntry.at)
        .where(
            AuditEntry.table_name == Household.__tablename__,
            AuditEntry.record_id == row.id,
            AuditEntry.record_uid == row.uid,
            AuditEntry.action.in_(_WRITTEN),
        )
        .order_by(AuditEntry.id)
    ).all()
    if not entries or entries[0].action != "insert":
        return False
    writers = {entry.operator for entry in entries}
    for part in _PARTS:
        own = select(part.id).where(part.household_id == row.id).scalar_subquery()
        written = select(AuditEntry.operator).where(
            AuditEntry.table_name == part.__tablename__, AuditEntry.record_id.in_(own)
        )
        writers.update(session.scalars(written))
    return writers == {seat.operator.login} and _is_new(seat, session, entries[0].at)
