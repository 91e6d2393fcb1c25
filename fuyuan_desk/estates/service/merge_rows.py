"""Moving what belongs to one home, household or person to another one, whatever job it belongs to."""

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.records import Household, HouseholdPhone, OwnerShare, Person, PersonPaper, PersonTag
from fuyuan_desk.estates.rules import same
from fuyuan_desk.estates.rules.people import Period
from fuyuan_desk.estates.service.parts import Part, Somebody, household_of, of_person
from fuyuan_desk.estates.service.rows import get_unit
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
    estate_id = get_unit(session, unit_id).estate_id
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
            if hasattr(row, "estate_id"):
                row.estate_id = estate_id
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
