"""What services tell about visits and what forms hand in: frozen dataclasses."""

from dataclasses import dataclass, field
from datetime import date, datetime

from fuyuan_desk.inspections.rules import Conclusion, Finding, Party, Result, SubjectKind


@dataclass(frozen=True)
class Subject:
    """What is visited. `number` is that of its record, empty for an estate; `facts` stand on the sheet.

    `name` stands in lists, `title` heads the sheet beside the address.
    A job above this one makes the subjects of its own records.
    """

    kind: SubjectKind
    id: int
    uid: str
    estate_id: int
    name: str
    title: str
    address: str
    number: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NewPhoto:
    """A picture file as it was chosen; it is scaled, stripped and encrypted when kept."""

    raw: bytes = field(repr=False)
    caption: str = ""


@dataclass(frozen=True)
class KeptPhoto:
    """A photo that is already kept with the draft of a visit, and the words below it."""

    id: int
    caption: str = ""


@dataclass(frozen=True)
class VisitPhoto:
    """A photo of a visit: what it is kept under, size in pixels and bytes."""

    id: int
    content: str
    width: int
    height: int
    size: int
    caption: str


@dataclass(frozen=True)
class NewVisit:
    """What a clerk logs; `handling` and `deadline` are needed only where something is not in order.

    `photos` are files still to be kept, `kept_photos` those already kept with the draft.
    """

    subject: Subject
    at: datetime
    party: Party
    inspectors: str
    findings: tuple[Finding, ...]
    accompanying: str = ""
    handling: Conclusion | None = None
    deadline: date | None = None
    remarks: str = ""
    photos: tuple[NewPhoto, ...] = ()
    kept_photos: tuple[KeptPhoto, ...] = ()
    checklist_version: str = ""


@dataclass(frozen=True)
class VisitQuery:
    """Which visits to list; days are local and both included, `text` is a filter as typed."""

    estate_id: int | None = None
    kind: SubjectKind | None = None
    subject_id: int | None = None
    party: Party | None = None
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""
    sort: str = "at"
    descending: bool = True


@dataclass(frozen=True)
class VisitRow:
    """A visit as a list shows it; `failures` counts the items not in order."""

    id: int
    number: str
    at: datetime
    estate_id: int
    estate: str
    kind: SubjectKind
    subject_id: int
    subject: str
    party: Party
    inspectors: str
    conclusion: Conclusion
    deadline: date | None
    failures: int
    photos: int


@dataclass(frozen=True)
class VisitItem:
    """One line of a visit; `clauses` are citations as printed."""

    item: str
    group: str
    text: str
    clauses: tuple[str, ...]
    result: Result
    remark: str


@dataclass(frozen=True)
class VisitDetail:
    """A visit with everything found; `report_by` is set where dissuasion failed (WY §59)."""

    id: int
    uid: str
    version: int
    number: str
    at: datetime
    estate_id: int
    estate: str
    kind: SubjectKind
    subject_id: int
    subject: str
    party: Party
    inspectors: str
    accompanying: str
    checklist: str
    checklist_version: str
    conclusion: Conclusion
    deadline: date | None
    report_by: datetime | None
    remarks: str
    items: tuple[VisitItem, ...]
    photos: tuple[VisitPhoto, ...]
