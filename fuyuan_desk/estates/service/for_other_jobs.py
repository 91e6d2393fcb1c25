"""Queries of other jobs inside their own transaction: titles, counts, ids by uid."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.records import Building, Estate, Household, Person, Tag, Unit
from fuyuan_desk.estates.rules.equipment import House
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.estates.service.estates import describe_units
from fuyuan_desk.estates.service.rows import address_of, get_estate, get_unit
from fuyuan_desk.formats.address import natural_key
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.kit.guards import refuse_wrong


class Outline(NamedTuple):
    """A record in one line: its title and a distinguishing detail; personal data masked."""

    title: str
    detail: str = ""


@dataclass(frozen=True)
class Size:
    """Counts of an office's records."""

    estates: int
    units: int


def size(session: Session) -> Size:
    """Count estates and units."""
    estates = session.scalar(select(func.count(Estate.id)))
    return Size(estates or 0, session.scalar(select(func.count(Unit.id))) or 0)


def unit_order() -> Select[int, str]:
    """Select each unit's key as `id`, and as `order_key` what sorts it among all units; to be joined to."""
    return select(Unit.id, Unit.order_key)


def unit_places() -> Select[int, str, str, str]:
    """Select each unit's key as `id`, and its place as `building`, `entrance` and `label`; to be joined to."""
    return select(Unit.id, Building.label.label("building"), Unit.entrance, Unit.label).join(
        Building, Building.id == Unit.building_id
    )


def estate_names(session: Session) -> dict[int, str]:
    """Return all estate names by id, in natural order."""
    found = dict(session.execute(select(Estate.id, Estate.name)).all())
    return dict(sorted(found.items(), key=lambda pair: natural_key(pair[1])))


