"""Figures of planned rounds: on time, late, missed, left out and still open, by estate, plan and person; pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fuyuan_desk.inspections.rules.figures import Rate
from fuyuan_desk.inspections.rules.rounds import RoundState


@dataclass(frozen=True)
class RoundCount:
    """So many rounds of an estate, a plan and a person that stand alike; late ones by the same number of `days`."""

    estate_id: int
    plan_id: int
    lead: str
    state: RoundState
    count: int
    days: int = 0


@dataclass(frozen=True)
class RoundTally:
    """How the rounds of an estate, a plan or a person stand; `lateness` are the days of each late one, in order.

    `open` are those that can still be done on time, or are still to come.
    """

    name: str
    on_time: int = 0
    early: int = 0
    late: int = 0
    missed: int = 0
    skipped: int = 0
    open: int = 0
    lateness: tuple[int, ...] = ()

    @property
    def planned(self) -> int:
        """All rounds that were planned."""
        return self.on_time + self.early + self.late + self.missed + self.skipped + self.open

    @property
    def due(self) -> int:
        """The rounds that were to be done: neither left out nor still open."""
        return self.on_time + self.early + self.late + self.missed

    @property
    def rate(self) -> Rate:
        """How many of those that were to be done were done on time."""
        return Rate(self.on_time, self.due)

    @property
    def missed_rate(self) -> Rate:
        """How many of those that were to be done were not done."""
        return Rate(self.missed, self.due)


@dataclass(frozen=True)
class SkippedRound:
    """A round that was left out, and why."""

    day: date
    estate: str
    place: str
    plan: str
    why: str


@dataclass(frozen=True)
class RoundFigures:
    """The figures of the rounds of a period: all together, then the worst first by estate, plan and person.

    `skipped` are the latest of those that were left out.
    """

    whole: RoundTally
    estates: tuple[RoundTally, ...] = ()
    plans: tuple[RoundTally, ...] = ()
    leads: tuple[RoundTally, ...] = ()
    skipped: tuple[SkippedRound, ...] = ()


def tally(name: str, counts: Iterable[RoundCount]) -> RoundTally:
    """Add up counts of rounds."""
    states: Counter[RoundState] = Counter()
    lateness: list[int] = []
    for one in counts:
        states[one.state] += one.count
        if one.state is RoundState.LATE:
            lateness += [one.days] * one.count
    return RoundTally(
        name,
        states[RoundState.ON_TIME],
        states[RoundState.EARLY],
        states[RoundState.LATE],
        states[RoundState.MISSED],
        states[RoundState.SKIPPED],
        states[RoundState.PLANNED] + states[RoundState.DUE],
        tuple(sorted(lateness)),
    )


def round_figures(
    counts: Iterable[RoundCount],
    estates: Mapping[int, str],
    plans: Mapping[int, str],
    skipped: tuple[SkippedRound, ...] = (),
) -> RoundFigures:
    """Return the figures of counted rounds, with the names of estates and plans by key."""
    known = list(counts)
    return RoundFigures(
        tally("", known),
        _by(known, lambda one: estates.get(one.estate_id, "")),
        _by(known, lambda one: plans.get(one.plan_id, "")),
        _by(known, lambda one: one.lead),
        skipped,
    )


def _by(counts: Iterable[RoundCount], name_of: Callable[[RoundCount], str]) -> tuple[RoundTally, ...]:
    groups: defaultdict[str, list[RoundCount]] = defaultdict(list)
    for one in counts:
        groups[name_of(one)].append(one)
    made = (tally(name, found) for name, found in groups.items())
    return tuple(sorted(made, key=lambda one: (2.0 if one.rate.share is None else one.rate.share, one.name)))
