"""The last backup on closing the program; the program closes whatever its result."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from fuyuan_desk.backups.controller.keeper import BackupScheduler, report_sentence
from fuyuan_desk.backups.service.backups import BackupReport
from fuyuan_desk.backups.view.leaving import LeavingDialog
from fuyuan_desk.widgets.work import UiProgress

APPEAR_MS = 400
ERROR_SECONDS = 15


class Leaving(QObject):
    """Backs up changes, showing a dialog if it takes longer, then calls back once."""

    def __init__(
        self,
        parent: QWidget,
        scheduler: BackupScheduler,
        then: Callable[[], object],
        error_seconds: int = ERROR_SECONDS,
    ) -> None:
        super().__init__(parent)
        self._error_seconds = error_seconds
        self._scheduler, self._then = scheduler, then
        self._is_finished = False
        self.dialog = LeavingDialog(parent)
        self.dialog.hurried.connect(self.hurry)
        self._delay = self._once(APPEAR_MS, self.dialog.open)
        self._end = self._once(error_seconds * 1000, self._leave)

    def _once(self, milliseconds: int, action: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(action)
        return timer

    def start(self) -> None:
        """Start the backup."""
        progress = UiProgress()
        self.dialog.follow(progress)
        self._delay.start()
        self._scheduler.leave(self._done, progress, self)

    def _done(self, report: BackupReport | None) -> None:
        if self._is_finished:
            return
        failed = [outcome for outcome in report.outcomes if not outcome.is_good] if report is not None else []
        if report is None or not failed:
            self._leave()
            return
        # show the failure for a while only: the user may already be away
        self._delay.stop()
        self.dialog.fail(report_sentence(report), self._error_seconds)
        self.dialog.open()
        self._end.start()

    def hurry(self) -> None:
        """Close at once; a running backup is cancelled and leaves nothing incomplete."""
        self._scheduler.cancel()
        self._leave()

    def _leave(self) -> None:
        if self._is_finished:
            return
        self._is_finished = True
        self._delay.stop()
        self._end.stop()
        self.dialog.hide()
        self.dialog.deleteLater()
        self._then()
