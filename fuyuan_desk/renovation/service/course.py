"""The course of a case as recorded: the facts that it depends on, what happened by the trail, why acts were undone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import Role
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service import for_other_jobs as inspections
from fuyuan_desk.kit.course import Event
from fuyuan_desk.kit.course_trail import Trail, note_undo, read_events, read_trail
from fuyuan_desk.renovation.facts import OpenFinding
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.rules.course import CaseStatus, CourseFacts, Outcome, label, start_obstacles
from fuyuan_desk.renovation.rules.works import Due
from fuyuan_desk.renovation.service import wording

_TABLE = RenovationCase.__tablename__
# the personal column under whose name the trail keeps why an act was undone
_REASON = "remarks"
_DAYS = {
    CaseStatus.REGISTERED: "registered_on",
    CaseStatus.UNDER_WAY: "started_on",
    CaseStatus.CLOSED: "closed_on",
}


def trail_of(session: Session, case: RenovationCase) -> Trail:
    """Return the course of a case by the audit trail."""
    return read_trail(session, _TABLE, case.id, _REASON)


def log_undo(session: Session, case: RenovationCase, before: CaseStatus, reason: str) -> None:
    """Write the state of a case to the store, and log why it left the one before."""
    session.flush()
    note_undo(session, _TABLE, case.id, before, CaseStatus(case.status), reason, _REASON)


def facts_of(session: Session, case: RenovationCase, trail: Trail | None = None) -> CourseFacts:
    """Return what the course of a case depends on, inside a running transaction."""
    works, papers = wording.stored_works(case), wording.stored_documents(case)
    visit = inspections.last_visit(session, SubjectKind.RENOVATION, case.id)
    finding = _open_finding(inspections.last_finding(session, SubjectKind.RENOVATION, case.id))
    is_breach = finding is not None and finding.report_by is not None
    is_reported = finding is not None and finding.reported_at is not None
    missing = [view.name for view in papers if view.due is Due.COMPLETION and view.received_on is None]
    printed = [day for day, detail in trail.prints if "revealed" in detail] if trail is not None else []
    return CourseFacts(
        status=CaseStatus(case.status),
        starts_on=case.starts_on,
        ends_on=case.ends_on,
        started_on=case.started_on,
        hindered=start_obstacles(
            {view.name: view.verdict for view in works},
            [(view.name, view.due, view.received_on is not None) for view in papers],
            bool(wording.firm_works(case)),
            bool(case.contractor),
        ),
        missing=tuple(missing) if case.started_on is not None else (),
        visited_on=visit.at.astimezone().date() if visit is not None else None,
        failed=finding.failures if finding is not None else 0,
        must_report=is_breach and not is_reported,
        is_reported=is_breach and is_reported,
        printed_on=max(printed, default=None),
    )


def open_finding(session: Session, case: RenovationCase) -> OpenFinding | None:
    """Return what the last visit to a case found and is not put right yet, inside a running transaction."""
    return _open_finding(inspections.last_finding(session, SubjectKind.RENOVATION, case.id))


def _open_finding(visit: inspections.LastVisit | None) -> OpenFinding | None:
    if visit is None:
        return None
    return OpenFinding(
        visit.id,
        visit.number,
        visit.at.date(),
        visit.failures,
        visit.deadline,
        visit.report_by,
        visit.reported_at,
        visit.reported_to,
    )


def events_of(case: RenovationCase, trail: Trail, role: Role) -> tuple[Event[CaseStatus], ...]:
    """List what happened to a case, as a role may read it."""
    return read_events(trail, case, CaseStatus, _DAYS, role, _outcome)


def _outcome(values: Mapping[str, Any]) -> str:
    outcome = values.get("outcome")
    return label(Outcome(outcome)) if outcome else ""
