"""Who owns a home, by what share, since when, and who votes for the owners."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.people import HOLDER, ShareRow, Shares
from fuyuan_desk.estates.records import Household, OwnerShare, Person, Unit
from fuyuan_desk.estates.rules import people as rules
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import Owner, Period, Relation
from fuyuan_desk.estates.service.rows import get_unit
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.kit.guards import refuse_wrong

SHARE = "share:"
"""The field of a form for somebody's share: followed by the household's id, a colon and the person's."""


@dataclass(frozen=True)
class Owning:
    """An owner on a day: the share, None if it is not recorded, and how long she has had it."""

    household: Household
    person: Person | None
    share: Fraction | None
    is_voter: bool
    period: Period

    @property
    def name(self) -> str:
        """The name as shown, masked."""
        if self.person is not None:
            return mask_name(self.person.name)
        return mask_name(self.household.head, self.household.is_company)


def period_of(household: Household, person: Person | None = None) -> Period:
    """Return the time of a household, or of a person in it."""
    own = Period(household.moved_in_on, household.moved_out_on)
    if person is None:
        return own
    return rules.both(own, Period(person.from_on, person.until_on))


def owners_on(session: Session, unit_ids: Collection[int], day: date) -> dict[int, list[Owning]]:
    """Return the owners of units on a day, holders first.

    A recorded share says itself from when it holds and until when, wherever its owner lives; it ends with the household
    at the latest. Where none of a household was ever recorded, its holder owns while the household is there.
    """
    return {
        unit: [one for one in owning if one.period.covers(day)]
        for unit, owning in owners_ever(session, unit_ids).items()
    }


def owners_ever(session: Session, unit_ids: Collection[int]) -> dict[int, list[Owning]]:
    """Return everybody who owns or owned units, each with the time of it, holders first."""
    households = session.scalars(
        select(Household)
        .where(Household.unit_id.in_(unit_ids), Household.role == HoldingRole.OWNER)
        .order_by(Household.id)
    ).all()
    tenures = dict(session.execute(select(Unit.id, Unit.tenure).where(Unit.id.in_(unit_ids))).all())
    owning = [row for row in households if rules.is_owner(row.role, tenures.get(row.unit_id, ""))]
    shares = _shares(session, [row.id for row in owning])
    found: dict[int, list[Owning]] = defaultdict(list)
    for row in owning:
        found[row.unit_id] += _of_household(row, shares.get(row.id, ()))
    return found


def _shares(
    session: Session, household_ids: Collection[int]
) -> dict[int, list[tuple[OwnerShare, Person | None]]]:
    found: dict[int, list[tuple[OwnerShare, Person | None]]] = defaultdict(list)
    rows = session.execute(
        select(OwnerShare, Person)
        .outerjoin(Person, Person.id == OwnerShare.person_id)
        .where(OwnerShare.household_id.in_(household_ids))
        .order_by(OwnerShare.id)
    )
    for share, person in rows:
        found[share.household_id].append((share, person))
    return found


def _of_household(household: Household, shares: Sequence[tuple[OwnerShare, Person | None]]) -> list[Owning]:
    own = period_of(household)
    owners = [
        Owning(
            household,
            person,
            Fraction(share.share),
            share.is_voter,
            rules.both(Period(share.from_on or household.moved_in_on, share.until_on), Period(None, own.end)),
        )
        for share, person in shares
    ]
    owners.sort(key=lambda one: (one.person is not None, one.person.position if one.person else 0))
    return owners or [Owning(household, None, None, False, own)]


def fault_of(owners: Sequence[Owning]) -> str:
    """Return what is wrong with the shares of a home's owners together, '' for nothing."""
    return rules.share_fault([Owner(one.name, one.share) for one in owners])


