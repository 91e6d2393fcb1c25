"""What the services of renovation tell and what forms hand in: frozen dataclasses.

Texts are in the language of the screen; personal data are masked unless said otherwise.
"""

from dataclasses import dataclass, field
from datetime import date

from fuyuan_desk.core.law import Source
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.renovation.rules.cases import Answer, CaseStatus, Due, Outcome, ScopeItem, Verdict


@dataclass(frozen=True)
class Filing:
    """What a clerk enters for a renovation, unmasked; `received` are the papers handed in with it.

    Fields that are wrong are named like these; those of a work are `works.<key>`.
    """

    unit_id: int
    applicant: str
    starts_on: date
    ends_on: date
    works: tuple[ScopeItem, ...]
    role: HoldingRole = HoldingRole.OWNER
    applicant_phone: str = ""
    applicant_id_kind: str = ""
    applicant_id_number: str = ""
    contractor: str = ""
    contractor_code: str = ""
    contractor_lead: str = ""
    contractor_phone: str = ""
    received: tuple[str, ...] = ()
    remarks: str = ""


@dataclass(frozen=True)
class WorkChoice:
    """A work to choose; `is_typical`: it often occurs in this kind of house."""

    key: str
    name: str
    is_typical: bool


@dataclass(frozen=True)
class WorkGroup:
    """The works of one group, in the order of the catalogue."""

    key: str
    name: str
    works: tuple[WorkChoice, ...]


@dataclass(frozen=True)
class ClauseView:
    """A clause as a page shows it: the citation as printed, and what it says."""

    ref: str
    label: str
    text: str
    source: Source


@dataclass(frozen=True)
class QuestionView:
    """A question that matters for a work, and the answer given so far."""

    key: str
    text: str
    answer: Answer


@dataclass(frozen=True)
class FindingView:
    """One consequence; `at_worst` is what it becomes when the open questions are answered badly."""

    verdict: Verdict
    at_worst: Verdict
    reason: str
    clauses: tuple[ClauseView, ...]
    body: str
    documents: tuple[str, ...]
    open_questions: tuple[str, ...]


@dataclass(frozen=True)
class WorkView:
    """A work with its verdict, worst finding first."""

    work: str
    name: str
    group: str
    verdict: Verdict
    findings: tuple[FindingView, ...]
    questions: tuple[QuestionView, ...]
    note: str = ""


@dataclass(frozen=True)
class DocumentView:
    """A paper of the checklist; `works` names those that call for it, empty: every application."""

    document: str
    name: str
    why: str
    clauses: tuple[str, ...]
    due: Due
    works: tuple[str, ...] = ()
    received_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class House:
    """What counts of the house: enums travel as the values of `estates.rules`; `hours` of noisy work in words."""

    unit_id: int
    estate_id: int
    estate: str
    address: str
    house_kind: str
    tenure: str
    heritage_class: int
    surroundings: tuple[str, ...]
    own_requirements: str
    area: int | None
    hours: str
    quiet_hours: str


@dataclass(frozen=True)
class ScopeJudgement:
    """How a scope stands before it is filed; `firm_works` only a qualified firm may do (110 §9)."""

    house: House
    verdict: Verdict
    works: tuple[WorkView, ...]
    documents: tuple[DocumentView, ...]
    firm_works: tuple[str, ...]
    deposit: str


@dataclass(frozen=True)
class CaseQuery:
    """Which cases to list; `sort` is a column of the list, `text` a filter as typed."""

    estate_id: int | None = None
    unit_id: int | None = None
    status: CaseStatus | None = None
    text: str = ""
    sort: str = "number"
    descending: bool = True


@dataclass(frozen=True)
class CaseRow:
    """A case as a list shows it; `missing` counts papers that are due before the start and not there."""

    id: int
    number: str
    status: CaseStatus
    estate_id: int
    estate: str
    unit_id: int
    address: str
    applicant: str
    contractor: str
    starts_on: date
    ends_on: date
    registered_on: date
    verdict: Verdict
    missing: int


@dataclass(frozen=True)
class CaseDetail:
    """All of one case, masked; `obstacles` are sentences that keep it from starting, `doubts` from trusting it.

    `unfinished` are sentences that closing it must account for.
    """

    id: int
    uid: str
    version: int
    number: str
    status: CaseStatus
    house: House
    applicant: str
    role: HoldingRole
    applicant_phone: str
    applicant_id_kind: str
    applicant_id_number: str
    contractor: str
    contractor_code: str
    contractor_lead: str
    contractor_phone: str
    starts_on: date
    ends_on: date
    registered_on: date
    started_on: date | None
    law_version: str
    verdict: Verdict
    works: tuple[WorkView, ...]
    documents: tuple[DocumentView, ...]
    firm_works: tuple[str, ...]
    obstacles: tuple[str, ...]
    doubts: tuple[str, ...]
    remarks: str
    unfinished: tuple[str, ...] = ()
    closed_on: date | None = None
    outcome: Outcome | None = None
    closing_note: str = ""


@dataclass(frozen=True)
class CaseEdit:
    """A case as its form loads it, unmasked; the loading stands in the trail."""

    id: int
    version: int
    number: str
    status: CaseStatus
    filing: Filing = field(repr=False)
