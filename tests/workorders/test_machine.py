"""Orders in any order of acts: no finding is lost, nothing closes unverified, no clock runs while an order is on hold.

The first machine tries the rules alone, with clocks and findings of its own; the second one a real store.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from fuyuan_desk.access.second_person import Second
from fuyuan_desk.core.calendar import Term, Unit, due_at, running_time, shipped
from fuyuan_desk.core.errors import Conflict, InvalidInput
from fuyuan_desk.inspections.records import VisitResult
from fuyuan_desk.inspections.rules.visits import Result
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.workorders.facts import Assignment, WorkDone
from fuyuan_desk.workorders.records import OrderFinding, OrderStep, WorkOrder
from fuyuan_desk.workorders.rules.course import COURSE, OrderFacts
from fuyuan_desk.workorders.rules.figures import PastOrder
from fuyuan_desk.workorders.rules.orders import (
    ENDS,
    Mergeable,
    OrderStatus,
    Step,
    merge_fault,
    pauses_of,
)
from fuyuan_desk.workorders.rules.verification import verifier_fault
from fuyuan_desk.workorders.service import acts, detail, figures, making, waiting
from tests.conftest import PASSWORD
from tests.workorders.conftest import NOW, Office, log_failures, new_order

START = datetime(2026, 3, 11, 2, tzinfo=UTC)
TERM = Term(600, Unit.MINUTES)
ACTS = tuple(act.name for act in COURSE.acts if act.to and act.name != "merge")


@dataclass
class Model:
    """An order as the rules know it, and what the test keeps of it besides."""

    steps: list[Step]
    findings: set[int] = field(default_factory=set)
    stood: timedelta = timedelta()
    verified: bool = False
    merged_into: int | None = None

    @property
    def status(self) -> OrderStatus:
        return self.steps[-1].after

    @property
    def begun(self) -> datetime:
        """When the clock began to run: at first, or when the order was reopened."""
        return [step.at for step in self.steps if step.before in (None, OrderStatus.DONE)][-1]


class Rules(RuleBasedStateMachine):
    """The rules alone."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.orders: list[Model] = []
        self.free: set[int] = set(range(6))
        self.paused: dict[int, datetime] = {}

    def enter(self, number: int, after: OrderStatus) -> None:
        order = self.orders[number]
        if order.status is OrderStatus.PAUSED:
            order.stood += self.now - self.paused.pop(number)
        if order.status is OrderStatus.TO_VERIFY and after is OrderStatus.UNDER_WAY:
            order.stood += self.now - order.steps[-1].at  # the committee took it
        if order.status is OrderStatus.DONE:
            order.stood, order.verified = timedelta(), False
        order.steps.append(Step(self.now, after, order.status))
        if after is OrderStatus.PAUSED:
            self.paused[number] = self.now

    @rule(minutes=st.integers(1, 90))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(take=st.sets(st.integers(0, 5)))
    def make(self, take: set[int]) -> None:
        if len(self.orders) < 4:
            self.orders.append(Model([Step(self.now, OrderStatus.TO_DISPATCH)], take & self.free))
            self.free -= take

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), by=st.sampled_from(["何斌", "陈静怡"]))
    def act(self, data: st.DataObject, by: str) -> None:
        number = data.draw(st.integers(0, len(self.orders) - 1))
        order = self.orders[number]
        possible = [name for name in ACTS if order.status in COURSE.act(name).frm]
        name = data.draw(st.sampled_from(possible or ACTS))
        came_from = order.steps[-1].before if order.status is OrderStatus.PAUSED else None
        try:
            facts = OrderFacts(order.status, paused_from=came_from)
            after = COURSE.check(name, facts, self.now.date(), "理由")
        except Conflict:
            return
        if name == "verify":
            if verifier_fault(by, ["何斌"]):
                return
            order.verified = True
        if name == "cancel":
            self.free |= order.findings
            order.findings = set()
        self.enter(number, after)

    @precondition(lambda self: len(self.orders) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        pick = st.integers(0, len(self.orders) - 1)
        one, two = data.draw(pick), data.draw(pick)
        source, target = self.orders[one], self.orders[two]
        fault = merge_fault(Mergeable(one, 1, source.status), Mergeable(two, 1, target.status))
        if fault or source.status not in COURSE.act("merge").frm:
            return
        target.findings |= source.findings
        source.findings, source.merged_into = set(), two
        self.enter(one, OrderStatus.MERGED)

    @invariant()
    def no_finding_is_lost(self) -> None:
        held = [one for order in self.orders for one in order.findings]
        assert sorted([*held, *self.free]) == list(range(6))

    @invariant()
    def nothing_is_closed_unverified(self) -> None:
        for order in self.orders:
            assert order.status is not OrderStatus.DONE or order.verified
            assert not order.findings or order.status not in (OrderStatus.MERGED, OrderStatus.CANCELLED)

    @invariant()
    def no_clock_runs_while_an_order_is_on_hold(self) -> None:
        for number, order in enumerate(self.orders):
            pauses = pauses_of(order.steps)
            stood = order.stood + (self.now - self.paused[number] if number in self.paused else timedelta())
            begun = order.begun
            assert running_time(begun, self.now, pauses) == self.now - begun - stood
            due = due_at(begun, TERM, shipped(), pauses)
            if order.status is OrderStatus.PAUSED:
                assert due is None
            else:
                assert due is not None
                assert running_time(begun, due, pauses) == timedelta(minutes=TERM.count)

    @invariant()
    def merging_never_goes_in_a_circle(self) -> None:
        for order in self.orders:
            seen = 0
            while order.merged_into is not None:
                order, seen = self.orders[order.merged_into], seen + 1
                assert seen <= len(self.orders)


TestRules = Rules.TestCase
TestRules.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


# --- on a real store


class Services(RuleBasedStateMachine):
    """The services, on one store for all examples."""

    office: Office
    second: Second
    examples = 0

    @initialize()
    def begin(self) -> None:
        type(self).examples += 1  # all on one store: a visit of an earlier one must not come later
        self.now, self.back, self.is_right = NOW + timedelta(days=self.examples), timedelta(), False
        found = log_failures(self.at(), self.office.lane, {0: "堆物", 1: "灯坏", 2: "门坏"})
        self.visit = found.id
        self.ids: list[int] = []
        self.corrected: set[int] = set()
        self.past: list[tuple[datetime, list[int], list[PastOrder]]] = []
        self.waiting = {row.id for row in self.mine()}
        assert len(self.waiting) == 3

    def at(self) -> Any:
        self.now += timedelta(minutes=1)
        return self.office.at(self.now - self.back)

    @rule(data=st.data())
    def correct_the_visit(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(sorted(self.waiting)))
        with self.office.seat.store.use() as session:
            session.get_one(VisitResult, one).result = Result.PASS
            session.commit()
        self.corrected.add(one)

    @precondition(lambda self: not self.is_right)
    @rule()
    def find_all_put_right(self) -> None:
        log_failures(self.at(), self.office.lane, {})
        self.is_right = True

    @rule()
    def remember(self) -> None:
        # before whatever a clock that is set back may still date
        moment, ids = self.now - timedelta(minutes=5), list(self.ids)
        self.past.append((moment, ids, self.lives(ids, moment)))

    def lives(self, ids: list[int], moment: datetime) -> list[PastOrder]:
        with self.office.seat.store.sessions() as session:
            return figures.past_orders(session, WorkOrder.id.in_(ids), moment)

    @invariant()
    def the_past_stays_what_it_was(self) -> None:
        for moment, ids, lives in getattr(self, "past", ()):
            assert self.lives(ids, moment) == lives

    @rule(minutes=st.integers(0, 3))
    def set_clock_back(self, minutes: int) -> None:
        self.back = timedelta(minutes=minutes)

    def mine(self) -> list[Any]:
        found = waiting.findings_without_order(self.at(), self.office.lane)
        return [row for row in found if row.finding.item.visit_id == self.visit]

    @rule(count=st.integers(0, 2))
    def make(self, count: int) -> None:
        if len(self.ids) < 3:
            chosen = tuple(row.id for row in self.mine()[:count])
            source = "finding" if chosen else "office"
            made = making.make_order(self.at(), new_order(self.office, findings=chosen, source=source))
            self.ids.append(made.id)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), name=st.sampled_from((*ACTS, "merge", "edit")))
    def act(self, data: st.DataObject, name: str) -> None:
        order, other = data.draw(st.sampled_from(self.ids)), data.draw(st.sampled_from(self.ids))
        seat, to = self.at(), Assignment(self.office.company, f"某{len(self.ids)}{self.now:%H%M}", "", "理由")
        calls = {
            "dispatch": lambda: acts.dispatch(seat, order, None, to),
            "hand_over": lambda: acts.hand_over(seat, order, None, to),
            "accept": lambda: acts.accept(seat, order),
            "begin": lambda: acts.begin(seat, order),
            "finish": lambda: acts.finish(seat, order, None, WorkDone(seat.now(), "何斌")),
            "verify": lambda: acts.verify(seat, order, None, "陈静怡"),
            "send_back": lambda: acts.send_back(seat, order, None, "理由"),
            "reject": lambda: acts.reject(seat, order, None, "理由"),
            "pause": lambda: acts.pause(seat, order, None, "理由"),
            "resume": lambda: acts.resume(seat, order),
            "edit": lambda: self.edit(seat, order),
            "cancel": lambda: acts.cancel(replace(seat, second=self.second), order, None, "理由"),
            "merge": lambda: acts.merge(seat, order, None, other),
            "reopen": lambda: acts.reopen(replace(seat, second=self.second), order, None, "理由"),
        }
        try:
            calls[name]()
        except (Conflict, InvalidInput):
            return

    def edit(self, seat: Any, order: int) -> None:
        known = making.order_for_edit(seat, order)
        severity = "urgent" if known.severity == "general" else "general"
        making.edit_order(seat, order, None, replace(known, severity=severity, reason="理由"))

    @invariant()
    def everything_holds(self) -> None:
        if not hasattr(self, "waiting"):
            return
        free = {row.id for row in self.mine()}
        with self.office.seat.store.sessions() as session:
            held = set(
                session.scalars(
                    select(OrderFinding.visit_result_id).where(OrderFinding.visit_result_id.in_(self.waiting))
                )
            )
            assert free == (set() if self.is_right else self.waiting - held - self.corrected)
            for order in self.ids if self.corrected else ():
                for found in detail.findings_of(session, order):
                    assert found.is_withdrawn == (found.item.id in self.corrected)
            steps = session.scalar(select(func.count(OrderStep.id)))
            trail = select(func.count()).where(
                AuditEntry.table_name == "order_step", AuditEntry.action == "insert"
            )
            assert session.scalar(trail) == steps
            for row in session.scalars(select(WorkOrder).where(WorkOrder.id.in_(self.ids))):
                last = session.scalars(
                    select(OrderStep).where(OrderStep.order_id == row.id).order_by(OrderStep.id.desc())
                ).first()
                assert last is not None
                assert row.status == last.after
                assert (row.organisation_id, row.person, row.severity, row.due_at) == (
                    last.organisation_id, last.person, last.severity, last.due_at,
                )  # fmt: skip
                assert (row.closed_at is not None) == (row.status in ENDS)
                assert bool(row.verified_at and row.verified_by) == (row.status == OrderStatus.DONE)
                times = select(OrderStep.at).where(OrderStep.order_id == row.id).order_by(OrderStep.id)
                assert (found := session.scalars(times).all()) == sorted(found)
                assert (row.due_at is None) == (row.status == OrderStatus.PAUSED) or row.status in ENDS
                moved = session.scalar(select(func.count()).where(OrderFinding.order_id == row.id))
                assert row.status not in (OrderStatus.MERGED, OrderStatus.CANCELLED) or not moved
                assert row.source == "finding" or self.end_of(session, row) != OrderStatus.CANCELLED

    @staticmethod
    def end_of(session: Any, row: WorkOrder) -> str:
        """Return what became of the order into which an order was merged at last; '' for one that was not merged."""
        if row.status != OrderStatus.MERGED:
            return ""
        while row.merged_into_id is not None:
            row = session.get_one(WorkOrder, row.merged_into_id)
        return row.status


def test_services_hold_in_any_order(office: Office) -> None:
    reviewer = Second("reviewer", PASSWORD)
    machine = type("Bound", (Services,), {"office": office, "second": reviewer})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=5, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
