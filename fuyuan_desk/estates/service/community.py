"""The people of estates as 社区云 lists them, for exchange with it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export, export_rows
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.core.texts import in_chinese
from fuyuan_desk.estates.catalogue import community_roster
from fuyuan_desk.estates.facts.people import HOLDER, TagView
from fuyuan_desk.estates.records import Building, Estate, Household, HouseholdPhone, Person, Unit
from fuyuan_desk.estates.rules.people import Relation
from fuyuan_desk.estates.service import tags
from fuyuan_desk.formats.address import full_address
from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.person import mask_contact
from fuyuan_desk.formats.phones import mask_phone

CommunityRow = tuple[str, ...]
"""The cells of somebody, in the order of the columns."""
_AT_ONCE = 5_000
_Key = tuple[int, int]


@dataclass
class _Known:
    """What belongs to the people beside their rows, by household and person."""

    wording: Mapping[str, Any]
    unmasked: bool
    people: dict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    phones: dict[_Key, list[str]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[_Key, tuple[TagView, ...]] = field(default_factory=dict)


@permit(*WRITERS)
def community_for_export(seat: Seat, order: ExportOrder, estate_id: int | None) -> Export[CommunityRow]:
    """Return who belongs to an estate now, or to all, in the columns of 社区云, and audit this.

    Names and numbers are masked, and tags, remarks and numbers of other systems left out, unless the order is for
    unmasked data and a second person agrees. Whose data was anonymised is left out.
    """
    with undisturbed(), seat.transaction() as session, in_chinese():
        rows = tuple(_rows(seat, session, estate_id, order.unmasked))
        table = Household.__tablename__
        return export_rows(seat, session, order, table, rows, filtered=estate_id is not None)


def _rows(seat: Seat, session: Session, estate_id: int | None, unmasked: bool) -> Iterator[CommunityRow]:
    here = [_is_here(Household.moved_out_on, seat.today()), Household.anonymised_on.is_(None)]
    if estate_id is not None:
        here.append(Household.estate_id == estate_id)
    known = _known(seat, session, here, unmasked)
    homes = (
        select(Household, Estate.name, Building.label, Unit.entrance, Unit.label, Unit.other_ids)
        .join(Unit, Unit.id == Household.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .join(Estate, Estate.id == Unit.estate_id)
        .where(*here)
        .order_by(Unit.estate_id, Unit.order_key, Household.id)
    )
    for household, estate, building, entrance, unit, home_ids in session.execute(homes):
        address = full_address(estate, building, entrance + unit)
        home = (address, _number(home_ids, known.wording["home_id"], known))
        everybody = [None, *known.people[household.id]]
        for person in everybody:
            yield _row(household, person, home, known)


def _known(seat: Seat, session: Session, here: Sequence[ColumnElement[bool]], unmasked: bool) -> _Known:
    known = _Known(community_roster(), unmasked)
    people = (
        select(Person)
        .join(Household, Household.id == Person.household_id)
        .where(*here, _is_here(Person.until_on, seat.today()), Person.anonymised_on.is_(None))
        .order_by(Person.position, Person.id)
    )
    for person in session.scalars(people):
        known.people[person.household_id].append(person)
    phones = (
        select(HouseholdPhone.household_id, HouseholdPhone.person_id, HouseholdPhone.number)
        .join(Household, Household.id == HouseholdPhone.household_id)
        .where(*here)
        .order_by(HouseholdPhone.position)
    )
    for household_id, person_id, number in session.execute(phones):
        known.phones[household_id, person_id or HOLDER].append(number)
    if unmasked:
        ids = session.scalars(select(Household.id).where(*here)).all()
        for start in range(0, len(ids), _AT_ONCE):
            known.tags |= tags.tags_of_people(session, ids[start : start + _AT_ONCE], seat.operator.role)
    return known


def _is_here(left_on: Any, today: date) -> ColumnElement[bool]:
    return or_(left_on.is_(None), left_on > today)


def _row(household: Household, person: Person | None, home: tuple[str, str], known: _Known) -> CommunityRow:
    somebody = person or household
    key = (household.id, HOLDER if person is None else person.id)
    helper = _helper(household, person, known)
    whole = known.unmasked
    registered = somebody.registered_at
    return (
        _number(somebody.other_ids, known.wording["person_id"], known),
        _name(household, person, known),
        somebody.id_number if whole else mask_id(somebody.id_number),
        _phones(key, known),
        registered if whole else mask_contact(registered),
        _number(somebody.other_ids, known.wording["living_id"], known),
        *home,
        _answer(somebody.lives_here, known),
        _kind(household, person, known),
        "、".join(tag.name for tag in known.tags.get(key, ())),
        "",
        *helper,
        somebody.remarks if whole else "",
    )


def _helper(household: Household, person: Person | None, known: _Known) -> tuple[str, str]:
    """Return name and telephones of who is called in an emergency, somebody else of the household."""
    candidates: list[Person | None] = [None] if household.is_emergency else []
    candidates += [other for other in known.people[household.id] if other.is_emergency]
    for other in candidates:
        if other is not person:
            key = (household.id, HOLDER if other is None else other.id)
            return _name(household, other, known), _phones(key, known)
    return "", ""


def _name(household: Household, person: Person | None, known: _Known) -> str:
    name = household.head if person is None else person.name
    return name if known.unmasked else mask_name(name, person is None and household.is_company)


def _phones(key: _Key, known: _Known) -> str:
    numbers = known.phones.get(key, [])
    return "/".join(numbers if known.unmasked else map(mask_phone, numbers))


def _number(other_ids: Mapping[str, str] | None, system: str, known: _Known) -> str:
    return (other_ids or {}).get(system, "") if known.unmasked else ""


def _answer(value: bool | None, known: _Known) -> str:
    return "" if value is None else str(known.wording["yes" if value else "no"])


def _kind(household: Household, person: Person | None, known: _Known) -> str:
    if person is not None:
        return name_of(Relation, person.relation) if person.relation else ""
    return str(known.wording["roles"].get(household.role, ""))
