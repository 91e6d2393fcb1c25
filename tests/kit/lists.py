"""The lists of the record kit whose records are opened elsewhere, with records to try them: for `test_lists.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.records import Building
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.book import visit_book
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.controller.log import USES as VISIT_USES
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.records import PrintedSheet
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import queries as visits
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import Book
from fuyuan_desk.kit.book_list import ListUses
from fuyuan_desk.kit.table import Table
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service.organisations import save_organisation
from fuyuan_desk.renovation.book import case_book
from fuyuan_desk.renovation.controller.cases import LIST as CASE_USES
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.service import queries as cases
from fuyuan_desk.workorders.book import order_book
from fuyuan_desk.workorders.controller.orders import USES as ORDER_USES
from fuyuan_desk.workorders.controller.orders import OrdersController
from fuyuan_desk.workorders.facts import Assignment, NewOrder
from fuyuan_desk.workorders.service import orders
from fuyuan_desk.workorders.service.acts import dispatch
from fuyuan_desk.workorders.service.making import make_order
from tests.renovation.clerk import PAINT, WATERPROOF, add_home, file


@dataclass(frozen=True)
class ListCase:
    """A list to be tried.

    `records(seat)` saves three records, two of the first estate and one of the second, and returns their ids in the
    order in which the list shows them at first. `found_by` maps typed text to the places of what it must find, `facets`
    a filter and its value likewise. `page(desk, settings)` makes the page that has the list as `log` or `list`.
    """

    name: str
    book: Callable[[], Book]
    table: Table[Any, Any]
    uses: ListUses[Any]
    page: Callable[..., Any]
    screen: Callable[[Any], Any]
    records: Callable[[Seat], Sequence[int]]
    found_by: Mapping[str, Sequence[int]]
    facets: Mapping[str, tuple[Any, Sequence[int]]]


def _visits(seat: Seat) -> list[int]:
    for name in ("南昌路168弄", "富南大厦"):
        estates.save_estate(seat, EstateFields(name))
    lane, tower = estate_subjects(seat)
    items = checklist_for(SubjectKind.ESTATE).items
    clean = tuple(Finding(item.key, Result.PASS) for item in items)
    failed = (Finding(items[0].key, Result.FAIL, "堆物"), *clean[1:])
    early, late = datetime(2026, 1, 5, 2, tzinfo=UTC), datetime(2026, 3, 2, 1, tzinfo=UTC)
    saved = (
        NewVisit(lane, late, Party.COMMITTEE, "何斌", clean),
        NewVisit(lane, early, Party.PROPERTY, "某甲", failed, handling=Conclusion.ON_THE_SPOT),
        NewVisit(tower, late, Party.ENFORCEMENT, "史国强", clean),
    )
    first, second, third = (log_visit(seat, one).id for one in saved)
    with seat.store.use() as session:
        building = Building(estate_id=lane.estate_id, label="3号", order_key="3")
        session.add(building)
        session.flush()
        sheet = PrintedSheet(
            number="XCB-1", estate_id=lane.estate_id, subject_kind="estate", subject_id=lane.id,
            building_id=building.id, place="3号", printed_at=early, visit_id=second,
        )  # fmt: skip
        session.add(sheet)
        session.commit()
    return [third, first, second]


def _cases(seat: Seat) -> list[int]:
    flats = [add_home(seat, "福元小区", label, "蔡兰刚") for label in ("1101室", "501室")]
    tower = add_home(seat, "富南大厦", "803室", "熊文静")
    filed = [
        file(seat, flats[0], PAINT, WATERPROOF, contractor="上海福元装饰工程有限公司"),
        file(seat, flats[1]),
        file(seat, tower, applicant="熊文静"),
    ]
    return [case.id for case in reversed(filed)]


def _orders(seat: Seat) -> list[int]:
    for name in ("福元小区", "富南大厦"):
        estates.save_estate(seat, EstateFields(name))
    new = [
        NewOrder(1, "楼道灯不亮", "general", seat.now(), "3号楼"),
        NewOrder(1, "弄口积水", "complaint", seat.now(), "弄口"),
        NewOrder(2, "电梯停运", "urgent", seat.now(), "1号楼"),
    ]
    made = [make_order(seat, one).id for one in new]
    dispatch(
        seat,
        made[0],
        None,
        Assignment(save_organisation(seat, OrganisationFields("福元物业", "property")).id),
    )
    return made[::-1]


LISTS = [
    ListCase(
        "visits",
        visit_book,
        visits.TABLE,
        VISIT_USES,
        InspectionsController,
        lambda page: page.log,
        _visits,
        found_by={"fndx": [0], "何斌": [1], "XC2026-0002": [2], "南昌路": [1, 2]},
        facets={
            "estate_id": (1, [1, 2]),
            "party": ("property", [2]),
            "at": ("month", [0, 1]),
            "building_id": (1, [2]),
            "inspectors": ("何斌", [1]),
        },
    ),
    ListCase(
        "cases",
        case_book,
        cases.TABLE,
        CASE_USES,
        RenovationController,
        lambda page: page.list,
        _cases,
        found_by={"xwj": [0], "ZX2026-0002": [1], "上海福元": [2], "福元小区": [1, 2]},
        facets={"estate_id": (1, [1, 2]), "status": ("registered", [0, 1, 2])},
    ),
    ListCase(
        "orders",
        order_book,
        orders.TABLE,
        ORDER_USES,
        OrdersController,
        lambda page: page.list,
        _orders,
        found_by={"dtty": [0], "PD2026-0002": [1], "福元小区": [1, 2]},
        facets={
            "estate_id": (1, [1, 2]),
            "severity": ("urgent", [0]),
            "status": ("dispatched", [2]),
            "organisation_id": (1, [2]),
            "due_on": ("next-30", [0, 1, 2]),
        },
    ),
]
