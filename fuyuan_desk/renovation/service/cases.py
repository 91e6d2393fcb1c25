"""Judging a scope, filing and changing a case, its documents and its course."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.numbers import next_number
from fuyuan_desk.access.seat import STAFF, WRITERS, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.facts.houses import UnitSummary
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service import estates
from fuyuan_desk.formats.names import is_company
from fuyuan_desk.formats.person import Person
from fuyuan_desk.kit.guards import refuse_stale, refuse_wrong
from fuyuan_desk.organisations.rules import OrganisationKind
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.renovation.catalogue import catalogue, shown_text, site
from fuyuan_desk.renovation.facts import CaseDetail, Filing, ScopeJudgement
from fuyuan_desk.renovation.records import RenovationCase, RenovationDocument, RenovationWork
from fuyuan_desk.renovation.rules import checks, judging
from fuyuan_desk.renovation.rules.changes import judgement_changes
from fuyuan_desk.renovation.rules.course import (
    COURSE,
    CaseStatus,
    ClosingFault,
    Outcome,
    case_number,
    closing_faults,
)
from fuyuan_desk.renovation.rules.works import Due, Judgement, ScopeItem
from fuyuan_desk.renovation.service import course, queries, wording
from fuyuan_desk.renovation.service.search_entries import index_cases

SERIES = "renovation"
_LONGEST_NOTE = 4_000
_CLOSING = {
    ClosingFault.NOT_STARTED: N_("This work never started, so it was not completed. Choose: withdrawn."),
    ClosingFault.IN_FUTURE: N_("The day is in the future. Enter the day on which it ended."),
    ClosingFault.BEFORE_START: N_("The day is before the case started. Enter a later one."),
    ClosingFault.NO_NOTE: N_("Enter why it is closed anyway, or what happened to the open points."),
}


# --- judging ---------------------------------------------------------------------------------------------


@permit(*STAFF)
def judge_scope(
    seat: Seat,
    unit_id: int,
    works: Sequence[ScopeItem],
    role: HoldingRole = HoldingRole.OWNER,
    has_contractor: bool = True,
) -> ScopeJudgement:
    """Judge works in a unit by the facts of its house, before anything is filed."""
    with seat.reading() as session:
        unit = estates.unit_summary(session, unit_id)
    known = [item for item in works if item.work in catalogue().works]
    judgement = judging.judge(known, wording.context_of(unit, role, has_contractor), catalogue())
    work_views, documents = wording.judgement_views(judgement, known)
    return ScopeJudgement(
        house=wording.house_of(unit),
        verdict=judgement.verdict,
        works=work_views,
        documents=documents,
        firm_works=tuple(shown_text(catalogue().works[key].name) for key in judgement.firm_works),
        deposit=shown_text(site().deposit),
    )


# --- filing ----------------------------------------------------------------------------------------------


@permit(*WRITERS)
def file_case(seat: Seat, filing: Filing) -> CaseDetail:
    """Register a renovation; its number follows the last one of the year without a gap (110 §13)."""
    today = seat.today()
    applicant = checks.checked_applicant(filing)
    filing = checks.cleaned(filing, applicant)
    with seat.transaction() as session:
        unit = _require_valid_filing(session, filing, applicant, today)
        serial = next_number(session, SERIES, today.year)
        case = RenovationCase(
            year=today.year,
            serial=serial,
            number=case_number(today.year, serial),
            status=CaseStatus.REGISTERED,
            registered_on=today,
        )
        changes = _enter(session, case, filing, unit)
        _judge(case, filing.works, unit, today)
        received = set(filing.received)
        for row in case.documents:
            row.received_on = today if row.document in received else None
        session.add(case)
        session.flush()
        index_cases(session, [case.id])
        return replace(queries.detail(session, case, seat.operator.role, unit), changes=changes)


@permit(*WRITERS)
def update_case(seat: Seat, case_id: int, version: int, filing: Filing) -> CaseDetail:
    """Change a case read at `version`; judge its works again if the change affects them, or the house has changed.

    What the house changed, and a contractor that is new, is in `changes`; a case that was started is not judged by a
    changed house.
    """
    applicant = checks.checked_applicant(filing)
    filing = checks.cleaned(filing, applicant)
    with seat.transaction() as session:
        case = queries.get_case(session, case_id)
        refuse_stale(case, version)
        unit = _require_valid_filing(session, filing, applicant, case.registered_on, case)
        before = (case.unit_id, queries.scope_of(case), case.applicant_role, bool(case.contractor))
        has_other_house = unit.id == case.unit_id and wording.is_outdated(case, unit)
        changes = _enter(session, case, filing, unit)
        after = (case.unit_id, filing.works, case.applicant_role, bool(case.contractor))
        if has_other_house:
            changes += _renew(case, filing.works, unit, seat.today())
        elif before != after:
            _judge(case, filing.works, unit, seat.today())
        # the form does not know documents received meanwhile, so it only adds
        for row in case.documents:
            if row.document in filing.received and row.received_on is None:
                row.received_on = seat.today()
        facts = course.facts_of(session, case)
        hindered = COURSE.obstacles("start", facts, seat.today())
        if facts.status is CaseStatus.UNDER_WAY and hindered:
            text = _("The work is under way, so this change is refused: {reasons}")
            raise Conflict(text.format(reasons=" ".join(hindered)))
        session.flush()
        index_cases(session, [case.id])
        return replace(queries.detail(session, case, seat.operator.role, unit), changes=changes)


@permit(*WRITERS)
def judge_again(seat: Seat, case_id: int) -> CaseDetail:
    """Judge a case that is not started by the facts of its house as they are now; `changes` says what came of it.

    A case that is judged by them already, was started or is closed stays as it is.
    """
    with seat.transaction() as session:
        case = queries.get_case(session, case_id)
        unit = estates.unit_summary(session, case.unit_id)
        changes: tuple[str, ...] = ()
        if wording.is_outdated(case, unit):
            changes = _renew(case, queries.scope_of(case), unit, seat.today())
        session.flush()
        return replace(queries.detail(session, case, seat.operator.role, unit), changes=changes)


def _require_valid_filing(
    session: Session,
    filing: Filing,
    applicant: Person,
    registered_on: date,
    case: RenovationCase | None = None,
) -> UnitSummary:
    unit = estates.unit_summary(session, filing.unit_id)
    kept = {row.work for row in case.works} if case else set()
    wrong = checks.filing_faults(
        filing, applicant, unit, registered_on, site().longest_days, catalogue().works.keys() | kept
    )
    clash = select(RenovationCase.number).where(
        RenovationCase.unit_id == filing.unit_id,
        RenovationCase.starts_on <= filing.ends_on,
        RenovationCase.ends_on >= filing.starts_on,
        RenovationCase.id != (case.id if case else 0),
        RenovationCase.status != CaseStatus.CLOSED,
    )
    if number := session.scalar(clash.limit(1)):
        message = _("Case {number} already covers this unit and period. Open that one, or change the period.")
        wrong.setdefault("unit_id", message.format(number=number))
    refuse_wrong(wrong)
    return unit


def _contractor_of(session: Session, filing: Filing) -> organisations.Found | None:
    """Return the organisation that a filed contractor means, added if it is new; None for a person or none."""
    if not is_company(filing.contractor):
        return None
    kind, code = OrganisationKind.CONTRACTOR, filing.contractor_code
    return organisations.organisation_named(session, filing.contractor, kind, code)


def _enter(session: Session, case: RenovationCase, filing: Filing, unit: UnitSummary) -> tuple[str, ...]:
    """Enter what was filed, and return the sentences that the operator is to be told about it."""
    told: tuple[str, ...] = ()
    if case.contractor != filing.contractor:
        firm = _contractor_of(session, filing)
        case.contractor_id = None if firm is None else firm.id
        if firm is not None and firm.is_new:
            told = (_("{name} is new among the organisations.").format(name=firm.name),)
    case.unit_id, case.estate_id = unit.id, unit.estate_id
    case.applicant_role = filing.role
    for name in (
        "applicant", "applicant_phone", "applicant_id_kind", "applicant_id_number", "contractor",
        "contractor_code", "contractor_lead", "contractor_phone", "starts_on", "ends_on", "remarks",
    ):  # fmt: skip
        setattr(case, name, getattr(filing, name))
    return told


def _renew(case: RenovationCase, scope: Sequence[ScopeItem], unit: UnitSummary, on: date) -> tuple[str, ...]:
    """Judge a case anew because its house has changed; return sentences that say what that changed."""
    works, documents = wording.stored_works(case), wording.stored_documents(case)
    _judge(case, scope, unit, on)
    return judgement_changes((works, wording.stored_works(case)), (documents, wording.stored_documents(case)))


def _judge(case: RenovationCase, scope: Sequence[ScopeItem], unit: UnitSummary, on: date) -> None:
    """Judge the scope and store the result, each clause pinned to the law in force on the day."""
    refuse_wrong(checks.unknown_works(scope, catalogue().works.keys()))
    context = wording.context_of(unit, HoldingRole(case.applicant_role), bool(case.contractor))
    judgement = judging.judge(scope, context, catalogue())
    case.law_version = catalogue().version
    case.verdict = judgement.verdict.name
    # a counter, so that a change of works alone also makes open forms stale
    times = case.context["judged"] + 1 if case.context else 1
    case.context = {**wording.stored_context(context), "judged": times}
    kept = {row.work: row for row in case.works}
    case.works = [
        _work_row(kept.get(item.work), judgement, place, item, on) for place, item in enumerate(scope)
    ]
    _update_documents(case, judgement, on)


def _work_row(
    row: RenovationWork | None, judgement: Judgement, position: int, item: ScopeItem, on: date
) -> RenovationWork:
    row = row or RenovationWork(work=item.work)
    judged = judgement.works[position]
    findings = [
        replace(finding, clauses=tuple(law.pin(ref, on) for ref in finding.clauses))
        for finding in judged.findings
    ]
    row.position = position
    row.name = catalogue().works[item.work].name.zh
    row.answers = {key: answer.value for key, answer in item.answers.items()}
    row.verdict = judged.verdict.name
    row.clauses = list(dict.fromkeys(ref for finding in findings for ref in finding.clauses))
    row.findings = [wording.stored_finding(finding) for finding in findings]
    row.note = item.note
    return row


def _update_documents(case: RenovationCase, judgement: Judgement, on: date) -> None:
    kept = {row.document: row for row in case.documents}
    rows = []
    for position, required in enumerate(judgement.documents):
        document = catalogue().documents[required.document]
        row = kept.get(required.document) or RenovationDocument(document=required.document)
        row.position = position
        row.name, row.why = document.name.zh, document.why.zh
        row.clauses = [law.pin(ref, on) for ref in document.clauses]
        row.due = required.due
        rows.append(row)
    case.documents = rows


# --- course of a case ------------------------------------------------------------------------------------


@permit(*WRITERS)
def receive_documents(
    seat: Seat, case_id: int, documents: Collection[str], received_on: date | None
) -> CaseDetail:
    """Record the day on which documents were received, all or none of them; None undoes it.

    Raises `Conflict` for undoing the receipt of documents with which work that is under way started.
    """
    with seat.transaction() as session:
        case = queries.get_case(session, case_id)
        rows = [row for row in case.documents if row.document in documents]
        if len(rows) < len(set(documents)):
            raise NotFound(_("This document is no longer required for the case. Reload the case."))
        if received_on is not None and received_on > seat.today():
            message = _("The day is in the future. Enter the day the document was received.")
            raise InvalidInput(message, {"received_on": message})
        if received_on is None:
            _refuse_missing_under_way(case, documents)
        for row in rows:
            row.received_on = received_on
        return queries.detail(session, case, seat.operator.role)


def _refuse_missing_under_way(case: RenovationCase, documents: Collection[str]) -> None:
    names = [
        view.name
        for view in wording.stored_documents(case)
        if view.document in documents and view.due is Due.START and view.received_on is not None
    ]
    if case.status == CaseStatus.UNDER_WAY and names:
        message = _("The work started with these documents: {papers}. Undo the start first.")
        raise Conflict(message.format(papers=_(", ").join(names)))


@permit(*WRITERS)
def receive_document(seat: Seat, case_id: int, document: str, received_on: date | None) -> CaseDetail:
    """Record the day a document was received; None undoes it."""
    return receive_documents(seat, case_id, (document,), received_on)


@permit(*WRITERS)
def start_work(seat: Seat, case_id: int, started_on: date | None = None) -> CaseDetail:
    """Start the work; refuse with all reasons while documents are missing or works prohibited (110 §13)."""
    today = seat.today()
    day = started_on or today
    with seat.transaction() as session:
        case = queries.get_case(session, case_id)
        unit = estates.unit_summary(session, case.unit_id)
        if wording.is_outdated(case, unit):  # the house was changed after the case was read
            _renew(case, queries.scope_of(case), unit, today)
        state = COURSE.check("start", course.facts_of(session, case), today)
        if not case.registered_on <= day <= today:
            message = _("Enter a day from the registration on, and not in the future.")
            raise InvalidInput(message, {"started_on": message})
        case.status, case.started_on = state, day
        session.flush()
        return queries.detail(session, case, seat.operator.role)


@permit(*WRITERS)
def undo_start(seat: Seat, case_id: int, reason: str) -> CaseDetail:
    """Undo the start of a case; the trail keeps its day and the reason."""
    with seat.transaction() as session:
        case = queries.get_case(session, case_id)
        state = COURSE.check("undo_start", course.facts_of(session, case), seat.today(), reason)
        before = CaseStatus(case.status)
        case.status, case.started_on = state, None
        course.log_undo(session, case, before, reason)
        return queries.detail(session, case, seat.operator.role)


@permit(*WRITERS)
def close_case(seat: Seat, case_id: int, outcome: Outcome, on: date, note: str = "") -> CaseDetail:
    """Close a case; the note must account for what is still open (110 §30)."""
    today = seat.today()
    with seat.transaction() as session:
        case = queries.get_case(session, case_id)
        facts = course.facts_of(session, case)
        state = COURSE.check("close", facts, today)
        is_unfinished = bool(COURSE.warnings("close", facts, today))
        faults = closing_faults(outcome, on, case.registered_on, case.started_on, today, is_unfinished, note)
        wrong = {field: _(_CLOSING[fault]) for field, fault in faults.items()}
        if len(note) > _LONGEST_NOTE:
            wrong["note"] = _("This is longer than {n} characters. Shorten it.").format(n=_LONGEST_NOTE)
        refuse_wrong(wrong)
        case.status, case.outcome, case.closed_on = state, outcome, on
        case.closing_note = note.strip()
        session.flush()
        return queries.detail(session, case, seat.operator.role)


@permit(*WRITERS)
def reopen_case(seat: Seat, case_id: int, reason: str) -> CaseDetail:
    """Reopen a closed case in its previous state; like every change of a closed case it needs a second person."""
    with seat.transaction() as session:
        case = queries.get_case(session, case_id)
        state = COURSE.check("reopen", course.facts_of(session, case), seat.today(), reason)
        before = CaseStatus(case.status)
        case.status, case.outcome, case.closed_on, case.closing_note = state, "", None, ""
        course.log_undo(session, case, before, reason)
        return queries.detail(session, case, seat.operator.role)
