"""Input and output of the inspection services: frozen dataclasses."""

from dataclasses import dataclass, field
from datetime import date, datetime

from fuyuan_desk.inspections.rules import Conclusion, Finding, Party, Result, SubjectKind


@dataclass(frozen=True)
class Subject:
    """The subject of a visit: `number` is that of its record, empty for an estate; `facts` are printed on the sheet.

    `name` is for lists, `title` for the head of the sheet.
    A job above this one supplies the subjects for its own records.
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
    """A photo to be stored: an upright JPEG stripped of metadata (`prepare_photo`) and its size in pixels."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    caption: str = ""


@dataclass(frozen=True)
class KeptPhoto:
    """A photo already stored with the draft of a visit, and its caption."""

    id: int
    caption: str = ""


@dataclass(frozen=True)
class VisitPhoto:
    """A stored photo of a visit: content hash, size in pixels and in bytes."""

    id: int
    content: str
    width: int
    height: int
    size: int
    caption: str


@dataclass(frozen=True)
class NewVisit:
    """The input of a visit; `handling` and `deadline` are needed only when an item failed.

    `photos` are new files, `kept_photos` those already stored with the draft.
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
    """The filter and order of a visit list; days are local and inclusive, `text` is a filter as typed."""

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
    """A visit in a list; `failures` counts the failed items."""

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
    """One checklist item of a visit; `clauses` are citations as printed."""

    item: str
    group: str
    text: str
    clauses: tuple[str, ...]
    result: Result
    remark: str


@dataclass(frozen=True)
class VisitDetail:
    """A visit in full; `report_by` is set when dissuasion failed (WY §59)."""

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
