"""Validation of the forms of estates, buildings, units and households; pure functions."""

from dataclasses import replace
from datetime import date

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import EstateFields, HouseholdFields, UnitFields
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import OWNERSHIP_ENDS
from fuyuan_desk.formats.person import Person

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

Fields = EstateFields | UnitFields | HouseholdFields


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


def unit_faults(fields: UnitFields) -> dict[str, str]:
    """Return the faults of a unit's form by field."""
    faults = _too_long(fields)
    if not fields.label:
        faults["label"] = _("Every unit needs its room number or part, for example 501室 or 亭子间.")
    if fields.area is not None and fields.inner_area is not None and fields.inner_area > fields.area:
        faults["inner_area"] = _("The inner area cannot be larger than the built area.")
    return faults


def cleaned_household(fields: HouseholdFields, holder: Person) -> HouseholdFields:
    """Return a household's form with its holder's data and its texts normalized."""
    return replace(
        fields,
        head=holder.name,
        id_kind=holder.id_kind,
        id_number=holder.id_number,
        phones=holder.phones,
        contact=fields.contact.strip(),
        remarks=fields.remarks.strip(),
    )


def household_faults(fields: HouseholdFields, holder: Person, today: date) -> dict[str, str]:
    """Return the faults of a household's normalized form by field."""
    faults = _too_long(fields)
    if fault := holder.faults.get("name"):
        faults["head"] = fault
    for name in ("phones", "id_number"):
        if fault := holder.faults.get(name):
            faults[name] = fault
    if fields.people is not None and not 0 <= fields.people <= MOST_PEOPLE:
        faults["people"] = _("Enter a number of people from 0 to {n}.").format(n=MOST_PEOPLE)
    elif fields.vacant and fields.people:
        faults["people"] = _("A vacant unit has no residents. Correct one of the two.")
    if fields.moved_out_on is not None or fields.ended_how:
        faults |= end_faults(fields.role, fields.moved_in_on, fields.moved_out_on, fields.ended_how, today)
    if fields.moved_in_on is not None and fields.moved_in_on > today:
        faults["moved_in_on"] = _("The day is in the future. Enter it once it has come.")
    begin, end = fields.lease_from, fields.lease_until
    if begin is not None and end is not None and end < begin:
        faults["lease_until"] = _("A lease cannot end before it begins. Correct one of the two days.")
    return faults


def end_faults(
    role: str, moved_in_on: date | None, moved_out_on: date | None, how: str, today: date
) -> dict[str, str]:
    """Return the faults of how and when a household's time in its home ended, by field."""
    faults = {}
    if moved_out_on is None:
        faults["moved_out_on"] = _("Enter the first day that they are not there any more.")
    elif moved_out_on > today:
        faults["moved_out_on"] = _("The day is in the future. Enter it once they have moved out.")
    elif moved_in_on is not None and moved_out_on < moved_in_on:
        faults["moved_out_on"] = _(
            "This is before the day they moved in, {day}. Correct one of the two."
        ).format(day=moved_in_on.isoformat())
    if how in OWNERSHIP_ENDS and role not in ("", HoldingRole.OWNER):
        faults["ended_how"] = _("Only an owner's time ends so. Choose another reason, or correct “Held as”.")
    return faults
