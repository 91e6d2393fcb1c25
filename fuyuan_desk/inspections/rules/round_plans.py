"""The rules of plans of rounds: what their form may say, the schedule that follows, and both in a sentence."""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from typing import TypeVar

from fuyuan_desk.core.codes import Code, name_of
from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.facts import PlanFields
from fuyuan_desk.inspections.rules.rounds import (
    MOST,
    Every,
    OnHoliday,
    RoundState,
    Schedule,
    Season,
    Standing,
    Unit,
    Where,
)
from fuyuan_desk.inspections.rules.visits import SubjectKind

C = TypeVar("C", bound=Code)
_DAY_OF_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})[日号]?|(\d\d)(\d\d)")
ROUNDS = Topic(N_("Rounds"), "inspection", 15)
MISSED_DAYS = 31
"""For how many days a missed round is told on the first page."""
SEASONS = ("season", "season2", "season3")
"""How the fields of the parts of the year begin that have other rounds."""
AWAY = ("away", "away2", "away3")
"""How the fields of the times begin in which the lead is away."""
_SEASON_PARTS = ("from", "to", "times", "unit", "weekdays")
_LEAP_YEAR = 2028
_MOST_TOLERANCE = 60


class Outcome(Code):
    """What became of a planned round."""

    OPEN = "open", N_("Open")
    DONE = "done", N_("Done")
    SKIPPED = "skipped", N_("Left out")


WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
WEEKDAYS_SHORT = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
# another checklist would ask what is not there
SUBJECTS = {Where.CASE: SubjectKind.RENOVATION}


# --- from the form to the schedule


def schedule_of(fields: PlanFields) -> Schedule:
    """Return the schedule of a plan without faults."""
    assert fields.from_on is not None
    unit = _code(Unit, fields.unit)
    on = tuple(sorted(fields.weekdays)) if unit is Unit.WEEK else read_days(unit, fields.days)
    every = Every(unit, fields.times, fields.step, on)
    return Schedule(
        every,
        fields.from_on,
        fields.until_on,
        tuple(_season(fields, name) for name in SEASONS if getattr(fields, f"{name}_from")),
        _code(OnHoliday, fields.holidays),
        fields.early,
        fields.late,
    )


def _season(fields: PlanFields, name: str) -> Season:
    first, last, times, stored, weekdays = (getattr(fields, f"{name}_{part}") for part in _SEASON_PARTS)
    unit = _code(Unit, stored)
    on = tuple(sorted(weekdays)) if unit is Unit.WEEK else ()
    return Season(read_day(first), read_day(last), Every(unit, times or 1, 1, on))


def _code(codes: type[C], stored: str) -> C:
    return next(code for code in codes if code == stored)


def _plain(text: str) -> str:
    """Return a text in half width, whichever dash stands between its numbers."""
    return re.sub(r"\s*[\u2010-\u2015\u2212-]\s*", "-", unicodedata.normalize("NFKC", text)).strip()


def read_day(text: str) -> int:
    """Return a day of the year such as “6-1”, “6月1日” or “0601” as month × 100 + day; raise ValueError if none."""
    found = _DAY_OF_YEAR.fullmatch(_plain(text))
    if found is None:
        raise ValueError(text)
    month, day_of_month = filter(None, found.groups())
    day = date(_LEAP_YEAR, int(month), int(day_of_month))  # 29 February is a day, and the 28th in other years
    return day.month * 100 + day.day


def read_days(unit: Unit, text: str) -> tuple[int, ...]:
    """Return the days of the month or of the year in a text such as “1, 15” or “3-1, 9-1”, in order."""
    parts = [part.strip() for part in re.split(r"[,、;\s]+", _plain(text)) if part.strip()]
    if unit is Unit.YEAR:
        return tuple(sorted({read_day(part) for part in parts}))
    days = sorted({int(part.rstrip("日号")) for part in parts})
    if any(not 1 <= day <= 31 for day in days):
        raise ValueError(text)
    return tuple(days)


def lead_on(fields: PlanFields, day: date) -> str:
    """Return who leads the rounds of a day: the deputy while the lead is away."""
    absences = ((getattr(fields, f"{name}_from"), getattr(fields, f"{name}_to")) for name in AWAY)
    is_away = any(
        first is not None and first <= day and (last is None or day <= last) for first, last in absences
    )
    return fields.deputy if is_away else fields.lead


RULING = (
    "checklist", "objects", "facility_kind", "estates", "times", "unit", "step", "weekdays", "days",
    *(f"{name}_{part}" for name in SEASONS for part in _SEASON_PARTS), "holidays", "early", "late", "party",
)  # fmt: skip
"""The fields that decide on rounds; a change of another one leaves all rounds where they are."""


def is_ruled_anew(old: PlanFields, new: PlanFields) -> bool:
    """Return whether a change of a plan changes its rounds, but for its first and last day."""
    return any(getattr(old, name) != getattr(new, name) for name in RULING)


# --- faults


