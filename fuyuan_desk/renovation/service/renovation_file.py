"""What renovation adds to the file of a home and of an estate: its cases with works, documents, course and visits."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from fuyuan_desk.core.dossier import (
    Column,
    Item,
    Listing,
    Privacy,
    Section,
    Value,
    listing,
    office_value,
    open_value,
    value,
)
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service.estates import describe_units
from fuyuan_desk.formats.id_numbers import id_kind_label
from fuyuan_desk.formats.names import is_company
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.visit_file import visits_to
from fuyuan_desk.kit.queries import Reader
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus, Outcome
from fuyuan_desk.renovation.rules.course import label as state_label
from fuyuan_desk.renovation.rules.works import Verdict, label
from fuyuan_desk.renovation.service import course, wording

_NEWEST_FIRST = (RenovationCase.year.desc(), RenovationCase.serial.desc())


def of_unit(session: Session, unit_id: int, reader: Reader) -> Iterator[Section]:
    """Yield the renovations of a home, the newest first, each in a section of its own."""
    query = select(RenovationCase).where(RenovationCase.unit_id == unit_id).order_by(*_NEWEST_FIRST)
    cases = session.scalars(query).all()
    if not cases:
        empty = listing((), (), nothing=_("No renovation is registered."))
        yield Section("renovation", _("Renovations"), listings=(empty,))
    for number, case in enumerate(cases, 1):
        title = _("Renovation {number}").format(number=case.number)
        tables = (_works(case), _documents(case), _course(session, case, reader))
        visits = visits_to(session, SubjectKind.RENOVATION, [case.id])
        yield Section(f"renovation-{number}", title, tuple(_items(case)), (*tables, *visits))


def of_estate(session: Session, estate_id: int, _reader: Reader) -> Iterator[Section]:
    """Yield the open renovations of an estate, and how many are closed."""
    of_here = RenovationCase.estate_id == estate_id
    query = select(RenovationCase).where(of_here).order_by(*_NEWEST_FIRST)
    cases = session.scalars(query.options(selectinload(RenovationCase.works))).all()
    ended = [case for case in cases if case.status not in COURSE.open_states]
    current = [case for case in cases if case.status in COURSE.open_states]
    addresses = {
        unit.id: unit.address for unit in describe_units(session, [case.unit_id for case in current])
    }
    columns = (
        Column(_("Case number"), 10),
        Column(_("Address"), 18),
        Column(_("State"), 9),
        Column(_("Begins"), 9),
        Column(_("Ends"), 9),
        Column(_("Verdict"), 11),
        Column(_("Applicant"), 9),
        Column(_("Contractor"), 15),
        Column(_("Works"), 18),
    )
    rows = (
        (
            open_value(case.number),
            open_value(addresses.get(case.unit_id, "")),
            open_value(state_label(CaseStatus(case.status))),
            open_value(case.starts_on),
            open_value(case.ends_on),
            office_value(label(Verdict[case.verdict])),
            _applicant(case),
            office_value(case.contractor),
            office_value(*(view.name for view in wording.stored_works(case))),
        )
        for case in current
    )
    table = listing(columns, rows, nothing=_("No renovation is open."), may_post=True)
    closed = Item(_("Closed renovations"), office_value(len(ended)))
    yield Section("renovation", _("Open renovations"), (closed,), (table,))


def _applicant(case: RenovationCase) -> Value:
    kind = Privacy.OFFICE if is_company(case.applicant) else Privacy.NAME
    return value(kind, case.applicant)


def _items(case: RenovationCase) -> Iterator[Item]:
    yield Item(_("Case number"), open_value(case.number))
    yield Item(_("State"), open_value(state_label(CaseStatus(case.status))))
    yield Item(
        _("Period"), open_value(_("{first} to {last}").format(first=case.starts_on, last=case.ends_on))
    )
    yield Item(_("Registered on"), office_value(case.registered_on))
    yield Item(_("Started on"), office_value(case.started_on))
    if case.closed_on is not None:
        outcome = state_label(Outcome(case.outcome)) if case.outcome else ""
        yield Item(_("Closed on"), office_value(case.closed_on, outcome))
    yield Item(_("Verdict"), office_value(label(Verdict[case.verdict])))
    yield Item(_("Version of the catalogue"), office_value(case.law_version))
    yield Item(_("Applicant"), _applicant(case))
    yield Item(_("Telephone"), value(Privacy.PHONE, case.applicant_phone))
    document = id_kind_label(case.applicant_id_kind) or _("ID document")
    yield Item(document, value(Privacy.ID_NUMBER, case.applicant_id_number))
    yield Item(_("Contractor"), office_value(case.contractor, case.contractor_code))
    yield Item(_("Person in charge"), value(Privacy.NAME, case.contractor_lead))
    yield Item(_("Telephone of the contractor"), value(Privacy.PHONE, case.contractor_phone))
    yield Item(_("Remarks"), value(Privacy.TEXT, case.remarks, case.closing_note))


def _works(case: RenovationCase) -> Listing:
    columns = (
        Column(_("Kind of work"), 22),
        Column(_("Verdict"), 10),
        Column(_("Basis"), 34),
        Column(_("Note"), 14),
    )
    rows = (
        (
            office_value(view.name),
            office_value(label(view.verdict)),
            office_value(*dict.fromkeys(clause.label for one in view.findings for clause in one.clauses)),
            value(Privacy.TEXT, view.note),
        )
        for view in wording.stored_works(case)
    )
    return listing(columns, rows, _("Works"), _("No work is entered."))


def _documents(case: RenovationCase) -> Listing:
    columns = (Column(_("Document to hand in"), 34), Column(_("When due"), 14), Column(_("Received on"), 12))
    rows = (
        (
            office_value(view.name),
            office_value(label(view.due)),
            office_value(view.received_on or _("missing")),
        )
        for view in wording.stored_documents(case)
    )
    return listing(columns, rows, _("Documents"), _("No document is required."))


def _course(session: Session, case: RenovationCase, reader: Reader) -> Listing:
    trail = course.trail_of(session, case)
    events = course.events_of(case, trail, reader.role)
    columns = (Column(_("Course"), 20), Column(_("Day"), 10), Column(_("Note"), 30))
    moments = COURSE.timeline(events, course.facts_of(session, case, trail), reader.today)
    rows = (
        (office_value(moment.text), office_value(moment.day), value(Privacy.TEXT, moment.note))
        for moment in moments
    )
    return listing(columns, rows, _("Course"), _("Nothing is recorded of the course."))
