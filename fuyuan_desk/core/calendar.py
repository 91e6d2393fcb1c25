"""The calendar of work: statutory holidays and the days that the yearly arrangement moves, by a table for each year.

A year without a table is unknown, not a year of working days: whatever depends on it is None. The shipped table is data
in `resources/office/calendar.json`. Of a year whose arrangement (放假安排) is not known yet, the statutory days count.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import _

_SATURDAY = 5
_MOST_DAYS = 3_660
"""No term runs longer than ten years; the search for its end stops there."""


@dataclass(frozen=True)
class Year:
    """The table of a year: `holidays` with their names, days `off` and days `worked` that the arrangement moved.

    `source` names the notice; `is_arranged`: the arrangement is known, so that no day will be moved any more.
    """

    year: int
    source: str
    holidays: Mapping[date, str]
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    is_arranged: bool = True


@dataclass(frozen=True)
class Calendar:
    """The tables of the years that are known."""

    years: Mapping[int, Year] = field(default_factory=dict)

    def knows(self, day: date) -> bool:
        """Return whether there is a table of the day's year."""
        return day.year in self.years

    def holiday(self, day: date) -> str:
        """Return the name of the statutory holiday on a day, '' if it is none."""
        return self.years[day.year].holidays.get(day, "") if self.knows(day) else ""

    def is_working(self, day: date) -> bool | None:
        """Return whether a day is a working day; None in a year without a table."""
        table = self.years.get(day.year)
        if table is None:
            return None
        if day in table.worked:
            return True
        return day.weekday() < _SATURDAY and day not in table.off and day not in table.holidays

    def after_working_days(self, day: date, count: int) -> date | None:
        """Return the day that is `count` working days after a day; None if a year on the way has no table."""
        if not self.knows(day):
            return None
        found: date | None = day
        for _working_day in range(count):
            found = None if found is None else self.working_day_from(found + timedelta(days=1))
        return found

    def unsettled_year(self, first: date, last: date) -> int | None:
        """Return the first year between two days whose arrangement is not published, None if there is none.

        Its holidays may still move, and with them whatever is counted in days; a year without a table is no such year.
        """
        tables = (self.years.get(year) for year in range(first.year, last.year + 1))
        return next((table.year for table in tables if table is not None and not table.is_arranged), None)

    def working_day_from(self, day: date) -> date | None:
        """Return the day itself if it is a working day, else the next one; None if its year has no table."""
        return self._nearest(day, timedelta(days=1))

    def working_day_until(self, day: date) -> date | None:
        """Return the day itself if it is a working day, else the last one before; None if its year has no table."""
        return self._nearest(day, timedelta(days=-1))

    def _nearest(self, day: date, step: timedelta) -> date | None:
        while (is_working := self.is_working(day)) is False:
            day += step
        return day if is_working else None


def may_move_text(year: int) -> str:
    """Return that a day may move, as the holidays of a year are not published yet."""
    return _("the holidays of {year} are not published yet, this day may move").format(year=year)


def read_calendar(data: Mapping[str, Any]) -> Calendar:
    """Return the calendar from data in the form of `resources/office/calendar.json`."""
    return Calendar({int(year): _year(int(year), table) for year, table in data["years"].items()})


def as_data(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar as data that `read_calendar` reads."""
    return {
        "years": {
            str(table.year): {
                "source": table.source,
                "is_arranged": table.is_arranged,
                "holidays": [[day.isoformat(), name] for day, name in sorted(table.holidays.items())],
                "off": [day.isoformat() for day in sorted(table.off)],
                "worked": [day.isoformat() for day in sorted(table.worked)],
            }
            for table in calendar.years.values()
        }
    }


def _year(year: int, table: Mapping[str, Any]) -> Year:
    return Year(
        year,
        table["source"],
        {date.fromisoformat(day): name for day, name in table["holidays"]},
        _days(table["off"]),
        _days(table["worked"]),
        table["is_arranged"],
    )


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


@cache
def shipped() -> Calendar:
    """Return the calendar as shipped."""
    return read_calendar(read_json("office", "calendar.json"))


def holidays() -> Mapping[date, str]:
    """Return the statutory holidays of all years that are known, with their names."""
    return {day: name for year in shipped().years.values() for day, name in year.holidays.items()}


# ---- terms


class Unit(StrEnum):
    """What a term is counted in: minutes run day and night, days and working days end at an hour of their last one."""

    MINUTES = "minutes"
    DAYS = "days"
    WORKING_DAYS = "working-days"


@dataclass(frozen=True)
class Term:
    """So many minutes, days or working days; `by` is the hour at which days end (MFD §203)."""

    count: int
    unit: Unit
    by: time = time(18)


@dataclass(frozen=True)
class Pause:
    """The clock stood from `begun` to `ended`; None: it still does."""

    begun: datetime
    ended: datetime | None = None


def due_at(
    begun: datetime, term: Term, calendar: Calendar, pauses: Collection[Pause] = ()
) -> datetime | None:
    """Return when a term ends that began at an instant; all instants are aware, the result is local.

    The day on which it begins does not count (MFD §201). Days are counted by the time that ran on them, midnight to
    midnight, the last one up to its hour: what a pause took of them is given back behind them. The term then ends at
    the next such hour of a working day (MFD §203), so that of all pauses together less than a day is rounded up. None
    while the clock stands, and where it ran in a year without a table.
    """
    if any(pause.ended is None for pause in pauses):
        return None
    if term.unit is Unit.MINUTES:
        return _after_minutes(begun, timedelta(minutes=term.count), pauses).astimezone()
    first = begun.astimezone().date()
    left = timedelta(days=term.count - 1, hours=term.by.hour, minutes=term.by.minute)
    for number in range(1, _MOST_DAYS):
        day = first + timedelta(days=number)
        counts = True if term.unit is Unit.DAYS else calendar.is_working(day)
        if counts is False:
            continue
        midnight, next_midnight = _midnight(day), _midnight(day + timedelta(days=1))
        ran = running_time(midnight, next_midnight, pauses)
        if counts is None and ran:
            return None
        if counts and left <= ran:
            return _next_hour(_after_minutes(midnight, left, pauses), day, term.by, calendar)
        left -= ran
    return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()


def _next_hour(moment: datetime, day: date, hour: time, calendar: Calendar) -> datetime | None:
    """Return the first `hour` of a working day that is not before a moment of `day`."""
    if moment > datetime.combine(day, hour).astimezone():
        day += timedelta(days=1)
    working = calendar.working_day_from(day)
    return None if working is None else datetime.combine(working, hour).astimezone()


def _after_minutes(begun: datetime, running: timedelta, pauses: Collection[Pause]) -> datetime:
    end = begun + running
    for start, stop in joined(pauses):
        if start >= end:
            break
        end += max(stop - max(start, begun), timedelta())
    return end


def joined(pauses: Collection[Pause]) -> list[tuple[datetime, datetime]]:
    """Return the pauses that have ended, in order, those that overlap as one."""
    found: list[tuple[datetime, datetime]] = []
    for start, stop in sorted((pause.begun, pause.ended) for pause in pauses if pause.ended is not None):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], stop)
        else:
            found.append((start, stop))
    return found


def running_time(begun: datetime, until: datetime, pauses: Collection[Pause] = ()) -> timedelta:
    """Return for how long the clock ran between two instants."""
    whole = max(until - begun, timedelta())
    ended = [Pause(pause.begun, until if pause.ended is None else pause.ended) for pause in pauses]
    stood = (min(stop, until) - max(start, begun) for start, stop in joined(ended))
    return whole - sum((max(part, timedelta()) for part in stood), timedelta())
