"""Queries of the inspection page: choices for a new visit, data of sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from fuyuan_desk.access.seat import EVERYONE, FIELD, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core import law
from fuyuan_desk.core.calendar import Calendar
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import language
from fuyuan_desk.estates.rules.equipment import Presences
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules.checklists import Dated
from fuyuan_desk.inspections.rules.visits import Checklist, SheetScope, SubjectKind
from fuyuan_desk.inspections.service.photos import parties_of
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.inspections.service.sheet_data import (
    Draft,
    blank_drafts,
    number_drafts,
    visit_drafts,
    visit_sheets,
)
from fuyuan_desk.inspections.service.subjects import equipment_of_all, estate_subjects
from fuyuan_desk.inspections.service.versions import checklists_on, dated_versions
from fuyuan_desk.inspections.sheets import InspectionSheet
from fuyuan_desk.office.service.settings import read_settings

_REMEMBERED = 200


@dataclass(frozen=True)
class EntryStart:
    """The choices for a new visit: subjects by kind, versions of checklists, clauses by citation, last inspectors.

    `parties` are those for which the operator may log visits, `equipment` what each estate has. What failed is to be
    corrected within `working_days_to_correct`, unless the clerk enters another day.
    """

    now: datetime
    subjects: dict[SubjectKind, tuple[Subject, ...]]
    versions: tuple[Dated, ...]
    laws: dict[str, str]
    inspectors: dict[Party, tuple[str, ...]] = field(default_factory=dict)
    parties: tuple[Party, ...] = tuple(Party)
    equipment: Mapping[int, Presences] = field(default_factory=dict)
    working_days_to_correct: int = 0
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True)
class Sheets:
    """The data of sheets, with the name of the office and the date of the file.

    `drafts` are the sheets while they have no numbers, to be numbered by `number_papers`; () afterwards. `hands_over`:
    the sheets of each person are headed by a list of them.
    """

    sheets: tuple[InspectionSheet, ...]
    office: str
    made: date
    drafts: tuple[Draft, ...] = ()
    hands_over: bool = False


@permit(*FIELD)
def begin_entry(seat: Seat) -> EntryStart:
    """Return the choices for a new visit; the caller adds the renovations."""
    with seat.reading() as session:
        versions = dated_versions(session)
        calendar = office_calendar(session)
    chinese = language().startswith("zh")
    refs = {ref for one in versions for item in one.checklist.items for ref in item.clauses}
    laws = {ref: _clause(ref, chinese) for ref in refs}
    return EntryStart(
        seat.now().astimezone(),
        {SubjectKind.ESTATE: estate_subjects(seat)},
        versions,
        laws,
        _inspectors(seat),
        parties_of(seat.operator.role),
        equipment_of_all(seat),
        catalogue.due_limits().working_days_to_correct,
        calendar,
    )


@permit(*EVERYONE)
def offered_checklists(seat: Seat) -> dict[SubjectKind, tuple[Checklist, ...]]:
    """Return the checklists that count today, by the kind of subject they are for."""
    with seat.reading() as session:
        return {kind: checklists_on(session, kind, seat.today()) for kind in SubjectKind}


def _clause(ref: str, chinese: bool) -> str:
    clause = law.clause(ref)
    return f"{clause.label} {clause.text}" if chinese else f"{clause.label_en} {clause.text_en}"


def _inspectors(seat: Seat) -> dict[Party, tuple[str, ...]]:
    names_by_party: dict[Party, dict[str, None]] = {}
    for line in list_visits(seat, limit=_REMEMBERED).rows:
        names_by_party.setdefault(Party(line.fields.party), {}).setdefault(line.fields.inspectors)
    return {party: tuple(names) for party, names in names_by_party.items()}


@permit(*EVERYONE)
def blank_previews(
    seat: Seat,
    subjects: Sequence[Subject],
    party: Party | None = None,
    scope: SheetScope = SheetScope.ESTATE,
    checklist: str = "",
) -> Sheets:
    """Return blank sheets without numbers, to be looked at; see `blank_papers`."""
    with seat.reading() as session:
        drafts = blank_drafts(seat, session, subjects, party, scope, checklist)
    return drafted(seat, drafts)


@permit(*EVERYONE)
def visit_previews(seat: Seat, visit_ids: Sequence[int], subjects: Sequence[Subject] = ()) -> Sheets:
    """Return the sheets of logged visits without numbers, to be looked at; see `visit_papers`."""
    with seat.reading() as session:
        drafts = visit_drafts(session, visit_ids, seat.today(), subjects)
    return drafted(seat, drafts)


def drafted(seat: Seat, drafts: tuple[Draft, ...]) -> Sheets:
    """Return drafts of sheets as they are previewed."""
    sheets = tuple(draft.sheet for draft in drafts)
    return Sheets(sheets, read_settings(seat).heading, seat.today(), drafts)


@permit(*EVERYONE)
def number_papers(seat: Seat, papers: Sheets) -> Sheets:
    """Register previewed sheets that are about to be printed, audit the printing, and return them with numbers."""
    with seat.transaction() as session:
        sheets = number_drafts(seat, session, papers.drafts)
    return replace(papers, sheets=sheets, drafts=())


@permit(*EVERYONE)
def blank_papers(
    seat: Seat,
    subjects: Sequence[Subject],
    party: Party | None = None,
    scope: SheetScope = SheetScope.ESTATE,
    checklist: str = "",
) -> Sheets:
    """Register blank sheets under numbers of their own, audit the printing, and return their data.

    An estate gets one sheet, or one for each building or gate; they are of the `checklist` with this key, '' for the
    first that counts today.
    """
    with seat.transaction() as session:
        drafts = blank_drafts(seat, session, subjects, party, scope, checklist)
        sheets = number_drafts(seat, session, drafts)
    return Sheets(sheets, read_settings(seat).heading, seat.today())


@permit(*EVERYONE)
def visit_papers(seat: Seat, visit_ids: Sequence[int], subjects: Sequence[Subject] = ()) -> Sheets:
    """Return the data of the sheets of logged visits; `subjects` supplies those of jobs above."""
    sheets = visit_sheets(seat, visit_ids, subjects)
    return Sheets(sheets, read_settings(seat).heading, seat.today())
