"""States and houses of renovations in words and chips."""

from datetime import date

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.housing import HeritageClass, HistoricArea, HoldingRole, HouseKind, Tenure
from fuyuan_desk.estates.rules.housing import label as estate_label
from fuyuan_desk.estates.view.fields import named
from fuyuan_desk.renovation.facts import House
from fuyuan_desk.renovation.rules.cases import CaseStatus, Verdict, label
from fuyuan_desk.widgets.chips import Chip, Tone
from fuyuan_desk.widgets.parsing import show_hundredths

_VERDICTS: dict[Verdict, tuple[Tone, str]] = {
    Verdict.ALLOWED: ("ok", "ok"),
    Verdict.DOCUMENTS: ("info", "document"),
    Verdict.APPROVAL: ("warn", "shield"),
    Verdict.CHECK: ("neutral", "help"),
    Verdict.PROHIBITED: ("error", "error"),
}
_STATUS: dict[CaseStatus, tuple[Tone, str]] = {
    CaseStatus.REGISTERED: ("info", "document"),
    CaseStatus.UNDER_WAY: ("ok", "renovation"),
    CaseStatus.CLOSED: ("neutral", "lock"),
}
_SURROUNDINGS = {
    "block": N_("Block or road under preservation"),
    "retained": N_("Retained historic building"),
    "relic": N_("Cultural relic"),
}


def verdict_chip(verdict: Verdict) -> Chip:
    """Show a verdict by word, picture and colour."""
    tone, picture = _VERDICTS[verdict]
    return Chip(label(verdict), tone, picture)


def status_chip(status: CaseStatus) -> Chip:
    """Show where a case stands."""
    tone, picture = _STATUS[status]
    return Chip(label(status), tone, picture)


def missing_chip(count: int) -> Chip | None:
    """Show how many papers are missing before the start."""
    return Chip(_("{n} missing").format(n=count), "warn", "document") if count else None


def protection_text(house: House) -> list[str]:
    """Name what protects a house and its surroundings."""
    words = []
    if house.heritage_class:
        told = _("Outstanding historic building, {kind}")
        words.append(told.format(kind=estate_label(HeritageClass(house.heritage_class)).lower()))
    for name in house.surroundings:
        words.append(_(_SURROUNDINGS[name]) if name in _SURROUNDINGS else named(HistoricArea, name))
    return words


def house_facts(house: House) -> str:
    """Tell kind, tenure and area of a house in a line."""
    area = "" if house.area is None else f"{show_hundredths(house.area)} ㎡"
    kind = named(HouseKind, house.house_kind) or _("Kind of house not known")
    tenure = named(Tenure, house.tenure) or _("Tenure not known")
    return " · ".join(part for part in dict.fromkeys((kind, tenure, area)) if part)


def hours_text(house: House) -> str:
    """Say when noisy work may be done at a house."""
    if not house.hours:
        return _("The estate's own rules leave no hours for noisy work.")
    told = _("Noisy work only {hours}, not on statutory holidays.").format(hours=house.hours)
    if house.quiet_hours:
        told += " " + _("The estate's own quiet hours: {hours}.").format(hours=house.quiet_hours)
    return told


def period_text(starts: date, ends: date) -> str:
    """Write a period of work with its length."""
    days = (ends - starts).days + 1
    return _("{starts} to {ends} ({n} days)").format(starts=starts.isoformat(), ends=ends.isoformat(), n=days)


def role_text(role: str) -> str:
    """Name what an applicant is to the home."""
    return named(HoldingRole, role)
