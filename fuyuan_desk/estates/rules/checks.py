"""Validation of the forms of estates, buildings, units and households; pure functions."""

import re
import unicodedata
from dataclasses import replace
from datetime import date

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.rules.housing import HeritageClass, HoldingRole, usual_role
from fuyuan_desk.estates.rules.other_ids import ids_fault
from fuyuan_desk.estates.rules.people import OWNERSHIP_ENDS
from fuyuan_desk.formats.person import Person

FIRST_YEAR = 1840
LAST_YEAR = 2199  # a building of next year is refused by the day
MOST_FLOORS = 150
MOST_PEOPLE = 99
MOST_ENTRANCES = 99
MOST_LIFTS = 99
# 宗地代码 of 19 characters, then 定着物代码 of 9 (GB/T 37346-2019)
_REAL_ESTATE_NO = re.compile(r"[0-9]{12}[A-Z]{2}[0-9]{5}[FLQW][0-9]{8}")
_LISTED_HINT = N_(
    "Ask the district housing authority for its class and its notice (告知书). Until then, what depends on the class "
    "is judged as “to be checked”."
)

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
    "real_estate_no": 40,
    "fund_account": 40,
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
        faults["built_year"] = _year_fault(this_year)
    return faults


def estate_doubts(fields: EstateFields) -> dict[str, str]:
    """Return by field what an estate's form leaves to be asked."""
    return {"heritage_class": _(_LISTED_HINT)} if fields.heritage_class == HeritageClass.LISTED else {}


def entrance_labels(text: str) -> list[str]:
    """Return the names of entrances as they were typed in one line."""
    return [name for name in re.split(r"[、,，;；/\s]+", text) if name]


def building_faults(fields: BuildingFields, today: date) -> dict[str, str]:
    """Return the faults of a building's form by field, besides those that its book finds."""
    faults = {}
    if fields.built_year is not None and fields.built_year > today.year:
        faults["built_year"] = _year_fault(today.year)
    if fields.lifts and fields.has_lift is False:
        faults["lifts"] = _("The building is entered as without a lift. Correct one of the two.")
    elif fields.lifts == 0 and fields.has_lift:
        faults["lifts"] = _("The building is entered as with a lift. Correct one of the two.")
    names = entrance_labels(fields.entrance_labels)
    if fields.entrances is not None and names and len(names) != fields.entrances:
        faults["entrance_labels"] = _(
            "The number of names is {n}, the number of entrances {count}. Correct one of the two."
        ).format(n=len(names), count=fields.entrances)
    elif len(set(names)) < len(names):
        faults["entrance_labels"] = _("Two entrances have the same name. Correct one of them.")
    if fields.notice_on is not None and fields.notice_on > today:
        faults["notice_on"] = _("The day is in the future. Enter the day of the notice.")
    return faults


def building_doubts(fields: BuildingFields, in_force: int | None) -> dict[str, str]:
    """Return by field what a building's form leaves to be asked; `in_force`: its class or the estate's, None unknown.

    A building with requirements of its own is protected, so it has a class (LS §28, §29).
    """
    has_notice = bool(fields.protection.strip() or fields.notice_no.strip() or fields.notice_on)
    if in_force == HeritageClass.LISTED:
        return {"heritage_class": _(_LISTED_HINT)}
    if has_notice and not in_force:
        return {
            "heritage_class": _(
                "There are requirements or a notice, but no class. Choose the class, or “Listed, class not known”."
            )
        }
    return {}


def _year_fault(last: int) -> str:
    return _("Enter a year from {first} to {last}.").format(first=FIRST_YEAR, last=last)


def with_lift(fields: BuildingFields) -> BuildingFields:
    """Return a building's form in which the number of lifts says whether there is one, unless that was answered."""
    if fields.has_lift is not None or fields.lifts is None:
        return fields
    return replace(fields, has_lift=fields.lifts > 0)


_LARGEST_AREA = 10_000_000  # 0.01 m²: a whole department store


def unit_faults(fields: UnitFields, today: date | None = None) -> dict[str, str]:
    """Return the faults of a unit's form by field."""
    faults = _too_long(fields)
    if today is not None and fields.fund_balance_on is not None and fields.fund_balance_on > today:
        faults["fund_balance_on"] = _("The day is in the future. Enter the day of the statement.")
    elif fields.fund_balance_on is not None and fields.fund_balance is None:
        faults["fund_balance"] = _("Enter the balance of that day, or clear its day.")
    for name in ("area", "inner_area"):
        value = getattr(fields, name)
        if value is not None and not 0 < value <= _LARGEST_AREA:
            faults[name] = _("Enter an area above 0 and up to {n} ㎡.").format(n=f"{_LARGEST_AREA // 100:,}")
    for name in ("fund_first", "fund_balance"):
        value = getattr(fields, name)
        if value is not None and value < 0:
            faults[name] = _("Enter an amount of 0 or more.")
    if today is not None and fields.fund_topped_up_on is not None and fields.fund_topped_up_on > today:
        faults["fund_topped_up_on"] = _("The day is in the future. Enter it once it has come.")
    if fault := ids_fault(fields.other_ids):
        faults["other_ids"] = fault
    if not fields.label:
        faults["label"] = _("Every unit needs its room number or part, for example 501室 or 亭子间.")
    if fields.area is not None and fields.inner_area is not None and fields.inner_area > fields.area:
        faults["inner_area"] = _("The inner area cannot be larger than the built area.")
    return faults


def cleaned_number(text: str) -> str:
    """Return a number as it is compared: half-width capitals without blanks."""
    return "".join(unicodedata.normalize("NFKC", visible(text)).split()).upper()


def unit_doubts(fields: UnitFields) -> dict[str, str]:
    """Return by field what looks wrong in a unit's form but may be right."""
    doubts = {}
    number = cleaned_number(fields.real_estate_no)
    if number and not _REAL_ESTATE_NO.fullmatch(number):
        doubts["real_estate_no"] = _(
            "A number of a real-estate unit has 28 characters: 12 digits, 2 letters, 5 digits, F, and 8 digits. "
            "Compare it with the certificate."
        )
    if fields.fund_balance is not None and fields.fund_first is not None:
        if fields.fund_balance > fields.fund_first:
            doubts["fund_balance"] = _(
                "The balance is above the first deposit. Compare it with the statement."
            )
        elif needs_top_up(fields.fund_first, fields.fund_balance):
            doubts["fund_balance"] = _(
                "Below 30 % of the first deposit: the fund is to be topped up (WY §65)."
            )
    return doubts


def needs_top_up(first: int | None, balance: int | None) -> bool | None:
    """Return whether a balance in fen is below 30 % of the first deposit (WY §65), None if one is not known.

    Exactly 30 % is not below.
    """
    return None if first is None or balance is None else 10 * balance < 3 * first


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


def household_doubts(fields: HouseholdFields, tenure: str, former_head: str) -> list[str]:
    """Return what looks wrong in a household's form but can be saved; `former_head` is "" for a new household."""
    doubts = []
    if fields.role == HoldingRole.OWNER and usual_role(tenure) is HoldingRole.TENANT:
        doubts.append(
            _(
                "The home is public housing, where nobody is an owner. Choose “Tenant of public housing”, or correct"
                " the tenure."
            )
        )
    if former_head and former_head != fields.head:
        doubts.append(
            _(
                "The holder has another name now, on all days. If somebody else took over, undo this and use"
                " “Passed on” or “Sold”."
            )
        )
    return doubts


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
