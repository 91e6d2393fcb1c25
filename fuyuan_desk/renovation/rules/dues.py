"""What is due for a renovation: documents, start, end, visits (110 §5, §13–14, §17)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.renovation.rules.cases import CaseStatus

PROHIBITED = Topic(N_("Prohibited works"), "error", 20)
PAST_END = Topic(N_("Past its end"), "calendar", 30)
START = Topic(N_("Start"), "next", 40)
PAPERS = Topic(N_("Papers missing"), "document", 50)
UNVISITED = Topic(N_("Visit"), "eye", 60)


@dataclass(frozen=True)
class Limits:
    """From when something is due, in days; data in `resources/renovation/dues.json`."""

    days_without_visit: int
    papers_due_days_before_start: int


@dataclass(frozen=True)
class CaseFacts:
    """What is known of an open renovation; `missing` names the documents that are needed before it starts."""

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
    return Task(CASE.name, case.id, title, detail, due, overdue, severity, topic, "renovation", office_only)


def prohibited_works(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """A scope that holds prohibited works is withdrawn or changed before anything starts (110 §5)."""
    if case.status is not CaseStatus.REGISTERED or not case.prohibited:
        return None
    detail = _("The law bars: {works}. Agree on another scope.").format(works=_(", ").join(case.prohibited))
    return _task(case, PROHIBITED, detail, case.starts_on, case.starts_on < today, Severity.URGENT)


def missing_papers(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """The documents that 110 §13–14 requires are there before the work starts."""
    if not case.missing:
        return None
    wanted = case.starts_on - timedelta(days=limits.papers_due_days_before_start)
    # filed shortly before the start, they are due at once, but late only when the start has passed
    due = min(max(wanted, today), case.starts_on)
    detail = _("{count} papers missing: {names}").format(
        count=len(case.missing), names=_(", ").join(case.missing)
    )
    severity = Severity.URGENT if case.starts_on <= today else Severity.NORMAL
    return _task(case, PAPERS, detail, due, due < today, severity, office_only=True)


def start_reached(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """A registered case whose day has come, with all documents there, is started or its applicant asked."""
    waiting = case.status is CaseStatus.REGISTERED and not case.missing and not case.prohibited
    if not waiting or case.starts_on > today:
        return None
    detail = _("Planned to start on {day}, all papers are there: start it or ask.").format(day=case.starts_on)
    late = case.starts_on < today
    return _task(case, START, detail, case.starts_on, late, Severity.NORMAL, office_only=True)


def past_end(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """Work that goes on after its agreed end is asked about."""
    if case.status is not CaseStatus.UNDER_WAY or case.ends_on >= today:
        return None
    detail = _("Planned to end on {day}: ask whether the work is done.").format(day=case.ends_on)
    return _task(case, PAST_END, detail, case.ends_on, True, Severity.NORMAL)


def unvisited(case: CaseFacts, today: date, limits: Limits) -> Task | None:
    """A site is visited again and again while work goes on (110 §17)."""
    if case.status is not CaseStatus.UNDER_WAY:
        return None
    since = max(filter(None, (case.last_visit, case.started_on or case.starts_on)))
    due = since + timedelta(days=limits.days_without_visit)
    if due > today:
        return None
    if case.last_visit is None:
        detail = _("Under way since {day} and not visited yet").format(day=case.started_on or case.starts_on)
    else:
        detail = _("Last visited on {day}, {count} days ago").format(
            day=case.last_visit, count=(today - case.last_visit).days
        )
    return _task(case, UNVISITED, detail, due, due < today, Severity.NORMAL)


RULES = (prohibited_works, missing_papers, start_reached, past_end, unvisited)


def tasks_of(cases: Iterable[CaseFacts], today: date, limits: Limits) -> list[Task]:
    """List what is due for these cases, in no particular order."""
    found = (rule(case, today, limits) for case in cases for rule in RULES)
    return [task for task in found if task is not None]
