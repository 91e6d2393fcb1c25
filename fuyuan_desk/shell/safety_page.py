"""The page of data safety: which tabs there are for whom."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.audit.controller import TrailController
from fuyuan_desk.backups.controller.backup import BackupController
from fuyuan_desk.backups.controller.keeper import BackupScheduler
from fuyuan_desk.core.texts import _
from fuyuan_desk.diagnostics.controller import DiagnosticsController
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.privacy.controller import PeopleController
from fuyuan_desk.shell.safety_page_view import SafetyView
from fuyuan_desk.widgets.split import Settings

BACKUP, TRAIL, PEOPLE, DIAGNOSTICS = "backup", "trail", "people", "diagnostics"


class SafetyController(QObject):
    """Makes each tab when it first comes into sight; `restore_requested` carries the path of a backup or ''."""

    restore_requested = Signal(str)

    def __init__(self, desk: Desk, keeper: BackupScheduler, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self.page = SafetyView()
        self.backup = BackupController(desk, keeper, settings)
        self.backup.restore_requested.connect(self.restore_requested)
        self.trail: TrailController | None = None
        self.diagnostics = DiagnosticsController(desk)
        if desk.can_review:
            self.trail = TrailController(desk, settings)
        self.people = PeopleController(desk, settings) if desk.can_reveal else None
        self.page.shown.connect(self._on_shown)
        self._show_tabs()

    def _show_tabs(self) -> None:
        tabs: list[tuple[str, str, Any]] = [(BACKUP, _("Backup"), self.backup.page)]
        if self.trail is not None:
            tabs.append((TRAIL, _("Trail"), self.trail.page))
        if self.people is not None:
            tabs.append((PEOPLE, _("Personal data"), self.people.page))
        tabs.append((DIAGNOSTICS, _("Diagnostics"), self.diagnostics.page))
        self.page.show_tabs(tabs)

    def go(self, key: str) -> None:
        """Bring a tab to the front."""
        self.page.go(key)

    def _on_shown(self, key: str) -> None:
        if key == TRAIL and self.trail is not None:
            self.trail.come_into_sight()
        if key == PEOPLE and self.people is not None:
            self.people.come_into_sight()
