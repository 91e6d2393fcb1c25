"""The actions under fire on files of homes and estates; part of the table in `work.py`."""

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.dossiers.rules import About, Place, Shown, ShownSection
from fuyuan_desk.dossiers.service import file_for_export, read_file, reveal_home, reveal_value
from fuyuan_desk.shell.jobs import JOBS
from tests.fire.hand import Hand, Prepare, on, on_as_new

_ORDER = ExportOrder("核对", "街道办事处")
_PARTS = tuple(part for job in JOBS for part in job.files)


def _inhabited(hand: Hand) -> int:
    return hand.household()[1]


def _masked(hand: Hand) -> tuple[int, Place, ShownSection]:
    """Return a home, where its file shows the first masked value, and that part of the file."""
    unit = _inhabited(hand)
    places = (
        (unit, Place(section.key, number), section)
        for section in read_file(hand.seat, About.UNIT, unit, _PARTS).shown.sections
        for number, item in enumerate(section.items)
        if item.is_masked
    )
    return next(places)


def _reveal(seat: Seat, masked: tuple[int, Place, ShownSection]) -> str:
    unit, place, shown = masked
    return reveal_value(seat, About.UNIT, unit, _PARTS, place, shown)


def _whole(hand: Hand) -> tuple[int, Shown]:
    unit = _inhabited(hand)
    return unit, read_file(hand.seat, About.UNIT, unit, _PARTS).shown


FILES: dict[str, Prepare] = {
    "printed file": on(
        lambda hand: hand.unit(), lambda seat, unit: file_for_export(seat, _ORDER, About.UNIT, unit, _PARTS)
    ),
    "revealed value of a file": on_as_new(_masked, _reveal),
    "revealed file of a home": on_as_new(
        _whole, lambda seat, made: reveal_home(seat, made[0], _PARTS, made[1])
    ),
}
