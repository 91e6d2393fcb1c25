"""Backup rules: how many are kept, when one is due, where they may be stored, and what is known of them."""

import enum
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path, PurePath
from types import MappingProxyType

from fuyuan_desk.core.clock import is_ahead

DAILY, WEEKLY, MONTHLY = 7, 4, 12
LATEST, HOURS = 12, 24
"""Of the newest day the latest backups are kept, and the newest of each hour."""
RETRY = timedelta(hours=1)
STICK_DAYS = 7
"""After how many days a named USB stick that was not connected is mentioned."""


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


@dataclass(frozen=True)
class PlaceView:
    """A backup place; `path` is its current path, None while absent; `fault` is the last error message.

    `is_found`: whether the newest good backup is still there, `on_office_disk`: whether the place lies on the disk of
    the office; both None while that is not known. `last_run` numbers the good backups in the order in which they were
    made, which no clock moves.
    """

    id: int
    kind: PlaceKind
    name: str
    path: Path | None
    shown_path: str
    last_good: datetime | None = None
    last_tried: datetime | None = None
    fault: str = ""
    last_name: str = ""
    is_found: bool | None = None
    on_office_disk: bool | None = None
    last_run: int = 0

    @property
    def is_present(self) -> bool:
        """Whether a backup can be written there now."""
        return self.path is not None

    @property
    def has_copy(self) -> bool:
        """Whether a good backup was written there that is not known to be gone."""
        return self.last_good is not None and self.is_found is not False


@dataclass(frozen=True)
class Contradiction:
    """A backup that the office contradicts: when it was made, and the last entry of its trail.

    `is_older`: the office ends before that entry; otherwise it holds another one.
    """

    is_older: bool
    taken_at: datetime
    entry: int


@dataclass(frozen=True)
class BackupStatus:
    """The places, and how many changes were made since the newest good backup, None if that is not known.

    `counted_to` is the number of the last entry of the trail that was counted; `contradiction` the backup that goes
    furthest of those that the office contradicts.
    """

    places: tuple[PlaceView, ...]
    changes: int | None = None
    counted_to: int = 0
    contradiction: Contradiction | None = None

    @property
    def newest(self) -> PlaceView | None:
        """The place with the newest good backup."""
        copies = [view for view in self.places if view.has_copy]
        return max(copies, key=_in_order, default=None)

    @property
    def last_good(self) -> datetime | None:
        """When the newest good backup was made."""
        return None if self.newest is None else self.newest.last_good


class Concern(enum.StrEnum):
    """What is to be said about the backups, the most important first."""

    OLDER = "older"  # the office ends before its newest backup does
    ALTERED = "altered"  # the office holds another past than a backup of it
    CLOCK = "clock"
    FAILED = "failed"
    NONE = "none"
    GONE = "gone"  # the only backup known of was removed
    CHANGED = "changed"
    UNCOUNTED = "uncounted"
    ONE_DISK = "one_disk"
    STICK_LATE = "stick_late"
    STICK_EMPTY = "stick_empty"
    # said beside the headline only
    ELSEWHERE_OLD = "elsewhere_old"
    DISK_UNKNOWN = "disk_unknown"
    PLACE_AWAY = "place_away"
    PLACE_GONE = "place_gone"


HEADLINES = frozenset(Concern) - {
    Concern.ELSEWHERE_OLD,
    Concern.DISK_UNKNOWN,
    Concern.PLACE_AWAY,
    Concern.PLACE_GONE,
}


@dataclass(frozen=True)
class Remark:
    """A concern with its instant, number and place, where it has them."""

    concern: Concern
    when: datetime | None = None
    count: int = 0
    place: PlaceView | None = None


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
    last_day = [stamp for stamp in stamps if stamp.date() == max(stamps).date()]
    return (
        set(sorted(last_day)[-LATEST:])
        | _newest_of_each(last_day, lambda at: (at.hour,), HOURS)
        | _newest_of_each(stamps, lambda at: (at.year, at.month, at.day), DAILY)
        | _newest_of_each(stamps, lambda at: tuple(at.isocalendar())[:2], WEEKLY)
        | _newest_of_each(stamps, lambda at: (at.year, at.month), MONTHLY)
    )


def kept_generations(
    stamps: Collection[datetime], now: datetime, entries: Mapping[datetime, int] = MappingProxyType({})
) -> frozenset[datetime]:
    """Return the backups to keep: the newest of each of the last 7 days, 4 weeks and 12 months that have any.

    Of the newest day the latest 12 and the newest of each hour are kept too, so that a mistake made that day can be
    undone from a copy made before it; the first backup of the next day ends that. Periods without a backup are not
    counted, so an office that was closed for long loses none.

    Backups dated in the future come from a wrong clock, then or now. They never take the place of another one: they
    are counted separately. `entries` says how far each backup goes in the audit trail. Once backups of more days
    followed in it than days are dated in the future, the clock was wrong then, and what followed replaces them.
    """
    ahead = [stamp for stamp in stamps if is_ahead(stamp, now)]
    right = [stamp for stamp in stamps if not is_ahead(stamp, now)]
    days = {stamp.date() for stamp in ahead}
    open_ = [stamp for stamp in ahead if len(_days_after(stamp, right, entries)) <= len(days)]
    return frozenset(_generations(right) | _generations(open_))


