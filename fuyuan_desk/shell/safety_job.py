"""The job of the data safety page, which shows the tabs of other jobs."""

from typing import TYPE_CHECKING

from fuyuan_desk.access.seat import STAFF
from fuyuan_desk.core.texts import N_
from fuyuan_desk.kit.job import Group, Job, Page, PageController, Shell

if TYPE_CHECKING:
    from fuyuan_desk.kit.desk import Desk

PAGE = "safety"


def _is_staff(desk: "Desk") -> bool:
    return desk.operator.role in STAFF  # nothing there concerns a property company


def _make_page(shell: Shell) -> PageController:
    from fuyuan_desk.shell.safety_page import SafetyController

    return SafetyController(shell)


SAFETY = Job(
    "safety",
    pages=(
        Page(
            PAGE,
            N_("Data safety"),
            "shield",
            _make_page,
            modules=(
                "fuyuan_desk.shell.safety_page",
                "fuyuan_desk.backups.controller.backup",
                "fuyuan_desk.audit.controller",
                "fuyuan_desk.privacy.controller",
                "fuyuan_desk.diagnostics.controller",
            ),
            is_shown=_is_staff,
            group=Group.BOTTOM,
        ),
    ),
)
