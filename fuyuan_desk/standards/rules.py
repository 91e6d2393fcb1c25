"""The four service tiers (服务等级): their duties, their differences, and their assignment to estates.

The ladder of duties is data (`resources/standards/`, 参考值) and parsed cell by cell.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum
from fractions import Fraction

from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.rules.equipment import Equipment, Presence, Presences
from fuyuan_desk.estates.rules.room_states import RoomState
from fuyuan_desk.formats.charts.shapes import Look, Pattern, Tone


class Tier(StrEnum):
    """A service tier; an estate has one at a time, `rank` orders them."""

    PROTECTIVE = "protective"
    CORRECTIVE = "corrective"
    SETTLED = "settled"
    LIVABLE = "livable"

    @property
    def rank(self) -> int:
        """The step on the ladder, from 0 (保障型) to 3 (宜居型)."""
        return list(Tier).index(self)


_LABELS = {
    Tier.PROTECTIVE: N_("Basic tier"),
    Tier.CORRECTIVE: N_("Improved tier"),
    Tier.SETTLED: N_("Settled tier"),
    Tier.LIVABLE: N_("Livable tier"),
}


_LOOKS = {
    Tier.PROTECTIVE: Look(Tone.NEUTRAL, Pattern.DOTS),
    Tier.CORRECTIVE: Look(Tone.WARN, Pattern.RISING),
    Tier.SETTLED: Look(Tone.INFO, Pattern.LEVEL),
    Tier.LIVABLE: Look(Tone.OK),
}
ROOM_STATES = tuple(RoomState(tier, _LABELS[tier], look) for tier, look in _LOOKS.items())
"""The states that tiers add to the room chart of an estate."""


def label(tier: Tier) -> str:
    """Return the label of a tier in the language of the screen."""
    return _(_LABELS[tier])


class CellKind(StrEnum):
    """The format of a cell of the ladder."""

    FREQUENCY = "frequency"
    DAY_NIGHT = "day_night"
    PER_YEAR = "per_year"
    LIMITS = "limits"
    TEXT = "text"


@dataclass(frozen=True)
class Frequency:
    """`times` in every `every` units of `unit` (day, week, month, year), at the place or time of day `where`."""

    times: int
    every: int
    unit: str
    at_least: bool = False
    where: str = ""

    @property
    def per_year(self) -> Fraction:
        """Times a year, for comparison."""
        return Fraction(self.times, self.every) * _PER_YEAR[self.unit]


_PER_YEAR = {"day": Fraction(365), "week": Fraction(365, 7), "month": Fraction(12), "year": Fraction(1)}


@dataclass(frozen=True)
class TimeLimit:
    """A time limit in minutes."""

    what: str
    minutes: int


@dataclass(frozen=True)
class Season:
    """A range of months (inclusive) in which a duty is done more often."""

    first_month: int
    last_month: int
    text: str
    text_en: str

    def covers(self, day: date) -> bool:
        """Return whether the day falls into the season."""
        return self.first_month <= day.month <= self.last_month


@dataclass(frozen=True)
class Duty:
    """The requirement of a tier for one item, in a sentence; what cannot be counted is in `text` only.

    It is owed only where there is the equipment that it `needs`; with `if_there` set, it is not known whether it is.
    """

    item: str
    group: str
    group_en: str
    name: str
    name_en: str
    text: str
    text_en: str
    frequencies: tuple[Frequency, ...] = ()
    limits: tuple[TimeLimit, ...] = ()
    season: Season | None = None
    clauses: tuple[str, ...] = ()
    rank: int = 0
    needs: Equipment | None = None
    if_there: bool = False


@dataclass(frozen=True)
class Ladder:
    """All duties of all tiers in one version; `reference`: a proposal, not the district's own text.

    `names` are the names of the tiers as printed.
    """

    version: str
    reference: bool
    note: str
    note_en: str
    duties: dict[Tier, tuple[Duty, ...]]
    untiered: tuple[Duty, ...]
    names: dict[Tier, str]


# --- what an estate can owe ----------------------------------------------------------------------------


def owed(duties: Iterable[Duty], equipment: Presences) -> tuple[Duty, ...]:
    """Return the duties that an estate with this equipment can owe; what it may have is marked `if_there`."""
    return tuple(
        replace(duty, if_there=_presence(duty, equipment) is Presence.UNKNOWN)
        for duty in duties
        if _presence(duty, equipment) is not Presence.NONE
    )


def not_there(duties: Iterable[Duty], equipment: Presences) -> tuple[Equipment, ...]:
    """Return the equipment that duties need and the estate does not have."""
    missing = (duty.needs for duty in duties if _presence(duty, equipment) is Presence.NONE)
    return tuple(dict.fromkeys(needed for needed in missing if needed is not None))


def _presence(duty: Duty, equipment: Presences) -> Presence:
    return Presence.HAS if duty.needs is None else equipment[duty.needs]


# --- parsing cells -------------------------------------------------------------------------------------

_UNITS = {"日": "day", "周": "week", "月": "month", "年": "year"}
_TIMES_PER = re.compile(r"(?P<least>≥?)(?P<times>\d+)/(?P<unit>[日周月年])")
_ONCE_IN = re.compile(r"(?P<least>≥?)(?P<every>\d*)(?P<unit>隔日|日|周|月|季|半年|年)(?P<times>\d+)")
_PLACE = re.compile(r"(?P<where>[^\d\s/≥]+)(?P<times>\d+)")
_LIMIT = re.compile(r"(?P<n>\d+)(?P<unit>min|h|日)")
_MINUTES = {"min": 1, "h": 60, "日": 24 * 60}
_STEPS = {"隔日": (2, "day"), "季": (3, "month"), "半年": (6, "month")}


def read_frequencies(cell: str) -> tuple[Frequency, ...]:
    """Parse `1/日 门厅2`, `隔日1`, `2月1` (once in two months), `≥15日1`; `—` is nothing.

    A part with a place counts in the unit of the part before it.
    """
    frequencies: list[Frequency] = []
    for part in cell.split():
        if part == "—":
            continue
        frequency = _read_part(part, frequencies)
        if frequency is None:
            raise ValueError(f"cannot read the cell {cell!r}")
        frequencies.append(frequency)
    return tuple(frequencies)


def _read_part(part: str, before: Sequence[Frequency]) -> Frequency | None:
    if match := _TIMES_PER.fullmatch(part):
        return Frequency(int(match["times"]), 1, _UNITS[match["unit"]], bool(match["least"]))
    if match := _ONCE_IN.fullmatch(part):
        step, unit = _STEPS.get(match["unit"]) or (1, _UNITS[match["unit"]])
        return Frequency(int(match["times"]), step * int(match["every"] or 1), unit, bool(match["least"]))
    match = _PLACE.fullmatch(part)
    if match and before:
        return Frequency(int(match["times"]), before[0].every, before[0].unit, where=match["where"])
    return None


def read_day_night(cell: str) -> tuple[Frequency, ...]:
    """Parse `4/6`: four times by day, six by night, every day."""
    by_day, by_night = cell.split("/")
    return (Frequency(int(by_day), 1, "day", where="昼"), Frequency(int(by_night), 1, "day", where="夜"))


def read_limits(names: Sequence[str], cell: str) -> tuple[TimeLimit, ...]:
    """Parse `1h/2日/3日` with the names 急修, 一般 and 投诉."""
    limits = []
    for what, text in zip(names, cell.split("/"), strict=True):
        match = _LIMIT.fullmatch(text)
        if match is None:
            raise ValueError(f"cannot read the limit {text!r}")
        limits.append(TimeLimit(what, int(match["n"]) * _MINUTES[match["unit"]]))
    return tuple(limits)


def in_season(duty: Duty, day: date) -> bool:
    """Return whether the duty is done more often on this day (消杀 6–8月加密)."""
    return duty.season is not None and duty.season.covers(day)


# --- comparing -----------------------------------------------------------------------------------------


class Direction(IntEnum):
    """How a duty changes from one tier to another; OTHER: changed, but not countable."""

    FALLS = -1
    SAME = 0
    RISES = 1
    OTHER = 2


@dataclass(frozen=True)
class Change:
    """One item of the ladder in two tiers."""

    before: Duty
    after: Duty
    direction: Direction


def compare(before: Iterable[Duty], after: Iterable[Duty]) -> tuple[Change, ...]:
    """Compare the duties of two tiers item by item."""
    later = {duty.item: duty for duty in after}
    return tuple(Change(duty, later[duty.item], _direction(duty, later[duty.item])) for duty in before)


def _direction(before: Duty, after: Duty) -> Direction:
    if before.text == after.text:
        return Direction.SAME
    steps = [_sign(new - old) for old, new in _countables(before, after)]
    if steps and not any(steps):
        return Direction.SAME
    if steps and min(steps) >= 0:
        return Direction.RISES
    if steps and max(steps) <= 0:
        return Direction.FALLS
    if not steps and before.rank != after.rank:
        # some duties (the gate) are texts that cannot be counted; the order of the ladder decides
        return Direction.RISES if after.rank > before.rank else Direction.FALLS
    return Direction.OTHER


def _countables(before: Duty, after: Duty) -> list[tuple[Fraction, Fraction]]:
    """Pair the countable measures, each growing with the service: frequency and negated limit."""
    old, new = _measures(before), _measures(after)
    nothing = Fraction(0)
    general = old.get("", nothing), new.get("", nothing)
    pairs = [(old.get(key, general[0]), new.get(key, general[1])) for key in sorted(old.keys() | new.keys())]
    return pairs


def _measures(duty: Duty) -> dict[str, Fraction]:
    measures = {frequency.where: frequency.per_year for frequency in duty.frequencies}
    measures.update({limit.what: -Fraction(limit.minutes) for limit in duty.limits})
    return measures


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


# --- assignments ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assignment:
    """The tier of an estate from a day on, with its reason and document."""

    tier: Tier
    effective_on: date
    reason: str
    document_no: str
    ladder_version: str
    id: int = 0


def in_order(history: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Sort assignments by the day they take effect."""
    return tuple(sorted(history, key=lambda assignment: (assignment.effective_on, assignment.id)))