def estate_addresses(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the addresses of estates by id, "" where none is entered, skipping missing estates."""
    return dict(session.execute(select(Estate.id, Estate.address).where(Estate.id.in_(ids))).all())


def estate_of_uid(session: Session, uid: str) -> int | None:
    """Return an estate's id by its uid."""
    return session.scalar(select(Estate.id).where(Estate.uid == uid))


def unit_of_uid(session: Session, uid: str) -> int | None:
    """Return a unit's id by its uid."""
    return session.scalar(select(Unit.id).where(Unit.uid == uid))


def building_of_unit(session: Session, unit_id: int) -> int | None:
    """Return the id of a unit's building, None if the unit was removed."""
    return session.scalar(select(Unit.building_id).where(Unit.id == unit_id))


def place_of_unit(session: Session, unit_id: int) -> str:
    """Return where a unit is within its estate, "" if it was removed."""
    query = select(Building.label, Unit.entrance, Unit.label.label("room")).join(
        Building, Building.id == Unit.building_id
    )
    row = session.execute(query.where(Unit.id == unit_id)).one_or_none()
    return "" if row is None else f"{row.label}{row.entrance}{row.room}"


def building_names(session: Session) -> list[tuple[int, str, int]]:
    """Return key, name with that of its estate, and estate of all buildings, in natural order within an estate."""
    query = (
        select(Building.id, Estate.name, Building.label, Building.estate_id)
        .join(Estate, Estate.id == Building.estate_id)
        .order_by(Building.estate_id, Building.order_key, Building.id)
    )
    return [(row.id, f"{row.name} {row.label}", row.estate_id) for row in session.execute(query)]


def estate_of_building(session: Session, building_id: int) -> int | None:
    """Return the estate that a building belongs to, None if it is gone."""
    return session.scalar(select(Building.estate_id).where(Building.id == building_id))


def estate_of_unit(session: Session, unit_id: int) -> int:
    """Return the id of a unit's estate, or raise `NotFound`."""
    return get_unit(session, unit_id).estate_id


class Subject(NamedTuple):
    """What a file is about: its name and its uid; nobody is named."""

    name: str
    uid: str


def unit_subject(session: Session, unit_id: int) -> Subject:
    """Return a unit's address and uid, or raise `NotFound`."""
    return Subject(address_of(session, unit_id), get_unit(session, unit_id).uid)


def estate_subject(session: Session, estate_id: int) -> Subject:
    """Return an estate's name and uid, or raise `NotFound`."""
    row = get_estate(session, estate_id)
    return Subject(row.name, row.uid)


def estate_outlines(session: Session, ids: Collection[int]) -> dict[int, Outline]:
    """Return outlines of estates by id, skipping missing ones."""
    rows = session.execute(
        select(Estate.id, Estate.name, Estate.address, Estate.street).where(Estate.id.in_(ids))
    )
    return {row.id: Outline(row.name, row.address if row.address != row.name else row.street) for row in rows}


def building_outlines(session: Session, ids: Collection[int]) -> dict[int, Outline]:
    """Return outlines of buildings by id, skipping missing ones."""
    rows = session.execute(
        select(Building.id, Building.label, Estate.name)
        .join(Estate, Estate.id == Building.estate_id)
        .where(Building.id.in_(ids))
    )
    return {row.id: Outline(f"{row.name}{row.label}") for row in rows}


def labels_of_buildings(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the labels of buildings by id, skipping missing ones."""
    return dict(session.execute(select(Building.id, Building.label).where(Building.id.in_(ids))).all())


def uids_of_buildings(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the uids of buildings by id, skipping missing ones."""
    return dict(session.execute(select(Building.id, Building.uid).where(Building.id.in_(ids))).all())


def houses_of(session: Session, estate_ids: Collection[int]) -> dict[int, list[House]]:
    """Return the houses of estates by id; an estate without buildings is one house of its own kind, with the id 0."""
    kinds = dict(session.execute(select(Estate.id, Estate.house_kind).where(Estate.id.in_(estate_ids))).all())
    found: dict[int, list[House]] = {key: [] for key in kinds}
    rows = session.execute(
        select(
            Building.estate_id, Building.id, Building.house_kind, Building.floors, Building.has_lift
        ).where(Building.estate_id.in_(kinds))
    )
    for row in rows:
        kind = row.house_kind or kinds[row.estate_id]
        found[row.estate_id].append(House(row.id, kind, row.floors, row.has_lift))
    return {key: houses or [House(0, kinds[key], None, None)] for key, houses in found.items()}


class Gate(NamedTuple):
    """A building, or one of its gates (门号); `entrance` is empty for a building of one gate.

    `building_key` is the key of the building's `Place`.
    """

    building_id: int
    building: str
    entrance: str
    building_key: str


def gates_of(session: Session, estate_ids: Collection[int]) -> dict[int, list[Gate]]:
    """Return the gates of estates by id, in natural order; a building whose units name no gate is one."""
    rows = session.execute(
        select(
            Building.estate_id, Building.id, Building.uid, Building.label, Building.order_key, Unit.entrance
        )
        .outerjoin(Unit, Unit.building_id == Building.id)
        .where(Building.estate_id.in_(estate_ids))
        .distinct()
    ).all()
    found: dict[int, list[Gate]] = {}
    for row in sorted(rows, key=lambda row: (row.order_key, row.id, natural_key(row.entrance or ""))):
        found.setdefault(row.estate_id, []).append(Gate(row.id, row.label, row.entrance or "", row.uid))
    return found


class Part(NamedTuple):
    """A home of an estate with its building, both by uid and as written; `label` is '' for a building without homes."""

    building_uid: str
    building: str
    entrance: str = ""
    uid: str = ""
    label: str = ""


def parts_of(session: Session, estate_id: int) -> list[Part]:
    """Return the homes of an estate with their buildings in natural order."""
    rows = session.execute(
        select(Building.uid, Building.label, Unit.entrance, Unit.uid.label("unit"), Unit.label.label("room"))
        .outerjoin(Unit, Unit.building_id == Building.id)
        .where(Building.estate_id == estate_id)
        .order_by(Building.order_key, Building.id, Unit.order_key)
    )
    return [Part(row.uid, row.label, row.entrance or "", row.unit or "", row.room or "") for row in rows]


def refuse_foreign_place(session: Session, estate_id: int, building_id: int | None) -> None:
    """Raise `InvalidInput` when the estate was removed, or the building does not belong to it."""
    if session.scalar(select(Estate.id).where(Estate.id == estate_id)) is None:
        refuse_wrong({"estate_id": _("This estate is no longer there. Choose another one.")})
    if building_id is None:
        return
    if session.scalar(select(Building.estate_id).where(Building.id == building_id)) != estate_id:
        refuse_wrong({"building_id": _("This building does not belong to the estate. Choose it again.")})


def unit_outlines(session: Session, ids: Collection[int]) -> dict[int, Outline]:
    """Return outlines of units by id with masked holders, skipping missing ones."""
    return {
        choice.id: Outline(choice.address, choice.holders) for choice in describe_units(session, list(ids))
    }


def person_outlines(session: Session, ids: Collection[int]) -> dict[int, Outline]:
    """Return masked outlines of persons by id, with their home as detail, skipping missing ones."""
    rows = session.execute(
        select(Person.id, Person.household_id, Person.name).where(Person.id.in_(ids))
    ).all()
    homes = household_outlines(session, {row.household_id for row in rows})
    return {
        row.id: Outline(mask_name(row.name), homes[row.household_id].detail)
        for row in rows
        if row.household_id in homes
    }


def tag_outlines(session: Session, ids: Collection[int]) -> dict[int, Outline]:
    """Return outlines of tags by id, skipping missing ones."""
    return {
        row.id: Outline(row.name) for row in session.execute(select(Tag.id, Tag.name).where(Tag.id.in_(ids)))
    }


def household_outlines(session: Session, ids: Collection[int]) -> dict[int, Outline]:
    """Return masked outlines of households by id, skipping missing ones."""
    rows = session.execute(
        select(
            Household.id,
            Household.head,
            Household.is_company,
            Unit.entrance,
            Unit.label,
            Building.label.label("building"),
            Estate.name,
        )
        .join(Unit, Unit.id == Household.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .join(Estate, Estate.id == Unit.estate_id)
        .where(Household.id.in_(ids))
    )
    return {
        row.id: Outline(
            mask_name(row.head, row.is_company),
            search_entries.unit_address(row.name, row.building, row.entrance, row.label),
        )
        for row in rows
    }
