"""The facilities of the sample office, and the checks they had."""

from fuyuan_desk.facilities.facts import CheckFields, FacilityFields
from fuyuan_desk.facilities.service.checks import save_check
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.kit.job import SampleOffice


def fill(office: SampleOffice) -> None:
    """Save all sample facilities, then their checks."""
    for row in office.data["facilities"]:
        saved = save_facility(office.seat, office.fields(FacilityFields, row))
        office.known["facility", row["number"]] = saved.id
    for row in office.data["facility_checks"]:
        save_check(office.seat, office.fields(CheckFields, row))
