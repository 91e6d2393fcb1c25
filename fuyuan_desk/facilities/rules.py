"""Facilities (设施): their kinds and states, what a form may say, and when a check is due."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.kinds import FACILITY


class FacilityKind(StrEnum):
    """What a facility is."""

    LIFT = "lift"
    CAMERA = "camera"
    SMOKE_DETECTOR = "smoke_detector"
    ACCESS = "access"
    CHARGING = "charging"
    WATER_TANK = "water_tank"
    PUMP = "pump"
    FIRE_PUMP = "fire_pump"
    GARAGE = "garage"
    FIRE = "fire"
    GARDEN = "garden"
    OTHER = "other"


class FacilityState(StrEnum):
    """Whether a facility works."""

    IN_USE = "in_use"
    FAULTY = "faulty"
    STOPPED = "stopped"
    SCRAPPED = "scrapped"


_LABELS: dict[StrEnum, str] = {
    FacilityKind.LIFT: N_("Lift"),
    FacilityKind.CAMERA: N_("Camera"),
    FacilityKind.SMOKE_DETECTOR: N_("Smoke detector"),
    FacilityKind.ACCESS: N_("Access control"),
    FacilityKind.CHARGING: N_("Charging pile"),
    FacilityKind.WATER_TANK: N_("Water tank"),
    FacilityKind.PUMP: N_("Water pump"),
    FacilityKind.FIRE_PUMP: N_("Fire pump"),
    FacilityKind.GARAGE: N_("Underground garage"),
    FacilityKind.FIRE: N_("Fire equipment"),
    FacilityKind.GARDEN: N_("Pocket garden"),
    FacilityKind.OTHER: N_("Other facility"),
    FacilityState.IN_USE: N_("In use"),
    FacilityState.FAULTY: N_("Out of order"),
    FacilityState.STOPPED: N_("Taken out of service"),
    FacilityState.SCRAPPED: N_("Scrapped"),
}
# what a facility in use proves its estate to have
EQUIPMENT = {
    FacilityKind.LIFT: Equipment.LIFT,
    FacilityKind.WATER_TANK: Equipment.TANK,
    FacilityKind.PUMP: Equipment.PUMP,
    FacilityKind.FIRE_PUMP: Equipment.FIRE_PUMP,
    FacilityKind.GARAGE: Equipment.GARAGE,
    FacilityKind.GARDEN: Equipment.GREENERY,
}
CHECK_DUE = Topic(N_("Facility check"), "facility", 60)
_TONES = {FacilityState.FAULTY: "error", FacilityState.STOPPED: "warn", FacilityState.SCRAPPED: "neutral"}


def label(member: StrEnum) -> str:
    """Return the name of a kind or state."""
    return _(_LABELS[member])


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
    return faults


def is_checked(state: str) -> bool:
    """Whether checks of a facility in this state are due at all: not once it is scrapped."""
    return state != FacilityState.SCRAPPED


def check_tone(fields: FacilityFields, today: date, ahead: timedelta) -> str:
    """Return the tone in which the next check is shown: 'error' overdue, 'warn' due soon, '' otherwise."""
    due = fields.next_check_on
    if due is None or not is_checked(fields.state) or due > today + ahead:
        return ""
    return "error" if due < today else "warn"


def state_tone(state: str) -> str:
    """Return the tone in which a state is shown."""
    return _TONES.get(FacilityState(state), "ok") if state in set(FacilityState) else "warn"


@dataclass(frozen=True)
class CheckFacts:
    """What the task of a check says: the facility, where it stands, who is responsible, when it is due."""

    id: int
    kind: str
    number: str
    place: str
    company: str
    due: date


def check_task(facility: CheckFacts, today: date) -> Task:
    """Return the task to have a facility checked."""
    title = f"{kind_name(facility.kind)} {facility.number}  {facility.place}".strip()
    company = facility.company or _("no responsible company entered")
    detail = _("Check due on {day}: {company}.").format(day=facility.due, company=company)
    is_late = facility.due < today
    return Task(
        FACILITY.name, facility.id, title, detail, facility.due, is_late,
        Severity.URGENT if is_late else Severity.NORMAL, CHECK_DUE, "facilities",
    )  # fmt: skip


def kind_name(kind: str) -> str:
    """Return the name of a stored kind; one that this version does not know is shown as stored."""
    return label(FacilityKind(kind)) if kind in set(FacilityKind) else kind
