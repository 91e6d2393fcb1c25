"""Controller of the diagnostics tab."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import with_ending, write_atomically
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.diagnostics import service as diagnostics
from fuyuan_desk.diagnostics.view import DiagnosticsView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.process.self_test import Result, run_self_test
from fuyuan_desk.widgets.file_dialogs import choose_target
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.work import UiProgress


class DiagnosticsController(QObject):
    """Creates, shows and saves the report, or the result of the self-test."""

    def __init__(self, desk: Desk, self_test: Callable[[Progress], Result] = run_self_test) -> None:
        super().__init__()
        self._desk = desk
        self._self_test = self_test
        self._shown = ""
        self.page = DiagnosticsView()
        self.page.make_requested.connect(self._make)
        self.page.test_requested.connect(self._test)
        self.page.save_requested.connect(self._save)

    def _make(self) -> None:
        progress = UiProgress()
        job = self._desk.run(
            diagnostics.report, progress,
            done=self._show, failed=self.page.banner.refuse, cancelled=self.page.progress.finish,
            progress=progress, owner=self.page,
        )  # fmt: skip
        self.page.progress.follow(_("Checking everything"), progress, job.cancel)

    def _show(self, text: str) -> None:
        self.page.progress.finish()
        self._shown = text
        self.page.show_report(text)

    def _test(self) -> None:
        progress = UiProgress()
        self.page.test.setEnabled(False)
        job = self._desk.run_process(
            self._self_test, progress,
            done=self._show_test, failed=self._refuse_test, cancelled=self._end_test,
            progress=progress, owner=self.page,
        )  # fmt: skip
        self.page.test_progress.follow(_("Testing the installation"), progress, job.cancel)

    def _end_test(self) -> None:
        self.page.test_progress.finish()
        self.page.test.setEnabled(True)

    def _show_test(self, result: Result) -> None:
        self._end_test()
        self._shown = "\n".join((*result.lines, ""))
        self.page.show_test(self._shown)
        self.page.banner.say("ok" if result.passed else "error", result.lines[-1])

    def _refuse_test(self, refusal: UserError) -> None:
        self._end_test()
        self.page.banner.refuse(refusal)

    def _save(self) -> None:
        name = f"fuyuan-desk-{self._desk.seat.today():%Y%m%d}.txt"
        chosen = choose_target(self.page, Purpose.REPORT, _("Save the report as"), name, "(*.txt)")
        if chosen is None:
            return
        path = with_ending(chosen, ".txt")
        # old Windows editors need the byte order mark to read the Chinese
        content = self._shown.replace("\n", "\r\n").encode("utf-8-sig")
        self._desk.run_paper(
            write_atomically, path, content,
            done=lambda _nothing: self.page.banner.say("ok", _("Saved as {file}.").format(file=path.name)),
            failed=self.page.banner.refuse, owner=self.page,
        )  # fmt: skip
