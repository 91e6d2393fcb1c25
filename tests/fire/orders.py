"""What an operator does with work orders, for the proofs under fire."""

from dataclasses import replace
from datetime import timedelta

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.service.calls import save_call
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.service.organisations import save_organisation
from fuyuan_desk.workorders.facts import Assignment, NewOrder, OrderDetail, Told, WorkDone
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.service import acts, clock, making, of_calls, orders, photos, sheet_data
from tests.fire.hand import PASSWORD, REVIEWER, Hand, Prepare, Task, nothing, on, on_as_new

ORDER = ExportOrder("核对", "街道办事处")


def _new(hand: Hand) -> NewOrder:
    begun = hand.seat.now() - timedelta(hours=1)
    return NewOrder(hand.estate(), f"灯坏{hand.fresh()}", "general", begun, "3号楼", "说明" * 200)


def _order(hand: Hand) -> int:
    return making.make_order(hand.seat, _new(hand)).id


def _company(hand: Hand) -> Assignment:
    kept = save_organisation(hand.seat, OrganisationFields(f"物业{hand.fresh()}", "property"))
    return Assignment(kept.id, "何斌", "13800001234", "理由")


def _sent(hand: Hand) -> int:
    return acts.dispatch(hand.seat, _order(hand), None, _company(hand)).id


def _accepted(hand: Hand) -> int:
    return acts.accept(hand.seat, _sent(hand)).id


def _begun(hand: Hand) -> int:
    return acts.begin(hand.seat, _accepted(hand)).id


def _done(hand: Hand) -> WorkDone:
    return WorkDone(hand.seat.now(), "何斌", "换灯")


def _finished(hand: Hand) -> int:
    return acts.finish(hand.seat, _begun(hand), None, _done(hand)).id


def _paused(hand: Hand) -> int:
    return acts.pause(hand.seat, _order(hand), None, "等配件").id


def _edited(hand: Hand) -> Task:
    order, changed = _order(hand), replace(_new(hand), severity="urgent", reason="漏水变大")
    return Task(lambda mover: making.edit_order(mover.seat, order, None, changed))


def _two(hand: Hand) -> tuple[int, int]:
    one: OrderDetail = making.make_order(hand.seat, _new(hand))
    two = making.make_order(hand.seat, replace(_new(hand), estate_id=one.estate_id))
    return one.id, two.id


def _without_deadline(hand: Hand) -> int:
    """Make an order whose deadline was not known, as in a year without a calendar."""
    order = _order(hand)
    with hand.seat.store.use() as session:
        session.get_one(WorkOrder, order).due_at = None
        session.commit()
    return order


def _pictured(hand: Hand) -> int:
    return photos.add_after(hand.seat, _order(hand), (hand.photo(),))[0]


def _reopened(hand: Hand) -> Task:
    order = acts.verify(hand.seat, _finished(hand), None, "陈静怡").id

    def reopen(mover: Hand) -> OrderDetail:
        second = Second(REVIEWER, PASSWORD)
        return acts.reopen(replace(mover.seat, second=second), order, None, "又不亮了")

    return Task(reopen)


def _called(hand: Hand) -> int:
    day = hand.seat.today()
    return save_call(hand.seat, CallFields(day, staff="陈静怡", estate_id=hand.estate(), follow_up="灯坏")).id


def _told(hand: Hand) -> Told:
    return Told("manager", "于经理", hand.seat.now(), "telephone")


ORDERS: dict[str, Prepare] = {
    "made order": on(_new, making.make_order),
    "edited order": _edited,
    "order for its form": on_as_new(_order, making.order_for_edit),
    "revealed order": on_as_new(_order, lambda seat, row: orders.reveal_order(seat, row, "phone")),
    "dispatched order": on(
        lambda hand: (_order(hand), None, _company(hand)), lambda seat, made: acts.dispatch(seat, *made)
    ),
    "order handed over": on(
        lambda hand: (_sent(hand), None, _company(hand)), lambda seat, made: acts.hand_over(seat, *made)
    ),
    "accepted order": on(_sent, acts.accept),
    "begun order": on(_accepted, acts.begin),
    "returned order": on(_sent, lambda seat, order: acts.send_back(seat, order, None, "不归我们")),
    "finished order": on(
        lambda hand: (_begun(hand), None, _done(hand)), lambda seat, made: acts.finish(seat, *made)
    ),
    "rejected order": on(_finished, lambda seat, order: acts.reject(seat, order, None, "没修好")),
    "verified order": on(_finished, lambda seat, order: acts.verify(seat, order, None, "陈静怡")),
    "order on hold": on(_order, lambda seat, order: acts.pause(seat, order, None, "等配件")),
    "resumed order": on(_paused, acts.resume),
    "reopened order": _reopened,
    "order of a call for its form": on_as_new(_called, of_calls.order_of_call),
    "cancelled order": on(_order, lambda seat, order: acts.cancel(seat, order, None, "开错了")),
    "merged order": on(_two, lambda seat, pair: acts.merge(seat, pair[0], None, pair[1])),
    "told of an order": on(
        lambda hand: (_order(hand), _told(hand)), lambda seat, made: acts.record_told(seat, *made)
    ),
    "completed deadlines": on(_without_deadline, lambda seat, _order: clock.complete_deadlines(seat)),
    "photo from before": on(
        lambda hand: (_order(hand), (hand.photo(),)), lambda seat, made: photos.add_before(seat, *made)
    ),
    "photo from after": on(
        lambda hand: (_order(hand), (hand.photo(),)), lambda seat, made: photos.add_after(seat, *made)
    ),
    "captioned order photo": on(
        _pictured, lambda seat, photo: photos.caption_order_photo(seat, photo, "三楼")
    ),
    "removed order photo": on(_pictured, photos.remove_order_photo),
    "printed order": on(lambda hand: [_order(hand)], sheet_data.order_papers),
    "printed orders": on(nothing, lambda seat, _none: orders.orders_for_print(seat, BookQuery())),
    "exported orders": on(nothing, lambda seat, _none: orders.orders_for_export(seat, ORDER, BookQuery())),
}
