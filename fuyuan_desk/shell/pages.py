"""The desk once somebody sits at it: makes each page when it is first gone to and ties the pages together."""

import importlib
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import ROLE_NAMES, Seat, utc_now
from fuyuan_desk.backups.controller.keeper import BackupScheduler
from fuyuan_desk.backups.controller.leaving import Leaving
from fuyuan_desk.backups.controller.wording import status_text
from fuyuan_desk.backups.view.age import BackupAge
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.job import Page, PageController, WindowRequests
from fuyuan_desk.office.controller.second import SecondController
from fuyuan_desk.office.service import office, sign_in_greeting
from fuyuan_desk.office.service.sign_in_greeting import LastVisit
from fuyuan_desk.shell.frame import Frame
from fuyuan_desk.shell.jobs import JOBS, all_pages, all_records
from fuyuan_desk.shell.resume import Resume, current_place
from fuyuan_desk.today.controller.today import SearchController
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.side_nav import NavItem
from fuyuan_desk.widgets.work import Worker

if TYPE_CHECKING:
    from fuyuan_desk.widgets.search_box import SearchBox

TODAY, SAFETY = "today", "safety"
_IDLE_LOOK_MS = 300


def sample_text(password: str) -> str:
    """Tell what the sample office is and how to unlock it, since nobody chose its password."""
    return _("Sample, thrown away afterwards; password: {password}").format(password=password)


def _pass_over(_refusal: UserError) -> None:
    """What is only told in passing hinders nobody when it cannot be read."""


