"""Controllers of the first page and of the search box."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from fuyuan_desk.access.roles import Role
from fuyuan_desk.core.texts import _, language
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.queries import Dues, Record
from fuyuan_desk.today import service
from fuyuan_desk.today.service import Agenda, Found, RecordKey
from fuyuan_desk.today.view.today import TodayView
from fuyuan_desk.widgets.search_box import SearchBox, SearchHit, guessed_groups
from fuyuan_desk.widgets.work import Job

_MOST_RECENT = 20
_FRESH = timedelta(minutes=1)


class TodayController(QObject):
    """Shows the tasks; `counted` carries the counts of overdue and due tasks by page."""

    task_opened = Signal(object)
    counted = Signal(dict)
    import_requested = Signal()
    sample_requested = Signal()

    def __init__(self, desk: Desk, dues: Sequence[Dues]) -> None:
        super().__init__()
        self._desk = desk
        self._dues = dues
        self._tables = frozenset().union(*(due.tables for due in dues))
        self._read_at: datetime | None = None
        self.page = TodayView()
        self.page.shown.connect(self._on_shown)
        self.page.task_opened.connect(self.task_opened)
        self.page.import_requested.connect(self.import_requested)
        self.page.sample_requested.connect(self.sample_requested)
        desk.changes.connect(self._on_changes)
        self._clock = QTimer(self.page)
        self._clock.timeout.connect(self.look_again)
        self._clock.start(_FRESH // timedelta(milliseconds=1))
        self._allow()
        self.reload()

    def reload(self) -> None:
        """Read the tasks again."""
        self._desk.run(service.list_tasks, self._dues, done=self._show, owner=self.page)

    def _allow(self) -> None:
        if self._desk.can_write:
            text = ""
        elif self._desk.operator.role is Role.PROPERTY:
            text = _("No estate is assigned to you yet. Ask the residents' committee to assign your estates.")
        else:
            text = _("The office has no estates yet. A clerk or an administrator imports the roster.")
        self.page.set_nothing_yet(text)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & self._tables:
            self.reload()

    def look_again(self) -> None:
        """Read the tasks again while they are in sight: some are overdue from a minute on."""
        if self.page.isVisible():
            self.reload()

    def _on_shown(self) -> None:
        # the desk may have been left on another page for hours, or open overnight
        if self._read_at is not None and self._read_at + _FRESH <= self._desk.seat.now():
            self.reload()

    def _show(self, agenda: Agenda) -> None:
        self._read_at = self._desk.seat.now()
        weekday = QLocale(language()).dayName(agenda.day.isoweekday())
        text = _("{day}, {weekday}").format(day=agenda.day, weekday=weekday)
        self.page.show_office(agenda.tasks, agenda.figures, agenda.day, text)
        self.counted.emit(agenda.counts)


class DueCounter(QObject):
    """Counts for the navigation what is due, until the first page is opened, which does so itself.

    `counted` carries the counts of overdue and due tasks by page.
    """

    counted = Signal(dict)

    def __init__(self, desk: Desk, dues: Sequence[Dues], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._dues = dues
        self._tables = frozenset().union(*(due.tables for due in dues))
        self._is_counting = False
        desk.changes.connect(self._on_changes)

    def start(self) -> None:
        """Count now and after each change."""
        self._is_counting = True
        self._count()

    def stop(self) -> None:
        """Count no more."""
        self._is_counting = False

    def _count(self) -> None:
        self._desk.run(service.list_tasks, self._dues, done=self._show, owner=self)

    def _on_changes(self, tables: frozenset[str]) -> None:
        if self._is_counting and tables & self._tables:
            self._count()

    def _show(self, agenda: Agenda) -> None:
        if self._is_counting:
            self.counted.emit(agenda.counts)


class SearchController(QObject):
    """Runs the searches of the search box; `opened` carries kind and id of the chosen record.

    `recent` are kind and id of the records opened in this session, the last one first; they are in memory, and
    in the office with the place of a locked desk.
    """

    opened = Signal(str, int)

    def __init__(self, desk: Desk, records: Sequence[Record]) -> None:
        super().__init__()
        self._desk = desk
        self._records = sorted(records, key=lambda record: record.kind.code)
        self._job: Job | None = None
        self.recent: list[RecordKey] = []
        self.page = SearchBox()
        self.page.recent_asked.connect(self._ask_recent)
        self.page.asked.connect(self._ask)
        self.page.chosen.connect(self._open)

    def note(self, kind: str, record_id: int) -> None:
        """Note that a record was opened."""
        key = (kind, record_id)
        self.recent = [key, *(other for other in self.recent if other != key)][:_MOST_RECENT]

    def _ask_recent(self) -> None:
        self._stop()
        if self.recent:
            self._job = self._desk.run(
                service.describe_recent, self._records, self.recent, done=self._show_recent, owner=self.page
            )

    def _show_recent(self, found: Sequence[Found]) -> None:
        if found:
            icons = {record.kind.name: record.kind.icon for record in self._records}
            hits = [_hit(each, icons[each.kind]) for each in found]
            self.page.show_hits("", [(_("Opened lately"), hits)])

    def _stop(self) -> None:
        if self._job is not None:
            self._job.forget()
            self._job.cancel()

    def _ask(self, text: str) -> None:
        self._stop()
        if service.is_scan(text):
            self._job = self._desk.run(
                service.find_scanned, self._records, text, done=self._go, owner=self.page
            )
        else:
            self._job = self._desk.run(
                service.search, self._records, text, self.recent,
                done=lambda found: self._on_found(text, found), owner=self.page,
            )  # fmt: skip

    def _go(self, record: tuple[str, int] | None) -> None:
        if record is not None:  # None: the scanner is still typing
            self.page.clear()
            self.opened.emit(*record)

    def _on_found(self, text: str, found: Sequence[Found]) -> None:
        # what was found is shown at once; guesses take longer and only ever follow it
        if found:
            self.page.show_hits(text, self._groups(found))
        self._job = self._desk.run(
            service.guess, self._records, text, found,
            done=lambda guessed: self._on_guessed(text, found, guessed), owner=self.page,
        )  # fmt: skip

    def _on_guessed(self, text: str, found: Sequence[Found], guessed: Sequence[Found]) -> None:
        icons = {record.kind.name: record.kind.icon for record in self._records}
        groups = guessed_groups([_hit(each, icons[each.kind]) for each in guessed])
        if found:
            self.page.add_hits(text, groups)
        else:
            self.page.show_hits(text, groups)

    def _groups(self, found: Sequence[Found]) -> list[tuple[str, list[SearchHit]]]:
        kinds = {record.kind.name: record.kind for record in self._records}
        # in the order of what was found, so that the first of all is the first shown
        shown = [kinds[name] for name in dict.fromkeys(each.kind for each in found)]
        return [(_(kind.title), [_hit(f, kind.icon) for f in found if f.kind == kind.name]) for kind in shown]

    def _open(self, hit: SearchHit) -> None:
        self.page.clear()
        self.opened.emit(hit.kind, hit.record_id)


def _hit(found: Found, picture: str) -> SearchHit:
    return SearchHit(
        found.kind,
        found.record_id,
        found.title,
        found.detail,
        picture,
        found.meant,
        " · ".join(found.reasons),
    )
