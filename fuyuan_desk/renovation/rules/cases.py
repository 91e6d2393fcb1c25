"""The rules of a renovation: its terms, and the course of a case.

The works, questions, documents and clauses are data (`resources/renovation/`); `judging` combines them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure


class Verdict(IntEnum):
    """The verdict on a work, in ascending severity; the highest of several findings applies.

    CHECK: a fact is not known yet, so the work cannot be called allowed.
    """

    ALLOWED = 0
    DOCUMENTS = 1
    APPROVAL = 2
    CHECK = 3
    PROHIBITED = 4


class Answer(StrEnum):
    """The answer to a question; UNKNOWN is never treated as favourable."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Element(StrEnum):
    """What a work affects; LS §28 protects the first four."""

    FACADE = "facade"
    STRUCTURE = "structure"
    PLAN = "plan"
    INTERIOR = "interior"
    BUILDING = "building"
    SHARED = "shared"
    WET = "wet"
    USE = "use"


class Keep(IntEnum):
    """How much of an element a protection class preserves: nothing, the main or notable part, all of it."""

    NONE = 0
    MAIN = 1
    ALL = 2


class Due(StrEnum):
    """When a document must be received."""

    START = "start"
    COMPLETION = "completion"


class CaseStatus(StrEnum):
    """The state of a case."""

    REGISTERED = "registered"
    UNDER_WAY = "under-way"
    CLOSED = "closed"


class Outcome(StrEnum):
    """The outcome of a case: the work was completed or abandoned."""

    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


LABELS: dict[Verdict | Answer | Due | CaseStatus | Outcome, str] = {
    Verdict.ALLOWED: N_("Allowed"),
    Verdict.DOCUMENTS: N_("Needs documents"),
    Verdict.APPROVAL: N_("Needs approval"),
    Verdict.CHECK: N_("To be checked first"),
    Verdict.PROHIBITED: N_("Prohibited"),
    Answer.YES: N_("Yes"),
    Answer.NO: N_("No"),
    Answer.UNKNOWN: N_("Not known"),
    Due.START: N_("Before the work starts"),
    Due.COMPLETION: N_("By completion"),
    CaseStatus.REGISTERED: N_("Registered"),
    CaseStatus.UNDER_WAY: N_("Under way"),
    CaseStatus.CLOSED: N_("Closed"),
    Outcome.COMPLETED: N_("Work completed"),
    Outcome.WITHDRAWN: N_("Withdrawn"),
}


def label(member: Verdict | Answer | Due | CaseStatus | Outcome) -> str:
    """Return the label of an enum member in the language of the screen."""
    return _(LABELS[member])


class Match(IntEnum):
    """Whether a condition holds; MAYBE: an answer is missing."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True)
class BilingualText:
    """A text of the catalogue in Chinese, as printed, and in English."""

    zh: str
    en: str

    def in_language(self, code: str) -> str:
        """Return the text for a screen in the language `code`."""
        return self.zh if code.startswith("zh") else self.en


@dataclass(frozen=True)
class Context:
    """The known facts of house and applicant when a scope is judged.

    `heritage_class` 0: not protected, 1–4: the class (LS §28). `surroundings` holds any of
    core, control (historic area), block (protected block or road), retained, relic.
    `own_requirements` is the building's own 具体保护要求 (LS §29), which overrides the class.
    """

    house_kind: str = ""
    tenure: str = ""
    role: HoldingRole = HoldingRole.OWNER
    heritage_class: int = 0
    surroundings: frozenset[str] = frozenset()
    own_requirements: str = ""
    has_contractor: bool = True

    @property
    def is_public(self) -> bool:
        """Whether the house is let public housing, where the managing unit acts as owner."""
        return self.tenure in (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC) or self.role is HoldingRole.TENANT

    @property
    def is_protected(self) -> bool:
        """Whether LS §28 or the building's own requirements apply."""
        return self.heritage_class != 0 or bool(self.own_requirements.strip())


Conditions = tuple[tuple[str, tuple[str, ...]], ...]
"""Pairs of a question or @fact and its accepted values; all pairs must hold."""


@dataclass(frozen=True)
class Rule:
    """One consequence with its condition, its clauses and its reason."""

    when: Conditions
    verdict: Verdict
    clauses: tuple[str, ...]
    reason: BilingualText
    documents: tuple[str, ...] = ()
    body: str = ""
    qualified_firm: bool = False


@dataclass(frozen=True)
class Touch:
    """An element that a work affects: its main part, another part, or the part a question determines."""

    element: Element
    grade: str = "other"
    change: bool = True
    when: Conditions = ()


@dataclass(frozen=True)
class SettingRule:
    """A consequence of the surroundings, for every work that affects one of `elements`."""

    elements: frozenset[Element]
    change_only: bool
    rule: Rule


@dataclass(frozen=True)
class Work:
    """A kind of work, with the elements it affects and its rules."""

    key: str
    group: str
    name: BilingualText
    touches: tuple[Touch, ...] = ()
    rules: tuple[Rule, ...] = ()
    typical: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Question:
    """A question on which a verdict may depend."""

    key: str
    text: BilingualText


@dataclass(frozen=True)
class Document:
    """A required document; `when` None: only where a rule requires it."""

    key: str
    name: BilingualText
    why: BilingualText
    clauses: tuple[str, ...]
    due: Due
    when: Conditions | None


@dataclass(frozen=True)
class Protection:
    """What a protection class preserves (LS §28)."""

    clause: str
    keeps: Mapping[Element, Keep]


@dataclass(frozen=True)
class Catalogue:
    """All data for judging, in one version; `steps` is the step to take with each body."""

    version: str
    groups: Mapping[str, BilingualText]
    works: Mapping[str, Work]
    questions: Mapping[str, Question]
    documents: Mapping[str, Document]
    steps: Mapping[str, BilingualText]
    protections: Mapping[int, Protection]
    settings: tuple[SettingRule, ...]
    heritage: Mapping[str, Rule]
    ordinary: Rule


@dataclass(frozen=True)
class ScopeItem:
    """One work of an application with its answers; a missing answer is UNKNOWN."""

    work: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """One consequence that applies.

    `open_questions` keep it at CHECK; `at_worst` is its verdict if the answers turn out unfavourably.
    """

    verdict: Verdict
    at_worst: Verdict
    reason: BilingualText
    clauses: tuple[str, ...]
    documents: tuple[str, ...] = ()
    body: str = ""
    qualified_firm: bool = False
    open_questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkJudgement:
    """The judgement of one work, worst finding first; `questions` are those relevant to it."""

    work: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    questions: tuple[str, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of all findings, without duplicates."""
        return tuple(dict.fromkeys(ref for finding in self.findings for ref in finding.clauses))


@dataclass(frozen=True)
class RequiredDocument:
    """A document the application requires, and the works that require it (none: every application)."""

    document: str
    works: tuple[str, ...]
    due: Due


@dataclass(frozen=True)
class Judgement:
    """The judgement of a whole scope."""

    works: tuple[WorkJudgement, ...]
    documents: tuple[RequiredDocument, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all works."""
        return max((work.verdict for work in self.works), default=Verdict.ALLOWED)

    @property
    def firm_works(self) -> tuple[str, ...]:
        """The works that require a qualified firm (110 §9)."""
        return tuple(w.work for w in self.works if any(f.qualified_firm for f in w.findings))


# --- course of a case ------------------------------------------------------------------------------------


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
