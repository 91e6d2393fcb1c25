"""The equipment of estates, from their facilities and buildings; for the jobs above."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.estates.rules.equipment import Premises, Recorded
from fuyuan_desk.estates.rules.places import PlaceKind, part_key
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.facilities.records import Facility, FacilityCheck
from fuyuan_desk.facilities.rules import EQUIPMENT, NOT_IN_SERVICE, FacilityKind, FacilityState


def premises_of(session: Session, estate_ids: Collection[int]) -> dict[int, Premises]:
    """Return the houses and the recorded equipment of estates by id; what was scrapped is not there."""
    query = select(Facility.estate_id, Facility.kind, Facility.building_id).where(
        Facility.estate_id.in_(estate_ids),
        Facility.kind.in_(list(EQUIPMENT)),
        Facility.state != FacilityState.SCRAPPED,
    )
    recorded: defaultdict[int, list[Recorded]] = defaultdict(list)
    for estate_id, kind, building_id in session.execute(query):
        recorded[estate_id].append(Recorded(EQUIPMENT[kind], building_id))
    houses = estates.houses_of(session, estate_ids)
    return {key: Premises(tuple(found), tuple(recorded[key])) for key, found in houses.items()}


@dataclass(frozen=True)
class InService:
    """A facility that is in service, with its kind and number as `name`; `due` is the day of its next check.

    `key` is that of its `Place`.
    """

    estate_id: int
    building_id: int | None
    name: str
    due: date | None
    key: str


def checks_since(
    session: Session, kind: str, estate_ids: Collection[int], party: str, since: date
) -> dict[tuple[int, str], list[date]]:
    """Return the days of the checks of facilities that a party had made since a day, by estate and name, in order."""
    query = (
        select(Facility.estate_id, Facility.kind, Facility.number, FacilityCheck.done_on)
        .join(FacilityCheck, FacilityCheck.facility_id == Facility.id)
        .where(
            Facility.kind == kind,
            Facility.estate_id.in_(estate_ids),
            FacilityCheck.party == party,
            FacilityCheck.done_on >= since,
        )
    )
    found: defaultdict[tuple[int, str], list[date]] = defaultdict(list)
    for row in session.execute(query.order_by(FacilityCheck.done_on)):
        found[row.estate_id, _name(row)].append(row.done_on)
    return found


def _name(row: Any) -> str:
    return f"{name_of(FacilityKind, row.kind)} {row.number}".strip()


@dataclass(frozen=True)
class Placed:
    """A facility that was not scrapped, with its kind and number as `name`; `building` is the uid, '' for none.

    `key` is that of its `Place`.
    """

    key: str
    building: str
    name: str


def placed(session: Session, estate_id: int) -> list[Placed]:
    """List the facilities of an estate in their natural order."""
    query = select(Facility).where(Facility.estate_id == estate_id, Facility.state != FacilityState.SCRAPPED)
    rows = session.scalars(query.order_by(Facility.order_key, Facility.id)).all()
    uids = _buildings(session, rows)
    return [Placed(_key(row, uids), uids.get(row.building_id or 0, ""), _name(row)) for row in rows]


def _buildings(session: Session, rows: Collection[Facility]) -> dict[int, str]:
    return estates.uids_of_buildings(
        session, {row.building_id for row in rows if row.building_id is not None}
    )


def _key(row: Facility, buildings: Mapping[int, str]) -> str:
    return part_key(buildings.get(row.building_id or 0, ""), PlaceKind.FACILITY, row.uid)


def in_service(session: Session, kind: str, estate_ids: Collection[int]) -> list[InService]:
    """List the facilities of a kind that are in service in some estates, in their natural order."""
    query = select(Facility).where(
        Facility.kind == kind,
        Facility.estate_id.in_(estate_ids),
        Facility.state.not_in(NOT_IN_SERVICE),
    )
    rows = session.scalars(query.order_by(Facility.estate_id, Facility.order_key, Facility.id)).all()
    uids = _buildings(session, rows)
    return [
        InService(row.estate_id, row.building_id, _name(row), row.next_check_on, _key(row, uids))
        for row in rows
    ]
