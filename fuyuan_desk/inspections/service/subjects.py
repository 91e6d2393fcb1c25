"""The subjects of visits: estates, and the records of higher jobs by their tables."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules import SubjectKind
from fuyuan_desk.store.db.base import Base
from fuyuan_desk.store.guards import scope

# the tables of subjects; those of higher jobs are known by name only
SUBJECT_TABLES = {SubjectKind.ESTATE: "estate", SubjectKind.RENOVATION: "renovation_case"}


@permit(*EVERYONE)
def estate_subjects(seat: Seat, estate_ids: Iterable[int] | None = None) -> tuple[Subject, ...]:
    """Return the subjects of estate rounds, by default of all estates."""
    ids = [row.id for row in estates.list_estates(seat).rows] if estate_ids is None else list(estate_ids)
    with seat.reading() as session:
        return tuple(estate_subject(session, estate_id) for estate_id in ids)


def estate_subject(session: Session, estate_id: int) -> Subject:
    """Return the subject of an estate round, inside a running transaction."""
    estate = estates.estate_summary(session, estate_id)
    # the committee is in the head of the sheet; one more row and the checklist would need a second page
    facts = [("所属街道", estate.street), ("物业服务企业", estate.property_company)]
    return Subject(
        SubjectKind.ESTATE,
        estate.id,
        subject_row(session, SubjectKind.ESTATE, estate_id).uid,
        estate.id,
        estate.name,
        estate.name,
        estate.address or estate.name,
        facts=tuple(fact for fact in facts if fact[1]),
    )


def subject_row(session: Session, kind: SubjectKind, subject_id: int) -> Any:
    """Return the row of a subject's table, inside a running transaction."""
    table = Base.metadata.tables[SUBJECT_TABLES[kind]]
    query = select(table).where(table.c.id == subject_id, scope.limit(session, table))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(_("The subject of the visit no longer exists. Choose it again."))
    return row
