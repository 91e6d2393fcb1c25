"""The clock of an order: its term by severity and tier, its deadline, the steps by which it stood."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.access.settings import office_calendar
from fuyuan_desk.core.calendar import Calendar, Term, Unit, due_at
from fuyuan_desk.core.texts import _
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
    sets_clock,
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
    """Set the term of an order by its severity and the tier of its estate on the day when its clock began."""
    day = started_at(row).astimezone().date()
    term, source = term_of(session, row.estate_id, OrderSeverity(row.severity), day)
    row.term_count, row.term_unit, row.term_by = term.count, term.unit.value, f"{term.by:%H:%M}"
    row.term_source = source


def started_at(row: WorkOrder) -> datetime:
    """Return when the clock of an order began to run: when it was reported, or reopened."""
    return row.reopened_at or row.begun_at


def steps_of(session: Session, order_id: int) -> list[OrderStep]:
    """Return what happened to an order, in order."""
    return list(
        session.scalars(select(OrderStep).where(OrderStep.order_id == order_id).order_by(OrderStep.id))
    )


def as_steps(rows: Iterable[OrderStep]) -> list[Step]:
    """Return steps as the rules of the clock know them."""
    return [
        Step(row.at, OrderStatus(row.after), state_before(row.before), done_at=row.done_at, sent=row.assignee)
        for row in rows
    ]


def state_before(before: str) -> OrderStatus | None:
    """Return the state that a step left, None where the order was made by it."""
    return OrderStatus(before) if before else None


def deadline(row: WorkOrder, steps: Iterable[OrderStep], calendar: Calendar) -> datetime | None:
    """Return the deadline of an order, None while its clock stands and where a year has no calendar."""
    term = Term(row.term_count, Unit(row.term_unit), time.fromisoformat(row.term_by))
    return due_at(started_at(row), term, calendar, pauses_of(as_steps(steps)))


def unsettled_year(row: WorkOrder, calendar: Calendar) -> int | None:
    """Return the year with whose holidays, not published yet, the deadline of an order may move; None for none."""
    if row.due_at is None or row.term_unit == Unit.MINUTES:
        return None
    return calendar.unsettled_year(started_at(row).astimezone().date(), row.due_at.astimezone().date())


def set_due(session: Session, row: WorkOrder) -> None:
    """Compute the deadline of an order anew, after its steps were written."""
    _put(row, deadline(row, steps_of(session, row.id), office_calendar(session)))


def _put(row: WorkOrder, due: datetime | None) -> None:
    row.due_at = due
    row.due_on = None if due is None else due.astimezone().date()


@permit(*WRITERS)
def complete_deadlines(seat: Seat) -> int:
    """Renew the deadlines in days by the calendar as the office has it now; return how many are others.

    They were unknown while a year had no calendar, and a year's days may have been moved since.
    """
    with seat.transaction() as session:
        calendar = office_calendar(session)
        waiting = (
            WorkOrder.status.in_((*RUNNING, OrderStatus.TO_VERIFY)),
            WorkOrder.due_at.is_(None) | (WorkOrder.term_unit != Unit.MINUTES),
        )
        steps: defaultdict[int, list[OrderStep]] = defaultdict(list)
        of_waiting = select(OrderStep).join(WorkOrder, WorkOrder.id == OrderStep.order_id).where(*waiting)
        for step in session.scalars(of_waiting.order_by(OrderStep.id)):
            steps[step.order_id].append(step)
        changed = 0
        for row in session.scalars(select(WorkOrder).where(*waiting)).all():
            due = deadline(row, steps[row.id], calendar)
            if due != row.due_at:
                _put(row, due)
                take_step(
                    seat,
                    session,
                    row,
                    OrderStatus(row.status),
                    _("Counted anew from the calendar and the times on hold."),
                )
                changed += 1
        return changed


def take_step(
    seat: Seat,
    session: Session,
    row: WorkOrder,
    after: OrderStatus,
    note: str = "",
    assignee: str = "",
    done_at: datetime | None = None,
) -> None:
    """Let an order enter a state, with the step that says when, by whom and why; its clock follows.

    The step keeps what the order is after it; one that keeps the state says that the order was changed. One that is to
    be dispatched is the office's until it is: nobody else has it, whoever had it before. A clock that
    was set back does not put a step before the last one: no time runs backwards.
    """
    with session.no_autoflush:  # what ends an order is written at once
        steps = steps_of(session, row.id)
        before, row.status = row.status, after.value
        if after is OrderStatus.TO_DISPATCH:
            row.organisation_id, row.person, row.phone = None, "", ""
        step = OrderStep(
            order_id=row.id,
            at=max([seat.now(), *(one.at for one in steps[-1:])]),
            before=before,
            after=after.value,
            operator=seat.operator.login,
            assignee=assignee,
            organisation_id=row.organisation_id,
            person=row.person,
            severity=row.severity,
            note=note.strip(),
            done_at=done_at,
        )
        if sets_clock(state_before(before), after):
            _put(row, deadline(row, [*steps, step], office_calendar(session)))
        step.due_at = row.due_at
        session.add(step)
        # all that closes an order is written at once: to change it afterwards takes a second person
        if after in ENDS:
            row.closed_at = step.at
    session.flush()
