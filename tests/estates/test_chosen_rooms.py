"""Several rooms at once: changed, restored, listed."""

import pytest

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from fuyuan_desk.estates.facts.houses import ChosenRooms, UnitFields, UnitQuery
from fuyuan_desk.estates.service import buildings, rooms, units
from fuyuan_desk.kit.book import Known
from tests.estates.clerk import trail


@pytest.fixture
def known(seat: Seat, two_estates: tuple[int, int]) -> list[Known]:
    """Four rooms of the lane as read."""
    ten = buildings.list_buildings(seat, two_estates[0])[1].id
    units.save_unit(seat, UnitFields(ten, label="102室", floor="1", tenure="private", use="shop"))
    ids = [row.id for row in units.list_units(seat, UnitQuery(two_estates[0])).rows]
    return [line.known for line in rooms.read_rooms(seat, ids)]


def values(seat: Seat, known: list[Known], part: str) -> list[str]:
    lines = rooms.read_rooms(seat, [one.id for one in known])
    return [getattr(line.fields, part) for line in lines]


@pytest.mark.parametrize(
    ("part", "new", "before"),
    [
        ("tenure", "commodity", ["", "", "", "private"]),
        ("tenure", "", ["", "", "", "private"]),
        ("use", "office", ["home", "home", "home", "shop"]),
        ("use", "home", ["home", "home", "home", "shop"]),
        ("floor", "2", ["", "", "", "1"]),
        ("floor", "", ["", "", "", "1"]),
    ],
)
def test_what_was_changed_is_restored_and_both_are_in_the_trail(
    seat: Seat, known: list[Known], part: str, new: str, before: list[str]
) -> None:
    logged = len(trail(seat, "update"))
    changed = rooms.change_rooms(seat, known, {part: new})
    assert values(seat, known, part) == [new] * 4
    assert [
        one.value for one in sorted(changed.before, key=lambda one: [k.id for k in known].index(one.id))
    ] == before
    different = sum(value != new for value in before)
    assert len(trail(seat, "update")) == logged + different
    assert rooms.restore_rooms(seat, changed) == 4
    assert values(seat, known, part) == before
    assert len(trail(seat, "update")) == logged + 2 * different


def test_a_wrong_value_is_refused_beside_its_field_and_changes_nothing(
    seat: Seat, known: list[Known]
) -> None:
    for part, wrong in (("tenure", "rented"), ("use", ""), ("floor", "x" * 21)):
        with pytest.raises(InvalidInput) as refused:
            rooms.change_rooms(seat, known, {part: wrong})
        assert set(refused.value.fields) == {part}
    assert values(seat, known, "use") == ["home", "home", "home", "shop"]


def test_all_or_none_are_changed(seat: Seat, known: list[Known]) -> None:
    last = units.unit_detail(seat, known[-1].id)
    units.save_unit(seat, last.fields, last.id, last.version)
    stale = [*known[:-1], Known(known[-1].id, known[-1].version + 7)]
    with pytest.raises(Conflict):
        rooms.change_rooms(seat, stale, {"tenure": "commodity"})
    units.remove_unit(seat, known[-1].id)
    with pytest.raises(NotFound):
        rooms.change_rooms(seat, known, {"tenure": "commodity"})
    assert values(seat, known[:-1], "tenure") == ["", "", ""]


def test_nothing_is_restored_if_a_room_is_gone(seat: Seat, known: list[Known]) -> None:
    changed = rooms.change_rooms(seat, known, {"tenure": "commodity"})
    units.remove_unit(seat, known[-1].id)
    with pytest.raises(NotFound):
        rooms.restore_rooms(seat, changed)
    assert values(seat, known[:-1], "tenure") == ["commodity"] * 3


def test_who_only_reads_changes_and_exports_nothing(seat: Seat, known: list[Known], seat_as: object) -> None:
    viewer = seat_as(Role.VIEWER)  # type: ignore[operator]
    chosen = ChosenRooms("", (known[0].id,), "Tenure", {})
    with pytest.raises(NotAllowed):
        rooms.change_rooms(viewer, known, {"tenure": "commodity"})
    with pytest.raises(NotAllowed):
        rooms.rooms_for_export(viewer, ExportOrder("核对", "街道"), chosen)
    assert len(rooms.rooms_for_print(viewer, chosen).rows) == 1


def test_lists_are_in_natural_order_with_the_states_and_in_the_trail(seat: Seat, known: list[Known]) -> None:
    ids = tuple(one.id for one in reversed(known))
    chosen = ChosenRooms("南昌路168弄", ids, "Tenure", {known[-1].id: "Private house"})
    paper = rooms.rooms_for_print(seat, chosen)
    assert [row[0] for row in paper.rows] == ["4号亭子间", "4号前楼", "10号101室", "10号102室"]
    assert paper.rows[-1][-1] == "私房"
    assert not paper.masked
    export = rooms.rooms_for_export(seat, ExportOrder("核对", "街道"), chosen)
    assert [line.extra["state"] for line in export.rows] == ["", "", "", "Private house"]
    assert [len(trail(seat, action)) for action in ("print", "export")] == [1, 1]
