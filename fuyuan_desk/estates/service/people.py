"""Services on the people of households; personal data is masked except for audited reveals and forms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import HOLDER, PersonEdit, PersonFields, PersonView, TagView
from fuyuan_desk.estates.records import (
    Household,
    HouseholdPhone,
    OwnerShare,
    Person,
    PersonPaper,
    PersonTag,
)
from fuyuan_desk.estates.rules import people as rules
from fuyuan_desk.estates.rules.people_checks import cleaned_person, person_faults
from fuyuan_desk.estates.service import search_entries, shares, tags
from fuyuan_desk.estates.service.own_entries import is_own_new_record
from fuyuan_desk.estates.service.parts import Somebody, household_of, of_person, phones_of, set_phones
from fuyuan_desk.estates.service.rows import address_of, get_household
from fuyuan_desk.formats.id_numbers import parse_id_number
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.person import Person as Checked
from fuyuan_desk.formats.person import checked_person
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.kit.guards import gone, refuse_stale, refuse_while_used, refuse_wrong
from fuyuan_desk.kit.paging import Saved

_PHONE = "phone:"
_NEW = -1
ALIKE = (
    "sex", "born_on", "id_kind", "id_number", "registered_at", "registered_here", "lives_here", "is_emergency",
    "has_key", "may_publish", "consented_on",
)  # fmt: skip
"""The columns that households, for their holders, and persons have alike, besides `other_ids`."""
_OF_PERSONS = ("name", "relation", "from_on", "until_on", "remarks")


# --- as shown


@dataclass
class _Known:
    """What is stored of the people of some households beside their rows, by household and person."""

    people: dict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    phones: Mapping[tuple[int, int], Sequence[str]] = field(default_factory=dict)
    owning: dict[tuple[int, int], shares.Owning] = field(default_factory=dict)
    tags: Mapping[tuple[int, int], tuple[TagView, ...]] = field(default_factory=dict)


def members_of(
    session: Session, households: Sequence[Household], role: Role, day: date
) -> dict[int, tuple[PersonView, ...]]:
    """Return the people of households as an operator of a role sees them, the holder first, those who left last.

    Ages and shares are those of `day`.
    """
    known = _known(session, households, role, day)
    found = {}
    for household in households:
        others = [_view(household, person, known, day) for person in known.people[household.id]]
        # the committee's remarks on people are not for a property company
        shown = [replace(view, remarks="") for view in others] if role is Role.PROPERTY else others
        shown.sort(key=lambda view: not view.is_current)
        found[household.id] = (_view(household, None, known, day), *shown)
    return found


def _known(session: Session, households: Sequence[Household], role: Role, day: date) -> _Known:
    known = _Known()
    ids = [household.id for household in households]
    rows = select(Person).where(Person.household_id.in_(ids)).order_by(Person.position, Person.id)
    for person in session.scalars(rows):
        known.people[person.household_id].append(person)
    known.phones = phones_of(session, ids)
    for owners in shares.owners_on(session, {household.unit_id for household in households}, day).values():
        known.owning |= {(one.household.id, one.person.id if one.person else HOLDER): one for one in owners}
    known.tags = tags.tags_of_people(session, ids, role)
    return known


def _view(household: Household, person: Person | None, known: _Known, day: date) -> PersonView:
    row = person or household
    key = (household.id, person.id if person else HOLDER)
    owning = known.owning.get(key)
    period = shares.period_of(household, person)
    born, sex = rules.birth_and_sex(row.id_number)
    born = row.born_on or born
    return PersonView(
        id=key[1],
        household_id=household.id,
        name=mask_name(person.name) if person else mask_name(household.head, household.is_company),
        is_company=person is None and household.is_company,
        relation=person.relation if person else "",
        sex=row.sex or sex,
        age=None if born is None else rules.age_on(born, day),
        phones=tuple(map(mask_phone, known.phones.get(key, ()))),
        share=rules.show_share(owning.share if owning is not None else None),
        is_voter=owning is not None and owning.is_voter,
        lives_here=row.lives_here,
        residence=rules.residence(row.lives_here, row.registered_here) or "",
        is_emergency=row.is_emergency,
        has_key=row.has_key,
        from_on=period.start,
        until_on=period.end,
        is_current=period.covers(day),
        tags=known.tags.get(key, ()),
        remarks=person.remarks if person else "",
    )


# --- one person


def _person(session: Session, household_id: int, person_id: int) -> Person:
    row = session.get(Person, person_id)
    if row is None or row.household_id != household_id:
        raise gone()
    return row


def _somebody(session: Session, household_id: int, person_id: int) -> Somebody:
    household = get_household(session, household_id)
    return household if person_id == HOLDER else _person(session, household_id, person_id)


@permit(*REVEALERS)
def reveal_person(seat: Seat, household_id: int, person_id: int, what: str) -> str:
    """Return a person's `name` or `phone:<n>` unmasked, and audit this; those of a holder are the household's."""
    with seat.transaction() as session:
        row = _person(session, household_id, person_id)
        if what == "name":
            value = row.name
        elif what.startswith(_PHONE) and what[len(_PHONE) :].isdecimal():
            numbers = phones_of(session, [household_id]).get((household_id, person_id), [])
            place = int(what[len(_PHONE) :])
            if place >= len(numbers):
                raise NotFound(_("This number no longer exists. Reload the page."))
            value = numbers[place]
        else:
            raise ValueError(f"no such personal value: {what}")
        log_reveal(seat, session, Person.__tablename__, row.id, {"field": what})
        return value


@permit(*WRITERS)
def person_for_edit(seat: Seat, household_id: int, person_id: int) -> PersonEdit:
    """Return a person – `HOLDER` for the holder – unmasked for her form, and audit this."""
    with seat.transaction() as session:
        row = _somebody(session, household_id, person_id)
        fields = fields_of(session, row, seat.operator.role)
        log_reveal(seat, session, row.__tablename__, row.id, {"field": "form"})
        is_company = isinstance(row, Household) and row.is_company
        return PersonEdit(household_id, person_id, row.version, fields, is_company)


def fields_of(session: Session, row: Somebody, role: Role) -> PersonFields:
    """Return the data of somebody, unmasked, with the tags that an operator of a role may see."""
    household_id, person_id = household_of(row)
    fields = PersonFields(
        phones=tuple(phones_of(session, [household_id]).get((household_id, person_id or HOLDER), ())),
        papers=tuple(paper.number for paper in _papers(session, row)),
        tags=tuple(tags.tag_ids(session, row, role)),
        other_ids=tuple((row.other_ids or {}).items()),
        **{name: getattr(row, name) for name in ALIKE},
        **({name: getattr(row, name) for name in _OF_PERSONS} if isinstance(row, Person) else {}),
    )
    return replace(fields, name=row.head) if isinstance(row, Household) else fields


def faults_of(session: Session, row: Somebody, today: date) -> dict[str, str]:
    """Return what the form of somebody would refuse as it is stored, by field."""
    fields = fields_of(session, row, Role.ADMIN)
    checked = checked_person(fields.name, fields.phones, fields.id_kind, fields.id_number, fields.phones)
    household = get_household(session, household_of(row)[0])
    is_holder = isinstance(row, Household)
    return person_faults(
        cleaned_person(fields, checked), checked, shares.period_of(household), today, is_holder
    )


def _papers(session: Session, row: Somebody) -> Sequence[PersonPaper]:
    return session.scalars(
        select(PersonPaper).where(*of_person(PersonPaper, row)).order_by(PersonPaper.position)
    ).all()


@permit(*WRITERS)
def save_person(
    seat: Seat,
    household_id: int,
    fields: PersonFields,
    person_id: int | None = None,
    version: int | None = None,
) -> Saved:
    """Add a person to a household, or update one – `HOLDER` for its holder – that was read at `version`.

    Returns the version of the row that she stands in, with warnings.
    """
    with seat.transaction() as session:
        household = get_household(session, household_id)
        row = _new(session, household) if person_id is None else _somebody(session, household_id, person_id)
        refuse_stale(row, version)
        key = (household_id, _NEW if person_id is None else person_id)
        kept = phones_of(session, [household_id]).get(key, [])
        checked = checked_person(fields.name, fields.phones, fields.id_kind, fields.id_number, kept)
        fields = cleaned_person(fields, checked)
        time = shares.period_of(household)
        refuse_wrong(person_faults(fields, checked, time, seat.today(), isinstance(row, Household)))
        if list(checked.phones) != kept and person_id is not None:
            row.version += 1  # they are rows of their own: nothing else of the person may have changed
        with shares.refused_when_shared_twice(session, household.unit_id, "until_on", seat.today()):
            _write(session, row, fields, checked)
        if list(checked.phones) != kept:
            set_phones(session, row, checked.phones)
        _write_papers(session, row, fields.papers)
        tags.set_tags(session, row, fields.tags, seat.operator.role)
        search_entries.index_units(session, [household.unit_id])
        doubts = [checked.doubt, *(parse_id_number(number).doubt for number in fields.papers)]
        saved_id = row.id if isinstance(row, Person) else HOLDER
        return Saved(saved_id, row.version, tuple(filter(None, doubts)))


def _new(session: Session, household: Household) -> Person:
    taken = session.scalars(select(Person.position).where(Person.household_id == household.id))
    return Person(household_id=household.id, position=max(taken, default=0) + 1)


def _write(session: Session, row: Somebody, fields: PersonFields, checked: Checked) -> None:
    for name in ALIKE:
        setattr(row, name, getattr(fields, name))
    row.other_ids = dict(fields.other_ids) or None
    if isinstance(row, Household):
        row.head = checked.name
    else:
        for name in _OF_PERSONS:
            setattr(row, name, getattr(fields, name))
        session.add(row)
    session.flush()


def _write_papers(session: Session, row: Somebody, numbers: Sequence[str]) -> None:
    present = _papers(session, row)
    if [paper.number for paper in present] == list(numbers):
        return
    for old in present:
        session.delete(old)
    session.flush()
    household_id, person_id = household_of(row)
    session.add_all(
        PersonPaper(
            household_id=household_id,
            person_id=person_id,
            position=place,
            kind=parse_id_number(number).kind,
            number=number,
        )
        for place, number in enumerate(numbers)
    )


# --- removing, and leaving with the household


@permit(*WRITERS)
def remove_person(seat: Seat, household_id: int, person_id: int) -> str:
    """Remove a person who is no holder, and return her masked name; with a second person.

    What the same operator added within the last day is a slip of hers that she takes back alone.
    """
    with seat.transaction() as session:
        household = get_household(session, household_id)
        row = _person(session, household_id, person_id)
        name = mask_name(row.name)
        refuse_while_used(session, row, name)
        if not is_own_new_record(seat, session, Person.__tablename__, row.id):
            # by the place: the trail keeps this for ever, and a name would have to be erased from it one day
            place = address_of(session, household.unit_id)
            seat.require_second(session, ProtectedAction.REMOVE_HOUSEHOLD, place)
        remove_parts(session, [row])
        session.delete(row)
        session.flush()
        search_entries.index_units(session, [household.unit_id])
        return name


def remove_parts(session: Session, people: Iterable[Somebody]) -> None:
    """Remove what belongs to people: telephones, papers, tags and shares; of a household that of everybody in it."""
    for row in people:
        for model in (HouseholdPhone, PersonPaper, PersonTag, OwnerShare):
            owned = model.household_id == row.id if isinstance(row, Household) else model.person_id == row.id
            for part in session.scalars(select(model).where(owned)):
                session.delete(part)
    session.flush()


def follow(session: Session, household: Household, former: date | None) -> None:
    """Let the people of a household leave with it, or come back when the day it left, `former`, is corrected."""
    if household.moved_out_on == former:
        return
    for person in session.scalars(select(Person).where(Person.household_id == household.id)):
        if person.until_on == former:
            person.until_on = household.moved_out_on
    session.flush()
