"""Facilities (设施): their kinds and states, what a form may say, and what is said of a check that is due."""

from datetime import date

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.dues import Topic
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.facilities.facts import FacilityFields

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
    GARDEN = "garden", N_("Pocket garden")
    OTHER = "other", N_("Other facility")


class FacilityState(Code):
    """Whether a facility works."""

    IN_USE = "in_use", N_("In use")
    FAULTY = "faulty", N_("Out of order")
    STOPPED = "stopped", N_("Taken out of service")
    SCRAPPED = "scrapped", N_("Scrapped")


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


def check_detail(fields: FacilityFields, due: date) -> str:
    """Return what is to be done about a check, and by whom."""
    company = fields.company or _("no responsible company entered")
    return _("Check due on {day}: {company}.").format(day=due, company=company)
