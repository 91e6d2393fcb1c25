"""The data of inspection sheets, blank and of logged visits.

A sheet is read as a draft, which has no number. `number_drafts` registers it when it is printed, so that a look at the
preview takes no number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.estates.rules.equipment import Presences
from fuyuan_desk.estates.rules.free_texts import Mask
from fuyuan_desk.estates.rules.places import RecordedPlace
from fuyuan_desk.estates.service.free_texts import FreeTexts
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import Subject, VisitPhoto
from fuyuan_desk.inspections.records import PlannedRound, Visit, VisitResult
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.answers import range_text
from fuyuan_desk.inspections.rules.checklists import TypedItem, read_item
from fuyuan_desk.inspections.rules.visits import CheckItem, Checklist, SheetScope, SubjectKind
from fuyuan_desk.inspections.service.photos import list_photos
from fuyuan_desk.inspections.service.printed import NewSheet, register
from fuyuan_desk.inspections.service.queries import get_visit, shown_value
from fuyuan_desk.inspections.service.rechecks import Failure, failures_at
from fuyuan_desk.inspections.service.round_sheets import open_rounds, print_again, rounds_without_sheet
from fuyuan_desk.inspections.service.subjects import (
    SUBJECT_TABLES,
    equipment_of_places,
    estate_subject,
    in_places,
    refuse_foreign,
)
from fuyuan_desk.inspections.service.versions import checklists_on, exact_version
from fuyuan_desk.inspections.sheets import FailedBefore, InspectionItem, InspectionSheet
from fuyuan_desk.standards.facts import Standing
from fuyuan_desk.standards.service.tiers import standings
from fuyuan_desk.store.audit import log as audit

Facts = tuple[tuple[str, str], ...]


def _wording() -> Any:
    return read_json("forms", "inspection.json")


@dataclass(frozen=True)
class Draft:
    """A sheet without a number, its subject, and the visit that it is a copy of.

    `checklist` is the key and the version of what it asks. It is for the planned round `round_id` if that is given;
    `printed` is the sheet that was printed for it before, whose number the draft has.
    """

    sheet: InspectionSheet
    subject: Subject
    visit_id: int | None = None
    checklist: tuple[str, str] = ("", "")
    round_id: int | None = None
    printed: int | None = None


def number_drafts(seat: Seat, session: Session, drafts: Sequence[Draft]) -> tuple[InspectionSheet, ...]:
    """Register sheets that are about to be printed, audit this, and return them with their numbers.

    Inside a running transaction, whose rollback frees the numbers. What was printed before keeps its number.
    """
    blank = [draft.subject for draft in drafts if draft.visit_id is None]
    for subject in {(one.kind, one.id, one.estate_id): one for one in blank}.values():
        refuse_foreign(session, subject)
    new = [draft for draft in drafts if draft.printed is None]
    rounds = rounds_without_sheet(session, {draft.round_id for draft in new if draft.round_id is not None})
    wanted = [_new_sheet(session, draft, rounds.get(draft.round_id or 0)) for draft in new]
    known = open_rounds(session, {draft.round_id for draft in drafts if draft.round_id is not None})
    registered = iter(register(seat, session, wanted))
    numbered = []
    for draft in drafts:
        if draft.printed is None:
            row = next(registered)
        else:
            row = print_again(session, draft.printed, known[draft.round_id or 0])
        _note(session, draft, row.number)
        numbered.append(replace(draft.sheet, number=row.number, uid=row.uid))
    return tuple(numbered)


def _new_sheet(session: Session, draft: Draft, planned: PlannedRound | None) -> NewSheet:
    if draft.visit_id is None:
        return NewSheet(draft.subject, draft.checklist, None, planned)
    visit = get_visit(session, draft.visit_id)  # whoever cannot read a visit prints no copy of it
    return NewSheet(replace(draft.subject, estate_id=visit.estate_id), draft.checklist, visit.id)


def _note(session: Session, draft: Draft, number: str) -> None:
    if draft.visit_id is not None:
        audit.note(session, "print", Visit.__tablename__, draft.visit_id, {"sheet": number})
        return
    again = {"again": True} if draft.printed is not None else {}
    table, details = SUBJECT_TABLES[draft.subject.kind], {"blank": True, "sheet": number, **again}
    audit.note(session, "print", table, draft.subject.id, details)


def blank_drafts(
    seat: Seat,
    session: Session,
    subjects: Sequence[Subject],
    party: Party | None,
    scope: SheetScope,
    checklist: str = "",
) -> tuple[Draft, ...]:
    """Return blank sheets without numbers, inside a running use; see `blank_papers`."""
    for subject in subjects:
        refuse_foreign(session, subject)
    placed = tuple(in_places(session, subjects, scope))
    found = standings(session, seat.today(), {subject.estate_id for subject in placed})
    lists = {kind: _offered(session, kind, seat.today(), checklist) for kind in SubjectKind}
    equipment = equipment_of_places(session, {(one.estate_id, one.building_id) for one in placed})
    failures = failures_of_subjects(session, placed)
    return tuple(
        blank_draft(
            subject,
            lists[subject.kind],
            equipment[subject.estate_id, subject.building_id],
            found.get(subject.estate_id),
            party,
            failures.get((subject.kind, subject.id), ()),
        )
        for subject in placed
    )


def failures_of_subjects(
    session: Session, subjects: Iterable[Subject]
) -> Mapping[tuple[SubjectKind, int], Sequence[Failure]]:
    """Return what failed last time at subjects and is not put right, by kind and key."""
    ids: dict[SubjectKind, set[int]] = {}
    for subject in subjects:
        ids.setdefault(subject.kind, set()).add(subject.id)
    return {
        (kind, key): failures
        for kind, keys in ids.items()
        for key, failures in failures_at(session, kind, keys).items()
    }


def _offered(session: Session, kind: SubjectKind, today: date, key: str) -> Checklist:
    offered = checklists_on(session, kind, today)
    return next((one for one in offered if one.key == key), offered[0])


def blank_draft(
    subject: Subject,
    checklist: Checklist,
    equipment: Presences,
    standing: Standing | None,
    party: Party | None = None,
    failures: Sequence[Failure] = (),
) -> Draft:
    """Return a blank sheet of a checklist, without what asks for equipment that the place does not have.

    `failures` are those of the subject; the sheet names the items that failed at its place.
    """
    asked = rules.applicable(checklist, equipment).items
    sheet = InspectionSheet(
        number="",
        kind=subject.kind,
        subject=_titled(subject.title, subject.place),
        address=subject.address,
        items=tuple(map(blank_item, asked)),
        facts=(*subject.facts, *_standing(checklist, standing)),
        parties=() if party is None else (party,),
        record=_with_version(_record(subject), checklist),
        title=_title(checklist),
        failed=_failed(asked, RecordedPlace.of(subject), failures),
    )
    return Draft(sheet, subject, None, (checklist.key, checklist.version))


def _failed(
    asked: Sequence[CheckItem], place: RecordedPlace, failures: Sequence[Failure]
) -> tuple[FailedBefore, ...]:
    """Return the numbers on a sheet of what failed at its place, by the day and, for the whole estate, the building."""
    numbers = {item.key: number for number, item in enumerate(asked, 1)}
    found: dict[tuple[date, str], set[int]] = {}
    for one in failures:
        if one.item in numbers and rules.covers(place, one.place):
            where = "" if place.is_same(one.place) else one.place.text
            found.setdefault((one.day, where), set()).add(numbers[one.item])
    return tuple(FailedBefore(day, where, tuple(sorted(which))) for (day, where), which in found.items())


def _with_version(record: str, checklist: Checklist | None) -> str:
    """Return the reference of a sheet, with the version of a checklist of the office."""
    if checklist is None or catalogue.checklist(checklist.key, checklist.version) is not None:
        return record
    text = _wording()["version"].format(record=record, name=checklist.name, version=checklist.version)
    return str(text)


def _title(checklist: Checklist | None) -> str:
    """Return the title of a sheet of a checklist that only the office has, '' for that of the form."""
    shipped = {known.key for known in catalogue.checklists()}
    return "" if checklist is None or checklist.key in shipped else checklist.name


def blank_item(item: CheckItem) -> InspectionItem:
    """Return an item as it is printed to be filled in."""
    form = item.answer
    return InspectionItem(
        item.text,
        item.group,
        kind=form.kind,
        unit=form.unit,
        range=range_text(form),
        options=tuple(option.text for option in form.options),
        photo=item.photo,
        mandatory=item.mandatory,
    )


def example_sheet(kind: SubjectKind, name: str, items: Iterable[TypedItem]) -> InspectionSheet:
    """Return a blank sheet of items that are being edited, as it would be printed for some place."""
    return InspectionSheet(
        number="",
        kind=kind,
        subject=name,
        address="",
        items=tuple(blank_item(read_item(item)) for item in items if item.text.strip()),
    )


def _titled(title: str, place: str) -> str:
    return _wording()["place"].format(subject=title, place=place) if place else title


def _record(subject: Subject) -> str:
    number = subject.number or rules.estate_number(subject.id)
    return str(_wording()["records"][subject.kind].format(number=number))


def _standing(checklist: Checklist, standing: Standing | None) -> Facts:
    """Return the tier of an estate and what demands the visit, as printed; nothing if it is a wish of the office."""
    texts = _wording()["standing"]
    if not (checklist.demanded_by or checklist.standard_item):
        return ()
    if checklist.demanded_by:
        tier = texts["no_tier"] if standing is None else standing.tier
        basis = law.cite(law.clause(ref) for ref in checklist.demanded_by)
        return ((texts["tier"], tier), (texts["basis"], basis))
    if standing is None:
        return ((texts["tier"], texts["no_demand"]),)
    duty = standing.duties[checklist.standard_item]
    text = texts["demand"].format(tier=standing.tier, item=duty.name, text=duty.text)
    return ((texts["tier"], text + texts["reference"] * standing.is_reference),)


@permit(*EVERYONE)
def visit_sheets(
    seat: Seat, visit_ids: Sequence[int], subjects: Sequence[Subject] = ()
) -> tuple[InspectionSheet, ...]:
    """Register copies of logged visits, audit their printing and return their data.

    `subjects` supplies addresses and facts of subjects whose job is above this one.
    """
    with seat.transaction() as session:
        drafts = visit_drafts(session, visit_ids, seat.today(), subjects)
        return number_drafts(seat, session, drafts)


def visit_drafts(
    session: Session, visit_ids: Sequence[int], today: date, subjects: Sequence[Subject] = ()
) -> tuple[Draft, ...]:
    """Return copies of logged visits without numbers, inside a running use; see `visit_sheets`."""
    known = {(subject.kind, subject.id): subject for subject in subjects}
    texts = FreeTexts(session, printed=True)
    drafts = []
    for visit_id in visit_ids:
        row = get_visit(session, visit_id)
        kind, subject_id = SubjectKind(row.subject_kind), row.subject_id
        if kind is SubjectKind.ESTATE:
            known.setdefault((kind, subject_id), estate_subject(session, subject_id, today))
        unknown = Subject(kind, subject_id, "", row.estate_id, row.subject, row.subject, "")
        subject = known.get((kind, subject_id), unknown)
        checklist = exact_version(session, row.checklist, row.checklist_version)
        sheet = _visit_sheet(session, row, subject, checklist, texts.of(row.estate_id))
        drafts.append(Draft(sheet, subject, visit_id, (row.checklist, row.checklist_version)))
    return tuple(drafts)


def _visit_sheet(
    session: Session, row: Visit, of: Subject, checklist: Checklist | None, shown: Mask
) -> InspectionSheet:
    known = {item.key: blank_item(item) for item in checklist.items} if checklist is not None else {}
    photos = list_photos(session, row.uid)
    at, kind = row.at.astimezone(), SubjectKind(row.subject_kind)
    standing = standings(session, at.date(), [row.estate_id]).get(row.estate_id)
    # the record names the building or gate that was visited
    title = row.subject if kind is SubjectKind.ESTATE else of.title
    return InspectionSheet(
        number="",
        kind=row.subject_kind,
        subject=title,
        address=of.address,
        items=tuple(
            _filled(known.get(one.item, InspectionItem("")), one, photos, shown) for one in row.results
        ),
        facts=(*of.facts, *_standing(checklist or catalogue.checklist_for(kind), standing)),
        day=at.date(),
        time=f"{at:%H:%M}",
        parties=(row.party,),
        photos=len(photos),
        conclusion=row.conclusion,
        deadline=row.deadline,
        details=shown(row.remarks),
        inspector=row.inspectors,
        accompanying=row.accompanying,
        record=_with_version(str(_wording()["records"]["visit"].format(number=row.number)), checklist),
        title=_title(checklist),
    )


def _filled(
    asked: InspectionItem, found: VisitResult, photos: Sequence[VisitPhoto], shown: Mask
) -> InspectionItem:
    """Return an item as it was asked and answered, worded as it is recorded, with the numbers of its photos."""
    attached = dict.fromkeys(photo.number for photo in photos if photo.item == found.item and photo.number)
    return replace(
        asked,
        text=found.text,
        group=found.group,
        result=found.result,
        remark=shown(found.remark),
        value=shown_value(found, shown),
        unit=found.unit or asked.unit,
        photos=found.photo_numbers or "、".join(attached),
    )
