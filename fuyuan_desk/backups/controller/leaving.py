"""The last backup when the program is closed; whatever becomes of it, the program closes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from fuyuan_desk.backups.controller.keeper import BackupScheduler, report_sentence
from fuyuan_desk.backups.service.backups import BackupReport
from fuyuan_desk.backups.view.leaving import LeavingDialog
from fuyuan_desk.widgets.work import UiProgress

APPEAR_MS = 400
TOLD_SECONDS = 15


class Leaving(QObject):
    """Backs up what changed, showing it when it takes longer, then calls back once."""

    def __init__(self, parent: QWidget, keeper: BackupScheduler, then: Callable[[], object]) -> None:
        super().__init__(parent)
        self._keeper, self._then = keeper, then
        self._is_over = False
        self.dialog = LeavingDialog(parent)
        self.dialog.hurried.connect(self.hurry)
        self._delay = self._once(APPEAR_MS, self.dialog.open)
        self._end = self._once(TOLD_SECONDS * 1000, self._leave)

    def _once(self, milliseconds: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    def start(self) -> None:
        """Begin."""
        progress = UiProgress()
        self.dialog.follow(progress)
        self._delay.start()
        self._keeper.leave(self._done, progress, self)

    def _done(self, report: BackupReport | None) -> None:
        if self._is_over:
            return
        failed = [outcome for outcome in report.outcomes if not outcome.is_good] if report is not None else []
        if report is None or not failed:
            self._leave()
            return
        # what failed is told, but nobody may be there any more to read it
        self._delay.stop()
        self.dialog.fail(report_sentence(report), TOLD_SECONDS)
        self.dialog.open()
        self._end.start()

    def hurry(self) -> None:
        """Close at once; a backup that is being made is stopped and leaves nothing half."""
        self._keeper.cancel()
        self._leave()

    def _leave(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._delay.stop()
        self._end.stop()
        self.dialog.hide()
        self.dialog.deleteLater()
        self._then()
