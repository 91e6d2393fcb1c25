"""Reads the statutory checks from `resources/facilities/`."""

from typing import Any

from fuyuan_desk.core import law
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import language
from fuyuan_desk.facilities.rules import Interval, Item


def items() -> dict[str, Item]:
    """Return all statutory checks by key, in the language of the screen."""
    return {data["key"]: _item(data) for data in read_json("facilities", "checks.json")["items"]}


def items_of(kind: str) -> dict[str, Item]:
    """Return the statutory checks of a kind of facility by key."""
    return {key: item for key, item in items().items() if item.kind == kind}


def basis(item: Item) -> str:
    """Return the clauses of an item as they are cited in the language of the screen."""
    clauses = [law.clause(ref) for ref in item.clauses]
    if language().startswith("zh"):
        return law.cite(clauses)
    return "; ".join(clause.label_en for clause in clauses)


def _item(data: dict[str, Any]) -> Item:
    suffix = "" if language().startswith("zh") else "_en"
    return Item(
        data["key"],
        data["kind"],
        data["name" + suffix],
        data["certificate" + suffix],
        Interval(data["every"], data["unit"]),
        data["first"],
        data["days_ahead"],
        tuple(data["clauses"]),
    )
