"""The services of work orders on a real store: making, the whole course, refusals, dues, lists."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.service.contracts import save_contract
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.office.service.settings import change_calendar, read_calendar_text
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service.organisations import save_organisation
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service.tiers import assign_tier
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, Told, WorkDone
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.course import COURSE
from fuyuan_desk.workorders.rules.escalation import Level, Telling
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import acts, clock, detail, making, orders, sheet_data, waiting
from tests.workorders.conftest import NOW, Office, log_failures, new_order


@pytest.fixture
def order(office: Office) -> OrderDetail:
    """An order that is to be dispatched."""
    return making.make_order(office.seat, new_order(office))


def sent(office: Office, order: OrderDetail, **fields: str) -> OrderDetail:
    to = Assignment(office.company, "何斌", "13812340011")
    return acts.dispatch(office.seat, order.id, order.version, replace(to, **fields))


def under_way(office: Office, order: OrderDetail) -> OrderDetail:
    order = sent(office, order)
    order = acts.accept(office.seat, order.id, order.version)
    return acts.begin(office.seat, order.id, order.version)


def finished(office: Office, order: OrderDetail) -> OrderDetail:
    order = under_way(office, order)
    done = WorkDone(NOW, "何斌", "换了灯泡")
    return acts.finish(office.seat, order.id, order.version, done)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()


# --- making


def test_an_order_has_a_number_without_gaps_and_a_deadline(office: Office) -> None:
    made = [making.make_order(office.seat, new_order(office)) for _ in range(2)]
    with pytest.raises(InvalidInput):
        making.make_order(office.seat, new_order(office, title=" "))
    made.append(making.make_order(office.seat, new_order(office)))
    assert [one.number for one in made] == ["PD2026-0001", "PD2026-0002", "PD2026-0003"]
    # three working days from a Wednesday, without a tier
    assert made[0].due_at == local("2026-03-16T18:00:00")
    assert made[0].term == "within 3 working days, by 18:00 (Reference value, no tier yet)"


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        ("urgent", ""),
        ("general", "2026-03-16T18:00:00"),  # three days end on a Saturday
        ("complaint", "2026-03-16T18:00:00"),
    ],
)
def test_the_deadline_follows_the_tier(office: Office, severity: str, due: str) -> None:
    assign_tier(
        office.seat, office.lane, list(Tier)[1], NOW.date() - timedelta(days=30), "评定", "区房管〔2026〕1号"
    )
    made = making.make_order(office.seat, new_order(office, severity=severity))
    assert "tier" in made.term
    assert made.due_at == (local(due) if due else NOW + timedelta(hours=2))


def test_a_year_without_a_calendar_leaves_the_deadline_unknown(office: Office) -> None:
    late = office.at(datetime.fromisoformat("2027-12-30T02:00:00+00:00"))
    made = making.make_order(late, new_order(office, begun_at=late.now()))
    assert made.due_at is None
    assert made.unknown_year is not None


def test_a_deadline_is_set_once_the_calendar_is_known(office: Office, order: OrderDetail) -> None:
    acts.pause(office.seat, making.make_order(office.seat, new_order(office)).id, None, "等配件")
    with office.seat.store.use() as session:
        session.get_one(WorkOrder, order.id).due_at = None
        session.commit()
    assert clock.complete_deadlines(office.seat) == 1
    assert detail.order_detail(office.seat, order.id).due_at == order.due_at
    assert clock.complete_deadlines(office.seat) == 0


def test_a_day_that_the_office_moves_moves_the_deadline(office: Office) -> None:
    made = making.make_order(office.seat, new_order(office))
    assert made.due_at is not None
    due = made.due_at.astimezone().date()
    assert clock.complete_deadlines(office.seat) == 0
    lines = read_calendar_text(office.seat).split("\n")
    year = next(at for at, line in enumerate(lines) if line.startswith(f"{due.year} "))
    lines.insert(year + 1, f"{due:%m-%d} 临时放假")
    change_calendar(office.seat, "\n".join(lines))
    assert clock.complete_deadlines(office.seat) >= 1
    later = detail.order_detail(office.seat, made.id).due_at
    assert later is not None
    assert later.astimezone().date() > due


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"estate_id": None}, "estate_id"),
        ({"title": ""}, "title"),
        ({"title": "长" * 101}, "title"),
        ({"severity": "worst"}, "severity"),
        ({"begun_at": NOW + timedelta(minutes=1)}, "begun_at"),
        ({"begun_at": NOW - timedelta(days=400)}, "begun_at"),
    ],
)
def test_a_wrong_input_is_refused_beside_its_field(office: Office, fields: dict, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        making.make_order(office.seat, new_order(office, **fields))
    assert set(refusal.value.fields) == {wrong}


def test_an_edited_order_has_a_new_deadline_and_the_same_estate(office: Office, order: OrderDetail) -> None:
    known = making.order_for_edit(office.seat, order.id)
    changed = replace(known, severity="urgent", estate_id=office.tower, source="call", reason="居民说不急")
    edited = making.edit_order(office.seat, order.id, order.version, changed)
    assert edited.source == "call"
    assert edited.estate_id == office.lane
    assert edited.due_at == NOW + timedelta(hours=2)
    with pytest.raises(Conflict):
        making.edit_order(office.seat, order.id, order.version, changed)


# --- findings


def test_findings_become_an_order_once(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物", 2: "灯坏"})
    log_failures(office.seat, office.tower, {1: "门坏"})
    found = waiting.findings_without_order(office.seat)
    assert sorted(row.finding.item.remark for row in found) == ["堆物", "灯坏", "门坏"]
    mine = tuple(row.id for row in found if row.finding.item.estate_id == office.lane)
    made = making.make_order(office.seat, new_order(office, source="finding", findings=mine))
    assert [one.item.remark for one in made.findings] == ["堆物", "灯坏"]
    assert [row.finding.item.remark for row in waiting.findings_without_order(office.seat)] == ["门坏"]
    with pytest.raises(Conflict, match=made.number):
        making.make_order(office.seat, new_order(office, source="finding", findings=mine[:1]))
    other = tuple(row.id for row in waiting.findings_without_order(office.seat))
    with pytest.raises(Conflict, match="not all of this estate"):
        making.make_order(office.seat, new_order(office, source="finding", findings=other))
    visit = made.findings[0].item.visit_id
    found = waiting.visit_findings(office.seat, visit)
    assert set(found.orders.values()) == {(made.id, made.number)}
    assert found.waiting == {}


def test_what_passed_later_needs_no_order(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物"})
    log_failures(office.after(days=1), office.lane, {})
    assert waiting.findings_without_order(office.seat) == ()


def test_a_repeated_finding_is_counted_and_names_the_open_order(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物"})
    (first,) = waiting.findings_without_order(office.seat)
    made = making.make_order(office.seat, new_order(office, source="finding", findings=(first.id,)))
    log_failures(office.after(days=1), office.lane, {0: "又堆物"})
    (again,) = waiting.findings_without_order(office.after(days=1))
    assert again.finding.before == 1
    assert again.same == (made.id, made.number)
    acts.cancel(office.seat, made.id, None, "重复")
    both = waiting.findings_without_order(office.after(days=1))
    assert {row.finding.before for row in both} == {0, 1}
    assert {row.same for row in both} == {None}


# --- the course


def test_an_order_goes_its_whole_course(office: Office, order: OrderDetail) -> None:
    done = finished(office, order)
    assert done.status is OrderStatus.TO_VERIFY
    ended = acts.verify(office.seat, done.id, done.version, "陈静怡", "亮了")
    assert ended.status is OrderStatus.DONE
    assert ended.verified_by == "陈静怡"
    lines = [moment.text for moment in COURSE.timeline(ended.events, ended.course, office.seat.today())]
    assert lines == [
        "To be dispatched", "Order dispatched", "Order accepted", "Work on it began", "Reported as done",
        "Verified and completed",
    ]  # fmt: skip
    with pytest.raises(Conflict, match="completed already"):
        acts.verify(office.seat, ended.id, ended.version, "陈静怡")


def test_every_act_is_in_the_trail(office: Office, order: OrderDetail) -> None:
    finished(office, order)
    with office.seat.store.sessions() as session:
        written = select(func.count()).where(
            AuditEntry.table_name == "order_step", AuditEntry.action == "insert"
        )
        assert session.scalar(written) == 5


@pytest.mark.parametrize("by", ["何斌（水电工）", "福元物业王经理", "陈静怡 何斌", ""])
def test_whoever_did_it_does_not_verify_it(office: Office, order: OrderDetail, by: str) -> None:
    done = finished(office, order)
    with pytest.raises(InvalidInput) as refusal:
        acts.verify(office.seat, done.id, done.version, by)
    assert set(refusal.value.fields) == {"by"}


def test_the_property_company_does_not_verify(
    office: Office, order: OrderDetail, seat_as: Callable[[Role], Seat]
) -> None:
    done = finished(office, order)
    with pytest.raises(NotAllowed):
        acts.verify(seat_as(Role.PROPERTY), done.id, done.version, "陈静怡")


def test_rejected_work_is_done_again(office: Office, order: OrderDetail) -> None:
    done = finished(office, order)
    with pytest.raises(InvalidInput):
        acts.reject(office.seat, done.id, done.version, " ")
    again = acts.reject(office.seat, done.id, done.version, "还是不亮")
    assert again.status is OrderStatus.UNDER_WAY
    assert again.events[-1].reason == "还是不亮"


def test_whoever_did_it_before_a_rejection_does_not_verify_it(office: Office, order: OrderDetail) -> None:
    done = finished(office, order)
    again = acts.reject(office.seat, done.id, done.version, "还是不亮")
    again = acts.hand_over(
        office.seat, again.id, again.version, Assignment(office.other, "张建国", "", "换人")
    )
    again = acts.begin(office.seat, again.id, acts.accept(office.seat, again.id).version)
    done = acts.finish(office.seat, again.id, again.version, WorkDone(NOW, "张建国"))
    with pytest.raises(InvalidInput):
        acts.verify(office.seat, done.id, done.version, "何斌")
    assert acts.verify(office.seat, done.id, done.version, "陈静怡").status is OrderStatus.DONE


def test_an_order_says_that_its_finding_has_passed(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物"})
    (found,) = waiting.findings_without_order(office.seat)
    made = making.make_order(office.seat, new_order(office, source="finding", findings=(found.id,)))
    assert [one.is_right for one in made.findings] == [False]
    log_failures(office.after(days=1), office.lane, {})
    assert [one.is_right for one in detail.order_detail(office.seat, made.id).findings] == [True]


def test_a_returned_order_is_dispatched_again(office: Office, order: OrderDetail) -> None:
    back = acts.send_back(office.seat, sent(office, order).id, None, "不是我们的范围")
    assert back.status is OrderStatus.TO_DISPATCH
    assert sent(office, back).status is OrderStatus.DISPATCHED


def test_an_order_is_handed_over_to_somebody_else_only(office: Office, order: OrderDetail) -> None:
    going = under_way(office, order)
    with pytest.raises(InvalidInput) as refusal:
        acts.hand_over(office.seat, going.id, None, Assignment(office.company, "何斌", "", "忙"))
    assert set(refusal.value.fields) == {"organisation_id"}
    with pytest.raises(InvalidInput) as refusal:
        acts.hand_over(office.seat, going.id, None, Assignment(office.other, "张师傅"))
    assert set(refusal.value.fields) == {"note"}
    handed = acts.hand_over(office.seat, going.id, None, Assignment(office.other, "张师傅", "", "忙"))
    assert (handed.status, handed.organisation) == (OrderStatus.DISPATCHED, "沪上维修")
    assert handed.due_at == order.due_at


def test_the_clock_stands_while_an_order_is_on_hold(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office, severity="urgent"))
    held = acts.pause(office.after(hours=1), order.id, order.version, "等配件")
    assert held.status is OrderStatus.PAUSED
    assert held.due_at is None
    assert not detail.order_detail(office.after(days=9), order.id).tell
    on = acts.resume(office.after(hours=25), order.id, held.version)
    assert on.status is OrderStatus.TO_DISPATCH
    assert on.due_at == NOW + timedelta(hours=26)


def test_an_order_on_hold_returns_to_where_it_was(office: Office, order: OrderDetail) -> None:
    going = under_way(office, order)
    held = acts.pause(office.seat, going.id, going.version, "等配件")
    assert acts.resume(office.seat, held.id, held.version).status is OrderStatus.UNDER_WAY


def test_a_cancelled_order_loses_no_finding(office: Office) -> None:
    log_failures(office.seat, office.lane, {0: "堆物"})
    (row,) = waiting.findings_without_order(office.seat)
    made = making.make_order(office.seat, new_order(office, source="finding", findings=(row.id,)))
    with pytest.raises(InvalidInput):
        acts.cancel(office.seat, made.id, made.version, "")
    acts.cancel(office.seat, made.id, made.version, "开错了")
    assert [found.id for found in waiting.findings_without_order(office.seat)] == [row.id]


# --- bad input


def test_two_windows_do_not_overwrite_each_other(office: Office, order: OrderDetail) -> None:
    sent(office, order)
    with pytest.raises(Conflict, match="Somebody else"):
        acts.cancel(office.seat, order.id, order.version, "不做了")


@pytest.mark.parametrize("delta", [timedelta(minutes=-5), timedelta(minutes=5)])
def test_work_is_done_neither_before_the_order_nor_in_the_future(
    office: Office, order: OrderDetail, delta: timedelta
) -> None:
    going = under_way(office, order)
    with pytest.raises(InvalidInput) as refusal:
        acts.finish(office.seat, going.id, going.version, WorkDone(NOW + delta, "何斌"))
    assert set(refusal.value.fields) == {"at"}


def test_an_organisation_that_left_gets_no_order(office: Office, order: OrderDetail) -> None:
    day = office.seat.today()
    contract = ContractFields(
        estate_id=office.lane, organisation_id=office.company, kind="property", starts_on=day - timedelta(days=400),
        ends_on=day - timedelta(days=10),
    )  # fmt: skip
    save_contract(office.seat, contract)
    with pytest.raises(InvalidInput, match="served this estate until"):
        sent(office, order)


def test_an_organisation_that_leaves_does_not_go_on(office: Office, order: OrderDetail) -> None:
    day = office.seat.today()
    dispatched = sent(office, order)
    contract = ContractFields(
        estate_id=office.lane, organisation_id=office.company, kind="property", starts_on=day - timedelta(days=400),
        ends_on=day - timedelta(days=10),
    )  # fmt: skip
    save_contract(office.seat, contract)
    with pytest.raises(Conflict, match="Hand the order over"):
        acts.accept(office.seat, dispatched.id, dispatched.version)


def test_an_organisation_that_ended_gets_no_order(office: Office, order: OrderDetail) -> None:
    ended = save_organisation(
        office.seat, OrganisationFields("旧物业", "property", ended_on=NOW.date() - timedelta(days=1))
    ).id
    with pytest.raises(InvalidInput):
        acts.dispatch(office.seat, order.id, order.version, Assignment(ended))


def test_an_order_needs_somebody(office: Office, order: OrderDetail) -> None:
    with pytest.raises(InvalidInput) as refusal:
        acts.dispatch(office.seat, order.id, order.version, Assignment(None))
    assert set(refusal.value.fields) == {"organisation_id"}


# --- escalation


def test_who_is_to_be_told_goes_up_the_ladder(office: Office) -> None:
    order = making.make_order(office.seat, new_order(office, severity="urgent"))
    assert detail.order_detail(office.after(hours=1), order.id).tell is None
    tell = detail.order_detail(office.after(hours=3), order.id).tell
    assert tell == Telling(Level.INSPECTOR, NOW + timedelta(hours=2))
    later = office.after(hours=3)
    acts.record_told(later, order.id, Told("inspector", "李思远", later.now(), "telephone"))
    assert detail.order_detail(office.after(hours=3), order.id).tell is None
    tell = detail.order_detail(office.after(hours=30), order.id).tell
    assert tell == Telling(Level.MANAGER, NOW + timedelta(hours=26))
    with pytest.raises(InvalidInput):
        acts.record_told(later, order.id, Told("manager", "", later.now(), "telephone"))
    with pytest.raises(InvalidInput):
        acts.record_told(later, order.id, Told("manager", "于经理", NOW - timedelta(hours=1), "telephone"))


# --- lists


def test_the_list_is_filtered_and_found(office: Office, order: OrderDetail) -> None:
    other = making.make_order(office.seat, new_order(office, estate_id=office.tower, title="电梯停运"))
    sent(office, order)

    def ids(query: BookQuery) -> list[int]:
        return [row.id for row in orders.list_orders(office.seat, query).rows]

    assert ids(BookQuery()) == [other.id, order.id]
    assert ids(BookQuery(facets={"organisation_id": office.company})) == [order.id]
    assert ids(BookQuery(facets={"status": "to-dispatch"})) == [other.id]
    assert ids(BookQuery("dtty")) == [other.id]
    assert ids(BookQuery("PD2026-0001")) == [order.id]
    late = (None, NOW.date() + timedelta(days=30))
    assert ids(BookQuery(facets={"due_on": late})) == [other.id, order.id]
    assert orders.orders_for_print(office.seat, BookQuery(facets={"estate_id": office.lane})).rows


# --- estates


def test_a_property_company_sees_and_does_what_is_of_its_estate(
    office: Office, order: OrderDetail, seat_as: Callable[[Role], Seat]
) -> None:
    log_failures(office.seat, office.lane, {0: "堆物"})
    log_failures(office.seat, office.tower, {0: "门坏"})
    dispatched = sent(office, order)
    company = seat_as(Role.PROPERTY)
    own = replace(
        company, operator=replace(company.operator, estates=frozenset({office.lane})), now=office.seat.now
    )
    assert [row.finding.item.remark for row in waiting.findings_without_order(own)] == ["堆物"]
    assert [row.id for row in orders.list_orders(own).rows] == [order.id]
    told = making.make_order(
        office.seat, new_order(office, description="王小明 13911112222", reporter="王小明", title="漏水")
    )
    assert detail.order_detail(office.seat, told.id).description == "王小明 13911112222"
    assert detail.order_detail(own, told.id).description == "王* 139****2222"
    assert sheet_data.order_papers(own, [told.id]).sheets[0].description == "王* 139****2222"
    assert acts.accept(own, dispatched.id, dispatched.version).status is OrderStatus.ACCEPTED
    with pytest.raises(NotAllowed):
        acts.cancel(own, order.id, None, "不做了")
    other = replace(company, operator=replace(company.operator, estates=frozenset({office.tower})))
    with pytest.raises(NotFound):
        detail.order_detail(other, order.id)
