"""The places of an estate inside a running transaction, and how a record is found by its place."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.estates.rules.places import Place, PlaceKind, gate_key, part_key, place_named
from fuyuan_desk.estates.service.for_other_jobs import Part, gates_of, parts_of
from fuyuan_desk.facilities.service.equipment import Placed, placed

_Text = str | InstrumentedAttribute[str]


def key_of(text: str, places: Sequence[Place]) -> str:
    """Return the key of the place that a text names, '' if it names none."""
    place = place_named(text, places)
    return "" if place is None else place.key


def places_of(session: Session, estate_id: int) -> list[Place]:
    """Return the places of an estate: buildings, gates, facilities, homes."""
    parts = parts_of(session, estate_id)
    buildings = {part.building_uid: part.building for part in parts}
    with in_chinese():  # the text is the same whatever the language of the screen is
        facilities = placed(session, estate_id)
    return [
        *(Place(PlaceKind.BUILDING, uid, label) for uid, label in buildings.items()),
        *_gates(parts),
        *(_facility(one, buildings) for one in facilities),
        *(
            Place(
                PlaceKind.UNIT,
                part_key(part.building_uid, PlaceKind.UNIT, part.uid),
                f"{part.building}{part.entrance}{part.label}",
            )
            for part in parts
            if part.uid
        ),
    ]


def _gates(parts: Iterable[Part]) -> list[Place]:
    gates = dict.fromkeys(
        (part.building_uid, part.building, part.entrance) for part in parts if part.entrance
    )
    return [
        Place(PlaceKind.GATE, gate_key(uid, entrance), f"{label}{entrance}") for uid, label, entrance in gates
    ]


def _facility(one: Placed, buildings: dict[str, str]) -> Place:
    text = f"{buildings.get(one.building, '')}{one.name}"
    return Place(PlaceKind.FACILITY, one.key, text, one.name)


def written_now(session: Session, keys: Collection[tuple[int, str]]) -> dict[str, str]:
    """Return how buildings, gates and facilities are written now by key, omitting those that are gone.

    The keys are given with their estates.
    """
    found: dict[str, str] = {}
    for gates in gates_of(session, {estate for estate, key in keys if key}).values():
        for gate in gates:
            found[gate.building_key] = gate.building
            found[gate_key(gate.building_key, gate.entrance)] = gate.building + gate.entrance
    for estate in {estate for estate, key in keys if key and key not in found}:
        with in_chinese():
            found |= {one.key: one.name for one in placed(session, estate)}
    return {key: found[key] for _estate, key in keys if key in found}


def is_at(of: Any, key: _Text, text: _Text) -> ColumnElement[bool]:
    """Return `RecordedPlace.is_same` as a condition: of the place of a table's rows, and of another one.

    A place recorded without a key may be one that was not there yet: another one may be called today as it was.
    """
    other = literal(key) if isinstance(key, str) else key
    has_none = or_(of.place_key == "", other == "")
    return or_(and_(of.place_key == other, other != ""), and_(has_none, of.place == text))
