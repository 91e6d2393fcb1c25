"""A job of the office, declared as one value in its `job.py`: what the shell and the command line need to know of it.

Functions named here import what they need when they are called, so that a job costs nothing before it is used.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.queries import Dues, Print, Record
from fuyuan_desk.widgets.split import Settings


class PageController(Protocol):
    """What a page is made as."""

    @property
    def page(self) -> QWidget:
        """The page itself."""
        ...


class WindowRequests(QObject):
    """What only the window around the pages can do; pages connect their signals to these."""

    sample = Signal()
    restore = Signal(str)
    language = Signal(str)
    text_size = Signal(bool)
    idle_minutes = Signal(int)


class Shell(Protocol):
    """What a job's pages are given by the window around them."""

    requests: WindowRequests

    @property
    def desk(self) -> Desk:
        """The operator's desk."""

    @property
    def layouts(self) -> Settings:
        """Column widths and panes of this PC."""

    @property
    def preferences(self) -> Preferences:
        """What this PC remembers."""

    @property
    def backup_scheduler(self) -> Any:
        """The one `BackupScheduler` of the window."""

    @property
    def jobs(self) -> "Sequence[Job]":
        """All jobs of the office."""

    def go(self, page: str) -> Any:
        """Show a page and return its controller."""

    def open_record(self, kind: str, record_id: int) -> None:
        """Show a record on the page it belongs to."""

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show beside each page in the navigation how much is due."""


def everybody(_desk: Desk) -> bool:
    """Show a page to every operator."""
    return True


@dataclass(frozen=True)
class Page:
    """A page in the navigation; `title` is marked with `N_`.

    `modules` are loaded ahead once the desk can be used, so that the page opens at once. `below` puts the page at
    the foot, beside settings and help.
    """

    name: str
    title: str
    icon: str
    make: Callable[[Shell], PageController]
    modules: tuple[str, ...] = ()
    below: bool = False
    is_shown: Callable[[Desk], bool] = everybody


@dataclass(frozen=True)
class Tab:
    """A tab of the page of data safety; `title` is marked with `N_`.

    `shown(controller)` is called when the tab comes into sight.
    """

    name: str
    title: str
    make: Callable[[Shell], Any]
    is_shown: Callable[[Desk], bool] = everybody
    shown: Callable[[Any], object] | None = None


class Tour(Protocol):
    """What a job's part of the tour works with; `known` carries records from one job's part to a later one's."""

    known: dict[str, Any]

    @property
    def desk(self) -> Any:
        """The operator's desk."""

    def go(self, page: str) -> Any:
        """Show a page and return its controller."""

    def settle(self, until: Callable[[], bool] = ...) -> None:
        """Wait until all work has ended."""

    def picture(self, name: str, widget: QWidget | None = None, above: QWidget | None = None) -> Path:
        """Save a picture of the window or a widget."""

    def paper(self, name: str, pdf: bytes) -> Path:
        """Save a paper."""

    def ask(self, use: Callable[[Seat], Any]) -> Any:
        """Run a service and return its answer."""


@dataclass
class SampleOffice:
    """What a job fills the sample office with: data from `resources/sample/`, days counted back from today.

    `known` carries ids and rows from one job's part to a later one's.
    """

    seat: Seat
    data: Mapping[str, Any]
    known: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def day(self, days_ago: int) -> date:
        """Return the day that lies so many days back."""
        return self.seat.today() - timedelta(days=days_ago)

    def seat_at(self, day: date, clock: time = time(9, 0)) -> Seat:
        """Return the seat as it was on a day of the past."""
        moment = min(datetime.combine(day, clock).astimezone(), self.seat.now())
        return replace(self.seat, now=lambda: moment)


class Unsound(Exception):
    """Something of the installation is not as it must be; its text says what."""


@dataclass(frozen=True)
class Check:
    """A check of the self-test: `run(folder)` returns a line, or raises; `title` is marked with `N_`."""

    title: str
    run: Callable[[Path], str]


@dataclass(frozen=True)
class Job:
    """A job of the office (one folder).

    records: kinds of record with how they are found and opened.
    tables: modules that define its tables.
    ties: by the name of a lower job's page, what to add to that page when it is made.
    drafts: first word of a draft's key, with the page that reopens the form after a lock ('' = the one shown then).
    sample, tour, checks: its part of the sample office, of the tour and of the self-test.
    at_start: a service that ends what an earlier run left half done; run for whoever may write.
    """

    name: str
    pages: tuple[Page, ...] = ()
    tabs: tuple[Tab, ...] = ()
    records: tuple[Record, ...] = ()
    tables: tuple[str, ...] = ()
    ties: Mapping[str, Callable[[Any, Shell], None]] = field(default_factory=dict)
    drafts: Mapping[str, str] = field(default_factory=dict)
    dues: Dues | None = None
    prints: tuple[Print, ...] = ()
    sample: Callable[[SampleOffice], None] | None = None
    tour: Callable[[Tour], Iterator[Path]] | None = None
    checks: tuple[Check, ...] = ()
    at_start: Callable[[Seat], object] | None = None
