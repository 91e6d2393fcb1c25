"""The open desk of a signed-in operator: creates each page on first use and connects the pages."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QScrollArea

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import ROLE_NAMES, Seat
from fuyuan_desk.backups.controller.age import BackupAgeController
from fuyuan_desk.backups.controller.keeper import BackupScheduler
from fuyuan_desk.backups.controller.leaving import Leaving
from fuyuan_desk.backups.service.backups import BackupReport
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.garbage import load_modules
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.job import GROUP_TITLES, Group, Page, PageController
from fuyuan_desk.kit.window_requests import WindowRequests
from fuyuan_desk.office.controller.second import SecondController
from fuyuan_desk.office.service import sign_in_greeting
from fuyuan_desk.office.service.office_key import Reason
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.office.service.sign_in_greeting import LastVisit
from fuyuan_desk.shell.frame import Frame
from fuyuan_desk.shell.full_disk import FullDiskController
from fuyuan_desk.shell.history import Walker
from fuyuan_desk.shell.jobs import JOBS, all_pages, all_records
from fuyuan_desk.shell.places import current_place, from_json, list_filters, to_json
from fuyuan_desk.shell.resume import Resume
from fuyuan_desk.shell.unfinished import UnfinishedController
from fuyuan_desk.today.controller.today import DueCounter, SearchController
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.side_nav import NavGroup, NavItem
from fuyuan_desk.widgets.work import Worker

if TYPE_CHECKING:
    from fuyuan_desk.widgets.search_box import SearchBox

TODAY, SAFETY, SETTINGS, HELP = "today", "safety", "settings", "help"
LISTS = "lists"  # what is saved of them beside a place
_IDLE_POLL_MS = 300


def sample_text(password: str) -> str:
    """Return the hint with the password of the sample office, which nobody chose."""
    return _("Sample office, deleted afterwards; password: {password}").format(password=password)


def _ignore(_refusal: UserError) -> None:
    """Ignore a failure to read optional information."""


class _Layouts:
    """Column widths, orders and panes as the operator left them, saved in the preferences of this PC."""

    def __init__(self, saved: Mapping[str, Any], remember: Callable[..., None]) -> None:
        self._saved = dict(saved)
        self._remember = remember

    def load(self, key: str) -> dict[str, Any] | None:
        """Return the layout saved under `key`; None if there is none or it is malformed."""
        value = self._saved.get(key)
        return value if isinstance(value, dict) else None

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Save a layout under `key`."""
        self._saved[key] = value
        self._remember(columns=dict(self._saved))


class _Navigation:
    """What is folded and hidden in the navigation, saved in the preferences of this PC."""

    def __init__(self, saved: Mapping[str, Any], remember: Callable[..., None]) -> None:
        folded, hidden = saved.get("folded"), saved.get("hidden")
        self.folded: dict[str, bool] = (
            {str(name): on for name, on in folded.items() if isinstance(on, bool)}
            if isinstance(folded, Mapping)
            else {}
        )
        self.hidden = frozenset(map(str, hidden)) if isinstance(hidden, list) else frozenset()
        self._remember = remember

    def fold(self, group: str, on: bool) -> None:
        """Remember that a group was folded or unfolded by hand."""
        self.folded[group] = on
        self._save()

    def hide(self, names: Collection[str]) -> None:
        """Remember the hidden pages."""
        self.hidden = frozenset(names)
        self._save()

    def _save(self) -> None:
        self._remember(navigation={"folded": dict(self.folded), "hidden": sorted(self.hidden)})


def nav_groups() -> list[NavGroup]:
    """List the groups of the navigation; that of the daily work is the first to be unfolded."""
    return [
        NavGroup(group, _(title), 0 if group is Group.DAILY else rank)
        for rank, (group, title) in enumerate(GROUP_TITLES.items(), 1)
    ]


def nav_item(page: Page) -> NavItem:
    """Return a page as an item of the navigation."""
    group = page.group if page.group in GROUP_TITLES else ""
    return NavItem(page.name, _(page.title), page.icon, page.group is Group.BOTTOM, group)


_RECENT = "recent"


