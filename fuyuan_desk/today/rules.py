"""What waits at the desk: tasks built from what is known of cases, estates and visits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.inspections.rules import Conclusion
from fuyuan_desk.renovation.rules.cases import CaseStatus


class Severity(IntEnum):
    """How loudly a task asks, loudest first in a list."""

    QUIET = 0
    NORMAL = 1
    URGENT = 2


class Topic(StrEnum):
    """What a task is about."""

    REPORT = "report"
    PROHIBITED = "prohibited"
    PAST_END = "past-end"
    START = "start"
    PAPERS = "papers"
    UNVISITED = "unvisited"
    FAILED = "failed"
    NO_TIER = "no-tier"
    NO_ROUND = "no-round"


class Group(StrEnum):
    """Under which heading a task stands."""

    OVERDUE = "overdue"
    DUE = "due"
    WAITING = "waiting"


_LABELS: dict[Topic | Group, str] = {
    Topic.REPORT: N_("Report"),
    Topic.PROHIBITED: N_("Prohibited works"),
    Topic.PAST_END: N_("Past its end"),
    Topic.START: N_("Start"),
    Topic.PAPERS: N_("Papers missing"),
    Topic.UNVISITED: N_("Visit"),
    Topic.FAILED: N_("Not in order"),
    Topic.NO_TIER: N_("No tier"),
    Topic.NO_ROUND: N_("Round"),
    Group.OVERDUE: N_("Overdue"),
    Group.DUE: N_("Due today"),
    Group.WAITING: N_("Waiting"),
}


def label(member: Topic | Group) -> str:
    """Name a topic or a heading in the language of the screen."""
    return _(_LABELS[member])


@dataclass(frozen=True)
class Thresholds:
    """From when something waits; data in `resources/today/thresholds.json`."""

    days_without_visit: int
    papers_due_days_before_start: int
    days_failures_stay: int
    report_hours: int


@dataclass(frozen=True)
class CaseFacts:
    """What is known of an open renovation; `missing` names the papers that must be there before it starts."""

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


@dataclass(frozen=True)
class EstateFacts:
    """What is known of an estate: whether it has a tier, and its last round."""

    id: int
    name: str
    has_tier: bool
    last_round: date | None = None


@dataclass(frozen=True)
class FailureFacts:
    """The last visit to a subject, when something was not in order and nothing shows yet that it was mended."""

    visit_id: int
    subject: str
    at: datetime
    failures: int
    conclusion: Conclusion
    deadline: date | None = None


@dataclass(frozen=True)
class Task:
    """One thing to do: `kind` and `record_id` say which record opens, `page` on which page it is counted."""

    kind: str
    record_id: int
    title: str
    detail: str
    due: date | None
    overdue: bool
    severity: Severity
    topic: Topic
    page: str

    def group(self, today: date) -> Group:
        """Give the heading it stands under."""
        if self.overdue:
            return Group.OVERDUE
        return Group.DUE if self.due is not None and self.due <= today else Group.WAITING


def _case_task(
    case: CaseFacts, topic: Topic, detail: str, due: date | None, overdue: bool, severity: Severity
) -> Task:
    title = f"{case.address}  {case.number}"
    return Task("case", case.id, title, detail, due, overdue, severity, topic, "renovation")


def prohibited_works(case: CaseFacts, today: date, limits: Thresholds) -> Task | None:
    """A scope that holds prohibited works is taken back or changed before anything starts (110 §5)."""
    if case.status is not CaseStatus.REGISTERED or not case.prohibited:
        return None
    detail = _("The law bars: {works}. Agree on another scope.").format(works=_(", ").join(case.prohibited))
    return _case_task(case, Topic.PROHIBITED, detail, case.starts_on, case.starts_on < today, Severity.URGENT)


def missing_papers(case: CaseFacts, today: date, limits: Thresholds) -> Task | None:
    """What 110 §13–14 asks for is there before the work starts."""
    if not case.missing:
        return None
    wanted = case.starts_on - timedelta(days=limits.papers_due_days_before_start)
    # filed shortly before the start, they are due at once, but late only when the start has passed
    due = min(max(wanted, today), case.starts_on)
    detail = _("{count} papers missing: {names}").format(
        count=len(case.missing), names=_(", ").join(case.missing)
    )
    severity = Severity.URGENT if case.starts_on <= today else Severity.NORMAL
    return _case_task(case, Topic.PAPERS, detail, due, due < today, severity)


def start_reached(case: CaseFacts, today: date, limits: Thresholds) -> Task | None:
    """A registered case whose day has come, with all papers there, is started or its applicant asked."""
    waiting = case.status is CaseStatus.REGISTERED and not case.missing and not case.prohibited
    if not waiting or case.starts_on > today:
        return None
    detail = _("Planned to start on {day}, all papers are there: start it or ask.").format(day=case.starts_on)
    return _case_task(case, Topic.START, detail, case.starts_on, case.starts_on < today, Severity.NORMAL)


def past_end(case: CaseFacts, today: date, limits: Thresholds) -> Task | None:
    """Work that goes on after its agreed end is asked about."""
    if case.status is not CaseStatus.UNDER_WAY or case.ends_on >= today:
        return None
    detail = _("Planned to end on {day}: ask whether the work is done.").format(day=case.ends_on)
    return _case_task(case, Topic.PAST_END, detail, case.ends_on, True, Severity.NORMAL)


def unvisited(case: CaseFacts, today: date, limits: Thresholds) -> Task | None:
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
    return _case_task(case, Topic.UNVISITED, detail, due, due < today, Severity.NORMAL)


def no_tier(estate: EstateFacts) -> Task | None:
    """Every estate has one service tier."""
    if estate.has_tier:
        return None
    detail = _("No service tier given yet")
    return Task(
        "estate", estate.id, estate.name, detail, None, False, Severity.QUIET, Topic.NO_TIER, "standards"
    )


def no_round(estate: EstateFacts, today: date) -> Task | None:
    """Every estate is walked through once a month."""
    if estate.last_round is not None and estate.last_round >= today.replace(day=1):
        return None
    end = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if estate.last_round is None:
        detail = _("No round this month; none logged yet")
    else:
        detail = _("No round this month; the last was on {day}").format(day=estate.last_round)
    return Task(
        "estate", estate.id, estate.name, detail, end, False, Severity.QUIET, Topic.NO_ROUND, "inspections"
    )


def failed(visit: FailureFacts, today: date, limits: Thresholds) -> Task | None:
    """What was not in order stays until a later visit finds it mended; a report is made within a day (WY §59)."""
    day = visit.at.date()
    mended = visit.conclusion in (Conclusion.CLEAN, Conclusion.ON_THE_SPOT)
    if mended or (today - day).days > limits.days_failures_stay:
        return None
    detail, due, topic, severity = _what_failed(visit, day, limits)
    overdue = due is not None and due < today
    return Task("visit", visit.visit_id, visit.subject, detail, due, overdue, severity, topic, "inspections")


def _what_failed(
    visit: FailureFacts, day: date, limits: Thresholds
) -> tuple[str, date | None, Topic, Severity]:
    if visit.conclusion is Conclusion.REPORT:
        until = visit.at + timedelta(hours=limits.report_hours)
        told = _("Dissuasion failed: owners' committee and authority are told by {until}").format(
            until=f"{until:%Y-%m-%d %H:%M}"
        )
        return told, until.date(), Topic.REPORT, Severity.URGENT
    told = _("{count} points not in order on {day}").format(count=visit.failures, day=day)
    if visit.deadline is not None:
        told += _("; to be mended by {day}").format(day=visit.deadline)
    return told, visit.deadline, Topic.FAILED, Severity.NORMAL


_OF_CASE: tuple[Callable[[CaseFacts, date, Thresholds], Task | None], ...] = (
    prohibited_works,
    missing_papers,
    start_reached,
    past_end,
    unvisited,
)


# what the residents' committee sees to, though the work lies in an estate of a property company
OFFICE_TOPICS = frozenset({Topic.START, Topic.PAPERS, Topic.NO_TIER})


def build_tasks(
    cases: Iterable[CaseFacts],
    estates: Iterable[EstateFacts],
    failures: Iterable[FailureFacts],
    today: date,
    limits: Thresholds,
) -> tuple[Task, ...]:
    """Give all tasks, what is overdue first, then by how loudly they ask and by day."""
    made = [rule(case, today, limits) for case in cases for rule in _OF_CASE]
    made += [failed(visit, today, limits) for visit in failures]
    for estate in estates:
        made += [no_tier(estate), no_round(estate, today)]
    found = [task for task in made if task is not None]
    order = list(Group)
    found.sort(key=lambda t: (order.index(t.group(today)), -t.severity, t.due or date.max, t.topic, t.title))
    return tuple(found)


def counts(tasks: Iterable[Task], today: date) -> dict[str, int]:
    """Count by page what is overdue or due today, and all of it for the page of today."""
    told = {"today": 0, "renovation": 0, "inspections": 0, "standards": 0}
    for task in tasks:
        if task.group(today) is not Group.WAITING:
            told["today"] += 1
            told[task.page] += 1
    return told


@dataclass(frozen=True)
class Figures:
    """The office in five numbers; visits are those since the first of the month."""

    estates: int = 0
    units: int = 0
    open_cases: int = 0
    under_way: int = 0
    visits: int = 0
