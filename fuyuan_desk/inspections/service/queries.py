"""Listing visits and reading one in full."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import estates
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.inspections import rules
from fuyuan_desk.inspections.facts import VisitDetail, VisitItem, VisitQuery, VisitRow
from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules import Conclusion, Party, Result, SubjectKind
from fuyuan_desk.inspections.service.photos import list_photos
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.search.filter import fits

_FAILURES = (
    select(func.count(VisitResult.id))
    .where(VisitResult.visit_id == Visit.id, VisitResult.result == Result.FAIL)
    .correlate(Visit)
    .scalar_subquery()
)
_PHOTOS = (
    select(func.count(Attachment.id))
    .where(Attachment.owner_table == Visit.__tablename__, Attachment.owner_uid == Visit.uid)
    .correlate(Visit)
    .scalar_subquery()
)
_SORTS: dict[str, Any] = {
    "at": Visit.at,
    "number": Visit.id,  # numbers grow with the keys; as texts, 10000 would sort before 9999
    "subject": Visit.subject,
    "party": Visit.party,
    "inspectors": Visit.inspectors,
    "conclusion": Visit.conclusion,
    "deadline": Visit.deadline,
    "failures": _FAILURES,
}
_FILTER_MOST = 10_000


@permit(*EVERYONE)
def list_visits(
    seat: Seat, query: VisitQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[VisitRow]:
    """List a window of the matching visits, latest first by default."""
    query = query or VisitQuery()
    with seat.reading() as session:
        conditions = _conditions(session, query)
        total = session.scalar(select(func.count(Visit.id)).where(*conditions)) or 0
        by = _estate_rank(session) if query.sort == "estate" else _SORTS.get(query.sort, Visit.at)
        order = by.desc().nulls_last() if query.descending else by.asc().nulls_last()
        tie = Visit.id.desc() if query.descending else Visit.id.asc()
        found = session.execute(
            select(Visit, _FAILURES, _PHOTOS)
            .where(*conditions)
            .order_by(order, tie)
            .offset(offset)
            .limit(limit)
        ).all()
        names = estates.describe_estates(session, {row.estate_id for row, *_counts in found})
        return Page(total, tuple(_row(row, names, failures, photos) for row, failures, photos in found))


def _estate_rank(session: Session) -> ColumnElement[int]:
    """Return the sort key of the estates' names in natural order: 9弄 before 10弄."""
    names = estates.describe_estates(session, session.scalars(select(Visit.estate_id).distinct()))
    ranked = sorted(names, key=lambda estate_id: natural_key(names[estate_id]))
    ranks = {estate_id: rank for rank, estate_id in enumerate(ranked)}
    return case(ranks, value=Visit.estate_id) if ranks else Visit.estate_id.expression


def _conditions(session: Session, query: VisitQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.estate_id is not None:
        conditions.append(Visit.estate_id == query.estate_id)
    if query.kind is not None:
        conditions.append(Visit.subject_kind == query.kind)
    if query.subject_id is not None:
        conditions.append(Visit.subject_id == query.subject_id)
    if query.party is not None:
        conditions.append(Visit.party == query.party)
    if query.first_day is not None:
        conditions.append(Visit.at >= _midnight(query.first_day))
    if query.last_day is not None:
        conditions.append(Visit.at < _midnight(query.last_day + timedelta(days=1)))
    if query.text.strip():
        conditions.append(fits(session, Visit.id, query.text, VISIT, _FILTER_MOST, query.estate_id or 0))
    return conditions


def _midnight(day: date) -> datetime:
    # days are local
    return datetime.combine(day, time.min).astimezone()


def _row(row: Visit, names: dict[int, str], failures: int, photos: int) -> VisitRow:
    return VisitRow(
        id=row.id,
        number=row.number,
        at=row.at,
        estate_id=row.estate_id,
        estate=names.get(row.estate_id, ""),
        kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        subject=row.subject,
        party=Party(row.party),
        inspectors=row.inspectors,
        conclusion=Conclusion(row.conclusion),
        deadline=row.deadline,
        failures=failures,
        photos=photos,
    )


@permit(*EVERYONE)
def visit_detail(seat: Seat, visit_id: int) -> VisitDetail:
    """Return a visit in full."""
    with seat.reading() as session:
        return detail(session, get_visit(session, visit_id))


def get_visit(session: Session, visit_id: int) -> Visit:
    """Return a visit's record, inside a running transaction."""
    row = session.get(Visit, visit_id)
    if row is None:
        raise NotFound(_("This record is no longer there. Reload the list."))
    return row


def detail(session: Session, row: Visit) -> VisitDetail:
    """Return a visit in full, inside a running transaction."""
    conclusion = Conclusion(row.conclusion)
    return VisitDetail(
        id=row.id,
        uid=row.uid,
        version=row.version,
        number=row.number,
        at=row.at,
        estate_id=row.estate_id,
        estate=estates.describe_estates(session, [row.estate_id]).get(row.estate_id, ""),
        kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        subject=row.subject,
        party=Party(row.party),
        inspectors=row.inspectors,
        accompanying=row.accompanying,
        checklist=row.checklist,
        checklist_version=row.checklist_version,
        conclusion=conclusion,
        deadline=row.deadline,
        report_by=rules.report_by(row.at) if conclusion is Conclusion.REPORT else None,
        remarks=row.remarks,
        items=tuple(_item(result) for result in row.results),
        photos=list_photos(session, row.uid),
    )


def _item(row: VisitResult) -> VisitItem:
    clauses = tuple(law.clause(ref).label for ref in row.clauses)
    return VisitItem(row.item, row.group, row.text, clauses, Result(row.result), row.remark)
