"""What the page of the inspections reads in one go: a new visit's choices, lists for Excel, blank sheets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import EVERYONE, FIELD, REVEALERS, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.texts import language
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import Subject, VisitQuery, VisitRow
from fuyuan_desk.inspections.rules import Checklist, Party, SubjectKind
from fuyuan_desk.inspections.service import visits
from fuyuan_desk.inspections.service.photos import parties_of
from fuyuan_desk.inspections.sheets import InspectionSheet
from fuyuan_desk.office.service import office
from fuyuan_desk.store.audit import log as audit

# as many rows as an Excel sheet takes below its heading
MOST_ROWS = 1_048_575
_REMEMBERED = 200


@dataclass(frozen=True)
class EntryStart:
    """What a new visit begins with: subjects and list by kind, clauses by item, who inspected last by party.

    `parties` are those that the operator logs visits for.
    """

    now: datetime
    subjects: dict[SubjectKind, tuple[Subject, ...]]
    checklists: dict[SubjectKind, Checklist]
    laws: dict[str, str]
    inspectors: dict[Party, tuple[str, ...]] = field(default_factory=dict)
    parties: tuple[Party, ...] = tuple(Party)


@dataclass(frozen=True)
class Sheets:
    """What sheets hold, under which office's name and of which day they are made."""

    sheets: tuple[InspectionSheet, ...]
    office: str
    made: date


@permit(*FIELD)
def begin_entry(seat: Seat) -> EntryStart:
    """Give what a new visit begins with; the subjects of renovations are added by who knows them."""
    lists = {kind: catalogue.checklist_for(kind) for kind in SubjectKind}
    chinese = language().startswith("zh")
    laws = {
        item.key: "\n".join(_clause(ref, chinese) for ref in item.clauses)
        for checklist in lists.values()
        for item in checklist.items
    }
    return EntryStart(
        seat.now().astimezone(),
        {SubjectKind.ESTATE: visits.estate_subjects(seat)},
        lists,
        laws,
        _inspectors(seat),
        parties_of(seat.operator.role),
    )


def _clause(ref: str, chinese: bool) -> str:
    found = law.clause(ref)
    return f"{found.label} {found.text}" if chinese else f"{found.label_en} {found.text_en}"


def _inspectors(seat: Seat) -> dict[Party, tuple[str, ...]]:
    known: dict[Party, dict[str, None]] = {}
    for row in visits.list_visits(seat, limit=_REMEMBERED).rows:
        known.setdefault(row.party, {}).setdefault(row.inspectors)
    return {party: tuple(names) for party, names in known.items()}


@permit(*REVEALERS)
def visits_for_export(seat: Seat, order: ExportOrder, query: VisitQuery) -> Export[VisitRow]:
    """Give the whole log as it is shown, and tell in the trail that it leaves the store."""
    rows = visits.list_visits(seat, query, 0, MOST_ROWS).rows
    with seat.transaction() as session:
        return export_rows(seat, session, order, "visit", rows, Holds.OFFICERS, bool(query.text))


@permit(*EVERYONE)
def blank_papers(seat: Seat, subjects: Sequence[Subject], party: Party | None = None) -> Sheets:
    """Say what blank sheets hold, and tell the printing in the trail."""
    with seat.transaction() as session:
        for subject in subjects:
            audit.note(session, "print", visits.SUBJECT_TABLES[subject.kind], subject.id, {"blank": True})
    return Sheets(visits.blank_sheets(subjects, party), office.read_settings(seat).name, seat.today())


@permit(*EVERYONE)
def visit_papers(seat: Seat, visit_ids: Sequence[int], subjects: Sequence[Subject] = ()) -> Sheets:
    """Say what the sheets of logged visits hold; `subjects` brings those of jobs above."""
    sheets = visits.visit_sheets(seat, visit_ids, subjects)
    return Sheets(sheets, office.read_settings(seat).name, seat.today())
