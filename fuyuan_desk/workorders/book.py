"""The book of work orders (派单): a list alone, because an order is followed on a page of its own."""

from datetime import date
from typing import Any

from fuyuan_desk.core.calendar import may_move_text
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.book import Book, Line, Mark, Part, Shown, Words, choices_of
from fuyuan_desk.workorders.facts import OrderFields
from fuyuan_desk.workorders.kinds import ORDER
from fuyuan_desk.workorders.rules.course import COURSE
from fuyuan_desk.workorders.rules.orders import (
    OPEN,
    RUNNING,
    OrderSeverity,
    OrderStatus,
    Source,
)

SEVERITY_MARKS = {
    OrderSeverity.URGENT: Mark("error", "warning"),
    OrderSeverity.GENERAL: Mark("neutral"),
    OrderSeverity.COMPLAINT: Mark("warn", "phone"),
}


def _severity(line: Line[OrderFields], _today: date) -> Mark | None:
    return next((mark for key, mark in SEVERITY_MARKS.items() if key == line.fields.severity), None)


def _status(line: Line[OrderFields], _today: date) -> Mark:
    state = COURSE.state(OrderStatus(line.fields.status))
    return Mark(state.tone, state.icon)


def _due_mark(line: Line[OrderFields], today: date) -> Mark | None:
    """Mark what is overdue from its minute on, and what is due today."""
    if line.extra.get("overdue"):
        return Mark("error", "calendar")
    is_today = line.fields.due_on == today and line.fields.status in RUNNING
    return Mark("warn", "calendar") if is_today else None


def _due(line: Line[OrderFields]) -> str:
    """Return the deadline, with a mark if it may move, or why there is none."""
    status, due_at = OrderStatus(line.fields.status), line.fields.due_at
    if due_at is not None:
        return f"{due_at.astimezone():%m-%d %H:%M}{'?' if line.extra.get('unsettled') else ''}"
    if status is OrderStatus.PAUSED:
        return _("clock stands")
    return _("unknown") if status in OPEN else ""


def _due_whole(line: Line[OrderFields]) -> str:
    due_at = line.fields.due_at
    if due_at is None:
        return _due(line)
    year = line.extra.get("unsettled")
    moment = f"{due_at.astimezone():%Y-%m-%d %H:%M}"
    return _("{moment}; {why}").format(moment=moment, why=may_move_text(year)) if year else moment


def _tell(line: Line[OrderFields]) -> str:
    tell = line.extra.get("tell")
    return "" if tell is None else f"{tell.level.label} {tell.since.astimezone():%m-%d}"


def _tell_whole(line: Line[OrderFields]) -> str:
    tell = line.extra.get("tell")
    return "" if tell is None else tell.text


def order_book() -> Book:
    """Declare the records of work orders."""
    return Book(
        ORDER,
        _("Work orders"),
        Words(
            add=_("&New order"),
            nothing=_("No work order yet"),
            nothing_hint=_("Make one of what an inspection found, or by hand after a call."),
            find=_("Number, what, place"),
        ),
        (
            # numbers grow with the keys; as texts, 10000 would sort before 9999
            Part("number", _("Number"), find="text", shown=Shown(116, sort=True, by="id", least=112)),
            Part("severity", _("Kind of order"), "choice", choices=choices_of(OrderSeverity), filter="value",
                 mark=_severity, shown=Shown(92, sort=True, by="severity", least=88)),
            Part("estate_id", _("Estate"), "reference", filter="value", shown=Shown(104, sort=True)),
            Part("place", _("Place"), find="text", shown=Shown(108, wide=150, in_large=False)),
            Part("title", _("What is to be done"), find="text", shown=Shown(196, least=140)),
            Part("organisation_id", _("Responsible"), "reference", filter="value", shown=Shown(132, sort=True)),
            Part("status", _("State"), "choice", choices=choices_of(OrderStatus), filter="value",
                 mark=_status, shown=Shown(96, sort=True, by="status", least=92)),
            Part("due_on", _("Due"), "date", filter="due", mark=_due_mark,
                 shown=Shown(116, sort=True, by="due_at", least=112, text=_due, whole=_due_whole)),
            # not columns of their own: they are told in that of the deadline
            Part("overdue", _("Overdue"), in_form=False),
            Part("unsettled", _("May move"), in_form=False),
            Part("tell", _("To be told"), in_form=False,
                 shown=Shown(124, text=_tell, whole=_tell_whole, in_large=False)),
            Part("person", _("Person responsible"), shown=Shown(96, at_first=False)),
            Part("source", _("Came from"), "choice", choices=choices_of(Source),
                 shown=Shown(84, at_first=False)),
            Part("begun_at", _("Reported at"), "instant",
                 shown=Shown(146, sort=True, at_first=False)),
        ),
        name,
        order="number",
        descending=True,
        estate="estate_id",
        about=_("What is to be put right, by whom and until when. Enter opens an order."),
        never_due={"status": tuple(status for status in OrderStatus if status not in RUNNING)},
    )  # fmt: skip


def name(fields: Any) -> str:
    """Return what an order is called: its number and what is to be done."""
    return f"{fields.number} {fields.title}".strip()
