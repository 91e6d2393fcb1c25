"""Input and output of the inspection services: frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.estates.rules.equipment import Presences
from fuyuan_desk.inspections.rules.checklists import TypedItem, VersionStatus
from fuyuan_desk.inspections.rules.printed import SheetStanding
from fuyuan_desk.inspections.rules.route import Stop
from fuyuan_desk.inspections.rules.visits import Checklist, Conclusion, Finding, Result, SubjectKind


@dataclass(frozen=True)
class Subject:
    """The subject of a visit: `number` is that of its record, empty for an estate; `facts` are printed on the sheet.

    `name` is for lists, `title` for the head of the sheet. `place` is the building or gate of a sheet that is not for
    the whole estate, `place_key` its key, `building_id` that building; `buildings` and `gates` are how many the estate
    has, at least 1.
    A job above this one supplies the subjects for its own records. Those were not there to be visited before the day
    `earliest`, None if any day will do.
    """

    kind: SubjectKind
    id: int
    uid: str
    estate_id: int
    name: str
    title: str
    address: str
    number: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    place: str = ""
    place_key: str = ""
    building_id: int | None = None
    buildings: int = 1
    gates: int = 1
    earliest: date | None = None


@dataclass(frozen=True)
class SheetRecord:
    """A printed sheet; `visit_id` is the visit it was entered as, None before; `equipment` is that of its place.

    `checklist` is the version that was printed, None if it is not known here. One for a planned round has its
    `round_id`, its `day` and who took it, `lead`, and of which
    `party`; `done_as` is the visit by which that round was done without it, `left_out` why that round was left out.
    """

    id: int
    number: str
    estate_id: int
    kind: SubjectKind
    subject_id: int
    building_id: int | None
    place: str
    visit_id: int | None
    equipment: Presences
    printed_at: datetime
    standing: SheetStanding
    checklist: Checklist | None = None
    round_id: int | None = None
    day: date | None = None
    lead: str = ""
    done_as: str = ""
    party: str = ""
    left_out: str = ""
    place_key: str = ""


@dataclass(frozen=True)
class KeptPhoto:
    """A photo already stored with the draft of a visit, which says what it shows, and its caption."""

    id: int
    caption: str = ""


@dataclass(frozen=True)
class VisitPhoto:
    """A stored photo of a visit: content hash, size in pixels and in bytes.

    `item` is the key of the item that it shows, '' for the whole visit; `kind` a value of `PhotoKind` or ''.
    """

    id: int
    content: str
    width: int
    height: int
    size: int
    caption: str
    item: str = ""
    kind: str = ""
    number: str = ""


@dataclass(frozen=True)
class NewVisit:
    """The input of a visit; `handling` and `deadline` are needed only when an item failed.

    `photos` are new files, `kept_photos` those already stored with the draft. `sheet` is the number of the printed
    sheet that is entered, as typed; empty without one. `checklist` and its version are those of the form, '' for the
    first that counts on the day of the visit; a sheet says itself with which it was printed. `round_id` is the planned
    round that it is logged for, None for the one that fits.
    """

    subject: Subject
    at: datetime
    party: Party
    inspectors: str
    findings: tuple[Finding, ...]
    accompanying: str = ""
    handling: Conclusion | None = None
    deadline: date | None = None
    remarks: str = ""
    photos: tuple[NewPhoto, ...] = ()
    kept_photos: tuple[KeptPhoto, ...] = ()
    checklist: str = ""
    checklist_version: str = ""
    sheet: str = ""
    round_id: int | None = None


@dataclass(frozen=True)
class Report:
    """When and to whom a visit was reported; `note` is the number of the report, or what was said."""

    at: datetime
    to: str
    note: str = ""


@dataclass(frozen=True)
class OpenItem:
    """When an item failed last, and the remarks on it."""

    day: date
    remark: str


@dataclass(frozen=True)
class OpenItems:
    """What failed on the last visits to a subject and is not put right, by item.

    With a `place`, it is what failed at that building or gate; without, what failed anywhere.
    """

    kind: SubjectKind
    subject_id: int
    place: str
    items: Mapping[str, OpenItem]


@dataclass(frozen=True)
class Recheck:
    """The later visit on which all that had failed had passed."""

    visit_id: int
    number: str
    day: date


@dataclass(frozen=True)
class VisitFields:
    """What a list knows of a visit; enums are values of `inspections.rules.visits`."""

    number: str
    at: datetime
    estate_id: int
    subject_kind: str
    subject_id: int
    subject: str
    party: str
    inspectors: str
    conclusion: str
    deadline: date | None


@dataclass(frozen=True)
class VisitItem:
    """One checklist item of a visit; `clauses` are citations as printed, `value` the number or text with its unit.

    `photo_numbers` are those noted on the sheet.
    """

    item: str
    group: str
    text: str
    clauses: tuple[str, ...]
    result: Result
    remark: str
    value: str = ""
    photo_numbers: str = ""


@dataclass(frozen=True)
class VisitDetail:
    """A visit in full; `report_by` is set when dissuasion failed (WY §59), `sheet` if it was entered from paper.

    `place` is the building or gate of that sheet, '' for the whole subject; `checklist_name` that of its version in the
    language of the screen, '' if it is no longer known. `report` is the report once it was made, `corrected` the visit
    on which what failed had passed. `round`, `correction` and `deadline_doubt` say in words which planned round it
    fills, when and why it was corrected, and that the deadline is a day off. `photos` go by item and from far to near.
    """

    id: int
    uid: str
    version: int
    number: str
    at: datetime
    estate_id: int
    estate: str
    kind: SubjectKind
    subject_id: int
    subject: str
    party: Party
    inspectors: str
    accompanying: str
    checklist: str
    checklist_version: str
    checklist_name: str
    conclusion: Conclusion
    deadline: date | None
    report_by: datetime | None
    remarks: str
    items: tuple[VisitItem, ...]
    photos: tuple[VisitPhoto, ...]
    sheet: str = ""
    place: str = ""
    report: Report | None = None
    corrected: Recheck | None = None
    round: str = ""
    correction: str = ""
    deadline_doubt: str = ""

    @property
    def must_report(self) -> bool:
        """Whether the visit is still to be reported."""
        return self.report_by is not None and self.report is None


@dataclass(frozen=True)
class ToCorrect:
    """A visit that is compared with the paper: as it was entered, with the items that were asked.

    `version` is that of its record. What is visited was not there before the day `earliest`, None if it was always.
    """

    visit: VisitDetail
    checklist: Checklist
    findings: tuple[Finding, ...]
    version: int
    earliest: date | None = None


@dataclass(frozen=True)
class Correction:
    """A visit as it should have been entered, and why; see `NewVisit`.

    When it was made and by whom stays where it is None. What is visited was not there before the day `earliest`.
    """

    visit_id: int
    version: int
    findings: tuple[Finding, ...]
    handling: Conclusion | None
    deadline: date | None
    remarks: str
    reason: str
    at: datetime | None = None
    inspectors: str | None = None
    accompanying: str | None = None
    earliest: date | None = None


@dataclass(frozen=True)
class VersionLine:
    """A version of a checklist as it is listed; `id` is None of one that came with the program."""

    id: int | None
    key: str
    version: str
    kind: SubjectKind
    name: str
    status: VersionStatus
    items: int
    effective_on: date | None = None
    withdrawn_on: date | None = None
    published_by: str = ""
    counts: bool = False


@dataclass(frozen=True)
class VersionDetail:
    """A version in full; `record_version` is that of its record, and `before` are the items it was begun from."""

    line: VersionLine
    name: str
    name_en: str
    items: tuple[TypedItem, ...]
    before: tuple[TypedItem, ...] = ()
    before_version: str = ""
    record_version: int = 0


@dataclass(frozen=True)
class VersionFields:
    """The input of a draft version; `effective_on` is the day from which it is to count once it is published."""

    name: str
    name_en: str
    items: tuple[TypedItem, ...]
    effective_on: date | None = None


# --- rounds


@dataclass(frozen=True)
class PlanFields:
    """A plan of rounds (巡查计划) as its form has it; codes are values of `inspections.rules.rounds`.

    `estates` are the chosen ones, () for all. `times` in each `unit`, in every `step`-th of them, on `weekdays` (0 is
    Monday) or the typed `days` if given; between `season_from` and `season_to` (“6-1”) `season_times` in each
    `season_unit`, on `season_weekdays` if given; likewise in the second and third season. The deputy leads while the
    lead is away, up to three times. A round is on time `early` days before its day and `late` days after it.
    """

    name: str = ""
    checklist: str = ""
    objects: str = "estate"
    facility_kind: str = ""
    times: int = 1
    unit: str = "week"
    step: int = 1
    weekdays: tuple[int, ...] = ()
    days: str = ""
    season_from: str = ""
    season_to: str = ""
    season_times: int | None = None
    season_unit: str = ""
    season_weekdays: tuple[int, ...] = ()
    season2_from: str = ""
    season2_to: str = ""
    season2_times: int | None = None
    season2_unit: str = ""
    season2_weekdays: tuple[int, ...] = ()
    season3_from: str = ""
    season3_to: str = ""
    season3_times: int | None = None
    season3_unit: str = ""
    season3_weekdays: tuple[int, ...] = ()
    holidays: str = "after"
    early: int = 0
    late: int = 0
    from_on: date | None = None
    until_on: date | None = None
    lead: str = ""
    persons: str = ""
    deputy: str = ""
    away_from: date | None = None
    away_to: date | None = None
    away2_from: date | None = None
    away2_to: date | None = None
    away3_from: date | None = None
    away3_to: date | None = None
    estates: tuple[int, ...] = ()
    party: str = Party.COMMITTEE


@dataclass(frozen=True)
class RoundFields:
    """What a list knows of a planned round; `outcome` is a value of `Outcome`."""

    plan_id: int
    estate_id: int
    subject_kind: str
    subject_id: int
    building_id: int | None
    place: str
    subject: str
    day: date
    earliest_on: date
    latest_on: date
    serial: int
    lead: str
    outcome: str
    visit_id: int | None
    visited_on: date | None
    is_checked: bool
    skipped_why: str
    skipped_on: date | None


@dataclass(frozen=True)
class SheetFields:
    """What a list knows of a printed sheet; `state` is a value of `SheetState`, `back_by` None without a round."""

    number: str
    printed_at: datetime
    estate_id: int
    subject_kind: str
    subject_id: int
    subject: str
    place: str
    checklist: str
    checklist_version: str
    lead: str
    day: date | None
    back_by: date | None
    state: str
    visit_id: int | None
    withdrawn_on: date | None
    withdrawn_why: str
    withdrawn_note: str


@dataclass(frozen=True)
class RoundToPrint:
    """An open round whose sheet is wanted, and where it stands on the way.

    `sheet` is the number of its sheet that is out already, printed at `printed_at`; `trouble` says why none can be
    printed, '' if one can.
    """

    id: int
    day: date
    back_by: date
    lead: str
    plan: str
    estate_id: int
    estate: str
    subject: str
    place: str
    checklist: str
    stop: Stop
    sheet: str = ""
    printed_at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True)
class PlanPreview:
    """What follows from a plan as typed: the rule in a sentence, its objects, rounds in a year from its first day.

    `objects` is None where it is not known, as for renovations in a form that was not told of them; `days` are the
    next days with rounds, those not checked against holidays are in `unchecked`. Before a check, the facilities without
    a round are in `undated` if it is not known when theirs is due, else in `beyond`. Days of `unsettled_year` may move,
    as its holidays are not published yet.
    """

    sentence: str
    objects: int | None
    names: tuple[str, ...]
    a_year: int | None
    days: tuple[date, ...]
    unchecked: int = 0
    undated: int = 0
    beyond: int = 0
    unsettled_year: int | None = None


@dataclass(frozen=True)
class Place:
    """An object of a plan: a subject, or a part of an estate, `place`, with the key of it.

    `due` is when a facility is to be checked.
    """

    estate_id: int
    kind: SubjectKind
    subject_id: int
    subject: str
    building_id: int | None = None
    place: str = ""
    place_key: str = ""
    due: date | None = None
