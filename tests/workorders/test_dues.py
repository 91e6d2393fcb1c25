"""What of the work orders stands on the first page, and how fast with ten thousand of them."""

from datetime import datetime, timedelta

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.inspections.rules.visits import FAILED
from fuyuan_desk.inspections.service import dues as inspection_dues
from fuyuan_desk.workorders.facts import Assignment, Told, WorkDone
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules import dues as rules
from fuyuan_desk.workorders.rules.escalation import Level
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import acts, dues, making, waiting
from tests.workorders.conftest import NOW, Office, log_failures, new_order


def tasks(office: Office, days: int = 0) -> list[Task]:
    with office.seat.store.sessions() as session:
        return dues.tasks(session, NOW.date() + timedelta(days=days))


def of(found: list[Task], topic: Topic) -> list[Task]:
    return [task for task in found if task.topic is topic]


def test_an_empty_office_has_nothing(office: Office) -> None:
    assert tasks(office) == []
    with office.seat.store.sessions() as session:
        assert [figure.value for figure in dues.figures(session, NOW.date())] == [0, 0]


def test_findings_are_counted_by_estate(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物", 1: "灯坏"})
    (task,) = tasks(office)
    assert (task.topic, task.record_id, task.office_only) == (rules.WITHOUT_ORDER, office.lane, True)
    assert task.detail == "2 findings without an order"


def test_an_order_is_dispatched_then_verified(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office))
    (task,) = tasks(office)
    assert (task.topic, task.act, task.overdue) == (rules.TO_DISPATCH, "orders.dispatch", False)
    acts.dispatch(office.seat, order.id, None, Assignment(office.company, "何斌"))
    assert tasks(office) == []
    acts.accept(office.seat, order.id)
    acts.begin(office.seat, order.id)
    acts.finish(office.seat, order.id, None, WorkDone(NOW, "何斌"))
    (task,) = tasks(office, 2)
    assert (task.topic, task.act) == (rules.TO_VERIFY, "orders.verify")
    assert task.detail == "Reported as done 2 days ago: look at it"
    acts.verify(office.seat, order.id, None, "陈静怡")
    assert tasks(office, 9) == []


def test_an_overdue_order_says_who_is_to_be_told(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office, severity="urgent"))
    (task,) = tasks(office, 1)
    assert (task.topic, task.overdue, task.severity) == (rules.OVERDUE, True, Severity.URGENT)
    assert "to be told now: Inspector since " in task.detail
    assert task.act == "orders.tell"
    later = office.after(hours=3)
    acts.record_told(later, order.id, Told("inspector", "李思远", later.now(), "telephone"))
    (task,) = tasks(office, 1)
    assert task.act == ""
    (task,) = tasks(office, 3)
    assert f"{Level.MANAGER.label} since " in task.detail


def test_an_order_on_hold_is_not_overdue(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office, severity="urgent"))
    acts.pause(office.seat, order.id, None, "等配件")
    assert tasks(office, 9) == []


def test_an_order_without_a_known_deadline_is_listed_without_a_day(office: Office) -> None:
    late = office.at(datetime.fromisoformat("2027-12-30T02:00:00+00:00"))
    making.make_order(late, new_order(office, begun_at=late.now()))
    (task,) = tasks(office)
    assert (task.due, task.detail) == (None, "No deadline is known")


def test_an_order_under_way_without_a_known_deadline_stays(office: Office) -> None:
    late = office.at(datetime.fromisoformat("2027-12-30T02:00:00+00:00"))
    order = making.make_order(late, new_order(office, begun_at=late.now()))
    acts.dispatch(late, order.id, None, Assignment(office.company, "何斌"))
    for act in (acts.accept, acts.begin):
        (task,) = of(tasks(office), rules.UNKNOWN)
        assert (task.record_id, task.due) == (order.id, None)
        act(late, order.id)
    acts.finish(late, order.id, None, WorkDone(late.now(), "何斌"))
    assert of(tasks(office), rules.UNKNOWN) == []


def test_what_an_order_has_put_right_waits_for_no_visit(office: Office) -> None:
    def failed() -> list[str]:
        with office.seat.store.sessions() as session:
            found = inspection_dues.tasks(session, NOW.date() + timedelta(days=1))
            return [task.detail for task in found if task.topic is FAILED]

    log_failures(office.seat, office.lane, {0: "堆物", 1: "灯坏"})
    first, second = waiting.findings_without_order(office.seat)
    assert failed()[0].startswith("2 ")
    for found, left in ((first, 1), (second, 0)):
        new = new_order(office, source="finding", findings=(found.id,))
        order = making.make_order(office.seat, new)
        acts.dispatch(office.seat, order.id, None, Assignment(office.company, "何斌"))
        acts.accept(office.seat, order.id)
        acts.begin(office.seat, order.id)
        acts.finish(office.seat, order.id, None, WorkDone(NOW, "何斌"))
        assert failed()[0].startswith(f"{left + 1} ")
        acts.verify(office.seat, order.id, None, "陈静怡")
        assert len(failed()) == min(left, 1)


def test_many_open_orders_are_counted_and_the_most_urgent_listed(office: Office) -> None:
    statuses = [OrderStatus.TO_DISPATCH, OrderStatus.UNDER_WAY, OrderStatus.TO_VERIFY]
    with office.seat.store.use() as session:
        for number in range(600):
            due = NOW + timedelta(hours=number - 300)
            session.add(
                WorkOrder(
                    year=2025, serial=number + 1, number=f"PD2025-{number + 1:05d}", estate_id=office.lane,
                    title="灯", severity="general", source="office", status=statuses[number % 3], begun_at=NOW,
                    term_count=3, term_unit="days", term_by="18:00", term_source="reference", due_at=due,
                    due_on=due.date(), done_at=NOW,
                )
            )  # fmt: skip
        session.commit()
    found = tasks(office)
    for topic in (rules.OVERDUE, rules.TO_DISPATCH, rules.TO_VERIFY):
        listed = of(found, topic)
        assert len(listed) == rules.MOST + 1
        assert listed[-1].part == "more"
    with office.seat.store.sessions() as session:
        assert dues.figures(session, NOW.date())[0].value == 600
