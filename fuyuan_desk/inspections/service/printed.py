"""The register of printed sheets: their serial numbers, and the visits they were entered as."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.numbers import next_number
from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.errors import InvalidInput, NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.inspections.facts import SheetRecord, Subject
from fuyuan_desk.inspections.kinds import SHEET
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, Visit
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.visits import Checklist, SubjectKind
from fuyuan_desk.inspections.service.subjects import equipment_at
from fuyuan_desk.inspections.service.versions import checklists_on, exact_version
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.search import index as search

SERIES = "sheet"


def register(
    seat: Seat,
    session: Session,
    subject: Subject,
    checklist: tuple[str, str] = ("", ""),
    visit_id: int | None = None,
) -> PrintedSheet:
    """Register a sheet that is about to be printed, under the next number of the year; a rollback frees the number.

    `checklist` is the key and the version of what is printed on it.
    """
    year = seat.today().year
    row = PrintedSheet(
        number=rules.sheet_number(year, next_number(session, SERIES, year)),
        estate_id=subject.estate_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        building_id=subject.building_id,
        place=subject.place,
        printed_at=seat.now(),
        is_copy=visit_id is not None,
        visit_id=visit_id,
        checklist=checklist[0],
        checklist_version=checklist[1],
    )
    session.add(row)
    session.flush()
    search.put(session, [search.Entry(SHEET, row.id, (row.number,), estate=row.estate_id)])
    return row


@permit(*EVERYONE)
def read_sheet(seat: Seat, sheet_id: int) -> SheetRecord:
    """Return a printed sheet."""
    with seat.reading() as session:
        row = session.get(PrintedSheet, sheet_id)
        if row is None:
            raise NotFound(_("This record is no longer there. Reload the list."))
        return _sheet(session, row)


def _sheet(session: Session, row: PrintedSheet) -> SheetRecord:
    return SheetRecord(
        row.id, row.number, row.estate_id, SubjectKind(row.subject_kind), row.subject_id, row.building_id,
        row.place, row.visit_id, equipment_at(session, row.estate_id, row.building_id), printed_with(session, row),
    )  # fmt: skip


def printed_with(session: Session, row: PrintedSheet) -> Checklist | None:
    """Return the checklist on a printed sheet, whatever counts now.

    Of a sheet that does not say which, it is the one that counted on the day it was printed.
    """
    if row.checklist:
        return exact_version(session, row.checklist, row.checklist_version)
    day = row.printed_at.astimezone().date()
    return next(iter(checklists_on(session, SubjectKind(row.subject_kind), day)), None)


def sheet_typed(session: Session, number: str, kind: SubjectKind, subject_id: int) -> SheetRecord | None:
    """Return the sheet with a typed number, None unless it was printed for this subject and is not entered yet."""
    row = _find(session, number)
    if row is None or row.visit_id is not None or (row.subject_kind, row.subject_id) != (kind, subject_id):
        return None
    return _sheet(session, row)


def _find(session: Session, number: str) -> PrintedSheet | None:
    typed = half_width(number).strip().upper()
    return session.scalars(select(PrintedSheet).where(PrintedSheet.number == typed)).one_or_none()


def sheet_to_enter(session: Session, number: str, subject: Subject) -> PrintedSheet:
    """Return the printed sheet with this number, inside a running transaction.

    Raises `InvalidInput` for the field `sheet` if there is none, if it is of another subject, or entered already.
    """
    row = _find(session, number)
    if row is None:
        raise _wrong(_("No sheet with this number was printed here. Check the number, or leave it empty."))
    if (row.subject_kind, row.subject_id) != (subject.kind, subject.id):
        raise _wrong(
            _("This sheet was printed for another subject. Check the number, or choose that subject.")
        )
    if row.visit_id is not None:
        visit = session.get_one(Visit, row.visit_id).number
        raise _wrong(_("This sheet is entered already, as visit {number}.").format(number=visit))
    return row


def _wrong(message: str) -> InvalidInput:
    return InvalidInput(message, {"sheet": message})


def sheet_of_visit(session: Session, visit_id: int) -> str:
    """Return the number of the sheet that a visit was entered from, '' without one."""
    query = select(PrintedSheet.number).where(
        PrintedSheet.visit_id == visit_id, PrintedSheet.is_copy.is_(False)
    )
    return session.scalars(query).one_or_none() or ""


def places_of(session: Session, visit_ids: Collection[int]) -> dict[int, str]:
    """Return the buildings and gates of visits by key, omitted if all was visited.

    They are those of the sheets that were entered, or of the planned rounds that they fill.
    """
    ids = functions.keys(visit_ids)
    of_rounds = select(PlannedRound.visit_id, PlannedRound.place).where(
        PlannedRound.visit_id.in_(ids), PlannedRound.place != ""
    )
    query = select(PrintedSheet.visit_id, PrintedSheet.place).where(
        PrintedSheet.visit_id.in_(ids),
        PrintedSheet.is_copy.is_(False),
        PrintedSheet.place != "",
    )
    found = (*session.execute(of_rounds), *session.execute(query))
    return {visit_id: place for visit_id, place in found if visit_id is not None}


def place_of(visit: Any) -> ColumnElement[str]:
    """Return the building or gate of a visit as an expression, as `places_of` has it; '' if all was visited."""
    of_sheet = select(func.max(PrintedSheet.place)).where(
        PrintedSheet.visit_id == visit.id, PrintedSheet.is_copy.is_(False), PrintedSheet.place != ""
    )
    of_round = select(func.max(PlannedRound.place)).where(
        PlannedRound.visit_id == visit.id, PlannedRound.place != ""
    )
    return func.coalesce(
        of_sheet.correlate(visit).scalar_subquery(), of_round.correlate(visit).scalar_subquery(), ""
    )


def sheet_of_uid(session: Session, uid: str) -> int | None:
    """Find a printed sheet's key by its uid."""
    return session.scalar(select(PrintedSheet.id).where(PrintedSheet.uid == uid))


def sheet_outlines(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return title and detail of printed sheets by key, omitting those that are gone."""
    rows = session.scalars(select(PrintedSheet).where(PrintedSheet.id.in_(ids))).all()
    names = estates.estate_outlines(session, {row.estate_id for row in rows})
    outlines = {}
    for row in rows:
        name = names[row.estate_id].title if row.estate_id in names else ""
        state = _("entered") if row.visit_id is not None else _("not entered yet")
        title = f"{row.number}  {name}{row.place}"
        outlines[row.id] = (title, f"{row.printed_at.astimezone():%Y-%m-%d} · {state}")
    return outlines
