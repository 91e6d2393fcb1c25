"""Print sheets to a PDF file without the window: of one estate, of one case, or all."""

from collections.abc import Sequence
from pathlib import Path

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core import files
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.estates.service import estates
from fuyuan_desk.kit.job import Job
from fuyuan_desk.kit.queries import Choice, similar_names
from fuyuan_desk.paper.document import Printed


def sheet_names(jobs: Sequence[Job]) -> list[str]:
    """List the kinds of sheet that can be printed."""
    return [sheet.name for job in jobs for sheet in job.prints if sheet.draw is not None]


def print_sheets(
    seat: Seat, jobs: Sequence[Job], name: str, out: Path, estate: str | None = None, case: str | None = None
) -> int:
    """Print sheets of an estate, of a case, or all, to the file `out` and return the number of pages.

    Raises `NotFound` with similar names if nothing matches, `Unusable` if the file cannot be written.
    """
    estate_id = None if estate is None or case is not None else _estate_id(seat, estate)
    choice = Choice(estate_id, visible(estate or "").strip(), None if case is None else visible(case).strip())
    sheets = [sheet for job in jobs for sheet in job.prints if sheet.name == name]
    sheets.sort(key=lambda sheet: sheet.draw is None)  # what the drawing job collects comes first
    items = [item for sheet in sheets for item in sheet.collect(seat, choice)]
    draw = next(sheet.draw for sheet in sheets if sheet.draw is not None)
    printed: Printed = draw(seat, items, choice)
    files.write_atomically(out, printed.pdf)
    return printed.pages


def _estate_id(seat: Seat, name: str) -> int:
    known = {row.name: row.id for row in estates.list_estates(seat).rows}
    name = visible(name).strip()
    if name in known:
        return known[name]
    refusal = _("There is no estate {name}.").format(name=name)
    raise NotFound(refusal + similar_names(name, list(known)))
