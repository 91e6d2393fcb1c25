"""A job of the office, declared as one value in its `job.py` for the shell and the command line.

Functions declared here import what they need when called, so that an unused job costs nothing, and the command line
loads no Qt.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, get_args, get_type_hints

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.open_drafts import DraftForm
from fuyuan_desk.kit.queries import Dues, FilePart, Print, Record

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from PySide6.QtWidgets import QWidget

    from fuyuan_desk.kit.desk import Desk
    from fuyuan_desk.kit.window_requests import WindowRequests
    from fuyuan_desk.store.check import Finding
    from fuyuan_desk.widgets.split import Settings


F = TypeVar("F", bound="DataclassInstance")


class PageController(Protocol):
    """The controller of a page."""

    @property
    def page(self) -> QWidget:
        """The page's widget."""
        ...


class Shell(Protocol):
    """What the main window provides to a job's pages."""

    requests: WindowRequests

    @property
    def desk(self) -> Desk:
        """The operator's desk."""

    @property
    def layouts(self) -> Settings:
        """Column widths and panes of this PC."""

    @property
    def preferences(self) -> Preferences:
        """The preferences of this PC."""

    @property
    def backup_scheduler(self) -> Any:
        """The window's `BackupScheduler`."""

    @property
    def jobs(self) -> Sequence[Job]:
        """All jobs of the office."""

    @property
    def hidden_pages(self) -> frozenset[str]:
        """Names of the pages that are hidden in the navigation of this PC."""

    def shown_pages(self) -> list[Page]:
        """List the pages that the operator's role sees, hidden ones included, in the order of the navigation."""

    def hide_pages(self, names: Collection[str]) -> None:
        """Hide these pages, and no others, in the navigation of this PC."""

    def go(self, page: str) -> Any:
        """Show a page and return its controller."""

    def open_record(self, kind: str, record_id: int) -> None:
        """Show a record on its page."""

    def back_or(self, otherwise: Callable[[], object]) -> None:
        """Return to the page from which the shown record was opened; call `otherwise` if it was its own."""

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show the count of due items beside each page in the navigation."""


def everybody(_desk: Desk) -> bool:
    """Show a page to every operator."""
    return True


class Group(StrEnum):
    """The groups of pages in the navigation, from top to bottom."""

    TOP = "top"
    RECORDS = "records"
    DAILY = "daily"
    SPECIAL = "special"
    GOVERNANCE = "governance"
    REPORTS = "reports"
    BOTTOM = "bottom"


GROUP_TITLES = {
    Group.RECORDS: N_("Registers"),
    Group.DAILY: N_("Daily work"),
    Group.SPECIAL: N_("Special work"),
    Group.GOVERNANCE: N_("Governance"),
    Group.REPORTS: N_("Reports"),
}
"""The headings; the pages at the top and at the bottom have none, do not fold and cannot be hidden."""


@dataclass(frozen=True)
class Page:
    """A page of the desk; `title` is marked with `N_`, `group` places it in the navigation.

    modules: preloaded once the desk is usable, so that the page opens at once.
    under: the page that leads to this one, which is then not listed in the navigation itself.
    start: shows the first screen of the page, given its controller, after asking about unsaved input; needed by pages
    that show records or forms, so that “Back” can return to the list.
    help: the key of the help page that F1 shows, where it is not the page's name.
    """

    name: str
    title: str
    icon: str
    make: Callable[[Shell], PageController]
    modules: tuple[str, ...] = ()
    is_shown: Callable[[Desk], bool] = everybody
    under: str = ""
    start: Callable[[Any], object] | None = None
    help: str = ""
    group: Group = field(kw_only=True)


@dataclass(frozen=True)
class Tab:
    """A tab of the data safety page; `title` is marked with `N_`.

    `shown(controller)` is called when the tab becomes visible.
    """

    name: str
    title: str
    make: Callable[[Shell], Any]
    is_shown: Callable[[Desk], bool] = everybody
    shown: Callable[[Any], object] | None = None


class Tour(Protocol):
    """Context of a job's part of the tour; `known` passes records from one job's part to later ones."""

    known: dict[str, Any]

    @property
    def desk(self) -> Any:
        """The operator's desk."""

    def go(self, page: str) -> Any:
        """Show a page and return its controller."""

    def settle(self, until: Callable[[], bool] = ...) -> None:
        """Wait until no work is running."""

    def picture(self, name: str, widget: QWidget | None = None, above: QWidget | None = None) -> Path:
        """Save a picture of the window or a widget."""

    def paper(self, name: str, pdf: bytes) -> Path:
        """Save a paper."""

    def ask(self, use: Callable[[Seat], Any]) -> Any:
        """Run a service and return its result."""


