"""Input and output of the renovation services: frozen dataclasses.

Texts are in the language of the screen; personal data are masked unless stated otherwise.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from fuyuan_desk.core.law import Source
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.kit.course import Event
from fuyuan_desk.renovation.rules.course import CaseStatus, CourseFacts, Outcome
from fuyuan_desk.renovation.rules.works import Answer, Due, ScopeItem, Verdict


@dataclass(frozen=True)
class Filing:
    """The input of a filing, unmasked; `received` are the documents handed in with it.

    Errors use these field names; the field of a work is `works.<key>`.
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
    """A work to choose; `is_typical`: common in this kind of house."""

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
    """A clause as shown on a page: the citation as printed, and its text."""

    ref: str
    label: str
    text: str
    source: Source


@dataclass(frozen=True)
class QuestionView:
    """A question relevant to a work, with its current answer."""

    key: str
    text: str
    answer: Answer


@dataclass(frozen=True)
class FindingView:
    """One consequence; `at_worst` is its verdict if the open questions turn out unfavourably.

    `asks_house`: among the open questions are facts that are missing in the record of the house.
    """

    verdict: Verdict
    at_worst: Verdict
    reason: str
    clauses: tuple[ClauseView, ...]
    body: str
    documents: tuple[str, ...]
    open_questions: tuple[str, ...]
    asks_house: bool = False


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
    """A document of the checklist; `works` names the works that require it, empty: every application."""

    document: str
    name: str
    why: str
    clauses: tuple[str, ...]
    due: Due
    works: tuple[str, ...] = ()
    received_on: date | None = None


@dataclass(frozen=True)
class House:
    """The relevant facts of a house; enums are values of `estates.rules`, `hours` is the text of permitted hours."""

    unit_id: int
    estate_id: int
    estate: str
    address: str
    house_kind: str
    tenure: str
    heritage_class: int | None
    is_area_known: bool
    surroundings: tuple[str, ...]
    own_requirements: str
    area: int | None
    hours: str
    quiet_hours: str


@dataclass(frozen=True)
class ScopeJudgement:
    """The judgement of a scope before filing; `firm_works` require a qualified firm (110 §9)."""

    house: House
    verdict: Verdict
    works: tuple[WorkView, ...]
    documents: tuple[DocumentView, ...]
    firm_works: tuple[str, ...]
    deposit: str


@dataclass(frozen=True)
class OpenCase:
    """A case of a home that is not closed, and its period; a second one needs another period."""

    id: int
    number: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class CaseFields:
    """What a list knows of a case; `status` and `verdict` are codes of the enums."""

    number: str
    status: str
    estate_id: int
    unit_id: int
    applicant: str
    contractor: str
    starts_on: date
    ends_on: date
    registered_on: date
    verdict: str


@dataclass(frozen=True)
class OpenFinding:
    """What failed on the last visit to a case and is not put right yet; moments are local.

    `deadline`: to be corrected by then; `report_by`: dissuasion failed, to be reported by then (WY §59); `reported_at`
    and `reported_to` once it was.
    """

    visit_id: int
    number: str
    day: date
    failures: int
    deadline: date | None = None
    report_by: datetime | None = None
    reported_at: datetime | None = None
    reported_to: str = ""


@dataclass(frozen=True)
class CaseDetail:
    """A case in full, masked; `doubts` are sentences on dubious data, `events` what happened, oldest first.

    `is_outdated`: it is not started, and the facts of the house are others than those by which it was judged.
    `changes` says what a new judgement has just changed, or that a contractor is new among the organisations.
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
    doubts: tuple[str, ...]
    remarks: str
    course: CourseFacts
    events: tuple[Event[CaseStatus], ...]
    closed_on: date | None = None
    outcome: Outcome | None = None
    closing_note: str = ""
    is_outdated: bool = False
    finding: OpenFinding | None = None
    changes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class CaseEdit:
    """A case as loaded into its form, unmasked; loading it is audited."""

    id: int
    version: int
    number: str
    status: CaseStatus
    filing: Filing = field(repr=False)
