"""Assigning service tiers to estates, and their duties."""

import itertools
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, WRITERS, Seat, permit
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.catalogue import equipment_rules
from fuyuan_desk.estates.rules.equipment import presences
from fuyuan_desk.estates.service import estates
from fuyuan_desk.facilities.service.equipment import premises_of
from fuyuan_desk.standards import catalogue, rules
from fuyuan_desk.standards.facts import AssignedTier, EstateDuties, Standing
from fuyuan_desk.standards.records import TierAssignment
from fuyuan_desk.standards.rules import Assignment, AssignmentFault, Tier

_FAULTS = {
    AssignmentFault.SAME_DAY: N_("A tier already takes effect on this day. Choose another day."),
    AssignmentFault.SAME_TIER: N_("The estate already has this tier on that day. Choose another tier."),
    AssignmentFault.SAME_AS_NEXT: N_("The next tier is the same. Choose another tier or day."),
    AssignmentFault.TOO_FAR: N_("Choose a day between the year 2000 and one year from today."),
    AssignmentFault.NO_REASON: N_("Enter the reason for this tier."),
    AssignmentFault.NO_DOCUMENT: N_("Enter the number of the document this is based on."),
}


@permit(*WRITERS)
def assign_tier(
    seat: Seat, estate_id: int, tier: Tier, effective_on: date, reason: str, document_no: str
) -> AssignedTier:
    """Assign a tier to an estate from a day on, with its reason and the document it is based on."""
    with seat.transaction() as session:
        estates.estate_summary(session, estate_id, seat.today())
        new = Assignment(tier, effective_on, reason.strip(), document_no.strip(), catalogue.ladder().version)
        faults = rules.assignment_faults(_history(session, estate_id), new, seat.today())
        if faults:
            errors = {field: _(_FAULTS[fault]) for field, fault in faults.items()}
            raise InvalidInput(next(iter(errors.values())), errors)
        row = TierAssignment(
            estate_id=estate_id,
            tier=tier,
            effective_on=new.effective_on,
            reason=new.reason,
            document_no=new.document_no,
            ladder_version=new.ladder_version,
        )
        session.add(row)
        session.flush()
        in_force = rules.current(_history(session, estate_id), seat.today())
        return _assigned(row, in_force is not None and in_force.id == row.id)


@permit(*WRITERS)
def withdraw_tier(seat: Seat, assignment_id: int) -> None:
    """Withdraw a tier assigned by mistake; the remaining ones must not repeat a tier in a row."""
    with seat.transaction() as session:
        row = session.get(TierAssignment, assignment_id)
        if row is None:
            raise NotFound(_("This record is no longer there. Reload the list."))
        rest = [a for a in _history(session, row.estate_id) if a.id != assignment_id]
        ordered = rules.in_order(rest)
        if any(a.tier is b.tier for a, b in itertools.pairwise(ordered)):
            raise Conflict(
                _("Without this one, the same tier would occur twice in a row. Withdraw the later one first.")
            )
        session.delete(row)


@permit(*EVERYONE)
def tier_history(seat: Seat, estate_id: int) -> tuple[AssignedTier, ...]:
    """List all tiers assigned to an estate, the latest first."""
    with seat.reading() as session:
        estates.estate_summary(session, estate_id, seat.today())
        return assigned_tiers(session, estate_id, seat.today())


@permit(*EVERYONE)
def tiers_of_estates(seat: Seat) -> dict[int, AssignedTier]:
    """Return the tier in force today by estate, omitting those without a tier."""
    with seat.reading() as session:
        return current_tiers(session, seat.today())


@permit(*EVERYONE)
def duties_of_estate(seat: Seat, estate_id: int) -> EstateDuties:
    """Return the duties owed to an estate today."""
    with seat.reading() as session:
        return estate_duties(session, estate_id, seat.today())


# --- for other jobs ------------------------------------------------------------------------------------


