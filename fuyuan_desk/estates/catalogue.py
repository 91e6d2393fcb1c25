"""Reads what the kind of house says of its equipment from `resources/estates/`."""

from collections.abc import Mapping
from functools import cache

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.estates.rules.equipment import Equipment, EquipmentRule


@cache
def equipment_rules() -> Mapping[Equipment, EquipmentRule]:
    """Return the rule of each kind of equipment."""
    return {
        Equipment(entry["key"]): EquipmentRule(
            entry["name"],
            entry["name_en"],
            entry["if_there"],
            entry["if_there_en"],
            frozenset(entry["absent_in"]),
            entry["absent_up_to"],
            frozenset(entry["present_in"]),
        )
        for entry in read_json("estates", "equipment.json")["equipment"]
    }
