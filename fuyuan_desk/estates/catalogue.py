"""Reads what the kind of house says of its equipment from `resources/estates/`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

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


def community_roster() -> Mapping[str, Any]:
    """Return the wording of a roster for 社区云: `columns`, systems of its numbers, roles, and the note beside it."""
    wording: Mapping[str, Any] = read_json("estates", "community_roster.json")
    return wording
