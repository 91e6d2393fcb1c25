"""Controller of comparing a list with the store: show what is different, write what is chosen."""

from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.roster.reading.reader import RosterDraft
from fuyuan_desk.roster.rules.taking import Take
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.imports import ImportReport
from fuyuan_desk.roster.view.compare import ImportCompareView, Shown, shown_of
from fuyuan_desk.widgets.work import Job, UiProgress


class CompareController(QObject):
    """Compares a list that was checked, on a screen of its own on `page`.

    `imported` carries the report of what was written; `left` asks to return to the columns.
    """

    imported = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, page: Pages) -> None:
        super().__init__()
        self._desk = desk
        self._page = page
        self._draft: RosterDraft | None = None
        self._as_of: datetime | None = None
        self._job: Job | None = None
        self._screen = OnUse(self._make_screen)

    def _make_screen(self) -> ImportCompareView:
        made = ImportCompareView()
        made.written.connect(self._write)
        made.compared.connect(self._compare)
        made.back_requested.connect(self._leave)
        self._page.addWidget(made)
        return made

    @property
    def screen(self) -> ImportCompareView:
        """The screen of the differences."""
        return self._screen()

    def show(self, report: ImportReport, as_of: datetime | None) -> None:
        """Show what a checked list says differently; `as_of` is when it was made."""
        self._draft, self._as_of = report.draft, as_of

        def done(shown: Shown) -> None:
            if self._draft is report.draft:
                self._show(shown, is_new=True)
                self._page.show_screen(self.screen)
                self.screen.table.table.setFocus()

        self._desk.run_paper(shown_of, report.comparison, report.in_new_estates, done=done, owner=self._page)

    def forget(self) -> None:
        """Forget the list, and give up what is running."""
        if self._job is not None:
            self._job.forget()
            self._job.cancel()
        self._end()
        self._draft = None

    def _show(self, shown: Shown, is_new: bool) -> None:
        assert self._draft is not None  # shown of a list only
        self.screen.show_comparison(self._draft.file_name, shown, self._desk.seat.today(), is_new)

    def _leave(self) -> None:
        self.forget()
        self.left.emit()

    def _compare(self, take: Take) -> None:
        def done(shown: Shown) -> None:
            self.screen.set_busy(False)
            if self._draft is not None:
                self._show(shown, is_new=False)

        self.screen.set_busy(True)
        self._desk.run(
            _compare, self._draft, take, self._as_of,
            done=done, failed=self._refuse, owner=self._page,
        )  # fmt: skip

    def _write(self, take: Take) -> None:
        if self._draft is None:
            return
        self.screen.banner.clear()
        self.screen.set_busy(True)
        progress = UiProgress()
        self._job = self._desk.run(
            _write, self._draft, take, self._as_of, progress,
            done=self._on_written, failed=self._refuse, cancelled=self._on_cancelled,
            progress=progress, owner=self._page,
        )  # fmt: skip
        title = _("Importing {file}").format(file=self._draft.file_name)
        self.screen.progress.follow(title, progress, self._job.cancel, at_once=True)

    def _end(self) -> None:
        self._job = None
        if self._screen.made is not None:
            self.screen.progress.finish()
            self.screen.set_busy(False)

    def _refuse(self, refusal: UserError) -> None:
        self._end()
        if not self.screen.form.show_errors(refusal.fields):
            self.screen.banner.refuse(refusal)

    def _on_cancelled(self) -> None:
        self._end()
        self.screen.banner.say("info", _("The import was cancelled; nothing was imported."))

    def _on_written(self, report: ImportReport) -> None:
        self._end()
        self.imported.emit(report)


def _compare(seat: Any, draft: RosterDraft, take: Take, as_of: datetime | None) -> Shown:
    report = imports.preview_roster(seat, draft, take, as_of)
    return shown_of(report.comparison, report.in_new_estates)


def _write(
    seat: Any, draft: RosterDraft, take: Take, as_of: datetime | None, progress: Progress
) -> ImportReport:
    return imports.import_roster(seat, draft, progress=progress, take=take, as_of=as_of)
