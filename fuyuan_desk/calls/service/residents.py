"""Whom a call was on: finding her, naming her, and refusing who does not belong there."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.seat import STAFF, WRITERS, Seat, permit
from fuyuan_desk.calls.facts import NewCall
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import UnitChoice
from fuyuan_desk.estates.facts.people import HOLDER
from fuyuan_desk.estates.service import estates, residents
from fuyuan_desk.estates.service.for_other_jobs import unit_outlines
from fuyuan_desk.estates.service.residents import Resident
from fuyuan_desk.kit.book import Found, Option
from fuyuan_desk.kit.guards import gone

_MOST_HOMES = 8


@permit(*WRITERS)
def find_residents(seat: Seat, text: str) -> tuple[Found, ...]:
    """Find whom a call was on, by address, holder, Pinyin or phone tail: who is in each home, then the home itself."""
    homes = estates.find_units(seat, text)[:_MOST_HOMES]
    with seat.reading() as session:
        known = residents.residents_of(session, [home.id for home in homes], seat.today())
    return tuple(found for home in homes for found in _found(home, known.get(home.id, ())))


def _found(home: UnitChoice, people: Iterable[Resident]) -> Iterable[Found]:
    for one in people:
        called = Called(home.id, one.household_id, one.person_id)
        detail = f"{one.name}（{one.relation}）" if one.relation else one.name
        yield Found(called.key, home.address, detail, home.meant)
    yield Found(Called(home.id).key, home.address, _("nobody in particular"), home.meant)


@permit(*STAFF)
def staff_options(seat: Seat) -> tuple[Option, ...]:
    """Return the operators of the office, who may have called."""
    with seat.reading() as session:
        rows = session.execute(
            select(OperatorRow.id, OperatorRow.name)
            .where(OperatorRow.active, OperatorRow.role != "property")
            .order_by(OperatorRow.id)
        )
        return tuple(Option(row.id, row.name) for row in rows)


@permit(*WRITERS)
def new_call(seat: Seat, household_id: int, person_id: int = HOLDER) -> NewCall:
    """Return what the form of a call on somebody is filled with."""
    with seat.reading() as session:
        unit_id = residents.unit_of(session, household_id)
        if unit_id is None or not residents.belongs(session, unit_id, household_id, person_id):
            raise gone()
        called = Called(unit_id, household_id, person_id)
        estate_id = residents.estate_of_unit(session, unit_id)
        assert estate_id is not None
        return NewCall(estate_id, called.key, titles(session, [called.key])[called.key])


# --- for the services of this job


def titles(session: Session, keys: Collection[str]) -> dict[str, str]:
    """Return how residents are shown in a form, masked: home and name."""
    homes, names = homes_of(session, keys), names_of(session, keys)
    return {
        key: f"{homes.get(key, '')}  {names.get(key) or _('nobody in particular')}".strip()
        for key in keys
        if key
    }


def homes_of(session: Session, keys: Collection[str]) -> dict[str, str]:
    """Return the addresses of residents."""
    called = _called(keys)
    homes = unit_outlines(session, {one.unit_id for one in called.values()})
    return {key: homes[one.unit_id].title for key, one in called.items() if one.unit_id in homes}


def names_of(session: Session, keys: Collection[str], *, unmasked: bool = False) -> dict[str, str]:
    """Return the names of residents, masked unless stated; a home alone has none."""
    called = {key: one for key, one in _called(keys).items() if one.household_id}
    ids = {(one.household_id, one.person_id) for one in called.values()}
    names = residents.names_of(session, ids, unmasked=unmasked)
    return {key: names.get((one.household_id, one.person_id), "") for key, one in called.items()}


def _called(keys: Iterable[str]) -> dict[str, Called]:
    return {key: called for key in keys if (called := Called.of(key)) is not None}


def fault(session: Session, key: str, estate_id: int | None) -> str:
    """Return why a call cannot be on somebody in an estate (None: not chosen), '' if it can."""
    called = Called.of(key)
    if called is None:
        return ""
    found = residents.estate_of_unit(session, called.unit_id)
    if found is None:
        return _("This home is no longer there. Choose it again.")
    if estate_id is not None and found != estate_id:
        return _("This home is in another estate. Choose it again, or change the estate.")
    if called.household_id and not residents.belongs(session, *called):
        return _("This person does not belong to the home any more. Choose her again.")
    return ""
