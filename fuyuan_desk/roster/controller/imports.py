"""Controller of the roster import: read the file off the database worker, check, import."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.service import page_data
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.roster.controller.asking import ask_alike_estate, ask_one_estate
from fuyuan_desk.roster.controller.checking import Checking, ask_about_typed
from fuyuan_desk.roster.controller.community import CommunityExport
from fuyuan_desk.roster.controller.comparing import CompareController
from fuyuan_desk.roster.controller.roster_file import (
    Looked,
    Roster,
    figures_of,
    look_at,
    read_again,
    read_file,
    row_of,
)
from fuyuan_desk.roster.controller.undo import UndoController
from fuyuan_desk.roster.controller.unimported import UnimportedScreen
from fuyuan_desk.roster.facts import Reading
from fuyuan_desk.roster.reading.reader import RosterDraft, estate_missing
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.reading.shapes import shape_of
from fuyuan_desk.roster.service import imports, readings
from fuyuan_desk.roster.service.imports import ImportReport, ImportView
from fuyuan_desk.roster.view.check import FIRST_TABLE, UNSURE, ImportCheckView, Mapping
from fuyuan_desk.roster.view.done import ImportDoneView
from fuyuan_desk.roster.view.file_password import PASSWORD, FilePasswordDialog
from fuyuan_desk.roster.view.start import FILE_KINDS, ImportStartView
from fuyuan_desk.roster.view.undo import ImportUndoView
from fuyuan_desk.roster.view.words import lost_sentence, nothing_new_sentence
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.file_dialogs import choose_file
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.work import Job, UiProgress
from fuyuan_desk.workbook.protection import Locked
from fuyuan_desk.workbook.reader import Workbook, expect_file


class ImportController(QObject):
    """Runs the import of a roster from the file to the store, and undoes imports.

    `estate_opened(id)` asks to show an estate, `record_opened(kind, id)` another record, `back_requested()` all
    estates.
    """

    estate_opened = Signal(int)
    record_opened = Signal(str, int)
    back_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._roster: Roster | None = None
        self._job: Job | None = None
        self._is_stale = False
        self.start = ImportStartView(settings)
        self._check = OnUse(self._make_check)
        self._result = OnUse(self._make_result)
        self._rest = OnUse(lambda: self._make_rest(settings))
        self.page = Pages()
        self.page.addWidget(self.start)
        self.community = CommunityExport(desk, self.page)
        self._undo = UndoController(desk, self.page, self._banner, settings)
        self.comparing = CompareController(desk, self.page)
        self._connect()
        self._read_imports()
        self.page.set_first_focus(self.start, self.start.zone.choose_button)

    def _connect(self) -> None:
        self.start.back_requested.connect(self.back_requested)
        self.start.choose_requested.connect(self._choose)
        self.start.community_requested.connect(self.community.ask)
        self.start.file_chosen.connect(self.open_file)
        self.start.undo_requested.connect(lambda row: self._undo.ask(row.id))
        self.start.kept_requested.connect(self._undo.show_kept)
        self.start.rest_requested.connect(self._show_rest)
        self._undo.left.connect(self._leave_undo)
        self.comparing.imported.connect(self._on_imported)
        self.comparing.left.connect(lambda: self.page.show_screen(self.check))
        self._undo.record_opened.connect(self.record_opened)
        self.page.shown.connect(self._on_shown)
        self._desk.changes.connect(self._on_changes)

    def _make_check(self) -> ImportCheckView:
        made = ImportCheckView()
        self._checking = Checking(self._desk, self.page, made, self._understand)
        made.back_requested.connect(lambda: self.leave(self._back))
        made.mapping_changed.connect(self._remap)
        made.estate_changed.connect(self._rename)
        made.import_requested.connect(self._import)
        made.problems.opened.connect(self._open_home)
        self.page.addWidget(made)
        return made

    def _make_result(self) -> ImportDoneView:
        made = ImportDoneView()
        made.next_requested.connect(self._back)
        made.estate_requested.connect(self._open_estate)
        made.estates_requested.connect(self.back_requested)
        made.rest_requested.connect(self._show_last_rest)
        made.undo_requested.connect(self._undo_last)
        made.problems.opened.connect(self._open_home)
        self.page.addWidget(made)
        return made

    def _make_rest(self, settings: Settings | None) -> UnimportedScreen:
        made = UnimportedScreen(self._desk, self.page, settings)
        made.refused.connect(self.start.banner.refuse)
        self.page.addWidget(made.view)
        return made

    @property
    def check(self) -> ImportCheckView:
        """The screen on which a file is checked."""
        return self._check()

    @property
    def result(self) -> ImportDoneView:
        """The screen of a finished import."""
        return self._result()

    @property
    def rest(self) -> UnimportedScreen:
        """The screen of the rows of an import that were not imported."""
        return self._rest()

    @property
    def undo(self) -> ImportUndoView:
        """The screen of what goes and stays when an import is undone."""
        return self._undo.screen

    def _is_shown(self, screen: OnUse[Any]) -> bool:
        return screen.made is not None and self.page.currentWidget() is screen.made

    @property
    def has_unsaved(self) -> bool:
        """Whether cells of a roster were typed anew that are not imported."""
        is_typed = self._roster is not None and bool(self._roster.typed)
        return is_typed or (self._rest.made is not None and self.rest.has_unsaved)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then`, after asking if cells were typed anew that are not imported."""

        def left() -> None:
            if self._roster is not None:
                self._roster.typed.clear()
            then()

        if self._rest.made is not None and self.rest.has_unsaved:
            self.rest.leave(lambda: self.leave(then))
        elif self._roster is not None and self._roster.typed:
            ask_about_typed(self.page, self._roster.path.name, left)
        else:
            then()

    def begin(self) -> None:
        """Show the first screen, unless a file is being checked: a finished import is not shown again."""
        if self._is_shown(self._result):
            self._back()

    # --- the file

    def _choose(self) -> None:
        kinds = _("Rosters ({kinds});;All files (*)").format(kinds=FILE_KINDS)
        chosen = choose_file(self.page, Purpose.ROSTER, _("Choose a roster"), kinds)
        if chosen is not None:
            self.open_file(chosen)

    def open_file(self, path: Path) -> None:
        """Read a roster and preview its import; ask for the password of a protected one."""
        self._roster = Roster(path)
        self.page.show_screen(self.start)
        self._read_file(path)

    def _read_file(self, path: Path, password: str = "") -> None:
        self.start.banner.clear()
        self.start.set_busy(True)
        progress = UiProgress()

        def failed(refusal: UserError) -> None:
            if isinstance(refusal, Locked):
                self._end_reading()
                self._ask_password(path, refusal.message if password else "")
            else:
                self._refuse_file(refusal)

        self._job = self._desk.run_paper(
            read_file, path, password, self.start.reads_hidden, progress,
            done=self._on_read, failed=failed, cancelled=self._back,
            progress=progress, owner=self.page,
        )  # fmt: skip
        self.start.progress.follow(_("Reading {file}").format(file=path.name), progress, self._job.cancel)

    def _refuse_file(self, refusal: UserError) -> None:
        self._end_reading()
        self.start.banner.refuse(refusal)

    def _ask_password(self, path: Path, fault: str) -> None:
        dialog = FilePasswordDialog(self.page, path.name, fault)
        dialog.form.submitted.connect(lambda typed: self._read_file(path, typed[PASSWORD]))
        dialog.rejected.connect(self._back)
        dialog.finished.connect(dialog.deleteLater)
        dialog.ask()

    def _end_reading(self) -> None:
        self._job = None
        self.start.progress.finish()
        self.start.set_busy(False)

    def _on_read(self, read: tuple[Workbook, RosterDraft, frozenset[str]]) -> None:
        roster = self._roster
        if roster is None:
            self._end_reading()
            return
        roster.begin(*read)
        shapes = set(filter(None, map(shape_of, read[1].tables)))
        if not shapes:
            self._show_read(roster, ())
            return
        self._desk.run(
            readings.find_readings, shapes,
            done=lambda kept: self._show_read(roster, kept), failed=self._refuse_file, owner=self.page,
        )  # fmt: skip

    def _show_read(self, roster: Roster, kept: tuple[Reading, ...]) -> None:
        self._end_reading()
        if roster is not self._roster:
            return
        is_corrected = roster.take(kept)
        self.check.show_file(roster.path.name)
        self._show_tables(roster)
        self.page.show_screen(self.check)
        self._checking.tell_kept(roster)
        if is_corrected:
            self.check.set_fields(roster.mapping)
            self._understand(roster)
        else:
            self._preview(roster)

    def _show_tables(self, roster: Roster) -> None:
        assert roster.draft is not None  # shown only after reading
        several = _("{n} estates, as in the file").format(n=len(roster.draft.estates))
        draft = roster.draft
        first = UNSURE if not roster.confirmed.issuperset(roster.unsure) else FIRST_TABLE
        self.check.show_tables(draft.tables, draft.estates, several, first)
        self.check.focus_first()

    # --- checking

    def _remap(self, mapping: Mapping) -> None:
        if self._roster is not None:
            self._roster.mapping = mapping
            self._understand(self._roster)

    def _rename(self, estate: str) -> None:
        roster = self._roster
        if roster is None or roster.draft is None:
            return
        named = roster.draft.estates[0] if len(roster.draft.estates) == 1 else ""
        if estate != (roster.estate or named):
            self._name_estate(roster, estate)

    def _name_estate(self, roster: Roster, estate: str, one_estate: bool = False) -> None:
        roster.estate, roster.one_estate = estate, one_estate
        if not estate:
            self.check.estate.clear()
        self._understand(roster)

    def _understand(self, roster: Roster) -> None:
        if self._job is not None:
            self._job.forget()
            self._job.cancel()
        self.check.set_ready(False)
        roster.is_current = False
        progress = UiProgress()

        def done(draft: RosterDraft) -> None:
            self._job = None
            self.check.progress.finish()
            if roster is self._roster:
                roster.draft = draft
                roster.is_current = True
                self._preview(roster)

        def failed(refusal: UserError) -> None:
            self._job = None
            self.check.progress.finish()
            self.check.banner.refuse(refusal)

        self._job = self._desk.run_paper(
            read_again, roster.copied(), progress,
            done=done, failed=failed, cancelled=self.check.progress.finish,
            progress=progress, owner=self.page,
        )  # fmt: skip
        self.check.progress.follow(_("Reading the columns again"), progress, self._job.cancel)

    def _preview(self, roster: Roster) -> None:
        def done(looked: Looked) -> None:
            if roster is self._roster and roster.is_current:
                roster.report = looked.report
                self._checking.show(roster, looked)
                self._show_outcome(roster, looked.report)

        self.check.set_ready(False)
        self._desk.run(
            look_at, roster.copied(), roster.draft,
            done=done, failed=self.check.banner.refuse, owner=self.page,
        )  # fmt: skip

    def _show_outcome(self, roster: Roster, report: ImportReport) -> None:
        self.check.show_outcome(figures_of(report), report.problems)
        draft = report.draft
        if not draft.confirmed:
            self.check.banner.say(
                "warn",
                _("Not all columns have a title that is known. Check what each contains, then confirm.")
                if all(table.header_rows for table in draft.tables)
                else _("No row names the columns. Check what each contains, then confirm."),
                _("The columns are co&rrect"),
                lambda: self._remap(self.check.mapping()),
            )
        elif draft.folded:
            ask_one_estate(self.check.banner, draft.folded, roster.estate, partial(self._name_estate, roster))
        elif missing := estate_missing(draft, _("The file does not name its estate. Enter the name.")):
            self.check.banner.say("warn", missing)
            self.check.estate.setFocus()
        elif report.alike:
            ask_alike_estate(self.check.banner, report.alike, partial(self._name_estate, roster))
        elif report.comparison.entries:
            self.check.banner.clear()
            self.check.import_button.setText(_("&Compare with the store"))
            self.check.set_ready(True)
        elif not report.units and not report.households:
            why = nothing_new_sentence(len(report.left_out) - report.rejected, report.rejected)
            self.check.banner.say("info", why)
        else:
            self.check.banner.clear()
            self.check.set_ready(True)

    def _open_home(self, problem: Problem) -> None:
        """Open the home that a problem is about."""
        home = problem.home
        if home is None:
            return
        screen = self.check if self._is_shown(self._check) else self.result

        def done(unit: int | None) -> None:
            if unit is not None:
                self.record_opened.emit(UNIT.name, unit)
            else:
                text = _("{home} is not in the store. Correct row {row} of sheet {sheet} in the file.")
                text = text.format(home=home.address, row=problem.row, sheet=problem.sheet)
                screen.banner.say("info", text)

        self._desk.run(imports.find_home, home, done=done, owner=self.page)

    def _back(self) -> None:
        if self._job is not None:
            self._job.forget()
            self._job.cancel()
        self._end_reading()
        self.comparing.forget()
        self._roster = None
        if self._check.made is not None:
            self.check.progress.finish()
            self.check.set_importing(False)
        self.page.show_screen(self.start)
        expect_file()
        self.start.zone.choose_button.setFocus()

    # --- importing

    def _import(self) -> None:
        roster = self._roster
        if roster is None or roster.draft is None or not roster.is_current:
            return
        if roster.report is not None and roster.report.comparison.entries:
            self.comparing.show(roster.report, imports.made_at(roster.path))
            return
        self.check.set_importing(True)
        self.check.banner.clear()
        progress = UiProgress()
        self._job = self._desk.run(
            _import_draft, roster.draft, progress,
            done=self._on_imported, failed=self._on_refused, cancelled=self._on_cancelled,
            progress=progress, owner=self.page,
        )  # fmt: skip
        title = _("Importing {file}").format(file=roster.path.name)
        self.check.progress.follow(title, progress, self._job.cancel, at_once=True)

    def _end_import(self) -> None:
        self._job = None
        self.check.progress.finish()
        self.check.set_importing(False)

    def _on_refused(self, refusal: UserError) -> None:
        self._end_import()
        self.check.banner.refuse(refusal)

    def _on_cancelled(self) -> None:
        self._end_import()
        self.check.banner.say("info", _("The import was cancelled; nothing was imported."))

    def _on_imported(self, report: ImportReport) -> None:
        self._end_import()
        if self._roster is not None:
            self._roster.report = report
            self._roster.typed.clear()
            self._checking.remember(self._roster)
        self.result.show_result(report.file_name, figures_of(report), report.estates, report.problems)
        skipped = {(row.sheet, row.row) for row in report.left_out}
        lost = [one for one in report.problems if one.is_lost and (one.sheet, one.row) not in skipped]
        if lost:
            self.result.banner.say("warn", lost_sentence(len(lost)))
        self.page.show_screen(self.result)
        self._desk.notify(_("{file} was imported.").format(file=report.file_name))
        first = self.result.first_button()
        if first is not None:
            first.setFocus()

    def _open_estate(self, name: str) -> None:
        self._desk.run(page_data.estate_by_name, name, done=self.estate_opened.emit, owner=self.page)

    # --- undo

    def _show_last_rest(self) -> None:
        report = self._roster.report if self._roster is not None else None
        if report is not None and report.import_id is not None:
            self._show_rest(report.import_id)

    def _show_rest(self, import_id: int) -> None:
        self.rest.show(import_id)

    def _undo_last(self) -> None:
        report = self._roster.report if self._roster is not None else None
        if report is not None and report.import_id is not None:
            self._undo.ask(report.import_id)

    def _banner(self) -> Banner:
        return self.result.banner if self._is_shown(self._result) else self.start.banner

    def _leave_undo(self, screen: QWidget | None) -> None:
        if screen is not None and screen is self._result.made:
            self.page.show_screen(self.result)
        else:
            self._back()

    # --- refreshing

    def _on_shown(self) -> None:
        expect_file()
        self._undo.renew()
        if self._is_stale:
            self._read_imports()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self.start.set_writable(self._desk.can_write)
        if "import_run" in tables:
            if self.page.isVisible():
                self._read_imports()
            else:
                self._is_stale = True

    def _read_imports(self) -> None:
        self._is_stale = False
        self.start.set_writable(self._desk.can_write)

        def done(views: tuple[ImportView, ...]) -> None:
            self.start.show_imports([row_of(view) for view in views])

        self._desk.run(imports.list_imports, done=done, owner=self.page)


def _import_draft(seat: Any, draft: RosterDraft, progress: Progress) -> ImportReport:
    return imports.import_roster(seat, draft, progress=progress)
