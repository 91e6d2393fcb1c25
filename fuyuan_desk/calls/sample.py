"""The calls of the sample office."""

from typing import Any

from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service.calls import save_call
from fuyuan_desk.estates.service.units import unit_detail
from fuyuan_desk.kit.job import SampleOffice


def fill(office: SampleOffice) -> None:
    """Save all sample calls: `of` names an estate and a home, `person` one of its people, the holder by default."""
    for row in office.data["calls"]:
        saved = save_call(office.seat, office.fields(CallFields, _fields(office, dict(row))))
        office.known.setdefault(("call",), saved.id)
        if row.get("follow_up"):
            office.known["call", row["follow_up"]] = saved.id


def _fields(office: SampleOffice, row: dict[str, Any]) -> dict[str, Any]:
    estate, *place = row.pop("of")
    person = row.pop("person", 0)
    if not place:
        return {**row, "estate": estate}
    unit_id = office.known["unit", estate, place[0]]
    who = unit_detail(office.seat, unit_id).households[0].members[person]
    return {**row, "resident": Called(unit_id, who.household_id, who.id).key}