class _Layouts:
    """Column widths, orders and panes as the clerk left them, kept among this PC's preferences."""

    def __init__(self, kept: Mapping[str, Any], remember: Callable[..., None]) -> None:
        self._kept = dict(kept)
        self._remember = remember

    def load(self, key: str) -> dict[str, Any] | None:
        """Give what was kept under `key`; what was broken from outside counts as nothing."""
        value = self._kept.get(key)
        return value if isinstance(value, dict) else None

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Keep a layout under `key`."""
        self._kept[key] = value
        self._remember(columns=dict(self._kept))


class OpenDesk(QObject):
    """The frame and the pages of all jobs; `requests` carries what only the window can do."""

    def __init__(
        self, seat: Seat, worker: Worker, preferences: Preferences, remember: Callable[..., None]
    ) -> None:
        super().__init__()
        self.preferences = preferences
        self.jobs = JOBS
        self.requests = WindowRequests(self)
        self.layouts = _Layouts(preferences.columns, remember)
        self.folder = str(seat.store.folder)
        self.login = seat.operator.login
        self._repaired = seat.store.repaired.sentence()
        self.desk = Desk(seat, worker, self)
        self._search = SearchController(self.desk, all_records())
        self._search.opened.connect(self.open_record)
        self.frame = Frame(self._items(), self._make, self._search.page, _("Fuyuan Desk"))
        self.backup_scheduler = BackupScheduler(self.desk)
        self._age = BackupAge()
        self._leaving: Leaving | None = None
        self._has_left = False
        self._show_backup_age()
        self.second = SecondController(self.desk, self.frame)
        self.desk.notified.connect(self.frame.status.tell)
        self.desk.refused.connect(self.frame.refuse)
        self.desk.retry_offered.connect(self.frame.refuse)
        self.desk.changes.connect(self._on_changes)

    @property
    def is_idle(self) -> bool:
        """Whether neither the database, a paper nor a backup is at work."""
        return self.desk.is_idle and self.backup_scheduler.is_idle

    # --- backups

    def _show_backup_age(self) -> None:
        self.frame.status.add_widget(self._age)
        self.backup_scheduler.told.connect(lambda status: self._age.tell(*status_text(status, utc_now())))
        self._age.pressed.connect(self.show_backups)

    def start_backup_schedule(self) -> None:
        """From now on make backups by itself: each day, when a stick is plugged in, and on leaving."""
        self.backup_scheduler.begin()

    def before_close(self, then: Callable[[], object]) -> bool:
        """Whether the desk may be closed at once; else the last backup is made, and `then` called in any case."""
        if self._has_left or not self.backup_scheduler.is_automatic:
            return True
        if self._leaving is not None:  # closed once more: whoever is in such a hurry need not wait
            self._leaving.hurry()
            return self._has_left

        def leave() -> None:
            self._has_left = True
            then()

        self._leaving = Leaving(self.frame.window(), self.backup_scheduler, leave)
        self._leaving.start()
        return False

    # --- sitting down and getting up

    def start(self) -> None:
        """Show the first page, or that where the operator locked the desk, and read what the frame shows."""
        self.desk.run(
            sign_in_greeting.take_place, done=self._begin, failed=lambda _refusal: self._begin(None)
        )
        self._show_operator()
        self._read_settings()
        for job in self.jobs if self.desk.can_write else ():
            if job.at_start is not None:
                self.desk.run(job.at_start, owner=self.frame)

    def _begin(self, place: dict[str, Any] | None) -> None:
        if place is None or place.get("page") not in {item.name for item in self._items()}:
            if not self.frame.current:
                self.frame.go(TODAY)
        else:
            Resume(self, lambda: self.desk.is_idle, place).start()
        self.desk.run(
            sign_in_greeting.last_visit, done=partial(self._greet, place is not None), failed=_pass_over
        )

    def _greet(self, is_back: bool, last: LastVisit) -> None:
        repaired = self._repaired
        if repaired or last.failures:
            told = [sentence for sentence in (repaired, last.sentence()) if sentence]
            self.frame.banner.say("warn" if last.failures else "info", "\n".join(told))
        elif not is_back and last.sentence():
            self.frame.status.tell(last.sentence())

    def lock(self, then: Callable[[], object]) -> None:
        """Lock: keep what is typed and where, let what is being written end, close the store, then call back."""
        place = current_place(self.frame)

        def close(seat: Seat) -> None:
            self.desk.detach_seat()
            try:
                sign_in_greeting.keep_place(seat, place)
            finally:  # a place that cannot be kept is no reason to stay open
                seat.store.close()

        self.desk.mute()
        for keeper in self.frame.findChildren(DraftSaver):
            keeper.keep_for_return()
        # a backup at work reads the store that is about to be closed
        self.backup_scheduler.stop(
            lambda: self.desk.run(close, done=lambda _nothing: then(), failed=lambda _refusal: then())
        )

    def close(self) -> None:
        """Close the store and the pages for good."""
        self.backup_scheduler.close()
        self.desk.close()
        seat = self.desk.detach_seat()
        if seat is not None:
            seat.store.close()
        self.frame.deleteLater()

    @property
    def search(self) -> "SearchBox":
        """The search box at the top."""
        return self._search.page

    def may_close(self, then: Callable[[], object]) -> bool:
        """Whether nothing unsaved stands on a page; else ask once and call back."""
        for form in self.frame.findChildren(Form):
            if form.isVisible() and form.is_dirty:
                form.leave(then)
                return False
        return True

    def show_sample_hint(self, password: str) -> None:
        """Keep in sight how to unlock the sample office."""
        self.frame.status.set_item("sample", sample_text(password), "info")

    def _show_operator(self) -> None:
        operator = self.desk.operator
        self.frame.show_operator(f"{operator.name} · {_(ROLE_NAMES[operator.role])}")

    def _read_settings(self) -> None:
        self.desk.run(office.read_settings, done=self._show_settings, owner=self.frame)

    def _show_settings(self, settings: OfficeSettings) -> None:
        name = settings.name + (_(" (sample)") if settings.is_sample else "")
        self.frame.nav.set_subtitle(name)
        self.frame.status.set_item("store", _("Encrypted and saved"), "lock", self.folder)
        self.requests.idle_minutes.emit(settings.idle_minutes)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & {"office", "operator"}:
            self._read_settings()
            self._show_operator()

    # --- pages

    def shown_pages(self) -> list[Page]:
        """List the pages that the operator's role sees."""
        return [page for page in all_pages() if page.is_shown(self.desk)]

    def _items(self) -> list[NavItem]:
        return [NavItem(page.name, _(page.title), page.icon, page.below) for page in self.shown_pages()]

    def _make(self, name: str) -> PageController:
        """Make a page, and let the other jobs add to it."""
        page = next(page for page in all_pages() if page.name == name).make(self)
        for job in self.jobs:
            if name in job.ties:
                job.ties[name](page, self)
        return page

    def load_pages_when_idle(self) -> None:
        """Load the code of the pages that are not shown yet, beside the desk, once it has come to rest."""
        timer = QTimer(self)
        timer.setInterval(_IDLE_LOOK_MS)
        modules = [module for page in self.shown_pages() for module in page.modules]

        def load() -> None:
            for name in modules:
                importlib.import_module(name)

        def look() -> None:
            if self.desk.is_idle and self.frame.current:
                timer.stop()
                threading.Thread(target=load, name="load-pages", daemon=True).start()

        timer.timeout.connect(look)
        timer.start()

    def go(self, page: str) -> Any:
        """Show a page and return its controller."""
        return self.frame.go(page)

    def show_backups(self) -> None:
        """Show the backups, to whoever sees that page."""
        if any(page.name == SAFETY for page in self.shown_pages()):
            self.go(SAFETY).go("backup")

    def open_record(self, kind: str, record_id: int) -> None:
        """Show a record on the page it belongs to; `kind` is the name of its kind."""
        record = next(record for record in all_records() if record.kind.name == kind)
        record.open(self.go(record.page), record_id)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show beside each page in the navigation how much is due."""
        for page in self.shown_pages():
            self.frame.nav.set_count(page.name, counts.get(page.name, 0), due=True)
