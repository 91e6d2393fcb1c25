"""The desk once somebody sits at it: makes each page when it is first gone to and ties the pages together."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import ROLE_NAMES, STAFF, Seat, utc_now
from fuyuan_desk.backups.controller.keeper import BackupScheduler
from fuyuan_desk.backups.controller.leaving import Leaving
from fuyuan_desk.backups.controller.wording import status_text
from fuyuan_desk.backups.view.age import BackupAge
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.controller.second import SecondController
from fuyuan_desk.office.service import office, sign_in_greeting
from fuyuan_desk.office.service.sign_in_greeting import LastVisit
from fuyuan_desk.roster.service.imports import finish_imports
from fuyuan_desk.shell.frame import Controller, Frame
from fuyuan_desk.shell.resume import Returning, place_of
from fuyuan_desk.today.controller.today import SearchController, TodayController
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.side_nav import NavItem
from fuyuan_desk.widgets.work import Worker

if TYPE_CHECKING:
    from fuyuan_desk.estates.controller.estates import EstatesController
    from fuyuan_desk.inspections.controller.inspections import InspectionsController
    from fuyuan_desk.inspections.controller.section import VisitLogSection
    from fuyuan_desk.renovation.controller.cases import RenovationController
    from fuyuan_desk.shell.safety_page import SafetyController
    from fuyuan_desk.today.rules import Task
    from fuyuan_desk.widgets.search_box import SearchBox

TODAY, ESTATES, RENOVATION, INSPECTIONS, STANDARDS, IMPORT, SAFETY, SETTINGS, HELP = (
    "today",
    "estates",
    "renovation",
    "inspections",
    "standards",
    "import",
    "safety",
    "settings",
    "help",
)


def nav_items() -> list[NavItem]:
    """List the pages in the language in use."""
    return [
        NavItem(TODAY, _("Today"), "today"),
        NavItem(ESTATES, _("Estates"), "estate"),
        NavItem(RENOVATION, _("Renovation"), "renovation"),
        NavItem(INSPECTIONS, _("Inspections"), "inspection"),
        NavItem(STANDARDS, _("Service standard"), "standard"),
        NavItem(IMPORT, _("Roster import"), "import"),
        NavItem(SAFETY, _("Data safety"), "shield", below=True),
        NavItem(SETTINGS, _("Settings"), "settings", below=True),
        NavItem(HELP, _("Help"), "help", below=True),
    ]


def sample_text(password: str) -> str:
    """Tell what the sample office is and how to unlock it, since nobody chose its password."""
    return _("Sample, thrown away afterwards; password: {password}").format(password=password)


def _pass_over(_refusal: UserError) -> None:
    """What is only told in passing hinders nobody when it cannot be read."""


class _HasPage(Protocol):
    @property
    def page(self) -> QWidget: ...


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
    """The frame, its pages and what leads from one to another."""

    language_requested = Signal(str)
    text_size_requested = Signal(bool)
    idle_minutes_changed = Signal(int)
    sample_requested = Signal()
    restore_requested = Signal(str)

    def __init__(
        self, seat: Seat, worker: Worker, preferences: Preferences, remember: Callable[..., None]
    ) -> None:
        super().__init__()
        self._preferences = preferences
        self._layouts = _Layouts(preferences.columns, remember)
        self.folder = str(seat.store.folder)
        self.login = seat.operator.login
        self._repaired = seat.store.repaired.sentence()
        self.desk = Desk(seat, worker, self)
        self._search = SearchController(self.desk)
        self._search.opened.connect(self.open_record)
        self.frame = Frame(self._items(), self._make, self._search.page, _("Fuyuan Desk"))
        self._keeper = BackupScheduler(self.desk)
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
        return self.desk.is_idle and self._keeper.is_idle

    # --- backups

    def _show_backup_age(self) -> None:
        self.frame.status.add_widget(self._age)
        self._keeper.told.connect(lambda status: self._age.tell(*status_text(status, utc_now())))
        self._age.pressed.connect(self.show_backups)

    def keep_backups(self) -> None:
        """From now on make backups by itself: each day, when a stick is plugged in, and on leaving."""
        self._keeper.begin()

    def before_close(self, then: Callable[[], object]) -> bool:
        """Whether the desk may be closed at once; else the last backup is made, and `then` called in any case."""
        if self._has_left or not self._keeper.is_automatic:
            return True
        if self._leaving is not None:  # closed once more: whoever is in such a hurry need not wait
            self._leaving.hurry()
            return self._has_left

        def leave() -> None:
            self._has_left = True
            then()

        self._leaving = Leaving(self.frame.window(), self._keeper, leave)
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
        if self.desk.can_write:
            self.desk.run(finish_imports, owner=self.frame)  # of an import that was cut short

    def _begin(self, place: dict[str, Any] | None) -> None:
        if place is None or place.get("page") not in {item.name for item in self._items()}:
            if not self.frame.current:
                self.frame.go(TODAY)
        else:
            Returning(self, lambda: self.desk.is_idle, place).start()
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

    def rise(self, then: Callable[[], object]) -> None:
        """Lock: keep what is typed and where, let what is being written end, close the store, then call back."""
        place = place_of(self.frame)

        def close(seat: Seat) -> None:
            self.desk.rise()
            try:
                sign_in_greeting.keep_place(seat, place)
            finally:  # a place that cannot be kept is no reason to stay open
                seat.store.close()

        self.desk.mute()
        for keeper in self.frame.findChildren(DraftSaver):
            keeper.keep_for_return()
        # a backup at work reads the store that is about to be closed
        self._keeper.stop(
            lambda: self.desk.run(close, done=lambda _nothing: then(), failed=lambda _refusal: then())
        )

    def close(self) -> None:
        """Close the store and the pages for good."""
        self._keeper.close()
        self.desk.close()
        seat = self.desk.rise()
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
        self.idle_minutes_changed.emit(settings.idle_minutes)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & {"office", "operator"}:
            self._read_settings()
            self._show_operator()

    # --- pages

    def _items(self) -> list[NavItem]:
        hidden = set() if self.desk.can_write else {IMPORT}
        if self.desk.operator.role not in STAFF:  # a property company has nothing to look after there
            hidden.add(SAFETY)
        return [item for item in nav_items() if item.name not in hidden]

    def _make(self, name: str) -> Controller:
        makers: dict[str, Callable[[], _HasPage]] = {
            TODAY: self._make_today,
            ESTATES: self._make_estates,
            RENOVATION: self._make_renovation,
            INSPECTIONS: self._make_inspections,
            STANDARDS: self._make_standards,
            IMPORT: self._make_import,
            SAFETY: self._make_safety,
            SETTINGS: self._make_settings,
            HELP: self._make_help,
        }
        return makers[name]()

    def _make_today(self) -> _HasPage:
        made = TodayController(self.desk)
        made.task_opened.connect(self._open_task)
        made.counted.connect(self._show_counts)
        made.import_requested.connect(lambda: self.frame.go(IMPORT))
        made.sample_requested.connect(self.sample_requested)
        return made

    def _make_estates(self) -> _HasPage:
        from fuyuan_desk.estates.controller.estates import EstatesController
        from fuyuan_desk.standards.controller.tier import TierSection, estate_chips

        made = EstatesController(self.desk, self._layouts)
        made.use_tiers(estate_chips)
        tiers: list[TierSection] = []

        def tier_section() -> TierSection:
            tiers.append(TierSection(self.desk))
            return tiers[0]

        def visits() -> "VisitLogSection":
            section = self._visit_log()
            section.visit_requested.connect(lambda: self.inspections().log_estate_visit(section.estate_id))
            return section

        def assign_tier_here(_estate: int) -> None:
            made.show_section(_("Service standard"))
            tiers[0].assign_tier_here()

        made.add_section(_("Service standard"), tier_section)
        made.add_section(_("Inspections"), visits)
        made.tier_requested.connect(assign_tier_here)
        made.renovation_requested.connect(lambda unit: self.renovation().file_for(unit))
        made.visit_requested.connect(lambda estate: self.inspections().log_estate_visit(estate))
        made.sheet_requested.connect(lambda estate: self.inspections().print_estate_sheet(estate))
        made.import_requested.connect(lambda: self.frame.go(IMPORT))
        return made

    def _make_renovation(self) -> _HasPage:
        from fuyuan_desk.renovation.controller.cases import RenovationController

        made = RenovationController(self.desk, self._layouts)
        made.set_visit_log(self._visit_log())
        made.visit_requested.connect(lambda subject: self.inspections().log_visit(subject))
        made.home_requested.connect(lambda unit: self.open_record("unit", unit))
        return made

    def _visit_log(self) -> "VisitLogSection":
        from fuyuan_desk.inspections.controller.section import VisitLogSection

        section = VisitLogSection(self.desk, self._layouts)
        section.visit_opened.connect(lambda visit: self.open_record("visit", visit))
        return section

    def _make_inspections(self) -> _HasPage:
        from fuyuan_desk.inspections.controller.inspections import InspectionsController
        from fuyuan_desk.renovation.service.sheet_data import inspection_subjects

        made = InspectionsController(self.desk, inspection_subjects, self._layouts)
        made.subject_opened.connect(self.open_record)
        return made

    def _make_standards(self) -> _HasPage:
        from fuyuan_desk.standards.controller.standards import StandardsController

        made = StandardsController(self.desk, self._layouts)
        made.estate_opened.connect(lambda estate: self.open_record("estate", estate))
        return made

    def _make_import(self) -> _HasPage:
        from fuyuan_desk.roster.controller import ImportController

        made = ImportController(self.desk, self._layouts)
        made.estate_opened.connect(lambda estate: self.open_record("estate", estate))
        return made

    def _make_safety(self) -> _HasPage:
        from fuyuan_desk.shell.safety_page import SafetyController

        made = SafetyController(self.desk, self._keeper, self._layouts)
        made.restore_requested.connect(self.restore_requested)
        return made

    def _make_settings(self) -> _HasPage:
        from fuyuan_desk.inspections.service.page_data import estate_names
        from fuyuan_desk.office.controller.settings import SettingsController

        made = SettingsController(self.desk, self._preferences, estate_names)
        made.language_requested.connect(self.language_requested)
        made.text_size_requested.connect(self.text_size_requested)
        made.idle_minutes_changed.connect(self.idle_minutes_changed)
        return made

    def _make_help(self) -> _HasPage:
        from fuyuan_desk.today.controller.help import HelpController

        return HelpController()

    # --- from one page to another

    def estates(self) -> "EstatesController":
        """Show the estates."""
        return cast("EstatesController", self.frame.go(ESTATES))

    def renovation(self) -> "RenovationController":
        """Show the renovations."""
        return cast("RenovationController", self.frame.go(RENOVATION))

    def inspections(self) -> "InspectionsController":
        """Show the inspections."""
        return cast("InspectionsController", self.frame.go(INSPECTIONS))

    def show_backups(self) -> None:
        """Show the backups."""
        if any(item.name == SAFETY for item in self._items()):
            cast("SafetyController", self.frame.go(SAFETY)).go("backup")

    def open_record(self, kind: str, record_id: int) -> None:
        """Show a record wherever it belongs; `kind` is one of the search's kinds."""
        openers: dict[str, Callable[[int], object]] = {
            "estate": lambda identity: self.estates().open_estate(identity),
            "building": lambda identity: self.estates().open_building(identity),
            "unit": lambda identity: self.estates().open_unit(identity),
            "household": lambda identity: self.estates().open_household(identity),
            "case": lambda identity: self.renovation().open_case(identity),
            "visit": lambda identity: self.inspections().open_visit(identity),
        }
        openers[kind](record_id)

    def _open_task(self, task: "Task") -> None:
        if task.record_id:
            self.open_record(task.kind, task.record_id)
        else:
            self.frame.go(task.kind)

    def _show_counts(self, counts: dict[str, int]) -> None:
        for name, count in counts.items():
            self.frame.nav.set_count(name, count, due=True)
