"""Residents for the jobs above: who is in a home now, what they are called, who has a tag with a rhythm of calls."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from fuyuan_desk.access.roles import Role
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.estates.facts.people import HOLDER, TagView
from fuyuan_desk.estates.records import Household, HouseholdPhone, Person, PersonTag, Tag, Unit
from fuyuan_desk.estates.rules.people import Relation, may_see
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.store.db import functions

ResidentId = tuple[int, int]
"""A household and a person in it, `HOLDER` for its holder."""


@dataclass(frozen=True)
class Resident:
    """Somebody who belongs to a home, masked; `relation` is '' for a holder or if it is not recorded."""

    unit_id: int
    household_id: int
    person_id: int
    name: str
    relation: str = ""

    @property
    def id(self) -> ResidentId:
        """Household and person."""
        return self.household_id, self.person_id


@dataclass(frozen=True)
class Tagged(Resident):
    """Somebody with tags that say how often to call, as tag and days; `tags` are all that the role may see."""

    estate_id: int = 0
    rhythms: tuple[tuple[int, int], ...] = ()
    tags: tuple[TagView, ...] = field(default=())


def residents_of(session: Session, unit_ids: Collection[int], today: date) -> dict[int, list[Resident]]:
    """Return who belongs to homes now, masked, by the id of the home: holders first, each with her household."""
    found: dict[int, list[Resident]] = defaultdict(list)
    households = session.scalars(
        select(Household)
        .where(Household.unit_id.in_(functions.keys(list(unit_ids))), _is_here(Household.moved_out_on, today))
        .order_by(Household.id)
    ).all()
    others: dict[int, list[Person]] = defaultdict(list)
    people = (
        select(Person)
        .where(
            Person.household_id.in_(functions.keys([row.id for row in households])),
            _is_here(Person.until_on, today),
        )
        .order_by(Person.position, Person.id)
    )
    for person in session.scalars(people):
        others[person.household_id].append(person)
    for row in households:
        holder = Resident(row.unit_id, row.id, HOLDER, mask_name(row.head, row.is_company))
        found[row.unit_id] += [holder, *(_other(row, person) for person in others[row.id])]
    return found


def _other(household: Household, person: Person) -> Resident:
    relation = name_of(Relation, person.relation) if person.relation else ""
    return Resident(household.unit_id, household.id, person.id, mask_name(person.name), relation)


def _is_here(left_on: Any, today: date) -> ColumnElement[bool]:
    return or_(left_on.is_(None), left_on > today)


def names_of(
    session: Session, ids: Collection[ResidentId], *, unmasked: bool = False
) -> dict[ResidentId, str]:
    """Return the names of residents, masked unless stated; who was removed is left out."""
    households = {household for household, _person in ids}
    people = {person for _household, person in ids if person != HOLDER}
    found: dict[ResidentId, str] = {}
    heads = select(Household.id, Household.head, Household.is_company)
    for row in session.execute(heads.where(Household.id.in_(functions.keys(list(households))))):
        found[row.id, HOLDER] = row.head if unmasked else mask_name(row.head, row.is_company)
    named = select(Person.id, Person.household_id, Person.name)
    for other in session.execute(named.where(Person.id.in_(functions.keys(list(people))))):
        found[other.household_id, other.id] = other.name if unmasked else mask_name(other.name)
    return {key: found[key] for key in ids if key in found}


def earlier_ids(session: Session, ids: Collection[ResidentId]) -> dict[ResidentId, ResidentId]:
    """Return who residents were before their home was passed on within the household: by name, in the former one.

    A home that is passed on begins a household on the day on which the former one ends, with records of its own.
    """
    former = aliased(Household)
    passed = select(Household.id, former.id).join(
        former, (former.unit_id == Household.unit_id) & (former.moved_out_on == Household.moved_in_on)
    )
    households = {household for household, _person in ids}
    pairs = session.execute(passed.where(Household.id.in_(functions.keys(list(households))))).all()
    others = select(Person.household_id, Person.id).where(
        Person.household_id.in_(functions.keys([old for _new, old in pairs]))
    )
    people: dict[int, list[ResidentId]] = {old: [(old, HOLDER)] for _new, old in pairs}
    for row in session.execute(others):
        people[row.household_id].append((row.household_id, row.id))
    names = names_of(session, [*ids, *(one for known in people.values() for one in known)], unmasked=True)
    earlier = {(new, names[one]): one for new, old in pairs for one in people[old]}
    return {one: earlier[key] for one in ids if (key := (one[0], names.get(one, ""))) in earlier}


def belongs(session: Session, unit_id: int, household_id: int, person_id: int) -> bool:
    """Return whether a household has or had this home, and the person belongs or belonged to it."""
    if session.scalar(select(Household.unit_id).where(Household.id == household_id)) != unit_id:
        return False
    if person_id == HOLDER:
        return True
    return session.scalar(select(Person.household_id).where(Person.id == person_id)) == household_id


def phone_of(session: Session, household_id: int, person_id: int) -> str:
    """Return the first telephone number of a resident as dialled, unmasked, '' if none is known."""
    query = select(HouseholdPhone.number).where(HouseholdPhone.household_id == household_id)
    whose = (
        HouseholdPhone.person_id.is_(None) if person_id == HOLDER else HouseholdPhone.person_id == person_id
    )
    return session.scalar(query.where(whose).order_by(HouseholdPhone.position).limit(1)) or ""


def estate_of_unit(session: Session, unit_id: int) -> int | None:
    """Return the id of the estate of a home, None if the home was removed."""
    return session.scalar(select(Unit.estate_id).where(Unit.id == unit_id))


def unit_of(session: Session, household_id: int) -> int | None:
    """Return the id of the home of a household, None if it was removed."""
    return session.scalar(select(Household.unit_id).where(Household.id == household_id))


def tagged_residents(session: Session, role: Role | None, today: date) -> list[Tagged]:
    """Return who is here and has a tag that says how often to call, of the tags that the role may see, masked."""
    visible = {
        tag.id: tag
        for tag in session.scalars(select(Tag).order_by(Tag.id))
        if role and may_see(tag.roles, role)
    }
    rhythms = {tag.id: tag.visit_every for tag in visible.values() if tag.visit_every and not tag.is_ended}
    if not rhythms:
        return []
    rows = session.execute(
        select(PersonTag.tag_id, Household, Person)
        .select_from(PersonTag)
        .join(Household, Household.id == PersonTag.household_id)
        .outerjoin(Person, Person.id == PersonTag.person_id)
        .where(_is_here(Household.moved_out_on, today), _is_here(Person.until_on, today))
        .order_by(PersonTag.tag_id)
    ).all()
    held: dict[ResidentId, list[int]] = defaultdict(list)
    known: dict[ResidentId, tuple[Household, Person | None]] = {}
    for tag_id, household, someone in rows:
        person: Person | None = someone  # an outer join
        key = (household.id, HOLDER if person is None else person.id)
        known[key] = (household, person)
        if tag_id in visible:
            held[key].append(tag_id)
    return [
        _tagged(
            known[key], [visible[one] for one in ids], {one: rhythms[one] for one in ids if one in rhythms}
        )
        for key, ids in held.items()
        if any(one in rhythms for one in ids)
    ]


def _tagged(who: tuple[Household, Person | None], tags: list[Tag], rhythms: dict[int, int]) -> Tagged:
    household, person = who
    base = (
        _other(household, person)
        if person is not None
        else Resident(
            household.unit_id, household.id, HOLDER, mask_name(household.head, household.is_company)
        )
    )
    return Tagged(
        base.unit_id,
        base.household_id,
        base.person_id,
        base.name,
        base.relation,
        household.estate_id,
        tuple(rhythms.items()),
        tuple(TagView(tag.id, tag.name, tag.look) for tag in tags),
    )
