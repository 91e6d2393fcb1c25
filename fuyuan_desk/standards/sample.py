"""The tiers of the sample estates."""

from fuyuan_desk.kit.job import SampleOffice
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service import tiers


def fill(office: SampleOffice) -> None:
    """Assign the tiers of all sample estates."""
    for estate in office.data["estates"]:
        for data in estate["tiers"]:
            day = office.day(data["days_ago"])
            number = data["document_no"].format(year=day.year)
            estate_id = office.known["estate", estate["name"]]
            tiers.assign_tier(office.seat, estate_id, Tier(data["tier"]), day, data["reason"], number)
