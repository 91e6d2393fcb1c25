"""The data of inspection sheets, blank and of logged visits; each print is registered under a number of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.inspections import catalogue, rules
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.records import PrintedSheet, Visit
from fuyuan_desk.inspections.rules import Party, SheetScope, SubjectKind
from fuyuan_desk.inspections.service.photos import list_photos
from fuyuan_desk.inspections.service.printed import register
from fuyuan_desk.inspections.service.queries import get_visit
from fuyuan_desk.inspections.service.subjects import (
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


def blank_sheets(
    seat: Seat, session: Session, subjects: Sequence[Subject], party: Party | None, scope: SheetScope
) -> tuple[tuple[Subject, InspectionSheet], ...]:
    """Register blank sheets and return each with its subject, inside a running transaction; the caller audits them."""
    for subject in subjects:
        refuse_foreign(session, subject)
    placed = tuple(in_places(session, subjects, scope))
    found = standings(session, seat.today(), {subject.estate_id for subject in placed})
    sheets = []
    for subject in placed:
        row = register(seat, session, subject)
        standing = _standing(subject.kind, found.get(subject.estate_id))
        sheets.append((subject, _blank_sheet(session, subject, row, party, standing)))
    return tuple(sheets)


def _blank_sheet(
    session: Session, subject: Subject, row: PrintedSheet, party: Party | None, standing: Facts
) -> InspectionSheet:
    equipment = equipment_at(session, subject.estate_id, subject.building_id)
    checklist = rules.applicable(catalogue.checklist_for(subject.kind), equipment)
    return InspectionSheet(
        number=row.number,
        kind=subject.kind,
        subject=_titled(subject.title, subject.place),
        address=subject.address,
        items=tuple(InspectionItem(item.text, item.group) for item in checklist.items),
        uid=row.uid,
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
    known = {(subject.kind, subject.id): subject for subject in subjects}
    with seat.transaction() as session:
        sheets = []
        for visit_id in visit_ids:
            row = get_visit(session, visit_id)
            key = (SubjectKind(row.subject_kind), row.subject_id)
            if key[0] is SubjectKind.ESTATE:
                known.setdefault(key, estate_subject(session, row.subject_id))
            sheets.append(_visit_sheet(seat, session, row, known.get(key)))
            audit.note(session, "print", Visit.__tablename__, visit_id, {"sheet": sheets[-1].number})
        return tuple(sheets)


def _visit_sheet(seat: Seat, session: Session, row: Visit, subject: Subject | None) -> InspectionSheet:
    at, kind = row.at.astimezone(), SubjectKind(row.subject_kind)
    of = subject or Subject(kind, row.subject_id, "", row.estate_id, row.subject, row.subject, "")
    printed = register(seat, session, of, row.id)
    standing = standings(session, at.date(), [row.estate_id]).get(row.estate_id)
    # the record names the building or gate that was visited
    title = row.subject if kind is SubjectKind.ESTATE else of.title
    return InspectionSheet(
        number=printed.number,
        kind=row.subject_kind,
        subject=title,
        address=of.address,
        items=tuple(InspectionItem(r.text, r.group, r.result, r.remark) for r in row.results),
        uid=printed.uid,
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
