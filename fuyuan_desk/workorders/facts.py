"""Input and output of the work-order services: frozen dataclasses; personal data are masked unless stated otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.inspections.facts import FailedItem
from fuyuan_desk.kit.course import Event
from fuyuan_desk.workorders.rules.course import OrderFacts
from fuyuan_desk.workorders.rules.escalation import Level
from fuyuan_desk.workorders.rules.orders import OrderStatus


@dataclass(frozen=True)
class NewOrder:
    """The input of an order, unmasked; errors use these field names.

    `findings` are the keys of failed items that it is to put right; `begun_at` is when it was reported.
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
    """A failed item of a visit, and how often the same failed at the same place before."""

    item: FailedItem
    before: int = 0


@dataclass(frozen=True)
class WaitingFinding:
    """A finding without an order; `same` is an open order for the same at the same place, as key and number."""

    id: int
    estate: str
    finding: Finding
    same: tuple[int, str] | None = None

    @property
    def place(self) -> str:
        """The building or gate, or the renovation that was visited; '' for the whole estate."""
        item = self.finding.item
        return item.place or ("" if item.subject == self.estate else item.subject)


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
class OrderDetail:
    """An order in full; `term` says in words what the deadline follows from, `due_at` None: unknown or standing.

    `unknown_year` is the year without a calendar because of which the deadline is unknown. `merged` names the orders
    that were merged into this one; `before` and `after` are its photos, as key and caption.
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
    done_at: datetime | None
    done_by: str
    done_note: str
    verified_at: datetime | None
    verified_by: str
    verified_note: str
    merged_into: tuple[int, str] | None
    merged: tuple[str, ...]
    findings: tuple[Finding, ...]
    told: tuple[ToldBefore, ...]
    tell: Level | None
    before: tuple[tuple[int, str], ...]
    after: tuple[tuple[int, str], ...]
    course: OrderFacts
    events: tuple[Event[OrderStatus], ...]


@dataclass(frozen=True)
class OpenOrder:
    """An order that was open at a moment; `due_at` is its deadline then, None while its clock stood or if unknown."""

    id: int
    number: str
    estate_id: int
    place: str
    title: str
    organisation: str
    person: str
    due_at: datetime | None
    is_overdue: bool
    is_done: bool
