"""Services on households, the holders of units; personal data is masked except for audited reveals and forms."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import HOLDER, HouseholdEdit, HouseholdFields, HouseholdView, PersonView
from fuyuan_desk.estates.records import Household, OwnerShare, Person, Unit
from fuyuan_desk.estates.rules import checks
from fuyuan_desk.estates.service import people, search_entries, shares
from fuyuan_desk.estates.service.own_entries import is_own_new_household
from fuyuan_desk.estates.service.parts import phones_of, set_phones
from fuyuan_desk.estates.service.rows import address_of, get_household, get_unit
from fuyuan_desk.formats.id_numbers import id_doubt, mask_id
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.person import checked_person, mask_contact
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.kit.guards import refuse_stale, refuse_while_used, refuse_wrong
from fuyuan_desk.kit.paging import Saved

# fields for `reveal`, besides `phone:0`, `phone:1`, …
REVEALED = ("head", "id_number", "contact")
_PHONE = "phone:"


def first_phones(session: Session, household_ids: Sequence[int], unmasked: bool = False) -> dict[int, str]:
    """Return the first phone of each household's holder, masked unless stated."""
    return {
        household_id: numbers[0] if unmasked else mask_phone(numbers[0])
        for (household_id, person_id), numbers in phones_of(session, household_ids).items()
        if person_id == HOLDER
    }


def _fields(row: Household, phones: Sequence[str]) -> HouseholdFields:
    names = set(HouseholdFields.__dataclass_fields__) - {"phones"}
    return HouseholdFields(phones=tuple(phones), **{name: getattr(row, name) for name in names})


def faults_of(session: Session, row: Household, today: date) -> dict[str, str]:
    """Return what the form of a household would refuse as it is stored, by field."""
    phones = phones_of(session, [row.id]).get((row.id, HOLDER), [])
    fields = _fields(row, phones)
    holder = checked_person(fields.head, fields.phones, fields.id_kind, fields.id_number, phones)
    return checks.household_faults(checks.cleaned_household(fields, holder), holder, today)


def _view(row: Household, phones: Sequence[str], members: tuple[PersonView, ...]) -> HouseholdView:
    return HouseholdView(
        id=row.id,
        unit_id=row.unit_id,
        version=row.version,
        head=mask_name(row.head, row.is_company),
        is_company=row.is_company,
        role=row.role,
        id_kind=row.id_kind,
        id_number=mask_id(row.id_number),
        doubt=id_doubt(row.id_kind, row.id_number),
        phones=tuple(mask_phone(number) for number in phones),
        people=row.people,
        vacant=row.vacant,
        contact=mask_contact(row.contact),
        remarks=row.remarks,
        moved_in_on=row.moved_in_on,
        moved_out_on=row.moved_out_on,
        ended_how=row.ended_how,
        lease_from=row.lease_from,
        lease_until=row.lease_until,
        members=members,
    )


def views_of_unit(session: Session, unit_id: int, role: Role, today: date) -> tuple[HouseholdView, ...]:
    """Return a unit's households as an operator of a role sees them, masked, inside a running session.

    The present ones come first. The committee's remarks on people (living alone, for instance) are not for a property
    company.
    """
    rows = session.scalars(select(Household).where(Household.unit_id == unit_id)).all()
    rows = sorted(rows, key=lambda row: (row.moved_out_on is not None, row.id))
    phones = phones_of(session, [row.id for row in rows])
    members = people.members_of(session, rows, role, today)
    views = (_view(row, phones.get((row.id, HOLDER), ()), members[row.id]) for row in rows)
    return tuple(replace(view, remarks="") if role is Role.PROPERTY else view for view in views)


@permit(*REVEALERS)
def reveal(seat: Seat, household_id: int, field: str) -> str:
    """Return one personal value unmasked – `head`, `id_number`, `contact` or `phone:<n>` – and audit this."""
    with seat.transaction() as session:
        row = get_household(session, household_id)
        if field in REVEALED:
            value = str(getattr(row, field))
        elif field.startswith(_PHONE) and field[len(_PHONE) :].isdecimal():
            numbers = phones_of(session, [household_id]).get((household_id, HOLDER), [])
            place = int(field[len(_PHONE) :])
            if place >= len(numbers):
                raise NotFound(_("This number no longer exists. Reload the page."))
            value = numbers[place]
        else:
            raise ValueError(f"no such personal value: {field}")
        log_reveal(seat, session, Household.__tablename__, household_id, {"field": field})
        return value


@permit(*WRITERS)
def household_for_edit(seat: Seat, household_id: int) -> HouseholdEdit:
    """Return a household unmasked for its form, and audit this."""
    with seat.transaction() as session:
        row = get_household(session, household_id)
        phones = phones_of(session, [household_id]).get((household_id, HOLDER), [])
        log_reveal(seat, session, Household.__tablename__, household_id, {"field": "form"})
        return HouseholdEdit(row.id, row.unit_id, row.version, _fields(row, phones))


