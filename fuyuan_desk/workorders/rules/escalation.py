"""Who is told of an overdue order, in which order: inspector, property manager, committee, street office."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fuyuan_desk.core.codes import Code
from fuyuan_desk.core.texts import N_, _


class Level(Code):
    """Who is told, from the bottom up."""

    INSPECTOR = "inspector", N_("Inspector")
    MANAGER = "manager", N_("Property manager")
    COMMITTEE = "committee", N_("Residents' committee")
    STREET = "street", N_("Street office")


class Means(Code):
    """How somebody is told."""

    TELEPHONE = "telephone", N_("By telephone")
    MESSAGE = "message", N_("By message")
    PERSON = "person", N_("In person")
    LETTER = "letter", N_("In writing")


@dataclass(frozen=True)
class Rung:
    """A level, and how long after the deadline it is told."""

    level: Level
    after: timedelta


@dataclass(frozen=True)
class Telling:
    """A level that is to be told of an overdue order, and since when."""

    level: Level
    since: datetime

    @property
    def text(self) -> str:
        """Who is to be told since when, in words."""
        since = f"{self.since.astimezone():%m-%d %H:%M}"
        return _("{level} since {since}").format(level=self.level.label, since=since)


def to_be_told(
    due_at: datetime | None, now: datetime, told: Collection[Level], ladder: Sequence[Rung]
) -> Telling | None:
    """Return who is to be told next of an order with this deadline, None while nobody is.

    A level is never told after one above it: whoever skipped it has gone further.
    """
    if due_at is None:
        return None
    highest = max((place for place, rung in enumerate(ladder) if rung.level in told), default=-1)
    times = ((rung.level, due_at + rung.after) for rung in ladder[highest + 1 :])
    reached = (Telling(level, since) for level, since in times if since < now)
    return next(reached, None)