def _days_after(stamp: datetime, right: Collection[datetime], entries: Mapping[datetime, int]) -> set[date]:
    """Return the days of the backups with a right date that go further in the trail than one dated in the future."""
    end = entries.get(stamp, 0)
    return {other.date() for other in right if entries.get(other, 0) > end}


def is_due(last: LastRun, now: datetime, today: Callable[[datetime], date]) -> bool:
    """Whether a place is due for its daily backup; after a failed attempt only when an hour has passed.

    `today` converts an instant to the office's date.
    """
    if last.failed and last.tried is not None and timedelta(0) <= now - last.tried < RETRY:
        return False
    # a backup dated in the future does not count for today
    return last.good is None or today(last.good) != today(now)


def _in_order(view: PlaceView) -> tuple[int, datetime]:
    return view.last_run, _last_good(view)


def _last_good(view: PlaceView) -> datetime:
    assert view.last_good is not None
    return view.last_good


def remarks(status: BackupStatus, now: datetime) -> tuple[Remark, ...]:
    """Return what is to be said about the backups, the most important first; nothing if all is well."""
    found = [
        *_of_contradiction(status),
        *_of_newest(status, now),
        *_of_disks(status, now),
        *_of_places(status, now),
    ]
    order = list(Concern)
    return tuple(sorted(found, key=lambda remark: order.index(remark.concern)))


def _of_contradiction(status: BackupStatus) -> Iterator[Remark]:
    contradiction = status.contradiction
    if contradiction is not None:
        concern = Concern.OLDER if contradiction.is_older else Concern.ALTERED
        yield Remark(concern, contradiction.taken_at, contradiction.entry)


def _of_newest(status: BackupStatus, now: datetime) -> Iterator[Remark]:
    good = status.last_good
    for view in status.places:
        if view.fault and view.is_present:
            yield Remark(Concern.FAILED, good, place=view)
    if good is None:
        gone = [view for view in status.places if view.last_good is not None]
        if gone:
            yield Remark(Concern.GONE, max(gone, key=_in_order).last_good)
        else:
            yield Remark(Concern.NONE)
        return
    is_misdated = is_ahead(good, now)
    if is_misdated:
        yield Remark(Concern.CLOCK, good)
    if status.changes is None:
        yield Remark(Concern.UNCOUNTED, good)
    elif status.changes:
        # the number is counted by the trail, which no clock moves; the instant is not to be relied on
        yield Remark(Concern.CHANGED, None if is_misdated else good, status.changes)


def _of_disks(status: BackupStatus, now: datetime) -> Iterator[Remark]:
    newest, copies = status.newest, [view for view in status.places if view.has_copy]
    if newest is None:
        return
    elsewhere = [view for view in copies if _is_elsewhere(view)]
    if elsewhere:
        last = max(elsewhere, key=_in_order)
        # a wrong date does not tell how old it is
        is_misdated = last is not newest and is_ahead(_last_good(last), now)
        if is_misdated or _day(_last_good(last)) < _day(_last_good(newest)):
            yield Remark(Concern.ELSEWHERE_OLD, _last_good(last))
    elif all(view.on_office_disk for view in copies):
        yield Remark(Concern.ONE_DISK, _last_good(newest), len(copies))
    else:
        yield Remark(Concern.DISK_UNKNOWN)


def _is_elsewhere(view: PlaceView) -> bool:
    # a stick that is not connected is not the disk on which the office is open; an absent folder may have been removed
    is_away = view.kind is PlaceKind.STICK and not view.is_present
    return is_away or view.on_office_disk is False


def _of_places(status: BackupStatus, now: datetime) -> Iterator[Remark]:
    for view in status.places:
        seen = view.last_tried or view.last_good
        if view.kind is PlaceKind.STICK and not view.is_present:
            days = 0 if seen is None else (_day(now) - _day(seen)).days
            if view.last_good is None:
                yield Remark(Concern.STICK_EMPTY, place=view)
            elif days >= STICK_DAYS:
                yield Remark(Concern.STICK_LATE, count=days, place=view)
        if view.last_good is None or status.newest is None:
            continue
        if view.is_found is False:
            yield Remark(Concern.PLACE_GONE, view.last_good, place=view)
        elif not view.is_present and (
            view.kind is not PlaceKind.STICK or view == status.newest or is_ahead(view.last_good, now)
        ):
            yield Remark(Concern.PLACE_AWAY, view.last_good, place=view)


def _day(at: datetime) -> date:
    return at.astimezone().date()


class Misplaced(enum.StrEnum):
    """Reason why a folder may not hold backups."""

    IN_OFFICE = "in_office"
    IN_BACKUP = "in_backup"
    TAKEN = "taken"


def misplaced(
    place: PurePath, stores: Collection[PurePath], others: Collection[PurePath], prefix: str
) -> Misplaced | None:
    """Return why `place` may not hold backups, or None; all paths are absolute and resolved.

    `stores` are office folders, `others` the existing places; names that start with `prefix` belong to backups.
    """
    if any(place == store or place.is_relative_to(store) for store in stores):
        return Misplaced.IN_OFFICE
    if any(part.lower().startswith(prefix) for part in place.parts):
        return Misplaced.IN_BACKUP
    return Misplaced.TAKEN if place in others else None


def size_text(count: int) -> str:
    """Format a size in bytes, e.g. '12.4 MB'."""
    value = float(count)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"
