"""Validation of the office's settings, operators and passwords."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.roles import Role
from fuyuan_desk.core.calendar import Calendar, Year
from fuyuan_desk.core.common_passwords import folded, is_common
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.phones import phone_fault

LONGEST_NAME = 50
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1_000
IDLE_MINUTES = (1, 120)
OFF, WORKED, NOT_ARRANGED = "休", "班", "?"
LONGEST_SOURCE, LONGEST_HOLIDAY = 200, 20
_YEAR = re.compile(r"(\d{4})年?([?？]?)(?:\s+(.*))?")
_DAY = re.compile(r"(\d{1,2})(?:[-/.月])(\d{1,2})日?\s+(\S.*)")
_LOGIN = re.compile(r"[\w.\-·]{1,50}")


def settings_faults(settings: OfficeSettings, known_phone: str = "") -> dict[str, str]:
    """Return the faults of the settings by field; the telephone that is stored already is not judged again."""
    faults = {}
    if not settings.name.strip():
        faults["name"] = _("Enter the name of the residents' committee.")
    elif len(settings.name) > 100:
        faults["name"] = _("The name is longer than {n} characters.").format(n=100)
    phone = settings.phone.strip()
    if phone not in ("", known_phone.strip()) and (fault := phone_fault(phone)):
        faults["phone"] = fault
    if not IDLE_MINUTES[0] <= settings.idle_minutes <= IDLE_MINUTES[1]:
        faults["idle_minutes"] = _("Enter a number of minutes from {low} to {high}.").format(
            low=IDLE_MINUTES[0], high=IDLE_MINUTES[1]
        )
    return faults


def operator_faults(login: str, name: str) -> dict[str, str]:
    """Return the faults of an operator by field."""
    faults = {}
    if not _LOGIN.fullmatch(login):
        faults["login"] = _("Use letters, digits, Chinese characters, dots or dashes, without spaces.")
    if not name.strip():
        faults["name"] = _("Enter the operator's name.")
    elif len(name) > LONGEST_NAME:
        faults["name"] = _("The name is longer than {n} characters.").format(n=LONGEST_NAME)
    return faults


def estates_faults(role: str, estates: Collection[int]) -> dict[str, str]:
    """Return the fault of an operator of a property company who would see no estate."""
    if role != Role.PROPERTY or estates:
        return {}
    return {"estates": _("An operator of a property company needs at least one estate. Choose it.")}


def password_faults(password: str, login: str = "", office: str = "", name: str = "") -> dict[str, str]:
    """Return the fault of a password that is too short, too long or easily guessed.

    `login` and `name` are those of its operator, `office` is the name of the office; '' is unknown.
    """
    fault = _length_fault(password) or _guess_fault(password, login, office, name)
    return {"password": fault} if fault else {}


def _length_fault(password: str) -> str:
    if len(password) > LONGEST_PASSWORD:
        return _("The password is longer than {n} characters.").format(n=LONGEST_PASSWORD)
    if len(password.strip()) < SHORTEST_PASSWORD:
        return _("The password needs at least {n} characters.").format(n=SHORTEST_PASSWORD)
    return ""


def _guess_fault(password: str, login: str, office: str, name: str) -> str:
    known = (
        (login, _("The operator name is no password, not even with digits added. Choose another one.")),
        (name, _("The operator's own name is no password, not even with digits added. Choose another one.")),
        (office, _("The name of the office is no password, not even with digits added. Choose another one.")),
    )
    for word, fault in known:
        if _is_built_on(password, word):
            return fault
    if password_quality(password) == 0:
        return _("The password repeats the same few characters. Use at least four different ones.")
    if is_common(password):
        return _("Many people use this password, so it is tried first. Choose another one.")
    return ""


def _is_built_on(password: str, word: str) -> bool:
    """Return whether a password is a known word, or that with nothing but digits and the like added."""
    plain, word = folded(password), folded(word)
    return bool(word) and plain.startswith(word) and not any(map(str.isalpha, plain[len(word) :]))


def new_password_faults(
    password: str, again: str, login: str = "", office: str = "", name: str = ""
) -> dict[str, str]:
    """Return the faults of a new password that `password_faults` refuses or that is repeated differently."""
    faults = password_faults(password, login, office, name)
    if not faults and password != again:
        faults = {"again": _("The two passwords differ. Type the same one twice.")}
    return faults


def password_quality_text(password: str, login: str = "", office: str = "", name: str = "") -> str:
    """Return what will be refused of a password being typed, or its quality; the rule before anything is typed."""
    if not password:
        return _("At least {n} characters; a short sentence is good.").format(n=SHORTEST_PASSWORD)
    if faults := password_faults(password, login, office, name):
        return faults["password"]
    texts = (
        _("Sufficient. Longer is better, for example a short sentence."),
        _("Good."),
        _("Very good."),
    )
    return texts[password_quality(password) - 1]


def password_scope_text() -> str:
    """Return what a password opens, said wherever a new one is chosen."""
    return _(
        "This password opens the office and every backup made while it is valid, also one on a USB drive. "
        "So the weakest password of the office guards them all."
    )


def repeat_text(password: str, again: str) -> str:
    """Return whether the repeated password is the same so far; '' while nothing is repeated."""
    if not again:
        return ""
    return _("Both are the same.") if password == again else _("Not the same yet.")


def password_quality(password: str) -> int:
    """Rate a password from 0 (too short or too simple, which is refused) to 3 (good)."""
    if len(password) < SHORTEST_PASSWORD or len(set(password)) < 4:
        return 0
    kinds = (str.isdigit, str.islower, str.isupper, lambda letter: not letter.isalnum())
    variety = sum(any(kind(letter) for letter in password) for kind in kinds)
    return min(3, max(1, variety - 1 + (len(password) >= 12)))


# ---- the calendar of work as lines: a year with its source, then its days


def calendar_lines(calendar: Calendar) -> str:
    """Return a calendar as lines that `read_calendar_lines` reads.

    A year with `NOT_ARRANGED` behind it if its days are not moved yet, and its source; then each day: the name of a
    holiday, `OFF` or `WORKED`.
    """
    return "\n".join(line for _year, table in sorted(calendar.years.items()) for line in _lines_of(table))


def _lines_of(table: Year) -> Iterator[str]:
    yield f"{table.year}{'' if table.is_arranged else NOT_ARRANGED} {table.source}".rstrip()
    kinds = {**table.holidays, **dict.fromkeys(table.off, OFF), **dict.fromkeys(table.worked, WORKED)}
    yield from (f"{day:%m-%d} {kind}" for day, kind in sorted(kinds.items()))


def read_calendar_lines(text: str) -> tuple[Calendar, list[str]]:
    """Read the lines of a calendar; also return what is wrong, each fault with the number of its line."""
    years: dict[int, Year] = {}
    faults: list[str] = []
    year = 0
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line:
            continue
        if found := _YEAR.fullmatch(line):
            year = int(found[1])
            fault = _year_fault(year, years, found[3] or "")
            years.setdefault(year, Year(year, found[3] or "", {}, is_arranged=not found[2]))
        else:
            fault = _add_day(years, year, line)
        if fault:
            faults.append(_("Line {n}: {fault}").format(n=number, fault=fault))
    faults += [
        _("{year}: no holiday is listed. Enter its holidays, or remove the year.").format(year=table.year)
        for table in years.values()
        if not table.holidays
    ]
    return Calendar(years), faults


def _year_fault(year: int, years: Collection[int], source: str) -> str:
    if year in years:
        return _("{year} is listed twice.").format(year=year)
    if not source:
        return _("Enter behind the year where its days come from, such as the notice of the State Council.")
    return (
        _("This is longer than {n} characters.").format(n=LONGEST_SOURCE)
        if len(source) > LONGEST_SOURCE
        else ""
    )


def _add_day(years: dict[int, Year], year: int, line: str) -> str:
    """Add the day of a line to its year; return what is wrong with it."""
    found = _DAY.fullmatch(line)
    if found is None:
        return _("«{line}» is no day. Write month, day and name, such as “10-01 国庆节”.").format(line=line)
    if not year:
        return _("No year stands above this day. Write a line such as “2028 国务院办公厅通知” first.")
    try:
        day = date(year, int(found[1]), int(found[2]))
    except ValueError:
        return _("{year} has no such day.").format(year=year)
    table = years[year]
    if day in table.holidays or day in table.off or day in table.worked:
        return _("{day} is listed twice.").format(day=day)
    is_weekend = day.weekday() > _FRIDAY
    kind = found[3]
    if kind == OFF:
        years[year] = replace(table, off=table.off | {day})
        return _("{day} is a weekend and free anyway. Remove the line.").format(day=day) if is_weekend else ""
    if kind == WORKED:
        years[year] = replace(table, worked=table.worked | {day})
        return (
            "" if is_weekend else _("{day} is no weekend and worked anyway. Remove the line.").format(day=day)
        )
    years[year] = replace(table, holidays={**table.holidays, day: kind})
    if len(kind) > LONGEST_HOLIDAY:
        return _("The name is longer than {n} characters.").format(n=LONGEST_HOLIDAY)
    return ""


_FRIDAY = 4
