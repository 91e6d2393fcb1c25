"""Which order a finding was in on an earlier day, whatever was merged, cancelled or made since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.reports.facts import NotDoneOf
from fuyuan_desk.reports.service.not_done import not_done_for_print
from fuyuan_desk.workorders.facts import NewOrder, OrderDetail
from fuyuan_desk.workorders.service.acts import cancel, merge
from fuyuan_desk.workorders.service.detail import order_detail
from fuyuan_desk.workorders.service.making import make_order
from fuyuan_desk.workorders.service.waiting import findings_without_order
from tests.conftest import PASSWORD
from tests.workorders.conftest import NOW, Office, log_failures


class _Days:
    """An office a day at a time, and by day the orders of its findings as they were printed on that day."""

    def __init__(self, office: Office) -> None:
        self.office, self.day = office, 0
        self.seat: Seat = office.seat
        self.orders: list[int] = []
        self.printed: list[dict[str, str]] = []

    def next(self, act: Callable[[], object]) -> None:
        act()
        self.printed.append(self.printed_of(self.day))
        self.day += 1
        self.seat = self.office.after(days=self.day)

    def printed_of(self, day: int) -> dict[str, str]:
        made = not_done_for_print(self.seat, NotDoneOf((NOW + timedelta(days=day)).date(), self.office.lane))
        assert made.findings is not None
        return {made.findings[place].text: number for place, number in made.orders_of.items()}

    def make(self, which: int = 0) -> None:
        waiting = findings_without_order(self.seat, self.office.lane)
        if waiting:
            chosen = waiting[which % len(waiting)].id
            new = NewOrder(
                self.office.lane, "楼道堆物", "general", self.seat.now(), source="finding", findings=(chosen,)
            )
            self.orders.append(make_order(self.seat, new).id)

    def make_by_hand(self) -> None:
        """Make an order that is due no later than those before it."""
        begun = NOW - timedelta(days=self.day)
        new = NewOrder(self.office.lane, "楼道灯不亮", "general", begun, source="office")
        self.orders.append(make_order(self.seat, new).id)

    def merge_into(self, place: int, into: int) -> None:
        gone = self.read(place)
        merge(self.seat, gone.id, gone.version, self.orders[into])
        self.orders.remove(gone.id)

    def read(self, place: int) -> OrderDetail:
        return order_detail(self.seat, self.orders[place % len(self.orders)])

    def merge(self, one: int, into: int) -> None:
        if len(self.orders) > 1 and one % len(self.orders) != into % len(self.orders):
            kept, gone = sorted((self.read(one), self.read(into)), key=lambda order: order.id)
            merge(self.seat, gone.id, gone.version, kept.id)
            self.orders.remove(gone.id)

    def cancel(self, which: int) -> None:
        if self.orders:
            gone = self.read(which)
            seconded = replace(self.seat, second=Second("reviewer", PASSWORD))
            cancel(seconded, gone.id, gone.version, "重复")
            self.orders.remove(gone.id)


def test_a_paper_of_an_earlier_day_names_the_order_of_then(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物", 1: "灯坏"})
    days = _Days(office)
    days.next(lambda: days.make(1))
    days.next(days.make)
    days.next(lambda: days.merge(0, 1))
    days.next(lambda: days.cancel(0))
    days.next(days.make)
    numbers = [sorted(printed.values()) for printed in days.printed]
    one, two, three = "PD2026-0001", "PD2026-0002", "PD2026-0003"
    assert numbers == [[one], [one, two], [one, one], [], [three]]
    assert [days.printed_of(day) for day in range(5)] == days.printed


def test_an_order_that_is_open_again_had_its_findings_until_it_was_merged(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物"})
    days = _Days(office)
    days.next(days.make)
    days.next(days.make_by_hand)
    days.next(lambda: days.merge_into(0, 1))
    days.next(days.make_by_hand)
    days.next(lambda: days.merge_into(0, 1))
    days.next(lambda: days.cancel(0))
    numbers = [sorted(printed.values()) for printed in days.printed]
    one, two, three = "PD2026-0001", "PD2026-0002", "PD2026-0003"
    assert numbers == [[one], [one], [two], [two], [three], []]
    assert [days.printed_of(day) for day in range(6)] == days.printed


_ACTS = st.one_of(
    st.tuples(st.just("make"), st.integers(0, 3)),
    st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("cancel"), st.integers(0, 3)),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ACTS, min_size=3, max_size=7))
def test_what_is_printed_of_a_day_is_what_was_printed_on_it(
    office: Office, acts: list[tuple[str, int]]
) -> None:
    lane = save_estate(office.seat, EstateFields(f"新村{uuid4().hex[:8]}")).id
    estate = replace(office, lane=lane)
    log_failures(estate.seat, estate.lane, {0: "堆物", 1: "灯坏", 2: "门坏"})
    days = _Days(estate)
    for name, *where in acts:
        days.next(partial(getattr(days, name), *where))
    assert [days.printed_of(day) for day in range(len(acts))] == days.printed
