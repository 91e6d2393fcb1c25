"""The tasks of a renovation: documents, start, end, visits (110 §5, §13–14, §17)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.renovation.rules.course import CaseStatus

PROHIBITED = Topic(N_("Prohibited works"), "error", 60)
PAST_END = Topic(N_("Past end date"), "calendar", 50)
START = Topic(N_("Start"), "next", 80)
PAPERS = Topic(N_("Documents missing"), "document", 40)
UNVISITED = Topic(N_("Visit"), "eye", 90)
_ACTS = {
    PROHIBITED: "renovation.edit",
    PAPERS: "renovation.receive",
    START: "renovation.start",
    UNVISITED: "renovation.visit",
    PAST_END: "renovation.end",
}
"""What a task of each topic begins with; acts of the job."""


@dataclass(frozen=True)
class Limits:
    """The limits, in days, that decide when a task is due; data in `resources/renovation/dues.json`.

    The room chart shows a renovation as completed for `days_shown_as_completed`.
    """

    days_without_visit: int
    papers_due_days_before_start: int
    days_shown_as_completed: int = 0


@dataclass(frozen=True)
class CaseFacts:
    """The facts of an open case; `missing` names the outstanding documents due before the start."""

    id: int
    number: str
    address: str
    status: CaseStatus
    starts_on: date
    ends_on: date
    missing: tuple[str, ...] = ()
    prohibited: tuple[str, ...] = ()
    started_on: date | None = None
    last_visit: date | None = None


def _task(
    case: CaseFacts,
    topic: Topic,
    detail: str,
    due: date,
    overdue: bool,
    severity: Severity,
    office_only: bool = False,
) -> Task:
    title = f"{case.address}  {case.number}"
    return Task(
        CASE.name, case.id, title, detail, due, overdue, severity, topic, "renovation", office_only,
        _ACTS[topic],
    )  # fmt: skip


def prohibited_works(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """Return the task to change a scope with prohibited works before the start (110 §5)."""
    if case.status is not CaseStatus.REGISTERED or not case.prohibited:
        return None
    detail = _("Prohibited by law: {works}. Agree on another scope.").format(
        works=_(", ").join(case.prohibited)
    )
    return _task(case, PROHIBITED, detail, case.starts_on, case.starts_on < today, Severity.URGENT)


def missing_papers(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """Return the task to collect the documents required before the start (110 §13–14)."""
    if not case.missing:
        return None
    planned = case.starts_on - timedelta(days=limits.papers_due_days_before_start)
    # filed shortly before the start, they are due at once, but overdue only after the start
    due = min(max(planned, today), case.starts_on)
    detail = numbered(
        len(case.missing),
        N_("{n} document missing: {names}"),
        N_("{n} documents missing: {names}"),
        names=_(", ").join(case.missing),
    )
    severity = Severity.URGENT if case.starts_on <= today else Severity.NORMAL
    return _task(case, PAPERS, detail, due, due < today, severity, office_only=True)


def start_reached(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """Return the task to start a complete case whose planned day has come."""
    is_ready = case.status is CaseStatus.REGISTERED and not case.missing and not case.prohibited
    if not is_ready or case.starts_on > today:
        return None
    detail = _("Planned to start on {day}, all documents received: start it or ask.").format(
        day=case.starts_on
    )
    overdue = case.starts_on < today
    return _task(case, START, detail, case.starts_on, overdue, Severity.NORMAL, office_only=True)


def past_end(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """Return the task to ask about work that continues after its planned end."""
    if case.status is not CaseStatus.UNDER_WAY or case.ends_on >= today:
        return None
    detail = _("Planned to end on {day}: ask whether the work is done.").format(day=case.ends_on)
    return _task(case, PAST_END, detail, case.ends_on, True, Severity.NORMAL)


def unvisited(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """Return the task to visit a site regularly while work is under way (110 §17)."""
    if case.status is not CaseStatus.UNDER_WAY:
        return None
    since = max(filter(None, (case.last_visit, case.started_on or case.starts_on)))
    due = since + timedelta(days=limits.days_without_visit)
    if due > today:
        return None
    if case.last_visit is None:
        detail = _("Under way since {day} and not visited yet").format(day=case.started_on or case.starts_on)
    else:
        detail = numbered(
            (today - case.last_visit).days,
            N_("Last visited on {day}, {n} day ago"),
            N_("Last visited on {day}, {n} days ago"),
            day=case.last_visit,
        )
    return _task(case, UNVISITED, detail, due, due < today, Severity.NORMAL)


RULES = (prohibited_works, missing_papers, start_reached, past_end, unvisited)


def tasks_of(cases: Iterable[CaseFacts], today: date, limits: Limits) -> list[Task]:
    """List the tasks of these cases, unsorted."""
    due = (rule(case, today, limits) for case in cases for rule in RULES)
    return [task for task in due if task is not None]
