"""What a comparison finds: its groups, an entry for each household, and the whole; pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_
from fuyuan_desk.roster.reading.rows import Problem, RosterRow
from fuyuan_desk.roster.rules.differences import Difference


class Group(Code):
    """What a list says of a household, compared with the store."""

    NEW = "new", N_("New")
    CHANGED = "changed", N_("Changed")
    OTHER_HOLDER = "other-holder", N_("Other holder")
    MOVED = "moved", N_("Moved")
    GONE = "gone", N_("Gone from the list")
    UNCHANGED = "unchanged", N_("Unchanged")


@dataclass(frozen=True, slots=True)
class Entry:
    """A household of a list or of the store, with what is different.

    `sheet` and `row` are where the list says it, "" and 0 for one that is gone from it. `unit` and `household` are keys
    of the store, 0 for new ones; of one that moved `household` is the one that is in the old home. `likeness` is the
    place in the store if it was found by likeness. `is_kept`: nothing is written unless a clerk ticks it; `why` says
    what speaks against it. `left_on` is when the store says that she left this home before.
    """

    group: Group
    sheet: str
    row: int
    unit: int
    household: int
    place: str
    holder: str
    is_company: bool = False
    differences: tuple[Difference, ...] = ()
    listed: RosterRow | None = None
    likeness: str = ""
    is_kept: bool = False
    why: str = ""
    left_on: date | None = None

    @property
    def key(self) -> str:
        """What tells it from all others of a comparison, also of a later one of the same list."""
        return f"{self.group.value}:{self.sheet}:{self.row}:{self.unit}:{self.household}:{self.holder}"


@dataclass(frozen=True)
class Comparison:
    """A list compared with the estates that the store knows; `unchanged` counts households.

    `repeats` are rows of the list that repeat an earlier one. `partial` are the buildings, by their keys, of which it
    has too few households to say who is gone; `is_partial`: it has half or less of those of an estate.
    """

    entries: tuple[Entry, ...] = ()
    unchanged: int = 0
    repeats: tuple[RosterRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    partial: frozenset[int] = frozenset()
    is_partial: bool = False

    def count(self, group: Group) -> int:
        """Return the number of households of a group, with homes without one that differ."""
        if group is Group.UNCHANGED:
            return self.unchanged
        return sum(entry.group is group and (bool(entry.holder) or entry.unit > 0) for entry in self.entries)


NOTHING_COMPARED = Comparison()


def group_counts(entries: Iterable[Entry]) -> Counter[Group]:
    """Count entries by group."""
    return Counter(entry.group for entry in entries)
