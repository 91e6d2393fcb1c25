"""The subjects of visits: estates, and the records of higher jobs by their tables."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.catalogue import equipment_rules
from fuyuan_desk.estates.rules.equipment import Premises, Presences, presences, presences_in
from fuyuan_desk.estates.rules.places import RecordedPlace, gate_key
from fuyuan_desk.estates.service import estates
from fuyuan_desk.estates.service.for_other_jobs import Gate, estate_names, gates_of
from fuyuan_desk.facilities.service.equipment import premises_of
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules.visits import SheetScope, SubjectKind
from fuyuan_desk.store.db.base import Base
from fuyuan_desk.store.guards import scope

_GONE = N_("The subject of the visit no longer exists. Choose it again.")
# the tables of subjects; those of higher jobs are known by name only
SUBJECT_TABLES = {SubjectKind.ESTATE: "estate", SubjectKind.RENOVATION: "renovation_case"}


@permit(*EVERYONE)
def estate_subjects(seat: Seat, estate_ids: Iterable[int] | None = None) -> tuple[Subject, ...]:
    """Return the subjects of estate rounds, by default of all estates."""
    ids = [row.id for row in estates.list_estates(seat).rows] if estate_ids is None else list(estate_ids)
    with seat.reading() as session:
        gates = gates_of(session, ids)
        return tuple(
            _estate_subject(session, estate_id, gates.get(estate_id, ()), seat.today()) for estate_id in ids
        )


def estate_subject(session: Session, estate_id: int, today: date) -> Subject:
    """Return the subject of an estate round, inside a running transaction."""
    return _estate_subject(session, estate_id, gates_of(session, [estate_id]).get(estate_id, ()), today)


def _estate_subject(session: Session, estate_id: int, gates: Collection[Gate], today: date) -> Subject:
    estate = estates.estate_summary(session, estate_id, today)
    # street and committee are in the head of the sheet; one more row and the checklist would need a second page
    facts = [("物业服务企业", estate.property_company)]
    return Subject(
        SubjectKind.ESTATE,
        estate.id,
        subject_row(session, SubjectKind.ESTATE, estate_id).uid,
        estate.id,
        estate.name,
        estate.name,
        estate.address or estate.name,
        facts=tuple(fact for fact in facts if fact[1]),
        buildings=len({gate.building_id for gate in gates}) or 1,
        gates=len(gates) or 1,
    )


def in_places(session: Session, subjects: Iterable[Subject], scope: SheetScope) -> Iterator[Subject]:
    """Yield the subjects of the sheets: each estate whole, or once for each of its buildings or gates.

    Other subjects, and estates without a building, stay whole.
    """
    wanted = list(subjects)
    divided = {subject.id for subject in wanted if subject.kind is SubjectKind.ESTATE}
    gates = {} if scope is SheetScope.ESTATE else gates_of(session, divided)
    for subject in wanted:
        places = gates.get(subject.id, ()) if subject.kind is SubjectKind.ESTATE else ()
        with_gates = scope is SheetScope.GATE
        ordered = dict.fromkeys(place_of_gate(gate, with_gates=with_gates) for gate in places)
        yield from (
            [
                replace(subject, building_id=building, place=place.text, place_key=place.key)
                for building, place in ordered
            ]
            or [subject]
        )


def place_of_gate(gate: Gate, *, with_gates: bool) -> tuple[int, RecordedPlace]:
    """Return the building of a gate, and the place of a visit to that gate or, without gates, to the building."""
    entrance = gate.entrance if with_gates else ""
    key = gate_key(gate.building_key, entrance)
    return gate.building_id, RecordedPlace(key, gate.building + entrance)


@permit(*EVERYONE)
def equipment_of_all(seat: Seat) -> dict[int, Presences]:
    """Return what equipment each estate has, by its key."""
    with seat.reading() as session:
        premises = premises_of(session, list(estate_names(session)))
    return {key: presences(found, equipment_rules()) for key, found in premises.items()}


def equipment_at(session: Session, estate_id: int, building_id: int | None) -> Presences:
    """Return what equipment an estate or one of its buildings has, inside a running transaction."""
    return equipment_of_places(session, [(estate_id, building_id)])[estate_id, building_id]


def equipment_of_places(
    session: Session, places: Collection[tuple[int, int | None]]
) -> dict[tuple[int, int | None], Presences]:
    """Return what equipment estates, or their buildings where one is named, have by estate and building."""
    premises = premises_of(session, list({estate for estate, _building in places}))
    found = {}
    for estate, building in set(places):
        own = premises.get(estate, Premises())
        found[estate, building] = (
            presences(own, equipment_rules())
            if building is None
            else presences_in(own, building, equipment_rules())
        )
    return found


def subject_row(session: Session, kind: SubjectKind, subject_id: int) -> Any:
    """Return the row of a subject's table, inside a running transaction."""
    table = Base.metadata.tables[SUBJECT_TABLES[kind]]
    query = select(table).where(table.c.id == subject_id, scope.limit(session, table))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(_(_GONE))
    return row


def refuse_foreign(session: Session, subject: Subject) -> None:
    """Raise `NotFound` for a subject that is gone, out of the operator's reach, or of another estate than it says."""
    row = subject_row(session, subject.kind, subject.id)
    if subject.estate_id != (row.id if subject.kind is SubjectKind.ESTATE else row.estate_id):
        raise NotFound(_(_GONE))
