"""Data of the printed forms of cases, and cases as subjects of inspections; wording is in `resources/`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.reveals import log_disclosures
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, Seat, permit
from fuyuan_desk.core import law
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.estates.facts.houses import UnitSummary
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service import estates
from fuyuan_desk.estates.service.for_other_jobs import estate_addresses
from fuyuan_desk.formats.address import is_full_address
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.renovation.catalogue import catalogue
from fuyuan_desk.renovation.records import RenovationCase, RenovationWork
from fuyuan_desk.renovation.rules import checks
from fuyuan_desk.renovation.rules.course import CaseStatus
from fuyuan_desk.renovation.rules.judging import CLASS
from fuyuan_desk.renovation.rules.works import Due, Finding, Verdict
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.renovation.service import wording as case_wording
from fuyuan_desk.renovation.sheets import (
    RegistrationConsent,
    RegistrationDocument,
    RegistrationSheet,
    RegistrationWork,
)
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.audit.log import Event

# the consents that the screen asks for are signed on the form itself
_CONSENTS = ("owner_consent", "public_owner_consent")
_FIVE_TO_EIGHT = range(5, 9)


def _printed_texts() -> Any:
    return read_json("renovation", "paper.json")


# --- registration form -----------------------------------------------------------------------------------


@permit(*REVEALERS)
def registration_sheets(
    seat: Seat, case_ids: Sequence[int], reveal: bool = False
) -> tuple[RegistrationSheet, ...]:
    """Return the data of registration forms, and audit the printing.

    The form names the applicant, so it is not for roles that see masked data only; `reveal` records that
    its phones are unmasked too.
    """
    with seat.transaction() as session:
        sheets = tuple(_registration(session, queries.get_case(session, case_id)) for case_id in case_ids)
        table, detail = queries.TABLE.model.__tablename__, {"revealed": reveal}
        printed = [Event("print", table, case_id, None, detail) for case_id in case_ids]
        if reveal:
            log_disclosures(seat, session, printed)
        else:
            audit.append(session, printed)
        return sheets


def _registration(session: Session, case: RenovationCase) -> RegistrationSheet:
    unit = estates.unit_summary(session, case.unit_id)
    return RegistrationSheet(
        number=case.number,
        address=_address(session, unit),
        estate=unit.estate,
        state=_printed_texts()["states"].get(case.outcome, ""),
        applicant=case.applicant,
        works=tuple(_work(row) for row in case.works),
        documents=tuple(
            RegistrationDocument(row.name, row.received_on, row.due == Due.COMPLETION)
            for row in case.documents
        ),
        uid=case.uid,
        registered=case.registered_on,
        house=_house(unit),
        role=_printed_texts()["roles"][case.applicant_role],
        phone=case.applicant_phone,
        owner=_owner(case, unit),
        area=unit.area,
        starts=case.starts_on,
        ends=case.ends_on,
        contractor=case.contractor,
        contractor_code=case.contractor_code,
        lead=case.contractor_lead,
        lead_phone=case.contractor_phone,
        hours=_hours(unit),
        involves_5_to_8=any(_is_5_to_8(ref) for row in case.works for ref in row.clauses),
        remarks="\n".join(filter(None, (_closing(case), case.remarks))),
        consents=tuple(
            RegistrationConsent(row.document, law.cite(law.clause(ref) for ref in row.clauses))
            for row in case.documents
            if row.document in _CONSENTS
        ),
    )


def _address(session: Session, unit: UnitSummary) -> str:
    """Return the address of a home after that of its estate, unless its own words name the street already."""
    street = estate_addresses(session, [unit.estate_id]).get(unit.estate_id, "")
    names_street = street in unit.address or is_full_address(unit.building)
    return unit.address if names_street else f"{street} {unit.address}"


def _closing(case: RenovationCase) -> str:
    if case.closed_on is None:
        return ""
    text: str = _printed_texts()["closed"][case.outcome]
    return text.format(day=_printed_texts()["date"].format(day=case.closed_on))


def _owner(case: RenovationCase, unit: UnitSummary) -> str:
    if case.applicant_role == HoldingRole.OWNER:
        return case.applicant
    if unit.tenure in checks.PUBLIC:
        return str(
            _printed_texts()["public_owner"]
        )  # the managing body is not recorded: leave room to write it
    owners = (holder.name for holder in unit.holders if holder.role == HoldingRole.OWNER)
    return str(_printed_texts()["join"]).join(owners)


def _house(unit: UnitSummary) -> str:
    texts = _printed_texts()
    parts = [
        texts["house_kind"].get(unit.house_kind, ""),
        texts["tenure"].get(unit.tenure, ""),
        texts["heritage"].get("" if unit.heritage_class is None else str(int(unit.heritage_class)), ""),
        *(texts["surroundings"].get(name, "") for name in sorted(case_wording.surroundings_of(unit))),
    ]
    return str(texts["join"]).join(part for part in parts if part)


def _hours(unit: UnitSummary) -> str:
    texts, house = _printed_texts(), case_wording.house_of(unit)
    if not house.hours:
        return str(texts["no_hours"])
    quiet = texts["estate_hours"].format(quiet=house.quiet_hours) if house.quiet_hours else ""
    return str(texts["hours"].format(hours=house.hours)) + quiet


def _is_5_to_8(ref: str) -> bool:
    clause = law.clause(ref)
    article = clause.number.partition("(")[0]
    return clause.basis == "110" and article.isdecimal() and int(article) in _FIVE_TO_EIGHT


def _work(row: RenovationWork) -> RegistrationWork:
    findings = [case_wording.read_finding(stored) for stored in row.findings]
    worst = [finding for finding in findings if finding.verdict is findings[0].verdict]
    # the column is narrow: one clause for a doubt, at most three for a verdict
    most = 1 if worst[0].verdict is Verdict.CHECK else 3
    clauses = dict.fromkeys(ref for finding in worst for ref in finding.clauses[:most])
    return RegistrationWork(
        name=row.name,
        verdict=Verdict[row.verdict],
        basis=law.cite(law.clause(ref) for ref in clauses),
        needs=_needs(findings, worst),
    )


def _needs(findings: Sequence[Finding], worst: Sequence[Finding]) -> str:
    """Return what a work requires, or why it is prohibited."""
    texts, known = _printed_texts(), catalogue()
    join = str(texts["join"])
    if worst[0].verdict is Verdict.PROHIBITED:
        return "".join(dict.fromkeys(finding.reason.zh for finding in worst))
    parts = []
    open_questions = dict.fromkeys(key for finding in findings for key in finding.open_questions)
    if open_questions:
        questions = (
            known.questions[key].text.zh
            if key in known.questions
            else texts["class_unknown" if key == CLASS else "house_unknown"]
            for key in open_questions
        )
        parts.append(texts["check"].format(questions="".join(questions)).rstrip("？"))
    bodies = dict.fromkeys(f.body for f in findings if f.body and f.verdict is Verdict.APPROVAL)
    parts += (known.steps[key].zh for key in bodies if key in known.steps)
    papers = dict.fromkeys(key for finding in findings for key in finding.documents)
    if papers:
        names = join.join(known.documents[key].name.zh for key in papers if key in known.documents)
        parts.append(texts["papers"].format(papers=names))
    return "；".join(parts)


# --- inspections -----------------------------------------------------------------------------------------


@permit(*EVERYONE)
def inspection_subjects(seat: Seat, case_ids: Sequence[int] | None = None) -> tuple[Subject, ...]:
    """Return cases as subjects of site inspections; by default all that are under way."""
    with seat.reading() as session:
        if case_ids is None:
            query = select(RenovationCase.id).where(RenovationCase.status == CaseStatus.UNDER_WAY)
            case_ids = session.scalars(query.order_by(RenovationCase.year, RenovationCase.serial)).all()
        may_name = seat.operator.role in REVEALERS
        return tuple(_subject(session, queries.get_case(session, case_id), may_name) for case_id in case_ids)


def _subject(session: Session, case: RenovationCase, may_name: bool) -> Subject:
    texts = _printed_texts()
    labels = texts["facts"]
    unit = estates.unit_summary(session, case.unit_id)
    period = texts["period"].format(starts=case.starts_on, ends=case.ends_on)
    facts = (
        (labels["contractor"], case.contractor),
        (labels["lead"], case.contractor_lead if may_name else mask_name(case.contractor_lead)),
        (labels["period"], period),
        (labels["registered"], texts["date"].format(day=case.registered_on)),
    )
    first, more = case.works[0].name, len(case.works)
    title = texts["subject"] if more == 1 else texts["subject_more"]
    return Subject(
        kind=SubjectKind.RENOVATION,
        id=case.id,
        uid=case.uid,
        estate_id=case.estate_id,
        name=unit.address,
        title=title.format(work=first, count=more),
        address=unit.address,
        number=case.number,
        facts=tuple(fact for fact in facts if fact[1]),
        earliest=case.registered_on,
    )
