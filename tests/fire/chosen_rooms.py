"""Actions with the rooms chosen in a room chart."""

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.estates.facts.houses import ChosenRooms
from fuyuan_desk.estates.service import rooms
from tests.fire.hand import Hand, Prepare, Task, on

_ORDER = ExportOrder("核对", "街道办事处")


def _change(hand: Hand) -> Task:
    known = [line.known for line in rooms.read_rooms(hand.seat, [hand.unit(), hand.unit()])]
    return Task(lambda mover: rooms.change_rooms(mover.seat, known, {"tenure": "private"}))


def _restore(hand: Hand) -> Task:
    known = [line.known for line in rooms.read_rooms(hand.seat, [hand.unit(), hand.unit()])]
    changed = rooms.change_rooms(hand.seat, known, {"tenure": "private"})
    return Task(lambda mover: rooms.restore_rooms(mover.seat, changed))


def _chosen(hand: Hand) -> ChosenRooms:
    return ChosenRooms("", (hand.unit(),), "Tenure", {})


CHOSEN_ROOMS: dict[str, Prepare] = {
    "changed rooms": _change,
    "rooms as before": _restore,
    "printed rooms": on(_chosen, rooms.rooms_for_print),
    "exported rooms": on(_chosen, lambda seat, chosen: rooms.rooms_for_export(seat, _ORDER, chosen)),
}