def plan_faults(
    fields: PlanFields,
    today: date,
    checklists: Collection[tuple[str, SubjectKind]],
    begun: date | None = None,
) -> dict[str, str]:
    """Return what is wrong with a plan, by field; `begun` is the first day of the plan that is changed.

    `checklists` are the keys that are known, with what they are for.
    """
    checks = (_days_faults, _rule_faults, _season_faults, _who_faults)
    faults = {name: text for check in checks for name, text in check(fields).items()}
    wanted = SUBJECTS.get(_code(Where, fields.objects), SubjectKind.ESTATE) if fields.objects else None
    if fields.checklist and (fields.checklist, wanted) not in checklists:
        faults["checklist"] = _(
            "This checklist is not for these objects, or is no longer there. Choose another one."
        )
    if fields.from_on is not None and fields.from_on < today and fields.from_on != begun:
        faults["from_on"] = _("A plan begins today or later: what was not planned cannot be missed.")
    return faults


def _days_faults(fields: PlanFields) -> dict[str, str]:
    faults = {}
    if None not in (fields.from_on, fields.until_on) and fields.until_on < fields.from_on:  # type: ignore[operator]
        faults["until_on"] = _("The last day is before the first. Correct one of them.")
    if not 0 <= fields.early <= _MOST_TOLERANCE:
        faults["early"] = _("Enter a number from {low} to {high}.").format(low=0, high=_MOST_TOLERANCE)
    if not 0 <= fields.late <= _MOST_TOLERANCE:
        faults["late"] = _("Enter a number from {low} to {high}.").format(low=0, high=_MOST_TOLERANCE)
    return faults


def _rule_faults(fields: PlanFields) -> dict[str, str]:
    faults = {}
    unit, objects = _code(Unit, fields.unit), _code(Where, fields.objects)
    if fault := _count_fault(unit, fields.times):
        faults["times"] = fault
    if fields.step < 1:
        faults["step"] = _("Enter a number from {low} to {high}.").format(low=1, high=99)
    if unit is Unit.DUE and objects is not Where.FACILITY:
        faults["unit"] = _("Only facilities have a day on which a check is due. Choose another frequency.")
    if objects is Where.FACILITY and not fields.facility_kind:
        faults["facility_kind"] = _("Choose the kind of facility.")
    if fields.weekdays and unit is not Unit.WEEK:
        faults["weekdays"] = _("Weekdays go with rounds counted a week. Untick them, or count a week.")
    if fields.days.strip():
        if unit not in (Unit.MONTH, Unit.YEAR):
            faults["days"] = _("Chosen days go with rounds counted a month or a year. Clear them.")
        elif not _is_read(lambda: read_days(unit, fields.days)):
            faults["days"] = _("Enter days such as “1, 15” of a month, or “3-1, 9-1” of a year.")
    return faults


def _count_fault(unit: Unit, times: int) -> str:
    if 1 <= times <= MOST[unit]:
        return ""
    return _("Enter a number from {low} to {high}.").format(low=1, high=MOST[unit])


def _season_faults(fields: PlanFields) -> dict[str, str]:
    faults: dict[str, str] = {}
    for name in SEASONS:
        faults |= _faults_of_season(fields, name)
    return faults or _overlaps(fields)


def _faults_of_season(fields: PlanFields, season: str) -> dict[str, str]:
    required = [f"{season}_{part}" for part in _SEASON_PARTS[:4]]
    first, last, times, unit = (getattr(fields, name) for name in required)
    weekdays = getattr(fields, f"{season}_weekdays")
    if not any((first, last, unit, weekdays)) and times is None:
        return {}
    faults = {
        name: _("Fill this in too, or clear the season.")
        for name in required
        if getattr(fields, name) in (None, "")
    }
    for name, text in ((required[0], first), (required[1], last)):
        if text and not _is_read(lambda text=text: read_day(text)):  # type: ignore[misc]
            faults[name] = _("Enter a day of the year such as 6-1.")
    if Unit.DUE in (fields.unit, unit):
        faults[f"{season}_unit"] = _("Rounds before a due day know no season. Clear the season.")
    elif unit and times is not None and (fault := _count_fault(_code(Unit, unit), times)):
        faults[f"{season}_times"] = fault
    if weekdays and unit != Unit.WEEK:
        faults[f"{season}_weekdays"] = _(
            "Weekdays go with rounds counted a week. Untick them, or count a week."
        )
    return faults


def _overlaps(fields: PlanFields) -> dict[str, str]:
    """Return the later of two seasons with a day in common: which of them was to count would be a guess."""
    given = [(name, _season(fields, name)) for name in SEASONS if getattr(fields, f"{name}_from")]
    return {
        f"{later}_from": _("This overlaps another part of the year. Change one of them.")
        for place, (later, season) in enumerate(given)
        if any(season.overlaps(other) for _name, other in given[:place])
    }


