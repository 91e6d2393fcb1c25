"""The tasks of work orders for the page “Today”."""

from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.workorders.kinds import ORDER
from fuyuan_desk.workorders.rules.escalation import Telling
from fuyuan_desk.workorders.rules.orders import OrderStatus

OVERDUE = Topic(N_("Work order overdue"), "warning", 20)
TO_DISPATCH = Topic(N_("To be dispatched"), "next", 35)
UNKNOWN = Topic(N_("Deadline unknown"), "calendar", 36)
TO_VERIFY = Topic(N_("To be verified"), "eye", 45)
WITHOUT_ORDER = Topic(N_("Findings without an order"), "inspection", 55)
PAGE = "orders"
MOST = 20
"""So many orders of a topic are listed; one more line says how many there are besides."""


@dataclass(frozen=True)
class DueOrder:
    """What the first page knows of an order; `tell` is who is to be told that it is overdue."""

    id: int
    number: str
    title: str
    estate: str
    status: OrderStatus
    due_at: datetime | None
    done_at: datetime | None = None
    tell: Telling | None = None


def overdue_task(order: DueOrder) -> Task:
    """Return the task of an order whose deadline has passed: tell whoever is to be told next, or press on."""
    assert order.due_at is not None
    since = f"{order.due_at.astimezone():%m-%d %H:%M}"
    if order.tell is None:
        detail = _("Due {since}, {state}").format(since=since, state=order.status.label)
    else:
        detail = _("Due {since}, {state}; to be told now: {level}").format(
            since=since, state=order.status.label, level=order.tell.text
        )
    act = "orders.tell" if order.tell is not None else ""
    return _task(order, OVERDUE, detail, order.due_at.astimezone().date(), True, act)


def dispatch_task(order: DueOrder, today: date) -> Task:
    """Return the task to dispatch an order."""
    if order.due_at is None:
        return _task(order, TO_DISPATCH, _("No deadline is known"), None, False, "orders.dispatch")
    due = order.due_at.astimezone()
    detail = _("To be done by {moment}").format(moment=f"{due:%m-%d %H:%M}")
    return _task(order, TO_DISPATCH, detail, due.date(), due.date() < today, "orders.dispatch")


def unknown_task(order: DueOrder) -> Task:
    """Return the task of an order under way whose deadline is unknown: nobody else would press on."""
    detail = _("{state}; no deadline is known, because a year has no calendar").format(
        state=order.status.label
    )
    return _task(order, UNKNOWN, detail, None, False, "")


def verify_task(order: DueOrder, today: date) -> Task:
    """Return the task to look at what was reported as done."""
    done = order.done_at.astimezone().date() if order.done_at is not None else today
    days = (today - done).days
    detail = (
        _("Reported as done today: look at it")
        if not days
        else numbered(days, N_("Reported as done {n} day ago: look at it"),
                      N_("Reported as done {n} days ago: look at it"))
    )  # fmt: skip
    return _task(order, TO_VERIFY, detail, done, False, "orders.verify")


def waiting_task(count: int, estate_id: int, estate: str) -> Task:
    """Return the task to make orders of the findings of an estate."""
    detail = numbered(count, N_("{n} finding without an order"), N_("{n} findings without an order"))
    return Task(
        "estate", estate_id, estate, detail, None, False, Severity.NORMAL, WITHOUT_ORDER, PAGE,
        office_only=True, act="orders.findings",
    )  # fmt: skip


def more_task(order: DueOrder, topic: Topic, count: int, is_late: bool) -> Task:
    """Return the line that says how many orders of a topic there are besides those listed; `order` is the next one."""
    title = numbered(count, N_("{n} more order"), N_("{n} more orders"))
    detail = _("{number} is the next one; all are in the list of work orders").format(number=order.number)
    return Task(
        ORDER.name, order.id, title, detail, None, is_late,
        Severity.URGENT if is_late else Severity.NORMAL, topic, PAGE, part="more",
    )  # fmt: skip


def _task(order: DueOrder, topic: Topic, detail: str, due: date | None, late: bool, act: str) -> Task:
    return Task(
        ORDER.name, order.id, f"{order.estate} {order.title}  {order.number}", detail, due, late,
        Severity.URGENT if topic is OVERDUE or late else Severity.NORMAL, topic, PAGE,
        office_only=topic is not OVERDUE, act=act,
    )  # fmt: skip
