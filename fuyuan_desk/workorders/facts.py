"""Input and output of the work-order services: frozen dataclasses; personal data are masked unless stated otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.inspections.rules.findings import FailedItem
from fuyuan_desk.kit.course import Event
from fuyuan_desk.workorders.rules.course import OrderFacts
from fuyuan_desk.workorders.rules.escalation import Level, Telling
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.rules.places import PlaceOrder


@dataclass(frozen=True)
class NewOrder:
    """The input of an order, unmasked; errors use these field names.

    `findings` are the keys of failed items that it is to put right; `begun_at` is when it was reported. `origin` is the
    uid of the record of its `source` from which it is made: one that has an order already yields `another` only if that
    is said. `follows` is the key of the closed order that did not hold. `reason` says why the deadline of one that is
    changed moves.
    """

    estate_id: int | None
    title: str
    severity: str
    begun_at: datetime
    place: str = ""
    description: str = ""
    source: str = "office"
    reporter: str = ""
    reporter_phone: str = ""
    findings: tuple[int, ...] = ()
    origin: str = ""
    another: bool = False
    follows: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class OrdersHere:
    """How many orders there were at a place, and the first ones, those that are open before others."""

    count: int
    first: tuple[PlaceOrder, ...]


@dataclass(frozen=True)
class Outlook:
    """What follows from an order that is typed: `due_at` None: unknown, as a year has no calendar.

    `unsettled_year`: the deadline may move with its holidays. `is_known`: the place is one of the estate; `earlier` are
    the orders there in the year before.
    """

    due_at: datetime | None
    unsettled_year: int | None
    is_known: bool
    earlier: tuple[PlaceOrder, ...]


@dataclass(frozen=True)
class Assignment:
    """Who is to do an order."""

    organisation_id: int | None
    person: str = ""
    phone: str = ""
    note: str = ""


@dataclass(frozen=True)
class WorkDone:
    """When and by whom an order was done, and what was done."""

    at: datetime
    by: str
    note: str = ""


@dataclass(frozen=True)
class Told:
    """Who was told of an order, when, by which means."""

    level: str
    person: str
    at: datetime
    means: str


@dataclass(frozen=True)
class OrderFields:
    """What a list knows of an order; enums are values of `workorders.rules`."""

    number: str
    estate_id: int
    place: str
    title: str
    severity: str
    source: str
    status: str
    organisation_id: int | None
    person: str
    begun_at: datetime
    due_at: datetime | None
    due_on: date | None


@dataclass(frozen=True)
class Finding:
    """A failed item of a visit, and how often the same failed at the same place before.

    `is_right`: it has passed on a later visit. `is_withdrawn`: the visit was corrected since, and the item no longer
    counts as failed.
    """

    item: FailedItem
    before: int = 0
    is_right: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True)
class WaitingFinding:
    """A finding without an order; `same` is an open order for the same at the same place, as key and number.

    `place` is the building, gate or facility as it is called now, or the renovation; '' for the whole estate.
    """

    id: int
    estate: str
    place: str
    finding: Finding
    same: tuple[int, str] | None = None


@dataclass(frozen=True)
class VisitFindings:
    """The failed items of a visit: key and number of the order of each, and the keys of those that wait for one."""

    orders: Mapping[str, tuple[int, str]]
    waiting: Mapping[str, int]


@dataclass(frozen=True)
class ToldBefore:
    """An entry of who was told."""

    level: Level
    person: str
    at: datetime
    means: str


@dataclass(frozen=True)
class Origin:
    """The record of which an order was made; `id` is None if it is no longer there."""

    kind: str
    id: int | None
    text: str


@dataclass(frozen=True)
class LadderStep:
    """A level with the moment from which it is to be told of an order that is not done, None while the clock stands.

    `told` is when it was told last, None if it was not yet.
    """

    level: Level
    since: datetime | None
    told: ToldBefore | None = None


@dataclass(frozen=True)
class OrderDetail:
    """An order in full; `term` says in words what the deadline follows from, `due_at` None: unknown or standing.

    `unknown_year` is the year without a calendar because of which the deadline is unknown, `unsettled_year` one whose
    holidays are not published, so that it may move. `merged` names the orders that were merged into this one, `freed`
    those of them that are open again once it is cancelled; `follows` and `followed_by` are orders before and after it
    of the same matter, `at_place` those at its place in the year before it. `reopened` counts how often it went on
    after it was closed. `before` and `after` are its photos, as key and caption.
    """

    id: int
    uid: str
    version: int
    number: str
    estate_id: int
    estate: str
    place: str
    title: str
    description: str
    severity: str
    source: str
    origin: Origin | None
    reporter: str
    reporter_phone: str
    organisation_id: int | None
    organisation: str
    person: str
    phone: str
    status: OrderStatus
    begun_at: datetime
    term: str
    due_at: datetime | None
    unknown_year: int | None
    unsettled_year: int | None
    done_at: datetime | None
    done_by: str
    done_note: str
    verified_at: datetime | None
    verified_by: str
    verified_note: str
    merged_into: tuple[int, str] | None
    merged: tuple[str, ...]
    freed: tuple[str, ...]
    follows: tuple[int, str] | None
    followed_by: tuple[tuple[int, str], ...]
    at_place: tuple[PlaceOrder, ...]
    reopened: int
    findings: tuple[Finding, ...]
    told: tuple[ToldBefore, ...]
    tell: Telling | None
    ladder: tuple[LadderStep, ...]
    before: tuple[tuple[int, str], ...]
    after: tuple[tuple[int, str], ...]
    course: OrderFacts
    events: tuple[Event[OrderStatus], ...]


@dataclass(frozen=True)
class OpenOrder:
    """An order that was open at a moment, in the state of then.

    `due_at` was its deadline, None while its clock stood (`paused_at`) or if unknown; `is_returned`: whoever had it
    returned it, and nobody has it since.
    """

    id: int
    number: str
    estate_id: int
    place: str
    title: str
    organisation: str
    person: str
    due_at: datetime | None
    status: OrderStatus
    is_overdue: bool = False
    is_returned: bool = False
    paused_at: datetime | None = None
