"""Printing sheets into a PDF file without the window: one estate's, one case's, or all of them."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core import files
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules import SubjectKind
from fuyuan_desk.inspections.service import visits as inspections
from fuyuan_desk.inspections.sheets import inspection_sheets
from fuyuan_desk.office.service import office
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.renovation.facts import CaseQuery
from fuyuan_desk.renovation.service import queries, sheet_data
from fuyuan_desk.renovation.sheets import registration_form
from fuyuan_desk.store.audit import log as audit

INSPECTION_SHEET, REGISTRATION = "inspection-sheet", "registration"
_MOST = 100_000
_NEAR = 5
_TABLES = {SubjectKind.ESTATE: "estate", SubjectKind.RENOVATION: queries.TABLE}


def print_sheets(seat: Seat, what: str, out: Path, estate: str | None = None, case: str | None = None) -> int:
    """Print sheets of an estate, of a case, or all, into the file `out`; give the number of pages.

    `what` is "inspection-sheet" (blank sheets: a round of an estate, or a site) or "registration" (forms of cases).
    Raises `NotFound` when nothing fits, naming what comes near; `Unusable` when the file cannot be written.
    """
    make = {INSPECTION_SHEET: _inspection, REGISTRATION: _registration}[what]
    printed = make(seat, estate, case)
    files.write_atomically(out, printed.pdf)
    return printed.pages


def _inspection(seat: Seat, estate: str | None, case: str | None) -> Printed:
    subjects: tuple[Subject, ...]
    if case is not None:
        subjects = sheet_data.inspection_subjects(seat, [_case_id(seat, case)])
    elif estate is not None:
        subjects = inspections.estate_subjects(seat, [_estate_id(seat, estate)])
    else:
        rounds = inspections.estate_subjects(seat)
        subjects = (*rounds, *sheet_data.inspection_subjects(seat, _case_ids(seat)))
    if not subjects:
        raise NotFound(_("There is no estate and no case yet. Bring in a roster first."))
    sheets = inspections.blank_sheets(subjects)
    _note(seat, subjects)
    return inspection_sheets(sheets, office.read_settings(seat).name, seat.today())


def _registration(seat: Seat, estate: str | None, case: str | None) -> Printed:
    if case is not None:
        ids = [_case_id(seat, case)]
    else:
        ids = _case_ids(seat, None if estate is None else _estate_id(seat, estate))
    if not ids and estate is not None:
        raise NotFound(_("No renovation is registered in {estate}.").format(estate=estate))
    if not ids:
        raise NotFound(_("No renovation is registered yet."))
    sheets = sheet_data.registration_sheets(seat, ids)
    return registration_form(sheets, office.read_settings(seat).name, seat.today())


@permit(*EVERYONE)
def _note(seat: Seat, subjects: Sequence[Subject]) -> None:
    with seat.transaction() as session:
        for subject in subjects:
            audit.note(session, "print", _TABLES[subject.kind], subject.id, {"blank": True})


def _case_ids(seat: Seat, estate_id: int | None = None) -> list[int]:
    query = CaseQuery(estate_id=estate_id, descending=False)
    return [row.id for row in queries.list_cases(seat, query, 0, _MOST).rows]


def _case_id(seat: Seat, number: str) -> int:
    try:
        return queries.find_case(seat, number).id
    except NotFound as gone:
        known = [row.number for row in queries.list_cases(seat, CaseQuery(), 0, _MOST).rows]
        raise NotFound(gone.message + _near(number.strip().upper(), known)) from gone


def _estate_id(seat: Seat, name: str) -> int:
    known = {row.name: row.id for row in estates.list_estates(seat).rows}
    if name.strip() in known:
        return known[name.strip()]
    told = _("There is no estate {name}.").format(name=name)
    raise NotFound(told + _near(name.strip(), list(known)))


def _near(wanted: str, known: Sequence[str]) -> str:
    """Name what comes near to what was asked for, or what there is at all."""
    holding = [name for name in known if wanted and (wanted in name or name in wanted)]
    near = holding or difflib.get_close_matches(wanted, known, _NEAR, 0.3) or list(known)
    if not near:
        return ""
    between = _(", ")
    return " " + _("Known: {names}").format(names=between.join(near[:_NEAR]))
