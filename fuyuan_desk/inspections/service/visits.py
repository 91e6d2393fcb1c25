"""Logging visits."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from fuyuan_desk.access.numbers import next_number
from fuyuan_desk.access.seat import FIELD, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.estates.rules.places import WHOLE, RecordedPlace
from fuyuan_desk.inspections.facts import NewVisit, VisitDetail
from fuyuan_desk.inspections.records import PrintedSheet, Visit, VisitResult
from fuyuan_desk.inspections.rules import visits as rules
from fuyuan_desk.inspections.rules.answers import LONGEST_VALUE
from fuyuan_desk.inspections.rules.printed import SheetState, is_before_print
from fuyuan_desk.inspections.rules.visits import Checklist, Conclusion, VisitFault
from fuyuan_desk.inspections.service.photos import keep_photos, move_draft_photos, require_own_party
from fuyuan_desk.inspections.service.printed import printed_with, sheet_to_enter
from fuyuan_desk.inspections.service.queries import detail
from fuyuan_desk.inspections.service.round_sheets import round_of_sheet
from fuyuan_desk.inspections.service.rounds import fill_round, round_asked_for, round_faults
from fuyuan_desk.inspections.service.search_entries import index_visits
from fuyuan_desk.inspections.service.subjects import equipment_at, refuse_foreign
from fuyuan_desk.inspections.service.versions import checklists_on, exact_version
from fuyuan_desk.kit.attached import discard_on_failure
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.store.db.base import new_uid

SERIES = "visit"
_LONGEST = {"inspectors": 200, "accompanying": 200, "remarks": 4_000}
_FAULTS = {
    VisitFault.IN_FUTURE: N_("The visit is in the future. Enter when it took place."),
    VisitFault.TOO_EARLY: N_(
        "The case was registered on {day}. Check the day; a visit before it is a round of the estate."
    ),
    VisitFault.NO_INSPECTOR: N_("Enter the inspectors."),
    VisitFault.UNANSWERED: N_("Mark this item: passed, failed or not applicable."),
    VisitFault.UNKNOWN_ITEM: N_("This item is not on the checklist. Reload the form."),
    VisitFault.NOTHING_INSPECTED: N_("Nothing was inspected: at least one item must apply."),
    VisitFault.NO_VALUE: N_("Enter what was found: the number, one of the choices, or the text."),
    VisitFault.OMITTED: N_("This item must be inspected: it cannot be “not applicable”."),
    VisitFault.NO_PHOTO: N_(
        "This item needs a photo. Add one to the visit, or enter the number of the photo, then save again."
    ),
    VisitFault.NO_NUMBERS: N_("Enter the numbers of photos, such as 12, 13–15 or IMG_0412."),
    VisitFault.LONG_VALUE: N_("This is longer than {n} characters. Shorten it."),
    VisitFault.NO_REMARK: N_("Enter where and what failed."),
    VisitFault.LONG_REMARK: N_("This is longer than {n} characters. Shorten it."),
    VisitFault.NO_HANDLING: N_("Choose how it was handled: on the spot, by a date, or reported."),
    VisitFault.NO_DEADLINE: N_("Enter the date by which it is to be corrected."),
    VisitFault.DEADLINE_PASSED: N_("The date is before the visit. Enter a later one."),
}


@permit(*FIELD)
def log_visit(seat: Seat, visit: NewVisit) -> VisitDetail:
    """Log a visit with its findings and photos; numbers have no gaps."""
    require_own_party(seat.operator.role, visit.party)
    subject = visit.subject
    with discard_on_failure(seat) as kept, seat.transaction() as session:
        refuse_foreign(session, subject)
        sheet = _sheet(session, visit)
        of_sheet = round_of_sheet(session, sheet) if sheet is not None else None
        day = visit.at.astimezone().date()
        of_visit = round_asked_for(session, visit.round_id, subject.kind, subject.id)
        asked_for = round_asked_for(session, of_sheet, subject.kind, subject.id, day) or of_visit
        part = sheet if sheet is not None else asked_for
        building_id = part.building_id if part is not None else None
        place = RecordedPlace.of(part) if part is not None else WHOLE
        checklist = _checklist(session, visit, sheet)
        visit = replace(visit, findings=rules.derived(checklist, visit.findings))
        asked = rules.applicable(checklist, equipment_at(session, subject.estate_id, building_id))
        photos = len(visit.photos) + len(visit.kept_photos)
        errors = visit_errors(visit, checklist, asked, seat.now(), photos) | too_early(visit, sheet)
        for one in filter(None, (asked_for, of_visit)):
            errors = round_faults(session, one, checklist, day, sheet, visit.party) | errors
        refuse_wrong(errors)
        year = seat.today().year
        record = Visit(
            # set here, so that photos and findings can be attached before the flush
            uid=new_uid(),
            number=rules.visit_number(year, next_number(session, SERIES, year)),
            estate_id=subject.estate_id,
            subject_kind=subject.kind,
            subject_id=subject.id,
            subject=" ".join(filter(None, (subject.number, subject.name, place.text))),
            place=place.text,
            place_key=place.key,
            at=visit.at,
            party=visit.party,
            inspectors=visit.inspectors.strip(),
            accompanying=visit.accompanying.strip(),
            checklist=checklist.key,
            checklist_version=checklist.version,
            conclusion=rules.conclude(visit.findings, visit.handling),
            deadline=deadline_of(visit),
            remarks=visit.remarks.strip(),
            results=_results(checklist, asked, visit),
        )
        session.add(record)
        session.flush()
        if sheet is not None:
            sheet.visit_id, sheet.state = record.id, SheetState.ENTERED
        fill_round(session, record, place.text, asked_for)
        answered = {finding.item for finding in visit.findings}
        move_draft_photos(seat, session, record.uid, visit.kept_photos, answered)
        keep_photos(seat, session, record.uid, visit.photos, kept)
        index_visits(session, [record.id])
        return detail(session, record, seat.today())


def _sheet(session: Session, visit: NewVisit) -> PrintedSheet | None:
    if not visit.sheet.strip():
        return None
    return sheet_to_enter(session, visit.sheet, visit.subject, visit.party)


def _checklist(session: Session, visit: NewVisit, sheet: PrintedSheet | None) -> Checklist:
    """Return the version that was asked: that of the sheet, of the form, or the one that counts on the day."""
    kind = visit.subject.kind
    day = visit.at.astimezone().date()
    found = printed_with(session, sheet) if sheet is not None else None
    if found is None and visit.checklist_version:
        # a form opened with an older version is logged with that one
        key = visit.checklist or checklists_on(session, kind, day)[0].key
        found = exact_version(session, key, visit.checklist_version)
    if found is None or found.subject is not kind:
        offered = checklists_on(session, kind, day)
        found = next((one for one in offered if one.key == visit.checklist), offered[0])
    return found


def visit_errors(
    visit: NewVisit, checklist: Checklist, asked: Checklist, now: datetime, photos: int
) -> dict[str, str]:
    """Return what is wrong with a visit as typed, by field, in words; `asked` is what applies to the place."""
    # a form or a sheet made before the equipment of the place was known may answer more than is asked now
    optional = {item.key for item in checklist.items} - {item.key for item in asked.items}
    earliest = visit.subject.earliest
    faults = rules.visit_faults(
        checklist, visit.findings, visit.at, now, visit.inspectors, visit.handling, visit.deadline, optional,
        earliest, photos=photos,
    )  # fmt: skip
    errors = {
        field: _(_FAULTS[fault]).format(
            day=earliest, n=LONGEST_VALUE if fault is VisitFault.LONG_VALUE else rules.LONGEST_REMARK
        )
        for field, fault in faults.items()
    }
    for field, most in _LONGEST.items():
        if len(getattr(visit, field)) > most:
            errors[field] = _("This is longer than {n} characters. Shorten it.").format(n=most)
    return errors


def too_early(visit: NewVisit, sheet: PrintedSheet | None) -> dict[str, str]:
    """Return the error of a visit that is said to be earlier than the sheet it is entered from."""
    if sheet is None or not is_before_print(visit.at, sheet.printed_at):
        return {}
    text = _("The sheet was printed on {moment}: a visit with it cannot be earlier. Check day and time.")
    return {"at": text.format(moment=f"{sheet.printed_at.astimezone():%Y-%m-%d %H:%M}")}


def deadline_of(visit: NewVisit) -> date | None:
    """Return the day by which what failed is to be corrected, None unless it was handled so."""
    conclusion = rules.conclude(visit.findings, visit.handling)
    return visit.deadline if conclusion is Conclusion.DEADLINE else None


def _results(checklist: Checklist, asked: Checklist, visit: NewVisit) -> list[VisitResult]:
    texts = {item.key: item.text for item in asked.items}
    findings = {finding.item: finding for finding in visit.findings}
    day = visit.at.astimezone().date()
    return [
        VisitResult(
            position=position,
            item=item.key,
            group=item.group,
            text=texts.get(item.key, item.text),
            clauses=[law.pin(ref, day) for ref in item.clauses],
            result=findings[item.key].result,
            remark=findings[item.key].remark.strip(),
            value=findings[item.key].value,
            unit=item.answer.unit if findings[item.key].value else "",
            severity=item.severity,
            photo_numbers=visible(findings[item.key].photos).strip(),
        )
        for position, item in enumerate(item for item in checklist.items if item.key in findings)
    ]
