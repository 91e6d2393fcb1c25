"""Backup rules: how many are kept, when one is due, when the newest is too old, and where they may be stored."""

import enum
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

DAILY, WEEKLY, MONTHLY = 7, 4, 12
OLD = timedelta(days=3)
RETRY = timedelta(hours=1)
# tolerated clock skew; a backup dated further ahead has an unreliable date
_CLOCK = timedelta(days=1)


class PlaceKind(enum.StrEnum):
    """Kind of backup location."""

    FIRST = "first"  # the default folder beside the office's folder
    SECOND = "second"  # a chosen folder, ideally on another disk
    STICK = "stick"  # a named USB stick, on whatever drive it is connected


class Why(enum.StrEnum):
    """Reason for making a backup."""

    DAILY = "daily"
    EXIT = "exit"
    ASKED = "asked"


class Tone(enum.StrEnum):
    """Severity of the age of the newest backup."""

    GOOD = "good"
    WARNING = "warning"


@dataclass(frozen=True)
class LastRun:
    """State of one place: newest good backup, newest attempt, and whether that attempt failed."""

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
    """Return the backups to keep: the newest of each of the last 7 days, 4 weeks and 12 months that have any.

    Periods without a backup are not counted, so an office that was closed for long loses none. Backups dated after
    `now` come from a wrong clock, then or now, and are counted separately from the others.
    """
    ahead = [stamp for stamp in stamps if stamp > now]
    past = [stamp for stamp in stamps if stamp <= now]
    return frozenset(_generations(past) | _generations(ahead))


def is_due(last: LastRun, now: datetime, today: Callable[[datetime], date]) -> bool:
    """Whether a place is due for its daily backup; after a failed attempt only when an hour has passed.

    `today` converts an instant to the office's date.
    """
    if last.failed and last.tried is not None and timedelta(0) <= now - last.tried < RETRY:
        return False
    # a backup dated in the future does not count for today
    return last.good is None or today(last.good) != today(now)


def tone(last_good: datetime | None, first_action: datetime | None, now: datetime) -> Tone:
    """Return the severity of the newest backup's age: a warning after three days without one.

    Without any backup, the age counts from the office's first action. A newest backup from the future warns too.
    """
    since = last_good or first_action
    if since is None:
        return Tone.GOOD
    return Tone.GOOD if -_CLOCK <= now - since < OLD else Tone.WARNING


def default_place(store: Path) -> Path:
    """Return the default backup folder, beside the office's own; `store` is absolute."""
    return store.with_name(f"{store.name}-backup")


class Misplaced(enum.StrEnum):
    """Reason why a folder may not hold backups."""

    IN_OFFICE = "in_office"
    IN_BACKUP = "in_backup"
    TAKEN = "taken"


def misplaced(
    place: Path, stores: Collection[Path], others: Collection[Path], prefix: str
) -> Misplaced | None:
    """Return why `place` may not hold backups, or None; all paths are absolute and resolved.

    `stores` are office folders, `others` the existing places; names that start with `prefix` belong to backups.
    """
    if any(place == store or place.is_relative_to(store) for store in stores):
        return Misplaced.IN_OFFICE
    if any(part.startswith(prefix) for part in place.parts):
        return Misplaced.IN_BACKUP
    return Misplaced.TAKEN if place in others else None
