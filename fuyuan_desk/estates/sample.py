"""The estates of the sample office, after their rosters were imported: what a roster does not say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fuyuan_desk.estates.facts.houses import BuildingFields, RoleFields, UnitFields, UnitQuery
from fuyuan_desk.estates.facts.people import HOLDER, PersonFields
from fuyuan_desk.estates.service import buildings, estates, people, roles, shares, tags, units
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
            label = building.fields.label
            described = {**data["buildings"], **data.get("houses", {}).get(label, {})}
            buildings.save_building(seat, _house(office, building.fields, described), building.known)
            office.known["building", name, label] = building.id
        office.known["estate", name] = row.id
        for unit in units.list_units(seat, UnitQuery(row.id), 0, row.units).rows:
            office.known["unit", name, unit.place] = unit.id
        for place, described in data.get("homes", {}).items():
            home = units.unit_detail(seat, office.known["unit", name, place])
            units.save_unit(seat, _home(office, home.fields, described), home.id, home.version)
    for line in find_organisations(seat, limit=-1).rows:
        office.known["organisation", line.fields.name] = line.id
    for row in office.data["roles"]:
        roles.save_role(seat, office.fields(RoleFields, row))
    tags.add_usual_tags(seat)
    for data in office.data["people"]:
        _add_people(office, data)


def _add_people(office: SampleOffice, data: dict[str, Any]) -> None:
    """Complete the holder of a home's first household and add others to it, with their tags and shares."""
    seat = office.seat
    known = {tag.name: tag.id for tag in tags.tag_choices(seat)}

    def changed(fields: PersonFields, values: dict[str, Any]) -> PersonFields:
        chosen = tuple(known[name] for name in values.get("tags", ()))
        return replace(
            fields, **{**values, "tags": chosen, "phones": tuple(values.get("phones", fields.phones))}
        )

    unit = office.known["unit", data["estate"], data["place"]]
    household = units.unit_detail(seat, unit).households[0].id
    holder = people.person_for_edit(seat, household, HOLDER)
    people.save_person(seat, household, changed(holder.fields, data["holder"]), HOLDER, holder.version)
    keys = [(household, HOLDER)]
    for values in data["others"]:
        keys.append((household, people.save_person(seat, household, changed(PersonFields(), values)).id))
    if "shares" in data:
        typed = dict(zip(keys, data["shares"], strict=True))
        shares.save_shares(seat, unit, typed, keys[data["voter"]])


def _house(office: SampleOffice, known: BuildingFields, row: Mapping[str, Any]) -> BuildingFields:
    days = {name: office.day(row[name]) for name in row if name == "notice_on"}
    return replace(known, **{**row, **days})


def _home(office: SampleOffice, known: UnitFields, row: Mapping[str, Any]) -> UnitFields:
    days = {name: office.day(row[name]) for name in row if name == "fund_balance_on"}
    return replace(known, **{**row, **days, "other_ids": tuple(row["other_ids"].items())})
