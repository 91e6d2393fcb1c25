"""Correcting the results of a visit that were typed wrong from paper: who compares both says why."""

from dataclasses import replace

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.inspections.facts import Correction, NewVisit, Subject, ToCorrect, VisitDetail
from fuyuan_desk.inspections.records import Visit, VisitResult
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.visits import Checklist, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.photos import list_photos
from fuyuan_desk.inspections.service.queries import detail, get_visit
from fuyuan_desk.inspections.service.search_entries import index_visits
from fuyuan_desk.inspections.service.versions import exact_version
from fuyuan_desk.inspections.service.visits import deadline_of, visit_errors
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
    """Replace the results of a visit, with the reason; what was entered before stays in the trail.

    When and by whom it was made stays, and so does what came of its findings: an order is closed by itself. Raises
    `InvalidInput` for what a visit may not say either, and when nothing differs.
    """
    with seat.transaction() as session:
        row = _correctable(session, correction.visit_id)
        refuse_stale(row, correction.version)
        asked = _asked(session, row)
        found = rules.derived(asked, correction.findings)
        visit = _as_entered(row, replace(correction, findings=found))
        photos = len(list_photos(session, row.uid))
        refuse_wrong(visit_errors(visit, asked, asked, seat.now(), photos) | _faults(correction, row, visit))
        by_item = {finding.item: finding for finding in found}
        for result in row.results:
            finding = by_item[result.item]
            result.result, result.remark, result.value = finding.result, finding.remark.strip(), finding.value
            result.photo_numbers = visible(finding.photos).strip()
        row.conclusion = rules.conclude(found, correction.handling)
        row.deadline, row.remarks = deadline_of(visit), correction.remarks.strip()
        row.corrected_at, row.correction = seat.now(), correction.reason.strip()
        session.flush()
        index_visits(session, [row.id])
        return detail(session, row, seat.today())


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
    subject = Subject(
        SubjectKind(row.subject_kind), row.subject_id, "", row.estate_id, row.subject, row.subject, ""
    )
    return NewVisit(
        subject, row.at, Party(row.party), row.inspectors, correction.findings, handling=correction.handling,
        deadline=correction.deadline, remarks=correction.remarks,
    )  # fmt: skip


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
    handled = rules.conclude(visit.findings, visit.handling), deadline_of(visit), visit.remarks.strip()
    if before == now and handled == (row.conclusion, row.deadline, row.remarks):
        faults["reason"] = _("Nothing differs from what was entered. Change what is wrong first.")
    return faults
