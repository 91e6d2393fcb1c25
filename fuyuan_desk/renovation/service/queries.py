"""Queries of cases: the list, one case, its form, its personal values."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, REVEALERS, WRITERS, Role, Seat, permit
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import UnitSummary
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service import estates
from fuyuan_desk.estates.service.for_other_jobs import unit_order
from fuyuan_desk.formats.id_numbers import id_doubt, mask_id
from fuyuan_desk.formats.names import is_company, mask_name
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.renovation.facts import CaseDetail, CaseEdit, CaseQuery, CaseRow, Filing
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.renovation.records import RenovationCase, RenovationDocument
from fuyuan_desk.renovation.rules.course import CaseStatus, Outcome
from fuyuan_desk.renovation.rules.works import Due, ScopeItem, Verdict
from fuyuan_desk.renovation.service import course, wording
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.search.filter import fits

TABLE = RenovationCase.__tablename__

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
_SORTS: dict[str, tuple[Any, ...]] = {
    "number": (RenovationCase.year, RenovationCase.serial),
    "address": (_UNITS.c.order_key,),
    "status": (RenovationCase.status,),
    "contractor": (RenovationCase.contractor,),
    "starts_on": (RenovationCase.starts_on,),
    "ends_on": (RenovationCase.ends_on,),
    "registered_on": (RenovationCase.registered_on,),
    "missing": (_MISSING,),
}
_FILTER_MOST = 20_000


@permit(*EVERYONE)
def list_cases(
    seat: Seat, query: CaseQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[CaseRow]:
    """List a window of the matching cases, masked, latest number first by default."""
    query = query or CaseQuery()
    with seat.reading() as session:
        conditions = _conditions(session, query)
        total = session.scalar(select(func.count(RenovationCase.id)).where(*conditions)) or 0
        columns = _SORTS.get(query.sort, _SORTS["number"])
        order = [column.desc() if query.descending else column.asc() for column in columns]
        found = session.execute(
            select(RenovationCase, _MISSING)
            .join(_UNITS, _UNITS.c.id == RenovationCase.unit_id)
            .where(*conditions)
            .order_by(*order, RenovationCase.id.desc())
            .offset(offset)
            .limit(limit)
        ).all()
        units = {c.id: c for c in estates.describe_units(session, [case.unit_id for case, _m in found])}
        names = estates.describe_estates(session, {case.estate_id for case, _m in found})
        return Page(
            total,
            tuple(
                _row(case, names.get(case.estate_id, ""), units[case.unit_id].address, missing)
                for case, missing in found
            ),
        )


def _conditions(session: Session, query: CaseQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.estate_id is not None:
        found.append(RenovationCase.estate_id == query.estate_id)
    if query.unit_id is not None:
        found.append(RenovationCase.unit_id == query.unit_id)
    if query.status is not None:
        found.append(RenovationCase.status == query.status)
    if query.text.strip():
        estate = query.estate_id or 0
        found.append(fits(session, RenovationCase.id, query.text, CASE, _FILTER_MOST, estate))
    return found


def _row(case: RenovationCase, estate: str, address: str, missing: int) -> CaseRow:
    return CaseRow(
        id=case.id,
        number=case.number,
        status=CaseStatus(case.status),
        estate_id=case.estate_id,
        estate=estate,
        unit_id=case.unit_id,
        address=address,
        applicant=mask_name(case.applicant, is_company(case.applicant)),
        contractor=case.contractor,
        starts_on=case.starts_on,
        ends_on=case.ends_on,
        registered_on=case.registered_on,
        verdict=Verdict[case.verdict],
        missing=missing,
    )


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
        audit.note(session, "reveal", TABLE, case_id, {"field": field})
        return str(getattr(case, field))


@permit(*WRITERS)
def case_for_edit(seat: Seat, case_id: int) -> CaseEdit:
    """Load a case unmasked for its form, and audit it."""
    with seat.transaction() as session:
        case = get_case(session, case_id)
        audit.note(session, "reveal", TABLE, case_id, {"field": "form"})
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
        doubts=(doubt,) if (doubt := id_doubt(case.applicant_id_kind, case.applicant_id_number)) else (),
        remarks=case.remarks,
        course=course.facts_of(session, case, trail),
        events=course.events_of(case, trail, role),
        closed_on=case.closed_on,
        outcome=Outcome(case.outcome) if case.outcome else None,
        closing_note=case.closing_note,
    )


def scope_of(case: RenovationCase) -> tuple[ScopeItem, ...]:
    """Return the works of a case as entered."""
    return tuple(wording.scope_item(row) for row in case.works)
