"""What of a comparison is written: whole groups, less what a clerk leaves out, and what she ticks besides; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.rules.people import OWNERSHIP_ENDS, HouseholdEnd
from fuyuan_desk.roster.rules.differences import Difference
from fuyuan_desk.roster.rules.entries import Comparison, Entry, Group
from fuyuan_desk.roster.rules.matching import Row

APPLICABLE = (Group.NEW, Group.CHANGED, Group.OTHER_HOLDER, Group.MOVED, Group.GONE)

CHANGING = tuple(group for group in APPLICABLE if group is not Group.NEW)
"""The groups that change records which were there before."""

ENDING = (Group.OTHER_HOLDER, Group.MOVED, Group.GONE)
"""The groups that end a household in its home."""


@dataclass(frozen=True)
class Take:
    """What of a comparison is to be written.

    `groups` whole but for entries that are kept; `also` and `but` name entries by `Entry.key`, and single differences
    by `part_key`, that are written besides or left out. Rows in `apart` are no units that are merely alike. Households
    that end do so on `ended_on`, and as `ends` says for their group; how others end is not known.
    """

    groups: frozenset[Group] = frozenset({Group.NEW})
    also: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    apart: frozenset[Row] = frozenset()
    ended_on: date | None = None
    ends: Mapping[Group, HouseholdEnd] = field(default_factory=dict)


NEW_ONLY = Take()


def part_key(entry: Entry, difference: Difference) -> str:
    """Return what names one difference of an entry."""
    return f"{entry.key}#{difference.field}{_part(difference)}"


def _part(difference: Difference) -> str:
    # of several people of a household, and of several numbers elsewhere
    if difference.table == "person" or difference.field == "other_ids":
        return f":{difference.new}"
    return f":{difference.person}" if difference.person else ""


def taken(comparison: Comparison, take: Take) -> Iterator[Entry]:
    """Yield the entries to be written; a changed one has only the differences to be written."""
    for entry in comparison.entries:
        if (written := written_of(entry, take)) is not None:
            yield written


def written_of(entry: Entry, take: Take) -> Entry | None:
    """Return what of an entry is to be written, None for nothing."""
    is_in = entry.group in take.groups and entry.key not in take.but
    if entry.group is not Group.CHANGED:
        return entry if (is_in and not entry.is_kept) or entry.key in take.also else None
    parts = tuple(one for one in entry.differences if one.table and _is_taken(entry, one, take, is_in))
    return replace(entry, differences=parts) if parts else None


def _is_taken(entry: Entry, difference: Difference, take: Take, is_in: bool) -> bool:
    part = part_key(entry, difference)
    return part in take.also or (
        (is_in or entry.key in take.also) and not difference.is_kept and part not in take.but
    )


def is_usual(entry: Entry) -> bool:
    """Return whether something of an entry is written when its group is taken whole."""
    if entry.group is Group.CHANGED:
        return any(one.table and not one.is_kept for one in entry.differences)
    return not entry.is_kept


def how_ended(group: Group, role: str, take: Take) -> HouseholdEnd | None:
    """Return how a household of the store ends, None if that is not known; only an owner's time ends with a sale."""
    how = HouseholdEnd.MOVED if group is Group.MOVED else take.ends.get(group)
    return None if how in OWNERSHIP_ENDS and role not in ("", HoldingRole.OWNER) else how


def read_groups(text: str) -> frozenset[Group]:
    """Return the groups that a text names, parted by commas: `new,other-holder`; refused with what can be named."""
    groups = {group.value: group for group in APPLICABLE}
    named = [word.strip().replace("_", "-") for word in text.split(",") if word.strip()]
    if unknown := [word for word in named if word not in groups]:
        raise InvalidInput(
            _("«{word}» is no group of a comparison. Write one or more of: {groups}.").format(
                word=unknown[0], groups=", ".join(groups)
            )
        )
    return frozenset(groups[word] for word in named)
