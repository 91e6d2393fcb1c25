"""The works of a renovation and what is required of them: the terms of the catalogue and of its judgements.

The works, questions, documents and clauses are data (`resources/renovation/`); `judging` combines them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


LABELS: dict[Verdict | Answer | Due, str] = {
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
}


def label(member: Verdict | Answer | Due) -> str:
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

    `heritage_class` 0: not protected, 1–4: the class (LS §28), None: not recorded, 9 (`HeritageClass.LISTED`):
    protected, but its class is not known. `surroundings` holds any of
    core, control (historic area), block (protected block or road), retained, relic; `is_area_known` is whether it was
    recorded if the house stands in a historic area.
    `own_requirements` is the building's own 具体保护要求 (LS §29), which overrides the class.
    """

    house_kind: str = ""
    tenure: str = ""
    role: HoldingRole = HoldingRole.OWNER
    heritage_class: int | None = 0
    surroundings: frozenset[str] = frozenset()
    own_requirements: str = ""
    has_contractor: bool = True
    is_area_known: bool = True

    @property
    def is_public(self) -> bool:
        """Whether the house is let public housing, where the managing unit acts as owner."""
        return self.tenure in (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC) or self.role is HoldingRole.TENANT

    @property
    def protected(self) -> Match:
        """Whether LS §28 or the building's own requirements apply; MAYBE while the class is not recorded."""
        if self.heritage_class or self.own_requirements.strip():
            return Match.YES
        return Match.MAYBE if self.heritage_class is None else Match.NO


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
