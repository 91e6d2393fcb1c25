"""The forms of orders: of a new one, and of the acts that ask for something."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fuyuan_desk.core.calendar import may_move_text
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.view.entry import moment_of
from fuyuan_desk.kit.book import choices_of
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.workorders.facts import Assignment, NewOrder, OrderDetail, Outlook
from fuyuan_desk.workorders.rules.escalation import Level, Means
from fuyuan_desk.workorders.rules.orders import OrderSeverity, OrderStatus, Source
from fuyuan_desk.workorders.rules.places import PlaceOrder, repeated_text

Choices = Sequence[tuple[Any, str]]
_MOST_NUMBERS = 3


class MomentForm(Form):
    """A form in which a moment is entered as a day and a time, both local."""

    def show_errors(self, errors: Any) -> bool:
        """Show errors beside their fields, those of the moment at its day."""
        return super().show_errors(
            {"day" if field in ("at", "begun_at") else field: text for field, text in errors.items()}
        )


def _moment(
    now: datetime, day: str, *, read_only: bool = False, hint: str = ""
) -> tuple[list[Field], dict[str, Any]]:
    local = now.astimezone()
    fields = [
        Field("day", day, "date", required=True, read_only=read_only, hint=hint),
        Field("time", _("&Time"), required=True, placeholder="09:30", read_only=read_only),
    ]
    return fields, {"day": local.date(), "time": f"{local:%H:%M}"}


def order_form(
    estates: Choices,
    order: NewOrder,
    *,
    is_new: bool,
    ask_another: bool = False,
    changed: OrderDetail | None = None,
) -> MomentForm:
    """Return the form of an order, filled with what is known; its estate is chosen once.

    `ask_another`: there is an order of the same record already, so that it is to be said that another one is wanted.
    `changed` is the order that is changed, None for a new one.
    """
    is_by_hand = order.source != Source.FINDING and not order.origin
    was_sent = changed is not None and any(event.state is OrderStatus.DISPATCHED for event in changed.events)
    moment, values = _moment(
        order.begun_at,
        _("&Reported on"),
        read_only=was_sent,
        hint=_("It stays as it is once the order was dispatched.") if was_sent else "",
    )
    sources = [(value, text) for value, text in choices_of(Source) if value != Source.FINDING]
    form = MomentForm(
        [
            Field("estate_id", _("E&state"), "choice", required=True, choices=estates, read_only=not is_new),
            Field("severity", _("&Kind of order"), "choice", required=True, choices=choices_of(OrderSeverity),
                  hint=severity_hint()),
            *([] if changed is None else [
                Field("reason", _("Reaso&n"), "lines", span=2, rows=2,
                      hint=_("Needed if the deadline moves; it is shown in the course of the order."))
            ]),
            Field("title", _("&What is to be done"), required=True, span=2,
                  hint=_("Without names of residents: it is printed and listed.")),
            Field("place", _("Pl&ace"), "suggest", placeholder=_("No. 3, ground floor"), hint=place_hint(),
                  span=1 if is_by_hand else 2),
            *([] if not is_by_hand else [
                Field("source", _("Came fr&om"), "choice", required=True, choices=sources)
            ]),
            *moment,
            Field("description", _("What it is a&bout"), "lines", span=2, rows=4),
            *([] if order.source == Source.FINDING else [
                Field("reporter", _("Reported b&y")),
                Field("reporter_phone", _("Tele&phone")),
            ]),
            *([Field("another", _("Another or&der for the same matter"), "check", span=2)] if ask_another else []),
        ],
        columns=2,
    )  # fmt: skip
    shown = ("estate_id", "severity", "title", "place", "source", "description", "reporter", "reporter_phone")
    known = {name: getattr(order, name) for name in shown}
    form.set_values({name: value for name, value in {**known, **values}.items() if form.has(name)})
    return form


def call_hint(is_timed: bool, made: Sequence[PlaceOrder]) -> str:
    """Return what is said above the form of an order of a call."""
    lines = [_("What was said stays with the call: the order is handed to others.")]
    if not is_timed:
        lines.append(_("The time of the call is not recorded: check it."))
    if made:
        numbers = _(", ").join(one.number for one in made)
        lines.append(_("{number} was made of this call already.").format(number=numbers))
    return "\n".join(lines)


def place_hint() -> str:
    """Return what is said below a place before one is typed."""
    return _("A building, gate, home or facility as it is listed, so that orders at one place are counted.")


def severity_hint() -> str:
    """Return what is said below the kind of an order before its deadline is known."""
    return _("The deadline follows from it.")


def show_outlook(form: Form, found: Outlook, place: str) -> None:
    """Show beside the fields of an order what follows from them: its deadline, and what was at its place."""
    if found.due_at is None:
        due = _("No deadline is known")
    else:
        due = _("To be done by {moment}").format(moment=f"{found.due_at.astimezone():%Y-%m-%d %H:%M}")
    if found.unsettled_year is not None:
        due = _("{moment}; {why}").format(moment=due, why=may_move_text(found.unsettled_year))
    form.show_hint("severity", due)
    form.show_hint("place", _place_text(found) if place else place_hint())


def _place_text(found: Outlook) -> str:
    known = "" if found.is_known else _("No place of this estate is called so; it is kept as typed.")
    numbers = _(", ").join(one.number for one in found.earlier[:_MOST_NUMBERS])
    again = (
        _("{what}: {numbers}").format(what=repeated_text(found.earlier), numbers=numbers) if numbers else ""
    )
    return " ".join(filter(None, (known, again))) or _(
        "A place of this estate, without an order in the last year."
    )


def read_order(typed: dict[str, Any], based_on: NewOrder) -> NewOrder:
    """Build the input of an order from the values of its form."""
    return NewOrder(
        typed.get("estate_id", based_on.estate_id),
        typed["title"] or "",
        typed["severity"] or "",
        moment_of(typed),
        typed["place"] or "",
        typed["description"] or "",
        typed.get("source") or based_on.source,
        typed.get("reporter") or "",
        typed.get("reporter_phone") or "",
        based_on.findings,
        based_on.origin,
        bool(typed.get("another")),
        based_on.follows,
        typed.get("reason") or "",
    )


def assignment_form(organisations: Choices, order: OrderDetail, *, with_reason: bool) -> Form:
    """Return the form that asks who is to do an order."""
    form = Form(
        [
            Field("organisation_id", _("&Responsible"), "choice", required=True, choices=organisations, span=2),
            Field("person", _("P&erson")),
            Field("phone", _("Tele&phone")),
            Field("note", _("Reaso&n") if with_reason else _("&Note"), "lines", required=with_reason, rows=2, span=2),
        ],
        columns=2,
    )  # fmt: skip
    form.set_values({"organisation_id": order.organisation_id, "person": order.person})
    return form


def read_assignment(typed: dict[str, Any]) -> Assignment:
    """Build an assignment from the values of its form."""
    return Assignment(
        typed["organisation_id"], typed["person"] or "", typed["phone"] or "", typed["note"] or ""
    )


def reason_form() -> Form:
    """Return the form that asks for a reason."""
    hint = _("It is shown in the course of the order.")
    return Form([Field("reason", _("&Reason"), "lines", required=True, hint=hint)])


def finish_form(order: OrderDetail, now: datetime) -> MomentForm:
    """Return the form that asks when and by whom an order was done."""
    moment, values = _moment(now, _("&Done at"))
    form = MomentForm(
        [
            *moment,
            Field("by", _("Done &by"), required=True, span=2,
                  hint=_("Whoever did the work; they cannot verify it.")),
            Field("note", _("&What was done"), "lines", span=2),
        ],
        columns=2,
    )  # fmt: skip
    form.set_values({**values, "by": order.person or order.organisation})
    return form


def verify_form(name: str) -> Form:
    """Return the form that asks who looked at what was done."""
    form = Form(
        [
            Field("by", _("Looked at &by"), required=True,
                  hint=_("Somebody of the committee who did not do the work.")),
            Field("note", _("&What was seen"), "lines"),
        ]
    )  # fmt: skip
    form.set_values({"by": name})
    return form


def merge_form(orders: Choices) -> Form:
    """Return the form that asks into which order one is merged."""
    hint = _("Its findings move there. Only orders of this estate that are still to be done.")
    return Form(
        [
            Field("into", _("Order that is &kept"), "choice", required=True, choices=orders, hint=hint),
            Field("note", _("&Note"), "lines", rows=2),
        ]
    )


def told_form(level: Level | None, now: datetime) -> MomentForm:
    """Return the form that asks who was told, when and how."""
    moment, values = _moment(now, _("Told &on"))
    form = MomentForm(
        [
            Field("level", _("&Level"), "choice", required=True, choices=choices_of(Level)),
            Field("person", _("&Who"), required=True),
            *moment,
            Field("means", _("&How"), "choice", required=True, choices=choices_of(Means)),
        ],
        columns=2,
    )
    form.set_values({**values, "level": (level or Level.INSPECTOR).value, "means": Means.TELEPHONE.value})
    return form
