"""Working days: Monday to Friday but the statutory holidays, which are data in `resources/office/`.

Days off and days worked that the yearly arrangement moves are not known here, so a date found is a proposal.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache

from fuyuan_desk.core.paths import read_json


@cache
def holidays() -> Mapping[date, str]:
    """Return the statutory holidays of the years in the table, with their names."""
    years = read_json("office", "holidays.json")["holidays"].values()
    return {date.fromisoformat(day): name for year in years for day, name in year}


def after_working_days(day: date, count: int, free: Collection[date]) -> date | None:
    """Return the day that is `count` working days after a day; None if it falls in a year without a table.

    `free` are statutory holidays; a year of which none is known has no table.
    """
    known = {holiday.year for holiday in free}
    found = day
    for _working_day in range(count):
        found += timedelta(days=1)
        while found.weekday() >= _SATURDAY or found in free:
            found += timedelta(days=1)
    return found if {day.year, found.year} <= known else None


_SATURDAY = 5
