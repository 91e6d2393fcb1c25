"""How versions of checklists and their differences are worded and marked on screen."""

from collections.abc import Mapping, Sequence

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.inspections.facts import VersionLine
from fuyuan_desk.inspections.rules.answers import AnswerKind, ItemSeverity, PhotoNeed
from fuyuan_desk.inspections.rules.checklists import Difference, ItemDifference, VersionStatus
from fuyuan_desk.inspections.view.item_form import EQUIPMENT
from fuyuan_desk.widgets.chips import Chip, Tone

_FIELDS: Mapping[str, str] = {
    "group": N_("Group"),
    "text": N_("Item"),
    "clauses": N_("Clauses"),
    "kind": N_("Answer"),
    "unit": N_("Unit"),
    "low": N_("Lowest"),
    "high": N_("Highest"),
    "choices": N_("Choices"),
    "passing": N_("Choices that pass"),
    "photo": N_("Photo"),
    "severity": N_("Severity"),
    "mandatory": N_("Must be inspected"),
    "needs": N_("Equipment"),
    "unsure": N_("Wording if unknown"),
    "without": N_("Wording if not there"),
    "group_en": N_("Group in English"),
    "text_en": N_("Item in English"),
    "unsure_en": N_("Wording if unknown, in English"),
    "without_en": N_("Wording if not there, in English"),
}
_CODES = {"kind": AnswerKind, "photo": PhotoNeed, "severity": ItemSeverity}
TONES: Mapping[VersionStatus, Tone] = {
    VersionStatus.DRAFT: "warn",
    VersionStatus.PUBLISHED: "neutral",
    VersionStatus.WITHDRAWN: "neutral",
}
"""The tones of states; a version that counts today is good."""


def version_title(line: VersionLine) -> str:
    """Return the name of a checklist and its version."""
    return f"{line.name}  {line.version}"


def state_text(line: VersionLine) -> str:
    """Return the state of a version in words: whether it counts today."""
    if line.counts:
        return _("Counts today")
    if line.status is VersionStatus.PUBLISHED:
        return _("Published")
    return line.status.label


def state_chip(line: VersionLine) -> Chip:
    """Return the state of a version as a chip."""
    if line.counts:
        return Chip(state_text(line), "ok", "ok")
    return Chip(state_text(line), TONES[line.status])


def since_text(line: VersionLine) -> str:
    """Return from which day on a version counts, and until which day it did."""
    if line.id is None:
        return _("With the program")
    since = line.effective_on.isoformat() if line.effective_on is not None else ""
    if line.status is VersionStatus.DRAFT:
        return ""
    return since if line.withdrawn_on is None else f"{since} – {line.withdrawn_on}"


def difference_lines(found: Sequence[ItemDifference]) -> list[tuple[str, str]]:
    """Return differences as a heading and what changed, a line for each field."""
    lines = []
    for one in found:
        head = f"{one.kind.label} · {one.item.group} · {one.item.text}"
        changes = [_change(*change) for change in one.changes] if one.kind is Difference.CHANGED else []
        lines.append((head, "\n".join(changes)))
    return lines


def _change(field: str, before: str, after: str) -> str:
    name = _(_FIELDS[field]) if field in _FIELDS else field
    return _("{field}: {before} → {after}").format(
        field=name, before=_value(field, before), after=_value(field, after)
    )


def _value(field: str, value: str) -> str:
    if field == "mandatory":
        return _("Yes") if value == "True" else _("No")
    if field == "needs" and value:
        return next((_(name) for code, name in EQUIPMENT.items() if code == value), value)
    text = name_of(_CODES[field], value) if field in _CODES else value
    return text or "–"