def fault_ever(owners: Sequence[Owning], today: date) -> str:
    """Return what was or is wrong with the shares of a home's owners on the first day on which it is, or ''."""
    days = {today, *(one.period.start for one in owners if one.period.start is not None)}
    ends = (one.period.end for one in owners if one.period.end is not None)
    days.update(end - timedelta(days=1) for end in ends)
    for day in sorted(days):
        if fault := fault_of([one for one in owners if one.period.covers(day)]):
            when = "" if day == today else _("On {day}: ").format(day=day.isoformat())
            return when + fault
    return ""


def doubt_of(owners: Sequence[Owning]) -> str:
    """Return what is not known of the shares of a home's owners, '' for nothing."""
    return rules.share_doubt([Owner(one.name, one.share) for one in owners])


@contextmanager
def refused_when_shared_twice(session: Session, unit_id: int, field: str, today: date) -> Iterator[None]:
    """Raise `InvalidInput` for a field when what is written in this block makes the owners hold more than the whole.

    A home whose shares were wrong before, as a roster may leave them, can be corrected step by step.
    """

    def fault() -> str:
        return fault_ever(owners_ever(session, [unit_id]).get(unit_id, ()), today)

    was_wrong = fault()
    yield
    session.flush()
    if not was_wrong and (text := fault()):
        refuse_wrong({field: text})


# --- their form


def _candidates(session: Session, unit: Unit, today: date) -> list[tuple[Household, Person | None]]:
    """Return everybody of the households that own a home today, the holders first in theirs.

    Who has left but still has a share is one of them: to live elsewhere is not to sell.
    """
    households = session.scalars(
        select(Household).where(Household.unit_id == unit.id).order_by(Household.id)
    ).all()
    found: list[tuple[Household, Person | None]] = []
    for household in households:
        end = Period(None, household.moved_out_on)
        if not rules.is_owner(household.role, unit.tenure) or not end.covers(today):
            continue
        holding = {row.person_id for row in _current(session, [household.id], today)}
        found.append((household, None))
        members = select(Person).where(Person.household_id == household.id)
        found += [
            (household, person)
            for person in session.scalars(members.order_by(Person.position, Person.id))
            if person.id in holding or Period(None, person.until_on).covers(today)
        ]
    return found


def _key(household_id: int, person: Person | None) -> tuple[int, int]:
    return household_id, HOLDER if person is None else person.id


def _current(session: Session, household_ids: Collection[int], today: date) -> list[OwnerShare]:
    rows = session.scalars(select(OwnerShare).where(OwnerShare.household_id.in_(household_ids)))
    return [row for row in rows if Period(row.from_on, row.until_on).covers(today)]


def _stamp(rows: Iterable[OwnerShare]) -> str:
    return ",".join(sorted(f"{row.id}.{row.version}" for row in rows))


def _told(household: Household, person: Person | None) -> str:
    """Return who somebody is, masked, so that relatives of one name can be told apart."""
    row = person or household
    name = mask_name(person.name) if person else mask_name(household.head, household.is_company)
    relation = name_of(Relation, person.relation) if person and person.relation else ""
    born, _sex = rules.birth_and_sex(row.id_number)
    born = row.born_on or born
    tail = f"…{row.id_number[-4:]}" if row.id_number else ""
    return _(", ").join(filter(None, (name, relation, str(born.year) if born else "", tail)))


@permit(*WRITERS)
def shares_of_unit(seat: Seat, unit_id: int) -> Shares:
    """Return the shares of a home as of today, with everybody of the households that own it, masked."""
    with seat.reading() as session:
        unit = get_unit(session, unit_id)
        people = _candidates(session, unit, seat.today())
        current = _current(session, {household.id for household, _person in people}, seat.today())
        shares = {(row.household_id, row.person_id or HOLDER): row for row in current}
        rows = []
        for household, person in people:
            row = shares.get(_key(household.id, person))
            share = "" if row is None else row.share
            voter = row is not None and row.is_voter
            rows.append(ShareRow(*_key(household.id, person), _told(household, person), share, voter))
        days = {row.from_on for row in current}
        return Shares(unit_id, tuple(rows), days.pop() if len(days) == 1 else None, _stamp(current))


