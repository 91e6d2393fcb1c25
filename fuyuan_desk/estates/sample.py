"""The estates of the sample office, after their rosters were imported: what a roster does not say."""

from dataclasses import replace

from fuyuan_desk.estates.facts import UnitQuery
from fuyuan_desk.estates.service import buildings, estates, units
from fuyuan_desk.kit.job import SampleOffice


def fill(office: SampleOffice) -> None:
    """Complete estates and buildings.

    Leave in `known` ("estate", name) → id, ("building", name, label) → id and ("unit", name, place) → id.
    """
    seat = office.seat
    for data in office.data["estates"]:
        name = data["name"]
        row = next(row for row in estates.list_estates(seat).rows if row.name == name)
        detail = estates.estate_detail(seat, row.id)
        fields = {**data["fields"], "tenures": tuple(data["fields"]["tenures"])}
        estates.save_estate(seat, replace(detail.fields, **fields), row.id, detail.version)
        for building in buildings.list_buildings(seat, row.id):
            changed = replace(building.fields, **data["buildings"])
            buildings.save_building(seat, changed, building.known)
            office.known["building", name, building.fields.label] = building.id
        office.known["estate", name] = row.id
        for unit in units.list_units(seat, UnitQuery(row.id), 0, row.units).rows:
            office.known["unit", name, unit.place] = unit.id
