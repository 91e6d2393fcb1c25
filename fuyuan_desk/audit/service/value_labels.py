"""What the codes in columns mean, in the words of the screens that set them."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from fuyuan_desk.access.seat import ROLE_NAMES, Role
from fuyuan_desk.access.second_person import ACT_NAMES, Act
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules import housing as estates
from fuyuan_desk.formats import id_numbers
from fuyuan_desk.inspections import rules as inspections
from fuyuan_desk.renovation.rules import cases as renovation
from fuyuan_desk.standards import rules as standards


def _role(role: Role) -> str:
    return _(ROLE_NAMES[role])


def _act(act: Act) -> str:
    return _(ACT_NAMES[act])


Labels = tuple[type[Enum], Callable[[Any], str]]
_HOUSE: Mapping[str, Labels] = {
    "house_kind": (estates.HouseKind, estates.label),
    "heritage_class": (estates.HeritageClass, estates.label),
}
_CODES: Mapping[str, Mapping[str, Labels]] = {
    "operator": {"role": (Role, _role), "act": (Act, _act)},
    "building": _HOUSE,
    "estate": {
        **_HOUSE,
        "tenures": (estates.Tenure, estates.label),
        "historic_area": (estates.HistoricArea, estates.label),
    },
    "unit": {"use": (estates.UnitUse, estates.label), "tenure": (estates.Tenure, estates.label)},
    "household": {
        "role": (estates.HoldingRole, estates.label),
        "id_kind": (id_numbers.IdKind, estates.label),
    },
    "tier_assignment": {"tier": (standards.Tier, standards.label)},
    "visit": {
        "subject_kind": (inspections.SubjectKind, inspections.label),
        "party": (inspections.Party, inspections.label),
        "conclusion": (inspections.Conclusion, inspections.label),
    },
    "visit_result": {"result": (inspections.Result, inspections.label)},
    "renovation_case": {
        "status": (renovation.CaseStatus, renovation.label),
        "outcome": (renovation.Outcome, renovation.label),
        "verdict": (renovation.Verdict, renovation.label),
        "applicant_role": (estates.HoldingRole, estates.label),
        "applicant_id_kind": (id_numbers.IdKind, estates.label),
    },
    "renovation_work": {"verdict": (renovation.Verdict, renovation.label)},
    "renovation_document": {"due": (renovation.Due, renovation.label)},
}


def coded(table: str, field: str, value: Any) -> str | None:
    """Give the words for a code, None where a column holds none or the code is unknown."""
    labels = _CODES.get(table, {}).get(field)
    if labels is None or isinstance(value, bool) or not isinstance(value, str | int):
        return None
    enum, label = labels
    for member in enum:
        # enums of numbers are stored by name where the number says nothing
        if value in (member.value, member.name):
            return label(member)
    return None


def columns() -> list[tuple[str, str]]:
    """List the columns that hold codes, as (table, column)."""
    return [(table, field) for table, fields in _CODES.items() for field in fields]
