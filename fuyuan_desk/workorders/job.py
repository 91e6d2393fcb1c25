"""Work orders (派单): what inspections and residents report, put right by somebody until a deadline, and verified."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dossier import Section
from fuyuan_desk.core.dues import Figure, Task
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.job import Group, Job, Page, PageController, SampleOffice, Shell, Tour
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Dues, FilePart, Reader, Record
from fuyuan_desk.store.search.reasons import Field
from fuyuan_desk.workorders.kinds import ORDER

PAGE = "orders"
_FORMS = {
    "order_edit": N_("Work order"),
    "order_dispatch": N_("Dispatching of"),
    "order_hand_over": N_("Handing over of"),
    "order_send_back": N_("Return of"),
    "order_reject": N_("Rejection of"),
    "order_pause": N_("Putting on hold of"),
    "order_cancel": N_("Cancelling of"),
    "order_finish": N_("Report on"),
    "order_verify": N_("Verification of"),
    "order_merge": N_("Merging of"),
    "order_tell": N_("Reminder of"),
    "order_reopen": N_("Reopening of"),
}


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.workorders.controller.orders import OrdersController

    page = OrdersController(shell.desk, shell.layouts)
    page.record_opened.connect(shell.open_record)
    page.visit_opened.connect(lambda visit: shell.open_record("visit", visit))
    page.estate_opened.connect(lambda estate: shell.open_record("estate", estate))
    page.use_way_back(shell.back_or)
    return page


def _tie_to_estates(page: Any, shell: Shell) -> None:
    """Add a tab with the orders of each estate."""
    from fuyuan_desk.workorders.controller.orders import OrdersSection

    def make_section() -> OrdersSection:
        section = OrdersSection(shell.desk, shell.layouts)
        section.order_opened.connect(lambda order: shell.open_record(ORDER.name, order))
        section.order_requested.connect(lambda estate: shell.go(PAGE).new_order(estate))
        return section

    page.add_section(_("Work orders"), make_section)


def _tie_to_inspections(page: Any, shell: Shell) -> None:
    """Show the order of each failed item of a visit, or offer to make one; photos that come later reach it."""
    from fuyuan_desk.workorders.controller.visit import FINDINGS, VisitOrders, told_of_place
    from fuyuan_desk.workorders.service.photos import carry_to_orders

    orders = VisitOrders(shell.desk, page, lambda order: shell.open_record(ORDER.name, order))
    orders.order_requested.connect(lambda found: shell.go(PAGE).make_order_of(found))
    page.use_handling(orders.handled, FINDINGS)
    page.use_words_on_places(told_of_place)
    page.use_carrying(carry_to_orders)


def _tie_to_calls(page: Any, shell: Shell) -> None:
    """Offer to make an order of a call, and lead to the one that was made."""
    from fuyuan_desk.workorders.controller.call import CallOrders

    orders = CallOrders(shell.desk, page, lambda order: shell.open_record(ORDER.name, order))
    orders.order_requested.connect(lambda call: shell.go(PAGE).make_order_of_call(call))


def _begin(act: str) -> Any:
    def begin(shell: Shell, order_id: int) -> None:
        """Show an order, and begin an act that the role may do."""
        if shell.desk.can_write:
            shell.go(PAGE).open_order(order_id, act)
        else:
            shell.open_record(ORDER.name, order_id)

    return begin


def _findings(shell: Shell, _estate_id: int) -> None:
    """Show the findings without an order."""
    shell.go(PAGE).show_waiting()


def _describe(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    from fuyuan_desk.workorders.service.orders import outlines

    return outlines(session, ids)


def _fields(session: Session, ids: Collection[int], _today: date) -> Mapping[int, Sequence[Field]]:
    from fuyuan_desk.workorders.service.orders import TABLE

    return TABLE.found_by(session, ids)


def _by_uid(session: Session, uid: str) -> int | None:
    from fuyuan_desk.workorders.service.orders import order_of_uid

    return order_of_uid(session, uid)


def _file_of_estate(session: Session, estate_id: int, reader: Reader) -> Iterable[Section]:
    from fuyuan_desk.workorders.service import order_file

    return order_file.of_estate(session, estate_id, reader)


def _tasks(session: Session, today: date) -> list[Task]:
    from fuyuan_desk.workorders.service.dues import tasks

    return tasks(session, today)


def _figures(session: Session, today: date) -> list[Figure]:
    from fuyuan_desk.workorders.service.dues import figures

    return figures(session, today)


def _at_start(seat: Seat) -> None:
    from fuyuan_desk.workorders.service.clock import complete_deadlines

    complete_deadlines(seat)


def _sample(office: SampleOffice) -> None:
    from fuyuan_desk.workorders.sample import fill

    fill(office)


def _tour(tour: Tour) -> Iterator[Path]:
    from fuyuan_desk.workorders.tour import walk

    return walk(tour)


JOB = Job(
    "workorders",
    pages=(
        Page(
            PAGE,
            N_("Work orders"),
            "list",
            _make_page,
            modules=tuple(
                f"fuyuan_desk.workorders.controller.{name}" for name in ("orders", "visit", "call")
            ),
            start=lambda page: page.show_list(),
            group=Group.DAILY,
        ),
    ),
    records=(
        Record(
            ORDER, PAGE, lambda page, key: page.open_order(key), _describe, by_uid=_by_uid, found_by=_fields
        ),
    ),
    tables=("fuyuan_desk.workorders.records",),
    ties={"estates": _tie_to_estates, "inspections": _tie_to_inspections, "calls": _tie_to_calls},
    drafts={"order": PAGE, **dict.fromkeys(_FORMS, PAGE)},
    draft_forms={
        "order": DraftForm(N_("Work order"), N_("New work order"), "order", place="estate_id"),
        **{form: DraftForm(title, title, "order") for form, title in _FORMS.items()},
    },
    acts={
        "orders.dispatch": _begin("dispatch"),
        "orders.verify": _begin("verify"),
        "orders.tell": _begin("tell"),
        "orders.findings": _findings,
    },
    dues=Dues(
        frozenset(
            {
                "work_order",
                "order_finding",
                "order_notice",
                "visit",
                "visit_result",
                "printed_sheet",
                "estate",
            }
        ),
        _tasks,
        _figures,
        ("fuyuan_desk.workorders.service.dues",),
    ),
    files=(FilePart(N_("Work orders"), None, _file_of_estate),),
    sample=_sample,
    at_start=_at_start,
    tour=_tour,
)
