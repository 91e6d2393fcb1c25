"""Correcting a visit that was typed wrong from paper: who compares both says why."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.inspections.facts import Correction, NewVisit, Subject, ToCorrect, VisitDetail
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.visits import Checklist, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.photos import list_photos
from fuyuan_desk.inspections.service.printed import sheet_of_visit
from fuyuan_desk.inspections.service.queries import detail, get_visit
from fuyuan_desk.inspections.service.rounds import fill_anew
from fuyuan_desk.inspections.service.search_entries import index_visits
from fuyuan_desk.inspections.service.versions import exact_version
from fuyuan_desk.inspections.service.visits import deadline_of, too_early, visit_errors
from fuyuan_desk.kit.guards import refuse_stale, refuse_wrong

_LONGEST = {"reason": 500, "remarks": 4_000}


@permit(*WRITERS)
def visit_to_correct(seat: Seat, visit_id: int) -> ToCorrect:
    """Return a visit as it was entered, to be compared with the paper."""
    with seat.reading() as session:
        row = _correctable(session, visit_id)
        found = tuple(map(_finding, row.results))
        return ToCorrect(detail(session, row, seat.today()), _asked(session, row), found, row.version)


@permit(*WRITERS)
def correct_visit(seat: Seat, correction: Correction) -> VisitDetail:
    """Correct what was entered of a visit, with the reason; what was entered before stays in the trail.

    What came of its findings stays: an order is closed by itself. A planned round follows the time of the visit, and
    the correction says how it stands then. Raises `InvalidInput` for what a visit may not say either, and when nothing
    differs.
    """
    with seat.transaction() as session:
        row = _correctable(session, correction.visit_id)
        refuse_stale(row, correction.version)
        asked = _asked(session, row)
        found = rules.derived(asked, correction.findings)
        visit = _as_entered(row, replace(correction, findings=found))
        photos = len(list_photos(session, row.uid))
        errors = visit_errors(visit, asked, asked, seat.now(), photos)
        refuse_wrong(errors | _faults_of_time(session, row, visit) | _faults(correction, row, visit))
        moved = _move(session, row, visit, asked, seat.today())
        by_item = {finding.item: finding for finding in found}
        for result in row.results:
            finding = by_item[result.item]
            result.result, result.remark, result.value = finding.result, finding.remark.strip(), finding.value
            result.photo_numbers = visible(finding.photos).strip()
        row.conclusion = rules.conclude(found, correction.handling)
        row.deadline, row.remarks = deadline_of(visit), correction.remarks.strip()
        row.inspectors, row.accompanying = visit.inspectors, visit.accompanying
        row.corrected_at, row.correction = seat.now(), " · ".join((correction.reason.strip(), *moved))
        session.flush()
        index_visits(session, [row.id])
        return detail(session, row, seat.today())


def _move(session: Session, row: Visit, visit: NewVisit, asked: Checklist, today: date) -> list[str]:
    """Set when a visit was made, and return in words what changes with it."""
    if visit.at == row.at:
        return []
    times = [f"{at.astimezone():%Y-%m-%d %H:%M}" for at in (row.at, visit.at)]
    day = visit.at.astimezone().date()
    clauses = {item.key: [law.pin(ref, day) for ref in item.clauses] for item in asked.items}
    sheet = sheet_of_visit(session, row.id)
    row.at = visit.at
    for result in row.results:
        result.clauses = clauses[result.item]
    is_of_sheet = sheet is not None and sheet.round_id is not None
    rounds = fill_anew(session, row, row.place, is_of_sheet, today)
    return [_("{before} → {after}").format(before=times[0], after=times[1]), *rounds]


def _correctable(session: Session, visit_id: int) -> Visit:
    row = get_visit(session, visit_id)
    if row.anonymised_on is not None:
        raise Conflict(
            _("The remarks of this visit were erased when its term ended. It is corrected no more.")
        )
    return row


def _asked(session: Session, row: Visit) -> Checklist:
    """Return the items that a visit has results of, in its version of the checklist."""
    checklist = exact_version(session, row.checklist, row.checklist_version)
    if checklist is None:
        raise Conflict(_("The checklist of this visit is not known here any more. Log another visit."))
    answered = {result.item for result in row.results}
    return replace(checklist, items=tuple(item for item in checklist.items if item.key in answered))


def _finding(row: VisitResult) -> Finding:
    return Finding(row.item, Result(row.result), row.remark, row.value, row.photo_numbers)


def _as_entered(row: Visit, correction: Correction) -> NewVisit:
    """Return a visit as it should have been entered; what is typed of its time has no seconds."""
    subject = Subject(
        SubjectKind(row.subject_kind), row.subject_id, "", row.estate_id, row.subject, row.subject, "",
        earliest=correction.earliest,
    )  # fmt: skip
    typed = correction.at
    is_same = typed is None or typed == row.at.replace(second=0, microsecond=0)
    inspectors = row.inspectors if correction.inspectors is None else correction.inspectors
    accompanying = row.accompanying if correction.accompanying is None else correction.accompanying
    return NewVisit(
        subject, row.at if typed is None or is_same else typed, Party(row.party), inspectors.strip(),
        correction.findings, accompanying.strip(), correction.handling, correction.deadline, correction.remarks,
    )  # fmt: skip


def _faults_of_time(session: Session, row: Visit, visit: NewVisit) -> dict[str, str]:
    """Return why a visit cannot have been made when it says, as it was reported, or its sheet printed, later."""
    if visit.at == row.at:
        return {}
    if row.reported_at is not None and visit.at > row.reported_at:
        text = _("It was reported on {moment}, before this. Check day and time.")
        return {"at": text.format(moment=f"{row.reported_at.astimezone():%Y-%m-%d %H:%M}")}
    return too_early(visit, sheet_of_visit(session, row.id))


def _faults(correction: Correction, row: Visit, visit: NewVisit) -> dict[str, str]:
    faults = {}
    for field, most in _LONGEST.items():
        if len(getattr(correction, field).strip()) > most:
            faults[field] = _("This is longer than {n} characters. Shorten it.").format(n=most)
    if not visible(correction.reason).strip():
        faults["reason"] = _("Enter why it is corrected.")
    before = {found.item: found for found in map(_finding, row.results)}
    now = {
        found.item: replace(found, remark=found.remark.strip(), photos=visible(found.photos).strip())
        for found in visit.findings
    }
    entered = row.conclusion, row.deadline, row.remarks, row.at, row.inspectors, row.accompanying
    handled = rules.conclude(visit.findings, visit.handling), deadline_of(visit), visit.remarks.strip()
    if before == now and entered == (*handled, visit.at, visit.inspectors, visit.accompanying):
        faults["reason"] = _("Nothing differs from what was entered. Change what is wrong first.")
    return faults
