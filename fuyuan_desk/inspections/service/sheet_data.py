"""The data of inspection sheets, blank and of logged visits."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.inspections import catalogue, rules
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.records import Visit
from fuyuan_desk.inspections.rules import Party, SubjectKind
from fuyuan_desk.inspections.service.photos import list_photos
from fuyuan_desk.inspections.service.queries import get_visit
from fuyuan_desk.inspections.service.subjects import estate_subject
from fuyuan_desk.inspections.sheets import InspectionItem, InspectionSheet
from fuyuan_desk.store.audit import log as audit


def blank_sheet(subject: Subject, party: Party | None = None) -> InspectionSheet:
    """Return the data of a blank sheet."""
    return InspectionSheet(
        # an estate has no case number; a visit gets its number when logged, so that there are no gaps
        number=subject.number or rules.estate_number(subject.id),
        kind=subject.kind,
        subject=subject.title,
        address=subject.address,
        items=tuple(
            InspectionItem(item.text, item.group) for item in catalogue.checklist_for(subject.kind).items
        ),
        uid=subject.uid,
        facts=subject.facts,
        parties=() if party is None else (party,),
    )


def blank_sheets(subjects: Sequence[Subject], party: Party | None = None) -> tuple[InspectionSheet, ...]:
    """Return the data of blank sheets, one for each subject."""
    return tuple(blank_sheet(subject, party) for subject in subjects)


@permit(*EVERYONE)
def visit_sheets(
    seat: Seat, visit_ids: Sequence[int], subjects: Sequence[Subject] = ()
) -> tuple[InspectionSheet, ...]:
    """Return the data of the sheets of logged visits, and audit the printing.

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
            sheets.append(_visit_sheet(session, row, known.get(key)))
            audit.note(session, "print", Visit.__tablename__, visit_id)
        return tuple(sheets)


def _visit_sheet(session: Session, row: Visit, subject: Subject | None) -> InspectionSheet:
    at = row.at.astimezone()
    return InspectionSheet(
        number=row.number,
        kind=row.subject_kind,
        subject=subject.title if subject else row.subject,
        address=subject.address if subject else "",
        items=tuple(InspectionItem(r.text, r.group, r.result, r.remark) for r in row.results),
        uid=row.uid,
        facts=subject.facts if subject else (),
        day=at.date(),
        time=f"{at:%H:%M}",
        parties=(row.party,),
        photos=len(list_photos(session, row.uid)),
        conclusion=row.conclusion,
        deadline=row.deadline,
        details=row.remarks,
        inspector=row.inspectors,
        accompanying=row.accompanying,
    )