@dataclass
class SampleOffice:
    """Context for filling the sample office: data from `resources/sample/`, with days counted back from today.

    `known` passes ids and rows from one job's part to later ones, such as ("building", estate, label) → id.
    """

    seat: Seat
    data: Mapping[str, Any]
    known: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def day(self, days_ago: int) -> date:
        """Return the date `days_ago` days before today."""
        return self.seat.today() - timedelta(days=days_ago)

    def fields(self, kind: type[F], row: Mapping[str, Any]) -> F:
        """Return the fields that a row of the data describes.

        A date is given as days ago, a reference by what is known: `"building": ["南昌路168弄", "1号"]` sets
        `building_id`.
        """
        days = {name for name, hint in get_type_hints(kind).items() if date in (hint, *get_args(hint))}
        values: dict[str, Any] = {}
        for name, value in row.items():
            if name in days:
                values[name] = self.day(value)
            elif name in kind.__dataclass_fields__:
                values[name] = tuple(value) if isinstance(value, list) else value
            else:
                values[f"{name}_id"] = self.known[(name, *([value] if isinstance(value, str) else value))]
        return kind(**values)

    def seat_at(self, day: date, clock: time = time(9, 0)) -> Seat:
        """Return the seat with its clock set to a past day."""
        moment = min(datetime.combine(day, clock).astimezone(), self.seat.now())
        return replace(self.seat, now=lambda: moment)


def load_tables(jobs: Iterable[Job]) -> None:
    """Import the tables of all jobs, which are otherwise loaded when they are first used."""
    for job in jobs:
        for module in job.tables:
            importlib.import_module(module)


def findings_of(jobs: Sequence[Job], seat: Seat) -> tuple[Finding, ...]:
    """Run every job's part of the check of an office, which may compare the tables of all."""
    load_tables(jobs)
    return tuple(check(seat) for job in jobs for check in job.office_checks)


class CheckFailed(Exception):
    """A check of the self-test found a fault; the message describes it."""


@dataclass(frozen=True)
class Check:
    """A check of the self-test: `run(folder)` returns a few words on what passed, or raises; `title` is marked.

    `advice`, marked too, is what to do when it fails: as a rule, to install again.
    """

    title: str
    run: Callable[[Path], str]
    advice: str = N_("Install the program again; the office's data stays as it is.")


@dataclass(frozen=True)
class Job:
    """A job of the office (one folder).

    records: kinds of record, with the functions to find and open them.
    tables: modules that define its tables.
    ties: by name of a lower job's page, a function that extends that page when it is created.
    drafts: prefix of a draft's key, with the page that reopens the form after a lock, unless the
        page that was in front has the form too, in a tab.
    draft_forms: for each of these prefixes, what its drafts are called and of which record they are.
    acts: by the name in `Task.act`, a function that begins a task of the first page with its record; it opens the
        record for a role that may not do it.
    files: its parts of the file of every home and of every estate.
    office_checks: its part of the check of an office, beside that of the store.
    sample, tour, checks: its part of the sample office, of the tour and of the self-test.
    at_start: a service that completes what an earlier run left unfinished; run for operators who may write.
    """

    name: str
    pages: tuple[Page, ...] = ()
    tabs: tuple[Tab, ...] = ()
    records: tuple[Record, ...] = ()
    tables: tuple[str, ...] = ()
    ties: Mapping[str, Callable[[Any, Shell], None]] = field(default_factory=dict)
    drafts: Mapping[str, str] = field(default_factory=dict)
    draft_forms: Mapping[str, DraftForm] = field(default_factory=dict)
    dues: Dues | None = None
    acts: Mapping[str, Callable[[Shell, int], object]] = field(default_factory=dict)
    prints: tuple[Print, ...] = ()
    files: tuple[FilePart, ...] = ()
    office_checks: tuple[Callable[[Seat], Finding], ...] = ()
    sample: Callable[[SampleOffice], None] | None = None
    tour: Callable[[Tour], Iterator[Path]] | None = None
    checks: tuple[Check, ...] = ()
    at_start: Callable[[Seat], object] | None = None
