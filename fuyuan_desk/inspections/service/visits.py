"""Logging visits, looking them up, and what their sheets say."""

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
    demand_own,
    keep_photos,
    kept_or_discarded,
    shown,
    take_over_photos,
)
from fuyuan_desk.inspections.service.search_entries import index_visits
from fuyuan_desk.inspections.sheets import InspectionItem, InspectionSheet
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.base import Base, new_uid
from fuyuan_desk.store.guards import scope
from fuyuan_desk.store.search import filter as narrowing

SERIES = "visit"
_LONGEST = {"inspectors": 200, "accompanying": 200, "remarks": 4_000}
# what a subject's key belongs to; the tables of higher jobs are known by name only
SUBJECT_TABLES = {SubjectKind.ESTATE: "estate", SubjectKind.RENOVATION: "renovation_case"}
_FAULTS = {
    VisitFault.IN_FUTURE: N_("The visit lies in the future. Enter when it took place."),
    VisitFault.NO_INSPECTOR: N_("Enter who made the visit."),
    VisitFault.UNANSWERED: N_("Mark this item: in order, not in order, or does not apply."),
    VisitFault.UNKNOWN_ITEM: N_("This item is not on the checklist. Reload the form."),
    VisitFault.NOTHING_INSPECTED: N_("Nothing was inspected: at least one item must apply."),
    VisitFault.NO_REMARK: N_("Say where and what is not in order."),
    VisitFault.NO_HANDLING: N_("Choose how it was dealt with: on the spot, by a day, or reported."),
    VisitFault.NO_DEADLINE: N_("Enter the day until which it is to be mended."),
    VisitFault.DEADLINE_PASSED: N_("The day lies before the visit. Enter a later one."),
}


# --- subjects --------------------------------------------------------------------------------------------


@permit(*EVERYONE)
def estate_subjects(seat: Seat, estate_ids: Iterable[int] | None = None) -> tuple[Subject, ...]:
    """Make the subjects of estate rounds, of all estates when none are named."""
    ids = [row.id for row in estates.list_estates(seat).rows] if estate_ids is None else list(estate_ids)
    with seat.reading() as session:
        return tuple(estate_subject(session, estate_id) for estate_id in ids)


def estate_subject(session: Session, estate_id: int) -> Subject:
    """Make the subject of an estate round, inside a running transaction."""
    estate = estates.estate_summary(session, estate_id)
    # the committee stands in the head of the sheet; one row more and the checklist would need a second page
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
        raise NotFound(_("What was visited is no longer there. Choose it again."))
    return row


# --- logging ---------------------------------------------------------------------------------------------


@permit(*FIELD)
def log_visit(seat: Seat, visit: NewVisit) -> VisitDetail:
    """Log a visit with its findings and photos; its number follows the last one without a gap."""
    demand_own(seat.operator.role, visit.party)
    checklist = _checklist(visit)
    _refuse(_wrong(visit, checklist, seat.now()))
    subject = visit.subject
    with kept_or_discarded(seat) as kept, seat.transaction() as session:
        row = _subject_row(session, subject.kind, subject.id)
        if subject.estate_id != (row.id if subject.kind is SubjectKind.ESTATE else row.estate_id):
            raise NotFound(_("What was visited is no longer there. Choose it again."))
        year = seat.today().year
        record = Visit(
            # named here, so that its photos and findings can be attached before it is written
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
    wanted = visit.checklist_version
    # a form that was opened under an older list is logged under that list
    return (catalogue.checklist(newest.key, wanted) if wanted else None) or newest


def _wrong(visit: NewVisit, checklist: Checklist, now: datetime) -> dict[str, str]:
    faults = rules.visit_faults(
        checklist, visit.findings, visit.at, now, visit.inspectors, visit.handling, visit.deadline
    )
    wrong = {field: _(_FAULTS[fault]) for field, fault in faults.items()}
    for field, most in _LONGEST.items():
        if len(getattr(visit, field)) > most:
            wrong[field] = _("This is longer than {n} signs. Shorten it.").format(n=most)
    return wrong


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), wrong)


def _deadline(visit: NewVisit) -> date | None:
    concluded = rules.conclude(visit.findings, visit.handling)
    return visit.deadline if concluded is Conclusion.DEADLINE else None


