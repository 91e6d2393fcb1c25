"""What could be asked of rounds, their sheets and photos, of every estate: for `tests/test_roles_estates.py`."""

import io
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from PIL import Image
from sqlalchemy import func, select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.records import PlannedRound, PrintedSheet
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.store.db.attachments import Attachment

_SHADES = count()


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


def sample_photo() -> NewPhoto:
    """Return a photo that no visit has yet."""
    raw = io.BytesIO()
    Image.new("RGB", (8, 8), next(_SHADES)).save(raw, "JPEG")
    return NewPhoto(raw.getvalue(), 8, 8)


def photo_arguments(seat: Seat) -> dict[str, dict[str, list[Any]]]:
    """Return the values of arguments that are asked of single services, by their names."""
    with seat.store.use() as session:
        sheets = list(session.scalars(select(PrintedSheet.number)))
        files = list(session.scalars(select(Attachment.source)))
        last = session.scalar(select(func.max(Attachment.id))) or 0
    # the scans that were there are removed by another service; some are added by one that comes before
    pages = list(range(1, last + 40))
    days = frozenset(seat.today() - timedelta(days=ago) for ago in range(60))
    return {
        "inspections.service.photo_import.matchable": {"days": [days], "sheets": [sheets], "files": [files]},
        "inspections.service.photos.place_photo": {"item": [""], "kind": ["near"], "number": ["12"]},
        "inspections.service.scans.add_scans": {"pages": [(sample_photo(),)]},
        "inspections.service.scans.move_scan": {"page_id": pages, "by": [1]},
    }
