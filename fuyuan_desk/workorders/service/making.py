"""Making orders of whatever they come from, by one function for all sources; changing what they say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fuyuan_desk.access.numbers import next_number
from fuyuan_desk.access.reveals import log_reveal
from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible, visible_lines
from fuyuan_desk.estates.service.for_other_jobs import refuse_foreign_place
from fuyuan_desk.facilities.service.places import key_of, places_of
from fuyuan_desk.inspections.rules.findings import FailedItem
from fuyuan_desk.inspections.service import findings
from fuyuan_desk.kit.guards import refuse_stale, refuse_wrong
from fuyuan_desk.workorders.facts import NewOrder, OrderDetail
from fuyuan_desk.workorders.records import OrderFinding, WorkOrder
from fuyuan_desk.workorders.rules.course import COURSE, order_number
from fuyuan_desk.workorders.rules.orders import (
    OrderSeverity,
    OrderStatus,
    Source,
    is_same_minute,
    time_fault,
    worked_since,
)
from fuyuan_desk.workorders.service.clock import as_steps, set_due, set_term, steps_of, take_step
from fuyuan_desk.workorders.service.detail import detail, facts_of, get_order, is_origin_gone
from fuyuan_desk.workorders.service.orders import TABLE
from fuyuan_desk.workorders.service.photos import copy_from_visits
from fuyuan_desk.workorders.service.waiting import orders_of

SERIES = "work_order"
_LONGEST = {
    "place": 100, "title": 100, "description": 4_000, "reporter": 60, "reporter_phone": 60, "reason": 1_000,
}  # fmt: skip
_OLDEST = timedelta(days=366)


@permit(*WRITERS)
def make_order(seat: Seat, new: NewOrder) -> OrderDetail:
    """Make an order by hand, of a record of another job, or of failed items that are in no order yet."""
    with seat.transaction() as session:
        return detail(seat, session, take_in(seat, session, new))


def take_in(seat: Seat, session: Session, new: NewOrder) -> WorkOrder:
    """Make an order inside a running transaction, whatever it comes from; numbers have no gaps.

    Every source comes in here, so that place, term, deadline and the refusal of a second order are the same for all.
    """
    refuse_wrong(_faults(seat, new))
    assert new.estate_id is not None
    refuse_foreign_place(session, new.estate_id, None)
    if is_origin_gone(session, Source(new.source), new.origin):
        raise Conflict(
            _(
                "What the order was to be made of was removed meanwhile. Make a new order by hand, if one is needed."
            )
        )
    if new.source == Source.FINDING and not new.findings:
        refuse_wrong({"source": _("Choose the findings of which the order is made.")})
    _refuse_second(session, new)
    year = seat.today().year
    serial = next_number(session, SERIES, year)
    row = WorkOrder(
        year=year, serial=serial, number=order_number(year, serial), source=Source(new.source),
        origin=new.origin, follows_id=_followed(seat, session, new),
        status="", term_count=0, term_unit="", term_by="", term_source="",
    )  # fmt: skip
    _write(session, row, new)
    set_term(session, row)
    session.add(row)
    session.flush()
    found = _take_findings(session, row, new.findings)
    take_step(seat, session, row, OrderStatus.TO_DISPATCH)
    copy_from_visits(session, row.id, found)
    TABLE.index(session, [row])
    return row


def _refuse_second(session: Session, new: NewOrder) -> None:
    """Refuse another order of the same record, unless it is said that one is wanted or the first was cancelled."""
    if not new.origin or new.another:
        return
    numbers = session.scalars(
        select(WorkOrder.number)
        .where(WorkOrder.origin == new.origin, WorkOrder.status != OrderStatus.CANCELLED)
        .order_by(WorkOrder.id)
    ).all()
    if numbers:
        text = _("{number} was made of this already. Open it, or tick this if another one is wanted.")
        refuse_wrong({"another": text.format(number=_(", ").join(numbers))})


def _followed(seat: Seat, session: Session, new: NewOrder) -> int | None:
    """Return the key of the closed order that a new one follows; refuse one that is open, or of another estate."""
    if new.follows is None:
        return None
    earlier = get_order(session, new.follows)
    COURSE.check("follow", facts_of(seat, session, earlier), seat.today())
    if earlier.estate_id != new.estate_id:
        refuse_wrong({"estate_id": _("The order that it follows is of another estate. Choose that one.")})
    return earlier.id


@permit(*WRITERS)
def order_for_edit(seat: Seat, order_id: int) -> NewOrder:
    """Load an order unmasked for its form, and audit it where that names who reported it."""
    with seat.transaction() as session:
        row = get_order(session, order_id)
        if row.reporter or row.reporter_phone:
            log_reveal(seat, session, WorkOrder.__tablename__, order_id, {"field": "form"})
        return NewOrder(
            row.estate_id, row.title, row.severity, row.begun_at, row.place, row.description, row.source,
            row.reporter, row.reporter_phone, origin=row.origin,
        )  # fmt: skip


@permit(*WRITERS)
def edit_order(seat: Seat, order_id: int, version: int | None, changed: NewOrder) -> OrderDetail:
    """Change what an open order says; the estate stays, and a new kind or moment sets the deadline anew."""
    with seat.transaction() as session:
        row = get_order(session, order_id)
        refuse_stale(row, version)
        COURSE.check("edit", facts_of(seat, session, row), seat.today())
        refuse_wrong(_faults(seat, changed))
        if is_same_minute(changed.begun_at, row.begun_at):
            changed = replace(changed, begun_at=row.begun_at)  # what is typed has no seconds
        _refuse_later_beginning(session, row, changed.begun_at)
        severity, begun, limits = row.severity, row.begun_at, _limits(row)
        _write(session, row, changed, keep_estate=True)
        if not row.origin and row.source != Source.FINDING:  # else it is known where it came from
            row.source = Source(changed.source)
        if (row.severity, row.begun_at) != (severity, begun):
            set_term(session, row)
            set_due(session, row)
            _refuse_unexplained(limits, _limits(row), changed.reason)
        reason = visible(changed.reason).strip()
        if reason or row.severity != severity or limits != _limits(row):
            take_step(seat, session, row, OrderStatus(row.status), reason)
        session.flush()
        TABLE.index(session, [row])
        return detail(seat, session, row)


def _limits(row: WorkOrder) -> tuple[object, ...]:
    """Return what a deadline is, or will be once the clock of an order runs again."""
    return row.due_at, row.term_count, row.term_unit, row.term_by


def _refuse_unexplained(before: tuple[object, ...], after: tuple[object, ...], why: str) -> None:
    if before != after and not visible(why).strip():
        refuse_wrong(
            {
                "reason": _(
                    "This moves the deadline. Enter the reason; it is shown in the course of the order."
                )
            }
        )


def _refuse_later_beginning(session: Session, row: WorkOrder, begun_at: datetime) -> None:
    """Refuse another beginning once an order was dispatched: whoever has it was told its deadline."""
    if begun_at != row.begun_at and worked_since(as_steps(steps_of(session, row.id))) is not None:
        text = _("The order was dispatched since. When it was reported stays {moment}.")
        refuse_wrong({"begun_at": text.format(moment=f"{row.begun_at.astimezone():%Y-%m-%d %H:%M}")})


def _faults(seat: Seat, new: NewOrder) -> dict[str, str]:
    wrong = {}
    if new.estate_id is None:
        wrong["estate_id"] = _("Choose the estate.")
    if not visible(new.title).strip():
        wrong["title"] = _("Enter what is to be done.")
    if new.severity not in set(OrderSeverity):
        wrong["severity"] = _("Choose one of the list.")
    fault = time_fault(new.begun_at, seat.now() - _OLDEST, seat.now())
    if fault:
        wrong["begun_at"] = (
            fault if new.begun_at > seat.now() else _("This is more than a year ago. Check day and time.")
        )
    for field, most in _LONGEST.items():
        if len(getattr(new, field)) > most:
            wrong[field] = _("This is longer than {n} characters. Shorten it.").format(n=most)
    return wrong


def _write(session: Session, row: WorkOrder, new: NewOrder, *, keep_estate: bool = False) -> None:
    if not keep_estate and new.estate_id is not None:
        row.estate_id = new.estate_id
    row.severity, row.begun_at = OrderSeverity(new.severity), new.begun_at
    row.title, place = visible(new.title).strip(), visible(new.place).strip()
    if (
        place != row.place or not row.place_key
    ):  # else it is the place that it was, whatever that is called now
        row.place_key = key_of(place, places_of(session, row.estate_id)) if place else ""
    row.place = place
    row.description = visible_lines(new.description).strip()
    row.reporter, row.reporter_phone = visible(new.reporter).strip(), visible(new.reporter_phone).strip()


def _take_findings(session: Session, row: WorkOrder, ids: Sequence[int]) -> list[FailedItem]:
    """Put failed items into an order and return them; refuse those of another estate or in one already."""
    found = findings.failed_items(session, ids)
    if len(found) < len(set(ids)) or any(one.estate_id != row.estate_id for one in found.values()):
        raise Conflict(_("These findings are not all of this estate. Choose them again."))
    numbers = orders_of(session, ids)
    if numbers:
        raise Conflict(
            _("This finding is in {number} already. Reload the list.").format(
                number=_(", ").join(sorted(number for _id, number in numbers.values()))
            )
        )
    session.add_all(OrderFinding(order_id=row.id, visit_result_id=key) for key in sorted(found))
    try:
        session.flush()
    except IntegrityError as taken:  # by somebody else a moment ago
        raise Conflict(_("Somebody else has just made an order of this. Reload the list.")) from taken
    return list(found.values())