def _results(checklist: Checklist, visit: NewVisit) -> list[VisitResult]:
    found = {finding.item: finding for finding in visit.findings}
    day = visit.at.astimezone().date()
    return [
        VisitResult(
            position=position,
            item=item.key,
            group=item.group,
            text=item.text,
            clauses=[law.pin(ref, day) for ref in item.clauses],
            result=found[item.key].result,
            remark=found[item.key].remark.strip(),
        )
        for position, item in enumerate(checklist.items)
    ]


# --- looking ---------------------------------------------------------------------------------------------

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
    "number": Visit.id,  # numbers grow with the keys; as texts, 10000 would stand before 9999
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
    """List a window of the visits that fit, the latest first unless asked otherwise."""
    query = query or VisitQuery()
    with seat.reading() as session:
        conditions = _conditions(session, query)
        total = session.scalar(select(func.count(Visit.id)).where(*conditions)) or 0
        by = _by_estate(session) if query.sort == "estate" else _SORTS.get(query.sort, Visit.at)
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


def _by_estate(session: Session) -> ColumnElement[int]:
    """Order by the estates' names as a clerk counts: 9弄 before 10弄."""
    names = estates.describe_estates(session, session.scalars(select(Visit.estate_id).distinct()))
    ranked = sorted(names, key=lambda estate_id: natural_key(names[estate_id]))
    places = {estate_id: place for place, estate_id in enumerate(ranked)}
    return case(places, value=Visit.estate_id) if places else Visit.estate_id.expression


def _conditions(session: Session, query: VisitQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.estate_id is not None:
        found.append(Visit.estate_id == query.estate_id)
    if query.kind is not None:
        found.append(Visit.subject_kind == query.kind)
    if query.subject_id is not None:
        found.append(Visit.subject_id == query.subject_id)
    if query.party is not None:
        found.append(Visit.party == query.party)
    if query.first_day is not None:
        found.append(Visit.at >= _midnight(query.first_day))
    if query.last_day is not None:
        found.append(Visit.at < _midnight(query.last_day + timedelta(days=1)))
    if query.text.strip():
        found.append(
            Visit.id.in_(
                narrowing.matching_ids(session, query.text, VISIT, _FILTER_MOST, query.estate_id or 0)
            )
        )
    return found


def _midnight(day: date) -> datetime:
    # an office counts its days by the clock on its wall
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
    """Give all of one visit."""
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
        photos=shown(session, row.uid),
    )


def _item(row: VisitResult) -> VisitItem:
    clauses = tuple(law.clause(ref).label for ref in row.clauses)
    return VisitItem(row.item, row.group, row.text, clauses, Result(row.result), row.remark)


# --- sheets ----------------------------------------------------------------------------------------------


def blank_sheet(subject: Subject, party: Party | None = None) -> InspectionSheet:
    """Say what a sheet to be filled in on the spot holds."""
    return InspectionSheet(
        # an estate has no case number; a visit gets its own only when it is logged, so that none is left out
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
    """Say what the sheets of a batch hold, one for each subject."""
    return tuple(blank_sheet(subject, party) for subject in subjects)


@permit(*EVERYONE)
def visit_sheets(
    seat: Seat, visit_ids: Sequence[int], subjects: Sequence[Subject] = ()
) -> tuple[InspectionSheet, ...]:
    """Say what the sheets of logged visits hold, and tell the printing in the trail.

    `subjects` brings addresses and facts of subjects whose job stands above this one.
    """
    known = {(subject.kind, subject.id): subject for subject in subjects}
    with seat.transaction() as session:
        sheets = []
        for visit_id in visit_ids:
            row = _visit(session, visit_id)
            key = (SubjectKind(row.subject_kind), row.subject_id)
            if key[0] is SubjectKind.ESTATE:
                known.setdefault(key, estate_subject(session, row.subject_id))
            sheets.append(_filled(session, row, known.get(key)))
            audit.note(session, "print", Visit.__tablename__, visit_id)
        return tuple(sheets)


def _filled(session: Session, row: Visit, subject: Subject | None) -> InspectionSheet:
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
        photos=len(shown(session, row.uid)),
        conclusion=row.conclusion,
        deadline=row.deadline,
        details=row.remarks,
        inspector=row.inspectors,
        accompanying=row.accompanying,
    )
