"""Due items (今日): the types in which every job reports them."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Severity(IntEnum):
    """How urgent a task is."""

    QUIET = 0
    NORMAL = 1
    URGENT = 2


@dataclass(frozen=True)
class Topic:
    """The topic of a task; `title` is marked with `N_`. Topics sort by `rank` for equal date and urgency."""

    title: str
    icon: str
    rank: int


@dataclass(frozen=True)
class Task:
    """One thing to do.

    `kind` and `record_id` name the record to open, `page` the page it is counted on. `due` is None when it has no
    date. `office_only`: the committee's work, not shown to a property company (物业). `act` names the function of the
    job's `acts` that begins it; '' opens the record. `part` tells several tasks of one record apart.
    """

    kind: str
    record_id: int
    title: str
    detail: str
    due: date | None
    overdue: bool
    severity: Severity
    topic: Topic
    page: str
    office_only: bool = False
    act: str = ""
    part: str = ""

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What makes it the same task when the tasks are read again: topic, kind, record and its part."""
        return self.topic.title, self.kind, self.record_id, self.part


@dataclass(frozen=True)
class Figure:
    """A number about the office; `title` is marked with `N_`."""

    title: str
    value: int
