"""What of a comparison is kept because the store is newer than the list; pure."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.rules.differences import Difference, kept
from fuyuan_desk.roster.rules.entries import Comparison, Entry, Group
from fuyuan_desk.roster.rules.telling import older_list


def with_newer(
    comparison: Comparison, later: Mapping[tuple[str, int], Collection[str]], as_of: date
) -> Comparison:
    """Return a comparison in which fields that were changed in the store after the list are kept.

    `later`: the columns changed by table and key, "" for a whole record; `as_of` is the list's day. Who left before
    that day is back according to a newer list.
    """
    why = _("Changed in the store after the list was made ({day}).").format(day=as_of.isoformat())
    entries = (_back(entry, as_of) for entry in comparison.entries)
    return replace(comparison, entries=tuple(_newer(entry, later, why) for entry in entries))


def older_than(comparison: Comparison, sheet: str, newest: date) -> Comparison:
    """Return the comparison of a list that is older than the newest one imported: all of it is kept, and that is told.

    Who is new in it may have left since, and what differs is what the newer list says otherwise.
    """
    why = _("A newer list, of {day}, is imported.").format(day=newest.isoformat())
    entries = (
        replace(
            entry,
            is_kept=True,
            why=entry.why or why,
            differences=tuple(one if one.is_kept else kept(one, why) for one in entry.differences),
        )
        for entry in comparison.entries
    )
    problems = (older_list(sheet, newest), *comparison.problems)
    return replace(comparison, entries=tuple(entries), problems=problems)


def _back(entry: Entry, as_of: date) -> Entry:
    return replace(entry, is_kept=False) if entry.left_on is not None and entry.left_on < as_of else entry


def _newer(entry: Entry, later: Mapping[tuple[str, int], Collection[str]], why: str) -> Entry:
    household = later.get(("household", entry.household), ())
    if entry.group is not Group.CHANGED:
        return replace(entry, is_kept=True, why=why) if "" in household else entry

    def columns_of(one: Difference) -> Collection[str]:
        if one.table == "people":
            return later.get(("person", one.person), ())
        return later.get(("unit", entry.unit), ()) if one.table == "unit" else household

    differences = tuple(
        kept(one, why) if _is_later(one, columns_of(one)) else one for one in entry.differences
    )
    return replace(entry, differences=differences)


def _is_later(difference: Difference, columns: Collection[str]) -> bool:
    column = difference.column or ("id_number" if difference.field == "id" else "")
    return "" in columns or column in columns
