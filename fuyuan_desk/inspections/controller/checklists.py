"""Controller of the page of checklists: the list of versions, and the editor of one."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.controller.version import VersionController
from fuyuan_desk.inspections.facts import VersionDetail, VersionLine
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service import checklists as service
from fuyuan_desk.inspections.view.checklists import ChecklistsView, matches
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.widgets.question import ask
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Deliver, Query, Window

_TABLES = frozenset({"checklist", "checklist_version"})


class ChecklistsController(QObject):
    """Lists the versions and opens one; `left`: back to the page of inspections."""

    left = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._is_stale = False
        self.page = Pages()
        self.view = ChecklistsView(self._fetch, settings)
        self._version = OnUse(self._make_version)
        self.page.show_screen(self.view)
        self.page.set_first_focus(self.view, self.view.table.filter)
        self.view.opened.connect(self._open)
        self.view.new_asked.connect(self._ask_kind)
        self.view.left.connect(self.left)
        self.page.shown.connect(self._on_shown)
        desk.changes.connect(self._on_changes)
        self.view.table.load()

    def _make_version(self) -> VersionController:
        made = VersionController(self._desk)
        made.opened.connect(lambda: self.page.show_screen(made.view))
        made.left.connect(self.show_list)
        made.removed.connect(self._on_removed)
        self.page.addWidget(made.view)
        return made

    @property
    def version(self) -> VersionController:
        """The screen of one version."""
        return self._version()

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The version of the office that is shown."""
        made = self._version.made
        if made is None or self.page.currentWidget() is not made.view:
            return None
        detail = made.view.detail
        return None if detail is None or detail.line.id is None else ("checklist", detail.line.id)

    def open_version(self, version_id: int) -> None:
        """Open a version of the office by the key of its record."""
        self.leave(lambda: self._run_open(service.read_draft, version_id))

    def reopen(self, key: str) -> None:
        """Open the draft whose input is stored under `key`."""
        version_id = key.partition(":")[2]
        if version_id.isdigit():
            self.open_version(int(version_id))

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once no unsaved input is lost."""
        if self._version.made is None:
            then()
        else:
            self._version.made.leave(then)

    def show_list(self) -> None:
        """Show the list."""
        self.page.show_screen(self.view)
        self.view.table.table.setFocus()

    def _open(self, line: VersionLine) -> None:
        self._run_open(service.read_version, line.key, line.version)

    def _run_open(self, use: Callable[..., VersionDetail], *args: object) -> None:
        self._desk.run(
            use, *args, done=self.version.open, failed=self.view.banner.refuse, owner=self.page
        )  # fmt: skip

    def _ask_kind(self) -> None:
        def begin(kind: SubjectKind) -> Callable[[], object]:
            return lambda: self._run_open(service.begin_checklist, kind, _("New checklist"))

        ask(
            self.view,
            _("What is the new checklist for?"),
            _("It begins as an empty draft; a checklist can be read from Excel there."),
            [
                (_("&Rounds of estates"), "primary", begin(SubjectKind.ESTATE)),
                (_("Renovation &sites"), "", begin(SubjectKind.RENOVATION)),
                (_("&Cancel"), "", None),
            ],
        )

    def _on_removed(self) -> None:
        self.show_list()
        self._desk.notify(_("The draft is deleted."))

    def _fetch(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(lines: tuple[VersionLine, ...]) -> None:
            found = [line for line in lines if matches(line, query.filter)]
            deliver(Window(len(found), found[offset : offset + limit]))

        self._desk.run(service.list_versions, done=done, failed=self.view.banner.refuse, owner=self.page)

    def _on_shown(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self.view.table.refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & _TABLES:
            if self.page.isVisible():
                self.view.table.refresh()
            else:
                self._is_stale = True
