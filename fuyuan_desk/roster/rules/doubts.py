"""What speaks against the entries of a comparison: they are kept until a clerk ticks them; pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.roster.reading.rows import RosterRow
from fuyuan_desk.roster.rules.entries import Comparison, Entry, Group
from fuyuan_desk.roster.rules.joined import joined_rooms
from fuyuan_desk.roster.rules.persons import is_masked, is_renting
from fuyuan_desk.roster.rules.stored import Stored
from fuyuan_desk.roster.rules.telling import residents_named

Doubt = Callable[[Entry], str]
"""Returns what speaks against an entry, "" for nothing."""

_STATED = (HoldingRole.OWNER, HoldingRole.TENANT)
_LET = re.compile("出租|租住|租户|租客|租赁|转租|租给|(?:^|[；、，])租(?:$|[；、，：:])")


class Context(NamedTuple):
    """What doubts are made of: a comparison, the store of the list's estates, and the rows compared with it.

    `some`: the word, such as 老年, by which only some people are listed; "" for none.
    """

    comparison: Comparison
    stored: Stored
    rows: Sequence[RosterRow]
    some: str = ""


def with_doubts(of: Context) -> Comparison:
    """Return the comparison with the entries kept that something speaks against, and with what that is."""
    comparison = of.comparison
    groups = {entry.group for entry in comparison.entries}
    doubts = {
        group: [doubt for concerned, make in _DOUBTS if group in concerned and (doubt := make(of))]
        for group in groups
    }
    entries = tuple(_kept(entry, doubts[entry.group]) for entry in comparison.entries)
    residents = [row for one in entries if (row := one.listed) and one.why and one.why == _who_owns(row)]
    return replace(comparison, entries=entries, problems=(*residents_named(residents), *comparison.problems))


def _kept(entry: Entry, doubts: list[Doubt]) -> Entry:
    why = next(filter(None, (doubt(entry) for doubt in doubts)), "")
    return replace(entry, is_kept=True, why=entry.why if entry.is_kept else why) if why else entry


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


def _of_names_not_whole(of: Context) -> Doubt:
    """Who is called 周师傅 or 周* need not be another one than the holder."""
    why = _("The name in the list is not whole: make sure that another one holds the home.")
    return lambda entry: why if not entry.is_company and is_masked(entry.holder) else ""


def _of_few(of: Context) -> Doubt:
    """Who is not in a list of a row, or of a few homes of a building or estate, is gone only if a clerk says so."""
    why = _("Too few of those who live there are in this list: who is not on it need not be gone.")
    return lambda entry: why if of.stored.units[entry.unit].building_id in of.comparison.partial else ""


def _of_residents(of: Context) -> Doubt | None:
    """Who is named in a list of residents may own the home or rent it: the owner of the store stays.

    So does an owner who is not named in it, as she may live elsewhere, unless rows say of somebody who holds a home.
    A list is one of residents by what it calls itself and its columns (`word_for_residents`), and only where its row
    does not say what somebody is: in a list of owners, and in a plain one, who stands in the place of another one takes
    it as before. So she does where the store does not say either that its holder owns the home, or holds it of the
    office: that was a list of residents or a plain one, and residents follow residents.
    """
    held = {one.id for one in of.stored.households.values() if one.role in _STATED}
    word = next((row.of_residents for row in of.rows if row.of_residents), "")
    if not held or not word:
        return None
    of_all = all(row.of_residents or is_renting(row.role) for row in of.rows if row.name)

    def why(entry: Entry) -> str:
        if entry.household not in held:
            return ""
        if entry.listed is None:
            return _elsewhere(word) if of_all else ""
        if entry.group is Group.MOVED:
            return _elsewhere(entry.listed.of_residents)
        return _who_owns(entry.listed)

    return why


def _who_owns(row: RosterRow) -> str:
    message = _(
        "This list is one of residents ({word}) and does not say whether this person owns the home or rents it: the "
        "holder of the store stays unless this is ticked."
    )
    return message.format(word=row.of_residents) if row.of_residents else ""


def _elsewhere(word: str) -> str:
    message = _(
        "This list is one of residents ({word}) and does not say who owns: who does not live in this home may still "
        "hold it, and does unless this is ticked."
    )
    return message.format(word=word) if word else ""


_DOUBTS: tuple[tuple[frozenset[Group], Callable[[Context], Doubt | None]], ...] = (
    (
        frozenset((Group.NEW, Group.MOVED, Group.GONE)),
        lambda of: joined_rooms(of.comparison.entries, of.stored),
    ),
    (frozenset((Group.OTHER_HOLDER,)), _of_let_homes),
    (frozenset((Group.OTHER_HOLDER,)), _of_names_not_whole),
    (frozenset((Group.GONE, Group.OTHER_HOLDER)), _of_some_people),
    (frozenset((Group.GONE,)), _of_few),
    (frozenset((Group.GONE, Group.OTHER_HOLDER, Group.MOVED)), _of_residents),
)
"""The doubts with the groups that they concern; of several the first is told."""
