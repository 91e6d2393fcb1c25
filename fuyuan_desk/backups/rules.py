"""How many backups are kept, when the next one is due, when their age is a worry, and where one may lie."""

import enum
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

DAILY, WEEKLY, MONTHLY = 7, 4, 12
OLD = timedelta(days=3)
RETRY = timedelta(hours=1)
# a clock may be set a little; beyond this the date of a backup is in doubt
_CLOCK = timedelta(days=1)


class PlaceKind(enum.StrEnum):
    """What a place for backups is."""

    FIRST = "first"  # beside the office's folder, always there
    SECOND = "second"  # a folder that was chosen, on another disk at best
    STICK = "stick"  # a stick known by its name, wherever it is plugged in


class Why(enum.StrEnum):
    """What a backup is made for."""

    DAILY = "daily"
    EXIT = "exit"
    ASKED = "asked"


class Tone(enum.StrEnum):
    """How the age of the newest backup is told."""

    GOOD = "good"
    WARNING = "warning"


@dataclass(frozen=True)
class LastRun:
    """How it stands with one place: newest good backup, newest attempt, and whether that one failed."""

    good: datetime | None = None
    tried: datetime | None = None
    failed: bool = False


def _newest_of_each(
    stamps: Collection[datetime], period: Callable[[datetime], tuple[int, ...]], most: int
) -> set[datetime]:
    newest: dict[tuple[int, ...], datetime] = {}
    for stamp in sorted(stamps):
        newest[period(stamp)] = stamp
    return set(sorted(newest.values())[-most:])


def _generations(stamps: Collection[datetime]) -> set[datetime]:
    return (
        _newest_of_each(stamps, lambda at: (at.year, at.month, at.day), DAILY)
        | _newest_of_each(stamps, lambda at: tuple(at.isocalendar())[:2], WEEKLY)
        | _newest_of_each(stamps, lambda at: (at.year, at.month), MONTHLY)
    )


def kept_generations(stamps: Collection[datetime], now: datetime) -> frozenset[datetime]:
    """Say which backups stay: of the last 7 days, 4 weeks and 12 months that have any, the newest of each.

    Periods without a backup are not counted, so that an office that was closed for long loses none. What is dated
    after `now` was made while the clock was wrong, or the clock is wrong now: neither drives out the other.
    """
    ahead = [stamp for stamp in stamps if stamp > now]
    past = [stamp for stamp in stamps if stamp <= now]
    return frozenset(_generations(past) | _generations(ahead))


def is_due(last: LastRun, now: datetime, today: Callable[[datetime], date]) -> bool:
    """Whether a place needs its backup of the day; after a failed attempt, not before an hour has passed.

    `today` gives the office's date of an instant.
    """
    if last.failed and last.tried is not None and timedelta(0) <= now - last.tried < RETRY:
        return False
    # one from the future says nothing of today
    return last.good is None or today(last.good) != today(now)


def tone(last_good: datetime | None, first_action: datetime | None, now: datetime) -> Tone:
    """Say how the age of the newest backup is told: a warning after three days without one.

    An office that has none yet is as old as its first act. A newest backup from the future warns too.
    """
    since = last_good or first_action
    if since is None:
        return Tone.GOOD
    return Tone.GOOD if -_CLOCK <= now - since < OLD else Tone.WARNING


def default_place(store: Path) -> Path:
    """Give the folder beside the office's own in which backups lie without anybody having chosen one.

    `store` is absolute.
    """
    return store.with_name(f"{store.name}-backup")


class Misplaced(enum.StrEnum):
    """Why backups may not lie somewhere."""

    IN_OFFICE = "in_office"
    IN_BACKUP = "in_backup"
    TAKEN = "taken"


def misplaced(
    place: Path, stores: Collection[Path], others: Collection[Path], prefix: str
) -> Misplaced | None:
    """Say why `place` may not hold backups; all paths are absolute and resolved.

    `stores` are folders of offices, `others` the places there are; a name with `prefix` in front is a backup's.
    """
    if any(place == store or place.is_relative_to(store) for store in stores):
        return Misplaced.IN_OFFICE
    if any(part.startswith(prefix) for part in place.parts):
        return Misplaced.IN_BACKUP
    return Misplaced.TAKEN if place in others else None
