"""Tasks and figures of inspections for the page “Today”."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.texts import N_
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.inspections.catalogue import checklists, due_limits
from fuyuan_desk.inspections.rules.visits import (
    Conclusion,
    FailureFacts,
    RoundFacts,
    SubjectKind,
    failure_task,
    round_task,
)
from fuyuan_desk.inspections.service.for_other_jobs import last_visit_days, visits_since
from fuyuan_desk.inspections.service.rechecks import open_failures
from fuyuan_desk.inspections.service.rounds import estates_with_plan, round_tasks
from fuyuan_desk.inspections.service.sheets_out import sheet_tasks


def tasks(session: Session, today: date) -> list[Task]:
    """List failures not yet corrected, the rounds of plans, sheets not back, and estates without a round this month."""
    limits = due_limits()
    since = datetime.combine(today - timedelta(days=limits.days_failures_stay), time.min).astimezone()
    due = [
        failure_task(
            FailureFacts(
                visit.id,
                visit.subject,
                visit.at.astimezone(),
                failures,
                Conclusion(visit.conclusion),
                visit.deadline,
                visit.reported_at is not None,
            ),
            today,
            limits,
        )
        for visit, failures in open_failures(session, since)
    ]
    # what the office asks beside the round is no round
    demanded = [checklist.key for checklist in checklists() if checklist.standard_item]
    rounds = last_visit_days(session, SubjectKind.ESTATE, demanded)
    planned = estates_with_plan(session, today)
    names = estates.estate_names(session).items()
    due += [
        round_task(RoundFacts(key, name, rounds.get(key)), today) for key, name in names if key not in planned
    ]
    found = [task for task in due if task is not None]
    return [*found, *round_tasks(session, today), *sheet_tasks(session, today)]


def figures(session: Session, today: date) -> list[Figure]:
    """Count the visits of this month."""
    first = datetime.combine(today.replace(day=1), time.min).astimezone()
    return [Figure(N_("Visits this month"), visits_since(session, first))]
