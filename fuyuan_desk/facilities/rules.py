"""Facilities (设施): their kinds and states, their statutory checks, what forms may say, what is due, coverage."""

import calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.dues import Topic
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.facilities.facts import CheckFields, Coverage, FacilityFields

CHECK_DUE = Topic(N_("Facility check"), "facility", 60)


class FacilityKind(Code):
    """What a facility is."""

    LIFT = "lift", N_("Lift")
    CAMERA = "camera", N_("Camera")
    SMOKE_DETECTOR = "smoke_detector", N_("Smoke detector")
    ACCESS = "access", N_("Access control")
    CHARGING = "charging", N_("Charging pile")
    WATER_TANK = "water_tank", N_("Water tank")
    PUMP = "pump", N_("Water pump")
    FIRE_PUMP = "fire_pump", N_("Fire pump")
    GARAGE = "garage", N_("Underground garage")
    FIRE = "fire", N_("Fire equipment")
    EXTINGUISHER = "extinguisher", N_("Fire extinguisher")
    GARDEN = "garden", N_("Pocket garden")
    OTHER = "other", N_("Other facility")


class FacilityState(Code):
    """Whether a facility works."""

    IN_USE = "in_use", N_("In use")
    FAULTY = "faulty", N_("Out of order")
    STOPPED = "stopped", N_("Taken out of service")
    SCRAPPED = "scrapped", N_("Scrapped")


class Unit(Code):
    """The unit of an interval."""

    DAYS = "days", N_("days")
    MONTHS = "months", N_("months")


NEVER_CHECKED = (FacilityState.SCRAPPED,)
# what a facility in use proves its estate to have
EQUIPMENT: dict[str, Equipment] = {
    FacilityKind.LIFT: Equipment.LIFT,
    FacilityKind.WATER_TANK: Equipment.TANK,
    FacilityKind.PUMP: Equipment.PUMP,
    FacilityKind.FIRE_PUMP: Equipment.FIRE_PUMP,
    FacilityKind.GARAGE: Equipment.GARAGE,
    FacilityKind.GARDEN: Equipment.GREENERY,
}


# a facility that is out of order is there and to be repaired; these are not
NOT_IN_SERVICE = (FacilityState.STOPPED, FacilityState.SCRAPPED)
MOST_EVERY: dict[str, int] = {Unit.DAYS: 3_650, Unit.MONTHS: 120}
_TEXT_MOST = {"done_by": 100, "certificate": 60}


@dataclass(frozen=True)
class Interval:
    """How often something is done; `unit` is a `Unit`, `reason` why an office set it, '' for that of the law."""

    every: int
    unit: str
    reason: str = ""


@dataclass(frozen=True)
class Item:
    """A statutory check of a kind of facility.

    `certificate` is the paper that proves it; `first` is the time in months from the installation to the first check,
    None if that is not known; `days_ahead`: how long before its day it is announced.
    """

    key: str
    kind: str
    name: str
    certificate: str
    interval: Interval
    first: int | None
    days_ahead: int
    clauses: tuple[str, ...]


# --- days


