"""The register of printed sheets: their serial numbers, and the visits they were entered as."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.numbers import next_numbers
from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.errors import InvalidInput, NotFound
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.inspections.facts import SheetRecord, Subject
from fuyuan_desk.inspections.kinds import SHEET
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet, Visit
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.printed import (
    SheetStanding,
    SheetState,
    read_number,
    sheet_standing,
    whole_number,
    withdrawal_text,
)
from fuyuan_desk.inspections.rules.round_plans import Outcome
from fuyuan_desk.inspections.rules.visits import Checklist, SubjectKind
from fuyuan_desk.inspections.service.round_sheets import assign
from fuyuan_desk.inspections.service.subjects import equipment_at
from fuyuan_desk.inspections.service.versions import checklists_on, exact_version
from fuyuan_desk.paper import qr
from fuyuan_desk.store.db import functions
from fuyuan_desk.store.search import index as search

SERIES = "sheet"


@dataclass(frozen=True)
class NewSheet:
    """A sheet that is about to be printed: of a subject, a logged visit of it, or the planned round that it is for.

    `checklist` is the key and the version of what is printed on it.
    """

    subject: Subject
    checklist: tuple[str, str] = ("", "")
    visit_id: int | None = None
    planned: PlannedRound | None = None


def register(seat: Seat, session: Session, wanted: Sequence[NewSheet]) -> list[PrintedSheet]:
    """Register sheets that are about to be printed, under the next numbers of the year; a rollback frees them."""
    if not wanted:
        return []
    year = seat.today().year
    numbers = next_numbers(session, SERIES, year, len(wanted))
    rows = [
        _row(seat, session, rules.sheet_number(year, number), one)
        for number, one in zip(numbers, wanted, strict=True)
    ]
    session.add_all(rows)
    session.flush()
    search.put(session, [search.Entry(SHEET, row.id, (row.number,), estate=row.estate_id) for row in rows])
    return rows


def _row(seat: Seat, session: Session, number: str, new: NewSheet) -> PrintedSheet:
    subject, planned = new.subject, new.planned
    row = PrintedSheet(
        number=number,
        estate_id=subject.estate_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        building_id=subject.building_id,
        place=subject.place,
        place_key=subject.place_key,
        printed_at=seat.now(),
        is_copy=new.visit_id is not None,
        visit_id=new.visit_id,
        checklist=new.checklist[0],
        checklist_version=new.checklist[1],
        subject=f"{subject.number} {subject.name}".strip(),
        state=SheetState.OUT if new.visit_id is None else SheetState.ENTERED,
    )
    if planned is not None:
        assign(session, row, planned)
    return row


@permit(*EVERYONE)
def read_sheet(seat: Seat, sheet_id: int) -> SheetRecord:
    """Return a printed sheet."""
    with seat.reading() as session:
        row = session.get(PrintedSheet, sheet_id)
        if row is None:
            raise NotFound(_("This record is no longer there. Reload the list."))
        return _sheet(session, row, seat.today())


@permit(*EVERYONE)
def find_sheet(seat: Seat, text: str) -> int:
    """Return the sheet of a QR code that was scanned, or of a number as it was typed.

    Raises `NotFound` with what to do: for a sheet of another office, a number that nobody printed, another text.
    """
    mark = qr.decode(half_width(text).strip().upper())
    if mark is not None and mark.kind != qr.INSPECTION:
        message = _("This is the code of another paper. Scan it in the search box at the top (Ctrl+K).")
        raise NotFound(message)
    with seat.reading() as session:
        if mark is not None:
            found = sheet_of_uid(session, mark.uid)
            if found is None:
                message = _("Sheet {number} was printed by another office: its code is not known here.")
                raise NotFound(message.format(number=mark.number))
            return found
        year = seat.today().year
        number = read_number(text, year, is_bare=True)
        if not number:
            raise NotFound(_("This is neither the number nor the code of a printed sheet."))
        row = _meant(session, dict.fromkeys((number, read_number(text, year - 1, is_bare=True))))
        if row is None:
            message = _(
                "No sheet {number} was printed here. Compare the number with the paper; it may be of another office."
            )
            raise NotFound(message.format(number=number))
        return row.id


def _meant(session: Session, numbers: Iterable[str]) -> PrintedSheet | None:
    """Return the sheet of one of several numbers, as of a serial typed without its year; None if none was printed.

    Of two the one that is out is meant. Raises `NotFound` if both are, or neither.
    """
    rows = [row for row in (_find(session, number) for number in numbers) if row is not None]
    out = [row for row in rows if row.state == SheetState.OUT]
    if len(rows) > 1 and len(out) != 1:
        message = _("There are {numbers}. Enter the number with its year.")
        raise NotFound(message.format(numbers=_(", ").join(row.number for row in rows)))
    return next(iter(out or rows), None)


def _sheet(session: Session, row: PrintedSheet, today: date) -> SheetRecord:
    return SheetRecord(
        row.id, row.number, row.estate_id, SubjectKind(row.subject_kind), row.subject_id, row.building_id,
        row.place, row.visit_id, equipment_at(session, row.estate_id, row.building_id), row.printed_at,
        standings(session, [row], today)[row.id], printed_with(session, row), row.round_id, row.day, row.lead,
        _done_without(session, row), row.party, _left_out(session, row), row.place_key,
    )  # fmt: skip


def _done_without(session: Session, row: PrintedSheet) -> str:
    """Return the number of the visit that filled the round of a sheet that is out, '' while it is open."""
    if row.round_id is None or row.state != SheetState.OUT:
        return ""
    query = select(Visit.number).join(PlannedRound, PlannedRound.visit_id == Visit.id)
    return session.scalar(query.where(PlannedRound.id == row.round_id)) or ""


def _left_out(session: Session, row: PrintedSheet) -> str:
    """Return why the round of a sheet that is out was left out, '' while it was not."""
    if row.round_id is None or row.state != SheetState.OUT:
        return ""
    query = select(PlannedRound.skipped_why).where(
        PlannedRound.id == row.round_id, PlannedRound.outcome == Outcome.SKIPPED
    )
    return session.scalar(query) or ""


def standings(session: Session, rows: Iterable[Any], today: date) -> dict[int, SheetStanding]:
    """Return how sheets stand on a day by key; the rows hold the columns of `SheetFields` at least."""
    rows = list(rows)
    visits = functions.keys([row.visit_id for row in rows if row.visit_id is not None])
    numbers = dict(session.execute(select(Visit.id, Visit.number).where(Visit.id.in_(visits))).all())
    return {
        row.id: sheet_standing(row.state, row.back_by, _detail(row, numbers), today, row.withdrawn_note)
        for row in rows
    }


def _detail(row: Any, numbers: dict[int, str]) -> str:
    if row.state == SheetState.WITHDRAWN:
        return withdrawal_text(row.withdrawn_why)
    return numbers.get(row.visit_id, "")


def printed_with(session: Session, row: PrintedSheet) -> Checklist | None:
    """Return the checklist on a printed sheet, whatever counts now.

    Of a sheet that does not say which, it is the one that counted on the day it was printed.
    """
    if row.checklist:
        return exact_version(session, row.checklist, row.checklist_version)
    day = row.printed_at.astimezone().date()
    return next(iter(checklists_on(session, SubjectKind(row.subject_kind), day)), None)


def sheet_typed(
    session: Session, number: str, kind: SubjectKind, subject_id: int, today: date
) -> SheetRecord | None:
    """Return the sheet with a typed number, None unless it was printed for this subject and is out."""
    row = _find(session, number)
    if row is None or row.state != SheetState.OUT or (row.subject_kind, row.subject_id) != (kind, subject_id):
        return None
    return _sheet(session, row, today)


def _find(session: Session, number: str) -> PrintedSheet | None:
    query = select(PrintedSheet).where(PrintedSheet.number == whole_number(number))
    return session.scalars(query).one_or_none()


def sheet_to_enter(session: Session, number: str, subject: Subject, party: Party) -> PrintedSheet:
    """Return the printed sheet with this number, inside a running transaction.

    Raises `InvalidInput` for the field `sheet` if there is none, if it is of another subject or party, or entered.
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
    if row.party not in ("", party):
        message = _(
            "This sheet is for a round of “{sheet}”, the visit is of “{visit}”. "
            "Choose that party, or leave the number empty."
        )
        raise _wrong(message.format(sheet=Party(row.party).label, visit=party.label))
    if row.state == SheetState.WITHDRAWN:
        why = withdrawal_text(row.withdrawn_why, row.withdrawn_note)
        message = _("This sheet was written off on {day}: {why}. Take it back first, in the list of sheets.")
        raise _wrong(message.format(day=row.withdrawn_on, why=why))
    if row.checklist and printed_with(session, row) is None:
        raise _wrong(
            _("The checklist of this sheet is not known here any more. Write the sheet off, enter another.")
        )
    return row


def _wrong(message: str) -> InvalidInput:
    return InvalidInput(message, {"sheet": message})


def sheet_of_visit(session: Session, visit_id: int) -> PrintedSheet | None:
    """Return the sheet that a visit was entered from, None without one."""
    query = select(PrintedSheet).where(PrintedSheet.visit_id == visit_id, PrintedSheet.is_copy.is_(False))
    return session.scalars(query).one_or_none()


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
        if row.state == SheetState.WITHDRAWN:
            state = withdrawal_text(row.withdrawn_why, row.withdrawn_note)
        title = f"{row.number}  {name}{row.place}"
        outlines[row.id] = (title, f"{row.printed_at.astimezone():%Y-%m-%d} · {state}")
    return outlines
