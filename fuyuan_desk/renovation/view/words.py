"""Texts and chips for the states and houses of renovations."""

from collections.abc import Sequence
from datetime import date

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.rules.housing import HeritageClass, HistoricArea, HoldingRole, HouseKind, Tenure
from fuyuan_desk.estates.rules.housing import label as estate_label
from fuyuan_desk.estates.view.fields import named
from fuyuan_desk.renovation.book import SETTLED_MARK, VERDICT_MARKS
from fuyuan_desk.renovation.facts import CaseDetail, DocumentView, FindingView, House, WorkView
from fuyuan_desk.renovation.rules.course import COURSE, CaseStatus
from fuyuan_desk.renovation.rules.present import Present, present_case, present_work
from fuyuan_desk.renovation.rules.works import Due, Verdict, label
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.parsing import show_hundredths

_SURROUNDINGS = {
    "block": N_("Block or road under preservation"),
    "retained": N_("Retained historic building"),
    "relic": N_("Cultural relic"),
}


def verdict_chip(verdict: Verdict) -> Chip:
    """Return the chip of a verdict."""
    mark = VERDICT_MARKS[verdict.name]
    return Chip(label(verdict), mark.tone, mark.icon)


def present_chip(state: Present) -> Chip:
    """Return the chip of a verdict as it stands: green once what it requires has been received."""
    return (
        Chip(state.label, SETTLED_MARK.tone, SETTLED_MARK.icon)
        if state.is_settled
        else verdict_chip(state.verdict)
    )


def case_state(case: CaseDetail) -> Present:
    """Return the present state of the scope of a case."""
    return present_case([_findings(work) for work in case.works], *_documents(case.documents))


def work_state(work: WorkView, documents: Sequence[DocumentView]) -> Present:
    """Return the present state of one work of a case with these documents."""
    return present_work(_findings(work), *_documents(documents))


def finding_state(finding: FindingView, documents: Sequence[DocumentView]) -> Present:
    """Return the present state of one rule that applies to a work, with these documents."""
    return present_work([(finding.verdict, finding.documents)], *_documents(documents))


def _findings(work: WorkView) -> list[tuple[Verdict, tuple[str, ...]]]:
    return [(finding.verdict, finding.documents) for finding in work.findings]


def _documents(documents: Sequence[DocumentView]) -> tuple[set[str], set[str]]:
    """Return the names of the documents due before the start, and of those received."""
    needed = {paper.name for paper in documents if paper.due is Due.START}
    return needed, {paper.name for paper in documents if paper.received_on is not None}


def status_chip(status: CaseStatus) -> Chip:
    """Return the chip of a case's state."""
    state = COURSE.state(status)
    return Chip(_(state.label), state.tone, state.icon)


def missing_chip(count: int) -> Chip | None:
    """Return a chip with the number of documents missing to start; None when none is, whatever is due later."""
    return Chip(_("{n} missing to start").format(n=count), "warn", "document") if count else None


def protection_chips(house: House) -> list[Chip]:
    """Return chips for what protects a house and its surroundings, and for what of it is not recorded."""
    chips = [Chip(text, "neutral", "shield") for text in _protection_texts(house)]
    if house.heritage_class == HeritageClass.LISTED:
        chips.insert(
            0, Chip(_("Outstanding historic building, class not known: ask for it"), "warn", "shield")
        )
    elif house.heritage_class is None:
        chips.append(Chip(_("Protection class not recorded"), "warn", "info"))
    if not house.is_area_known:
        chips.append(Chip(_("Historic area not recorded"), "warn", "info"))
    return chips


def _protection_texts(house: House) -> list[str]:
    lines = []
    if house.heritage_class and house.heritage_class != HeritageClass.LISTED:
        text = _("Outstanding historic building, {kind}")
        lines.append(text.format(kind=estate_label(HeritageClass(house.heritage_class)).lower()))
    for name in house.surroundings:
        lines.append(_(_SURROUNDINGS[name]) if name in _SURROUNDINGS else named(HistoricArea, name))
    return lines


def house_facts(house: House) -> str:
    """Format kind, tenure and area of a house in one line."""
    area = "" if house.area is None else f"{show_hundredths(house.area)} ㎡"
    kind = named(HouseKind, house.house_kind) or _("Kind of house unknown")
    tenure = named(Tenure, house.tenure) or _("Tenure unknown")
    return " · ".join(part for part in dict.fromkeys((kind, tenure, area)) if part)


def hours_text(house: House) -> str:
    """Format the hours in which noisy work is permitted at a house."""
    if not house.hours:
        return _("The estate's own rules allow no hours for noisy work.")
    text = _("Noisy work {hours} only, not on statutory holidays.").format(hours=house.hours)
    if house.quiet_hours:
        text += " " + _("Quiet hours of the estate: {hours}.").format(hours=house.quiet_hours)
    return text


def period_text(starts: date, ends: date) -> str:
    """Format a period of work with its length in days."""
    days = (ends - starts).days + 1
    return numbered(
        days,
        N_("{starts} to {ends} ({n} day)"),
        N_("{starts} to {ends} ({n} days)"),
        starts=starts.isoformat(),
        ends=ends.isoformat(),
    )


def role_text(role: str) -> str:
    """Return the label of an applicant's relation to the home."""
    return named(HoldingRole, role)
