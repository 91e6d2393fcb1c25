"""What speaks against the entries of a comparison: they are kept until a clerk ticks them; pure."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.roster.rules.entries import Comparison, Entry, Group
from fuyuan_desk.roster.rules.joined import joined_rooms
from fuyuan_desk.roster.rules.stored import Stored

Doubt = Callable[[Entry], str]
"""Returns what speaks against an entry, "" for nothing."""

_LET = re.compile("出租|租住|租户|租客|租赁|转租")


class Context(NamedTuple):
    """What doubts are made of: the store of a list's estates, and the word that says which people only are listed."""

    stored: Stored
    some: str = ""


def with_doubts(comparison: Comparison, of: Context) -> Comparison:
    """Return a comparison in which the entries that something speaks against are kept, with what it is."""
    groups = {entry.group for entry in comparison.entries}
    doubts = {
        group: [doubt for concerned, make in _DOUBTS if group in concerned and (doubt := make(of))]
        for group in groups
    }
    entries = tuple(_kept(entry, doubts[entry.group]) for entry in comparison.entries)
    return replace(comparison, entries=entries)


def _kept(entry: Entry, doubts: list[Doubt]) -> Entry:
    why = next(filter(None, (doubt(entry) for doubt in doubts)), "")
    return replace(entry, is_kept=True, why=entry.why or why) if why else entry


def _of_let_homes(of: Context) -> Doubt:
    """Who is named in a home that is let by its row may be the renter: the holder of the store has not left."""
    why = _("The list says that this home is let: who is named may be the renter.")
    return lambda entry: why if entry.listed and _LET.search(entry.listed.remarks) else ""


def _of_some_people(of: Context) -> Doubt | None:
    """Who is not in a list of some people by its title, such as 老年, has not left; who is in it need not hold."""
    if not of.some:
        return None
    why = _("By its title this is a list of some people only ({word}), who need not hold the home.")
    why = why.format(word=of.some)
    return lambda entry: why


_DOUBTS: tuple[tuple[frozenset[Group], Callable[[Context], Doubt | None]], ...] = (
    (frozenset((Group.NEW,)), lambda of: joined_rooms(of.stored)),
    (frozenset((Group.OTHER_HOLDER,)), _of_let_homes),
    (frozenset((Group.GONE, Group.OTHER_HOLDER)), _of_some_people),
)
"""The doubts with the groups that they concern; of several the first is told."""
