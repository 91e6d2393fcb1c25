"""An order that was returned, or that nobody has any more, is the office's until it is dispatched again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.second_person import Second
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.service.contracts import save_contract
from fuyuan_desk.inspections.rules.figures import Rate, Span
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, WorkDone
from fuyuan_desk.workorders.rules.figures import OrderTally
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import acts, detail, figures, making, sheet_data
from tests.conftest import PASSWORD
from tests.workorders.conftest import NOW, Office, new_order


def returned(office: Office, order: int) -> None:
    acts.dispatch(office.seat, order, None, Assignment(office.company, "何斌", "13800138000"))
    acts.send_back(office.after(hours=1), order, None, "不是我们的范围")


def returned_on_hold(office: Office, order: int) -> None:
    returned(office, order)
    acts.pause(office.after(hours=2), order, None, "等街道答复")


def reopened_after_it_left(office: Office, order: int) -> None:
    acts.dispatch(office.seat, order, None, Assignment(office.company, "何斌"))
    acts.accept(office.seat, order)
    acts.begin(office.seat, order)
    acts.finish(office.after(hours=1), order, None, WorkDone(NOW, "何斌"))
    acts.verify(office.after(hours=1), order, None, "陈静怡")
    day = office.seat.today()
    save_contract(
        office.seat,
        ContractFields(
            estate_id=office.lane, organisation_id=office.company, kind="property",
            starts_on=day - timedelta(days=400), ends_on=day - timedelta(days=10),
        ),
    )  # fmt: skip
    again = replace(office.after(hours=2), second=Second("reviewer", PASSWORD))
    acts.reopen(again, order, None, "又不亮了")


@pytest.fixture
def order(office: Office) -> OrderDetail:
    """An order that nobody has yet."""
    return making.make_order(office.seat, new_order(office))


def tallies(office: Office) -> dict[str, OrderTally]:
    """Return the figures of March by organisation, as they are told much later."""
    span = Span(date(2026, 3, 1), date(2026, 3, 31), office.after(days=90).now())
    with office.seat.store.use() as session:
        return {one.name: one for one in figures.order_figures(session, span, {}).organisations}


def listed(office: Office, **whose: object) -> list[int]:
    """Return the orders on the list of what is not done of the end of March."""
    span = Span(date(2026, 3, 31), date(2026, 3, 31), office.after(days=90).now())
    with office.seat.store.use() as session:
        return [one.id for one in figures.open_orders(session, span, **whose)]  # type: ignore[arg-type]


@pytest.mark.parametrize("come_back", [returned, returned_on_hold, reopened_after_it_left])
def test_nobody_but_the_office_has_it(
    office: Office, order: OrderDetail, come_back: Callable[[Office, int], None]
) -> None:
    come_back(office, order.id)
    shown = detail.order_detail(office.seat, order.id)
    assert (shown.organisation_id, shown.organisation, shown.person, shown.phone) == (None, "", "", "")
    [paper] = sheet_data.order_papers(office.seat, [order.id]).sheets
    assert (paper.organisation, paper.person) == ("", "")
    assert listed(office, organisation_id=office.company) == listed(office, person="何斌") == []
    assert listed(office) == [order.id]
    assert any("福元物业" in event.detail for event in shown.events), "it stays in the course who had it"


def test_that_it_was_returned_stays_in_the_figures(office: Office, order: OrderDetail) -> None:
    returned(office, order.id)
    found = tallies(office)
    company, nobody = found["福元物业"], found[""]
    assert (company.held, company.returned_rate, company.open) == (1, Rate(1, 1), 0)
    assert company.overdue_rate == Rate(0, 0)
    assert (nobody.held, nobody.overdue_rate) == (1, Rate(1, 1))


def test_whoever_gets_it_next_has_it(office: Office, order: OrderDetail) -> None:
    returned(office, order.id)
    sent = acts.dispatch(office.after(days=1), order.id, None, Assignment(office.other, "沈工"))
    assert (sent.status, sent.organisation, sent.person) == (OrderStatus.DISPATCHED, "沪上维修", "沈工")
    assert listed(office, organisation_id=office.other) == [order.id]
    assert listed(office, organisation_id=office.company) == []
    assert tallies(office)["沪上维修"].overdue_rate == Rate(1, 1)
