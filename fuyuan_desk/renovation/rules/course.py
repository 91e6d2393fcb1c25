"""The course of a case: its states, and what prevents registering, starting and closing it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fuyuan_desk.core.texts import N_, _
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


LABELS: dict[CaseStatus | Outcome, str] = {
    CaseStatus.REGISTERED: N_("Registered"),
    CaseStatus.UNDER_WAY: N_("Under way"),
    CaseStatus.CLOSED: N_("Closed"),
    Outcome.COMPLETED: N_("Work completed"),
    Outcome.WITHDRAWN: N_("Withdrawn"),
}


def label(member: CaseStatus | Outcome) -> str:
    """Return the label of a state or an outcome in the language of the screen."""
    return _(LABELS[member])


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
        return bool(self.prohibited or self.unclear or self.missing or self.needs_firm)


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


def case_number(year: int, serial: int) -> str:
    """Format a case number, such as ZX2026-0007."""
    return f"ZX{year}-{serial:04d}"
