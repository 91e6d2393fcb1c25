"""The rules of rounds (巡查计划): on which days they fall, and how one stands: planned, due, on time, late, missed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, YEARLY, rrule, rruleset

from fuyuan_desk.core.calendar import Calendar
from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_

HORIZON_DAYS = 62
"""How many days ahead rounds are planned."""
_MOVED_MOST = timedelta(days=31)
"""No run of days off is longer, so that no round is moved further."""
_DAY = timedelta(days=1)
_LONGEST_MONTH, _SHORTEST_MONTH = 31, 28


class Unit(Code):
    """What the number of rounds is counted in; `DUE` counts the days before what is visited is due."""

    DAY = "day", N_("a day")
    WEEK = "week", N_("a week")
    MONTH = "month", N_("a month")
    YEAR = "year", N_("a year")
    DUE = "due", N_("days before the check is due")


class OnHoliday(Code):
    """What becomes of a round on a day off: a statutory holiday with the weekend and moved days beside it."""

    KEEP = "keep", N_("Kept")
    SKIP = "skip", N_("Left out")
    BEFORE = "before", N_("Moved to the working day before")
    AFTER = "after", N_("Moved to the working day after")


class Where(Code):
    """The rule by which the objects of a plan are found."""

    ESTATE = "estate", N_("Estates, each as a whole")
    BUILDING = "building", N_("Every building")
    GATE = "gate", N_("Every gate")
    FACILITY = "facility", N_("Facilities of a kind")
    CASE = "case", N_("Renovations under way")


MOST = {Unit.DAY: 9, Unit.WEEK: 7, Unit.MONTH: 28, Unit.YEAR: 12, Unit.DUE: 60}
"""The largest number of rounds in a unit, and of days before the day on which something is due."""
_WEEKDAYS = {1: (0,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: range(5), 6: range(6), 7: range(7)}


@dataclass(frozen=True)
class Every:
    """How often: `count` rounds in each unit, or on the days `on`, in every `step`-th unit.

    `on`: weekdays from 0 for Monday, days of the month, or month × 100 + day of the year. A day that a month does not
    have is its last one. Rounds without chosen days are spread evenly; several on a day are counted by `count` of
    `Unit.DAY` alone.
    """

    unit: Unit
    count: int = 1
    step: int = 1
    on: tuple[int, ...] = ()

    @property
    def times(self) -> int:
        """How many rounds there are on one day."""
        return self.count if self.unit is Unit.DAY else 1

    @property
    def days(self) -> tuple[int, ...]:
        """The chosen days, or those over which the rounds are spread."""
        if self.on or self.unit is Unit.DAY:
            return self.on
        if self.unit is Unit.WEEK:
            return tuple(_WEEKDAYS[self.count])
        if self.unit is Unit.MONTH:
            return tuple(1 + number * _SHORTEST_MONTH // self.count for number in range(self.count))
        return tuple((1 + number * 12 // self.count) * 100 + 1 for number in range(self.count))


@dataclass(frozen=True)
class Season:
    """A part of each year with another frequency, from month × 100 + day to another; it may pass New Year."""

    first: int
    last: int
    every: Every

    def holds(self, day: date) -> bool:
        """Return whether a day is in the season."""
        return self._includes(day.month * 100 + day.day)

    def overlaps(self, other: "Season") -> bool:
        """Return whether the two have a day of the year in common."""
        return self._includes(other.first) or other._includes(self.first)

    def _includes(self, of_year: int) -> bool:
        if self.first <= self.last:
            return self.first <= of_year <= self.last
        return of_year >= self.first or of_year <= self.last


@dataclass(frozen=True)
class Schedule:
    """When rounds take place: from `from_on` on, to `until_on` if that is given.

    The season that holds on a day replaces `every`; of several the first, but no plan has seasons that overlap. A round
    is on time from `early` days before its day to `late` days after it.
    """

    every: Every
    from_on: date
    until_on: date | None = None
    seasons: tuple[Season, ...] = ()
    holidays: OnHoliday = OnHoliday.KEEP
    early: int = 0
    late: int = 0


@dataclass(frozen=True)
class RoundDay:
    """A day with so many rounds; `is_checked`: its year has a table of holidays, or no rule depends on them."""

    day: date
    times: int = 1
    is_checked: bool = True


# --- days


def round_days(schedule: Schedule, first: date, last: date, calendar: Calendar) -> list[RoundDay]:
    """Return the days between two, both included, on which a plan has rounds, in order.

    Rounds that are moved to one day are one. A round that would be moved out of the plan's term stays on its day.
    """
    start = max(first - _MOVED_MOST, schedule.from_on)
    end = last + _MOVED_MOST if schedule.until_on is None else min(last + _MOVED_MOST, schedule.until_on)
    found: dict[date, RoundDay] = {}
    for day, times in _occurrences(schedule, start, end):
        moved = _on_working_day(schedule, day, times, calendar)
        if moved is not None and first <= moved.day <= last:
            known = found.get(moved.day)
            if known is None or known.times < moved.times:
                found[moved.day] = moved
    return [found[day] for day in sorted(found)]


def round_day_before(
    schedule: Schedule, due: date, calendar: Calendar, since: date | None = None
) -> RoundDay | None:
    """Return the day of the round before something is due, None outside the plan's term or if it is left out.

    What is due sooner, or overdue, has its round on the first day: that of the plan, or `since` if that is later.
    """
    first = max(schedule.from_on, since or schedule.from_on)
    day = max(due - timedelta(days=schedule.every.count), first)
    found = _on_working_day(schedule, day, 1, calendar) if _is_within(schedule, day) else None
    return found if found is None or found.day >= first else replace(found, day=day)


def wanted_before(schedule: Schedule, due: date, calendar: Calendar) -> date:
    """Return the day of the round before something is due, whether or not the plan had begun by then."""
    always = replace(schedule, from_on=date.min, until_on=None)
    found = round_day_before(always, due, calendar)
    return due - timedelta(days=schedule.every.count) if found is None else found.day


def _is_within(schedule: Schedule, day: date) -> bool:
    return schedule.from_on <= day and (schedule.until_on is None or day <= schedule.until_on)


def _occurrences(schedule: Schedule, first: date, last: date) -> Iterator[tuple[date, int]]:
    """Yield the days of the rules with their number of rounds, whatever day off they fall on."""
    if first > last or schedule.every.unit is Unit.DUE:
        return
    ruling = {day: _every_on(schedule, day) for day in _days(first, last)}
    for every in (schedule.every, *(season.every for season in schedule.seasons)):
        rules = rruleset()
        for rule in _rules(every, schedule.from_on, last):
            rules.rrule(rule)
        # where another frequency holds, this one does not
        for day, other in ruling.items():
            if other is not every:
                rules.exdate(_midnight(day))
        for moment in rules.between(_midnight(first), _midnight(last), inc=True):
            yield moment.date(), every.times


def _every_on(schedule: Schedule, day: date) -> Every:
    return next((season.every for season in schedule.seasons if season.holds(day)), schedule.every)


def _rules(every: Every, anchor: date, last: date) -> Iterator[rrule]:
    """Yield the rules of a frequency; `step` is counted from the anchor, across the end of a year."""
    start, until = _midnight(anchor), _midnight(last)
    if every.unit is Unit.DAY:
        yield rrule(DAILY, start, every.step, until=until)
    elif every.unit is Unit.WEEK:
        yield rrule(WEEKLY, start, every.step, wkst=MO, until=until, byweekday=every.days)
    else:
        is_yearly = every.unit is Unit.YEAR
        for on in every.days:
            month, day = divmod(on, 100) if is_yearly else (None, on)
            # the last one that the month has: 31 in April is the 30th
            days = (day,) if day <= _SHORTEST_MONTH else tuple(range(_SHORTEST_MONTH, day + 1))
            yield rrule(
                YEARLY if is_yearly else MONTHLY, start.replace(day=1), every.step, until=until,
                bymonth=month, bymonthday=days, bysetpos=-1,
            )  # fmt: skip


def _on_working_day(schedule: Schedule, day: date, times: int, calendar: Calendar) -> RoundDay | None:
    if schedule.holidays is OnHoliday.KEEP:
        return RoundDay(day, times)
    is_off = is_day_off(day, calendar)
    if not is_off:
        return RoundDay(day, times, is_off is not None)
    if schedule.holidays is OnHoliday.SKIP:
        return None
    is_before = schedule.holidays is OnHoliday.BEFORE
    moved = calendar.working_day_until(day) if is_before else calendar.working_day_from(day)
    if moved is None:
        return RoundDay(day, times, is_checked=False)
    return RoundDay(moved if _is_within(schedule, moved) else day, times)


def is_day_off(day: date, calendar: Calendar) -> bool | None:
    """Return whether a day belongs to a holiday, with the weekend and the moved days beside it; None if unknown.

    A weekend beside no holiday is none: who plans a round on a Saturday means it.
    """
    if calendar.is_working(day) is None:
        return None
    return any(
        calendar.holiday(other) != "" or other.weekday() < 5
        for step in (_DAY, -_DAY)
        for other in _free_days(day, step, calendar)
    )


def _free_days(day: date, step: timedelta, calendar: Calendar) -> Iterator[date]:
    while calendar.is_working(day) is False:
        yield day
        day += step


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


# --- how a round stands


class RoundState(Code):
    """How a round stands on a day."""

    PLANNED = "planned", N_("Planned")
    DUE = "due", N_("Due")
    ON_TIME = "on_time", N_("Done on time")
    EARLY = "early", N_("Done early")
    LATE = "late", N_("Done late")
    MISSED = "missed", N_("Missed")
    SKIPPED = "skipped", N_("Left out")


@dataclass(frozen=True)
class Standing:
    """How a round stands, and by how many days: early, late or missed by, still to go while planned or due."""

    state: RoundState
    days: int = 0


def is_skipped_late(latest: date, skipped_on: date | None) -> bool:
    """Return whether a round was left out after its last day, when it was missed already."""
    return skipped_on is not None and skipped_on > latest


def standing(
    earliest: date,
    latest: date,
    visited_on: date | None,
    is_skipped: bool,
    today: date,
    skipped_on: date | None = None,
) -> Standing:
    """Return how a round stands that is on time from a day to another; one left out after that stays missed."""
    if visited_on is not None:
        if visited_on < earliest:
            return Standing(RoundState.EARLY, (earliest - visited_on).days)
        late = max((visited_on - latest).days, 0)
        return Standing(RoundState.LATE if late else RoundState.ON_TIME, late)
    if is_skipped:
        is_late = is_skipped_late(latest, skipped_on)
        return Standing(RoundState.MISSED if is_late else RoundState.SKIPPED)
    if today < earliest:
        return Standing(RoundState.PLANNED, (earliest - today).days)
    if today <= latest:
        return Standing(RoundState.DUE, (latest - today).days)
    return Standing(RoundState.MISSED, (today - latest).days)


@dataclass(frozen=True)
class OpenRound:
    """A round that no visit has filled; `place` is the building, gate or facility it is for, '' for the whole."""

    id: int
    day: date
    earliest: date
    latest: date
    serial: int
    place: str = ""


def fitting(rounds: Collection[OpenRound], visited_on: date, place: str) -> OpenRound | None:
    """Return the round that a visit fills: of those of the place on time that day the nearest, the earliest of these.

    A visit of the whole fills no round of a part, for which a visit of that part is wanted.
    """
    on_time = [one for one in rounds if one.place == place and one.earliest <= visited_on <= one.latest]
    return min(
        on_time, key=lambda one: (abs((one.day - visited_on).days), one.day, one.serial, one.id), default=None
    )
