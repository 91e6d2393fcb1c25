"""Reads what the kind of house says of its equipment, and words of names, from `resources/estates/`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.estates.rules.equipment import Equipment, EquipmentRule
from fuyuan_desk.estates.rules.free_texts import NameWords


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


@cache
def name_words() -> NameWords:
    """Return by which words a name in a free text is known that no register has."""
    data = read_json("estates", "free_texts.json")
    return NameWords(
        frozenset((*data["surnames"], *data["long_surnames"])),
        data["never_within"],
        tuple(data["behind"]),
        tuple(data["before_number"]),
    )
