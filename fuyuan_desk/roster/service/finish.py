"""Making imported units findable that earlier versions left without; loads nothing of the reading of rosters."""

from collections.abc import Sequence

from sqlalchemy import select

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.garbage import undisturbed
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.roster.records import ImportRun


@permit(*WRITERS)
def finish_imports(seat: Seat) -> int:
    """Index the units of imports that are not findable, and return their number; to be called at start-up.

    Earlier versions indexed after an import's commit, and may have ended in between.
    """
    with undisturbed(), seat.reading() as session:
        waiting = [
            (run.id, run.created.get("unit"))
            for run in session.scalars(select(ImportRun).where(~ImportRun.findable))
            if run.undone_at is None
        ]
    return sum(_make_findable(seat, import_id, units) for import_id, units in waiting)


def _make_findable(seat: Seat, import_id: int, units: Sequence[int] | None) -> int:
    made = range(units[0], units[1] + 1) if units else range(0)
    with undisturbed(), seat.transaction() as session:
        search_entries.index_units(session, made)
        session.get_one(ImportRun, import_id).findable = True
    return len(made)
