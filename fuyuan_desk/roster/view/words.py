"""Sentences on the result of an import: what is new, and which rows were not imported. Parts of 0 are left out."""

from collections.abc import Mapping

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.rules.entries import Comparison, Group


def new_sentence(buildings: int, units: int, households: int) -> str:
    """Return what an import adds, e.g. 'New: 2 buildings, 1 unit.'."""
    parts = (
        (buildings, N_("{n} building"), N_("{n} buildings")),
        (units, N_("{n} unit"), N_("{n} units")),
        (households, N_("{n} household"), N_("{n} households")),
    )
    things = _(", ").join(numbered(*part) for part in parts if part[0])
    return _("New: {things}.").format(things=things) if things else _("Nothing new.")


def left_out_sentence(duplicates: int, rejected: int) -> str:
    """Return which rows are not imported, e.g. '3 rows are not imported: 1 duplicate, 2 faulty.'; one row at least."""
    parts = []
    if duplicates:
        parts.append(numbered(duplicates, N_("{n} duplicate"), N_("{n} duplicates")))
    if rejected:
        parts.append(_("{n} faulty").format(n=f"{rejected:,}"))
    return numbered(
        duplicates + rejected,
        N_("{n} row is not imported: {parts}."),
        N_("{n} rows are not imported: {parts}."),
        parts=_(", ").join(parts),
    )


def compared_sentences(comparison: Comparison, applied: Mapping[Group, int]) -> list[str]:
    """Return what a list says of estates that were known, and what of it is written; [] if it has none of these."""
    parts = []
    for group in Group:
        if number := comparison.count(group):
            parts.append(f"{group.label} {number:,}")
    if not parts:
        return []
    lines = [_("Compared with the store: {parts}.").format(parts=_(", ").join(parts))]
    written = [f"{group.label} {number:,}" for group in Group if (number := applied.get(group, 0))]
    if written:
        lines.append(_("Written: {parts}.").format(parts=_(", ").join(written)))
    elif comparison.entries:
        lines.append(_("Nothing of it was written: choose the groups to be written (--apply)."))
    return lines


def lost_sentence(cells: int) -> str:
    """Return how many cells of the file could not be read; one at least."""
    return numbered(
        cells,
        N_("{n} cell could not be read and was left out: see the list. Enter what is right in the record."),
        N_(
            "{n} cells could not be read and were left out: see the list. Enter what is right in the records."
        ),
    )


def nothing_new_sentence(duplicates: int, rejected: int) -> str:
    """Return why a file adds and changes nothing; `duplicates` are the rows that repeat an earlier one."""
    if rejected:
        return left_out_sentence(duplicates, rejected)
    return _("Everything in this file is already in the store.")
