"""The page of work orders, used as a clerk does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.access.roles import Role
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.records import VisitResult
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.preview import PreviewDialog
from fuyuan_desk.workorders.controller.orders import OrdersController, OrdersSection, order_of
from fuyuan_desk.workorders.controller.visit import FINDINGS, VisitOrders, told_of_place
from fuyuan_desk.workorders.facts import Assignment, OrderDetail, Told, WorkDone
from fuyuan_desk.workorders.rules.orders import OrderStatus
from fuyuan_desk.workorders.service import acts, detail, making, orders, waiting
from fuyuan_desk.workorders.view import words
from tests.screen import button, texts
from tests.workorders.conftest import NOW, Office, log_failures, new_order

Settled = Callable[[], None]


def dialog() -> FormDialog:
    [shown] = [
        box for box in QApplication.topLevelWidgets() if isinstance(box, FormDialog) and box.isVisible()
    ]
    return shown


def submit(settled: Settled, **values: Any) -> None:
    """Fill the open dialog and press its button."""
    form = dialog().form
    for name, value in values.items():
        form.set_value(name, value)
    dialog().save_button.click()
    settled()


def press(page: OrdersController, settled: Settled, act: str) -> None:
    page.order.acts.button(act).click()
    settled()


@pytest.fixture
def order(office: Office) -> OrderDetail:
    return making.make_order(office.seat, new_order(office))


def test_an_order_is_made_by_hand(page: OrdersController, office: Office, settled: Settled) -> None:
    page.list.new_button.click()
    settled()
    submit(settled, estate_id=office.lane, title="弄口积水", place="弄口")
    assert page.shown_record == ("order", 1)
    assert "PD2026-0001 弄口积水" in texts(page.order)
    assert "within 3 working days, by 18:00 (Reference value, no tier yet)" in texts(page.order)


def test_what_is_wrong_is_said_beside_its_field(
    page: OrdersController, office: Office, settled: Settled
) -> None:
    page.new_order(office.lane)
    settled()
    submit(settled, title="弄口积水", time="25:99")
    assert dialog().isVisible()
    assert any("Enter a time" in text for text in texts(dialog()))
    submit(settled, time="1:30")
    assert page.shown_record == ("order", 1)


def test_one_click_makes_an_order_of_a_finding(
    page: OrdersController, office: Office, settled: Settled
) -> None:
    log_failures(office.seat, office.lane, {0: "楼道堆物"})
    page.show_waiting()
    settled()
    assert page.waiting_button.text() == "1 finding without an order"
    page.waiting.make_button.click()
    settled()
    assert "Choose the findings first." in texts(page.waiting)
    page.waiting.table.table.selectRow(0)
    page.waiting.make_button.click()
    settled()
    form = dialog().form
    assert form.values()["title"] == "楼道堆物"
    submit(settled)
    shown = detail.order_detail(office.seat, 1)
    assert [one.item.remark for one in shown.findings] == ["楼道堆物"]
    assert "楼道堆物" in texts(page.order)
    page.show_waiting()
    settled()
    assert page.waiting.table.model.rowCount() == 0


def test_findings_of_two_estates_are_two_orders(
    page: OrdersController, office: Office, settled: Settled
) -> None:
    log_failures(office.seat, office.lane, {0: "楼道堆物"})
    log_failures(office.seat, office.tower, {0: "电梯停运"})
    page.show_waiting()
    settled()
    page.waiting.table.table.selectAll()
    page.waiting.make_button.click()
    settled()
    assert any("for one estate" in text for text in texts(page.waiting))


def test_an_order_is_followed_to_its_end(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    page.open_order(order.id)
    settled()
    press(page, settled, "dispatch")
    submit(settled, organisation_id=office.company, person="何斌")
    press(page, settled, "accept")
    press(page, settled, "begin")
    press(page, settled, "finish")
    submit(settled, note="换了灯")
    press(page, settled, "verify")
    submit(settled, by="何斌")
    assert any("何斌 had this order" in text for text in texts(dialog()))
    submit(settled, by="陈静怡", note="亮了")
    assert detail.order_detail(office.seat, order.id).status is OrderStatus.DONE
    shown = texts(page.order)
    assert page.order.acts.button("follow").isVisible()
    assert page.order.undos.button("reopen").isVisible()
    assert not page.order.acts.button("verify").isVisible()
    assert any(text.startswith("Order made") for text in shown)


def test_acts_that_are_not_possible_are_not_offered(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    page.open_order(order.id)
    settled()
    offered = {
        name for name in ("dispatch", "accept", "verify", "pause") if page.order.acts.button(name).isVisible()
    }
    assert offered == {"dispatch", "pause"}


@pytest.mark.parametrize("act", ["pause", "cancel"])
def test_a_reason_is_asked_for(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled, act: str
) -> None:
    page.open_order(order.id)
    settled()
    press(page, settled, act)
    submit(settled, reason="等配件")
    assert detail.order_detail(office.seat, order.id).events[-1].reason == "等配件"
    assert any("等配件" in text for text in texts(page.order))


def test_an_edit_that_moves_the_deadline_asks_for_the_reason(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    acts.dispatch(office.seat, order.id, None, Assignment(office.company, "何斌"))
    page.open_order(order.id)
    settled()
    press(page, settled, "edit")
    assert "It stays as it is once the order was dispatched." in texts(dialog())
    submit(settled, severity="urgent")
    assert any("This moves the deadline" in text for text in texts(dialog()))
    submit(settled, reason="漏水变大")
    assert any(
        text.startswith("Kind or deadline changed") and "漏水变大" in text for text in texts(page.order)
    )
    assert detail.order_detail(office.seat, order.id).due_at == NOW + timedelta(hours=2)


def test_an_order_is_merged_into_another(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    kept = making.make_order(office.seat, new_order(office, title="灯又不亮"))
    page.open_order(order.id)
    settled()
    press(page, settled, "merge")
    submit(settled, into=kept.id)
    assert page.shown_record == ("order", kept.id)
    page.open_order(order.id)
    settled()
    assert f"Merged into {kept.number}." in texts(page.order)


def test_who_was_told_stands_in_the_course(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    page.open_order(order.id)
    settled()
    press(page, settled, "tell")
    submit(settled, person="于经理", level="manager")
    assert any("Told: Property manager" in text and "于经理" in text for text in texts(page.order))


def test_who_was_told_before_the_order_was_typed_does_not_begin_it(office: Office) -> None:
    begun = new_order(office, begun_at=NOW - timedelta(hours=3))
    made = making.make_order(office.seat, begun)
    told = Told("manager", "于经理", NOW - timedelta(hours=2), "telephone")
    shown = words.timeline(acts.record_told(office.seat, made.id, told), NOW.date())
    assert [moment.text for moment in shown][:2] == ["Told: Property manager", "Order made"]


def test_another_window_that_was_faster_is_told(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    page.open_order(order.id)
    settled()
    press(page, settled, "cancel")
    acts.pause(office.seat, order.id, None, "等配件")
    settled()
    submit(settled, reason="不做了")
    assert any("Somebody else changed this record" in text for text in texts(dialog()))
    dialog().form.mark_clean()
    dialog().reject()


def test_the_papers_open_in_a_preview(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    acts.dispatch(office.seat, order.id, None, Assignment(office.company, "何斌"))
    page.open_order(order.id)
    settled()
    for made in (page.order.print_button, page.order.notice_button):
        made.click()
        settled()
        assert isinstance(page.preview, PreviewDialog)
        page.preview.close()


def test_the_tab_of_an_estate_lists_its_orders(
    desk: Desk, office: Office, order: OrderDetail, front: Callable[[Any], None], settled: Settled
) -> None:
    desk.attach_seat(office.seat)
    making.make_order(office.seat, new_order(office, estate_id=office.tower))
    section = OrdersSection(desk)
    front(section.page)
    section.show_estate(office.lane)
    settled()
    assert section.view.table.model.rowCount() == 1
    asked: list[int] = []
    section.order_requested.connect(asked.append)
    section.view.new_button.click()
    assert asked == [office.lane]


def test_a_viewer_makes_nothing(
    desk_as: Callable[[Role], Desk], office: Office, order: OrderDetail, front: Callable[[Any], None],
    settled: Settled,
) -> None:  # fmt: skip
    page = OrdersController(desk_as(Role.VIEWER))
    front(page.page)
    settled()
    page.open_order(order.id)
    settled()
    assert not page.list.new_button.isVisible()
    assert not page.order.acts.isVisible()
    assert page.order.print_button.isVisible()
    assert orders.list_orders(office.seat).total == 1


def test_a_failed_item_of_a_visit_leads_to_its_order(
    desk: Desk, office: Office, front: Callable[[Any], None], settled: Settled
) -> None:
    desk.attach_seat(office.seat)
    visit = log_failures(office.seat, office.lane, {0: "楼道堆物"})
    page, opened, asked = InspectionsController(desk), list[int](), list[int]()
    found = VisitOrders(desk, page, opened.append)
    found.order_requested.connect(asked.append)
    page.use_handling(found.handled, FINDINGS)
    front(page.page)
    page.open_visit(visit.id)
    settled()
    button(page.detail, "Make a work order").click()
    made = making.make_order(office.seat, new_order(office, findings=tuple(asked), source="finding"))
    settled()
    page.open_visit(visit.id)
    settled()
    button(page.detail, f"Work order {made.number}").click()
    assert opened == [made.id]
    assert len(asked) == 1


def test_an_order_of_one_finding_is_begun_from_its_visit(
    page: OrdersController, office: Office, settled: Settled
) -> None:
    log_failures(office.seat, office.lane, {0: "楼道堆物"})
    (row,) = waiting.findings_without_order(office.seat)
    page.make_order_of(row.id)
    settled()
    submit(settled)
    assert [one.item.id for one in detail.order_detail(office.seat, 1).findings] == [row.id]


def test_an_urgent_item_makes_an_urgent_order(
    page: OrdersController, office: Office, settled: Settled, desk: Desk
) -> None:
    log_failures(office.seat, office.lane, {0: "楼道堆物"})
    with office.seat.store.use() as session:
        for result in session.scalars(select(VisitResult)):
            result.severity = "urgent"
        session.commit()
    page.show_waiting()
    settled()
    (row,) = waiting.findings_without_order(office.seat)
    assert "Emergency repair" in page.waiting.table.model.columns[4].text(row)
    assert order_of(desk, [row]).severity == "urgent"


def test_the_form_of_a_visit_tells_of_the_orders_there(
    desk: Desk, office: Office, front: Callable[[Any], None], settled: Settled
) -> None:
    desk.attach_seat(office.seat)
    first = making.make_order(office.seat, new_order(office))
    closed = making.make_order(office.seat, new_order(office, title="门坏", place="弄口"))
    acts.cancel(office.seat, closed.id, None, "开错了")
    page = InspectionsController(desk)
    page.use_words_on_places(told_of_place)
    front(page.page)
    page.new_visit()
    settled()
    assert page.entry.view.place_note.isHidden()
    page.entry.view.form.set_value("subject", f"estate:{office.lane}")
    settled()
    told = f"1 work order here in the last year: {first.number} 楼道灯不亮 · To be dispatched"
    assert told in texts(page.entry.view)
    page.entry.view.form.set_value("subject", f"estate:{office.tower}")
    settled()
    assert page.entry.view.place_note.isHidden()
    page.entry.view.form.mark_clean()


def test_the_form_of_an_order_says_what_follows(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled, qtbot: QtBot
) -> None:
    page.new_order(office.lane)
    settled()
    form = dialog().form
    assert "To be done by 2026-03-16 18:00" in texts(form)
    form.set_value("place", "3号楼")
    qtbot.waitUntil(lambda: any("Order number 2 at this place" in text for text in texts(form)))
    assert any(order.number in text and "kept as typed" in text for text in texts(form))
    form.set_value("severity", "urgent")
    qtbot.waitUntil(lambda: "To be done by 2026-03-11 04:00" in texts(form))
    form.mark_clean()
    dialog().reject()


def test_what_did_not_hold_goes_on_or_is_followed(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    acts.dispatch(office.seat, order.id, None, Assignment(office.company, "何斌"))
    acts.accept(office.seat, order.id)
    acts.begin(office.seat, order.id)
    acts.finish(office.seat, order.id, None, WorkDone(NOW, "何斌"))
    acts.verify(office.seat, order.id, None, "陈静怡")
    page.open_order(order.id)
    settled()
    press(page, settled, "follow")
    submit(settled)
    assert page.shown_record == ("order", 2)
    button(page.order.related, f"Follows {order.number}").click()
    settled()
    assert page.shown_record == ("order", order.id)
    page.order.undos.button("reopen").click()
    settled()
    assert any("A second person must agree" in text for text in texts(dialog()))
    submit(settled, reason="又不亮了")
    assert any("requires a second person" in text for text in texts(dialog()))
    dialog().form.mark_clean()
    dialog().reject()


def test_who_cancels_an_order_is_told_what_is_open_again(
    page: OrdersController, office: Office, order: OrderDetail, settled: Settled
) -> None:
    other = making.make_order(office.seat, new_order(office, title="门坏"))
    acts.merge(office.seat, order.id, None, other.id)
    page.open_order(other.id)
    settled()
    press(page, settled, "cancel")
    [told] = [text for text in texts(dialog()) if order.number in text]
    assert "1 order that was merged into it is open again" in told
    assert "A second person must agree" in told
    submit(settled, reason="开错了")
    assert any("requires a second person" in text for text in texts(dialog()))
    dialog().form.mark_clean()
    dialog().reject()