def _who_faults(fields: PlanFields) -> dict[str, str]:
    faults = {}
    if not fields.lead.strip():
        faults["lead"] = _("Enter who goes on these rounds.")
    if fields.deputy.strip() and fields.deputy.strip() == fields.lead.strip():
        faults["deputy"] = _("This is the lead. Enter somebody else, or leave it empty.")
    for name in AWAY:
        first, last = getattr(fields, f"{name}_from"), getattr(fields, f"{name}_to")
        if first is not None and not fields.deputy.strip():
            faults["deputy"] = _("Enter who goes while the lead is away.")
        if first is None and last is not None:
            faults[f"{name}_from"] = _("Enter from which day the lead is away.")
        elif first is not None and last is not None and last < first:
            faults[f"{name}_to"] = _("The last day is before the first. Correct one of them.")
    return faults


def _is_read(read: Callable[[], object]) -> bool:
    try:
        read()
    except ValueError:
        return False
    return True


# --- in words


def sentence(schedule: Schedule) -> str:
    """Return in a sentence when rounds take place."""
    main = _often(schedule.every)
    for season in schedule.seasons:
        span = _("{first} to {last}").format(first=_day(season.first), last=_day(season.last))
        main = _("{main}, {span}: {often}").format(main=main, span=span, often=_often(season.every))
    return _("; ").join((main, _on_holidays(schedule.holidays), _valid(schedule)))


def _often(every: Every) -> str:
    if every.unit is Unit.DUE:
        return numbered(
            every.count, N_("{n} day before the check is due"), N_("{n} days before the check is due")
        )
    count = len(every.on) or every.count
    one, many = _OFTEN[every.unit] if every.step == 1 else _OFTEN_EACH[every.unit]
    text = numbered(count, one, many, step=every.step)
    return (
        text if every.unit is Unit.DAY else _("{often} ({days})").format(often=text, days=_named_days(every))
    )


_OFTEN = {
    Unit.DAY: (N_("{n} round every day"), N_("{n} rounds every day")),
    Unit.WEEK: (N_("{n} round a week"), N_("{n} rounds a week")),
    Unit.MONTH: (N_("{n} round a month"), N_("{n} rounds a month")),
    Unit.YEAR: (N_("{n} round a year"), N_("{n} rounds a year")),
}
_OFTEN_EACH = {
    Unit.DAY: (N_("{n} round every {step} days"), N_("{n} rounds every {step} days")),
    Unit.WEEK: (N_("{n} round every {step} weeks"), N_("{n} rounds every {step} weeks")),
    Unit.MONTH: (N_("{n} round every {step} months"), N_("{n} rounds every {step} months")),
    Unit.YEAR: (N_("{n} round every {step} years"), N_("{n} rounds every {step} years")),
}


def _named_days(every: Every) -> str:
    if every.unit is Unit.WEEK:
        return _(", ").join(_(WEEKDAYS[day]) for day in every.days)
    if every.unit is Unit.MONTH:
        return _(", ").join(_("the {day}.").format(day=day) for day in every.days)
    return _(", ").join(map(_day, every.days))


def _day(of_year: int) -> str:
    month, day = divmod(of_year, 100)
    return _("{month}/{day}").format(month=month, day=day)


_HOLIDAYS = {
    OnHoliday.KEEP: N_("on holidays, too"),
    OnHoliday.SKIP: N_("none on holidays"),
    OnHoliday.BEFORE: N_("moved before holidays"),
    OnHoliday.AFTER: N_("moved after holidays"),
}


def _on_holidays(rule: OnHoliday) -> str:
    return _(_HOLIDAYS[rule])


def _valid(schedule: Schedule) -> str:
    if not schedule.early and not schedule.late:
        return _("on time on its day only")
    parts = []
    if schedule.early:
        parts.append(numbered(schedule.early, N_("{n} day before"), N_("{n} days before")))
    if schedule.late:
        parts.append(numbered(schedule.late, N_("{n} day after"), N_("{n} days after")))
    return _("on time up to {span}").format(span=_(" or ").join(parts))


_STANDING = {
    RoundState.PLANNED: (N_("can begin in {n} day"), N_("can begin in {n} days")),
    RoundState.DUE: (N_("due, {n} day left"), N_("due, {n} days left")),
    RoundState.EARLY: (N_("done {n} day early"), N_("done {n} days early")),
    RoundState.LATE: (N_("done {n} day late"), N_("done {n} days late")),
    RoundState.MISSED: (N_("missed by {n} day"), N_("missed by {n} days")),
}


def standing_text(standing: Standing) -> str:
    """Return in words how a round stands, and by how much."""
    if standing.state in _STANDING and standing.days:
        return numbered(standing.days, *_STANDING[standing.state])
    return (
        _("due today at the latest")
        if standing.state is RoundState.DUE
        else name_of(RoundState, standing.state)
    )


# --- the first page


def plan_task(plan_id: int, name: str, due: int, missed: int, today: date) -> Task | None:
    """Return the task of a plan's rounds that are due or were missed lately, None if there are none."""
    parts = []
    if due:
        parts.append(numbered(due, N_("{n} round is due"), N_("{n} rounds are due")))
    if missed:
        parts.append(numbered(missed, N_("{n} round was missed"), N_("{n} rounds were missed")))
    if not parts:
        return None
    return Task(
        "round_plan", plan_id, name, _(", ").join(parts), today, False,
        Severity.NORMAL, ROUNDS, "rounds", act="rounds.show",
    )  # fmt: skip
