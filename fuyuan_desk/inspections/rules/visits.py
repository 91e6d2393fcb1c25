"""The rules of inspections: parties, checklists, and the completeness of a visit's record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from fuyuan_desk.core.calendar import Calendar
from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.rules.equipment import Equipment, Presence, Presences
from fuyuan_desk.estates.rules.places import WHOLE, RecordedPlace
from fuyuan_desk.inspections.rules.answers import (
    LONGEST_VALUE,
    MARKED,
    AnswerForm,
    AnswerKind,
    ItemSeverity,
    PhotoNeed,
    passes,
    plain_value,
)
from fuyuan_desk.inspections.rules.photo_numbers import LONGEST_NUMBERS, read_numbers


class Result(StrEnum):
    """The result of an item."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "na"


class Conclusion(StrEnum):
    """The conclusion of a visit: clean, corrected on the spot, to be corrected by a date, reported (WY §59)."""

    CLEAN = "clean"
    ON_THE_SPOT = "on-the-spot"
    DEADLINE = "deadline"
    REPORT = "report"


class SubjectKind(StrEnum):
    """The kind of subject; a renovation belongs to a job above this one and is known here by its key only."""

    ESTATE = "estate"
    RENOVATION = "renovation"


class SheetScope(StrEnum):
    """What one blank sheet of an estate is for."""

    ESTATE = "estate"
    BUILDING = "building"
    GATE = "gate"


_LABELS: dict[type[StrEnum], dict[StrEnum, str]] = {
    Result: {
        Result.PASS: N_("Passed"),
        Result.FAIL: N_("Failed"),
        Result.NOT_APPLICABLE: N_("Not applicable"),
    },
    Conclusion: {
        Conclusion.CLEAN: N_("No problem found"),
        Conclusion.ON_THE_SPOT: N_("Corrected on the spot"),
        Conclusion.DEADLINE: N_("To be corrected by a date"),
        Conclusion.REPORT: N_("Dissuasion failed, reported"),
    },
    SubjectKind: {
        SubjectKind.ESTATE: N_("Estate round"),
        SubjectKind.RENOVATION: N_("Renovation site"),
    },
    SheetScope: {
        SheetScope.ESTATE: N_("One sheet for the whole estate"),
        SheetScope.BUILDING: N_("One sheet for each building"),
        SheetScope.GATE: N_("One sheet for each gate"),
    },
}


def label(member: StrEnum) -> str:
    """Return the label of an enum member in the language of the screen."""
    return _(_LABELS[type(member)][member])


@dataclass(frozen=True)
class CheckItem:
    """One item of a checklist; `clauses` are references as in `core.law`.

    `needs` is the equipment it is about: `text` is how it reads where that is, `unsure` where it may be, `without`
    where it is not; no text at all means that the item is left out there. The first of each pair is Chinese; English
    texts may be empty. A `mandatory` item cannot be answered “not applicable”, as a licence or a closing rests on it.
    """

    key: str
    group: str
    group_en: str
    text: str
    text_en: str
    clauses: tuple[str, ...]
    needs: Equipment | None = None
    unsure: tuple[str, str] = ("", "")
    without: tuple[str, str] = ("", "")
    answer: AnswerForm = MARKED
    photo: PhotoNeed = PhotoNeed.NEVER
    severity: ItemSeverity = ItemSeverity.ORDINARY
    mandatory: bool = False

    def shown(self, chinese: bool) -> tuple[str, str]:
        """Return group and text for the screen; what has no English text is shown in Chinese."""
        if chinese or not self.text_en:
            return self.group, self.text
        return self.group_en or self.group, self.text_en


@dataclass(frozen=True)
class Checklist:
    """A checklist in one version.

    What demands the visit is an item of the service standard, `standard_item`, or the law in `demanded_by`.
    """

    key: str
    version: str
    subject: SubjectKind
    name: str
    name_en: str
    items: tuple[CheckItem, ...]
    standard_item: str = ""
    demanded_by: tuple[str, ...] = ()

    def title(self, chinese: bool) -> str:
        """Return the name for the screen."""
        return self.name if chinese or not self.name_en else self.name_en


def applicable(checklist: Checklist, equipment: Presences) -> Checklist:
    """Return the checklist of a place with this equipment: nothing on what is not there, “if” on what may be there."""
    worded = (_worded(item, equipment) for item in checklist.items)
    return replace(checklist, items=tuple(item for item in worded if item.text))


