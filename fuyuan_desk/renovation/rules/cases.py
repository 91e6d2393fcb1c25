"""What the law and the office say about a renovation: its terms, and the course of a case.

The works, questions, papers and clauses are data (`resources/renovation/`); `judging` combines them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure


class Verdict(IntEnum):
    """How a work stands, from harmless to barred; the highest of several findings holds.

    CHECK: a fact is not known yet, so nobody may say that the work is allowed.
    """

    ALLOWED = 0
    DOCUMENTS = 1
    APPROVAL = 2
    CHECK = 3
    PROHIBITED = 4


class Answer(StrEnum):
    """What the clerk knows of a question; not knowing is never taken for a harmless answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Element(StrEnum):
    """What a work touches; the first four are what LS §28 protects."""

    FACADE = "facade"
    STRUCTURE = "structure"
    PLAN = "plan"
    INTERIOR = "interior"
    BUILDING = "building"
    SHARED = "shared"
    WET = "wet"
    USE = "use"


class Keep(IntEnum):
    """How much of an element a protection class keeps: nothing, the main or notable part, all of it."""

    NONE = 0
    MAIN = 1
    ALL = 2


class Due(StrEnum):
    """When a paper must be there."""

    START = "start"
    COMPLETION = "completion"


class CaseStatus(StrEnum):
    """Where a case stands."""

    REGISTERED = "registered"
    UNDER_WAY = "under-way"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended: the work was done, or it was given up."""

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
    """Name a member of the enums above in the language of the screen."""
    return _(LABELS[member])


class Match(IntEnum):
    """Whether a condition holds; MAYBE when an answer is missing."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True)
class Words:
    """A text of the data in Chinese, as printed, and in English."""

    zh: str
    en: str

    def in_language(self, code: str) -> str:
        """Give the text for a screen in the language `code`."""
        return self.zh if code.startswith("zh") else self.en


@dataclass(frozen=True)
class Context:
    """What is known of the house and the applicant when a scope is judged.

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
        """Whether the house is let public housing, so that the managing unit speaks for the owner."""
        return self.tenure in (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC) or self.role is HoldingRole.TENANT

    @property
    def is_protected(self) -> bool:
        """Whether LS §28 or the building's own requirements bind the work."""
        return self.heritage_class != 0 or bool(self.own_requirements.strip())


Conditions = tuple[tuple[str, tuple[str, ...]], ...]
"""Pairs of a question or an @fact with the values of which one must hold; all pairs must hold."""


@dataclass(frozen=True)
class Rule:
    """One consequence with its condition, its clauses and its reason."""

    when: Conditions
    verdict: Verdict
    clauses: tuple[str, ...]
    reason: Words
    documents: tuple[str, ...] = ()
    body: str = ""
    qualified_firm: bool = False


@dataclass(frozen=True)
class Touch:
    """That a work touches an element: its main part, another part, or as a question tells."""

    element: Element
    grade: str = "other"
    change: bool = True
    when: Conditions = ()


@dataclass(frozen=True)
class SettingRule:
    """A consequence that follows from where a work is done, for every work that touches one of `elements`."""

    elements: frozenset[Element]
    change_only: bool
    rule: Rule


@dataclass(frozen=True)
class Work:
    """A work that people do, with what it touches and what follows."""

    key: str
    group: str
    name: Words
    touches: tuple[Touch, ...] = ()
    rules: tuple[Rule, ...] = ()
    typical: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Question:
    """A fact that a verdict may hang on."""

    key: str
    text: Words


@dataclass(frozen=True)
class Document:
    """A paper; `when` None: needed only where a rule asks for it."""

    key: str
    name: Words
    why: Words
    clauses: tuple[str, ...]
    due: Due
    when: Conditions | None


@dataclass(frozen=True)
class Protection:
    """What a protection class keeps (LS §28)."""

    clause: str
    keeps: Mapping[Element, Keep]


@dataclass(frozen=True)
class Catalogue:
    """Everything a judgement is made from, in one version; `steps` says what is asked of each body."""

    version: str
    groups: Mapping[str, Words]
    works: Mapping[str, Work]
    questions: Mapping[str, Question]
    documents: Mapping[str, Document]
    bodies: Mapping[str, Words]
    steps: Mapping[str, Words]
    protections: Mapping[int, Protection]
    settings: tuple[SettingRule, ...]
    heritage: Mapping[str, Rule]
    ordinary: Rule