class OpenDesk(QObject):
    """The frame and the pages of all jobs; `requests` are handled by the main window."""

    def __init__(
        self, seat: Seat, worker: Worker, preferences: Preferences, remember: Callable[..., None]
    ) -> None:
        super().__init__()
        self.preferences = preferences
        self.jobs = JOBS
        self.requests = WindowRequests(self)
        self.layouts = _Layouts(preferences.columns, remember)
        self._navigation = _Navigation(preferences.navigation, remember)
        self.folder = str(seat.store.folder)
        self.login = seat.operator.login
        self._repaired = seat.store.repaired.sentence()
        self._put_off = ""
        self._remember = remember
        self.desk = Desk(seat, worker, self)
        self._search = SearchController(self.desk, all_records())
        self._search.opened.connect(self.open_record)
        self.frame = Frame(
            self._items(),
            self._make,
            self._search.page,
            _("Fuyuan Desk"),
            nav_groups(),
            self._navigation.folded,
        )
        self.frame.lead_from({page.name: page.under for page in all_pages() if page.under})
        self.frame.nav.group_folded.connect(self._navigation.fold)
        self.frame.help_requested.connect(self.show_help)
        self.walker = Walker(self, all_pages(), all_records())
        self.walker.record_shown.connect(self._search.note)
        self.backup_scheduler = BackupScheduler(self.desk)
        self._leaving: Leaving | None = None
        self._may_leave = False
        self._show_backup_age()
        self.unfinished = UnfinishedController(self, all_records())
        self.full_disk = FullDiskController(self.desk, self.frame.full_disk)
        dues = [job.dues for job in self.jobs if job.dues is not None]
        self._due_counter = DueCounter(self.desk, dues, self.frame)
        self._due_counter.counted.connect(self.show_counts)
        self.second = SecondController(self.desk, self.frame)
        self.desk.notified.connect(self.frame.status.show_message)
        self.desk.refused.connect(self.frame.refuse)
        self.desk.retry_offered.connect(self.frame.refuse)
        self.desk.changes.connect(self._on_changes)

    @property
    def is_idle(self) -> bool:
        """Whether no database work, paper or backup is running."""
        return self.desk.is_idle and self.backup_scheduler.is_idle

    # --- backups

    def _show_backup_age(self) -> None:
        age = BackupAgeController(self.desk, self.backup_scheduler)
        self.frame.status.add_widget(age.view)
        self.backup_scheduler.refused.connect(self.frame.refuse)
        age.view.pressed.connect(self.show_backups)

    def start_backup_schedule(self) -> None:
        """Start automatic backups: daily, when a named USB drive is connected, and on closing."""
        self.backup_scheduler.begin()
        if self.preferences.put_off == self.folder:
            self._put_off = _(
                "This PC was shut down or signed out before the backup on closing was finished. It is made now."
            )
            self.backup_scheduler.make_put_off(self._on_last_backup)

    def _on_last_backup(self, report: BackupReport | None) -> None:
        if report is None or not all(outcome.is_good for outcome in report.outcomes):
            return  # the next start tries again
        self._remember(put_off="")
        if self._put_off:
            self.desk.notify(_("The backup that was put off has been made."))

    def before_close(self, then: Callable[[], object]) -> bool:
        """Return whether the desk may be closed at once; if not, make the last backup and always call `then`."""
        if self._may_leave or not self.backup_scheduler.is_automatic:
            return True
        if self._leaving is not None:  # closed a second time: do not wait for the backup
            self._leaving.hurry()
            return self._may_leave

        def leave() -> None:
            self._may_leave = True
            then()

        self._leaving = Leaving(self.frame.window(), self.backup_scheduler, leave)
        self._leaving.start()
        return False

    # --- starting, locking and closing

    def start(self, place: dict[str, Any] | None = None) -> None:
        """Show the first page, or resume at `place` or where the operator locked the desk; read the settings.

        With a `place` only the pages are new: the operator was greeted before.
        """
        self.full_disk.start()
        if place is not None:
            self._show_first(place)
        else:
            self.desk.run(
                sign_in_greeting.pop_place,
                done=self._show_and_greet,
                failed=lambda _refusal: self._show_and_greet(None),
            )
        self._show_operator()
        self._read_settings()
        for job in self.jobs if self.desk.can_write else ():
            if job.at_start is not None:
                self.desk.run(job.at_start, owner=self.frame)

    def _show_first(self, saved: dict[str, Any] | None) -> None:
        place = None if saved is None else from_json(saved)
        self._search.recent = [(str(kind), int(key)) for kind, key in (saved or {}).get(_RECENT, ())]
        if place is None or place.page not in {page.name for page in self.shown_pages()}:
            if not self.frame.current:
                self.frame.go(TODAY)
        else:
            Resume(self, lambda: self.desk.is_idle, place, (saved or {}).get(LISTS)).start()
        self.unfinished.start("" if place is None else place.form)
        if self.frame.current != TODAY:
            self._due_counter.start()

    def _show_and_greet(self, saved: dict[str, Any] | None) -> None:
        self._show_first(saved)
        self.desk.run(
            sign_in_greeting.last_visit, done=partial(self._greet, saved is not None), failed=_ignore
        )

    def _greet(self, has_resumed: bool, last: LastVisit) -> None:
        repaired = self._repaired
        request = last.request()
        if repaired or last.is_warning or request or self._put_off:
            messages = [text for text in (repaired, last.sentence(), request, self._put_off) if text]
            self.frame.banner.say(
                "warn" if last.is_warning or request else "info",
                "\n".join(messages),
                *self._greeting_act(last),
            )
        elif not has_resumed and last.sentence():
            self.frame.status.show_message(last.sentence())

    def _greeting_act(self, last: LastVisit) -> tuple[str, Callable[[], object]]:
        """Return the caption, '' for none, and the action of the greeting's button."""
        if last.restored:
            return _("Change the key …"), lambda: self.go(SETTINGS).change_key(Reason.RESTORED)
        return _("Change my password") if last.request() else "", self._change_own_password

    def _change_own_password(self) -> None:
        self.go(SETTINGS).show_own_password()

    @property
    def place(self) -> dict[str, Any]:
        """The current place, with the filters of its lists, in the form in which it is saved."""
        shown = to_json(current_place(self.frame))
        return {**shown, LISTS: list_filters(self.frame), _RECENT: self._search.recent}

    def lock(self, then: Callable[[], object]) -> None:
        """Save unsaved input and the current place, finish pending writes, close the store, then call `then`."""
        place = self.place

        def close(seat: Seat) -> None:
            self.desk.detach_seat()
            try:
                sign_in_greeting.save_place(seat, place)
            finally:  # close even if the place cannot be saved
                seat.store.close()

        self.desk.mute()
        self._save_for_return(self.frame.findChildren(DraftSaver))
        # a running backup reads the store that is about to be closed
        self.backup_scheduler.stop(
            lambda: self.desk.run(close, done=lambda _nothing: then(), failed=lambda _refusal: then())
        )

    def prepare_session_end(self, seconds: float) -> None:
        """Save unsaved input and the place, wait for that, and begin the last backup; the desk stays usable."""
        self._save_for_return(self.frame.findChildren(DraftSaver))
        self.desk.run(sign_in_greeting.save_place, self.place, failed=_ignore)
        self.desk.wait(seconds)  # first: the backup is to hold the drafts
        self.backup_scheduler.begin_last(self._on_last_backup)

    def end_session(self, backup_seconds: float, seconds: float) -> bool:
        """Close the store without asking or showing anything; return whether the last backup was made.

        Long work, such as an import, is cancelled and leaves nothing incomplete.
        """
        is_backed_up = self.backup_scheduler.finish_last(backup_seconds)
        self.desk.mute()
        self.desk.blockSignals(True)  # pages that go do not follow what changes
        self.desk.cancel_long_work()
        self._save_for_return(saver for saver in self.frame.findChildren(DraftSaver) if saver.is_waiting)

        def close(seat: Seat) -> None:
            self.desk.detach_seat()
            seat.store.close()

        self.desk.run(close, failed=_ignore)
        self.desk.wait(seconds)
        return is_backed_up

    def _save_for_return(self, savers: Iterable[DraftSaver]) -> None:
        for saver in savers:
            saver.save_for_return()

    def close(self) -> None:
        """Close the store and delete the pages."""
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
        """Return whether no form has unsaved input; if one has, ask about it and call `then` afterwards."""
        for controller in self.frame.made.values():
            if getattr(controller, "has_unsaved", False):  # a page that asks once for all its forms
                unsaved: Any = controller
                unsaved.leave(then)
                return False
        for form in self.frame.findChildren(Form):
            if form.isVisible() and form.is_dirty:
                form.leave(then)
                return False
        return True

    def show_sample_hint(self, password: str) -> None:
        """Show the password of the sample office in the status line."""
        self.frame.status.set_item("sample", sample_text(password), "info")

    def _show_operator(self) -> None:
        operator = self.desk.operator
        self.frame.show_operator(f"{operator.name} · {_(ROLE_NAMES[operator.role])}")

    def _read_settings(self) -> None:
        self.desk.run(read_settings, done=self._show_settings, owner=self.frame)

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
        """List the pages that the operator's role sees, hidden ones included, in the order of the navigation."""
        return [page for page in all_pages() if page.is_shown(self.desk)]

    @property
    def hidden_pages(self) -> frozenset[str]:
        """Names of the pages that are hidden in the navigation of this PC."""
        return self._navigation.hidden

    def hide_pages(self, names: Collection[str]) -> None:
        """Hide these pages, and no others, in the navigation of this PC; search and links still open them."""
        self._navigation.hide(names)
        self.frame.nav.set_items(self._items(), nav_groups(), self._navigation.folded)

    def _items(self) -> list[NavItem]:
        listed = (page for page in self.shown_pages() if not page.under)
        hidden = self._navigation.hidden
        return [
            nav_item(page) for page in listed if page.name not in hidden or page.group not in GROUP_TITLES
        ]

    def _make(self, name: str) -> PageController:
        """Create a page, which other jobs then extend."""
        page = next(page for page in all_pages() if page.name == name).make(self)
        for job in self.jobs:
            if name in job.ties:
                job.ties[name](page, self)
        if name == TODAY:
            self._due_counter.stop()
            today: Any = page.page
            self.unfinished.attach(today.add_card)
        return page

    def load_pages_when_idle(self) -> None:
        """Import the modules of all pages on a background thread once the desk is idle."""
        timer = QTimer(self)
        timer.setInterval(_IDLE_POLL_MS)
        modules = [module for page in self.shown_pages() for module in page.modules]

        def load() -> None:
            load_modules(modules)

        def poll() -> None:
            if self.desk.is_idle and self.frame.current:
                timer.stop()
                # PySide creates the classes of all widgets when it first meets one that Qt itself made: 20 ms, which
                # the first page would wait for
                QScrollArea().viewport()
                threading.Thread(target=load, name="load-pages", daemon=True).start()

        timer.timeout.connect(poll)
        timer.start()

    def go(self, page: str) -> Any:
        """Show a page and return its controller."""
        return self.frame.go(page)

    def back_or(self, otherwise: Callable[[], object]) -> None:
        """Return to the page from which the shown record was opened; call `otherwise` if it was its own."""
        self.walker.back_or(otherwise)

    def show_backups(self) -> None:
        """Show the backups if the role sees that page."""
        if any(page.name == SAFETY for page in self.shown_pages()):
            self.go(SAFETY).show_tab("backup")

    def show_help(self) -> None:
        """Show the help on the current page and its tab; a page without its own is helped by the first one."""
        place = current_place(self.frame)
        if place.page == HELP:
            return
        page = next(page for page in all_pages() if page.name == place.page)
        self.frame.enter(HELP)
        help_page: Any = self.frame.controller(HELP).page
        help_page.open_first((place.tab, page.help, page.name))

    def open_record(self, kind: str, record_id: int) -> None:
        """Show a record on its page; `kind` is the name of the record kind."""
        record = next(record for record in all_records() if record.kind.name == kind)
        record.open(self.go(record.page), record_id)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show the count of due items beside each page in the navigation."""
        for page in all_pages():
            self.frame.nav.set_count(page.name, counts.get(page.name, 0), due=True)
