"""What an operator does with the list of the next year, for the proofs under fire."""

from pathlib import Path

from fuyuan_desk.roster.rules.taking import APPLICABLE, Take
from fuyuan_desk.roster.service import imports
from tests.fire.hand import Hand, Prepare, Task, on


def _import_again(hand: Hand) -> Task:
    first = hand.roster()
    imports.import_roster(hand.seat, first, first.stem)
    second = _next_year(hand)
    return Task(lambda mover: imports.import_roster(mover.seat, second, first.stem, take=_everything(mover)))


def _next_year(hand: Hand) -> Path:
    """Write a list in which others live in the same homes, each of another name and area than before."""
    file = hand.roster(16)
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    cells = [line.split(",") for line in lines]
    later = [
        [house, room, f"继{head}", *rest, f"1{area}", people]
        for house, room, head, *rest, area, people in cells
    ]
    file.write_text("\n".join((header, *map(",".join, later))), encoding="utf-8")
    return file


def _everything(hand: Hand) -> Take:
    return Take(frozenset(APPLICABLE), ended_on=hand.seat.today())


def _updated(hand: Hand) -> int:
    first, second = hand.roster(), _next_year(hand)
    imports.import_roster(hand.seat, first, first.stem)
    number = imports.import_roster(hand.seat, second, first.stem, take=_everything(hand)).import_id
    assert number is not None
    return number


LISTS: dict[str, Prepare] = {
    "undone list": on(_updated, imports.undo_import),
    "roster imported again": _import_again,
}