@permit(*WRITERS)
def save_household(
    seat: Seat,
    unit_id: int,
    fields: HouseholdFields,
    household_id: int | None = None,
    version: int | None = None,
) -> Saved:
    """Add a household to a unit, or update one that was read at `version`; return warnings."""
    with seat.transaction() as session:
        unit = get_unit(session, unit_id)
        row = Household() if household_id is None else get_household(session, household_id)
        refuse_stale(row, version)
        kept = (
            phones_of(session, [household_id]).get((household_id, HOLDER), [])
            if household_id is not None
            else []
        )
        holder = checked_person(fields.head, fields.phones, fields.id_kind, fields.id_number, kept)
        fields = checks.cleaned_household(fields, holder)
        refuse_wrong(checks.household_faults(fields, holder, seat.today()))
        doubts = checks.household_doubts(fields, unit.tenure, row.head if household_id is not None else "")
        former = unit.id if household_id is None else row.unit_id
        if household_id is not None:
            refuse_earlier_than_people(session, row, fields.moved_out_on, "moved_out_on")
        with shares.refused_when_shared_twice(session, unit.id, _share_field(fields), seat.today()):
            _write(session, row, unit, fields, list(holder.phones) != kept)
        # a household that moves is no longer found at its former home
        search_entries.index_units(session, {former, unit.id})
        return Saved(row.id, row.version, tuple(filter(None, (holder.doubt, *doubts))))


def _write(
    session: Session, row: Household, unit: Unit, fields: HouseholdFields, has_other_phones: bool
) -> None:
    values = asdict(replace(fields, phones=()))
    del values["phones"]
    left_on = row.moved_out_on
    for name, value in values.items():
        setattr(row, name, value)
    row.unit_id, row.estate_id = unit.id, unit.estate_id
    if has_other_phones and row.id is not None:
        row.version += 1  # they are rows of their own: nothing else of the household may have changed
    session.add(row)
    session.flush()
    people.follow(session, row, left_on)
    if has_other_phones:
        set_phones(session, row, fields.phones)


def refuse_earlier_than_people(session: Session, row: Household, on: date | None, field: str) -> None:
    """Raise `InvalidInput` for a field when somebody of a household came, or a share of its began, after its end."""
    if on is None:
        return
    people_came = select(Person.from_on).where(Person.household_id == row.id, Person.from_on > on)
    began = select(OwnerShare.from_on).where(OwnerShare.household_id == row.id, OwnerShare.from_on > on)
    later = [day for query in (people_came, began) for day in session.scalars(query) if day is not None]
    if later:
        message = _(
            "Somebody of the household came, or a share began, later: on {day}. Correct one of the two."
        )
        refuse_wrong({field: message.format(day=max(later).isoformat())})


def _share_field(fields: HouseholdFields) -> str:
    """Return the field that a clash of shares is told beside: an owner who is added, or one who is taken back."""
    return "moved_out_on" if fields.ended_how else "role"


@permit(*WRITERS)
def end_household(
    seat: Seat, household_id: int, on: date | None, how: str, version: int | None = None
) -> Saved:
    """End a household's time in its home on the first day that it is not there any more: sold, moved, lease ended …"""
    with seat.transaction() as session:
        row = get_household(session, household_id)
        refuse_stale(row, version)
        refuse_wrong(checks.end_faults(row.role, row.moved_in_on, on, how, seat.today()))
        refuse_earlier_than_people(session, row, on, "moved_out_on")
        left_on, row.moved_out_on, row.ended_how = row.moved_out_on, on, how
        session.flush()
        people.follow(session, row, left_on)
        search_entries.index_units(session, [row.unit_id])
        return Saved(row.id, row.version)


@permit(*WRITERS)
def remove_household(seat: Seat, household_id: int) -> str:
    """Remove a household with its people, and return its masked name; with a second person.

    What the same operator added within the last day is a slip of hers that she takes back alone.
    """
    with seat.transaction() as session:
        row = get_household(session, household_id)
        name = mask_name(row.head, row.is_company)
        refuse_while_used(session, row, name)
        if not is_own_new_household(seat, session, row):
            # by its place: the trail keeps this for ever, and a name would have to be erased from it one day
            place = address_of(session, row.unit_id)
            seat.require_second(session, ProtectedAction.REMOVE_HOUSEHOLD, place)
        people.remove_parts(session, [row])
        for person in session.scalars(select(Person).where(Person.household_id == household_id)):
            session.delete(person)
        session.flush()
        session.delete(row)
        session.flush()
        search_entries.index_units(session, [row.unit_id])
        return name
