"""What belongs to somebody in a household: to its holder, or to a person in it."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fuyuan_desk.estates.facts.people import HOLDER
from fuyuan_desk.estates.records import Household, HouseholdPhone, OwnerShare, Person, PersonPaper, PersonTag

Somebody = Household | Person
"""A household stands for its holder."""
Part = type[HouseholdPhone] | type[PersonPaper] | type[PersonTag] | type[OwnerShare]


def household_of(row: Somebody) -> tuple[int, int | None]:
    """Return the ids of the household and of the person that parts of somebody refer to, None for a holder."""
    return (row.id, None) if isinstance(row, Household) else (row.household_id, row.id)


def of_person(part: Part, row: Somebody) -> tuple[ColumnElement[Any], ...]:
    """Return the conditions that parts belong to somebody."""
    household_id, person_id = household_of(row)
    own = part.person_id.is_(None) if person_id is None else part.person_id == person_id
    return part.household_id == household_id, own


def phones_of(session: Session, household_ids: Collection[int]) -> dict[tuple[int, int], list[str]]:
    """Return the telephone numbers of households by household and person, in order; `HOLDER` stands for a holder."""
    numbers: dict[tuple[int, int], list[str]] = {}
    query = (
        select(HouseholdPhone.household_id, HouseholdPhone.person_id, HouseholdPhone.number)
        .where(HouseholdPhone.household_id.in_(household_ids))
        .order_by(HouseholdPhone.position, HouseholdPhone.id)
    )
    for household_id, person_id, number in session.execute(query):
        numbers.setdefault((household_id, person_id or HOLDER), []).append(number)
    return numbers


def set_phones(session: Session, row: Somebody, numbers: Sequence[str]) -> None:
    """Replace somebody's telephone numbers."""
    for old in session.scalars(select(HouseholdPhone).where(*of_person(HouseholdPhone, row))):
        session.delete(old)
    session.flush()
    household_id, person_id = household_of(row)
    session.add_all(
        HouseholdPhone(household_id=household_id, person_id=person_id, position=place, number=number)
        for place, number in enumerate(numbers)
    )
    session.flush()