def _worded(item: CheckItem, equipment: Presences) -> CheckItem:
    presence = Presence.HAS if item.needs is None else equipment[item.needs]
    if presence is Presence.HAS:
        return item
    text, text_en = item.unsure if presence is Presence.UNKNOWN else item.without
    return replace(item, text=text, text_en=text_en)


def text_in_english(item: CheckItem, text: str) -> str:
    """Return in English how an item was worded in Chinese, '' if it was never worded so."""
    return dict(((item.text, item.text_en), item.unsure, item.without)).get(text, "")


@dataclass(frozen=True)
class Finding:
    """The result of a checklist item, with a remark; `value` is a number, choice or text that the item asked for.

    `photos` are the numbers of the photos of it, as they were noted on the sheet.
    """

    item: str
    result: Result
    remark: str = ""
    value: str = ""
    photos: str = ""


def result_of(item: CheckItem, marked: Result | None, value: str = "") -> Result | None:
    """Return the result of an answer: as it was marked, or as its value says; None if it is no answer yet."""
    if item.answer.kind is AnswerKind.MARK or marked is Result.NOT_APPLICABLE:
        return marked
    passed = passes(item.answer, value)
    if passed is None:
        return None
    return Result.PASS if passed else Result.FAIL


def derived(checklist: Checklist, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings with the results that follow from their values, and the values as they are stored."""
    items = {item.key: item for item in checklist.items}
    return tuple(
        _derived(items[finding.item], finding) if finding.item in items else finding for finding in findings
    )


def _derived(item: CheckItem, finding: Finding) -> Finding:
    if item.answer.kind is AnswerKind.MARK or finding.result is Result.NOT_APPLICABLE:
        return replace(finding, value="")
    result = result_of(item, finding.result, finding.value)
    return replace(finding, result=result or finding.result, value=plain_value(item.answer, finding.value))


class VisitFault(StrEnum):
    """A fault in the record of a visit."""

    IN_FUTURE = "in-future"
    TOO_EARLY = "too-early"
    NO_INSPECTOR = "no-inspector"
    UNANSWERED = "unanswered"
    UNKNOWN_ITEM = "unknown-item"
    NOTHING_INSPECTED = "nothing-inspected"
    NO_VALUE = "no-value"
    OMITTED = "omitted"
    NO_PHOTO = "no-photo"
    LONG_VALUE = "long-value"
    NO_REMARK = "no-remark"
    LONG_REMARK = "long-remark"
    NO_NUMBERS = "no-numbers"
    NO_HANDLING = "no-handling"
    NO_DEADLINE = "no-deadline"
    DEADLINE_PASSED = "deadline-passed"


LONGEST_REMARK = 500
"""Characters of the remark on an item; more is for the findings and actions."""


def visit_faults(
    checklist: Checklist,
    findings: Sequence[Finding],
    at: datetime,
    now: datetime,
    inspectors: str,
    handling: Conclusion | None,
    deadline: date | None,
    optional: Collection[str] = (),
    earliest: date | None = None,
    photos: int = 0,
) -> dict[str, VisitFault]:
    """Return the faults of a visit by field: `at`, `inspectors`, `items`, `item.<key>`, `handling`, `deadline`.

    Every item must be answered, except the `optional` ones; a failed one needs a remark and a handling (110 §17,
    WY §59), and one that needs a photo needs a visit with `photos`, or the number of one. What is visited was not there
    before the day `earliest`, by the calendar of this PC.
    """
    faults = _faults_of_items(checklist, findings, optional, photos)
    if at > now:
        faults["at"] = VisitFault.IN_FUTURE
    elif earliest is not None and at.astimezone().date() < earliest:
        faults["at"] = VisitFault.TOO_EARLY
    if not inspectors.strip():
        faults["inspectors"] = VisitFault.NO_INSPECTOR
    if has_failures(findings):
        if handling in (None, Conclusion.CLEAN):
            faults["handling"] = VisitFault.NO_HANDLING
        elif handling is Conclusion.DEADLINE and deadline is None:
            faults["deadline"] = VisitFault.NO_DEADLINE
        elif handling is Conclusion.DEADLINE and deadline is not None and deadline < at.astimezone().date():
            faults["deadline"] = VisitFault.DEADLINE_PASSED
    return faults


def _faults_of_items(
    checklist: Checklist, findings: Sequence[Finding], optional: Collection[str], photos: int
) -> dict[str, VisitFault]:
    known = {item.key for item in checklist.items}
    answered: Mapping[str, Finding] = {finding.item: finding for finding in findings}
    faults = {f"item.{key}": VisitFault.UNKNOWN_ITEM for key in answered.keys() - known}
    for item in checklist.items:
        finding = answered.get(item.key)
        if finding is None:
            if item.key not in optional:
                is_mark = item.answer.kind is AnswerKind.MARK
                faults[f"item.{item.key}"] = VisitFault.UNANSWERED if is_mark else VisitFault.NO_VALUE
        elif (fault := _fault_of(item, finding, photos)) is not None:
            faults[f"item.{item.key}"] = fault
    if not faults and all(finding.result is Result.NOT_APPLICABLE for finding in findings):
        faults["items"] = VisitFault.NOTHING_INSPECTED
    return faults


def _fault_of(item: CheckItem, finding: Finding, photos: int) -> VisitFault | None:
    if result_of(item, finding.result, finding.value) is None:
        return VisitFault.NO_VALUE
    if len(finding.value) > LONGEST_VALUE:
        return VisitFault.LONG_VALUE
    if item.mandatory and finding.result is Result.NOT_APPLICABLE:
        return VisitFault.OMITTED
    if finding.result is Result.FAIL and not finding.remark.strip():
        return VisitFault.NO_REMARK
    if len(finding.remark.strip()) > LONGEST_REMARK:
        return VisitFault.LONG_REMARK
    if read_numbers(finding.photos) is None or len(finding.photos) > LONGEST_NUMBERS:
        return VisitFault.NO_NUMBERS
    is_shown = photos or finding.photos.strip()  # a photo whose number is noted comes in later
    return VisitFault.NO_PHOTO if not is_shown and needs_photo(item, finding.result) else None


def needs_photo(item: CheckItem, result: Result) -> bool:
    """Return whether an item with this result is to be shown on a photo; what does not apply needs none."""
    always = item.photo is PhotoNeed.ALWAYS and result is not Result.NOT_APPLICABLE
    return always or (item.photo is PhotoNeed.ON_FAILURE and result is Result.FAIL)


NOT_CORRECTED = (Conclusion.DEADLINE, Conclusion.REPORT)
"""The conclusions of visits whose failed items are to be looked at again."""


def is_put_right(failed: Collection[str], results: Mapping[str, str], conclusion: Conclusion) -> bool:
    """Return whether items that failed were put right by what a later visit found (110 §17).

    Each of them was looked at again and passed, or was corrected on the spot; “not applicable” proves nothing.
    """
    good = {Result.PASS, Result.FAIL} if conclusion is Conclusion.ON_THE_SPOT else {Result.PASS}
    return bool(failed) and all(results.get(item) in good for item in failed)


def covers(later: RecordedPlace, place: RecordedPlace) -> bool:
    """Return whether a later visit saw what an earlier one to the same subject saw.

    A round of the whole estate sees every building and gate, a visit to one of these nothing else.
    """
    return later == WHOLE or later.is_same(place)


class ReportFault(StrEnum):
    """A fault in the record of a report."""

    IN_FUTURE = "in-future"
    BEFORE_VISIT = "before-visit"
    NO_RECEIVER = "no-receiver"


def report_faults(at: datetime, visited_at: datetime, now: datetime, to: str) -> dict[str, ReportFault]:
    """Return the faults of a report by field: `at`, `to` (WY §59)."""
    faults = {}
    if at > now:
        faults["at"] = ReportFault.IN_FUTURE
    # a report is entered to the minute, a visit may have seconds
    elif at < visited_at.replace(second=0, microsecond=0):
        faults["at"] = ReportFault.BEFORE_VISIT
    if not to.strip():
        faults["to"] = ReportFault.NO_RECEIVER
    return faults


def has_failures(findings: Sequence[Finding]) -> bool:
    """Return whether any item failed."""
    return any(finding.result is Result.FAIL for finding in findings)


def conclude(findings: Sequence[Finding], handling: Conclusion | None) -> Conclusion:
    """Return the conclusion: clean without failures, otherwise the handling."""
    if not has_failures(findings) or handling is None:
        return Conclusion.CLEAN if not has_failures(findings) else Conclusion.DEADLINE
    return handling


def correct_by(day: date, working_days: int, calendar: Calendar) -> date | None:
    """Return the default deadline for correcting what failed on a day; None if the calendar is not known so far."""
    return calendar.after_working_days(day, working_days)


def deadline_doubt(deadline: date, calendar: Calendar) -> str:
    """Return what to consider about a day by which something is to be corrected, '' for a working day.

    A day off is no fault: whoever agreed on it may mean it.
    """
    is_working = calendar.is_working(deadline)
    if is_working is None:
        return _("Whether {day} is a working day is not known: {year} has no calendar here.").format(
            day=deadline, year=deadline.year
        )
    if is_working:
        return ""
    day = f"{deadline} ({holiday})" if (holiday := calendar.holiday(deadline)) else str(deadline)
    following = calendar.working_day_from(deadline)
    if following is None:
        return _("{day} is a day off; which working day follows is not known yet.").format(day=day)
    return _("{day} is a day off. The next working day is {next}.").format(day=day, next=following)


REPORT_HOURS = 24


def report_by(at: datetime) -> datetime:
    """Return the deadline to report failed dissuasion to owners' committee and authority (WY §59)."""
    return at + timedelta(hours=REPORT_HOURS)


def visit_number(year: int, serial: int) -> str:
    """Format the number of a visit, such as XC2026-0012."""
    return f"XC{year}-{serial:04d}"


def sheet_number(year: int, serial: int) -> str:
    """Format the serial number of a printed sheet, such as XCB-2026-000123."""
    return f"XCB-{year}-{serial:06d}"


def estate_number(estate_id: int) -> str:
    """Format the number of an estate (小区) on its sheets, such as XQ0012."""
    return f"XQ{estate_id:04d}"


# ---- tasks ----

REPORT = Topic(N_("Report"), "warning", 70)
FAILED = Topic(N_("Failed"), "warning", 10)
NO_ROUND = Topic(N_("Round"), "inspection", 20)


@dataclass(frozen=True)
class DueLimits:
    """The limits that decide when a task is due; data in `resources/inspections/dues.json`.

    A sheet without a round is to be back `days_for_a_sheet` after it was printed.
    """

    days_failures_stay: int
    report_hours: int
    working_days_to_correct: int
    days_for_a_sheet: int


@dataclass(frozen=True)
class RoundFacts:
    """An estate and its last round, None if none was logged."""

    estate_id: int
    name: str
    last_round: date | None = None


@dataclass(frozen=True)
class FailureFacts:
    """The last visit to a subject, with failed items not yet corrected; `is_reported`: its report was made."""

    visit_id: int
    subject: str
    at: datetime
    failures: int
    conclusion: Conclusion
    deadline: date | None = None
    is_reported: bool = False


def round_task(estate: RoundFacts, today: date) -> Task | None:
    """Return the task of a monthly round if the estate had none this month."""
    if estate.last_round is not None and estate.last_round >= today.replace(day=1):
        return None
    end = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if estate.last_round is None:
        detail = _("No round this month; none logged yet")
    else:
        detail = _("No round this month; the last was on {day}").format(day=estate.last_round)
    return Task(
        "estate", estate.estate_id, estate.name, detail, end, False, Severity.QUIET, NO_ROUND, "inspections",
        act="inspections.round",
    )  # fmt: skip


def failure_task(visit: FailureFacts, today: date, limits: DueLimits) -> Task | None:
    """Return the task to check failed items again until corrected, or to report within 24 hours until reported.

    WY §59.
    """
    day = visit.at.date()
    is_corrected = visit.conclusion in (Conclusion.CLEAN, Conclusion.ON_THE_SPOT)
    if is_corrected or visit.is_reported or (today - day).days > limits.days_failures_stay:
        return None
    if visit.conclusion is Conclusion.REPORT:
        until = visit.at + timedelta(hours=limits.report_hours)
        detail = _("Dissuasion failed: report to owners' committee and authority by {until}").format(
            until=f"{until:%Y-%m-%d %H:%M}"
        )
        due: date | None = until.date()
        severity, topic = Severity.URGENT, REPORT
    else:
        detail = numbered(
            visit.failures, N_("{n} item failed on {day}"), N_("{n} items failed on {day}"), day=day
        )
        if visit.deadline is not None:
            detail += _("; to be corrected by {day}").format(day=visit.deadline)
        due, severity, topic = visit.deadline, Severity.NORMAL, FAILED
    overdue = due is not None and due < today
    return Task(
        "visit", visit.visit_id, visit.subject, detail, due, overdue, severity, topic, "inspections",
        act="inspections.again" if topic is FAILED else "inspections.report",
    )  # fmt: skip
