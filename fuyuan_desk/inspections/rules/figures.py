"""Figures of visits: the period that they are of, and every rate with its denominator; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

_LEAST = timedelta(microseconds=1)
AGES = (7, 30, 90)
"""Days by which open findings are grouped: up to each of these, and longer."""


@dataclass(frozen=True)
class Span:
    """A period from its `first` to its `last` day, as somebody looks at it who asks at the aware moment `now`.

    One that is over is told as of its end, so that what came afterwards does not change it; the present one as of now.
    """

    first: date
    last: date
    now: datetime

    @cached_property
    def today(self) -> date:
        """The local day of `now`."""
        return self.now.astimezone().date()

    @cached_property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.last < self.today

    @cached_property
    def until(self) -> date:
        """The last day of which something can be known."""
        return min(self.last, self.today)

    @cached_property
    def begin(self) -> datetime:
        """The moment at which it begins."""
        return midnight(self.first)

    @cached_property
    def end(self) -> datetime:
        """The moment as of which it is told, the last one that is in it: that of its last day, or now."""
        return midnight(self.last + timedelta(days=1)) - _LEAST if self.is_over else self.now

    def holds(self, moment: datetime | None) -> bool:
        """Return whether a moment is in the period, as far as it is told."""
        return moment is not None and self.begin <= moment <= self.end

    @cached_property
    def seen_on(self) -> date:
        """The day on which somebody looks at it: the one after its last day, or today."""
        return self.last + timedelta(days=1) if self.is_over else self.today


def midnight(day: date) -> datetime:
    """Return the moment at which a local day begins."""
    return datetime.combine(day, time.min).astimezone()


@dataclass(frozen=True)
class Rate:
    """A part of a whole; of nothing there is no share."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """The share from 0 to 1, None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def text(self) -> str:
        """The share with its denominator, such as `93.3 % (14/15)`; a dash of nothing."""
        return (
            "–"
            if not self.whole
            else f"{_per_mille(self.part, self.whole) / 10:.1f} % ({self.part}/{self.whole})"
        )


def _per_mille(part: int, whole: int) -> int:
    """Round half up, but never to all or nothing what is not: 999 of 1,000 is not 100 %."""
    rounded = (2_000 * part + whole) // (2 * whole)
    if 0 < part < whole:
        return min(max(rounded, 1), 999)
    return rounded


def quantile(values: Sequence[int], percent: int) -> float | None:
    """Return what `percent` of the values do not exceed, between two of them in proportion; None of none.

    It is what Excel's PERCENTILE.INC gives, and for 50 its MEDIAN.
    """
    if not values:
        return None
    ordered = sorted(values)
    place, rest = divmod(percent * (len(ordered) - 1), 100)
    above = ordered[place + 1] if rest else ordered[place]
    return ordered[place] + (above - ordered[place]) * rest / 100


def by_age(days: Iterable[int]) -> tuple[int, ...]:
    """Count findings that have been open for so many days, by `AGES` and longer."""
    counts = [0] * (len(AGES) + 1)
    for age in days:
        counts[sum(age > limit for limit in AGES)] += 1
    return tuple(counts)


@dataclass(frozen=True)
class Tally:
    """How often an item, or all items of an estate, passed and failed."""

    key: str
    name: str
    passed: int
    failed: int
    visits: int = 0

    @property
    def rate(self) -> Rate:
        """The pass rate; “not applicable” does not count."""
        return Rate(self.passed, self.passed + self.failed)


@dataclass(frozen=True)
class VisitFigures:
    """The figures of the visits of a period, of one estate or of all.

    `months` are visits by the first day of each month that has begun, `items` and `estates` the pass rates, the worst
    first. `found` visits had something to be put right later.
    """

    visits: int
    visited: Rate
    months: Mapping[date, int] = field(default_factory=dict)
    items: tuple[Tally, ...] = ()
    estates: tuple[Tally, ...] = ()
    on_the_spot: int = 0
    found: int = 0
    reported: int = 0

    @property
    def passed(self) -> Rate:
        """The pass rate of all items."""
        whole = sum(tally.rate.whole for tally in self.items)
        return Rate(sum(tally.passed for tally in self.items), whole)


def worst_first(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """Sort tallies by their pass rate, the lowest first; those of nothing last."""
    return tuple(
        sorted(tallies, key=lambda tally: (2.0 if tally.rate.share is None else tally.rate.share, tally.name))
    )


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of the months from one day to another."""
    found = []
    month = first.replace(day=1)
    while month <= last:
        found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found
