"""Logging and querying visits, and the data of their sheets."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.numbers import next_number
from fuyuan_desk.access.seat import EVERYONE, FIELD, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.errors import InvalidInput, NotFound
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.service import estates
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.inspections import catalogue, rules
from fuyuan_desk.inspections.facts import (
    NewVisit,
    Subject,
    VisitDetail,
    VisitItem,
    VisitQuery,
    VisitRow,
)
from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules import (
    Checklist,
    Conclusion,
    Party,
    Result,
    SubjectKind,
    VisitFault,
)
from fuyuan_desk.inspections.service.photos import (
    keep_photos,
    kept_or_discarded,
    list_photos,
    require_own_party,
    take_over_photos,
)
from fuyuan_desk.inspections.service.search_entries import index_visits
from fuyuan_desk.inspections.sheets import InspectionItem, InspectionSheet
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.base import Base, new_uid
from fuyuan_desk.store.guards import scope
from fuyuan_desk.store.search.filter import fits

SERIES = "visit"
_LONGEST = {"inspectors": 200, "accompanying": 200, "remarks": 4_000}
# the tables of subjects; those of higher jobs are known by name only
SUBJECT_TABLES = {SubjectKind.ESTATE: "estate", SubjectKind.RENOVATION: "renovation_case"}
_FAULTS = {
    VisitFault.IN_FUTURE: N_("The visit is in the future. Enter when it took place."),
    VisitFault.NO_INSPECTOR: N_("Enter the inspectors."),
    VisitFault.UNANSWERED: N_("Mark this item: passed, failed or not applicable."),
    VisitFault.UNKNOWN_ITEM: N_("This item is not on the checklist. Reload the form."),
    VisitFault.NOTHING_INSPECTED: N_("Nothing was inspected: at least one item must apply."),
    VisitFault.NO_REMARK: N_("Enter where and what failed."),
    VisitFault.NO_HANDLING: N_("Choose how it was handled: on the spot, by a date, or reported."),
    VisitFault.NO_DEADLINE: N_("Enter the date by which it is to be corrected."),
    VisitFault.DEADLINE_PASSED: N_("The date is before the visit. Enter a later one."),
}


# --- subjects --------------------------------------------------------------------------------------------


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
        _subject_row(session, SubjectKind.ESTATE, estate_id).uid,
        estate.id,
        estate.name,
        estate.name,
        estate.address or estate.name,
        facts=tuple(fact for fact in facts if fact[1]),
    )


def _subject_row(session: Session, kind: SubjectKind, subject_id: int) -> Any:
    table = Base.metadata.tables[SUBJECT_TABLES[kind]]
    query = select(table).where(table.c.id == subject_id, scope.limit(session, table))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(_("The subject of the visit no longer exists. Choose it again."))
    return row


# --- logging ---------------------------------------------------------------------------------------------


@permit(*FIELD)
def log_visit(seat: Seat, visit: NewVisit) -> VisitDetail:
    """Log a visit with its findings and photos; numbers have no gaps."""
    require_own_party(seat.operator.role, visit.party)
    checklist = _checklist(visit)
    _refuse_errors(_errors(visit, checklist, seat.now()))
    subject = visit.subject
    with kept_or_discarded(seat) as kept, seat.transaction() as session:
        row = _subject_row(session, subject.kind, subject.id)
        if subject.estate_id != (row.id if subject.kind is SubjectKind.ESTATE else row.estate_id):
            raise NotFound(_("The subject of the visit no longer exists. Choose it again."))
        year = seat.today().year
        record = Visit(
            # set here, so that photos and findings can be attached before the flush
            uid=new_uid(),
            number=rules.visit_number(year, next_number(session, SERIES, year)),
            estate_id=subject.estate_id,
            subject_kind=subject.kind,
            subject_id=subject.id,
            subject=f"{subject.number} {subject.name}".strip(),
            at=visit.at,
            party=visit.party,
            inspectors=visit.inspectors.strip(),
            accompanying=visit.accompanying.strip(),
            checklist=checklist.key,
            checklist_version=checklist.version,
            conclusion=rules.conclude(visit.findings, visit.handling),
            deadline=_deadline(visit),
            remarks=visit.remarks.strip(),
            results=_results(checklist, visit),
        )
        session.add(record)
        session.flush()
        take_over_photos(seat, session, record.uid, visit.kept_photos)
        keep_photos(seat, session, record.uid, visit.photos, kept)
        session.flush()
        index_visits(session, [record.id])
        return _detail(session, record)


def _checklist(visit: NewVisit) -> Checklist:
    newest = catalogue.checklist_for(visit.subject.kind)
    version = visit.checklist_version
    # a form opened with an older checklist is logged with that version
    return (catalogue.checklist(newest.key, version) if version else None) or newest


def _errors(visit: NewVisit, checklist: Checklist, now: datetime) -> dict[str, str]:
    faults = rules.visit_faults(
        checklist, visit.findings, visit.at, now, visit.inspectors, visit.handling, visit.deadline
    )
    errors = {field: _(_FAULTS[fault]) for field, fault in faults.items()}
    for field, most in _LONGEST.items():
        if len(getattr(visit, field)) > most:
            errors[field] = _("This is longer than {n} characters. Shorten it.").format(n=most)
    return errors


def _refuse_errors(errors: dict[str, str]) -> None:
    if errors:
        raise InvalidInput(next(iter(errors.values())), errors)


def _deadline(visit: NewVisit) -> date | None:
    conclusion = rules.conclude(visit.findings, visit.handling)
    return visit.deadline if conclusion is Conclusion.DEADLINE else None


def _results(checklist: Checklist, visit: NewVisit) -> list[VisitResult]:
    findings = {finding.item: finding for finding in visit.findings}
    day = visit.at.astimezone().date()
    return [
        VisitResult(
            position=position,
            item=item.key,
            group=item.group,
            text=item.text,
            clauses=[law.pin(ref, day) for ref in item.clauses],
            result=findings[item.key].result,
            remark=findings[item.key].remark.strip(),
        )
        for position, item in enumerate(checklist.items)
    ]


# --- queries ---------------------------------------------------------------------------------------------

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
        return _detail(session, _visit(session, visit_id))


def _visit(session: Session, visit_id: int) -> Visit:
    row = session.get(Visit, visit_id)
    if row is None:
        raise NotFound(_("This record is no longer there. Reload the list."))
    return row


def _detail(session: Session, row: Visit) -> VisitDetail:
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


# --- sheets ----------------------------------------------------------------------------------------------


def blank_sheet(subject: Subject, party: Party | None = None) -> InspectionSheet:
    """Return the data of a blank sheet."""
    return InspectionSheet(
        # an estate has no case number; a visit gets its number when logged, so that there are no gaps
        number=subject.number or rules.estate_number(subject.id),
        kind=subject.kind,
        subject=subject.title,
        address=subject.address,
        items=tuple(
            InspectionItem(item.text, item.group) for item in catalogue.checklist_for(subject.kind).items
        ),
        uid=subject.uid,
        facts=subject.facts,
        parties=() if party is None else (party,),
    )


def blank_sheets(subjects: Sequence[Subject], party: Party | None = None) -> tuple[InspectionSheet, ...]:
    """Return the data of blank sheets, one for each subject."""
    return tuple(blank_sheet(subject, party) for subject in subjects)


@permit(*EVERYONE)
def visit_sheets(
    seat: Seat, visit_ids: Sequence[int], subjects: Sequence[Subject] = ()
) -> tuple[InspectionSheet, ...]:
    """Return the data of the sheets of logged visits, and audit the printing.

    `subjects` supplies addresses and facts of subjects whose job is above this one.
    """
    known = {(subject.kind, subject.id): subject for subject in subjects}
    with seat.transaction() as session:
        sheets = []
        for visit_id in visit_ids:
            row = _visit(session, visit_id)
            key = (SubjectKind(row.subject_kind), row.subject_id)
            if key[0] is SubjectKind.ESTATE:
                known.setdefault(key, estate_subject(session, row.subject_id))
            sheets.append(_visit_sheet(session, row, known.get(key)))
            audit.note(session, "print", Visit.__tablename__, visit_id)
        return tuple(sheets)


def _visit_sheet(session: Session, row: Visit, subject: Subject | None) -> InspectionSheet:
    at = row.at.astimezone()
    return InspectionSheet(
        number=row.number,
        kind=row.subject_kind,
        subject=subject.title if subject else row.subject,
        address=subject.address if subject else "",
        items=tuple(InspectionItem(r.text, r.group, r.result, r.remark) for r in row.results),
        uid=row.uid,
        facts=subject.facts if subject else (),
        day=at.date(),
        time=f"{at:%H:%M}",
        parties=(row.party,),
        photos=len(list_photos(session, row.uid)),
        conclusion=row.conclusion,
        deadline=row.deadline,
        details=row.remarks,
        inspector=row.inspectors,
        accompanying=row.accompanying,
    )
