"""Controller of the backups' status in the status line."""

from PySide6.QtCore import QObject

from fuyuan_desk.backups.controller.keeper import BackupScheduler, report_sentence
from fuyuan_desk.backups.controller.wording import status_text, status_tip
from fuyuan_desk.backups.rules import BackupStatus
from fuyuan_desk.backups.service.backups import BackupReport
from fuyuan_desk.backups.view.age import BackupAge
from fuyuan_desk.kit.desk import Desk


class BackupAgeController(QObject):
    """Shows what the scheduler knows, and backs up on request; it is deleted with its view."""

    def __init__(self, desk: Desk, scheduler: BackupScheduler) -> None:
        self.view = BackupAge()
        super().__init__(self.view)
        self._desk = desk
        scheduler.status_changed.connect(self._show)
        scheduler.started.connect(self._begin)
        scheduler.finished.connect(self._end)
        self.view.back_up_requested.connect(scheduler.back_up)

    def _show(self, status: BackupStatus) -> None:
        now = self._desk.seat.now()
        self.view.show_status(*status_text(status, now), status_tip(status, now))

    def _begin(self, _progress: object) -> None:
        self.view.show_work(True)

    def _end(self, report: BackupReport | None) -> None:
        was_asked = not self.view.now.isEnabled()
        self.view.show_work(False)
        if was_asked and report is not None and report.outcomes:
            self._desk.notify(report_sentence(report))
