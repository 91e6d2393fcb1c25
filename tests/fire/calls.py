"""The actions under fire on calls on residents; part of the table in `work.py`."""

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.calls.facts import CallFields, MonthOrder
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service import calls, due, month
from fuyuan_desk.kit.book import BookQuery, Known
from tests.fire.hand import Hand, Prepare, Task, nothing, on

ORDER = ExportOrder("核对", "街道办事处")


def _fields(hand: Hand) -> CallFields:
    household, unit = hand.household()
    return CallFields(
        hand.seat.today(), resident=Called(unit, household).key, staff=hand.name(), said="情况" * 200
    )


def _call(hand: Hand) -> Known:
    saved = calls.save_call(hand.seat, _fields(hand))
    return Known(saved.id, saved.version)


def _change_call(hand: Hand) -> Task:
    known, fields = _call(hand), _fields(hand)
    return Task(lambda mover: calls.save_call(mover.seat, fields, known))


CALLS: dict[str, Prepare] = {
    "new call": on(_fields, calls.save_call),
    "changed call": _change_call,
    "calls marked as entered": on(
        _call, lambda seat, known: calls.change_calls(seat, [known], {"entered_on": seat.today()})
    ),
    "removed call": on(lambda hand: _call(hand).id, calls.remove_call),
    "exported calls": on(nothing, lambda seat, _none: calls.calls_for_export(seat, ORDER, BookQuery())),
    "printed calls": on(nothing, lambda seat, _none: calls.calls_for_print(seat, BookQuery())),
    "exported month": on(
        nothing, lambda seat, _none: month.month_for_export(seat, ORDER, MonthOrder(seat.today().year))
    ),
    "exported due calls": on(nothing, lambda seat, _none: due.due_for_export(seat, ORDER, BookQuery())),
    "printed due calls": on(nothing, lambda seat, _none: due.due_for_print(seat, BookQuery())),
}
