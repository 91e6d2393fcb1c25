"""Services on households, the holders of units; personal data is masked except for audited reveals and forms."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.seat import REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts import HouseholdEdit, HouseholdFields, HouseholdView
from fuyuan_desk.estates.records import Household, HouseholdPhone
from fuyuan_desk.estates.rules import checks
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.estates.service.own_entries import is_own_new_household
from fuyuan_desk.estates.service.rows import get_building, get_estate, get_unit
from fuyuan_desk.formats.id_numbers import id_doubt, mask_id
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.person import checked_person, mask_contact
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.kit.guards import gone, refuse_stale, refuse_while_used, refuse_wrong
from fuyuan_desk.kit.paging import Saved

# fields for `reveal`, besides `phone:0`, `phone:1`, …
REVEALED = ("head", "id_number", "contact")
_PHONE = "phone:"


def _household(session: Session, household_id: int) -> Household:
    row = session.get(Household, household_id)
    if row is None:
        raise gone()
    return row


def _phones(session: Session, household_ids: Iterable[int]) -> dict[int, list[str]]:
    numbers: dict[int, list[str]] = {}
    query = (
        select(HouseholdPhone.household_id, HouseholdPhone.number)
        .where(HouseholdPhone.household_id.in_(list(household_ids)))
        .order_by(HouseholdPhone.position, HouseholdPhone.id)
    )
    for household_id, number in session.execute(query):
        numbers.setdefault(household_id, []).append(number)
    return numbers


def first_phones(session: Session, household_ids: Sequence[int], unmasked: bool = False) -> dict[int, str]:
    """Return each household's first phone, masked unless stated."""
    return {
        household_id: numbers[0] if unmasked else mask_phone(numbers[0])
        for household_id, numbers in _phones(session, household_ids).items()
    }


def _fields(row: Household, phones: Sequence[str]) -> HouseholdFields:
    names = set(HouseholdFields.__dataclass_fields__) - {"phones"}
    return HouseholdFields(phones=tuple(phones), **{name: getattr(row, name) for name in names})


def _view(row: Household, phones: Sequence[str]) -> HouseholdView:
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
        moved_out_on=row.moved_out_on,
    )


def views_of_unit(session: Session, unit_id: int) -> tuple[HouseholdView, ...]:
    """Return a unit's households, masked, inside a running session."""
    rows = session.scalars(select(Household).where(Household.unit_id == unit_id).order_by(Household.id)).all()
    phones = _phones(session, [row.id for row in rows])
    return tuple(_view(row, phones.get(row.id, ())) for row in rows)


@permit(*REVEALERS)
def reveal(seat: Seat, household_id: int, field: str) -> str:
    """Return one personal value unmasked – `head`, `id_number`, `contact` or `phone:<n>` – and audit this."""
    with seat.transaction() as session:
        row = _household(session, household_id)
        if field in REVEALED:
            value = str(getattr(row, field))
        elif field.startswith(_PHONE) and field[len(_PHONE) :].isdecimal():
            numbers = _phones(session, [household_id]).get(household_id, [])
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
        row = _household(session, household_id)
        phones = _phones(session, [household_id]).get(household_id, [])
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
        row = Household() if household_id is None else _household(session, household_id)
        refuse_stale(row, version)
        kept = _phones(session, [household_id]).get(household_id, []) if household_id is not None else []
        holder = checked_person(fields.head, fields.phones, fields.id_kind, fields.id_number, kept)
        fields = checks.cleaned_household(fields, holder)
        refuse_wrong(checks.household_faults(fields, holder, seat.today()))
        values = asdict(replace(fields, phones=()))
        del values["phones"]
        for name, value in values.items():
            setattr(row, name, value)
        former = unit.id if household_id is None else row.unit_id
        row.unit_id, row.estate_id = unit.id, unit.estate_id
        has_other_phones = list(holder.phones) != kept
        if has_other_phones and household_id is not None:
            row.version += 1  # they are rows of their own: nothing else of the household may have changed
        session.add(row)
        session.flush()
        if has_other_phones:
            _set_phones(session, row.id, holder.phones)
        # a household that moves is no longer found at its former home
        search_entries.index_units(session, {former, unit.id})
        return Saved(row.id, row.version, (holder.doubt,) if holder.doubt else ())


def _set_phones(session: Session, household_id: int, numbers: Sequence[str]) -> None:
    for old in session.scalars(select(HouseholdPhone).where(HouseholdPhone.household_id == household_id)):
        session.delete(old)
    session.flush()
    session.add_all(
        HouseholdPhone(household_id=household_id, position=place, number=number)
        for place, number in enumerate(numbers)
    )
    session.flush()


def _address(session: Session, unit_id: int) -> str:
    unit = get_unit(session, unit_id)
    building, estate = get_building(session, unit.building_id), get_estate(session, unit.estate_id)
    return search_entries.unit_address(estate.name, building.label, unit.entrance, unit.label)


@permit(*WRITERS)
def remove_household(seat: Seat, household_id: int) -> str:
    """Remove a household with its phones, and return its masked name; with a second person.

    What the same operator added within the last day is a slip of hers that she takes back alone.
    """
    with seat.transaction() as session:
        row = _household(session, household_id)
        name = mask_name(row.head, row.is_company)
        refuse_while_used(session, row, name)
        if not is_own_new_household(seat, session, row):
            # by its place: the trail keeps this for ever, and a name would have to be erased from it one day
            place = _address(session, row.unit_id)
            seat.require_second(session, ProtectedAction.REMOVE_HOUSEHOLD, place)
        _set_phones(session, household_id, ())
        session.delete(row)
        session.flush()
        search_entries.index_units(session, [row.unit_id])
        return name
