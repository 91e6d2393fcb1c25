"""The estates of the sample office, after their rosters were imported: what a roster does not say."""

from dataclasses import replace

from fuyuan_desk.estates.facts import RoleFields, UnitQuery
from fuyuan_desk.estates.service import buildings, estates, roles, units
from fuyuan_desk.kit.job import SampleOffice
from fuyuan_desk.organisations.service.organisations import find_organisations


def fill(office: SampleOffice) -> None:
    """Complete estates and buildings.

    Leave in `known` ("estate", name) → id, ("building", name, label) → id, ("unit", name, place) → id and
    ("organisation", name) → id.
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
    for line in find_organisations(seat, limit=-1).rows:
        office.known["organisation", line.fields.name] = line.id
    for row in office.data["roles"]:
        roles.save_role(seat, office.fields(RoleFields, row))