def current(history: Iterable[Assignment], on: date) -> Assignment | None:
    """Return the assignment in force on a day; None before the first."""
    past = [assignment for assignment in in_order(history) if assignment.effective_on <= on]
    return past[-1] if past else None


class AssignmentFault(StrEnum):
    """Why an assignment is invalid."""

    SAME_DAY = "same-day"
    SAME_TIER = "same-tier"
    SAME_AS_NEXT = "same-as-next"
    TOO_FAR = "too-far"
    NO_REASON = "no-reason"
    NO_DOCUMENT = "no-document"


EARLIEST = date(2000, 1, 1)
FARTHEST_DAYS = 366


def assignment_faults(
    history: Iterable[Assignment], new: Assignment, today: date
) -> dict[str, AssignmentFault]:
    """Return the faults of an assignment by field: one tier per day, no repeated tier, reason and document."""
    faults: dict[str, AssignmentFault] = {}
    others = in_order(history)
    if any(assignment.effective_on == new.effective_on for assignment in others):
        faults["effective_on"] = AssignmentFault.SAME_DAY
    elif not new.effective_on >= EARLIEST or (new.effective_on - today).days > FARTHEST_DAYS:
        faults["effective_on"] = AssignmentFault.TOO_FAR
    before = current(others, new.effective_on)
    after = next((a for a in others if a.effective_on > new.effective_on), None)
    if before is not None and before.tier is new.tier:
        faults["tier"] = AssignmentFault.SAME_TIER
    elif after is not None and after.tier is new.tier:
        faults["tier"] = AssignmentFault.SAME_AS_NEXT
    if not new.reason.strip():
        faults["reason"] = AssignmentFault.NO_REASON
    if not new.document_no.strip():
        faults["document_no"] = AssignmentFault.NO_DOCUMENT
    return faults


NO_TIER = Topic(N_("No tier"), "standard", 30)


def tier_task(estate_id: int, name: str) -> Task:
    """Return the task to assign a tier to an estate without one."""
    detail = _("No service tier assigned yet")
    return Task(
        "estate", estate_id, name, detail, None, False, Severity.QUIET, NO_TIER, "standards", office_only=True,
        act="standards.tier",
    )  # fmt: skip
