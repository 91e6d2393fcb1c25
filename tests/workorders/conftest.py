"""An estate with a visit on which items failed, an organisation that serves it, and the page of orders."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, VisitDetail
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service.organisations import save_organisation
from fuyuan_desk.workorders.controller.orders import OrdersController
from fuyuan_desk.workorders.facts import NewOrder
from tests.desks import wait_until_quiet

# a Wednesday, ten in Shanghai; Thursday to Sunday may hold no holiday
NOW = datetime(2026, 3, 11, 2, tzinfo=UTC)


@dataclass
class Office:
    """A seat whose clock the test turns, two estates and two organisations."""

    seat: Seat
    lane: int
    tower: int
    company: int
    other: int

    def at(self, moment: datetime) -> Seat:
        """Return the seat at a moment."""
        return replace(self.seat, now=lambda: moment)

    def after(self, **delta: float) -> Seat:
        """Return the seat so long after `NOW`."""
        return self.at(NOW + timedelta(**delta))


def log_failures(seat: Seat, estate_id: int, remarks: dict[int, str]) -> VisitDetail:
    """Log a visit to an estate on which the items at these places of the checklist failed."""
    items = checklist_for(SubjectKind.ESTATE).items
    found = tuple(
        Finding(item.key, Result.FAIL if number in remarks else Result.PASS, remarks.get(number, ""))
        for number, item in enumerate(items)
    )
    handling = Conclusion.DEADLINE if remarks else None
    deadline = seat.today() + timedelta(days=5) if remarks else None
    return log_visit(
        seat,
        NewVisit(
            estate_subjects(seat, [estate_id])[0], seat.now(), Party.COMMITTEE, "李思远", found,
            handling=handling, deadline=deadline,
        ),
    )  # fmt: skip


def new_order(office: Office, **fields: object) -> NewOrder:
    """Return the input of an order that is made by hand at `NOW`."""
    known = NewOrder(office.lane, "楼道灯不亮", "general", NOW, "3号楼", source="office")
    return replace(known, **fields)


@pytest.fixture
def office(seat: Seat) -> Office:
    """An office on a Wednesday morning."""
    then = replace(seat, now=lambda: NOW)
    lane = estates.save_estate(then, EstateFields("南昌路168弄")).id
    tower = estates.save_estate(then, EstateFields("富南大厦")).id
    company = save_organisation(then, OrganisationFields("福元物业", "property")).id
    other = save_organisation(then, OrganisationFields("沪上维修", "contractor")).id
    return Office(then, lane, tower, company, other)


@pytest.fixture
def settled(qtbot: QtBot, desk: Desk) -> Callable[[], None]:
    """Wait until no more work is pending, on papers either."""
    return lambda: wait_until_quiet(qtbot, lambda: desk.is_idle)


@pytest.fixture
def page(
    desk: Desk, office: Office, front: Callable[[QWidget], None], settled: Callable[[], None]
) -> OrdersController:
    """The page of work orders in a window."""
    desk.attach_seat(office.seat)
    controller = OrdersController(desk)
    front(controller.page)
    settled()
    return controller
