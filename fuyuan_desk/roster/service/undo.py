"""Undoing an import: remove its rows that are untouched, keep those changed or used since and what these are in."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import built_upon, bulk, listed, search_entries
from fuyuan_desk.kit.guards import counted
from fuyuan_desk.kit.trail.wording import field_name
from fuyuan_desk.roster.facts import Undoing
from fuyuan_desk.roster.records import ImportRun
from fuyuan_desk.roster.rules.taking import CHANGING
from fuyuan_desk.store.audit import reversal

KEPT, KEPT_HOMES = "kept", "kept_homes"
"""Keys of `ImportRun.counts`: the places that stayed for their own sake when it was undone, and the homes of these."""


@dataclass(frozen=True)
class _Plan:
    """The rows of an import, and the ids that stay, by table."""

    blocks: Mapping[str, range]
    kept: Mapping[str, set[int]]
    undoing: Undoing


def plan_undo(session: Session, run: ImportRun) -> Undoing:
    """Return what undoing an import would remove and keep; refuses as `take_back` does."""
    return _planned(session, run).undoing


def take_back(session: Session, run: ImportRun) -> Undoing:
    """Remove the rows of an import that are untouched since, and note in its counts what stays.

    Raises `Conflict`, and removes nothing, if all of them were changed or are referred to by later ones.
    """
    _take_back_changes(session, run)
    planned = _planned(session, run)
    bulk.remove_blocks(session, planned.blocks, planned.kept)
    if not run.findable:  # an undone import is not indexed at start-up any more
        search_entries.index_units(session, sorted(planned.kept.get(bulk.UNIT, ())))
    places = planned.undoing.places
    homes = sum(place.kind == bulk.UNIT for place in places)
    run.counts = {**run.counts, KEPT: len(places), KEPT_HOMES: homes}
    return planned.undoing


def _take_back_changes(session: Session, run: ImportRun) -> None:
    """Set back what an import changed in records that were there before; refused if one was changed since."""
    if run.first_entry is None or run.last_entry is None:
        return
    try:
        touched = reversal.reverse(session, reversal.Span(run.first_entry, run.last_entry))
    except reversal.Obstacle as obstacle:
        raise Conflict(_words(run, obstacle)) from None
    listed.index_again(session, listed.units_of(session, touched))


def _words(run: ImportRun, obstacle: reversal.Obstacle) -> str:
    what = counted({obstacle.table: 1})
    if obstacle.is_erased:
        text = _(
            "The import of «{file}» can no longer be undone: personal data that it changed was erased since."
        )
        return text.format(file=run.file_name)
    if not obstacle.column:
        text = _("The import of «{file}» can no longer be undone. Added or removed since: {what}.")
        return text.format(file=run.file_name, what=what)
    text = _(
        "The import of «{file}» can no longer be undone. Changed since: {part} ({what}). Change that back first, or "
        "correct the records one by one."
    )
    return text.format(file=run.file_name, part=field_name(obstacle.table, obstacle.column), what=what)


def what_stayed(session: Session, run: ImportRun) -> Undoing:
    """Return what is left of an import that was undone; `removed` counts what was removed one by one since, too."""
    blocks = _blocks(run)
    left = built_upon.still_there(session, blocks)
    kept = {table: len(left.kept[table]) for table in blocks}
    removed = {table: len(ids) - kept[table] for table, ids in blocks.items()}
    places = built_upon.kept_places(session, blocks, left)
    return Undoing(run.id, run.file_name, removed, kept, places, changes_of(run))


def _blocks(run: ImportRun) -> dict[str, range]:
    return {table: range(first, last + 1) for table, (first, last) in run.created.items()}


def _planned(session: Session, run: ImportRun) -> _Plan:
    blocks = _blocks(run)
    built = built_upon.built_upon(session, blocks)
    there = built_upon.present(session, blocks)
    kept = {table: len(built.kept.get(table, ())) for table in blocks}
    removed = {table: there[table] - kept[table] for table in blocks}
    if any(kept.values()) and not any(removed.values()):
        raise Conflict(
            _(
                "The import of «{file}» can no longer be undone. Changed or added since: {things}. "
                "Correct the records one by one instead."
            ).format(file=run.file_name, things=counted(built.found))
        )
    places = built_upon.kept_places(session, blocks, built)
    undoing = Undoing(run.id, run.file_name, removed, kept, places, changes_of(run))
    return _Plan(blocks, built.kept, undoing)


def changes_of(run: ImportRun) -> int:
    """Return how many households that were there before an import changed."""
    return sum(run.counts.get(group.value, 0) for group in CHANGING)
