"""Queries for other jobs inside their own transaction: last visits, titles, keys by uid."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import Recheck
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules.visits import (
    NOT_CORRECTED,
    Conclusion,
    Result,
    SubjectKind,
    label,
    report_by,
)
from fuyuan_desk.inspections.service.rechecks import corrected_by
from fuyuan_desk.store.db import functions


@dataclass(frozen=True)
class LastVisit:
    """The latest visit to a subject; `failures` counts the failed items.

    `report_by` is set when dissuasion failed (WY §59), `reported_at` and `reported_to` once that was reported.
    """

    id: int
    kind: SubjectKind
    subject_id: int
    subject: str
    at: datetime
    failures: int
    conclusion: Conclusion
    deadline: date | None
    number: str = ""
    report_by: datetime | None = None
    reported_at: datetime | None = None
    reported_to: str = ""


def last_visit_days(session: Session, kind: SubjectKind, checklists: Collection[str] = ()) -> dict[int, date]:
    """Return the day of the latest visit to each subject of a kind, by the subject's key.

    With `checklists`, visits with others than those do not count.
    """
    latest = select(Visit.subject_id, func.max(Visit.at)).where(Visit.subject_kind == kind)
    if checklists:
        latest = latest.where(Visit.checklist.in_(checklists))
    return {key: at.astimezone().date() for key, at in session.execute(latest.group_by(Visit.subject_id))}


def last_visit(session: Session, kind: SubjectKind, subject_id: int) -> LastVisit | None:
    """Return the latest visit to a subject, None if it was never visited."""
    found = _last_visits(session, and_(Visit.subject_kind == kind, Visit.subject_id == subject_id))
    return max(found, key=lambda visit: (visit.at, visit.id), default=None)


def last_finding(session: Session, kind: SubjectKind, subject_id: int) -> LastVisit | None:
    """Return the latest visit to a subject on which something failed that is not put right, None for none.

    A visit with another checklist did not look at it, so the latest visit with each checklist is asked.
    """
    found = _last_visits(session, and_(Visit.subject_kind == kind, Visit.subject_id == subject_id))
    waiting = (visit for visit in found if visit.conclusion in NOT_CORRECTED)
    return max(waiting, key=lambda visit: (visit.at, visit.id), default=None)


def _last_visits(session: Session, condition: ColumnElement[bool]) -> tuple[LastVisit, ...]:
    """Return the latest visit with each checklist to each subject."""
    latest = (
        select(
            Visit.id,
            func.row_number()
            .over(
                partition_by=(Visit.subject_kind, Visit.subject_id, Visit.checklist),
                order_by=(Visit.at.desc(), Visit.id.desc()),
            )
            .label("rank"),
        )
        .where(condition)
        .subquery()
    )
    failures = (
        select(func.count(VisitResult.id))
        .where(VisitResult.visit_id == Visit.id, VisitResult.result == Result.FAIL)
        .correlate(Visit)
        .scalar_subquery()
    )
    found = session.execute(
        select(Visit, failures).join(latest, latest.c.id == Visit.id).where(latest.c.rank == 1)
    )
    return tuple(
        LastVisit(
            row.id,
            SubjectKind(row.subject_kind),
            row.subject_id,
            row.subject,
            row.at.astimezone(),
            count,
            Conclusion(row.conclusion),
            row.deadline,
            row.number,
            report_by(row.at).astimezone() if row.conclusion == Conclusion.REPORT else None,
            row.reported_at.astimezone() if row.reported_at is not None else None,
            row.reported_to,
        )
        for row, count in found
    )


def latest_by_subject(session: Session, kind: SubjectKind, ids: Collection[int]) -> dict[int, datetime]:
    """Return when subjects of a kind were visited last, by key."""
    query = (
        select(Visit.subject_id, func.max(Visit.at))
        .where(Visit.subject_kind == kind, Visit.subject_id.in_(functions.keys(ids)))
        .group_by(Visit.subject_id)
    )
    return dict(session.execute(query).all())


def visits_since(session: Session, moment: datetime) -> int:
    """Count the visits from a moment on."""
    return session.scalar(select(func.count(Visit.id)).where(Visit.at >= moment)) or 0


def visit_of_uid(session: Session, uid: str) -> int | None:
    """Find a visit's key by its uid."""
    return session.scalar(select(Visit.id).where(Visit.uid == uid))


def visit_outlines(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return title and detail of visits by key, omitting deleted ones; the conclusion is that of the list."""
    rows = session.scalars(select(Visit).where(Visit.id.in_(ids))).all()
    corrected = corrected_by(session, rows)
    return {
        row.id: (
            f"{row.subject}  {row.number}",
            f"{row.at.astimezone():%Y-%m-%d} · {_conclusion(row, corrected.get(row.id))}",
        )
        for row in rows
    }


def _conclusion(row: Visit, corrected: Recheck | None) -> str:
    if corrected is not None:
        return _("Passed again {day}").format(day=f"{corrected.day:%m-%d}")
    return label(Conclusion(row.conclusion))
