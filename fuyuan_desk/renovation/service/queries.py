"""Queries of cases: the list, one case, its form, its personal values."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, WRITERS, Role, Seat, permit
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import UnitSummary
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service import estates
from fuyuan_desk.estates.service.for_other_jobs import unit_order
from fuyuan_desk.formats.id_numbers import credit_code_doubt, id_doubt, mask_id
from fuyuan_desk.formats.names import is_company, mask_name
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service.for_other_jobs import latest_by_subject
from fuyuan_desk.kit.book import BookQuery, Line
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.kit.table import Table
from fuyuan_desk.renovation.book import case_book
from fuyuan_desk.renovation.catalogue import catalogue, shown_text
from fuyuan_desk.renovation.facts import CaseDetail, CaseEdit, CaseFields, Filing
from fuyuan_desk.renovation.records import RenovationCase, RenovationDocument, RenovationWork
from fuyuan_desk.renovation.rules.course import CaseStatus, Outcome
from fuyuan_desk.renovation.rules.present import Present, present_case
from fuyuan_desk.renovation.rules.works import Due, ScopeItem, Verdict
from fuyuan_desk.renovation.service import course, wording
from fuyuan_desk.store.db import functions

_MISSING = (
    select(func.count(RenovationDocument.id))
    .where(
        RenovationDocument.case_id == RenovationCase.id,
        RenovationDocument.due == Due.START,
        RenovationDocument.received_on.is_(None),
    )
    .correlate(RenovationCase)
    .scalar_subquery()
)
_UNITS = unit_order().subquery()
_PLACE = (
    select(_UNITS.c.order_key)
    .where(_UNITS.c.id == RenovationCase.unit_id)
    .correlate(RenovationCase)
    .scalar_subquery()
)


def _addresses(session: Session, rows: Sequence[RenovationCase]) -> dict[int, str]:
    units = {c.id: c.address for c in estates.describe_units(session, [row.unit_id for row in rows])}
    return {row.id: units[row.unit_id] for row in rows}


def _works(session: Session, rows: Sequence[RenovationCase]) -> dict[int, list[str]]:
    """Return the names of the works in the language of the screen."""
    works: dict[int, list[str]] = {}
    known = catalogue().works
    for case_id, key, name in session.execute(
        select(RenovationWork.case_id, RenovationWork.work, RenovationWork.name)
        .where(RenovationWork.case_id.in_(functions.keys([row.id for row in rows])))
        .order_by(RenovationWork.case_id, RenovationWork.position)
    ):
        works.setdefault(case_id, []).append(shown_text(known[key].name if key in known else None, name))
    return works


def _present(session: Session, rows: Sequence[RenovationCase]) -> dict[int, Present]:
    """Return the verdicts as they stand with the documents received so far."""
    keys = functions.keys([row.id for row in rows])
    works: dict[int, list[list[tuple[Verdict, list[str]]]]] = {}
    for case_id, findings in session.execute(
        select(RenovationWork.case_id, RenovationWork.findings).where(RenovationWork.case_id.in_(keys))
    ):
        found = [(Verdict[finding["verdict"]], finding["documents"]) for finding in findings]
        works.setdefault(case_id, []).append(found)
    needed: dict[int, set[str]] = {}
    received: dict[int, set[str]] = {}
    for case_id, document, due, day in session.execute(
        select(
            RenovationDocument.case_id,
            RenovationDocument.document,
            RenovationDocument.due,
            RenovationDocument.received_on,
        ).where(RenovationDocument.case_id.in_(keys))
    ):
        for papers, holds in ((needed, due == Due.START), (received, day is not None)):
            if holds:
                papers.setdefault(case_id, set()).add(document)
    return {
        case_id: present_case(scope, needed.get(case_id, ()), received.get(case_id, ()))
        for case_id, scope in works.items()
    }


def _last_visits(session: Session, rows: Sequence[RenovationCase]) -> dict[int, date]:
    visits = latest_by_subject(session, SubjectKind.RENOVATION, [row.id for row in rows])
    return {case_id: at.astimezone().date() for case_id, at in visits.items()}


TABLE = Table(
    RenovationCase,
    CaseFields,
    case_book,
    references={"estate_id": estates.describe_estates},
    extras={"address": _addresses, "works": _works, "visit": _last_visits, "present": _present},
    expressions={"missing": _MISSING},
    orders={"number": (RenovationCase.year, RenovationCase.serial), "address": (_PLACE,)},
    newest_first=True,
    holds=Holds.MASKED,
)


@permit(*EVERYONE)
def list_cases(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[CaseFields]]:
    """List a window of the matching cases, masked, latest number first by default."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*EVERYONE)
def case_keys(seat: Seat, query: BookQuery) -> tuple[int, ...]:
    """Return the keys of all cases of a list, in its order, for batch printing."""
    with seat.reading() as session:
        return TABLE.keys(session, query)