@dataclass(frozen=True)
class ScopeItem:
    """One work of an application with the answers given for it; a missing answer is UNKNOWN."""

    work: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """One consequence that applies.

    `open_questions` keep it at CHECK; `at_worst` is what it becomes if the answers turn out badly.
    """

    verdict: Verdict
    at_worst: Verdict
    reason: Words
    clauses: tuple[str, ...]
    documents: tuple[str, ...] = ()
    body: str = ""
    qualified_firm: bool = False
    open_questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkJudgement:
    """How one work stands, worst finding first; `questions` are those that matter here."""

    work: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    questions: tuple[str, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """All clauses of the findings, each once."""
        return tuple(dict.fromkeys(ref for finding in self.findings for ref in finding.clauses))

    @property
    def bodies(self) -> tuple[str, ...]:
        """Who must approve, each once."""
        approvals = (f for f in self.findings if f.verdict is Verdict.APPROVAL)
        return tuple(dict.fromkeys(f.body for f in approvals if f.body))


@dataclass(frozen=True)
class RequiredDocument:
    """A paper that the application needs, and the works that call for it (none: every application)."""

    document: str
    works: tuple[str, ...]
    due: Due


@dataclass(frozen=True)
class Judgement:
    """How the whole scope stands."""

    works: tuple[WorkJudgement, ...]
    documents: tuple[RequiredDocument, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all works."""
        return max((work.verdict for work in self.works), default=Verdict.ALLOWED)

    @property
    def firm_works(self) -> tuple[str, ...]:
        """The works that only a qualified firm may do (110 §9)."""
        return tuple(w.work for w in self.works if any(f.qualified_firm for f in w.findings))


# --- course of a case ------------------------------------------------------------------------------------


class PeriodFault(StrEnum):
    """What is wrong with a period of work."""

    ENDS_BEFORE_START = "ends-before-start"
    TOO_LONG = "too-long"
    BEFORE_REGISTRATION = "before-registration"


def period_fault(starts: date, ends: date, registered: date, longest_days: int) -> PeriodFault | None:
    """Check a period: it is registered before it starts (110 §13), ends after, lasts a sensible time."""
    if starts < registered:
        return PeriodFault.BEFORE_REGISTRATION
    if ends < starts:
        return PeriodFault.ENDS_BEFORE_START
    return PeriodFault.TOO_LONG if (ends - starts).days + 1 > longest_days else None


@dataclass(frozen=True)
class Obstacles:
    """What keeps a registered case from starting: works barred or unclear, papers missing, no firm."""

    prohibited: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    needs_firm: bool = False

    def __bool__(self) -> bool:
        """Whether anything is in the way."""
        return bool(self.prohibited or self.unclear or self.missing or self.needs_firm)


def start_obstacles(
    verdicts: Mapping[str, Verdict],
    papers: Iterable[tuple[str, Due, bool]],
    firm_needed: bool,
    has_contractor: bool,
) -> Obstacles:
    """Say what is in the way of starting; `papers` are (name, due, received) (110 §5, §9, §13–14)."""
    return Obstacles(
        tuple(name for name, verdict in verdicts.items() if verdict is Verdict.PROHIBITED),
        tuple(name for name, verdict in verdicts.items() if verdict is Verdict.CHECK),
        tuple(name for name, due, received in papers if due is Due.START and not received),
        firm_needed and not has_contractor,
    )


class ClosingFault(StrEnum):
    """What keeps a case from being closed as it was asked."""

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
    """Check how a case is closed, by field: what is open or was broken off is accounted for (110 §30)."""
    faults = {}
    if outcome is Outcome.COMPLETED and started_on is None:
        faults["outcome"] = ClosingFault.NOT_STARTED
    if on > today:
        faults["closed_on"] = ClosingFault.IN_FUTURE
    elif on < (started_on or registered_on):
        faults["closed_on"] = ClosingFault.BEFORE_START
    broken_off = outcome is Outcome.WITHDRAWN and started_on is not None
    if (is_unfinished or broken_off) and not note.strip():
        faults["note"] = ClosingFault.NO_NOTE
    return faults


def case_number(year: int, serial: int) -> str:
    """Write a case number, for instance ZX2026-0007."""
    return f"ZX{year}-{serial:04d}"
