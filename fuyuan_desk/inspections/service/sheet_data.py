"""The data of inspection sheets, blank and of logged visits.

A sheet is read as a draft, which has no number. `number_draft` registers it when it is printed, so that a look at the
preview takes no number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.inspections import catalogue
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.records import Visit
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.visits import Party, SheetScope, SubjectKind
from fuyuan_desk.inspections.service.photos import list_photos
from fuyuan_desk.inspections.service.printed import register
from fuyuan_desk.inspections.service.queries import get_visit
from fuyuan_desk.inspections.service.subjects import (
    SUBJECT_TABLES,
    equipment_at,
    estate_subject,
    in_places,
    refuse_foreign,
)
from fuyuan_desk.inspections.sheets import InspectionItem, InspectionSheet
from fuyuan_desk.standards.facts import Standing
from fuyuan_desk.standards.service.tiers import standings
from fuyuan_desk.store.audit import log as audit

Facts = tuple[tuple[str, str], ...]


def _wording() -> Any:
    return read_json("forms", "inspection.json")


@dataclass(frozen=True)
class Draft:
    """A sheet without a number, its subject, and the visit that it is a copy of."""

    sheet: InspectionSheet
    subject: Subject
    visit_id: int | None = None


def number_draft(seat: Seat, session: Session, draft: Draft) -> InspectionSheet:
    """Register a sheet that is about to be printed, audit this, and return it with its number.

    Inside a running transaction, whose rollback frees the number.
    """
    if draft.visit_id is None:
        refuse_foreign(session, draft.subject)
        row = register(seat, session, draft.subject)
        table, details = SUBJECT_TABLES[draft.subject.kind], {"blank": True, "sheet": row.number}
        audit.note(session, "print", table, draft.subject.id, details)
    else:
        visit = get_visit(session, draft.visit_id)  # whoever cannot read a visit prints no copy of it
        row = register(seat, session, replace(draft.subject, estate_id=visit.estate_id), visit.id)
        audit.note(session, "print", Visit.__tablename__, draft.visit_id, {"sheet": row.number})
    return replace(draft.sheet, number=row.number, uid=row.uid)


def blank_drafts(
    seat: Seat, session: Session, subjects: Sequence[Subject], party: Party | None, scope: SheetScope
) -> tuple[Draft, ...]:
    """Return blank sheets without numbers, inside a running use."""
    for subject in subjects:
        refuse_foreign(session, subject)
    placed = tuple(in_places(session, subjects, scope))
    found = standings(session, seat.today(), {subject.estate_id for subject in placed})
    return tuple(
        Draft(
            _blank_sheet(session, subject, party, _standing(subject.kind, found.get(subject.estate_id))),
            subject,
        )
        for subject in placed
    )


def _blank_sheet(session: Session, subject: Subject, party: Party | None, standing: Facts) -> InspectionSheet:
    equipment = equipment_at(session, subject.estate_id, subject.building_id)
    checklist = rules.applicable(catalogue.checklist_for(subject.kind), equipment)
    return InspectionSheet(
        number="",
        kind=subject.kind,
        subject=_titled(subject.title, subject.place),
        address=subject.address,
        items=tuple(InspectionItem(item.text, item.group) for item in checklist.items),
        facts=(*subject.facts, *standing),
        parties=() if party is None else (party,),
        record=_record(subject),
    )


def _titled(title: str, place: str) -> str:
    return _wording()["place"].format(subject=title, place=place) if place else title


def _record(subject: Subject) -> str:
    number = subject.number or rules.estate_number(subject.id)
    return str(_wording()["records"][subject.kind].format(number=number))


def _standing(kind: SubjectKind, standing: Standing | None) -> Facts:
    """Return the tier of an estate and what demands the visit, as printed."""
    texts, checklist = _wording()["standing"], catalogue.checklist_for(kind)
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
        return tuple(number_draft(seat, session, draft) for draft in drafts)


def visit_drafts(
    session: Session, visit_ids: Sequence[int], today: date, subjects: Sequence[Subject] = ()
) -> tuple[Draft, ...]:
    """Return copies of logged visits without numbers, inside a running use; see `visit_sheets`."""
    known = {(subject.kind, subject.id): subject for subject in subjects}
    drafts = []
    for visit_id in visit_ids:
        row = get_visit(session, visit_id)
        kind, subject_id = SubjectKind(row.subject_kind), row.subject_id
        if kind is SubjectKind.ESTATE:
            known.setdefault((kind, subject_id), estate_subject(session, subject_id, today))
        unknown = Subject(kind, subject_id, "", row.estate_id, row.subject, row.subject, "")
        subject = known.get((kind, subject_id), unknown)
        drafts.append(Draft(_visit_sheet(session, row, subject), subject, visit_id))
    return tuple(drafts)


def _visit_sheet(session: Session, row: Visit, of: Subject) -> InspectionSheet:
    at, kind = row.at.astimezone(), SubjectKind(row.subject_kind)
    standing = standings(session, at.date(), [row.estate_id]).get(row.estate_id)
    # the record names the building or gate that was visited
    title = row.subject if kind is SubjectKind.ESTATE else of.title
    return InspectionSheet(
        number="",
        kind=row.subject_kind,
        subject=title,
        address=of.address,
        items=tuple(InspectionItem(r.text, r.group, r.result, r.remark) for r in row.results),
        facts=(*of.facts, *_standing(kind, standing)),
        day=at.date(),
        time=f"{at:%H:%M}",
        parties=(row.party,),
        photos=len(list_photos(session, row.uid)),
        conclusion=row.conclusion,
        deadline=row.deadline,
        details=row.remarks,
        inspector=row.inspectors,
        accompanying=row.accompanying,
        record=str(_wording()["records"]["visit"].format(number=row.number)),
    )
