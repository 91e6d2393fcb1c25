"""Reads the ladder of duties (参考值) from `resources/standards/`.

Its cells are short codes that can be counted and compared; what is shown and printed are the sentences beside them.
"""

from functools import cache
from typing import Any

from fuyuan_desk.core.paths import read_json
from fuyuan_desk.estates.rules.equipment import Equipment
from fuyuan_desk.standards.rules import (
    CellKind,
    Duty,
    Frequency,
    Ladder,
    Season,
    Tier,
    TimeLimit,
    read_day_night,
    read_frequencies,
    read_limits,
)


@cache
def ladders() -> tuple[Ladder, ...]:
    """Return all versions of the ladder, the newest last."""
    data = read_json("standards", "ladder.json")["ladders"]
    return tuple(sorted((_ladder(version) for version in data), key=lambda ladder: ladder.version))


def ladder(version: str = "") -> Ladder:
    """Return the ladder of a version; the newest if none is given or it no longer exists."""
    return next((candidate for candidate in ladders() if candidate.version == version), ladders()[-1])


def _ladder(data: dict[str, Any]) -> Ladder:
    tiers = [Tier(tier["key"]) for tier in data["tiers"]]
    return Ladder(
        version=data["version"],
        reference=data["reference"],
        note=data["note"],
        note_en=data["note_en"],
        duties={
            tier: tuple(_duty(item, column) for item in data["items"]) for column, tier in enumerate(tiers)
        },
        untiered=tuple(_untiered(item) for item in data["untiered"]),
        names={Tier(tier["key"]): tier["name"] for tier in data["tiers"]},
    )


def _duty(item: dict[str, Any], column: int) -> Duty:
    cell = item["cells"][column]
    season = item.get("season")
    return Duty(
        item=item["key"],
        group=item["group"],
        group_en=item["group_en"],
        name=item["name"],
        name_en=item["name_en"],
        text=item["sentences"][column],
        text_en=item["sentences_en"][column],
        frequencies=_frequencies(CellKind(item["kind"]), cell),
        limits=_limits(item, cell),
        season=season and Season(season["from"], season["to"], season["text"], season["text_en"]),
        rank=column,
        needs=_needs(item),
    )


def _frequencies(kind: CellKind, cell: str) -> tuple[Frequency, ...]:
    if kind is CellKind.FREQUENCY:
        return read_frequencies(cell)
    if kind is CellKind.DAY_NIGHT:
        return read_day_night(cell)
    return (Frequency(int(cell), 1, "year"),) if kind is CellKind.PER_YEAR else ()


def _limits(item: dict[str, Any], cell: str) -> tuple[TimeLimit, ...]:
    return read_limits(item["limits"], cell) if item["kind"] == CellKind.LIMITS else ()


def _needs(item: dict[str, Any]) -> Equipment | None:
    return Equipment(item["needs"]) if "needs" in item else None


def _untiered(item: dict[str, Any]) -> Duty:
    return Duty(
        item=item["key"],
        group="",
        group_en="",
        name=item["name"],
        name_en=item["name_en"],
        text=item["text"],
        text_en=item["text_en"],
        frequencies=read_frequencies(item["cell"]),
        clauses=tuple(item["clauses"]),
        needs=_needs(item),
    )
