"""The books of visits (巡查记录), of rounds and of their plans (巡查计划).

Those of visits and rounds are lists alone, because a visit is logged item by item on a page of its own.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fuyuan_desk.core.calendar import may_move_text
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import _
from fuyuan_desk.facilities.rules import FacilityKind
from fuyuan_desk.inspections.facts import RoundFields, SheetFields, VisitFields
from fuyuan_desk.inspections.kinds import ROUND, ROUND_PLAN, SHEET, VISIT
from fuyuan_desk.inspections.rules import printed
from fuyuan_desk.inspections.rules.printed import SheetState
from fuyuan_desk.inspections.rules.round_plans import (
    AWAY,
    SEASONS,
    WEEKDAYS,
    WEEKDAYS_SHORT,
    Outcome,
    standing_text,
)
from fuyuan_desk.inspections.rules.rounds import OnHoliday, RoundState, Unit, Where, is_skipped_late
from fuyuan_desk.inspections.rules.visits import Conclusion, SubjectKind, label
from fuyuan_desk.kit.book import Book, Heading, Line, Mark, Part, Shown, Words, choices_of

CONCLUSION_MARKS: Mapping[str, Mark] = {
    Conclusion.CLEAN: Mark("ok"),
    Conclusion.ON_THE_SPOT: Mark("ok", "ok"),
    Conclusion.DEADLINE: Mark("warn", "calendar"),
    Conclusion.REPORT: Mark("error"),
}


CORRECTED_MARK = Mark("ok", "ok")
"""The mark of a visit after which all that had failed had passed."""


def _conclusion_text(line: Line[VisitFields]) -> str:
    """Return the conclusion, or that what failed had passed later."""
    corrected = line.extra.get("corrected")
    if corrected is not None:
        return _("Passed again {day}").format(day=f"{corrected.day:%m-%d}")
    return label(Conclusion(line.fields.conclusion))


def _conclusion_whole(line: Line[VisitFields]) -> str:
    """Return the conclusion as it was, and when what failed had passed."""
    text = label(Conclusion(line.fields.conclusion))
    corrected = line.extra.get("corrected")
    if corrected is None:
        return text
    return f"{text} · {_('Passed again {day}').format(day=corrected.day)}"


def _conclusion(line: Line[VisitFields], _today: date) -> Mark | None:
    if line.extra.get("corrected") is not None:
        return CORRECTED_MARK
    return CONCLUSION_MARKS.get(line.fields.conclusion)


def _subject(line: Line[VisitFields]) -> str:
    """Return the subject without what stands in the column of the estate."""
    if line.fields.subject_kind == SubjectKind.ESTATE:
        return " ".join(filter(None, (label(SubjectKind.ESTATE), line.extra.get("place"))))
    number, _blank, name = line.fields.subject.partition(" ")
    return f"{number} {name.removeprefix(line.names['estate_id'])}".strip()


def _count(name: str) -> Callable[[Line[Any]], str]:
    return lambda line: f"{line.extra[name]:,}" if line.extra[name] else ""


def visit_book() -> Book:
    """Declare the records of visits."""
    return Book(
        VISIT,
        _("Visit log"),
        Words(
            add=_("Log a &visit"),
            nothing=_("No visit yet"),
            nothing_hint=_("Print the sheet, do the round, then log the findings here."),
            find=_("Number, place, inspector; or scan a sheet"),
        ),
        (
            # numbers grow with the keys; as texts, 10000 would sort before 9999
            Part("number", _("Number"), find="text", shown=Shown(116, sort=True, by="id", least=112)),
            Part("at", _("When"), "instant", filter="period", shown=Shown(146, sort=True, least=142)),
            Part("estate_id", _("Estate"), "reference", filter="value", shown=Shown(104, sort=True)),
            Part("subject", _("Subject"), find="text",
                 shown=Shown(162, sort=True, least=156, wide=200, text=_subject, tip=lambda line: line.fields.subject)),
            Part("party", _("Party"), "choice", choices=choices_of(Party), filter="value",
                 shown=Shown(114, sort=True, by="party", in_large=False)),
            # the estate is told beside each: houses of several estates have the same number
            Part("building_id", _("Building"), "choice", in_form=False, filter="value"),
            Part("inspectors", _("Inspectors"), find="text", filter="value",
                 shown=Shown(88, sort=True, wide=130, in_large=False)),
            Part("conclusion", _("Result"), "choice", choices=choices_of(Conclusion, label),
                 mark=_conclusion,
                 shown=Shown(148, sort=True, by="conclusion", text=_conclusion_text, whole=_conclusion_whole)),
            # not a column of its own: it is told in that of the conclusion
            Part("corrected", _("Passed again"), in_form=False),
            # nor this one: it is told in that of the subject
            Part("place", _("Building or gate"), in_form=False),
            Part("failures", _("Failed"), "int", in_form=False,
                 shown=Shown(62, sort=True, text=_count("failures"))),
            Part("photos", _("Photos"), "int", in_form=False,
                 shown=Shown(66, at_first=False, text=_count("photos"))),
            Part("deadline", _("Correct by"), "date", shown=Shown(100, sort=True)),
        ),
        lambda fields: f"{fields.subject} {fields.number}",
        order="at",
        descending=True,
        estate="estate_id",
        about=_("Print blank sheets, fill them in on site, log the findings. Enter opens a visit."),
    )  # fmt: skip


# --- rounds

_STANDING_MARKS: Mapping[str, Mark] = {
    RoundState.PLANNED: Mark("neutral", "calendar"),
    RoundState.DUE: Mark("warn", "calendar"),
    RoundState.ON_TIME: Mark("ok", "ok"),
    RoundState.EARLY: Mark("warn", "ok"),
    RoundState.LATE: Mark("warn", "ok"),
    RoundState.MISSED: Mark("error"),
    RoundState.SKIPPED: Mark("neutral"),
}


def _standing(line: Line[RoundFields]) -> str:
    if is_skipped_late(line.fields.latest_on, line.fields.skipped_on):
        return _("Missed, left out afterwards")
    return standing_text(line.extra["standing"])


def _standing_whole(line: Line[RoundFields]) -> str:
    """Return how a round stands, why it is left out, and that its day was not checked against holidays."""
    unchecked = "" if line.fields.is_checked else _("not checked against holidays, which are not known yet")
    year = line.extra.get("unsettled")
    moves = may_move_text(year) if year else ""
    is_by_check = line.fields.outcome == Outcome.DONE and line.fields.visit_id is None
    by_check = _("by the check of the facility") if is_by_check else ""
    return _("; ").join(filter(None, (_standing(line), by_check, line.fields.skipped_why, unchecked, moves)))


def _standing_mark(line: Line[RoundFields], _today: date) -> Mark | None:
    return _STANDING_MARKS[line.extra["standing"].state]


def _round_day(line: Line[RoundFields]) -> str:
    """Return the day of a round, with a mark if it may move, and which of that day it is if there are several."""
    day = f"{line.fields.day} {_(WEEKDAYS_SHORT[line.fields.day.weekday()])}"
    if line.extra.get("unsettled"):
        day += "?"
    return day if line.fields.serial == 1 else _("{day}, no. {n}").format(day=day, n=line.fields.serial)


def _round_place(line: Line[RoundFields]) -> str:
    if line.fields.place or line.fields.subject_kind != SubjectKind.ESTATE:
        return line.fields.place or line.fields.subject
    return _("Whole estate")


def round_name(fields: RoundFields) -> str:
    """Return the name of a round: what is visited, and when."""
    return f"{fields.subject} {fields.place} {fields.day}".replace("  ", " ")


def round_book() -> Book:
    """Declare the records of planned rounds."""
    return Book(
        ROUND,
        _("Rounds"),
        Words(
            add=_("Lo&g this round"),
            nothing=_("No round is planned"),
            nothing_hint=_("Make a plan: what, where, who and how often. Its rounds are listed here."),
            find=_("Place, who goes"),
        ),
        (
            Part("day", _("Day"), "date", filter="period",
                 shown=Shown(136, sort=True, least=130, text=_round_day)),
            Part("plan_id", _("Plan"), "reference", filter="value", shown=Shown(136, sort=True)),
            Part("estate_id", _("Estate"), "reference", filter="value", shown=Shown(116, sort=True)),
            Part("subject", _("Subject"), shown=Shown(140, sort=True, text=_round_place)),
            Part("lead", _("Lead"), shown=Shown(84, sort=True)),
            Part("outcome", _("Outcome"), "choice", choices=choices_of(Outcome), filter="value"),
            Part("latest_on", _("On time until"), "date", filter="due", shown=Shown(112, sort=True)),
            Part("standing", _("State"), in_form=False, mark=_standing_mark,
                 shown=Shown(150, text=_standing, whole=_standing_whole)),
        ),
        round_name,
        order="day",
        estate="estate_id",
        never_due={"outcome": (Outcome.DONE, Outcome.SKIPPED)},
        about=_("What is due comes first. Enter logs a round, or opens its visit."),
    )  # fmt: skip


# --- printed sheets


def _sheet_standing(line: Line[SheetFields]) -> str:
    return printed.standing_text(line.extra["standing"])


def _sheet_whole(line: Line[SheetFields]) -> str:
    return printed.standing_whole(line.extra["standing"])


def _sheet_mark(line: Line[SheetFields], _today: date) -> Mark:
    standing = line.extra["standing"]
    if standing.state is SheetState.OUT:
        return Mark("error", "calendar") if standing.is_overdue else Mark("warn", "calendar")
    return Mark("ok", "ok") if standing.state is SheetState.ENTERED else Mark("neutral")


def _sheet_place(line: Line[SheetFields]) -> str:
    if line.fields.place or line.fields.subject_kind != SubjectKind.ESTATE:
        return line.fields.place or line.fields.subject or label(SubjectKind(line.fields.subject_kind))
    return _("Whole estate")


def _sheet_lead(line: Line[SheetFields]) -> str:
    return line.fields.lead or _("nobody named")


def sheet_name(fields: SheetFields) -> str:
    """Return the name of a printed sheet: its number and what it is for."""
    return f"{fields.number} {fields.subject} {fields.place}".replace("  ", " ").strip()


def sheet_book() -> Book:
    """Declare the records of printed sheets, those that are out first."""
    return Book(
        SHEET,
        _("Printed sheets"),
        Words(
            add=_("&Enter this sheet"),
            nothing=_("No sheet was printed yet"),
            nothing_hint=_("Print the sheets of the day or week on the page of rounds, then see here which are out."),
            find=_("Number, place, taken by; or scan a sheet"),
        ),
        (
            # numbers grow with the keys
            Part("number", _("Number"), shown=Shown(156, sort=True, by="id", least=150)),
            Part("lead", _("Taken by"), filter="value", shown=Shown(92, sort=True, text=_sheet_lead)),
            Part("estate_id", _("Estate"), "reference", filter="value", shown=Shown(116, sort=True)),
            Part("place", _("Building or gate"), shown=Shown(130, sort=True, text=_sheet_place)),
            Part("day", _("Day of the round"), "date", shown=Shown(104, sort=True)),
            Part("back_by", _("Back by"), "date", filter="due", shown=Shown(104, sort=True)),
            Part("state", _("Outcome"), "choice", choices=choices_of(SheetState), filter="value"),
            Part("standing", _("State"), in_form=False, mark=_sheet_mark,
                 shown=Shown(170, text=_sheet_standing, whole=_sheet_whole)),
            Part("printed_at", _("Printed"), "instant", shown=Shown(156, sort=True, least=152)),
        ),
        sheet_name,
        order="back_by",
        estate="estate_id",
        never_due={"state": (SheetState.ENTERED, SheetState.WITHDRAWN)},
        about=_("What is out comes first, longest overdue on top. Enter opens a sheet; a scanner does, too."),
    )  # fmt: skip


def _numbered(label: str, number: int) -> str:
    return label if number == 1 else _("{label} ({n})").format(label=label, n=number)


def _season_parts(name: str, number: int) -> tuple[Part, ...]:
    return (
        Part(f"{name}_from", _numbered(_("From the day"), number), most=10, placeholder="6-1"),
        Part(f"{name}_to", _numbered(_("To the day"), number), most=10, placeholder="8-31"),
        Part(f"{name}_times", _numbered(_("Rounds then"), number), "int"),
        Part(f"{name}_unit", _numbered(_("Counted then in"), number), "choice", choices=choices_of(Unit)),
        Part(f"{name}_weekdays", _numbered(_("On these weekdays then"), number), "checks", span=2,
             choices=tuple((day, _(text)) for day, text in enumerate(WEEKDAYS))),
    )  # fmt: skip


def _away_parts(name: str, number: int) -> tuple[Part, Part]:
    return (
        Part(f"{name}_from", _numbered(_("Lead away from"), number), "date"),
        Part(f"{name}_to", _numbered(_("Lead away until"), number), "date"),
    )


def plan_book() -> Book:
    """Declare the records of plans of rounds."""
    units = choices_of(Unit)
    return Book(
        ROUND_PLAN,
        _("Plans of rounds"),
        Words(
            new=_("New plan of rounds"),
            add=_("&Add a plan"),
            nothing=_("No plan yet"),
            nothing_hint=_("What is inspected where, by whom and how often: the rounds follow from it."),
            choose_title=_("No plan chosen"),
            choose=_("Choose a plan to see and edit it."),
            find=_("Name, Pinyin"),
            remove_hint=_("Enter a last day instead: what was done and missed stays."),
        ),
        (
            Part("name", _("&Name of the plan"), required=True, most=60, find="text", span=2,
                 shown=Shown(150, sort=True)),
            Part("party", _("&Who goes"), "choice", required=True, choices=choices_of(Party), filter="value",
                 span=2, hint=_("Only a visit of this party counts for its rounds.")),
            Heading(_("What and where")),
            # those of the office, too, which its store knows
            Part("checklist", _("Chec&klist"), "choice", required=True, span=2),
            Part("objects", _("&Objects"), "choice", required=True, choices=choices_of(Where),
                 filter="value", shown=Shown(150, sort=True)),
            Part("facility_kind", _("Kin&d of facility"), "choice", choices=choices_of(FacilityKind)),
            Heading(_("How often")),
            Part("times", _("Rounds, or days before"), "int", required=True),  # how many there may be, by the unit
            Part("unit", _("Co&unted in"), "choice", required=True, choices=units),
            Part("step", _("In every … of these"), "int", low=1, high=99,
                 hint=_("2 for every other day, week, month or year.")),
            Part("days", _("On these days"), most=60, placeholder="1, 15",
                 hint=_("Of the month, or of the year: 3-1, 9-1. None: spread evenly.")),
            Part("weekdays", _("On these weekdays"), "checks", span=2,
                 choices=tuple((number, _(name)) for number, name in enumerate(WEEKDAYS))),
            Part("holidays", _("On &holidays"), "choice", required=True, choices=choices_of(OnHoliday), span=2),
            Part("early", _("Days &before it is still on time"), "int", low=0, high=60),
            Part("late", _("Days af&ter it is still on time"), "int", low=0, high=60),
            Heading(_("Parts of the year with other rounds"), _("Up to three, which do not overlap.")),
            *(part for number, name in enumerate(SEASONS, 1) for part in _season_parts(name, number)),
            Heading(_("Term"), _("A changed rule holds from the first day if that is to come, else from today.")),
            Part("from_on", _("&First day"), "date", required=True, shown=Shown(104, sort=True)),
            Part("until_on", _("&Last day"), "date", shown=Shown(104, sort=True)),
            Heading(_("Who")),
            Part("lead", _("L&ead"), most=50, required=True, shown=Shown(84, sort=True)),
            Part("persons", _("&With"), "names", most=200),
            Part("deputy", _("De&puty"), most=50, hint=_("Goes while the lead is away."), span=2),
            *(part for number, name in enumerate(AWAY, 1) for part in _away_parts(name, number)),
            Heading(_("Which estates"), _("None ticked: all of them.")),
            Part("estates", _("Estates"), "checks", span=2),
        ),
        lambda fields: fields.name,
        order="name",
        about=_("What is inspected where, by whom and how often."),
    )  # fmt: skip
