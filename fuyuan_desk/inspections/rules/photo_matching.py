"""Which photo is of which visit, and of which item there: a proposal by time and by the numbers on the sheet."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.photos import DISTANCES
from fuyuan_desk.core.texts import N_
from fuyuan_desk.inspections.rules.photo_numbers import ends_with, is_same, read_numbers

EARLY, LONGEST = timedelta(minutes=30), timedelta(hours=3)
"""A photo is of a visit if it was taken so long before the time of the visit, or so long after it."""
_DIGITAL = datetime(2005, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)


class TimeFrom(Code):
    """What says when a photo was taken."""

    CAMERA = "camera", N_("by the camera")
    NAME = "name", N_("by the name of the file")
    FILE = "file", N_("by the file only")


class Sureness(IntEnum):
    """How sure a proposal is."""

    NONE = 0
    UNSURE = 1
    LIKELY = 2
    SURE = 3


class Why(Code):
    """What a proposal rests on, or why there is none."""

    BOTH = "both", N_("Number on the sheet, and time of the visit")
    NUMBER = "number", N_("Number on the sheet; the time does not say more")
    OTHER_TIME = "other-time", N_("Number on the sheet, but taken at another time")
    TWICE = "twice", N_("Several photos have this number: of which camera is it?")
    ENDING = "ending", N_("Only the last digits are on the sheet")
    TIME = "time", N_("Time of the visit")
    SEVERAL = "several", N_("Several visits at this time")
    SAME_DAY = "same-day", N_("Same day, but not at the time of a visit")
    NO_VISIT = "no-visit", N_("No visit was logged on this day")
    NO_TIME = "no-time", N_("It is not known when it was taken")
    WRONG_CLOCK = "wrong-clock", N_("The clock of the camera cannot be right")
    SHEET = "sheet", N_("Number of the sheet in the name of the file")
    NOT_ENTERED = "not-entered", N_("The sheet is not entered yet")
    NO_SHEET = "no-sheet", N_("A scan; choose its visit")
    BY_HAND = "by-hand", N_("Chosen by hand")


# a copy has a later time than the photo, the name of a file may have been changed
_MOST_SURE = {
    TimeFrom.CAMERA: Sureness.SURE,
    TimeFrom.NAME: Sureness.LIKELY,
    TimeFrom.FILE: Sureness.UNSURE,
}


@dataclass(frozen=True)
class Shot:
    """What is known of a photo file: `number` is that of the camera, '' for none."""

    key: int
    number: str
    taken_at: datetime | None
    time_from: TimeFrom = TimeFrom.CAMERA


@dataclass(frozen=True)
class ItemNoted:
    """An item of a visit, with the photo numbers that were noted at it."""

    key: str
    text: str
    numbers: str = ""


@dataclass(frozen=True)
class VisitNoted:
    """A visit to which photos may belong."""

    id: int
    number: str
    at: datetime
    inspectors: str
    subject: str
    items: tuple[ItemNoted, ...] = ()
    sheet: str = ""

    @property
    def day(self) -> date:
        """The local day."""
        return self.at.astimezone().date()


@dataclass(frozen=True)
class Proposal:
    """The visit that a photo is of, the item and the kind, '' for none; and how sure that is."""

    visit_id: int | None
    why: Why
    sureness: Sureness = Sureness.NONE
    item: str = ""
    kind: str = ""


@dataclass(frozen=True)
class _Span:
    visit: VisitNoted
    begin: datetime
    end: datetime


_Noted = tuple[_Span, str]


def shifted(shot: Shot, by: timedelta) -> Shot:
    """Return a photo as if the clock of the camera had been corrected; a time out of reach is unknown."""
    if shot.taken_at is None or not by:
        return shot
    try:
        return replace(shot, taken_at=shot.taken_at + by)
    except OverflowError:
        return replace(shot, taken_at=None)


_BY_NUMBER = frozenset((Why.BOTH, Why.NUMBER))


def is_clock_wrong(taken_at: datetime, now: datetime) -> bool:
    """Return whether a time cannot be right: a clock that was never set, or one that is ahead."""
    return taken_at < _DIGITAL or taken_at > now + _AHEAD


def propose(shots: Sequence[Shot], visits: Sequence[VisitNoted], now: datetime) -> dict[int, Proposal]:
    """Propose for each photo, by key, the visit and the item that it shows; nothing is left out."""
    matcher = _Matcher(visits, now)
    found = {shot.key: matcher.match(shot) for shot in shots}
    # two cameras count alike: a number on the sheet is of one of their photos
    claims = Counter(
        (shot.number, found[shot.key].visit_id, found[shot.key].item) for shot in shots if shot.number
    )
    for shot in shots:
        one = found[shot.key]
        if one.why in _BY_NUMBER and claims[shot.number, one.visit_id, one.item] > 1:
            found[shot.key] = replace(one, why=Why.TWICE, sureness=Sureness.UNSURE)
    return found


class _Matcher:
    def __init__(self, visits: Sequence[VisitNoted], now: datetime) -> None:
        self._now = now
        self._spans: dict[date, list[_Span]] = defaultdict(list)
        for span in _spans(visits):
            self._spans[span.visit.day].append(span)
        # what was noted at an item, by day: as a number, and by its digits; of thousands of photos each looks it up
        self._numbers: dict[tuple[date, int], list[_Noted]] = defaultdict(list)
        self._digits: dict[tuple[date, str], list[_Noted]] = defaultdict(list)
        for day, spans in self._spans.items():
            for span in spans:
                self._note(day, span)

    def _note(self, day: date, span: _Span) -> None:
        for item in span.visit.items:
            for written in read_numbers(item.numbers) or ():
                self._numbers[day, int(written)].append((span, item.key))
                self._digits[day, written].append((span, item.key))

    def match(self, shot: Shot) -> Proposal:
        """Return the proposal for one photo."""
        if shot.taken_at is None:
            return Proposal(None, Why.NO_TIME)
        if is_clock_wrong(shot.taken_at, self._now):
            return Proposal(None, Why.WRONG_CLOCK)
        day = self._day_of(shot.taken_at)
        if day not in self._spans:
            return Proposal(None, Why.NO_VISIT)
        found = self._of_day(shot, shot.taken_at, day)
        most = _MOST_SURE[shot.time_from]
        return found if found.sureness <= most else replace(found, sureness=most)

    def _day_of(self, at: datetime) -> date:
        """Return the day of the visits that a photo may belong to: one may go on past midnight."""
        day = at.astimezone().date()

        def is_within(one: date) -> bool:
            return any(span.begin <= at < span.end for span in self._spans.get(one, ()))

        before = day - timedelta(days=1)
        return before if is_within(before) and not is_within(day) else day

    def _of_day(self, shot: Shot, at: datetime, day: date) -> Proposal:
        of_day = self._spans[day]
        within = [span for span in of_day if span.begin <= at < span.end]
        same, ending = self._noted_of(day, shot.number)
        if same or ending:
            return _by_number(at, same or ending, within, is_whole=bool(same))
        if len(within) == 1:
            return Proposal(within[0].visit.id, Why.TIME, Sureness.LIKELY)
        nearest = _nearest(at, within or of_day)
        return Proposal(nearest.visit.id, Why.SEVERAL if within else Why.SAME_DAY, Sureness.UNSURE)

    def _noted_of(self, day: date, number: str) -> tuple[list[_Noted], list[_Noted]]:
        """Return where the number of a file was noted on a day, and where its last digits were."""
        if not number:
            return [], []
        same, ending = list(self._numbers.get((day, int(number)), ())), []
        for length in range(1, len(number) + 1):
            written = number[-length:]
            for found in self._digits.get((day, written), ()):
                if is_same(written, number) and found not in same:
                    same.append(found)
                elif ends_with(written, number):
                    ending.append(found)
        return same, ending


def _by_number(
    at: datetime, found: Sequence[tuple[_Span, str]], within: Sequence[_Span], is_whole: bool
) -> Proposal:
    """Return the visit and the item at which a number was noted; of several the one whose time is nearest."""
    timely = [(span, item) for span, item in found if span in within]
    span = _nearest(at, [span for span, _item in timely or found])
    item = next(item for of, item in found if of is span)
    if not is_whole:
        return Proposal(span.visit.id, Why.ENDING, Sureness.UNSURE, item)
    if not timely:
        return Proposal(span.visit.id, Why.OTHER_TIME, Sureness.UNSURE, item)
    if len(timely) > 1:
        return Proposal(span.visit.id, Why.NUMBER, Sureness.UNSURE, item)
    return Proposal(span.visit.id, Why.BOTH, Sureness.SURE, item)


def _nearest(at: datetime, spans: Sequence[_Span]) -> _Span:
    return min(spans, key=lambda span: (abs(at - span.visit.at), span.visit.id))


def _spans(visits: Sequence[VisitNoted]) -> Iterator[_Span]:
    """Yield from when to when the photos of each visit were taken: until the next one of its inspectors."""
    by_inspectors = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: (visit.at, visit.id)):
        by_inspectors[visit.inspectors].append(visit)
    for own in by_inspectors.values():
        for place, visit in enumerate(own):
            begin, end = visit.at - EARLY, visit.at + LONGEST
            if place:
                begin = max(begin, own[place - 1].at)
            if place + 1 < len(own):
                end = min(end, own[place + 1].at)
            # two visits of one minute: neither is to be without a span
            yield _Span(visit, begin, max(end, visit.at + timedelta(minutes=1)))


def with_kinds(
    shots: Sequence[Shot], proposals: Mapping[int, Proposal], kept: Mapping[int, str]
) -> dict[int, Proposal]:
    """Return the proposals with kinds: three photos of one item, as they were taken, are far, middle and near.

    `kept` are the kinds that were chosen, by key; a photo of whose item there are two or four gets none.
    """
    order = {
        shot.key: (shot.taken_at or datetime.max.replace(tzinfo=UTC), shot.number, shot.key) for shot in shots
    }
    of_item = defaultdict(list)
    for key in sorted(proposals, key=lambda key: order[key]):
        proposal = proposals[key]
        if proposal.visit_id is not None and proposal.item and not proposal.kind:
            of_item[proposal.visit_id, proposal.item].append(key)
    kinds = {
        key: kind.value
        for keys in of_item.values()
        if len(keys) == len(DISTANCES)
        for key, kind in zip(keys, DISTANCES, strict=True)
    }
    kinds |= kept
    return {
        key: replace(proposal, kind=kinds[key]) if key in kinds else proposal
        for key, proposal in proposals.items()
    }
