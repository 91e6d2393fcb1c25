"""The facilities of the sample office."""

from fuyuan_desk.estates.service import buildings
from fuyuan_desk.facilities.facts import FacilityFields
from fuyuan_desk.facilities.service.facilities import save_facility
from fuyuan_desk.kit.job import SampleOffice


def fill(office: SampleOffice) -> None:
    """Save all sample facilities; days of checks count from today."""
    for data in office.data["facilities"]:
        values = dict(data)
        checked, installed = values.pop("check_in", None), values.pop("installed_ago", None)
        estate = office.known["estate", values.pop("estate")]
        building = values.pop("building", None)
        fields = FacilityFields(
            **values,
            estate_id=estate,
            building_id=_building(office, estate, building) if building is not None else None,
            next_check_on=None if checked is None else office.day(-checked),
            installed_on=None if installed is None else office.day(installed),
        )
        save_facility(office.seat, fields)


def _building(office: SampleOffice, estate_id: int, label: str) -> int:
    rows = buildings.list_buildings(office.seat, estate_id)
    return next(row.id for row in rows if row.fields.label == label)
