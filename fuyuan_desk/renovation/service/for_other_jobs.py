"""Queries for other jobs inside their own transaction: open cases, titles, keys by uid."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from fuyuan_desk.estates.service.estates import describe_units
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.renovation.catalogue import catalogue, shown_text
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.rules import course
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.works import Document, Due, Verdict, Work


@dataclass(frozen=True)
class OpenCase:
    """A case that is not closed; `missing` are documents due before the start, `prohibited` are works."""

    id: int
    number: str
    address: str
    status: CaseStatus
    starts_on: date
    ends_on: date
    started_on: date | None
    missing: tuple[str, ...]
    prohibited: tuple[str, ...]


def open_cases(session: Session) -> tuple[OpenCase, ...]:
    """List the cases that are registered or under way, in the order of their numbers."""
    rows = session.scalars(
        select(RenovationCase)
        .where(RenovationCase.status.in_(course.COURSE.open_states))
        .order_by(RenovationCase.year, RenovationCase.serial)
        .options(selectinload(RenovationCase.works), selectinload(RenovationCase.documents))
    ).all()
    addresses = {
        choice.id: choice.address for choice in describe_units(session, [row.unit_id for row in rows])
    }
    return tuple(
        OpenCase(
            row.id,
            row.number,
            addresses.get(row.unit_id, ""),
            CaseStatus(row.status),
            row.starts_on,
            row.ends_on,
            row.started_on,
            tuple(
                _name_of(catalogue().documents, paper.document, paper.name)
                for paper in row.documents
                if paper.due == Due.START and paper.received_on is None
            ),
            tuple(
                _name_of(catalogue().works, work.work, work.name)
                for work in row.works
                if work.verdict == Verdict.PROHIBITED.name
            ),
        )
        for row in rows
    )


def count_open(session: Session) -> dict[CaseStatus, int]:
    """Count open cases by status."""
    is_open = RenovationCase.status.in_(course.COURSE.open_states)
    query = select(RenovationCase.status, func.count()).where(is_open).group_by(RenovationCase.status)
    return {CaseStatus(status): count for status, count in session.execute(query)}


def _name_of(known: Mapping[str, Work] | Mapping[str, Document], key: str, stored: str) -> str:
    found = known.get(key)
    return shown_text(found.name if found else None, stored)


def case_of_uid(session: Session, uid: str) -> int | None:
    """Find a case's key by its uid."""
    return session.scalar(select(RenovationCase.id).where(RenovationCase.uid == uid))


def case_outlines(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return title and detail of cases by key, the applicant masked; deleted ones are omitted."""
    rows = session.execute(
        select(
            RenovationCase.id,
            RenovationCase.number,
            RenovationCase.unit_id,
            RenovationCase.applicant,
            RenovationCase.status,
        ).where(RenovationCase.id.in_(ids))
    ).all()
    addresses = {
        choice.id: choice.address for choice in describe_units(session, [row.unit_id for row in rows])
    }
    return {
        row.id: (
            f"{addresses.get(row.unit_id, '')}  {row.number}".strip(),
            f"{mask_name(row.applicant)} · {course.label(CaseStatus(row.status))}",
        )
        for row in rows
    }
