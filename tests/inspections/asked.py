"""What could be asked of rounds and their sheets, of every estate: for `tests/test_roles_estates.py`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet
from fuyuan_desk.kit.book import BookQuery


def round_arguments(
    seat: Seat, subjects: Sequence[Subject], codes: Sequence[str], queries: Sequence[BookQuery]
) -> dict[str, dict[str, list[Any]]]:
    """Return, by service, the values of its arguments; `codes` are texts of QR codes."""
    with seat.store.use() as session:
        rounds = list(session.scalars(select(PlannedRound.id)))
        numbers = list(session.scalars(select(PrintedSheet.number)))
    service, cases, listed = "inspections.service", [(), subjects], {"query": list(queries)}
    days = {"first": [seat.today()], "last": [seat.today() + timedelta(days=30)]}
    return {
        f"{service}.rounds.round_to_log": {"round_id": rounds},
        f"{service}.rounds.list_rounds": listed,
        f"{service}.rounds.rounds_for_print": listed,
        f"{service}.batches.rounds_to_print": {**days, "cases": cases},
        f"{service}.batches.round_previews": {"ids": [[one] for one in rounds], "cases": cases},
        f"{service}.printed.find_sheet": {"text": [*numbers, *codes]},
        f"{service}.sheets_out.list_sheets": listed,
        f"{service}.sheets_out.sheets_for_print": listed,
    }
