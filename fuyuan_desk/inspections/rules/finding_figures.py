"""Figures of findings: what failed on visits, from the first failure until it is put right; pure.

An item that fails again at the same place before it is put right is the same finding, as old as its first failure; one
that fails afterwards is another finding. It is put right by passing on a later visit, and once the committee verified
the work of an order on it.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fuyuan_desk.inspections.rules.figures import AGES, Rate, by_age


@dataclass(frozen=True)
class Failure:
    """An item that failed on a visit and was to be put right afterwards.

    `what` tells findings apart: subject, place and item. `right` is when it was put right for the first time; None if
    it was not.
    """

    what: Hashable
    estate_id: int
    day: date
    right: datetime | None


@dataclass(frozen=True)
class Spell:
    """A finding, from the day of its first failure to the day on which it was put right, None while it is not."""

    what: Hashable
    estate_id: int
    begun: date
    ended: date | None = None

    def is_open(self, until: date) -> bool:
        """Return whether it was found and not put right by the end of a day."""
        return self.begun <= until and (self.ended is None or self.ended > until)


@dataclass(frozen=True)
class FindingTally:
    """The findings of an estate: new, put right and open at the end of a period, these by age as `by_age` counts."""

    name: str
    new: int = 0
    ended: int = 0
    ages: tuple[int, ...] = (0,) * (len(AGES) + 1)

    @property
    def open(self) -> int:
        """How many were open at the end."""
        return sum(self.ages)


@dataclass(frozen=True)
class FindingFigures:
    """The findings of a period: all together, by estate, and in how many days those that ended were put right."""

    whole: FindingTally
    estates: tuple[FindingTally, ...] = ()
    days_to_right: tuple[int, ...] = ()

    @property
    def put_right(self) -> Rate:
        """How many of those that were open at some time of the period were put right in it."""
        return Rate(self.whole.ended, self.whole.ended + self.whole.open)


def spells(failures: Iterable[Failure]) -> list[Spell]:
    """Return the findings that failures belong to: those of the same thing until it is put right are one."""
    firsts: dict[Hashable, Failure] = {}
    for one in failures:
        key = one.what, one.right
        if key not in firsts or one.day < firsts[key].day:
            firsts[key] = one
    return [
        Spell(one.what, one.estate_id, one.day, None if one.right is None else one.right.astimezone().date())
        for one in firsts.values()
    ]


def finding_figures(
    found: Iterable[Spell], first: date, until: date, names: Mapping[int, str]
) -> FindingFigures:
    """Return the figures of a period that is known until a day; `names` are those of the estates by key."""
    of_estate: defaultdict[int, list[Spell]] = defaultdict(list)
    for one in found:
        if one.begun <= until:
            of_estate[one.estate_id].append(one)
    tallies = {key: _tally(names.get(key, ""), those, first, until) for key, those in of_estate.items()}
    listed = [one for one in tallies.values() if one.new or one.ended or one.open]
    everything = [one for those in of_estate.values() for one in those]
    days = sorted(
        (one.ended - one.begun).days
        for one in everything
        if one.ended is not None and first <= one.ended <= until
    )
    return FindingFigures(
        _tally("", everything, first, until),
        tuple(sorted(listed, key=lambda one: (-one.open, one.name))),
        tuple(days),
    )


def _ended(one: Spell, first: date, until: date) -> bool:
    return one.ended is not None and first <= one.ended <= until


def _tally(name: str, found: Iterable[Spell], first: date, until: date) -> FindingTally:
    known = list(found)
    return FindingTally(
        name,
        sum(first <= one.begun <= until for one in known),
        sum(_ended(one, first, until) for one in known),
        by_age((until - one.begun).days for one in known if one.is_open(until)),
    )
