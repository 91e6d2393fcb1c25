"""Validation of the forms of estates, buildings, units and households; pure functions."""

from dataclasses import replace
from datetime import date

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import BuildingFields, EstateFields, HouseholdFields, UnitFields
from fuyuan_desk.estates.rules.housing import label
from fuyuan_desk.formats.id_numbers import IdKind, Paper, parse_id_number
from fuyuan_desk.formats.names import clean_name, half_width, name_fault
from fuyuan_desk.formats.phones import dialled, phone_fault

FIRST_YEAR = 1840
MOST_FLOORS = 150
MOST_PEOPLE = 99

_LENGTHS = {
    "name": 100,
    "address": 200,
    "street": 50,
    "committee": 100,
    "property_company": 100,
    "quiet_hours": 100,
    "label": 60,
    "entrance": 30,
    "floor": 20,
    "lease_no": 60,
    "id_number": 40,
    "contact": 200,
}

Fields = EstateFields | BuildingFields | UnitFields | HouseholdFields


def _too_long(fields: Fields) -> dict[str, str]:
    faults = {}
    for name, most in _LENGTHS.items():
        if len(getattr(fields, name, "") or "") > most:
            faults[name] = _("This is longer than {n} characters. Shorten it.").format(n=most)
    return faults


def estate_faults(fields: EstateFields, this_year: int) -> dict[str, str]:
    """Return the faults of an estate's form by field."""
    faults = _too_long(fields)
    if not fields.name:
        faults["name"] = _("Every estate needs a name, for example the name of its lane.")
    if fields.built_year is not None and not FIRST_YEAR <= fields.built_year <= this_year:
        faults["built_year"] = _("Enter a year from {first} to {last}.").format(
            first=FIRST_YEAR, last=this_year
        )
    return faults


def building_faults(fields: BuildingFields) -> dict[str, str]:
    """Return the faults of a building's form by field."""
    faults = _too_long(fields)
    if not fields.label:
        faults["label"] = _("Every building needs its number, for example 4号 or 1号楼.")
    if fields.floors is not None and not 1 <= fields.floors <= MOST_FLOORS:
        faults["floors"] = _("Enter a number of floors from 1 to {n}.").format(n=MOST_FLOORS)
    return faults


def unit_faults(fields: UnitFields) -> dict[str, str]:
    """Return the faults of a unit's form by field."""
    faults = _too_long(fields)
    if not fields.label:
        faults["label"] = _("Every unit needs its room number or part, for example 501室 or 亭子间.")
    if fields.area is not None and fields.inner_area is not None and fields.inner_area > fields.area:
        faults["inner_area"] = _("The inner area cannot be larger than the built area.")
    return faults


def household_faults(
    fields: HouseholdFields, kept_phones: tuple[str, ...] = (), today: date | None = None
) -> dict[str, str]:
    """Return the faults of a household's form by field; unchanged phone numbers are not checked again."""
    faults = _too_long(fields)
    if fault := name_fault(fields.head):
        faults["head"] = fault
    phone_faults = [phone_fault(number) for number in fields.phones if number not in kept_phones]
    if any(phone_faults):
        faults["phones"] = " ".join(fault for fault in phone_faults if fault)
    if fields.people is not None and not 0 <= fields.people <= MOST_PEOPLE:
        faults["people"] = _("Enter a number of people from 0 to {n}.").format(n=MOST_PEOPLE)
    elif fields.vacant and fields.people:
        faults["people"] = _("A vacant unit has no residents. Correct one of the two.")
    if fields.moved_out_on is not None and today is not None and fields.moved_out_on > today:
        faults["moved_out_on"] = _("The day is in the future. Enter it once they have moved out.")
    return faults


def parse_typed_id_number(kind: str, number: str) -> Paper | None:
    """Parse the ID number typed for a document of `kind` ('' = detect by the number); None if it is empty.

    A doubt is a warning: the number may be saved with it.
    """
    if not half_width(number):
        return None
    paper = parse_id_number(number)
    if not kind or kind == paper.kind:
        return paper
    if kind in (IdKind.RESIDENT, IdKind.USCC):
        doubt = _("This does not look like the number of: {kind}. Compare it with the document.")
        return Paper(IdKind(kind), paper.number, doubt.format(kind=label(IdKind(kind))))
    return Paper(IdKind(kind), half_width(number).upper())


def tidy_household(fields: HouseholdFields) -> HouseholdFields:
    """Normalise typed values: names, phones as dialled, ID numbers without blanks."""
    paper = parse_typed_id_number(fields.id_kind, fields.id_number)
    typed = (half_width(number) for number in fields.phones)
    phones = tuple(dict.fromkeys(dialled(number) or number for number in typed if number))
    return replace(
        fields,
        head=clean_name(fields.head),
        id_kind=paper.kind if paper else "",
        id_number=paper.number if paper else "",
        phones=phones,
        contact=fields.contact.strip(),
        remarks=fields.remarks.strip(),
    )


def doubts_in_household(fields: HouseholdFields) -> dict[str, str]:
    """Return warnings by field about values that may be saved but should be checked."""
    paper = parse_typed_id_number(fields.id_kind, fields.id_number)
    return {"id_number": paper.doubt} if paper is not None and paper.doubt else {}


def mask_contact(text: str) -> str:
    """Mask a contact address except its first two characters (PIPL §51)."""
    return text[:2] + "***" if text else ""
