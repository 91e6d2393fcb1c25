"""Words and chips of orders on the screen."""

from collections.abc import Sequence
from datetime import date, datetime

from fuyuan_desk.core.calendar import may_move_text
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.course import Moment, Place
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.labels import Fact
from fuyuan_desk.workorders.book import SEVERITY_MARKS
from fuyuan_desk.workorders.facts import LadderStep, OrderDetail, ToldBefore
from fuyuan_desk.workorders.rules.course import COURSE
from fuyuan_desk.workorders.rules.escalation import Means
from fuyuan_desk.workorders.rules.orders import (
    OPEN,
    OrderSeverity,
    OrderStatus,
    Source,
    is_overdue,
)


def moment_text(at: datetime | None) -> str:
    """Return day and time of a moment, '' for none."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at is not None else ""


def status_chip(order: OrderDetail) -> Chip:
    """Return the chip of the state."""
    state = COURSE.state(order.status)
    return Chip(order.status.label, state.tone, state.icon)


def severity_chip(order: OrderDetail) -> Chip:
    """Return the chip of the kind of order."""
    severity = OrderSeverity(order.severity)
    mark = SEVERITY_MARKS[severity]
    return Chip(severity.label, mark.tone, mark.icon)


def due_text(order: OrderDetail) -> str:
    """Return the deadline in words, or why there is none."""
    if order.due_at is not None:
        moment = moment_text(order.due_at)
        if order.unsettled_year is None:
            return moment
        return _("{moment}; {why}").format(moment=moment, why=may_move_text(order.unsettled_year))
    if order.status is OrderStatus.PAUSED:
        return _("The clock stands until the order is resumed")
    if order.unknown_year is not None:
        return _("Unknown: there is no calendar of {year} yet").format(year=order.unknown_year)
    return ""


def warning(order: OrderDetail, now: datetime) -> tuple[str, str]:
    """Return what must be seen first about an order, as the tone of the banner and the text; two '' for nothing."""
    if is_overdue(order.status, order.due_at, now):
        text = _("Overdue since {moment}.").format(moment=moment_text(order.due_at))
        if order.tell is not None:
            text += " " + _("To be told now: {level}.").format(level=order.tell.text)
        return "error", text
    if order.course.left_on is not None and order.status in OPEN:
        text = _("The organisation served this estate until {day}. Hand the order over to another one.")
        return "warn", text.format(day=order.course.left_on)
    if withdrawn := sum(finding.is_withdrawn for finding in order.findings):
        return "warn", withdrawn_text(withdrawn)
    if order.unknown_year is not None:
        return "warn", due_text(order)
    return "", ""


def facts(order: OrderDetail, can_reveal: bool) -> list[Fact]:
    """Return what an order says, line by line."""

    def masked(name: str, label: str, value: str) -> Fact:
        return Fact(label, value, name if can_reveal and value else "")

    rows = [
        Fact(_("Place"), " ".join(filter(None, (order.estate, order.place)))),
        Fact(_("Due"), due_text(order)),
        Fact(_("Time limit"), order.term),
        Fact(_("Reported at"), moment_text(order.begun_at)),
        Fact(_("Came from"), origin_text(order)),
        Fact(_("Responsible"), order.organisation),
        Fact(_("Person responsible"), order.person),
        masked("phone", _("Telephone"), order.phone),
    ]
    if order.reporter or order.reporter_phone:
        rows += [
            masked("reporter", _("Reported by"), order.reporter),
            masked("reporter_phone", _("Telephone of who reported it"), order.reporter_phone),
        ]
    rows += [Fact(_("What it is about"), order.description)] if order.description else []
    if order.done_at is not None:
        rows += [
            Fact(_("Done"), " · ".join(filter(None, (moment_text(order.done_at), order.done_by)))),
            Fact(_("What was done"), order.done_note),
        ]
    if order.verified_at is not None:
        rows += [
            Fact(_("Verified"), f"{moment_text(order.verified_at)} · {order.verified_by}"),
            Fact(_("What was seen"), order.verified_note),
        ]
    if order.reopened:
        again = numbered(order.reopened, N_("{n} time, found not mended"), N_("{n} times, found not mended"))
        rows.append(Fact(_("Reopened"), again))
    if order.merged:
        rows.append(Fact(_("Merged into this one"), _(", ").join(order.merged)))
    return rows


def origin_text(order: OrderDetail) -> str:
    """Return what an order was made of, and that this is no longer there."""
    source = Source(order.source).label
    if order.origin is None:
        return source
    if order.origin.id is None:
        return _("{source}; the record was removed").format(source=source)
    return f"{source} · {order.origin.text}"


def withdrawn_text(count: int) -> str:
    """Return the warning that findings of an order no longer count as failed."""
    return numbered(
        count,
        N_(
            "The visit was corrected: {n} finding of this order no longer counts as failed. Is it still needed?"
        ),
        N_(
            "The visit was corrected: {n} findings of this order no longer count as failed. Is it still needed?"
        ),
    )


def ladder(order: OrderDetail) -> list[Fact]:
    """Return whom to tell of an order from when, and who was told, from the bottom up."""
    return [Fact(step.level.label, _ladder_text(order, step)) for step in order.ladder]


def _ladder_text(order: OrderDetail, step: LadderStep) -> str:
    if step.told is not None:
        told = step.told
        return " · ".join((moment_text(told.at), told.person, Means(told.means).label))
    if order.tell is not None and order.tell.level is step.level:
        return _("to be told since {moment}").format(moment=moment_text(order.tell.since))
    return "" if step.since is None else _("from {moment}").format(moment=moment_text(step.since))


def told_moments(told: Sequence[ToldBefore]) -> list[Moment]:
    """Return who was told, as lines of the timeline."""
    return [
        Moment(
            _("Told: {level}").format(level=one.level.label),
            one.at.astimezone().date(),
            Place.DONE,
            note=" · ".join((f"{one.at.astimezone():%H:%M}", one.person, Means(one.means).label)),
        )
        for one in told
    ]


def timeline(order: OrderDetail, today: date) -> tuple[Moment, ...]:
    """Return what happened to an order and who was told, oldest first, and what is next."""
    moments = COURSE.timeline(order.events, order.course, today)
    happened = [
        (event.day, event.detail[:5], moment if place else _made(moment))
        for place, (event, moment) in enumerate(zip(order.events, moments, strict=False))
    ]
    told = [
        (one.at.astimezone().date(), f"{one.at.astimezone():%H:%M}", moment)
        for one, moment in zip(order.told, told_moments(order.told), strict=True)
    ]
    ordered = sorted((*happened, *told), key=lambda line: line[:2])
    return (*(moment for _day, _time, moment in ordered), *moments[len(order.events) :])


def _made(moment: Moment) -> Moment:
    return Moment(_("Order made"), moment.day, moment.place, moment.by, moment.note)


def again_text(count: int) -> str:
    """Return how often the same failed before at the same place, '' for never."""
    if not count:
        return ""
    return numbered(
        count, N_("failed {n} time before at this place"), N_("failed {n} times before at this place")
    )
