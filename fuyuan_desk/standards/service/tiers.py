"""Giving estates their service tier, and telling what it asks for."""

import itertools
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import EVERYONE, WRITERS, Seat, permit
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.service import estates
from fuyuan_desk.standards import catalogue, rules
from fuyuan_desk.standards.facts import EstateDuties, TierGiven
from fuyuan_desk.standards.records import TierAssignment
from fuyuan_desk.standards.rules import Assignment, AssignmentFault, Tier

_FAULTS = {
    AssignmentFault.SAME_DAY: N_("A tier already takes effect on this day. Choose another day."),
    AssignmentFault.SAME_TIER: N_("The estate already has this tier on that day. Choose another tier."),
    AssignmentFault.SAME_AS_NEXT: N_("The tier that follows is the same. Choose another tier or day."),
    AssignmentFault.TOO_FAR: N_("Choose a day between the year 2000 and one year from today."),
    AssignmentFault.NO_REASON: N_("Say why the estate gets this tier."),
    AssignmentFault.NO_DOCUMENT: N_("Enter the number of the document this rests on."),
}


@permit(*WRITERS)
def assign_tier(
    seat: Seat, estate_id: int, tier: Tier, effective_on: date, reason: str, document_no: str
) -> TierGiven:
    """Give an estate a tier from a day on, with the reason and the document it rests on."""
    with seat.transaction() as session:
        estates.estate_summary(session, estate_id)
        new = Assignment(tier, effective_on, reason.strip(), document_no.strip(), catalogue.ladder().version)
        faults = rules.assignment_faults(_history(session, estate_id), new, seat.today())
        if faults:
            wrong = {field: _(_FAULTS[fault]) for field, fault in faults.items()}
            raise InvalidInput(next(iter(wrong.values())), wrong)
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
        return _given(row, in_force is not None and in_force.id == row.id)


@permit(*WRITERS)
def withdraw_tier(seat: Seat, assignment_id: int) -> None:
    """Take back a tier that was given by mistake; what remains must still change from step to step."""
    with seat.transaction() as session:
        row = session.get(TierAssignment, assignment_id)
        if row is None:
            raise NotFound(_("This record is no longer there. Reload the list."))
        rest = [a for a in _history(session, row.estate_id) if a.id != assignment_id]
        ordered = rules.in_order(rest)
        if any(a.tier is b.tier for a, b in itertools.pairwise(ordered)):
            raise Conflict(
                _(
                    "Without this one, the same tier would stand twice in a row. Take back the later one first."
                )
            )
        session.delete(row)


@permit(*EVERYONE)
def tier_history(seat: Seat, estate_id: int) -> tuple[TierGiven, ...]:
    """List all tiers an estate was given, the latest first."""
    with seat.reading() as session:
        estates.estate_summary(session, estate_id)
        rows = _rows(session, [estate_id])
        in_force = rules.current((_plain(row) for row in rows), seat.today())
        given = [_given(row, in_force is not None and row.id == in_force.id) for row in rows]
        return tuple(sorted(given, key=lambda g: (g.effective_on, g.id), reverse=True))


@permit(*EVERYONE)
def tiers_of_estates(
    seat: Seat, estate_ids: Iterable[int] | None = None, on: date | None = None
) -> dict[int, TierGiven]:
    """Give the tier in force for each estate that has one (all estates when none are named)."""
    with seat.reading() as session:
        return current_tiers(session, estate_ids, on or seat.today())


@permit(*EVERYONE)
def duties_of_estate(seat: Seat, estate_id: int, on: date | None = None) -> EstateDuties:
    """Tell what an estate must be served with on a day, today unless another is named."""
    day = on or seat.today()
    with seat.reading() as session:
        estate = estates.estate_summary(session, estate_id)
        rows = _rows(session, [estate_id])
        given = _in_force(rows, day)
        later = next((_given(row, False) for row in rows if row.effective_on > day), None)
    ladder = catalogue.ladder(given.ladder_version if given else "")
    duties = ladder.duties[given.tier] if given else ()
    return EstateDuties(
        estate_id=estate_id,
        estate=estate.name,
        on=day,
        given=given,
        next_assignment=later,
        duties=duties,
        untiered=ladder.untiered,
        dense=frozenset(duty.item for duty in duties if rules.in_season(duty, day)),
        ladder_version=ladder.version,
        is_reference=ladder.reference,
        note=ladder.note,
        note_en=ladder.note_en,
    )


# --- for other jobs ------------------------------------------------------------------------------------


def current_tiers(session: Session, estate_ids: Iterable[int] | None, on: date) -> dict[int, TierGiven]:
    """Give the tier in force on a day by estate, inside a running transaction; estates without one are left out."""
    by_estate: dict[int, list[TierAssignment]] = {}
    for row in _rows(session, estate_ids):
        by_estate.setdefault(row.estate_id, []).append(row)
    found = ((estate_id, _in_force(rows, on)) for estate_id, rows in by_estate.items())
    return {estate_id: given for estate_id, given in found if given is not None}


def _rows(session: Session, estate_ids: Iterable[int] | None) -> list[TierAssignment]:
    query = select(TierAssignment).order_by(TierAssignment.effective_on, TierAssignment.id)
    if estate_ids is not None:
        query = query.where(TierAssignment.estate_id.in_(list(estate_ids)))
    return list(session.scalars(query))


def _history(session: Session, estate_id: int) -> list[Assignment]:
    return [_plain(row) for row in _rows(session, [estate_id])]


def _in_force(rows: Iterable[TierAssignment], on: date) -> TierGiven | None:
    past = [row for row in rows if row.effective_on <= on]
    return _given(past[-1], True) if past else None


def _plain(row: TierAssignment) -> Assignment:
    return Assignment(
        Tier(row.tier), row.effective_on, row.reason, row.document_no, row.ladder_version, row.id
    )


def _given(row: TierAssignment, is_current: bool) -> TierGiven:
    return TierGiven(
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
