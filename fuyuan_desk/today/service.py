"""What waits at the desk, and finding any record: asks the jobs below and puts their answers together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.inspections.rules import SubjectKind
from fuyuan_desk.inspections.service import for_other_jobs as inspections
from fuyuan_desk.paper import qr
from fuyuan_desk.renovation.rules.cases import CaseStatus
from fuyuan_desk.renovation.service import for_other_jobs as renovation
from fuyuan_desk.standards.service.tiers import current_tiers
from fuyuan_desk.store.search import index
from fuyuan_desk.today import rules
from fuyuan_desk.today.rules import CaseFacts, EstateFacts, FailureFacts, Figures, Task, Thresholds

MOST_HITS = 30


@dataclass(frozen=True)
class Agenda:
    """The first page: what is to be done on `day`, and the office in figures."""

    day: date
    tasks: tuple[Task, ...]
    figures: Figures
    counts: dict[str, int]


@dataclass(frozen=True)
class Found:
    """A record that fits what was typed; personal data masked."""

    kind: str
    record_id: int
    title: str
    detail: str


def thresholds() -> Thresholds:
    """Read from when something waits."""
    data: dict[str, Any] = read_json("today", "thresholds.json")
    return Thresholds(**{name: data[name] for name in Thresholds.__dataclass_fields__})


@permit(*EVERYONE)
def list_tasks(seat: Seat) -> Agenda:
    """Give everything that waits, and the office in figures."""
    today = seat.today()
    with seat.reading() as session:
        visits = inspections.last_visits(session)
        cases = _cases(session, visits)
        tasks = rules.build_tasks(
            cases, _estates(session, visits, today), _failures(visits), today, thresholds()
        )
        if seat.operator.role is Role.PROPERTY:
            tasks = tuple(task for task in tasks if task.topic not in rules.OFFICE_TOPICS)
        size = estates.size(session)
        first = datetime.combine(today.replace(day=1), time.min).astimezone()
        under_way = sum(case.status is CaseStatus.UNDER_WAY for case in cases)
        figures = Figures(
            size.estates, size.units, len(cases), under_way, inspections.visits_since(session, first)
        )
    return Agenda(today, tasks, figures, rules.counts(tasks, today))


def _cases(session: Session, visits: tuple[inspections.LastVisit, ...]) -> tuple[CaseFacts, ...]:
    seen = {visit.subject_id: visit.at.date() for visit in visits if visit.kind is SubjectKind.RENOVATION}
    return tuple(
        CaseFacts(
            id=case.id,
            number=case.number,
            address=case.address,
            status=case.status,
            starts_on=case.starts_on,
            ends_on=case.ends_on,
            missing=case.missing,
            prohibited=case.prohibited,
            started_on=case.started_on,
            last_visit=seen.get(case.id),
        )
        for case in renovation.open_cases(session)
    )


def _estates(
    session: Session, visits: tuple[inspections.LastVisit, ...], today: date
) -> tuple[EstateFacts, ...]:
    tiers = current_tiers(session, None, today)
    rounds = {visit.subject_id: visit.at.date() for visit in visits if visit.kind is SubjectKind.ESTATE}
    return tuple(
        EstateFacts(key, name, key in tiers, rounds.get(key))
        for key, name in estates.estate_names(session).items()
    )


def _failures(visits: tuple[inspections.LastVisit, ...]) -> tuple[FailureFacts, ...]:
    return tuple(
        FailureFacts(visit.id, visit.subject, visit.at, visit.failures, visit.conclusion, visit.deadline)
        for visit in visits
        if visit.failures
    )


# --- finding -----------------------------------------------------------------------------------------


@permit(*EVERYONE)
def search(seat: Seat, text: str) -> tuple[Found, ...]:
    """Find records by what was typed, kind by kind in the order of the index."""
    with seat.reading() as session:
        hits = index.find(session, text, MOST_HITS)
        told: dict[tuple[str, int], tuple[str, str]] = {}
        for kind in dict.fromkeys(hit.kind for hit in hits):
            ids = [hit.record_id for hit in hits if hit.kind == kind]
            told |= {(kind, key): words for key, words in _outlines(session, kind, ids).items()}
        return tuple(Found(*hit, *told[hit.kind, hit.record_id]) for hit in hits if tuple(hit) in told)


def _outlines(session: Session, kind: str, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    ask = {
        "estate": estates.estate_outlines,
        "building": estates.building_outlines,
        "unit": estates.unit_outlines,
        "household": estates.household_outlines,
    }.get(kind)
    if ask is not None:
        return {key: (found.title, found.detail) for key, found in ask(session, ids).items()}
    if kind == "case":
        return renovation.case_outlines(session, ids)
    return inspections.visit_outlines(session, ids) if kind == "visit" else {}


def is_scan(text: str) -> bool:
    """Tell whether a text begins like one of our QRs; a scanner types through the input method, too."""
    return half_width(text).strip().upper().startswith(f"{qr.PREFIX}:")


@permit(*EVERYONE)
def find_scanned(seat: Seat, text: str) -> tuple[str, int] | None:
    """Give kind and key of the record whose QR was scanned; None when the text is none of our QRs.

    Raises `NotFound` for a sheet whose record is not in this office.
    """
    mark = qr.decode(half_width(text).strip().upper())
    if mark is None:
        return None
    with seat.reading() as session:
        for kind, ask in (
            ("visit", inspections.visit_of_uid),
            ("case", renovation.case_of_uid),
            ("estate", estates.estate_of_uid),
        ):
            key = ask(session, mark.uid)
            if key is not None:
                return kind, key
    raise NotFound(_("The record of the sheet {number} is not in this office.").format(number=mark.number))
