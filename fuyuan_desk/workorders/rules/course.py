"""The course of a work order: its states and acts, and what prevents them.

待派 → 已派 → 已接 → 处理中 → 待核实 → 办结; nothing ends unverified but what is merged or cancelled. One that
was closed and did not hold is reopened for a while; afterwards another order follows it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.access.roles import FIELD, WRITERS
from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.course import Act, Course, Obstacle, State
from fuyuan_desk.workorders.rules.orders import OPEN, RUNNING, OrderStatus


@dataclass(frozen=True)
class OrderFacts:
    """What the course of an order depends on.

    `due_at` is None while the clock stands and where it is unknown; `paused_from` is the state to which an order on
    hold returns; `left_on`: the last day on which the responsible organisation served the estate, None if it does.
    `reopen_until` is the last day on which one that is completed can be reopened, None of others.
    """

    status: OrderStatus
    due_at: datetime | None = None
    paused_from: OrderStatus | None = None
    left_on: date | None = None
    reopen_until: date | None = None


def _due(order: OrderFacts) -> date | None:
    return None if order.due_at is None else order.due_at.astimezone().date()


def resumed(order: OrderFacts) -> OrderStatus:
    """Return the state to which an order on hold returns."""
    return order.paused_from or OrderStatus.TO_DISPATCH


def reopened(order: OrderFacts) -> OrderStatus:
    """Return the state of an order that goes on: sent to whoever did it, or to be dispatched if they have left."""
    return OrderStatus.DISPATCHED if order.left_on is None else OrderStatus.TO_DISPATCH


def in_time(order: OrderFacts, today: date) -> Obstacle | None:
    """Refuse to reopen what was completed long ago."""
    text = N_(
        "An order can be reopened until {day}, a while after it was completed. Make one that follows it."
    )
    until = order.reopen_until
    return Obstacle(text, {"day": until}) if until is not None and today > until else None


def still_serves(order: OrderFacts, _today: date) -> Obstacle | None:
    """Refuse work by an organisation that has left the estate."""
    text = N_("The organisation served this estate until {day}. Hand the order over to another one.")
    return Obstacle(text, {"day": order.left_on}) if order.left_on is not None else None


_SENT = (OrderStatus.DISPATCHED, OrderStatus.ACCEPTED, OrderStatus.UNDER_WAY)
_BLOCKED = N_("The order cannot go on")

COURSE: Course[OrderStatus, OrderFacts] = Course(
    states=(
        State(
            OrderStatus.TO_DISPATCH, OrderStatus.TO_DISPATCH.text,
            N_("This order is to be dispatched first. Reload the list."),
            tone="warn", icon="next", due=_due,
        ),
        State(
            OrderStatus.DISPATCHED, OrderStatus.DISPATCHED.text,
            N_("This order is dispatched and not accepted yet. Reload the list."),
            icon="next", due=_due,
        ),
        State(
            OrderStatus.ACCEPTED, OrderStatus.ACCEPTED.text,
            N_("This order is accepted, and its work has not begun. Reload the list."),
            icon="ok", due=_due,
        ),
        State(
            OrderStatus.UNDER_WAY, OrderStatus.UNDER_WAY.text,
            N_("This order is in progress. Reload the list."),
            icon="renovation", due=_due,
        ),
        State(
            OrderStatus.TO_VERIFY, OrderStatus.TO_VERIFY.text,
            N_("This order is to be verified. Reload the list."),
            tone="warn", icon="eye",
        ),
        State(
            OrderStatus.PAUSED, OrderStatus.PAUSED.text,
            N_("This order is on hold. Resume it first."),
            icon="clock",
        ),
        State(
            OrderStatus.DONE, OrderStatus.DONE.text,
            N_("This order is completed already. Reload the list."),
            tone="ok", icon="ok", is_end=True,
        ),
        State(
            OrderStatus.MERGED, OrderStatus.MERGED.text,
            N_("This order was merged into another one. Open that one."),
            is_end=True,
        ),
        State(
            OrderStatus.CANCELLED, OrderStatus.CANCELLED.text,
            N_("This order was cancelled. Make a new one."),
            is_end=True,
        ),
    ),
    acts=(
        Act(
            "dispatch", N_("&Dispatch …"), (OrderStatus.TO_DISPATCH,), WRITERS, (OrderStatus.DISPATCHED,),
            done=N_("Order dispatched"), icon="next", primary=True,
        ),
        Act(
            "accept", N_("&Accepted"), (OrderStatus.DISPATCHED,), FIELD, (OrderStatus.ACCEPTED,),
            done=N_("Order accepted"), icon="ok", primary=True, guards=(still_serves,), blocked=_BLOCKED,
        ),
        Act(
            "begin", N_("&Work begun"), (OrderStatus.ACCEPTED,), FIELD, (OrderStatus.UNDER_WAY,),
            done=N_("Work on it began"), icon="next", primary=True, guards=(still_serves,), blocked=_BLOCKED,
        ),
        Act(
            "finish", N_("Work &done …"), (OrderStatus.UNDER_WAY,), FIELD, (OrderStatus.TO_VERIFY,),
            done=N_("Reported as done"), icon="ok", primary=True,
        ),
        Act(
            "verify", N_("&Verified …"), (OrderStatus.TO_VERIFY,), WRITERS, (OrderStatus.DONE,),
            done=N_("Verified and completed"), icon="ok", primary=True,
        ),
        Act(
            "resume", N_("Res&ume"), (OrderStatus.PAUSED,), WRITERS, RUNNING,
            done=N_("Resumed, the clock runs again"), choose=resumed, icon="next", primary=True,
        ),
        Act("edit", N_("&Edit …"), OPEN, WRITERS, icon="edit", shortcut="F2"),
        Act("tell", N_("Told some&body …"), OPEN, WRITERS, icon="phone"),
        Act(
            "merge", N_("Mer&ge …"), RUNNING, WRITERS, (OrderStatus.MERGED,),
            done=N_("Merged into another order"),
        ),
        Act(
            "cancel", N_("&Cancel the order …"), (*RUNNING, OrderStatus.PAUSED), WRITERS,
            (OrderStatus.CANCELLED,), done=N_("Cancelled"),
        ),
        Act(
            "pause", N_("On ho&ld …"), RUNNING, WRITERS, (OrderStatus.PAUSED,),
            done=N_("Put on hold, the clock stands"), icon="clock",
        ),
        Act(
            "hand_over", N_("Hand o&ver …"), _SENT, WRITERS, (OrderStatus.DISPATCHED,),
            done=N_("Handed over"), icon="next",
        ),
        Act(
            "send_back", N_("&Return …"), _SENT, FIELD, (OrderStatus.TO_DISPATCH,),
            done=N_("Returned by whoever was to do it"), icon="undo",
        ),
        Act(
            "reject", N_("&Not done properly …"), (OrderStatus.TO_VERIFY,), WRITERS, (OrderStatus.UNDER_WAY,),
            done=N_("Not done properly, to be done again"), icon="undo",
        ),
        Act(
            "reopen", N_("Not mended: r&eopen …"), (OrderStatus.DONE,), WRITERS,
            (OrderStatus.TO_DISPATCH, OrderStatus.DISPATCHED), done=N_("Found not mended and reopened"),
            choose=reopened, guards=(in_time,), blocked=N_("The order cannot be reopened"), undoes="verify",
            icon="undo",
        ),
        Act("follow", N_("Order that &follows …"), (OrderStatus.DONE,), WRITERS, icon="add"),
    ),
)  # fmt: skip


def order_number(year: int, serial: int) -> str:
    """Format the number of an order, such as PD2026-0001."""
    return f"PD{year}-{serial:04d}"
