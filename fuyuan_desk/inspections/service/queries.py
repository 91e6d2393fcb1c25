"""Listing visits and reading one in full."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.photos import PhotoKind
from fuyuan_desk.core.texts import _, in_chinese, language
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.book import visit_book
from fuyuan_desk.inspections.facts import Recheck, Report, VisitDetail, VisitFields, VisitItem
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.visits import (
    NOT_CORRECTED,
    CheckItem,
    Checklist,
    Conclusion,
    Party,
    Result,
    SubjectKind,
)
from fuyuan_desk.inspections.service.photos import in_order, list_photos
from fuyuan_desk.inspections.service.printed import places_of, sheet_of_visit
from fuyuan_desk.inspections.service.rechecks import corrected_by
from fuyuan_desk.inspections.service.rounds import round_in_words
from fuyuan_desk.inspections.service.versions import exact_version
from fuyuan_desk.kit.book import BookQuery, Line
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.kit.table import Table
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.db.attachments import Attachment

_FAILURES = (
    select(func.count(VisitResult.id))
    .where(VisitResult.visit_id == Visit.id, VisitResult.result == Result.FAIL)
    .correlate(Visit)
    .scalar_subquery()
)
_PHOTOS = (
    select(func.count(Attachment.id))
    .where(
        Attachment.owner_table == Visit.__tablename__,
        Attachment.owner_uid == Visit.uid,
        Attachment.kind != PhotoKind.SCAN,
    )
    .correlate(Visit)
    .scalar_subquery()
)


def _corrected(session: Session, rows: Sequence[Visit]) -> dict[int, Recheck]:
    """Return the visits on which what failed had passed; the rows of a list hold no more than its columns."""
    waiting = [row.id for row in rows if row.conclusion in NOT_CORRECTED]
    if not waiting:
        return {}
    return corrected_by(
        session, session.scalars(select(Visit).where(Visit.id.in_(functions.keys(waiting)))).all()
    )


def _places(session: Session, rows: Sequence[Visit]) -> dict[int, str]:
    return places_of(session, [row.id for row in rows])


TABLE = Table(
    Visit,
    VisitFields,
    visit_book,
    references={"estate_id": estates.describe_estates},
    extras={"corrected": _corrected, "place": _places},
    expressions={"failures": _FAILURES, "photos": _PHOTOS},
    holds=Holds.OFFICERS,
)


@permit(*EVERYONE)
def list_visits(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[VisitFields]]:
    """List a window of the matching visits, latest first by default."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*REVEALERS)
def visits_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[VisitFields]]:
    """Return the filtered log for an export, and audit this."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*EVERYONE)
def visits_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered log for printing, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query, _subject_in_words(session, query))


def _subject_in_words(session: Session, query: BookQuery) -> list[tuple[str, str]]:
    """Return title and name of the one subject whose visits are listed, if it is one."""
    if "subject_id" not in query.facets:
        return []
    same = [getattr(Visit, name) == query.facets[name] for name in ("subject_kind", "subject_id")]
    name = session.scalar(select(Visit.subject).where(*same).order_by(Visit.id.desc()).limit(1))
    with in_chinese():
        return [(visit_book().part("subject").name_shown, name or _("not visited yet"))]


@permit(*EVERYONE)
def visit_detail(seat: Seat, visit_id: int) -> VisitDetail:
    """Return a visit in full."""
    with seat.reading() as session:
        return detail(session, get_visit(session, visit_id), seat.today())


def get_visit(session: Session, visit_id: int) -> Visit:
    """Return a visit's record, inside a running transaction."""
    row = session.get(Visit, visit_id)
    if row is None:
        raise NotFound(_("This record is no longer there. Reload the list."))
    return row


def detail(session: Session, row: Visit, today: date) -> VisitDetail:
    """Return a visit in full, inside a running transaction."""
    conclusion = Conclusion(row.conclusion)
    checklist = exact_version(session, row.checklist, row.checklist_version)
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
        checklist_name="" if checklist is None else checklist.title(language().startswith("zh")),
        conclusion=conclusion,
        deadline=row.deadline,
        report_by=rules.report_by(row.at) if conclusion is Conclusion.REPORT else None,
        remarks=row.remarks,
        items=_items(row, checklist),
        photos=in_order(list_photos(session, row.uid), [one.item for one in row.results]),
        sheet=sheet_of_visit(session, row.id),
        place=places_of(session, [row.id]).get(row.id, ""),
        report=Report(row.reported_at, row.reported_to, row.report_note) if row.reported_at else None,
        corrected=corrected_by(session, [row]).get(row.id),
        round=round_in_words(session, row.id, today),
        correction=f"{row.corrected_at.astimezone():%Y-%m-%d %H:%M} · {row.correction}"
        if row.corrected_at
        else "",
    )


def _items(row: Visit, checklist: Checklist | None) -> tuple[VisitItem, ...]:
    """Return the items of a visit in the language of the screen, as far as its checklist is known; else as recorded."""
    is_recorded = checklist is None or language().startswith("zh")
    known = {} if checklist is None or is_recorded else {item.key: item for item in checklist.items}
    return tuple(_item(result, known.get(result.item)) for result in row.results)


def _item(row: VisitResult, known: CheckItem | None) -> VisitItem:
    clauses = tuple(law.clause(ref).label for ref in row.clauses)
    text = rules.text_in_english(known, row.text) if known is not None else ""
    # both or neither: the record may be older than the wording
    group, text = (known.group_en, text) if known is not None and text else (row.group, row.text)
    value = f"{row.value} {row.unit}".strip()
    return VisitItem(row.item, group, text, clauses, Result(row.result), row.remark, value, row.photo_numbers)
