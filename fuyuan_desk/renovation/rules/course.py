"""The course of a case: its states and acts, and what prevents registering, starting, closing and undoing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from fuyuan_desk.access.roles import FIELD, WRITERS
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.course import Act, Before, Course, First, Obstacle, State
from fuyuan_desk.renovation.rules.works import Due, Verdict


class CaseStatus(StrEnum):
    """The state of a case."""

    REGISTERED = "registered"
    UNDER_WAY = "under-way"
    CLOSED = "closed"


class Outcome(StrEnum):
    """The outcome of a case: the work was completed or abandoned."""

    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


OUTCOMES = {Outcome.COMPLETED: N_("Work completed"), Outcome.WITHDRAWN: N_("Withdrawn")}


class PeriodFault(StrEnum):
    """What is wrong with a period of work."""

    ENDS_BEFORE_START = "ends-before-start"
    TOO_LONG = "too-long"
    BEFORE_REGISTRATION = "before-registration"


def period_fault(starts: date, ends: date, registered: date, longest_days: int) -> PeriodFault | None:
    """Check a period: registered before it starts (110 §13), ends after the start, not too long."""
    if starts < registered:
        return PeriodFault.BEFORE_REGISTRATION
    if ends < starts:
        return PeriodFault.ENDS_BEFORE_START
    return PeriodFault.TOO_LONG if (ends - starts).days + 1 > longest_days else None


@dataclass(frozen=True)
class Obstacles:
    """What prevents the start of a case: prohibited or unclear works, missing documents, no firm."""

    prohibited: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    needs_firm: bool = False

    def __bool__(self) -> bool:
        """Whether there is any obstacle."""
        return self != Obstacles()


def start_obstacles(
    verdicts: Mapping[str, Verdict],
    papers: Iterable[tuple[str, Due, bool]],
    firm_needed: bool,
    has_contractor: bool,
) -> Obstacles:
    """List the obstacles to starting; `papers` are (name, due, received) (110 §5, §9, §13–14)."""
    return Obstacles(
        tuple(name for name, verdict in verdicts.items() if verdict is Verdict.PROHIBITED),
        tuple(name for name, verdict in verdicts.items() if verdict is Verdict.CHECK),
        tuple(name for name, due, received in papers if due is Due.START and not received),
        firm_needed and not has_contractor,
    )


class ClosingFault(StrEnum):
    """Why a case cannot be closed as requested."""

    NOT_STARTED = "not-started"
    IN_FUTURE = "in-future"
    BEFORE_START = "before-start"
    NO_NOTE = "no-note"


def closing_faults(
    outcome: Outcome,
    on: date,
    registered_on: date,
    started_on: date | None,
    today: date,
    is_unfinished: bool,
    note: str,
) -> dict[str, ClosingFault]:
    """Check the closing of a case, by field: open points and abandoned work need a note (110 §30)."""
    faults = {}
    if outcome is Outcome.COMPLETED and started_on is None:
        faults["outcome"] = ClosingFault.NOT_STARTED
    if on > today:
        faults["closed_on"] = ClosingFault.IN_FUTURE
    elif on < (started_on or registered_on):
        faults["closed_on"] = ClosingFault.BEFORE_START
    is_abandoned = outcome is Outcome.WITHDRAWN and started_on is not None
    if (is_unfinished or is_abandoned) and not note.strip():
        faults["note"] = ClosingFault.NO_NOTE
    return faults


# --- the table -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CourseFacts:
    """What the course of a case depends on; `missing` are documents due by completion, of a case that was started.

    `failed` counts the failed items of the last visit that are still to be put right; `must_report`: dissuasion failed
    there and that is not reported yet, `is_reported`: it is (WY §59). `printed_on` is the last day on
    which the registration form was printed since the case entered its state.
    """

    status: CaseStatus
    starts_on: date
    ends_on: date
    started_on: date | None = None
    hindered: Obstacles = Obstacles()
    missing: tuple[str, ...] = ()
    visited_on: date | None = None
    failed: int = 0
    must_report: bool = False
    is_reported: bool = False
    printed_on: date | None = None


def nothing_prohibited(case: CourseFacts, _today: date) -> Obstacle | None:
    """Refuse a scope with prohibited works (110 §5)."""
    works = case.hindered.prohibited
    return Obstacle(N_("Prohibited: {works}."), {"works": works}) if works else None


def nothing_unclear(case: CourseFacts, _today: date) -> Obstacle | None:
    """Refuse a scope that cannot be judged yet (110 §5–8)."""
    works = case.hindered.unclear
    return Obstacle(N_("To be checked first: {works}."), {"works": works}) if works else None


def firm_named(case: CourseFacts, _today: date) -> Obstacle | None:
    """Refuse works that require a qualified firm while none is named (110 §9)."""
    text = N_("A qualified firm must do the work: enter the contractor.")
    return Obstacle(text) if case.hindered.needs_firm else None


def documents_received(case: CourseFacts, _today: date) -> Obstacle | None:
    """Refuse a start while documents are missing (110 §13–14)."""
    papers = case.hindered.missing
    return Obstacle(N_("Missing: {papers}."), {"papers": papers}) if papers else None


def not_visited_since(case: CourseFacts, _today: date) -> Obstacle | None:
    """Refuse to undo a start after a visit to the site, which is evidence of it (110 §17)."""
    if case.visited_on is None or case.started_on is None or case.visited_on < case.started_on:
        return None
    text = N_("The site was visited on {day}. Close the case instead.")
    return Obstacle(text, {"day": case.visited_on})


def failures_open(case: CourseFacts, _today: date) -> Obstacle | None:
    """Warn of failed items of the last visit (110 §17)."""
    text = N_("Items that failed on the last visit, on {day}: {count}.")
    return Obstacle(text, {"day": case.visited_on, "count": case.failed}) if case.failed else None


def completion_missing(case: CourseFacts, _today: date) -> Obstacle | None:
    """Warn of missing documents that are due by completion (110 §30)."""
    return Obstacle(N_("Missing: {papers}."), {"papers": case.missing}) if case.missing else None


def form_printed(case: CourseFacts, _today: date) -> Obstacle | None:
    """Warn of a printed registration form that says the case is closed."""
    text = N_("The registration form printed on {day} says that the case is closed. Print it again.")
    return Obstacle(text, {"day": case.printed_on}) if case.printed_on else None


def before_closing(case: CourseFacts) -> CaseStatus:
    """Return the state to which a closed case returns."""
    return CaseStatus.REGISTERED if case.started_on is None else CaseStatus.UNDER_WAY


def awaits_documents(case: CourseFacts) -> bool:
    """Whether documents are still to be received, before the start or by completion."""
    return bool(case.hindered.missing if case.status is CaseStatus.REGISTERED else case.missing)


def _must_change(case: CourseFacts, _today: date) -> bool:
    """Whether the filing itself prevents the start: its works, or no firm."""
    return bool(case.hindered.prohibited or case.hindered.unclear or case.hindered.needs_firm)


def _is_prohibited(case: CourseFacts, _today: date) -> bool:
    return bool(case.hindered.prohibited)


def _is_unclear(case: CourseFacts, _today: date) -> bool:
    return bool(case.hindered.unclear)


def _lacks_firm(case: CourseFacts, _today: date) -> bool:
    return case.hindered.needs_firm


def _lacks_documents(case: CourseFacts, _today: date) -> bool:
    return bool(case.hindered.missing)


def report_due(case: CourseFacts) -> bool:
    """Whether a visit whose dissuasion failed is still to be reported (WY §59)."""
    return case.must_report


def _must_report(case: CourseFacts, _today: date) -> bool:
    return case.must_report


def _breach_stands(case: CourseFacts, _today: date) -> bool:
    """Whether a reported breach is not put right yet: more time is the last thing that it needs."""
    return case.is_reported


def _overdue_and_open(case: CourseFacts, today: date) -> bool:
    """Whether the end is past and something is not right yet, so that the work needs more time."""
    return case.ends_on < today and bool(case.failed or case.missing)


def _overdue(case: CourseFacts, today: date) -> bool:
    return case.ends_on < today


FIRSTS: tuple[First[CaseStatus, CourseFacts], ...] = (
    First(CaseStatus.REGISTERED, "report", _must_report),
    First(CaseStatus.REGISTERED, "edit", _must_change),
    First(CaseStatus.REGISTERED, "receive", _lacks_documents),
    First(CaseStatus.REGISTERED, "start"),
    First(CaseStatus.UNDER_WAY, "report", _must_report),
    First(CaseStatus.UNDER_WAY, "visit", _breach_stands),
    First(CaseStatus.UNDER_WAY, "extend", _overdue_and_open),
    First(CaseStatus.UNDER_WAY, "close", _overdue),
    First(CaseStatus.UNDER_WAY, "visit"),
    First(CaseStatus.CLOSED, ""),
)
"""What is to be done first, the one filled button: the first line of the state that holds (110 §13–14, §17, §30)."""

BEFORES: tuple[Before[CaseStatus, CourseFacts], ...] = (
    Before(CaseStatus.REGISTERED, "", _is_prohibited),
    Before(CaseStatus.REGISTERED, N_("Clarify the works"), _is_unclear),
    Before(CaseStatus.REGISTERED, N_("Enter the contractor"), _lacks_firm),
    Before(CaseStatus.REGISTERED, N_("Receive &documents"), _lacks_documents),
)
"""What comes before the start; nothing does where the works are prohibited (110 §5–9, §13–14)."""

_OPEN = (CaseStatus.REGISTERED, CaseStatus.UNDER_WAY)
COURSE: Course[CaseStatus, CourseFacts] = Course(
    states=(
        State(
            CaseStatus.REGISTERED, N_("Registered"),
            N_("This case is open and not started yet. Reload the list."),
            tone="neutral", icon="document", due=lambda case: case.starts_on,
        ),
        State(
            CaseStatus.UNDER_WAY, N_("Under way"),
            N_("This case is open and its work is under way. Reload the list."),
            tone="ok", icon="renovation", due=lambda case: case.ends_on,
        ),
        State(
            CaseStatus.CLOSED, N_("Closed"),
            N_("This case is closed already. Reload the list."),
            icon="lock", is_end=True,
        ),
    ),
    acts=(
        Act("edit", N_("Edit"), tuple(CaseStatus), WRITERS, icon="edit", shortcut="F2"),
        Act(
            "receive", N_("Receive &documents"), _OPEN, WRITERS, icon="document", when=awaits_documents,
        ),
        Act("report", N_("Rep&orted …"), tuple(CaseStatus), WRITERS, icon="ok", when=report_due),
        Act("visit", N_("Log a visit"), _OPEN, FIELD, icon="inspection", shortcut="F4"),
        Act("extend", N_("E&xtend the period"), (CaseStatus.UNDER_WAY,), WRITERS, icon="calendar"),
        Act(
            "undo_start", N_("Undo the s&tart …"), (CaseStatus.UNDER_WAY,), WRITERS, (CaseStatus.REGISTERED,),
            undoes="start", done=N_("Start undone"), icon="undo",
            guards=(not_visited_since,), blocked=N_("The start cannot be undone"),
        ),
        Act(
            "reopen", N_("R&eopen …"), (CaseStatus.CLOSED,), WRITERS, _OPEN,
            undoes="close", done=N_("Case reopened"), icon="undo",
            choose=before_closing, warnings=(form_printed,),
        ),
        Act(
            "start", N_("Start the &work"), (CaseStatus.REGISTERED,), WRITERS, (CaseStatus.UNDER_WAY,),
            done=N_("Work started"), icon="next",
            guards=(nothing_prohibited, nothing_unclear, firm_named, documents_received),
            blocked=N_("The work cannot start yet"),
        ),
        Act(
            "close", N_("&Close the case …"), _OPEN, WRITERS, (CaseStatus.CLOSED,),
            done=N_("Case closed"), icon="lock",
            warnings=(failures_open, completion_missing),
        ),
    ),
    firsts=FIRSTS,
    befores=BEFORES,
)  # fmt: skip


def beside_documents(case: CourseFacts) -> CourseFacts:
    """Return the facts without missing documents, for a page whose list of documents shows these itself."""
    return replace(case, hindered=replace(case.hindered, missing=()))


def label(member: CaseStatus | Outcome) -> str:
    """Return the label of a state or an outcome in the language of the screen."""
    return _(OUTCOMES[member] if isinstance(member, Outcome) else COURSE.state(member).label)


def case_number(year: int, serial: int) -> str:
    """Format a case number, such as ZX2026-0007."""
    return f"ZX{year}-{serial:04d}"
