"""The facilities of the sample office."""

from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.kit.job import SampleOffice


def fill(office: SampleOffice) -> None:
    """Save all sample facilities."""
    for row in office.data["facilities"]:
        save_facility(office.seat, office.fields(FacilityFields, row))