@permit(*REVEALERS)
def cases_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[CaseFields]]:
    """Return the filtered list for an export, and audit this.

    Applicants are masked, unless the order says otherwise and a second person agrees.
    """
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*EVERYONE)
def cases_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, masked, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)


@permit(*EVERYONE)
def case_detail(seat: Seat, case_id: int) -> CaseDetail:
    """Return a case in full, masked."""
    with seat.reading() as session:
        return detail(session, get_case(session, case_id), seat.operator.role)


@permit(*EVERYONE)
def find_case(seat: Seat, number: str) -> CaseDetail:
    """Find a case by its number, as typed or scanned."""
    with seat.reading() as session:
        wanted = number.strip().upper()
        case = session.scalars(select(RenovationCase).where(RenovationCase.number == wanted)).one_or_none()
        if case is None:
            raise NotFound(_("There is no case {number}. Check the number.").format(number=wanted))
        return detail(session, case, seat.operator.role)


_REVEALED = {"applicant", "applicant_phone", "applicant_id_number", "contractor_lead", "contractor_phone"}


@permit(*REVEALERS)
def reveal(seat: Seat, case_id: int, field: str) -> str:
    """Return one personal value of a case unmasked, and audit it."""
    if field not in _REVEALED:
        raise ValueError(f"no such personal value: {field}")
    with seat.transaction() as session:
        case = get_case(session, case_id)
        log_reveal(seat, session, RenovationCase.__tablename__, case_id, {"field": field})
        return str(getattr(case, field))


@permit(*WRITERS)
def case_for_edit(seat: Seat, case_id: int) -> CaseEdit:
    """Load a case unmasked for its form, and audit it."""
    with seat.transaction() as session:
        case = get_case(session, case_id)
        log_reveal(seat, session, RenovationCase.__tablename__, case_id, {"field": "form"})
        filing = Filing(
            unit_id=case.unit_id,
            applicant=case.applicant,
            starts_on=case.starts_on,
            ends_on=case.ends_on,
            works=scope_of(case),
            role=HoldingRole(case.applicant_role),
            applicant_phone=case.applicant_phone,
            applicant_id_kind=case.applicant_id_kind,
            applicant_id_number=case.applicant_id_number,
            contractor=case.contractor,
            contractor_code=case.contractor_code,
            contractor_lead=case.contractor_lead,
            contractor_phone=case.contractor_phone,
            received=tuple(row.document for row in case.documents if row.received_on),
            remarks=case.remarks,
        )
        return CaseEdit(case.id, case.version, case.number, CaseStatus(case.status), filing)


def get_case(session: Session, case_id: int) -> RenovationCase:
    """Return the row of a case or raise NotFound."""
    case = session.get(RenovationCase, case_id)
    if case is None:
        raise NotFound(_("This record is no longer there. Reload the list."))
    return case


def detail(session: Session, case: RenovationCase, role: Role, unit: UnitSummary | None = None) -> CaseDetail:
    """Return a case in full, masked, as a role may read it, inside a running transaction."""
    unit = unit or estates.unit_summary(session, case.unit_id)
    trail = course.trail_of(session, case)
    works = wording.stored_works(case)
    names = {view.work: view.name for view in works}
    return CaseDetail(
        id=case.id,
        uid=case.uid,
        version=case.version,
        number=case.number,
        status=CaseStatus(case.status),
        house=wording.house_of(unit),
        applicant=mask_name(case.applicant, is_company(case.applicant)),
        role=HoldingRole(case.applicant_role),
        applicant_phone=mask_phone(case.applicant_phone),
        applicant_id_kind=case.applicant_id_kind,
        applicant_id_number=mask_id(case.applicant_id_number),
        contractor=case.contractor,
        contractor_code=case.contractor_code,
        contractor_lead=mask_name(case.contractor_lead),
        contractor_phone=mask_phone(case.contractor_phone),
        starts_on=case.starts_on,
        ends_on=case.ends_on,
        registered_on=case.registered_on,
        started_on=case.started_on,
        law_version=case.law_version,
        verdict=Verdict[case.verdict],
        works=works,
        documents=wording.stored_documents(case),
        firm_works=tuple(names[row.work] for row in wording.firm_works(case)),
        doubts=_doubts(case),
        remarks=case.remarks,
        course=course.facts_of(session, case, trail),
        events=course.events_of(case, trail, role),
        closed_on=case.closed_on,
        outcome=Outcome(case.outcome) if case.outcome else None,
        closing_note=case.closing_note,
        finding=course.open_finding(session, case),
        is_outdated=wording.is_outdated(case, unit),
    )


def _doubts(case: RenovationCase) -> tuple[str, ...]:
    code = case.contractor_code
    doubts = (
        id_doubt(case.applicant_id_kind, case.applicant_id_number),
        credit_code_doubt(code) if code else "",
    )
    return tuple(filter(None, doubts))


def scope_of(case: RenovationCase) -> tuple[ScopeItem, ...]:
    """Return the works of a case as entered."""
    return tuple(wording.scope_item(row) for row in case.works)
