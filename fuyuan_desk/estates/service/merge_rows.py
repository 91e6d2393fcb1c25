"""Moving what belongs to one home, household or person to another one, whatever job it belongs to."""

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.records import (
    Building,
    Household,
    HouseholdPhone,
    OwnerShare,
    Person,
    PersonPaper,
    PersonTag,
    Unit,
)
from fuyuan_desk.estates.rules import same
from fuyuan_desk.estates.rules.people import Period
from fuyuan_desk.estates.service.parts import Part, Somebody, household_of, of_person
from fuyuan_desk.kit.merging.references import references_to
from fuyuan_desk.store.db.base import Record

_HOUSEHOLD, _PERSON, _UNIT = "household", "person", "unit"
# parts that say the same twice when somebody has two of them that are alike; two halves of a home are no such parts
_SAME: tuple[tuple[Part, Callable[[Any], Hashable]], ...] = (
    (HouseholdPhone, lambda row: row.number),
    (PersonPaper, lambda row: row.number),
    (PersonTag, lambda row: row.tag_id),
)


def _columns(table: str) -> dict[type[Record], str]:
    """Return the column by which each class of records refers to a table."""
    return {one.model: one.column.key for one in references_to(table)}


def move_everything(session: Session, source: Somebody, target: Somebody, unit_id: int) -> None:
    """Let everything of somebody, of every job, be another one's, who lives in a home; each part stays once."""
    households, units = _columns(_HOUSEHOLD), _columns(_UNIT)
    household_id, person_id = household_of(target)
    for model, column in _columns(_PERSON).items():
        of: Any = model
        own = getattr(of, column)
        if isinstance(source, Person):
            mine = [own == source.id]
        else:
            mine = [getattr(of, households[model]) == source.id, own.is_(None)]
        last = max((row.position for row in _parts(session, model, target)), default=-1)
        for row in session.scalars(select(of).where(*mine).order_by(of.id)).all():
            setattr(row, column, person_id)
            setattr(row, households[model], household_id)
            if model in units:
                setattr(row, units[model], unit_id)
            if hasattr(row, "position"):
                last += 1
                row.position = last
    session.flush()
    _drop_repeated(session, target)


def _parts(session: Session, model: type[Record], of: Somebody) -> list[Any]:
    if model not in (HouseholdPhone, PersonPaper):
        return []
    return list(session.scalars(select(model).where(*of_person(model, of))))


def _drop_repeated(session: Session, row: Somebody) -> None:
    for part, key in _SAME:
        seen: set[Hashable] = set()
        for one in session.scalars(select(part).where(*of_person(part, row)).order_by(part.id)).all():
            if key(one) in seen:
                session.delete(one)
            seen.add(key(one))
    session.flush()


def move_people(session: Session, source: Household, target: Household) -> None:
    """Let the people of one household, with all that is theirs, belong to another one, after those who are there."""
    people = select(Person).where(Person.household_id == target.id)
    last = max((person.position for person in session.scalars(people)), default=0)
    moved = select(Person).where(Person.household_id == source.id).order_by(Person.position, Person.id)
    for person in session.scalars(moved).all():
        last += 1
        person.position = last
    session.flush()
    # whatever names a person of the household names the household as well
    for reference in references_to(_HOUSEHOLD):
        model: Any = reference.model
        for row in session.scalars(select(model).where(reference.column == source.id)).all():
            setattr(row, reference.column.key, target.id)
    session.flush()


def follow_person(session: Session, person_id: int) -> set[int]:
    """Let everything of a person be where she is, after a merge that moved her was undone; return the homes concerned.

    What was added to her meanwhile still names the household where she was.
    """
    person = session.get(Person, person_id)
    if person is None:
        return set()
    household = session.get_one(Household, person.household_id)
    found = {household.unit_id}
    households, units = _columns(_HOUSEHOLD), _columns(_UNIT)
    for model, column in _columns(_PERSON).items():
        of: Any = model
        other = getattr(of, households[model]) != household.id
        for row in session.scalars(select(of).where(getattr(of, column) == person_id, other)).all():
            setattr(row, households[model], household.id)
            if model in units:
                found.add(getattr(row, units[model]))
                setattr(row, units[model], household.unit_id)
    session.flush()
    return found


def keep_in_estate(session: Session, unit_id: int) -> None:
    """Let a home be in the estate of its building, and what refers to it in its estate: it may have moved meanwhile."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        return
    unit.estate_id = session.get_one(Building, unit.building_id).estate_id
    for reference in references_to(_UNIT):
        model: Any = reference.model
        if hasattr(model, "estate_id"):
            astray = (reference.column == unit_id, model.estate_id != unit.estate_id)
            for row in session.scalars(select(model).where(*astray)).all():
                row.estate_id = unit.estate_id
    session.flush()


def refuse_two_shares(session: Session, row: Somebody) -> None:
    """Raise `Conflict` when somebody holds two shares of a home at the same time."""
    shares = list(session.scalars(select(OwnerShare).where(*of_person(OwnerShare, row))))
    times = [Period(share.from_on, share.until_on) for share in shares]
    for number, time in enumerate(times):
        if any(same.overlap(time, other) for other in times[number + 1 :]):
            raise Conflict(
                _(
                    "Both hold a share of the home at the same time. Put the shares right first, then merge them."
                )
            )
