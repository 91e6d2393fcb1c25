"""Listing visits and reading one in full."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core import law
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.photos import PhotoKind
from fuyuan_desk.core.texts import _, in_chinese, language
from fuyuan_desk.estates.rules.free_texts import Mask
from fuyuan_desk.estates.service import estates
from fuyuan_desk.estates.service.for_other_jobs import (
    building_names,
    building_outlines,
    estate_of_building,
)
from fuyuan_desk.estates.service.free_texts import FreeTexts
from fuyuan_desk.inspections.book import visit_book
from fuyuan_desk.inspections.facts import Recheck, Report, VisitDetail, VisitFields, VisitItem
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, Visit, VisitResult
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.visits import (
    NOT_CORRECTED,
    CheckItem,
    Checklist,
    Conclusion,
    Result,
    SubjectKind,
)
from fuyuan_desk.inspections.service.photos import in_order, list_photos
from fuyuan_desk.inspections.service.printed import sheet_of_visit
from fuyuan_desk.inspections.service.rechecks import corrected_by
from fuyuan_desk.inspections.service.rounds import round_in_words
from fuyuan_desk.inspections.service.versions import exact_version
from fuyuan_desk.kit.book import BookQuery, Line, Option
from fuyuan_desk.kit.conditions import Filter
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.kit.table import Table
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.db.attachments import Attachment

_RECENT = timedelta(days=366)
_BETWEEN = re.compile(r"[、，,;；/\s]+")
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
    query = select(Visit.id, Visit.place).where(Visit.id.in_(functions.keys([row.id for row in rows])))
    return dict(session.execute(query.where(Visit.place != "")).all())


def _of_building(session: Session, building_id: int) -> ColumnElement[bool]:
    """Return the condition that a visit was to a building, by its sheet or the round that it fills."""
    sheet = select(PrintedSheet.id).where(
        PrintedSheet.visit_id == Visit.id,
        PrintedSheet.is_copy.is_(False),
        PrintedSheet.building_id == building_id,
    )
    filled = select(PlannedRound.id).where(
        PlannedRound.visit_id == Visit.id, PlannedRound.building_id == building_id
    )
    # first of all the visits of its estate, which are few
    within = Visit.estate_id == (estate_of_building(session, building_id) or 0)
    return and_(within, or_(sheet.exists(), filled.exists()))


def _by_inspector(session: Session, name: str) -> ColumnElement[bool]:
    """Return the condition that one of the inspectors has this name, and not only a longer one."""
    holding = select(Visit.inspectors).where(Visit.inspectors.contains(name, autoescape=True)).distinct()
    # the texts are few: to take them apart in each row takes several times as long
    return Visit.inspectors.in_([text for text in session.scalars(holding) if name in _BETWEEN.split(text)])


def _building_in_words(session: Session, building_id: int) -> str:
    found = building_outlines(session, [building_id]).get(building_id)
    return "" if found is None else found.title


TABLE = Table(
    Visit,
    VisitFields,
    visit_book,
    references={"estate_id": estates.describe_estates},
    extras={"corrected": _corrected, "place": _places},
    expressions={"failures": _FAILURES, "photos": _PHOTOS},
    filters={
        "building_id": Filter(_of_building, _building_in_words),
        "inspectors": Filter(_by_inspector),
    },
    holds=Holds.OFFICERS,
)


@permit(*EVERYONE)
def list_visits(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[VisitFields]]:
    """List a window of the matching visits, latest first by default."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*EVERYONE)
def visited_buildings(seat: Seat) -> tuple[Option, ...]:
    """Return the buildings of all estates to choose from, with the estate to which each belongs."""
    with seat.reading() as session:
        return tuple(Option(*building) for building in building_names(session))


@permit(*EVERYONE)
def recent_inspectors(seat: Seat) -> tuple[str, ...]:
    """Return who inspected within a year, to choose from."""
    with seat.reading() as session:
        since = seat.now() - _RECENT
        found = session.scalars(select(Visit.inspectors).where(Visit.at >= since).distinct())
        return tuple(sorted({name for text in found for name in _BETWEEN.split(text) if name}))


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
    """Return a visit in full, as the operator may read it, inside a running transaction."""
    conclusion = Conclusion(row.conclusion)
    shown = FreeTexts(session).of(row.estate_id)
    checklist = exact_version(session, row.checklist, row.checklist_version)
    sheet = sheet_of_visit(session, row.id)
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
        remarks=shown(row.remarks),
        items=_items(row, checklist, shown),
        photos=tuple(
            replace(photo, caption=shown(photo.caption))
            for photo in in_order(list_photos(session, row.uid), [one.item for one in row.results])
        ),
        sheet="" if sheet is None else sheet.number,
        place=row.place,
        report=Report(row.reported_at, shown(row.reported_to), shown(row.report_note))
        if row.reported_at
        else None,
        corrected=corrected_by(session, [row]).get(row.id),
        round=round_in_words(session, row.id, today),
        deadline_doubt=""
        if row.deadline is None or row.deadline < today
        else rules.deadline_doubt(row.deadline, office_calendar(session)),
        correction=f"{row.corrected_at.astimezone():%Y-%m-%d %H:%M} · {shown(row.correction)}"
        if row.corrected_at
        else "",
    )


def _items(row: Visit, checklist: Checklist | None, shown: Mask) -> tuple[VisitItem, ...]:
    """Return the items of a visit in the language of the screen, as far as its checklist is known; else as recorded."""
    is_recorded = checklist is None or language().startswith("zh")
    known = {} if checklist is None or is_recorded else {item.key: item for item in checklist.items}
    return tuple(_item(result, known.get(result.item), shown) for result in row.results)


def _item(row: VisitResult, known: CheckItem | None, shown: Mask) -> VisitItem:
    clauses = tuple(law.clause(ref).label for ref in row.clauses)
    text = rules.text_in_english(known, row.text) if known is not None else ""
    # both or neither: the record may be older than the wording
    group, text = (known.group_en, text) if known is not None and text else (row.group, row.text)
    value = f"{shown_value(row, shown)} {row.unit}".strip()
    remark = shown(row.remark)
    return VisitItem(row.item, group, text, clauses, Result(row.result), remark, value, row.photo_numbers)


def shown_value(row: VisitResult, shown: Mask) -> str:
    """Return the value of an item as whoever reads it may: a reading, which has a unit, is no telephone."""
    return row.value if row.unit else shown(row.value)
