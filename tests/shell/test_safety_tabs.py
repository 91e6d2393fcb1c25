from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role
from fuyuan_desk.backups.controller.keeper import BackupScheduler
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.window_requests import WindowRequests
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.shell.safety_page import SafetyController


@pytest.fixture
def scheduler(desk: Desk) -> Iterator[BackupScheduler]:
    made = BackupScheduler(desk, lambda: ())
    yield made
    made.close()


class Window:
    """What the page of data safety is given by the window around it."""

    def __init__(self, desk: Desk, scheduler: BackupScheduler) -> None:
        self.desk, self.backup_scheduler, self.jobs = desk, scheduler, JOBS
        self.requests = WindowRequests()
        self.layouts = None


def test_each_role_sees_its_own_tabs(
    desk_as: Callable[[Role], Desk], scheduler: BackupScheduler, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    for role, tabs in (
        (Role.ADMIN, {"Backup", "Audit log", "Diagnostics"}),
        (Role.REVIEWER, {"Backup", "Audit log", "Diagnostics"}),
        (Role.CLERK, {"Backup", "Diagnostics"}),
        (Role.VIEWER, {"Backup", "Diagnostics"}),
    ):
        desk = desk_as(role)
        made = SafetyController(Window(desk, scheduler))
        qtbot.addWidget(made.page)
        settled()
        names = {made.page.tabs.tabText(n).replace("&", "") for n in range(made.page.tabs.count())}
        assert names >= tabs
        assert ("Audit log" in names) == ("Audit log" in tabs)
        assert made.tab("backup").page.second.isHidden() == (role is not Role.ADMIN)
        desk.close()
