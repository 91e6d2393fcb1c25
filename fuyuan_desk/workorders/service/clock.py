"""The clock of an order: its term by severity and tier, its deadline, the steps by which it stood."""

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core.calendar import Term, Unit, due_at
from fuyuan_desk.standards.service import tiers
from fuyuan_desk.workorders.catalogue import terms
from fuyuan_desk.workorders.records import OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.orders import (
    ENDS,
    RUNNING,
    OrderSeverity,
    OrderStatus,
    Step,
    TermSource,
    pauses_of,
    term_for,
)


def term_of(session: Session, estate_id: int, severity: OrderSeverity, day: date) -> tuple[Term, TermSource]:
    """Return the term of an order of an estate that begins on a day, and what it follows from."""
    known = terms()
    standing = tiers.standings(session, day, [estate_id]).get(estate_id)
    duty = standing.duties.get(known.standard_item) if standing is not None else None
    limits = {limit.what: limit.minutes for limit in duty.limits} if duty is not None else {}
    return term_for(known.limits[severity], limits, known.reference[severity])


def set_term(session: Session, row: WorkOrder) -> None:
    """Set the term of an order by its severity and the tier of its estate on the day when it began."""
    day = row.begun_at.astimezone().date()
    term, source = term_of(session, row.estate_id, OrderSeverity(row.severity), day)
    row.term_count, row.term_unit, row.term_by = term.count, term.unit.value, f"{term.by:%H:%M}"
    row.term_source = source


def steps_of(session: Session, order_id: int) -> list[OrderStep]:
    """Return what happened to an order, in order."""
    return list(
        session.scalars(select(OrderStep).where(OrderStep.order_id == order_id).order_by(OrderStep.id))
    )


def as_steps(rows: list[OrderStep]) -> list[Step]:
    """Return steps as the rules know them."""
    return [
        Step(row.at, OrderStatus(row.after), OrderStatus(row.before) if row.before else None) for row in rows
    ]


def deadline(session: Session, row: WorkOrder) -> datetime | None:
    """Return the deadline of an order, None while its clock stands and where a year has no calendar."""
    term = Term(row.term_count, Unit(row.term_unit), time.fromisoformat(row.term_by))
    return due_at(
        row.begun_at, term, office_calendar(session), pauses_of(as_steps(steps_of(session, row.id)))
    )


def set_due(session: Session, row: WorkOrder) -> None:
    """Compute the deadline of an order anew, after its steps were written."""
    row.due_at = deadline(session, row)
    row.due_on = None if row.due_at is None else row.due_at.astimezone().date()


@permit(*WRITERS)
def complete_deadlines(seat: Seat) -> int:
    """Set the deadlines that were unknown while a year had no calendar; return how many are known now."""
    with seat.transaction() as session:
        unknown = (WorkOrder.status.in_((*RUNNING, OrderStatus.TO_VERIFY)), WorkOrder.due_at.is_(None))
        rows = session.scalars(select(WorkOrder).where(*unknown)).all()
        for row in rows:
            set_due(session, row)
        return sum(row.due_at is not None for row in rows)


def take_step(
    seat: Seat, session: Session, row: WorkOrder, after: OrderStatus, note: str = "", assignee: str = ""
) -> None:
    """Let an order enter a state, with the step that says when, by whom and why; its clock follows."""
    before, row.status = row.status, after.value
    session.add(
        OrderStep(
            order_id=row.id,
            at=seat.now(),
            before=before,
            after=after.value,
            operator=seat.operator.login,
            assignee=assignee,
            note=note.strip(),
        )
    )
    # all that closes an order is written at once: to change it afterwards takes a second person
    if after in ENDS:
        row.closed_at = seat.now()
    session.flush()
    if after not in ENDS and OrderStatus.PAUSED in (before, after):
        set_due(session, row)
        session.flush()
