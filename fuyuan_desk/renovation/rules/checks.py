"""Normalizes and validates the input of a filing."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.facts.houses import UnitSummary
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure
from fuyuan_desk.formats.id_numbers import clean_credit_code, credit_code_fault
from fuyuan_desk.formats.names import normalize_name
from fuyuan_desk.formats.person import Person, checked_person
from fuyuan_desk.formats.phones import clean_phone, phone_fault
from fuyuan_desk.renovation.facts import Filing
from fuyuan_desk.renovation.rules.course import PeriodFault, period_fault
from fuyuan_desk.renovation.rules.works import Answer, ScopeItem

PUBLIC = (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC)
_LENGTHS = {
    "applicant_phone": 60,
    "applicant_id_number": 40,
    "contractor": 100,
    "contractor_lead": 60,
    "contractor_phone": 60,
    "remarks": 4_000,
}
_PERIOD = {
    PeriodFault.BEFORE_REGISTRATION: (
        "starts_on",
        N_("Work is registered before it starts. Enter a day from today on."),
    ),
    PeriodFault.ENDS_BEFORE_START: ("ends_on", N_("The end is before the start. Enter a later day.")),
    PeriodFault.TOO_LONG: (
        "ends_on",
        N_("The period is longer than {n} days. Shorten it, or file what follows as a case of its own."),
    ),
}


def checked_applicant(filing: Filing) -> Person:
    """Normalize and validate the applicant's data."""
    return checked_person(
        filing.applicant, (filing.applicant_phone,), filing.applicant_id_kind, filing.applicant_id_number
    )


def cleaned(filing: Filing, applicant: Person) -> Filing:
    """Return the filing with normalized values."""
    return replace(
        filing,
        applicant=applicant.name,
        applicant_phone="".join(applicant.phones),
        applicant_id_kind=applicant.id_kind,
        applicant_id_number=applicant.id_number,
        contractor=filing.contractor.strip(),
        contractor_code=clean_credit_code(filing.contractor_code),
        contractor_lead=normalize_name(filing.contractor_lead),
        contractor_phone=clean_phone(filing.contractor_phone),
        works=tuple(_cleaned_work(item) for item in filing.works),
        remarks=filing.remarks.strip(),
    )


def _cleaned_work(item: ScopeItem) -> ScopeItem:
    known = {key: answer for key, answer in item.answers.items() if answer is not Answer.UNKNOWN}
    return ScopeItem(item.work, known, item.note.strip())


def filing_faults(
    filing: Filing,
    applicant: Person,
    unit: UnitSummary,
    registered_on: date,
    longest_days: int,
    known_works: Collection[str],
) -> dict[str, str]:
    """Return the errors of a normalized filing, by field."""
    wrong = _length_errors(filing)
    if fault := applicant.faults.get("name"):
        wrong["applicant"] = fault
    if not applicant.phones:
        wrong["applicant_phone"] = _("Enter a telephone number at which the applicant can be reached.")
    elif fault := applicant.faults.get("phones"):
        wrong["applicant_phone"] = fault
    wrong |= _role_errors(filing.role, unit) | _contractor_errors(filing)
    if fault_of_period := period_fault(filing.starts_on, filing.ends_on, registered_on, longest_days):
        field, words = _PERIOD[fault_of_period]
        wrong[field] = _(words).format(n=longest_days)
    return wrong | _work_errors(filing, known_works)


def _length_errors(filing: Filing) -> dict[str, str]:
    return {
        name: _("This is longer than {n} characters. Shorten it.").format(n=most)
        for name, most in _LENGTHS.items()
        if len(getattr(filing, name)) > most
    }


def _role_errors(role: HoldingRole, unit: UnitSummary) -> dict[str, str]:
    if unit.tenure in PUBLIC and role is HoldingRole.OWNER:
        return {"role": _("This is public housing: it is let, so the applicant cannot be its owner.")}
    if unit.tenure and unit.tenure not in PUBLIC and role is HoldingRole.TENANT:
        return {"role": _("This is not public housing. Choose renter if the applicant rents it.")}
    return {}


def _contractor_errors(filing: Filing) -> dict[str, str]:
    wrong = {}
    if not filing.contractor and (filing.contractor_code or filing.contractor_lead):
        wrong["contractor"] = _("Enter the name of the contractor, or leave its other fields empty too.")
    # a check digit that does not match is a doubt beside the field, as with an ID number: the licence decides
    if filing.contractor_code and (fault := credit_code_fault(filing.contractor_code)):
        wrong["contractor_code"] = fault
    if filing.contractor_phone and (fault := phone_fault(filing.contractor_phone)):
        wrong["contractor_phone"] = fault
    return wrong


def _work_errors(filing: Filing, known_works: Collection[str]) -> dict[str, str]:
    keys = [item.work for item in filing.works]
    if not keys:
        return {"works": _("Choose at least one work.")}
    twice = _("This work is listed twice. Remove one.")
    return unknown_works(filing.works, known_works) | {
        f"works.{key}": twice for key in keys if keys.count(key) > 1
    }


def unknown_works(works: Collection[ScopeItem], known_works: Collection[str]) -> dict[str, str]:
    """Return an error for each work that is no longer in the catalogue, by field."""
    gone = _("This work is no longer in the catalogue. Choose another.")
    return {f"works.{item.work}": gone for item in works if item.work not in known_works}
