"""Tasks and figures of inspections for the page “Today”."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.inspections.catalogue import due_limits
from fuyuan_desk.inspections.rules import FailureFacts, RoundFacts, SubjectKind, failure_task, round_task
from fuyuan_desk.inspections.service.for_other_jobs import last_visits, visits_since


def tasks(session: Session, today: date) -> list[Task]:
    """List failures not yet corrected, and estates without a round this month."""
    visits = last_visits(session)
    limits = due_limits()
    due = [
        failure_task(
            FailureFacts(
                visit.id,
                visit.subject,
                visit.at,
                visit.failures,
                visit.conclusion,
                visit.deadline,
                visit.reported_at is not None,
            ),
            today,
            limits,
        )
        for visit in visits
        if visit.failures
    ]
    rounds = {visit.subject_id: visit.at.date() for visit in visits if visit.kind is SubjectKind.ESTATE}
    names = estates.estate_names(session).items()
    due += [round_task(RoundFacts(key, name, rounds.get(key)), today) for key, name in names]
    return [task for task in due if task is not None]


def figures(session: Session, today: date) -> list[Figure]:
    """Count the visits of this month."""
    first = datetime.combine(today.replace(day=1), time.min).astimezone()
    return [Figure(N_("Visits this month"), visits_since(session, first))]
