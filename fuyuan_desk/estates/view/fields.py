"""The form fields of this job, and enums as choices."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from fuyuan_desk.core.codes import label_of
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import PersonFields
from fuyuan_desk.estates.rules.housing import (
    HeritageClass,
    HistoricArea,
    HoldingRole,
    HouseKind,
    Tenure,
    UnitUse,
    label,
)
from fuyuan_desk.estates.rules.other_ids import read_ids, write_ids
from fuyuan_desk.estates.rules.people import HouseholdEnd, Relation, Sex
from fuyuan_desk.formats.id_numbers import IdKind, id_kind_label
from fuyuan_desk.formats.phones import phone_fault
from fuyuan_desk.widgets.fields import Field, Section

Fields = list[Field | Section]


def choices(kind: type[Enum], label: Callable[[Any], str] = label) -> list[tuple[object, str]]:
    """Return all members of an enum as choices."""
    return [(member.value, label(member)) for member in kind]


def named(kind: type[Enum], value: object) -> str:
    """Return the label of an enum's value, '' for none or an unknown one."""
    return label(kind(value)) if value in {member.value for member in kind} else ""


def estate_fields(streets: Sequence[str]) -> Fields:
    """Return the fields of an estate's form."""
    return [
        Field("name", _("&Name of the estate"), required=True, placeholder=_("e.g. 南昌路168弄, 富南大厦")),
        Field("address", _("&Address"), hint=_("As used in documents, if different from the name.")),
        Field("street", _("Str&eet"), "suggest", choices=[(name, name) for name in streets]),
        Field("committee", _("&Residents' committee"), "suggest"),
        Field("property_company", _("&Property company"), "suggest",
              hint=_("Another one takes over today; earlier ones stay on the tab “Organisations”.")),
        Field("house_kind", _("&Kind of houses"), "choice", choices=choices(HouseKind)),
        Field("built_year", _("&Built in"), "int", unit=_("year"), placeholder="2003"),
        Field("quiet_hours", _("Hours without noisy &work"), placeholder="18:00–08:00",
              hint=_("Only where the estate's own rules are stricter than the law's.")),
        Field("tenures", _("&Tenure of the homes"), "checks", choices=choices(Tenure), span=2),
        Section(_("Protection"), _("A building's own class overrides the estate's.")),
        Field("heritage_class", _("&Outstanding historic building"), "choice", choices=choices(HeritageClass)),
        Field("historic_area", _("Histori&c area"), "choice", choices=choices(HistoricArea)),
        Field("preserved_block", _("Block or road under preservation"), "check"),
        Field("retained_building", _("Retained historic building"), "check"),
        Field("cultural_relic", _("Cultural relic"), "check",
              hint=_("Not ticked means only that it is not recorded as such.")),
        Section(_("Other")),
        Field("remarks", _("Re&marks"), "lines", span=2),
    ]  # fmt: skip


def unit_fields(buildings: Sequence[tuple[int, str]]) -> Fields:
    """Return the fields of a unit's form; `buildings` are those of its estate."""
    return [
        Field("building_id", _("&Building"), "choice", choices=buildings, required=True),
        Field("label", _("&Room or part"), required=True, placeholder=_("e.g. 501室, 亭子间")),
        Field("entrance", _("&Entrance"), placeholder=_("e.g. 2单元")),
        Field("floor", _("&Floor")),
        Field("use", _("&Use"), "choice", choices=choices(UnitUse), required=True),
        Field("tenure", _("&Tenure"), "choice", choices=choices(Tenure)),
        Field("area", _("Built &area"), "area", unit="㎡"),
        Field("inner_area", _("&Inner area"), "area", unit="㎡"),
        Field("lease_no", _("&Lease number"), span=2),
        Field("real_estate_no", _("Number of the real-estate unit"), span=2,
              placeholder="310101001001GB00001F00010001"),
        Section(_("Maintenance fund")),
        Field("fund_account", _("Account number"), span=2),
        Field("fund_first", _("First &deposit"), "money", unit=_("yuan")),
        Field("fund_balance", _("Balan&ce"), "money", unit=_("yuan")),
        Field("fund_balance_on", _("Day of the balance"), "date", span=2),
        Field("fund_topped_up", _("To&pped up"), "choice", choices=[(True, _("Yes")), (False, _("No"))],
              placeholder=_("Unknown")),
        Field("fund_topped_up_on", _("Topped up o&n"), "date"),
        Section(_("Numbers in other systems")),
        Field("other_ids", _("System and number"), "lines", span=2, rows=2, placeholder="社区云: 10086",
              hint=_("One system in each line, a colon and the number. The search finds the home by them.")),
    ]  # fmt: skip


