"""Tasks and figures of renovations for the page “Today”."""

from datetime import date

from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.texts import N_
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service import for_other_jobs as inspections
from fuyuan_desk.renovation.catalogue import due_limits
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.dues import CaseFacts, tasks_of
from fuyuan_desk.renovation.service.for_other_jobs import count_open, open_cases


def tasks(session: Session, today: date) -> list[Task]:
    """List the tasks of open cases."""
    last_visits = inspections.last_visit_days(session, SubjectKind.RENOVATION)
    cases = (
        CaseFacts(
            id=case.id,
            number=case.number,
            address=case.address,
            status=case.status,
            starts_on=case.starts_on,
            ends_on=case.ends_on,
            missing=case.missing,
            prohibited=case.prohibited,
            started_on=case.started_on,
            last_visit=last_visits.get(case.id),
        )
        for case in open_cases(session)
    )
    return tasks_of(cases, today, due_limits())


def figures(session: Session, today: date) -> list[Figure]:
    """Count open cases, and those under way."""
    counts = count_open(session)
    return [
        Figure(N_("Open renovations"), sum(counts.values())),
        Figure(N_("of them under way"), counts.get(CaseStatus.UNDER_WAY, 0)),
    ]
