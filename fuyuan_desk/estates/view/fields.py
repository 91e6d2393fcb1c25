"""The form fields of this job, and enums as choices."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import (
    HeritageClass,
    HistoricArea,
    HoldingRole,
    HouseKind,
    Tenure,
    UnitUse,
    label,
)
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
        Section(_("Maintenance fund")),
        Field("fund_first", _("First &deposit"), "money", unit=_("yuan")),
        Field("fund_balance", _("Balan&ce"), "money", unit=_("yuan")),
        Field("fund_topped_up", _("To&pped up"), "choice", choices=[(True, _("Yes")), (False, _("No"))],
              placeholder=_("Unknown")),
        Field("fund_topped_up_on", _("Topped up o&n"), "date"),
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
        Field(
            "moved_out_on",
            _("Moved o&ut on"),
            "date",
            hint=_("The household is anonymised three years later; statistics stay."),
            span=2,
        ),
        Field("remarks", _("Re&marks"), "lines", span=2, sensitive=True),
    ]
