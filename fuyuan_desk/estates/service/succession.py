"""A home that passes on within its household: from the holder to one of its people, who keeps the others with her."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.records import Household, HouseholdPhone, Person, PersonPaper, PersonTag
from fuyuan_desk.estates.rules import checks
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.estates.service import people, search_entries, shares
from fuyuan_desk.estates.service.households import refuse_earlier_than_people
from fuyuan_desk.estates.service.parts import Part, Somebody, household_of, of_person
from fuyuan_desk.estates.service.rows import get_household
from fuyuan_desk.kit.guards import refuse_stale, refuse_wrong
from fuyuan_desk.kit.paging import Saved

# what goes along with somebody; shares do not: who inherits what is for the deed to say
_ALONG: tuple[tuple[Part, tuple[str, ...]], ...] = (
    (HouseholdPhone, ("position", "number")),
    (PersonPaper, ("position", "kind", "number")),
    (PersonTag, ("tag_id",)),
)
_OF_MOVED = (*people.ALIKE, "people", "contact", "remarks", "other_ids")
"""What a household keeps when it moves to another home."""
_FIELDS = {"moved_out_on": "on", "ended_how": "how"}


@permit(*WRITERS)
def pass_on(
    seat: Seat,
    household_id: int,
    to: int | None,
    on: date | None,
    how: str,
    former_stays: bool,
    version: int | None = None,
) -> Saved:
    """End a household on a day, and begin one whose holder is the person `to`, with everybody else who is there.

    The former one stays as history with its people. `former_stays`: its holder goes on living there, among the others,
    whose relation to the new holder is then unknown, except between spouses. Returns the new household.
    """
    with seat.transaction() as session:
        household = get_household(session, household_id)
        refuse_stale(household, version)
        ends = checks.end_faults(household.role, household.moved_in_on, on, how, seat.today())
        faults = {_FIELDS[name]: fault for name, fault in ends.items()}
        present = {} if on is None else _present(session, household, on)
        if to not in present:
            faults["to"] = _("Choose somebody of the household who is there on that day.")
        refuse_wrong(faults)
        refuse_earlier_than_people(session, household, on, "on")
        assert to is not None
        heir = present.pop(to)
        former, household.moved_out_on, household.ended_how = household.moved_out_on, on, how
        made = _succeeding(household, heir, on)
        session.add(made)
        session.flush()
        _copy_parts(session, heir, made)
        others: list[Somebody] = [*present.values(), *([household] if former_stays else [])]
        _copy_people(session, others, made, on, keeps_relations=heir.relation == Relation.SPOUSE)
        session.flush()
        people.follow(session, household, former)
        search_entries.index_units(session, [household.unit_id])
        return Saved(made.id, made.version)


def go_along(session: Session, former: Household, made: Household) -> None:
    """Let everything of a household that moved belong to the one in its new home, too: its people, numbers and remarks.

    What the new one says itself stays.
    """
    for name in _OF_MOVED:
        if not getattr(made, name):
            setattr(made, name, getattr(former, name))
    there = {
        row.number for row in session.scalars(select(HouseholdPhone).where(*of_person(HouseholdPhone, made)))
    }
    for part, columns in _ALONG:
        if part is not HouseholdPhone or not there:
            _copy_part(session, part, columns, former, made)
    persons = select(Person).where(Person.household_id == former.id, Person.until_on.is_(None))
    present = session.scalars(persons.order_by(Person.position, Person.id)).all()
    _copy_people(session, present, made, made.moved_in_on, keeps_relations=True)
    session.flush()


def _present(session: Session, household: Household, day: date) -> dict[int, Person]:
    rows = session.scalars(
        select(Person).where(Person.household_id == household.id).order_by(Person.position, Person.id)
    )
    return {row.id: row for row in rows if shares.period_of(household, row).covers(day)}


def _succeeding(household: Household, heir: Person, on: date | None) -> Household:
    return Household(
        unit_id=household.unit_id,
        estate_id=household.estate_id,
        head=heir.name,
        role=household.role,
        people=household.people,
        vacant=household.vacant,
        moved_in_on=on,
        lease_from=household.lease_from,
        lease_until=household.lease_until,
        remarks=heir.remarks,
        **_alike(heir),
    )


def _alike(row: Somebody) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in people.ALIKE}
    return values | {"other_ids": dict(row.other_ids) if row.other_ids else None}


def _copy_people(
    session: Session, others: Iterable[Somebody], made: Household, on: date | None, keeps_relations: bool
) -> None:
    for place, row in enumerate(others, start=1):
        copied = Person(
            household_id=made.id,
            position=place,
            name=row.head if isinstance(row, Household) else row.name,
            relation=_relation(row, keeps_relations),
            from_on=on,
            remarks="" if isinstance(row, Household) else row.remarks,
            **_alike(row),
        )
        session.add(copied)
        session.flush()
        _copy_parts(session, row, copied)


def _relation(row: Somebody, keeps_relations: bool) -> str:
    if not keeps_relations:
        return ""
    return Relation.SPOUSE if isinstance(row, Household) else row.relation


def _copy_parts(session: Session, source: Somebody, target: Somebody) -> None:
    for part, columns in _ALONG:
        _copy_part(session, part, columns, source, target)


def _copy_part(
    session: Session, part: Part, columns: Sequence[str], source: Somebody, target: Somebody
) -> None:
    household_id, person_id = household_of(target)
    for row in session.scalars(select(part).where(*of_person(part, source))):
        values: Mapping[str, Any] = {name: getattr(row, name) for name in columns}
        session.add(part(household_id=household_id, person_id=person_id, **values))