def household_fields() -> Fields:
    """Return the fields of a household's form."""
    return [
        Field("head", _("&Name of the head or company"), required=True, span=2),
        Field("role", _("&Held as"), "choice", choices=choices(HoldingRole), placeholder=_("Unknown")),
        Field("people", _("P&eople living here"), "int"),
        Field("is_company", _("A &company, not a person"), "check"),
        Field("vacant", _("Home is empt&y"), "check"),
        Field(
            "phones",
            _("&Telephones"),
            "phones",
            span=2,
            placeholder=_("mobile, or 021- and 8 digits"),
            check=phone_fault,
        ),
        Field("id_number", _("ID numbe&r"), span=2, sensitive=True),
        Field(
            "id_kind",
            _("Ty&pe of ID document"),
            "choice",
            choices=choices(IdKind, id_kind_label),
            span=2,
            placeholder=_("Detected from the number"),
        ),
        Field("contact", _("Contact &abroad or other contact"), span=2),
        Section(_("From and until")),
        Field("moved_in_on", _("Moved &in on"), "date"),
        Field(
            "moved_out_on",
            _("Moved o&ut on"),
            "date",
            hint=_("The first day they are not there. Anonymised three years later; statistics stay."),
        ),
        Field("ended_how", _("How it en&ded"), "choice", choices=choices(HouseholdEnd, label_of), span=2),
        Field("lease_from", _("Lease &from"), "date"),
        Field("lease_until", _("&Lease until"), "date"),
        Field("remarks", _("Re&marks"), "lines", span=2, sensitive=True),
    ]


def person_fields(is_holder: bool, tags: Sequence[tuple[int, str]]) -> Fields:
    """Return the fields of a person's form; relation, days and remarks of a holder stand in the household's."""
    yes_no = [(True, _("Yes")), (False, _("No"))]
    mine: Fields = [
        Field("name", _("&Name"), required=True, span=1 if not is_holder else 2),
    ]
    if not is_holder:
        mine.append(
            Field("relation", _("&Relation to the holder"), "choice", choices=choices(Relation, label_of),
                  placeholder=_("Unknown"))
        )  # fmt: skip
    mine += [
        Field("phones", _("&Telephones"), "phones", span=2, check=phone_fault,
              placeholder=_("mobile, or 021- and 8 digits")),
        Field("tags", _("Tags"), "checks", choices=tags, span=2, sensitive=True),
        Field("is_emergency", _("&Emergency contact"), "check"),
        Field("has_key", _("Has a &key"), "check"),
        Section(_("Where she lives and is registered")),
        Field("lives_here", _("&Lives here"), "choice", choices=yes_no, placeholder=_("Unknown")),
        Field("registered_here", _("Registered &here (户籍)"), "choice", choices=yes_no, placeholder=_("Unknown")),
        Field("registered_at", _("Registered &at"), span=2, hint=_("Only if elsewhere.")),
        Section(_("Papers")),
        Field("id_number", _("ID num&ber"), span=2, sensitive=True),
        Field("id_kind", _("Ty&pe of ID document"), "choice", choices=choices(IdKind, id_kind_label),
              placeholder=_("Detected from the number")),
        Field("papers", _("&Further papers"), "lines", rows=2, sensitive=True, hint=_("One number a line.")),
        Field("sex", _("Se&x"), "choice", choices=choices(Sex, label_of), placeholder=_("From the ID number")),
        Field("born_on", _("B&orn on"), "date", placeholder=_("From the ID number")),
        Field("other_ids", _("N&umbers in other systems"), "lines", rows=2, span=2,
              placeholder=_("社区云 居住ID: 7700123"), hint=_("One a line: system, colon, number.")),
        Section(_("Consent to publish (PIPL §25)")),
        Field("may_publish", _("&May be named in public"), "choice", choices=yes_no, placeholder=_("Never asked")),
        Field("consented_on", _("Said on"), "date"),
    ]  # fmt: skip
    if not is_holder:
        mine += [
            Section(_("From and until")),
            Field("from_on", _("With the household from"), "date"),
            Field("until_on", _("Left on"), "date", hint=_("The first day she is not there.")),
            Field("remarks", _("Remarks"), "lines", span=2, sensitive=True),
        ]
    return mine


def person_values(fields: PersonFields) -> dict[str, Any]:
    """Return what a person's form shows."""
    return vars(fields) | {"papers": "\n".join(fields.papers), "other_ids": write_ids(fields.other_ids)}


def person_of(values: Mapping[str, Any]) -> PersonFields:
    """Return the person that a form's values describe."""
    texts = {name: values[name] or "" for name in ("relation", "sex", "id_kind") if name in values}
    papers = tuple(filter(None, map(str.strip, values["papers"].splitlines())))
    return PersonFields(**{**values, **texts, "other_ids": read_ids(values["other_ids"]), "papers": papers})