def day_after(day: date, every: int, unit: str) -> date:
    """Return the day that many days or months later; in a shorter month its last day."""
    if unit == Unit.DAYS:
        return day + timedelta(days=every)
    year, month = divmod(day.year * 12 + day.month - 1 + every, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_due(
    item: Item, interval: Interval, done: Iterable[CheckFields], installed_on: date | None
) -> date | None:
    """Return by which day an item is to be checked again, None if that is not known.

    That is an interval after the last check or, if that is earlier, when its certificate expires; before the first
    check, the time from the installation that the item names.
    """
    days = [check for check in done if check.done_on is not None]
    if not days:
        is_known = item.first is not None and installed_on is not None
        return day_after(installed_on, item.first, Unit.MONTHS) if is_known else None  # type: ignore[arg-type]
    last = latest(days)
    assert last.done_on is not None
    due = day_after(last.done_on, interval.every, interval.unit)
    return due if last.valid_until is None else min(due, last.valid_until)


def latest(done: Sequence[CheckFields]) -> CheckFields:
    """Return the last of several checks; of two of one day the one whose certificate is valid longer."""
    return max(done, key=lambda check: (check.done_on or date.min, check.valid_until or date.min))


def interval_text(interval: Interval) -> str:
    """Return how often something is done in words."""
    if interval.unit == Unit.DAYS:
        return numbered(interval.every, N_("every {n} day"), N_("every {n} days"))
    return numbered(interval.every, N_("every {n} month"), N_("every {n} months"))


# --- forms


def check_faults(
    fields: CheckFields, keys: Collection[str], installed_on: date | None, today: date
) -> dict[str, str]:
    """Return the faults of a check by field; `keys` are the items that its facility has."""
    faults = {}
    if fields.item not in keys:
        faults["item"] = _("Choose what was checked.")
    if fields.done_on is None:
        faults["done_on"] = _("Enter the day of the check.")
    elif fields.done_on > today:
        faults["done_on"] = _("The day is in the future. Enter the check once it was made.")
    elif installed_on is not None and fields.done_on < installed_on:
        faults["done_on"] = _("The facility was installed on {day}. Correct one of the two.").format(
            day=installed_on
        )
    if fields.valid_until is not None and fields.done_on is not None and fields.valid_until < fields.done_on:
        faults["valid_until"] = _("The certificate would expire before the check. Correct one of the two.")
    if fields.party not in set(Party):
        faults["party"] = _("Choose who had it made: it counts for the planned rounds of that party.")
    for name, most in _TEXT_MOST.items():
        if len(getattr(fields, name)) > most:
            faults[name] = _("This is longer than {n} characters. Shorten it.").format(n=most)
    return faults


def interval_faults(interval: Interval, of_law: Interval) -> dict[str, str]:
    """Return the faults of an office's own interval by field; that of the law itself needs no reason."""
    faults = {}
    most = MOST_EVERY.get(interval.unit, 0)
    if not most:
        return {"unit": _("Choose one of the list.")}
    if not 1 <= interval.every <= most:
        faults["every"] = _("Enter a number from {low} to {high}.").format(low=1, high=most)
    is_own = (interval.every, interval.unit) != (of_law.every, of_law.unit)
    if is_own and not interval.reason.strip():
        faults["reason"] = _("Say why the office does not follow the interval of the law.")
    return faults


def is_longer(interval: Interval, other: Interval) -> bool:
    """Return whether an interval is longer than another, a month taken as the shortest."""
    start = date(2025, 2, 1)
    return day_after(start, interval.every, interval.unit) > day_after(start, other.every, other.unit)


def day_typed_against_checks(typed: date | None, known: date | None, due: date | None) -> dict[str, str]:
    """Return the fault of a next check that was typed although checks are recorded, from which it follows."""
    return {} if due is None or typed in (known, due) else {"next_check_on": follows_text(due)}


def follows_text(due: date) -> str:
    """Return why a next check cannot be typed."""
    return _("The next check follows from the checks recorded: {day}. Record the check instead.").format(
        day=due
    )


def facility_faults(fields: FacilityFields, today: date) -> dict[str, str]:
    """Return the faults of a form by field, besides those that the book itself finds."""
    faults = {}
    installed, check = fields.installed_on, fields.next_check_on
    if installed is not None and installed > today:
        faults["installed_on"] = _("The day is in the future. Enter it once it is installed.")
    elif installed is not None and check is not None and check < installed:
        faults["next_check_on"] = _(
            "The next check is before the day of installation. Correct one of the two."
        )
    stopped = fields.out_of_service_on
    if stopped is not None and stopped > today:
        faults["out_of_service_on"] = _("The day is in the future. Enter it once it is out of service.")
    elif stopped is not None and installed is not None and stopped < installed:
        faults["out_of_service_on"] = _("This is before the day of installation. Correct one of the two.")
    elif stopped is not None and fields.state == FacilityState.IN_USE:
        faults["out_of_service_on"] = _("The facility is in use. Change its state, or clear this day.")
    return faults


# --- coverage


def coverage(estates: Mapping[int, str], in_service: Iterable[tuple[str, int]]) -> tuple[Coverage, ...]:
    """Return for each kind in how many estates it is in service; `in_service` are kinds with the id of an estate."""
    having: dict[str, set[int]] = {kind: set() for kind in FacilityKind}
    for kind, estate in in_service:
        having.setdefault(kind, set()).add(estate)
    return tuple(
        Coverage(
            kind,
            len(found & estates.keys()),
            len(estates),
            tuple(name for key, name in estates.items() if key not in found),
        )
        for kind, found in having.items()
        if kind != FacilityKind.OTHER
    )


# --- what is due


def item_detail(item: Item, company: str, due: date) -> str:
    """Return what is to be done about an item that is due, by whom, and which paper proves it."""
    return _("{what} due on {day}: {company}. Record it with its {certificate}.").format(
        what=item.name,
        day=due,
        company=company or _("no responsible company entered"),
        certificate=item.certificate,
    )


def check_detail(fields: FacilityFields, due: date) -> str:
    """Return what is to be done about a check, and by whom."""
    company = fields.company or _("no responsible company entered")
    return _("Check due on {day}: {company}.").format(day=due, company=company)