def assigned_tiers(session: Session, estate_id: int, today: date) -> tuple[AssignedTier, ...]:
    """Return all tiers assigned to an estate, the latest first, inside a running transaction."""
    rows = _rows(session, estate_id)
    in_force = rules.current((_assignment(row) for row in rows), today)
    assigned = [_assigned(row, in_force is not None and row.id == in_force.id) for row in rows]
    return tuple(sorted(assigned, key=lambda g: (g.effective_on, g.id), reverse=True))


def estate_duties(session: Session, estate_id: int, day: date) -> EstateDuties:
    """Return the duties owed to an estate on a day, inside a running transaction."""
    estate = estates.estate_summary(session, estate_id, day)
    rows = _rows(session, estate_id)
    assigned = _in_force(rows, day)
    later = next((_assigned(row, False) for row in rows if row.effective_on > day), None)
    equipment = presences(premises_of(session, [estate_id])[estate_id], equipment_rules())
    ladder = catalogue.ladder(assigned.ladder_version if assigned else "")
    of_tier = ladder.duties[assigned.tier] if assigned else ()
    duties = rules.owed(of_tier, equipment)
    return EstateDuties(
        estate_id=estate_id,
        estate=estate.name,
        on=day,
        assigned=assigned,
        next_assignment=later,
        duties=duties,
        untiered=rules.owed(ladder.untiered, equipment),
        dense=frozenset(duty.item for duty in duties if rules.in_season(duty, day)),
        ladder_version=ladder.version,
        is_reference=ladder.reference,
        note=ladder.note,
        note_en=ladder.note_en,
        left_out=rules.not_there((*of_tier, *ladder.untiered), equipment),
    )


def current_tiers(session: Session, on: date) -> dict[int, AssignedTier]:
    """Return the tier in force on a day by estate, inside a running transaction, omitting those without."""
    by_estate: dict[int, list[TierAssignment]] = {}
    for row in _rows(session):
        by_estate.setdefault(row.estate_id, []).append(row)
    found = ((estate_id, _in_force(rows, on)) for estate_id, rows in by_estate.items())
    return {estate_id: assigned for estate_id, assigned in found if assigned is not None}


def standings(session: Session, on: date, estate_ids: Iterable[int]) -> dict[int, Standing]:
    """Return by estate what its tier asks on a day, inside a running transaction, omitting those without a tier."""
    assigned = current_tiers(session, on)
    found = {}
    for estate_id in set(estate_ids) & assigned.keys():
        tier = assigned[estate_id]
        ladder = catalogue.ladder(tier.ladder_version)
        duties = {duty.item: duty for duty in ladder.duties[tier.tier]}
        found[estate_id] = Standing(ladder.names[tier.tier], duties, ladder.reference)
    return found


def _rows(session: Session, estate_id: int | None = None) -> list[TierAssignment]:
    query = select(TierAssignment).order_by(TierAssignment.effective_on, TierAssignment.id)
    if estate_id is not None:
        query = query.where(TierAssignment.estate_id == estate_id)
    return list(session.scalars(query))


def _history(session: Session, estate_id: int) -> list[Assignment]:
    return [_assignment(row) for row in _rows(session, estate_id)]


def _in_force(rows: Iterable[TierAssignment], on: date) -> AssignedTier | None:
    past = [row for row in rows if row.effective_on <= on]
    return _assigned(past[-1], True) if past else None


def _assignment(row: TierAssignment) -> Assignment:
    return Assignment(
        Tier(row.tier), row.effective_on, row.reason, row.document_no, row.ladder_version, row.id
    )


def _assigned(row: TierAssignment, is_current: bool) -> AssignedTier:
    return AssignedTier(
        id=row.id,
        estate_id=row.estate_id,
        version=row.version,
        tier=Tier(row.tier),
        effective_on=row.effective_on,
        reason=row.reason,
        document_no=row.document_no,
        ladder_version=row.ladder_version,
        is_current=is_current,
    )
