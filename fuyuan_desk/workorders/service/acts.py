"""The acts of the course of an order, each in one transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import FIELD, WRITERS, Seat, permit
from fuyuan_desk.contracts.service.for_other_jobs import left_on
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.kit.guards import refuse_stale, refuse_wrong
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.workorders.catalogue import terms
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, Told, WorkDone
from fuyuan_desk.workorders.records import OrderFinding, OrderNotice, OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.course import COURSE
from fuyuan_desk.workorders.rules.escalation import Level, Means
from fuyuan_desk.workorders.rules.orders import (
    BEFORE_SENT,
    Mergeable,
    OrderStatus,
    merge_fault,
    time_fault,
    worked_since,
)
from fuyuan_desk.workorders.rules.verification import verifier_fault
from fuyuan_desk.workorders.service.clock import as_steps, set_term, started_at, steps_of, take_step
from fuyuan_desk.workorders.service.detail import detail, facts_of, get_order
from fuyuan_desk.workorders.service.merged import freed_with, set_free
from fuyuan_desk.workorders.service.photos import copy_from_order

_LONGEST_NOTE = 1_000
_LONGEST = {"person": 60, "phone": 60, "by": 200}


@permit(*WRITERS)
def dispatch(seat: Seat, order_id: int, version: int | None, to: Assignment) -> OrderDetail:
    """Send an order to an organisation."""
    return _assign(seat, "dispatch", order_id, version, to)


@permit(*WRITERS)
def hand_over(seat: Seat, order_id: int, version: int | None, to: Assignment) -> OrderDetail:
    """Send an order to another organisation or person, with the reason; the clock goes on."""
    return _assign(seat, "hand_over", order_id, version, to)


def _assign(seat: Seat, act: str, order_id: int, version: int | None, to: Assignment) -> OrderDetail:
    with seat.transaction() as session:
        row = _ready(session, order_id, version)
        state = COURSE.check(act, facts_of(seat, session, row), seat.today())
        wrong = _too_long(person=to.person, phone=to.phone) | _note_fault(to.note, act == "hand_over")
        if to.organisation_id is None:
            wrong["organisation_id"] = _("Choose who is responsible.")
        elif act == "hand_over" and (to.organisation_id, to.person.strip()) == (
            row.organisation_id,
            row.person,
        ):
            wrong["organisation_id"] = _("This is who has it already. Choose another organisation or person.")
        refuse_wrong(wrong)
        assert to.organisation_id is not None
        name = _fit(seat, session, row, to.organisation_id)
        person, note = visible(to.person).strip(), to.note
        if (
            to.organisation_id == row.organisation_id and person != row.person
        ):  # the step names the organisation alone
            note = _("{before} → {after}: {why}").format(
                before=row.person or "–", after=person or "–", why=note.strip()
            )
        row.organisation_id = to.organisation_id
        row.person, row.phone = person, visible(to.phone).strip()
        take_step(seat, session, row, state, note, name)
        return detail(seat, session, row)


def _fit(seat: Seat, session: Session, row: WorkOrder, organisation_id: int) -> str:
    """Return the name of an organisation that may be responsible; refuse one that ended or left the estate."""
    organisations.refuse_unfit(session, "organisation_id", organisation_id, seat.today())
    name = organisations.names_of(session, [organisation_id])[organisation_id]
    left = left_on(session, row.estate_id, organisation_id, seat.today())
    if left is not None:
        text = _("{name} served this estate until {day}. Choose another one.")
        refuse_wrong({"organisation_id": text.format(name=name, day=left)})
    return name


@permit(*FIELD)
def accept(seat: Seat, order_id: int, version: int | None = None) -> OrderDetail:
    """Record that whoever is responsible has accepted an order."""
    return _go(seat, "accept", order_id, version)


@permit(*FIELD)
def begin(seat: Seat, order_id: int, version: int | None = None) -> OrderDetail:
    """Record that the work on an order began."""
    return _go(seat, "begin", order_id, version)


@permit(*WRITERS)
def resume(seat: Seat, order_id: int, version: int | None = None) -> OrderDetail:
    """Let the clock of an order on hold run again."""
    return _go(seat, "resume", order_id, version)


@permit(*FIELD)
def send_back(seat: Seat, order_id: int, version: int | None, reason: str) -> OrderDetail:
    """Return an order to the office, with the reason of whoever was to do it; it is to be dispatched again."""
    return _go_why(seat, "send_back", order_id, version, reason)


@permit(*WRITERS)
def reject(seat: Seat, order_id: int, version: int | None, reason: str) -> OrderDetail:
    """Return work that was not done properly to whoever did it, with the reason."""
    return _go_why(seat, "reject", order_id, version, reason)


@permit(*WRITERS)
def pause(seat: Seat, order_id: int, version: int | None, reason: str) -> OrderDetail:
    """Put an order on hold, with the reason; its clock stands."""
    return _go_why(seat, "pause", order_id, version, reason)


@permit(*WRITERS)
def cancel(seat: Seat, order_id: int, version: int | None, reason: str) -> OrderDetail:
    """Cancel an order, with the reason; nothing of it is lost.

    Its findings are without an order again, and orders of another matter that were merged into it are open again, for
    which a second person agrees: these were closed.
    """
    with seat.transaction() as session:
        row = _ready(session, order_id, version)
        state = COURSE.check("cancel", facts_of(seat, session, row), seat.today())
        refuse_wrong(_note_fault(reason, True, "reason"))
        for finding in _findings(session, row.id):
            session.delete(finding)
        freed = freed_with(session, row.id)
        take_step(seat, session, row, state, reason)
        for one in freed:
            set_free(seat, session, one, row, reason)
        return detail(seat, session, row)


@permit(*FIELD)
def finish(seat: Seat, order_id: int, version: int | None, done: WorkDone) -> OrderDetail:
    """Record when and by whom an order was done; it waits to be verified by the committee."""
    with seat.transaction() as session:
        row = _ready(session, order_id, version)
        state = COURSE.check("finish", facts_of(seat, session, row), seat.today())
        wrong = _note_fault(done.note, False) | _too_long(by=done.by)
        if not visible(done.by).strip():
            wrong["by"] = _("Enter who did the work.")
        since = worked_since(as_steps(steps_of(session, row.id)))
        if fault := time_fault(done.at, since or started_at(row), seat.now(), BEFORE_SENT):
            wrong["at"] = fault
        refuse_wrong(wrong)
        row.done_at, row.done_by, row.done_note = done.at, visible(done.by).strip(), done.note.strip()
        take_step(seat, session, row, state, done.note, row.done_by, done.at)
        return detail(seat, session, row)


@permit(*WRITERS)
def verify(seat: Seat, order_id: int, version: int | None, by: str, note: str = "") -> OrderDetail:
    """Complete an order after somebody of the committee looked at it, who is not one of those who did it."""
    with seat.transaction() as session:
        row = _ready(session, order_id, version)
        state = COURSE.check("verify", facts_of(seat, session, row), seat.today())
        wrong = _note_fault(note, False) | _too_long(by=by)
        if fault := verifier_fault(visible(by), *_who_had(session, row), terms().address):
            wrong["by"] = fault
        refuse_wrong(wrong)
        # not before it was done, even if the clock was set back meanwhile
        row.verified_at = max(seat.now(), row.done_at or seat.now())
        row.verified_by, row.verified_note = visible(by).strip(), note.strip()
        take_step(seat, session, row, state, note, row.verified_by)
        return detail(seat, session, row)


@permit(*WRITERS)
def reopen(seat: Seat, order_id: int, version: int | None, reason: str) -> OrderDetail:
    """Let an order go on that was completed and did not hold, with a second person; its clock starts anew.

    Who did it, when, and who had verified it stays in its course.
    """
    with seat.transaction() as session:
        row = _ready(session, order_id, version)
        state = COURSE.check("reopen", facts_of(seat, session, row), seat.today(), reason)
        row.done_at, row.done_by, row.done_note = None, "", ""
        row.verified_at, row.verified_by, row.verified_note = None, "", ""
        # not before it was closed, even if the clock was set back meanwhile
        row.reopened_at = max(seat.now(), row.closed_at or seat.now())
        row.closed_at = None
        set_term(session, row)
        take_step(seat, session, row, state, reason)
        return detail(seat, session, row)


@permit(*WRITERS)
def merge(seat: Seat, order_id: int, version: int | None, into_id: int | None, note: str = "") -> OrderDetail:
    """Merge an order into another open one of its estate, to which its findings move; return the order that is kept."""
    with seat.transaction() as session:
        row = _ready(session, order_id, version)
        state = COURSE.check("merge", facts_of(seat, session, row), seat.today())
        wrong = _note_fault(note, False)
        if into_id is None:
            wrong["into"] = _("Choose the order that is kept.")
        refuse_wrong(wrong)
        assert into_id is not None
        into = get_order(session, into_id)
        if fault := merge_fault(_mergeable(row), _mergeable(into)):
            refuse_wrong({"into": fault})
        for one in _findings(session, row.id):
            one.order_id = into.id
        copy_from_order(session, row.id, into.id)
        row.merged_into_id = into.id
        take_step(seat, session, row, state, note, into.number)
        return detail(seat, session, into)


@permit(*WRITERS)
def record_told(seat: Seat, order_id: int, told: Told) -> OrderDetail:
    """Record who was told of an order, when and by which means."""
    with seat.transaction() as session:
        row = get_order(session, order_id)
        COURSE.check("tell", facts_of(seat, session, row), seat.today())
        person = visible(told.person).strip()
        wrong = _too_long(person=person)
        if not person:
            wrong["person"] = _("Enter who was told.")
        if fault := time_fault(told.at, row.begun_at, seat.now()):
            wrong["at"] = fault
        refuse_wrong(wrong)
        session.add(
            OrderNotice(
                order_id=row.id, level=Level(told.level), person=person, at=told.at, means=Means(told.means)
            )
        )
        session.flush()
        return detail(seat, session, row)


# --- inside a running transaction ----------------------------------------------------------------------


def _ready(session: Session, order_id: int, version: int | None) -> WorkOrder:
    row = get_order(session, order_id)
    refuse_stale(row, version)
    return row


def _go(seat: Seat, act: str, order_id: int, version: int | None) -> OrderDetail:
    with seat.transaction() as session:
        row = _ready(session, order_id, version)
        take_step(seat, session, row, COURSE.check(act, facts_of(seat, session, row), seat.today()))
        return detail(seat, session, row)


def _go_why(seat: Seat, act: str, order_id: int, version: int | None, reason: str) -> OrderDetail:
    with seat.transaction() as session:
        row = _ready(session, order_id, version)
        state = COURSE.check(act, facts_of(seat, session, row), seat.today())
        refuse_wrong(_note_fault(reason, True, "reason"))
        take_step(seat, session, row, state, reason)
        return detail(seat, session, row)


def _who_had(session: Session, row: WorkOrder) -> tuple[set[str], set[str]]:
    """Return who ever had an order or reported it done, and what the organisations that had it are or were called.

    Those of orders that were merged into it belong to them.
    """
    steps = _steps_with_merged(session, row.id)
    sent = {step.assignee for step in steps if step.after == OrderStatus.DISPATCHED}
    reported = {step.assignee for step in steps if step.after == OrderStatus.TO_VERIFY}
    whose = {step.organisation_id for step in steps if step.organisation_id is not None}
    names = organisations.all_names_of(session, whose) | sent
    return {row.person, *(step.person for step in steps), *reported} - {""}, names - {""}


def _steps_with_merged(session: Session, order_id: int) -> list[OrderStep]:
    merged = session.scalars(select(WorkOrder.id).where(WorkOrder.merged_into_id == order_id)).all()
    of_merged = [step for one in merged for step in _steps_with_merged(session, one)]
    return [*steps_of(session, order_id), *of_merged]


def _findings(session: Session, order_id: int) -> list[OrderFinding]:
    return list(session.scalars(select(OrderFinding).where(OrderFinding.order_id == order_id)))


def _mergeable(row: WorkOrder) -> Mergeable:
    return Mergeable(row.id, row.estate_id, OrderStatus(row.status), row.due_at)


def _note_fault(note: str, required: bool, field: str = "note") -> dict[str, str]:
    if required and not visible(note).strip():
        return {field: _("Enter the reason; it is shown in the course of the order.")}
    if len(note) > _LONGEST_NOTE:
        return {field: _("This is longer than {n} characters. Shorten it.").format(n=_LONGEST_NOTE)}
    return {}


def _too_long(**texts: str) -> dict[str, str]:
    return {
        name: _("This is longer than {n} characters. Shorten it.").format(n=_LONGEST[name])
        for name, text in texts.items()
        if len(text) > _LONGEST[name]
    }
