"""Validation of the forms of persons and tags; pure functions."""

from dataclasses import replace
from datetime import date

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import PersonFields
from fuyuan_desk.estates.rules.other_ids import ids_fault
from fuyuan_desk.estates.rules.people import Period, birth_and_sex, birth_fault, period_faults
from fuyuan_desk.formats.id_numbers import parse_id_number
from fuyuan_desk.formats.person import Person

_LENGTHS = {"id_number": 40, "registered_at": 200}
_LONGEST_PAPER = 40


def cleaned_person(fields: PersonFields, checked: Person) -> PersonFields:
    """Return a person's form with its texts normalized; day of birth and sex follow from her ID number."""
    born, sex = birth_and_sex(checked.id_number)
    papers = (
        text.strip() if len(text.strip()) > _LONGEST_PAPER else parse_id_number(text).number
        for text in fields.papers
        if text.strip()
    )
    return replace(
        fields,
        name=checked.name,
        phones=checked.phones,
        id_kind=checked.id_kind,
        id_number=checked.id_number,
        born_on=fields.born_on or born,
        sex=fields.sex or sex,
        papers=tuple(dict.fromkeys(papers)),
        registered_at=fields.registered_at.strip(),
        remarks=fields.remarks.strip(),
    )


def person_faults(
    fields: PersonFields, checked: Person, household: Period, today: date, is_holder: bool
) -> dict[str, str]:
    """Return the faults of a person's cleaned form by field; `household` is her household's time."""
    faults = dict(checked.faults)
    for name, most in _LENGTHS.items():
        if len(getattr(fields, name)) > most:
            faults[name] = _("This is longer than {n} characters. Shorten it.").format(n=most)
    if any(len(number) > _LONGEST_PAPER for number in fields.papers):
        faults["papers"] = _("A number has at most {n} characters. Enter one number a line.").format(
            n=_LONGEST_PAPER
        )
    if fault := birth_fault(fields.born_on, today):
        faults["born_on"] = fault
    elif _contradicts(fields):
        faults["born_on"] = _("The ID number says another day of birth. Correct one of the two.")
    if _other_sex(fields):
        faults["sex"] = _("The ID number says another sex. Correct one of the two.")
    if fields.born_on is not None and fields.from_on is not None and fields.from_on < fields.born_on:
        faults["from_on"] = _("This is before the day of birth. Correct one of the two.")
    if fields.consented_on is not None and fields.consented_on > today:
        faults["consented_on"] = _("The day is in the future. Enter it once it has come.")
    elif fields.may_publish is None and fields.consented_on is not None:
        faults["may_publish"] = _("Enter what was decided on that day.")
    if fault := ids_fault(fields.other_ids):
        faults["other_ids"] = fault
    if is_holder:
        return faults
    faults |= period_faults(fields.from_on, fields.until_on, today, ("from_on", "until_on"))
    if household.start is not None and fields.until_on is not None and fields.until_on < household.start:
        faults["until_on"] = _("The household came later, on {day}.").format(day=household.start.isoformat())
    if household.end is not None and fields.from_on is not None and fields.from_on > household.end:
        faults["from_on"] = _("The household left before, on {day}.").format(day=household.end.isoformat())
    return faults


def _other_sex(fields: PersonFields) -> bool:
    _born, sex = birth_and_sex(fields.id_number)
    return bool(sex and fields.sex and sex != fields.sex)


def _contradicts(fields: PersonFields) -> bool:
    born, _sex = birth_and_sex(fields.id_number)
    return born is not None and fields.born_on is not None and born != fields.born_on