@permit(*WRITERS)
def save_shares(
    seat: Seat,
    unit_id: int,
    typed: Mapping[tuple[int, int], str],
    voter: tuple[int, int] | None,
    since: date | None = None,
    is_change: bool = False,
    stamp: str | None = None,
) -> str:
    """Set the shares of a home's owners, by household and person, as typed; return what they leave open.

    A change ends the former shares on the day `since`, and they stay as history; otherwise they are corrected, with
    the day since when they hold, None if it is unknown. Shares that were changed since `stamp` was handed out are
    refused, and so are those that make up more than the whole on any day.
    """
    with seat.transaction() as session:
        unit = get_unit(session, unit_id)
        people = _candidates(session, unit, seat.today())
        current = _current(session, {household.id for household, _person in people}, seat.today())
        if stamp is not None and stamp != _stamp(current):
            raise Conflict(_("Somebody else changed these shares meanwhile. Open them again."))
        wanted = _read(typed, {_key(household.id, person) for household, person in people})
        _refuse(wanted, voter, since, is_change, current, seat.today())
        _write(session, current, wanted, voter, since, is_change)
        session.flush()
        ever = owners_ever(session, [unit_id]).get(unit_id, [])
        if fault := fault_ever(ever, seat.today()):
            refuse_wrong({_field(key): fault for key in list(wanted)[:1]} or {"since": fault})
        return doubt_of([one for one in ever if one.period.covers(seat.today())])


def _field(key: tuple[int, int]) -> str:
    return f"{SHARE}{key[0]}:{key[1]}"


def _read(
    typed: Mapping[tuple[int, int], str], known: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Fraction]:
    faults, wanted = {}, {}
    for key, text in typed.items():
        try:
            share = rules.read_share(text)
        except ValueError as reason:
            faults[_field(key)] = str(reason)
            continue
        if share is not None and key not in known:
            faults[_field(key)] = _("This person does not own the home any more. Open the shares again.")
        elif share is not None:
            wanted[key] = share
    refuse_wrong(faults)
    return wanted


def _refuse(
    wanted: Mapping[tuple[int, int], Fraction],
    voter: tuple[int, int] | None,
    since: date | None,
    is_change: bool,
    current: Sequence[OwnerShare],
    today: date,
) -> None:
    faults = {}
    if voter is not None and voter not in wanted:
        faults["voter"] = _("Only somebody with a share can vote for the owners. Enter the share first.")
    begun = max((row.from_on for row in current if row.from_on is not None), default=None)
    if since is not None and since > today:
        faults["since"] = _("The day is in the future. Enter it once it has come.")
    elif is_change and since is None:
        faults["since"] = _("Enter the day of the change, or correct the shares without one.")
    elif is_change and since is not None and begun is not None and since <= begun:
        faults["since"] = _(
            "The present shares began on {day}. Enter a later day, or correct them instead."
        ).format(day=begun.isoformat())
    refuse_wrong(faults)


def _write(
    session: Session,
    current: Sequence[OwnerShare],
    wanted: Mapping[tuple[int, int], Fraction],
    voter: tuple[int, int] | None,
    since: date | None,
    is_change: bool,
) -> None:
    waiting = dict(wanted)
    for row in current:
        key = (row.household_id, row.person_id or HOLDER)
        share = waiting.get(key)
        is_same = share == Fraction(row.share) and row.is_voter == (key == voter)
        if is_change and not is_same:
            row.until_on = since
        elif share is None:
            session.delete(row)
        else:
            del waiting[key]
            if not is_change:
                row.share, row.is_voter, row.from_on = rules.show_share(share), key == voter, since
    for key, share in waiting.items():
        household_id, person_id = key
        session.add(
            OwnerShare(
                household_id=household_id,
                person_id=person_id or None,
                share=rules.show_share(share),
                is_voter=key == voter,
                from_on=since,
            )
        )
