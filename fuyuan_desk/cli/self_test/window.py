"""A plain window with the result of the self-test, for a start without a console."""

from collections.abc import Callable

from PySide6.QtGui import QCloseEvent, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.process.self_test import Result, run_self_test
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import OneLine
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.theme import apply_theme, make_application
from fuyuan_desk.widgets.work import UiProgress, Worker

_SIZE = (760, 560)


class ResultWindow(QWidget):
    """Runs the self-test and shows its lines; `passed` is None until it has ended. Closing the window cancels it."""

    def __init__(self, kept: str, run: Callable[[Progress], Result] = run_self_test) -> None:
        """Show that the lines are also in the file `kept`."""
        super().__init__()
        self.passed: bool | None = None
        self.setWindowTitle(_("Self-test of Fuyuan Desk"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(_("Result of the self-test"))
        self.progress = ProgressPanel()
        self.copy = button(_("C&opy"), self._copy)
        self.end = button(_("&Close"), self.close, role="primary")
        self._worker = Worker("self-test", self)
        self._run = run
        self._moved = UiProgress()
        buttons = QHBoxLayout()
        buttons.addWidget(OneLine(_("Also in the file {file}").format(file=kept), "hint"), 1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.end)
        column = QVBoxLayout(self)
        column.addWidget(self.progress)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)
        self.resize(*_SIZE)

    def start(self) -> None:
        """Start the self-test."""
        job = self._worker.run(
            self._run, self._moved,
            done=self._show, failed=self._refuse, cancelled=self.close, progress=self._moved, owner=self,
        )  # fmt: skip
        self._offer(False)
        self.progress.follow(_("Testing the installation"), self._moved, job.cancel, at_once=True)

    def _show(self, result: Result) -> None:
        self.progress.finish()
        self.passed = result.passed
        self.text.setPlainText("\n".join(result.lines))
        self._offer(True)
        self.end.setFocus()

    def _offer(self, has_ended: bool) -> None:
        # meanwhile “Cancel” closes the window, with the key of “Close” in Chinese
        self.copy.setEnabled(has_ended)
        self.end.setEnabled(has_ended)

    def _refuse(self, refusal: UserError) -> None:
        self._show(Result(False, (refusal.message,)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - the name of Qt
        """Cancel the self-test, which then ends its processes."""
        self._moved.cancel()
        self._worker.shutdown()
        event.accept()


def show(kept: str) -> bool:
    """Show the window until it is closed, and return whether the self-test passed."""
    application = make_application()
    apply_theme(application)
    window = ResultWindow(kept)
    window.show()
    window.start()
    application.exec()
    return bool(window.passed)
